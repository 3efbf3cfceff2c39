"""The self-assessment as a person at the screen meets it: what is known is not asked, what is said is kept, what lacks is proposed."""

from datetime import date
from uuid import UUID

import pytest

from acogida.app.wiring import Services
from acogida.kernel import audit, facts
from acogida.kernel.tenancy import Tenant
from acogida_sello_migrante import store
from acogida_sello_migrante.actions import assessment as actions
from acogida_sello_migrante.forms import EditLocal, Judge
from acogida_sello_migrante.standard import sources, standards, steps
from acogida_sello_migrante.standing import assessed
from support.extensions import enable
from support.make import make_municipality, make_person, work_as
from support.make_files import pdf
from support.make_plan import make_initiative
from support.visitor import Visitor

HOME = "/m/temuco/x/sello_migrante"
EVERY_PAGE = (
    "",
    "/autoevaluacion",
    "/requisitos/SM-1.1",
    "/brechas",
    "/plan",
    "/plan/datos",
    "/capacitacion",
    "/capacitacion/datos",
    "/proceso",
    "/proceso/SMP-2",
    "/informe",
    "/estandar",
    "/estandar?version=web",
)


async def workspace(services: Services, visitor: Visitor) -> Tenant:
    tenant = await make_municipality(services)
    await make_person(services, tenant)
    await enable(services, tenant, "sello_migrante")
    await visitor.sign_in("rosa@temuco.cl")
    return tenant


async def initiative(services: Services, tenant: Tenant, name: str = "Escuela de líderes", **values: object) -> UUID:
    async with work_as(services, tenant) as work:
        return (await make_initiative(work, name, **values)).id


async def state_of(services: Services, tenant: Tenant, criterion: str) -> str:
    async with work_as(services, tenant) as work:
        return (await assessed(work)).standings[criterion].state


def test_nothing_of_the_standard_is_without_its_source() -> None:
    """Each commitment, requirement and step names where it was read; what was not found is not there."""
    for standard in standards().values():
        assert [each.id for each in standard.commitments] == ["SM-1", "SM-2", "SM-3", "SM-4", "SM-5"]
        for each in (*standard.commitments, *standard.criteria.values()):
            assert each.sources
            assert set(each.sources) <= set(sources())
        assert {each.state for each in standard.criteria.values()} <= {"verified", "partial"}
    assert [each.id for each in steps()] == [f"SMP-{number}" for number in range(1, 10)]
    assert all(set(each.sources) <= set(sources()) for each in steps())
    assert "SM-4.2" not in standards()["web"].criteria
    assert not standards()["2025-03"].criteria["SM-4.2"].counts


async def test_everything_the_standard_draws_on_is_told_by_somebody(services: Services) -> None:
    """No requirement waits for a fact that nobody knows, nor leads to a page that is not there."""
    tenant = await make_municipality(services)
    await make_person(services, tenant)
    await enable(services, tenant, "sello_migrante")
    async with work_as(services, tenant) as work:
        known = set((await assessed(work)).facts)
    drawn = [piece for one in standards().values() for each in one.criteria.values() for piece in each.drawn]

    assert {piece.fact for piece in drawn} | {name for step in steps() for name in step.facts} <= known
    async with Visitor(services) as visitor:
        await visitor.sign_in("rosa@temuco.cl")
        places = {f"/m/temuco/{each.path}" for each in (*drawn, *steps()) if each.path}
        for place in places | {f"{HOME}/{each.own}" for each in (*drawn, *steps()) if each.own}:
            assert (await visitor.get(place)).status_code == 200, place


async def test_every_page_teaches_before_anything_is_written(services: Services, visitor: Visitor) -> None:
    """An empty workspace has all of them, and a stranger none."""
    await workspace(services, visitor)
    for place in EVERY_PAGE:
        assert (await visitor.get(HOME + place)).status_code == 200, place
    assert (await visitor.get(f"{HOME}/requisitos/SM-9.9")).status_code == 404

    other = await make_municipality(services, cut="10101", name="Puerto Montt", slug="puerto-montt")
    await make_person(services, other, email="eva@puertomontt.cl")
    async with Visitor(services) as stranger:
        await stranger.sign_in("eva@puertomontt.cl")
        for place in EVERY_PAGE:
            assert (await stranger.get(HOME + place)).status_code == 404, place


