"""What this extension gives the core: the annex, reminders, columns, figures, its twin in JSON; and what stays when it goes."""

from uuid import UUID

import pytest

from acogida.adapters.embedded_postgres import Server
from acogida.app.migrate import migrate
from acogida.app.web import create_app
from acogida.app.wiring import Services
from acogida.kernel import facts, hooks
from acogida.kernel.document import DocumentBuilder, plain_text
from acogida.kernel.tenancy import Tenant
from acogida.sdk import link_more
from acogida_pnme import actions, store
from acogida_pnme.forms import EditStatement
from support.extensions import enable, having, let_migrate
from support.make import make_municipality, make_person, make_token, work_as
from support.make_plan import make_initiative
from support.visitor import Visitor

API = "/api/v1/m/temuco/x/pnme"


async def commune(services: Services) -> tuple[Tenant, UUID]:
    """Two initiatives, one of them linked to both frameworks, and a statement."""
    tenant = await make_municipality(services)
    await make_person(services, tenant)
    await enable(services, tenant, "pnme")
    async with work_as(services, tenant) as work:
        linked = await make_initiative(work, "Orientación en trámites", dimensions=["dim_2"])
        await make_initiative(work, "Escuela de líderes", dimensions=["dim_8"])
        await link_more(work, "pnme", "pnme", "initiative", linked.id, ["PNME-1.2"])
        await link_more(work, "pnme", "ods", "initiative", linked.id, ["ODS-10.7"])
        await actions.write_statement(work, EditStatement("Aportamos a una migración segura."))
    return tenant, linked.id


async def set_up(services: Services, **fields: str) -> None:
    async with Visitor(services) as visitor:
        await visitor.sign_in("rosa@temuco.cl")
        sent = {"annex": "linked", "version": "1", **fields}
        assert (await visitor.post("/m/temuco/ajustes/extensiones/pnme", sent)).status_code == 303


async def annex(services: Services, tenant: Tenant) -> str:
    async with work_as(services, tenant) as work:
        builder = DocumentBuilder("Política", author="Temuco", kind="Política", date=work.today())
        await hooks.document_chapters(work, builder)
        return plain_text(builder.build())


@pytest.mark.parametrize(
    ("value", "there", "absent"),
    [
        ("linked", "PNME-1.2. Informar a las personas extranjeras", "PNME-9"),
        ("full", "PNME-9. Multilateralismo", "PNME-1.3"),
        ("none", "", "Agenda 2030"),
    ],
)
async def test_the_municipality_decides_what_the_annex_says(
    services: Services, value: str, there: str, absent: str
) -> None:
    """What is linked, everything with what is missing, or nothing."""
    tenant, _ = await commune(services)
    await set_up(services, annex=value)
    text = await annex(services, tenant)

    assert there in text
    assert absent not in text


async def test_the_annex_says_where_it_comes_from_and_what_has_not_been_read(services: Services) -> None:
    tenant, _ = await commune(services)
    text = await annex(services, tenant)

    for words in (
        "Aportamos a una migración segura.",
        "Orientación en trámites",
        "Decreto Supremo 181",
        "De sus 81 objetivos específicos se han leído 3",
        "la Política aporta a 1",
    ):
        assert words in text, words


async def test_nothing_is_printed_before_anything_is_said(services: Services) -> None:
    tenant = await make_municipality(services)
    await enable(services, tenant, "pnme")

    assert "Agenda 2030" not in await annex(services, tenant)


