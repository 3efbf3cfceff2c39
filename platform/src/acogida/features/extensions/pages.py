"""The page where a municipality decides what is added to its workspace, seeing first what data it will touch."""

from litestar import Response, get, post
from litestar.response import Redirect, Template

from acogida.features.extensions import actions, offices, store
from acogida.features.extensions.offers import Offer, offer, offers
from acogida.kernel import hooks
from acogida.kernel.errors import NotFound, Rejected, Stale
from acogida.kernel.work import Work
from acogida.web import forms, spreadsheet
from acogida.web.forms import Form, FormData
from acogida.web.routing import workspace
from acogida.web.view import View

PLACE = "ajustes/extensiones"
SHOWN = 100
"""Rows of a table of a copy that the page shows; the file has them all."""

SOURCES = {
    "verified": "leído en su fuente",
    "partial": "con fuente parcial",
    "not_found": "redacción propia, sin fuente oficial",
}
"""How sure an extension is of what it shows as somebody's words."""


@get("/ajustes/extensiones", permission="workspace:read")
async def show_extensions(work: Work, view: View) -> Template:
    here, absent = await offers(work)
    return view.page("extensions/extensions.html", here=here, absent=absent, home_of=_home(work))


@post("/ajustes/extensiones/{name:str}/habilitar", permission="extension:manage", status_code=200)
async def enable(work: Work, view: View, name: str) -> Redirect:
    one = await actions.enable(work, name)
    return view.redirect(f"{view.home}/{PLACE}", f"«{one.plugin.title}» quedó habilitada.")


@post("/ajustes/extensiones/{name:str}/deshabilitar", permission="extension:manage", status_code=200)
async def disable(work: Work, view: View, name: str) -> Template | Redirect:
    """Asks first where the browser could not (no JavaScript)."""
    if (await view.posted()).get("confirmed") != ["1"]:
        plugin = hooks.registry().offered.get(name)
        return view.page(
            "confirm.html",
            question=f"¿Deshabilitar «{plugin.title if plugin else name}»?",
            text="Deja de verse para todas las personas de este espacio. Lo que registró queda guardado y vuelve al habilitarla.",
            verb="Deshabilitar la extensión",
            back=f"{view.home}/{PLACE}",
        )
    title = await actions.disable(work, name)
    return view.redirect(f"{view.home}/{PLACE}", f"«{title}» quedó deshabilitada. Lo que registró sigue guardado.")


@get("/ajustes/extensiones/{name:str}", permission="workspace:read")
async def show_extension(work: Work, view: View, name: str) -> Template:
    one = await offer(work, name)
    return await _one(work, view, one, one.filled())


@post("/ajustes/extensiones/{name:str}", permission="extension:manage", status_code=200)
async def configure(work: Work, view: View, name: str) -> Template | Redirect:
    one = await offer(work, name)
    posted = await view.posted()
    if one.form is None:
        raise Rejected("Esta extensión no tiene nada que ajustar.")
    form = forms.read(one.form, posted)
    if form.ok:
        try:
            version = (posted.get("version") or ["0"])[-1]
            await actions.configure(work, name, form.data, version=int(version) if version.isdigit() else 0)
            return view.redirect(f"{view.home}/{PLACE}/{name}", "Guardamos los ajustes.")
        except Stale as stale:
            theirs = Form(one.form, {**forms.blank(one.form).raw, **getattr(stale.current, "settings", {})})
            theirs.raw["version"] = [str(getattr(stale.current, "version", 0))]
            return view.conflict(form, theirs, title=one.plugin.title, back=f"{view.home}/{PLACE}/{name}")
        except Rejected as problem:
            form.refuse(problem)
    return await _one(work, view, one, form, 422)


async def _one(work: Work, view: View, one: Offer, form: Form[FormData] | None, status: int = 200) -> Template:
    return view.page(
        "extensions/extension.html",
        status=status,
        one=one,
        form=form,
        home_of=_home(work),
        indicators=[each for _, each in await hooks.indicators(work, only=one.name)] if one.enabled else [],
        erasable=one.enabled and one.name in hooks.registry().answers("shred"),
        copies=one.enabled and one.name in hooks.registry().answers("export"),
        states=SOURCES,
    )


def _home(work: Work):
    return lambda name: hooks.home(work.tenant, name)


# --- What it keeps -------------------------------------------------------------------------------


@get("/ajustes/extensiones/{name:str}/copia", permission="workspace:read")
async def show_copy(work: Work, view: View, name: str) -> Template:
    row = await store.copy(work, name)
    if row is None:
        raise NotFound
    return view.page("extensions/copy.html", row=row, shown=SHOWN, here=f"{view.home}/{PLACE}/{name}/copia")


@get("/ajustes/extensiones/{name:str}/copia.xlsx", permission="workspace:read")
async def download_copy(work: Work, view: View, name: str) -> Response[bytes]:
    row = await store.copy(work, name)
    if row is None:
        raise NotFound
    sheets = [
        spreadsheet.Sheet(
            table["title"], [spreadsheet.Column(title, width=30) for title in table["columns"]], table["rows"]
        )
        for table in row.tables
    ]
    content = spreadsheet.workbook(sheets, title=row.title, made_at=row.taken_at)
    file_name = f"{name}-{work.tenant.slug}-{row.taken_at.date().isoformat()}.xlsx"
    return view.file(content, name=file_name, media_type=spreadsheet.MEDIA_TYPE)


@post("/ajustes/extensiones/{name:str}/copia", permission="extension:manage", status_code=200)
async def take_copy(work: Work, view: View, name: str) -> Redirect:
    await actions.copy(work, name)
    return view.redirect(f"{view.home}/{PLACE}/{name}/copia", "Esta es la copia de lo que la extensión registró.")


@post("/ajustes/extensiones/{name:str}/borrar", permission="extension:manage", status_code=200)
async def erase(work: Work, view: View, name: str) -> Template | Redirect:
    """Asks first where the browser could not (no JavaScript)."""
    one = await offer(work, name)
    if (await view.posted()).get("confirmed") != ["1"]:
        return view.page(
            "confirm.html",
            question=f"¿Borrar para siempre lo que registró «{one.plugin.title}»?",
            text="No se puede deshacer: se borran sus datos y sus copias, y la extensión queda deshabilitada. Los documentos ya guardados no cambian.",
            verb="Borrar lo que registró",
            back=f"{view.home}/{PLACE}/{name}",
        )
    erased = await actions.erase(work, name)
    words = "una fila" if erased == 1 else f"{erased} filas"
    return view.redirect(f"{view.home}/{PLACE}", f"Borramos lo que registró «{one.plugin.title}»: {words}.")


ROUTES = [
    workspace(show_extensions, show_extension, configure, enable, disable, show_copy, download_copy, take_copy, erase),
    *offices.ROUTES,
]