async def test_disabled_it_is_not_there(services: Services, visitor: Visitor) -> None:
    """And it comes back with what it kept."""
    await workspace(services, visitor)
    await visitor.post(f"{HOME}/requisitos/SM-1.4", {"state": "met", "statement": "Tenemos punto de información"})
    await visitor.post("/m/temuco/ajustes/extensiones/sello_migrante/deshabilitar", {"confirmed": "1"})
    assert (await visitor.get(f"{HOME}/autoevaluacion")).status_code == 404

    await visitor.post("/m/temuco/ajustes/extensiones/sello_migrante/habilitar", {})
    assert "Tenemos punto de información" in (await visitor.get(f"{HOME}/requisitos/SM-1.4")).text


async def test_what_the_workspace_shows_is_not_asked(services: Services, visitor: Visitor) -> None:
    """The work plan is written here: its requirement is met without anybody saying so."""
    tenant = await workspace(services, visitor)
    action = {"criterion": "SM-1.3", "title": "Protocolo de atención", "responsible": "Dideco", "ends_on": "2027-06-30"}
    await visitor.post(f"{HOME}/plan/acciones/nueva", {**action, "state": "underway"})
    assert await state_of(services, tenant, "SM-1.2") == "partly"

    await visitor.post(f"{HOME}/plan/datos", {"evaluated_on": "2026-11-01", "evaluation": "Falta difusión"})
    page = (await visitor.get(f"{HOME}/requisitos/SM-1.2")).text

    assert await state_of(services, tenant, "SM-1.2") == "met"
    assert "según este espacio" in page
    assert "1 acción" in page


async def test_what_a_person_says_prevails_and_two_of_them_see_both(services: Services, visitor: Visitor) -> None:
    """Who saves second is shown what the first one wrote."""
    tenant = await workspace(services, visitor)
    place = f"{HOME}/requisitos/SM-1.4"
    first = await visitor.post(place, {"state": "partly", "statement": "Sólo en español", "version": "0"})
    mine = await visitor.post(place, {"state": "met", "statement": "Ya hay creole", "version": "0"})

    assert first.status_code == 303
    assert mine.status_code == 409
    assert "Ya hay creole" in mine.text
    assert "Sólo en español" in mine.text
    assert await state_of(services, tenant, "SM-1.4") == "partly"


async def test_what_does_not_apply_says_why_and_is_not_counted(services: Services, visitor: Visitor) -> None:
    tenant = await workspace(services, visitor)
    place = f"{HOME}/requisitos/SM-1.4"
    bare = await visitor.post(place, {"state": "not_applicable"})
    async with work_as(services, tenant) as work:
        total = (await assessed(work)).total
    said = await visitor.post(place, {"state": "not_applicable", "statement": "Lo hace la provincia"})

    assert bare.status_code == 422
    assert "Explique por qué no se aplica" in bare.text
    assert said.status_code == 303
    async with work_as(services, tenant) as work:
        assert (await assessed(work)).total == total - 1


