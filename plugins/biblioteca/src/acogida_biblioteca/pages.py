"""Pages of the library: the collection, and one material."""

from uuid import UUID

from litestar import Response, get, post
from litestar.response import Redirect, Template

from acogida.sdk import Rejected, Stale, View, Work, drafts, forms, initiatives, spreadsheet
from acogida_biblioteca import actions, store
from acogida_biblioteca.forms import EditMaterial
from acogida_biblioteca.model import KINDS, Material


def _home(view: View) -> str:
    return f"{view.home}/x/biblioteca"


@get("/", permission="workspace:read")
async def show_collection(work: Work, view: View, lengua: str = "") -> Template:
    names = {row.id: row.name for row in await initiatives(work)}
    return view.page(
        "biblioteca/collection.html",
        home=_home(view),
        rows=await store.materials(work, language=lengua),
        languages=await store.languages(work),
        language=lengua,
        names=names,
        kinds=KINDS,
    )


@get("/coleccion.xlsx", permission="workspace:read")
async def download_collection(work: Work, view: View) -> Response[bytes]:
    names = {row.id: row.name for row in await initiatives(work)}
    column = spreadsheet.Column
    sheet = spreadsheet.Sheet(
        "Colección",
        [
            column("Título", width=40),
            column("Autoría", width=26),
            column("Tipo", width=18),
            column("Lengua", width=18),
            column("Signatura", width=14),
            column("Ejemplares", "number", 12),
            column("Acompaña a", width=40),
        ],
        [
            [
                *(row.title, row.author, KINDS[row.kind], row.language, row.call_number, row.copies),
                names.get(row.initiative_id, "") if row.initiative_id else "",
            ]
            for row in await store.materials(work)
        ],
    )
    content = spreadsheet.workbook([sheet], title="Colección de la biblioteca", made_at=work.clock.now())
    return view.file(content, name=f"biblioteca-{work.tenant.slug}.xlsx", media_type=spreadsheet.MEDIA_TYPE)


@get("/nuevo", permission="planning:edit")
async def new_material(work: Work, view: View, iniciativa: str = "") -> Template:
    form = await drafts.restore(work, "biblioteca/nuevo", forms.blank(EditMaterial, initiative_id=iniciativa))
    return await _page(work, view, form, None)


@post("/nuevo", permission="planning:edit", status_code=200)
async def add_material(work: Work, view: View) -> Template | Redirect:
    form = forms.read(EditMaterial, await view.posted())
    if form.ok:
        try:
            row = await actions.add_material(work, form.data)
            await drafts.discard(work, "biblioteca/nuevo")
            return view.redirect(_home(view), f"Agregamos «{row.title}».")
        except Rejected as problem:
            form.refuse(problem)
    return await _page(work, view, form, None, 422)


@get("/{material_id:uuid}", permission="workspace:read")
async def show_material(work: Work, view: View, material_id: UUID) -> Template:
    row = await store.material(work, material_id)
    form = await drafts.restore(work, f"biblioteca/{material_id}", _filled(row))
    return await _page(work, view, form, row)


@post("/{material_id:uuid}", permission="planning:edit", status_code=200)
async def save_material(work: Work, view: View, material_id: UUID) -> Template | Redirect:
    row = await store.material(work, material_id)
    form = forms.read(EditMaterial, await view.posted())
    if form.ok:
        try:
            await actions.edit_material(work, material_id, form.data)
            await drafts.discard(work, f"biblioteca/{material_id}")
            return view.redirect(_home(view), f"Guardamos «{form.data.title}».")
        except Rejected as problem:
            form.refuse(problem)
        except Stale:
            return view.conflict(form, _filled(row), title=row.title, back=f"{_home(view)}/{material_id}")
    return await _page(work, view, form, row, 422)


@post("/{material_id:uuid}/quitar", permission="planning:edit", status_code=200)
async def remove_material(work: Work, view: View, material_id: UUID) -> Template | Redirect:
    """Asks first where the browser could not (no JavaScript)."""
    row = await store.material(work, material_id)
    if (await view.posted()).get("confirmed") != ["1"]:
        return view.page(
            "confirm.html",
            question=f"¿Quitar «{row.title}» de la colección?",
            text="La actividad del espacio conservará que estuvo.",
            verb="Quitar de la colección",
            back=f"{_home(view)}/{material_id}",
        )
    title = await actions.remove_material(work, material_id)
    return view.redirect(_home(view), f"Quitamos «{title}».")


def _filled(row: Material) -> forms.Form[EditMaterial]:
    return forms.filled(EditMaterial, row, initiative_id=str(row.initiative_id or ""))


async def _page(
    work: Work, view: View, form: forms.Form[EditMaterial], row: Material | None, status: int = 200
) -> Template:
    return view.page(
        "biblioteca/material.html",
        status=status,
        home=_home(view),
        form=form,
        row=row,
        kinds=list(KINDS.items()),
        languages=await store.languages(work),
        initiatives=[(str(each.id), each.name) for each in await initiatives(work)],
    )


HANDLERS = (
    show_collection,
    download_collection,
    new_material,
    add_material,
    show_material,
    save_material,
    remove_material,
)
