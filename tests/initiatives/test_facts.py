"""What the gates of the guide read in the plan."""

from acogida.app.wiring import Services
from acogida.features.initiatives import actions
from acogida.features.initiatives.facts import facts
from acogida.features.initiatives.forms import EditAxis, EditFrame, EditObjective, ReviewInitiative, ReviewPlan
from acogida.features.initiatives.public import initiatives_answering, may_edit
from acogida.kernel.permissions import rights_of
from acogida.kernel.tenancy import Actor
from acogida.kernel.work import Work
from support.make import make_municipality, work_as
from support.make_plan import make_finding, make_initiative, whole


async def _met(work: Work) -> set[str]:
    return {key.removeprefix("initiatives.") for key, fact in (await facts(work)).items() if fact.met}


async def test_each_fact_comes_true_with_what_it_names(services: Services) -> None:
    """An empty plan shows nothing; each thing written makes its own fact true and no other."""
    tenant = await make_municipality(services)
    async with work_as(services, tenant) as work:
        assert await _met(work) == set()

        await actions.edit_frame(work, EditFrame(vision="Una comuna que acoge"))
        assert await _met(work) == {"vision"}
        axis = await actions.add_axis(work, EditAxis(name="Salud"))
        assert await _met(work) == {"vision", "axes"}
        await actions.set_general_objective(work, EditObjective(statement="Acoger"))
        assert await _met(work) == {"vision", "axes", "general_objective"}
        objective = await actions.add_objective(work, EditObjective(statement="Atender sin barreras"))
        proposal = {"vision", "axes", "general_objective", "specific_objectives", "proposal"}
        assert await _met(work) == proposal

        row = await make_initiative(work, **{**whole(axis), "target": ""})
        assert await _met(work) == proposal | {"listed"}
        row.target = "4 contratos"
        await work.session.flush()
        assert await _met(work) == proposal | {"listed", "complete"}
        await actions.review_initiative(work, row.id, ReviewInitiative(version=row.version))
        assert await _met(work) == proposal | {"listed", "complete", "reviewed"}

        await actions.review_plan(work, ReviewPlan(duplicates="No hay", gaps="No hay"))
        assert "no_gaps" not in await _met(work)
        row.objective_id = objective.id
        await work.session.flush()
        assert await _met(work) == proposal | {"listed", "complete", "reviewed", "no_gaps"}


async def test_a_fact_says_what_it_saw(services: Services) -> None:
    """A short sentence with its count, fit for the board."""
    tenant = await make_municipality(services)
    async with work_as(services, tenant) as work:
        axis = await actions.add_axis(work, EditAxis(name="Salud"))
        await make_initiative(work, **whole(axis))
        await make_initiative(work, "Sin nada")
        await actions.add_objective(work, EditObjective(statement="Atender sin barreras"))

        known = await facts(work)

    assert known["initiatives.axes"].shows == "1 eje"
    assert known["initiatives.complete"].shows == "1 de 2 con su diseño completo"
    assert known["initiatives.reviewed"].shows == "0 de 2 revisadas"
    assert known["initiatives.no_gaps"].shows == "1 objetivo sin iniciativas; falta la revisión final"


async def test_other_rooms_ask_which_initiatives_answer_a_finding(services: Services) -> None:
    """By finding, with their names; a finding that nobody answers is left out."""
    tenant = await make_municipality(services)
    async with work_as(services, tenant) as work:
        one, two = await make_finding(work), await make_finding(work, "Otro")
        row = await make_initiative(work, findings=[one])

        assert await initiatives_answering(work, [one.id, two.id]) == {one.id: [(row.id, row.name)]}


async def test_who_answers_for_a_unit_changes_its_own_initiatives(services: Services) -> None:
    """Those of the unit and no others; the executive team changes any, and whoever only advises none."""
    tenant = await make_municipality(services)
    async with work_as(services, tenant) as work:
        own = await make_initiative(work, unit="Dideco")
        other = await make_initiative(work, "Otra", unit="Salud")

    def somebody(*roles: str) -> Actor:
        return Actor(None, "Óscar", unit="Dideco", roles=frozenset(roles), rights=rights_of(roles))

    assert may_edit(somebody("unit_owner"), own)
    assert not may_edit(somebody("unit_owner"), other)
    assert not may_edit(somebody("mayor", "adviser"), own)
    assert may_edit(somebody("executive_member"), other)