async def test_a_file_an_initiative_a_link_and_words_speak_for_a_requirement(
    services: Services, visitor: Visitor
) -> None:
    """Each is listed with its kind; the file goes to the archive of the workspace."""
    tenant = await workspace(services, visitor)
    one = await initiative(services, tenant)
    place = f"{HOME}/requisitos/SM-4.1"

    sent = {"file": ("convenio.pdf", pdf(), "application/pdf")}
    upload = await visitor.http.post(
        f"{place}/archivo", data={"kind": "other", "_csrf_token": await visitor.csrf()}, files=sent
    )
    for fields in (
        {"kind": "initiative", "initiative_id": str(one)},
        {"kind": "link", "url": "temuco.cl/migrantes", "name": "Operativo en terreno"},
        {"kind": "note", "note": "Jornadas mensuales con Sermig"},
    ):
        assert (await visitor.post(f"{place}/respaldos", fields)).status_code == 303, fields
    page = (await visitor.get(place)).text

    assert upload.status_code == 303, upload.text
    for words in ("convenio.pdf", "Escuela de líderes", "Operativo en terreno", "Jornadas mensuales con Sermig"):
        assert words in page
    assert "convenio.pdf" in (await visitor.get("/m/temuco/archivo")).text


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"kind": "file"}, "Elija un archivo"),
        ({"kind": "file", "file_id": "0199b0f0-0000-7000-8000-000000000000"}, "ya no está en el archivo"),
        ({"kind": "initiative", "initiative_id": "cualquiera"}, "ya no está en la Política"),
        ({"kind": "link", "url": "javascript:alert(1)"}, "dirección web completa"),
        ({"kind": "note"}, "Escriba la explicación"),
    ],
)
async def test_what_proves_nothing_is_refused_kindly(
    services: Services, visitor: Visitor, fields: dict[str, str], words: str
) -> None:
    await workspace(services, visitor)
    answer = await visitor.post(f"{HOME}/requisitos/SM-4.1/respaldos", fields)

    assert answer.status_code == 422
    assert words in answer.text


async def test_what_is_said_to_be_met_without_a_proof_is_told(services: Services, visitor: Visitor) -> None:
    """On the list, and before the report goes."""
    await workspace(services, visitor)
    await visitor.post(f"{HOME}/requisitos/SM-4.1", {"state": "met", "statement": "Lo hacemos"})

    assert "Sin respaldo" in (await visitor.get(f"{HOME}/autoevaluacion")).text
    assert "no tienen respaldo: SM-4.1" in (await visitor.get(f"{HOME}/informe")).text


async def test_a_gap_becomes_an_initiative_that_remembers_it(services: Services, visitor: Visitor) -> None:
    """One click: a draft in the core, with its card, and the gap says where it went."""
    tenant = await workspace(services, visitor)
    made = await visitor.post(f"{HOME}/brechas/SM-4.1/iniciativa", {})
    again = await visitor.post(f"{HOME}/brechas/SM-4.1/iniciativa", {})
    page = (await visitor.get(made.headers["location"])).text
    gaps = (await visitor.get(f"{HOME}/brechas")).text

    assert made.status_code == 303
    assert again.status_code == 422
    assert "Orientación y acompañamiento en trámites migratorios" in page
    assert "Nace de la brecha SM-4.1" in page
    assert made.headers["location"] in gaps
    async with work_as(services, tenant) as work:
        (row,) = await store.gap_initiatives(work)
        assert (row.criterion, row.standard) == ("SM-4.1", "2025-03")


async def test_a_gap_becomes_an_action_of_the_plan(services: Services, visitor: Visitor) -> None:
    """It waits for who answers for it and until when."""
    await workspace(services, visitor)
    made = await visitor.post(f"{HOME}/brechas/SM-1.3/accion", {})
    plan = (await visitor.get(f"{HOME}/plan")).text

    assert made.status_code == 303
    assert "Registro y protocolo común de atención" in plan
    assert "Por definir" in plan


async def test_an_initiative_is_linked_to_requirements_from_its_own_page(services: Services, visitor: Visitor) -> None:
    """And unlinked, by unticking."""
    tenant = await workspace(services, visitor)
    one = await initiative(services, tenant)
    before = (await visitor.get(f"/m/temuco/iniciativas/{one}")).text
    place = f"{HOME}/iniciativas/{one}"

    await visitor.post(place, {"criteria": ["SM-3.1", "SM-5.1"]})
    linked = (await visitor.get(f"/m/temuco/iniciativas/{one}")).text
    await visitor.post(place, {"criteria": ["SM-5.1"]})
    after = (await visitor.get(f"/m/temuco/iniciativas/{one}")).text

    assert "No está vinculada a ningún requisito" in before
    assert "Respalda SM-3.1" in linked
    assert "Respalda SM-3.1" not in after
    assert "Respalda SM-5.1" in after