async def test_reminders_columns_and_figures_come_when_they_are_asked_for(services: Services) -> None:
    """Figures always; the reminder at its gate and the columns of the matrix, as the municipality sets them."""
    tenant, linked = await commune(services)
    async with work_as(services, tenant) as work:
        assert await hooks.gate_problems(work, "GATE-3.2") == []
        figures = {each.key: each.value for _, each in await hooks.indicators(work)}
        known = await facts.gather(work)
    await set_up(services, remind="yes", columns="yes")
    async with work_as(services, tenant) as work:
        (asked,) = await hooks.gate_problems(work, "GATE-3.2")
        columns = {each.title: dict(each.values) for each in await hooks.initiative_columns(work)}

    assert figures == {"pnme.pnme_linked": 50.0, "pnme.ods_linked": 50.0, "pnme.migration_targets": 1}
    assert known["pnme.pnme_linked"].shows == "1 de 2 iniciativas vinculadas"
    assert known["pnme.statement"].met
    assert asked.sentences == ("Decir a qué de la PNME aporta una iniciativa sin vínculo.",)
    assert columns == {"PNME": {linked: "PNME-1.2"}, "ODS": {linked: "ODS-10.7"}}


async def test_the_whole_way_by_the_api(services: Services, visitor: Visitor) -> None:
    """Coverage, what is proposed, what is taken, and the statement with its version."""
    tenant, _ = await commune(services)
    token = await make_token(services, tenant, await make_person(services, tenant, email="ana@temuco.cl"))
    headers = {"authorization": f"Bearer {token}"}
    http = visitor.http

    pnme, ods = (await http.get(f"{API}/cobertura", headers=headers)).json()
    proposed = (await http.get(f"{API}/propuestas", headers=headers)).json()
    pairs = [each["pair"] for each in proposed]
    repeated = {**headers, "idempotency-key": "una-llave-unica"}
    taken = await http.post(f"{API}/propuestas", json={"pairs": pairs}, headers=repeated)
    again = await http.post(f"{API}/propuestas", json={"pairs": pairs}, headers=repeated)
    stale = await http.put(f"{API}/declaracion", json={"text": "Otra"}, headers=headers)
    wrong = await http.post(f"{API}/propuestas", json={"pairs": []}, headers=headers)

    parts = {each["code"]: each for each in (*pnme["parts"], *ods["parts"])}
    assert parts["PNME-1"]["initiatives"] == parts["PNME-1.2"]["initiatives"] == 1
    assert parts["ODS-10.7"]["names_migration"]
    assert {each["code"] for each in proposed} == {"PNME-7", "ODS-16.7"}
    assert taken.json() == again.json() == {"linked": 2}
    assert (await http.get(f"{API}/propuestas", headers=headers)).json() == []
    assert stale.status_code == 409
    assert wrong.status_code == 422


async def test_the_core_lives_without_it_and_it_comes_back_whole(
    services: Services, server: Server, database_name: str
) -> None:
    """Uninstalled, the links are still read and printed with the words they had; back again, the statement is there."""
    tenant, _ = await commune(services)
    let_migrate(server, database_name)
    with having():
        migrate(services.settings.database.owner_url, hooks.registry())
        async with Visitor(services, create_app(services.settings, services)) as visitor:
            await visitor.sign_in("rosa@temuco.cl")
            for place in ("", "/iniciativas", "/documento", "/marcos", "/marcos/pnme/pnme", "/actividad"):
                assert (await visitor.get(f"/m/temuco{place}")).status_code == 200, place
            assert "Informar a las personas extranjeras" in (await visitor.get("/m/temuco/marcos/pnme/pnme")).text
            assert (await visitor.get("/m/temuco/x/pnme")).status_code == 404

    assert "Aportamos a una migración segura." in await annex(services, tenant)


async def test_what_is_kept_can_be_taken_and_erased(services: Services) -> None:
    tenant, _ = await commune(services)
    async with work_as(services, tenant) as work:
        (told,) = await hooks.export(work)
    async with work_as(services, tenant) as work:
        erased = await store.erase_everything(work)
    async with work_as(services, tenant) as work:
        left = await store.statements(work)

    assert [tuple(row) for row in told.tables[0].rows] == [
        ("Objetivos de Desarrollo Sostenible", "Aportamos a una migración segura.")
    ]
    assert erased == 1
    assert left == {}
