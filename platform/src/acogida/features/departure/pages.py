"""The page where a municipality takes everything with it, and where it decides to leave."""

from uuid import UUID

from litestar import Response, get, post
from litestar.response import Redirect, Stream, Template

from acogida.features.departure import actions, store
from acogida.features.departure.forms import Leave
from acogida.features.departure.model import ARCHIVE_YEARS, KEPT_FOR, NOTICE
from acogida.kernel.errors import NotFound, Rejected
from acogida.kernel.ports import Files
from acogida.kernel.work import Work
from acogida.web import forms
from acogida.web.routing import workspace
from acogida.web.view import View

PLACE = "ajustes/salida"


@get("/ajustes/salida", permission="workspace:leave")
async def show_departure(work: Work, view: View) -> Template:
    return await _page(work, view, forms.blank(Leave))


@post("/ajustes/salida/paquete", permission="workspace:leave", status_code=200)
async def ask(work: Work, view: View) -> Redirect:
    await actions.ask_for_pack(work)
    return view.redirect(
        f"{view.home}/{PLACE}", "Estamos preparando el paquete. Le avisaremos por correo cuando esté listo."
    )


@get("/ajustes/salida/paquetes/{pack_id:uuid}", permission="workspace:leave")
async def fetch(work: Work, view: View, files: Files, pack_id: UUID) -> Response[bytes] | Stream:
    row = await store.pack(work, pack_id)
    if row.made_at is None or row.gone(work.clock.now()):
        raise NotFound
    name = f"acogida-{work.tenant.slug}-{row.made_at.astimezone(work.zone):%Y-%m-%d}.zip"
    return Stream(
        files.get(work.tenant.id, row.storage_key),
        media_type="application/zip",
        headers={
            "content-disposition": f'attachment; filename="{name}"',
            "content-length": str(row.size),
            "cache-control": "private, no-store",
        },
    )


@post("/ajustes/salida", permission="workspace:leave", status_code=200)
async def leave(work: Work, view: View) -> Template | Redirect:
    form = forms.read(Leave, await view.posted())
    if form.ok:
        try:
            await actions.leave(work, form.data)
            return view.redirect(f"{view.home}/{PLACE}", "La decisión quedó anotada. Hasta ese día se puede anular.")
        except Rejected as problem:
            form.refuse(problem)
    return await _page(work, view, form, 422)


@post("/ajustes/salida/anular", permission="workspace:leave", status_code=200)
async def stay(work: Work, view: View) -> Redirect:
    await actions.stay(work)
    return view.redirect(f"{view.home}/{PLACE}", "La salida quedó anulada. No se borrará nada.")


async def _page(work: Work, view: View, form: forms.Form[Leave], status: int = 200) -> Template:
    now = work.clock.now()
    return view.page(
        "departure/departure.html",
        packs=[row for row in await store.packs(work) if not row.gone(now)],
        departure=await store.departure(work),
        form=form,
        soonest=work.today() + NOTICE,
        kept_for=KEPT_FOR.days,
        archive_years=ARCHIVE_YEARS,
        status=status,
    )


ROUTES = [workspace(show_departure, ask, fetch, leave, stay)]
