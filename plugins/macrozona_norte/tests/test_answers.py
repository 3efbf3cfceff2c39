"""What this extension gives the core: the annex, duties, reminders, figures, what it keeps; and what stays when it goes."""

from datetime import date

import pytest

from acogida.adapters.embedded_postgres import Server
from acogida.app.migrate import migrate
from acogida.app.web import create_app
from acogida.app.wiring import Services
from acogida.kernel import duties, facts, hooks
from acogida.kernel.document import DocumentBuilder, plain_text
from acogida.kernel.tenancy import Tenant
from acogida_macrozona_norte import actions
from acogida_macrozona_norte.forms import EditAnswer, EditEncounter, EditPartners, EditPledge
from support.extensions import enable, having, let_migrate
from support.make import make_municipality, make_person, work_as
from support.visitor import Visitor

HOME = "/m/alto-hospicio"


async def commune(services: Services) -> Tenant:
    """One answer, a session held and one called, and two promises: one of its own and one of Iquique."""
    tenant = await make_municipality(services, cut="01107", name="Alto Hospicio", slug="alto-hospicio")
    await make_person(services, tenant)
    await enable(services, tenant, "macrozona_norte")
    async with work_as(services, tenant) as work:
        await actions.write_answer(work, "arrivals", EditAnswer("Unas veinte por semana", "Registro de la oficina"))
        await actions.set_partners(work, EditPartners(("01101", "15101")))
        held = EditEncounter(
            "Primera sesión", date(2026, 10, 5), "Iquique", "held", "", "Un protocolo común", ("01107",)
        )
        await actions.add_encounter(work, held)
        await actions.add_encounter(work, EditEncounter("Segunda sesión", date(2026, 12, 9)))
        await actions.add_pledge(work, EditPledge("Abrir el albergue", "01101", "Dideco", date(2026, 12, 15)))
        await actions.add_pledge(work, EditPledge("Traducir la cartilla", "01107", "Rosa Painemal", date(2026, 12, 1)))
    return tenant


async def set_up(services: Services, **fields: str) -> None:
    async with Visitor(services) as visitor:
        await visitor.sign_in("rosa@temuco.cl")
        sent = {"annex": "full", "version": "1", **fields}
        answer = await visitor.post(f"{HOME}/ajustes/extensiones/macrozona_norte", sent)
        assert answer.status_code == 303, answer.text


async def annex(services: Services, tenant: Tenant) -> str:
    async with work_as(services, tenant) as work:
        builder = DocumentBuilder("Política", author="Alto Hospicio", kind="Política", date=work.today())
        await hooks.document_chapters(work, builder)
        return plain_text(builder.build())


async def test_the_annex_says_it_all_and_where_it_comes_from(services: Services) -> None:
    """Figures with their source and what is suppressed, answers, and the table by the name that it has."""
    tenant = await commune(services)
    await set_up(services, table="Mesa de la frontera")
    text = await annex(services, tenant)

    for words in (
        "Realidad de frontera",
        "37.628",
        "INE Censo 2024",
        "Suprimido por INE",
        "no una nacionalidad",
        "Unas veinte por semana",
        "Registro de la oficina",
        "Mesa de la frontera",
        "Un protocolo común",
        "Abrir el albergue",
    ):
        assert words in text, words


@pytest.mark.parametrize(("value", "there"), [("figures", True), ("none", False)])
async def test_the_municipality_decides_what_the_annex_says(services: Services, value: str, *, there: bool) -> None:
    """The figures alone, or nothing."""
    tenant = await commune(services)
    await set_up(services, annex=value)
    text = await annex(services, tenant)

    assert ("37.628" in text) is there
    assert "Unas veinte por semana" not in text


async def test_it_tells_who_owes_what_what_is_left_and_how_it_goes(services: Services) -> None:
    """Ours are ours where our name or unit is on them; the reminder comes when it is asked for."""
    tenant = await commune(services)
    async with work_as(services, tenant) as work:
        owed = {each.text: (each.who, each.mine) for each in await duties.gather(work)}
        assert await hooks.gate_problems(work, "GATE-2.1") == []
        figures = {each.key: each.value for _, each in await hooks.indicators(work)}
        known = await facts.gather(work)
    await set_up(services, remind="yes")
    async with work_as(services, tenant) as work:
        (asked,) = await hooks.gate_problems(work, "GATE-2.1")

    assert owed["Abrir el albergue"] == ("Iquique, Dideco", False)
    assert owed["Traducir la cartilla"] == ("Rosa Painemal", True)
    assert "Mesa de comunas: Segunda sesión" in owed
    assert "Mesa de comunas: Primera sesión" not in owed
    assert figures == {
        "macrozona_norte.foreign_born": 26.48,
        "macrozona_norte.neighbours": 75.5,
        "macrozona_norte.pledges_kept": 0,
    }
    assert known["macrozona_norte.answers"].shows == "1 de 6 preguntas respondidas"
    assert asked.sentences == ("Responder 3 preguntas de frontera.",)


async def test_what_is_kept_can_be_taken_and_erased(services: Services) -> None:
    """Everything, in tables that anybody reads without it; then nothing is left."""
    tenant = await commune(services)
    async with work_as(services, tenant) as work:
        (told,) = await hooks.export(work)
        erased = await hooks.shred(work, "macrozona_norte")
    async with work_as(services, tenant) as work:
        (left,) = await hooks.export(work)
    rows = {table.title: [tuple(row) for row in table.rows] for table in told.tables}

    assert rows["Comunas de la mesa"] == [("15101", "Arica"), ("01101", "Iquique")]
    assert [row[0] for row in rows["Sesiones"]] == ["Segunda sesión", "Primera sesión"]
    assert [row[:3] for row in rows["Compromisos"]] == [
        ("Traducir la cartilla", "Alto Hospicio", "Rosa Painemal"),
        ("Abrir el albergue", "Iquique", "Dideco"),
    ]
    assert rows["Preguntas de frontera"][0][1:3] == ("Unas veinte por semana", "Registro de la oficina")
    assert erased == 7
    assert all(not list(table.rows) for table in left.tables)


async def test_the_core_lives_without_it_and_it_comes_back_whole(
    services: Services, server: Server, database_name: str
) -> None:
    """Uninstalled, every page answers; back again, the annex says what it said."""
    tenant = await commune(services)
    before = await annex(services, tenant)
    let_migrate(server, database_name)
    with having():
        migrate(services.settings.database.owner_url, hooks.registry())
        async with Visitor(services, create_app(services.settings, services)) as visitor:
            await visitor.sign_in("rosa@temuco.cl")
            for place in (
                "",
                "/etapas/diagnosis",
                "/diagnostico/servicios",
                "/iniciativas",
                "/documento",
                "/actividad",
            ):
                assert (await visitor.get(f"{HOME}{place}")).status_code == 200, place
            assert (await visitor.get(f"{HOME}/x/macrozona_norte")).status_code == 404

    assert await annex(services, tenant) == before
