"""The desk of who operates the platform: its register, and the access of an emergency. It shows no workspace."""

from litestar import get, post
from litestar.response import Redirect, Template

from acogida.features.people import store
from acogida.features.people.actions import emergency
from acogida.features.people.forms import OpenEmergency
from acogida.kernel.errors import Rejected
from acogida.kernel.work import Work
from acogida.web import forms
from acogida.web.routing import public
from acogida.web.view import View

OPERATE = "platform:operate"


@get("/operacion", permission=OPERATE)
async def desk_page(work: Work, view: View) -> Template:
    return await _desk(work, view, forms.blank(OpenEmergency))


async def _desk(work: Work, view: View, form: forms.Form[OpenEmergency], status: int = 200) -> Template:
    return view.page("people/operation.html", status=status, form=form, entries=await store.register(work))


@post("/operacion/emergencia", permission=OPERATE, status_code=200)
async def open_emergency(work: Work, view: View) -> Template | Redirect:
    form = forms.read(OpenEmergency, await view.posted())
    if form.ok:
        try:
            tenant, _ = await emergency.open_emergency(work, form.data)
            return view.redirect(
                f"/m/{tenant.slug}",
                f"Acceso de emergencia abierto por {form.data.hours} h. La municipalidad recibió el aviso con el motivo.",
                kind="warning",
            )
        except Rejected as problem:
            form.refuse(problem)
    return await _desk(work, view, form, 422)


@post("/operacion/emergencia/{slug:str}/terminar", permission=OPERATE)
async def end_emergency(work: Work, view: View, slug: str) -> Redirect:
    tenant = await emergency.end_emergency(work, slug)
    return view.redirect("/operacion", f"Terminó el acceso de emergencia a {tenant.name}.")


ROUTES = [public(desk_page, open_emergency, end_emergency)]