async def test_what_sermig_told_is_added_with_where_it_says_so(services: Services, visitor: Visitor) -> None:
    """It counts as the others; without its source it is not taken."""
    tenant = await workspace(services, visitor)
    fields = {"commitment": "SM-3", "title": "Ordenanza contra la discriminación"}
    bare = await visitor.post(f"{HOME}/requisitos-propios/nuevo", fields)
    await visitor.post(f"{HOME}/requisitos-propios/nuevo", {**fields, "source": "Oficio 45 de la Dirección Regional"})
    page = (await visitor.get(f"{HOME}/requisitos/M-1")).text

    assert bare.status_code == 422
    assert "¿Dónde lo dice Sermig?" in bare.text
    assert "Oficio 45 de la Dirección Regional" in page
    async with work_as(services, tenant) as work:
        found = await assessed(work)
        assert found.standings["M-1"].criterion.counts
        row = (await store.local_criteria(work))[0]
    gone = await visitor.post(f"{HOME}/requisitos-propios/{row.id}/quitar", {"confirmed": "1"})

    assert gone.status_code == 303
    assert (await visitor.get(f"{HOME}/requisitos/M-1")).status_code == 404


async def test_with_another_version_answers_keep_to_their_requirement(services: Services, visitor: Visitor) -> None:
    await workspace(services, visitor)
    await visitor.post(f"{HOME}/requisitos/SM-1.4", {"state": "met", "statement": "Sí"})
    changed = await visitor.post(f"{HOME}/autoevaluacion/estandar", {"standard": "web"})
    page = (await visitor.get(f"{HOME}/autoevaluacion")).text

    assert changed.status_code == 303
    assert "Contar con institucionalidad que aborde la realidad migrante" in page
    assert "SM-4.2" not in page
    assert (await visitor.get(f"{HOME}/requisitos/SM-1.4")).text.count("checked") >= 1


async def test_who_may_only_read_reads(services: Services, visitor: Visitor) -> None:
    """A councillor sees how the commune stands and changes nothing."""
    tenant = await workspace(services, visitor)
    await make_person(services, tenant, email="eva@temuco.cl", name="Eva Soto", roles=["councillor"])
    async with Visitor(services) as councillor:
        await councillor.sign_in("eva@temuco.cl")
        for place in EVERY_PAGE:
            assert (await councillor.get(HOME + place)).status_code == 200, place
        for place, fields in (
            ("/requisitos/SM-1.1", {"state": "met"}),
            ("/requisitos/SM-1.1/respaldos", {"kind": "note", "note": "x"}),
            ("/brechas/SM-1.3/iniciativa", {}),
            ("/brechas/SM-1.3/accion", {}),
            ("/plan/acciones/nueva", {}),
            ("/capacitacion/nueva", {}),
            ("/proceso/SMP-1", {"state": "done"}),
            ("/resoluciones/nueva", {}),
            ("/informe/cerrar", {"confirmed": "1"}),
        ):
            assert (await councillor.post(HOME + place, fields)).status_code == 403, place
        assert (await councillor.get(f"{HOME}/capacitacion/registro.xlsx")).status_code == 403


async def test_facts_are_told_to_the_guide_without_the_others_being_asked(services: Services) -> None:
    tenant = await make_municipality(services)
    await enable(services, tenant, "sello_migrante")
    async with work_as(services, tenant) as work:
        found = await assessed(work)
        await actions.judge(work, found.standings["SM-1.4"], Judge("met", "Sí"))
        await actions.add_local(work, EditLocal("SM-3", "Ordenanza", "", "Oficio 45", date(2026, 5, 2)))
        known = await facts.gather(work)
        entries = await audit.verify(work.session)

    assert known["sello_migrante.assessed"].met
    assert not known["sello_migrante.work_plan"].met
    assert "sello_migrante.initiatives_dim_2" not in known
    assert entries.broken_at is None
