"""The page where a municipality decides what is added to its workspace, seeing first what data it will touch."""

from litestar import get, post
from litestar.response import Redirect, Template

from acogida.features.extensions import actions
from acogida.features.extensions.offers import Offer, offer, offers
from acogida.kernel import hooks
from acogida.kernel.errors import Rejected, Stale
from acogida.kernel.work import Work
from acogida.web import forms
from acogida.web.forms import Form, FormData
from acogida.web.routing import workspace
from acogida.web.view import View

PLACE = "ajustes/extensiones"


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
    return _one(work, view, one, one.filled())


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
    return _one(work, view, one, form, 422)


def _one(work: Work, view: View, one: Offer, form: Form[FormData] | None, status: int = 200) -> Template:
    return view.page("extensions/extension.html", status=status, one=one, form=form, home_of=_home(work))


def _home(work: Work):
    return lambda name: hooks.home(work.tenant, name)


ROUTES = [workspace(show_extensions, show_extension, configure, enable, disable)]
