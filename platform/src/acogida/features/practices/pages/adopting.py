"""Good practices inside a workspace: what suits this commune and why, what was adopted, what was proposed."""

from uuid import UUID

from litestar import get, post
from litestar.response import Redirect, Template

from acogida.features.diagnosis import public as diagnosis
from acogida.features.drafts import public as drafts
from acogida.features.initiatives import public as initiatives
from acogida.features.methodology.model import Guide
from acogida.features.monitoring import public as monitoring
from acogida.features.practices import store
from acogida.features.practices.actions import adoption
from acogida.features.practices.forms import EditAdoption
from acogida.features.practices.model import PROPOSAL_STATES, Adoption
from acogida.features.practices.pages.reading import dimension_titles
from acogida.features.practices.suggesting import gaps, suggestions
from acogida.features.practices.vocabulary import HasCatalogue, taxonomy
from acogida.kernel.errors import NotFound, Rejected, Stale
from acogida.kernel.work import Work
from acogida.web import forms
from acogida.web.routing import workspace
from acogida.web.view import View


@get("/buenas-practicas", permission="workspace:read")
async def overview(
    work: Work,
    view: View,
    settings: HasCatalogue,
    guides: dict[str, Guide],
    dimension: str = "",
    hallazgo: UUID | None = None,
) -> Template:
    """What suits this commune: for all that its plan leaves open, for a dimension, or for a finding."""
    titles = dimension_titles(guides)
    dimension = dimension if dimension in titles else ""
    finding = await diagnosis.finding(work, hallazgo) if hallazgo else None
    found, commune = await suggestions(work, titles, dimension=dimension, finding=finding)
    plan = {row.id: row for row in await initiatives.initiatives(work)}
    adopted = await store.adoptions(work)
    return view.page(
        "practices/workspace.html",
        found=found,
        commune=commune,
        gaps=await gaps(work),
        titles=titles,
        shorts={str(each.number): each.short for each in guides[max(guides)].dimensions},
        dimension=dimension,
        finding=finding,
        lists=taxonomy(settings.catalogue),
        adopted=[(row, plan[row.initiative_id]) for row in adopted if row.initiative_id in plan],
        fares=await store.adopted(work.session, [each.edition.code for each in found]),
        proposals=await store.proposals_of(work),
        states=PROPOSAL_STATES,
    )


@post("/buenas-practicas/{code:str}/adoptar", permission="initiative:edit", status_code=200)
async def adopt(work: Work, view: View, code: str) -> Redirect:
    asked = (await view.posted()).get("finding", [""])[-1]
    row = await adoption.adopt(work, code.upper(), finding_id=_id(asked))
    return view.redirect(
        f"{view.home}/iniciativas/{row.initiative_id}",
        f"Es una iniciativa en borrador, hecha con «{row.practice_title}». Complétela con lo que su comuna decida.",
    )


def _id(text: str) -> UUID | None:
    if not text:
        return None
    try:
        return UUID(text)
    except ValueError:
        raise NotFound from None


def _draft(initiative_id: UUID) -> str:
    return f"buenas-practicas/adopciones/{initiative_id}"


@get("/buenas-practicas/adopciones/{initiative_id:uuid}", permission="workspace:read")
async def adopted(work: Work, view: View, initiative_id: UUID) -> Template:
    row = await store.adoption_of(work, initiative_id)
    if row is None:
        raise NotFound
    form = await drafts.restore(work, _draft(initiative_id), forms.filled(EditAdoption, row))
    return await _adopted(work, view, row, form)


@post("/buenas-practicas/adopciones/{initiative_id:uuid}", permission="initiative:edit", status_code=200)
async def save_adoption(work: Work, view: View, initiative_id: UUID) -> Template | Redirect:
    row = await store.adoption_of(work, initiative_id)
    if row is None:
        raise NotFound
    form = forms.read(EditAdoption, await view.posted())
    if form.ok:
        try:
            await adoption.edit_adoption(work, initiative_id, form.data)
            await drafts.discard(work, _draft(initiative_id))
            return view.redirect(view.shell.path, "Guardamos lo que adaptaron.")
        except Rejected as problem:
            form.refuse(problem)
        except Stale as stale:
            return view.conflict(
                form, forms.filled(EditAdoption, stale.current), title=row.practice_title, back=view.shell.path
            )
    return await _adopted(work, view, row, form, 422)


async def _adopted(
    work: Work, view: View, row: Adoption, form: forms.Form[EditAdoption], status: int = 200
) -> Template:
    practice = await store.practice(work.session, row.practice_code)
    assert row.initiative_id is not None  # noqa: S101 because it was found by it
    return view.page(
        "practices/adoption.html",
        status=status,
        row=row,
        form=form,
        practice=practice,
        initiative=await initiatives.initiative(work, row.initiative_id),
        report=(await monitoring.latest_updates(work)).get(row.initiative_id),
    )


ROUTES = [workspace(overview, adopt, adopted, save_adoption)]
