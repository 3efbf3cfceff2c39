"""Pages outside every workspace: how extensions behave, for who operates the platform; what Sermig recommends to a region."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from litestar import get, post
from litestar.response import Redirect, Template

from acogida.features.communes.public import Region, regions
from acogida.features.extensions import actions, store
from acogida.features.extensions.forms import Recommend
from acogida.kernel import containment, hooks
from acogida.kernel.errors import Rejected
from acogida.kernel.hooks import Plugin
from acogida.kernel.work import Work
from acogida.web import forms
from acogida.web.routing import public
from acogida.web.view import View

WEEK = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Health:
    """An extension as the operator sees it."""

    name: str
    plugin: Plugin | None
    """None where it was set aside."""
    aside: str
    """Why it was set aside; empty where it is offered."""
    outdated: Sequence[str]
    failures: int
    """In the last seven days."""
    places: int
    """In how many workspaces it failed."""
    resting: Sequence[containment.Resting]


async def health(work: Work) -> list[Health]:
    """This function will tell how each installed extension stands."""
    registry = hooks.registry()
    failing = await store.failing(work.session, since=(work.clock.now() - WEEK).date())
    pauses = containment.all_resting(work.clock)
    return [
        Health(
            name,
            registry.offered.get(name),
            registry.quarantined.get(name, ""),
            registry.outdated.get(name, ()),
            *failing.get(name, (0, 0)),
            [each for each in pauses if each.name == name],
        )
        for name in sorted({*registry.installed, *registry.quarantined, *registry.offered})
    ]


@get("/operacion/extensiones", permission="platform:operate")
async def show_health(work: Work, view: View) -> Template:
    return view.page(
        "extensions/health.html",
        found=await health(work),
        failures=await store.failures(work.session, since=(work.clock.now() - WEEK).date()),
    )


@get("/sermig/extensiones", permission="extension:recommend")
async def show_recommendations(work: Work, view: View) -> Template:
    return await _recommendations(work, view, forms.blank(Recommend, region=work.actor.region))


@post("/sermig/extensiones", permission="extension:recommend", status_code=200)
async def recommend(work: Work, view: View) -> Template | Redirect:
    form = forms.read(Recommend, await view.posted())
    if form.ok:
        try:
            await actions.recommend(work, form.data.plugin, form.data.region, form.data.reason)
            return view.redirect("/sermig/extensiones", "Las comunas de la región ya ven la recomendación.")
        except Rejected as problem:
            form.refuse(problem)
    return await _recommendations(work, view, form, 422)


@post("/sermig/extensiones/{name:str}/{region:str}/retirar", permission="extension:recommend", status_code=200)
async def withdraw(work: Work, view: View, name: str, region: str) -> Template | Redirect:
    """Asks first where the browser could not (no JavaScript)."""
    if (await view.posted()).get("confirmed") != ["1"]:
        return view.page(
            "confirm.html",
            question="¿Retirar la recomendación?",
            text="Las comunas dejan de verla. Las que ya habilitaron la extensión la conservan.",
            verb="Retirar la recomendación",
            back="/sermig/extensiones",
        )
    await actions.withdraw(work, name, region)
    return view.redirect("/sermig/extensiones", "Retiramos la recomendación.")


async def _recommendations(work: Work, view: View, form: forms.Form[Recommend], status: int = 200) -> Template:
    mine = [each for each in await regions(work.session) if work.actor.region in ("", each.code)]
    known = {each.code: each for each in mine}
    offered = sorted(hooks.registry().offered.values(), key=lambda plugin: plugin.title)
    return view.page(
        "extensions/recommendations.html",
        status=status,
        form=form,
        plugins=[(plugin.name, plugin.title) for plugin in offered if _speaks_to(plugin, mine)],
        regions=[(each.code, each.name) for each in mine],
        names={code: each.name for code, each in known.items()},
        rows=[row for row in await store.recommendations(work.session) if row.region in known],
        titles={plugin.name: plugin.title for plugin in offered},
    )


def _speaks_to(plugin: Plugin, mine: Sequence[Region]) -> bool:
    if plugin.regions:
        return any(each.code in plugin.regions for each in mine)
    return not plugin.communes


HANDLERS = (show_health, show_recommendations, recommend, withdraw)
ROUTES = [public(*HANDLERS)]
