"""The library's collection, from its pages, its API and the pages of Acogida where it appears."""

from io import BytesIO
from uuid import UUID

import openpyxl
import pytest

from acogida.app.wiring import Services
from acogida.features.initiatives.actions import remove_initiative
from acogida.kernel import facts, hooks
from acogida.kernel.document import DocumentBuilder, plain_text
from acogida.kernel.tenancy import Tenant
from acogida_biblioteca import actions, store
from acogida_biblioteca.forms import EditMaterial
from support.extensions import enable
from support.make import make_municipality, make_person, make_token, work_as
from support.make_plan import make_initiative
from support.visitor import Visitor

HERE = "/m/temuco/x/biblioteca"
STORY = {"title": "Cuentos de Haití y de Chile", "kind": "story", "language": "creole haitiano", "copies": "3"}


@pytest.fixture
async def tenant(services: Services) -> Tenant:
    tenant = await make_municipality(services)
    await make_person(services, tenant)
    await enable(services, tenant, "biblioteca")
    return tenant


@pytest.fixture
async def school(services: Services, tenant: Tenant) -> UUID:
    async with work_as(services, tenant) as work:
        return (await make_initiative(work, "Escuela de español")).id


@pytest.fixture
async def rosa(visitor: Visitor, school: UUID) -> Visitor:
    del school
    await visitor.sign_in("rosa@temuco.cl")
    return visitor


async def test_a_material_is_added_found_and_corrected(rosa: Visitor, school: UUID) -> None:
    """With its language as a door; and what two people write at once is not lost."""
    empty = (await rosa.get(HERE)).text
    added = await rosa.post(f"{HERE}/nuevo", {**STORY, "initiative_id": str(school), "version": "0"})
    await rosa.post(f"{HERE}/nuevo", {**STORY, "title": "Libro", "language": "inglés", "version": "0"})
    listed = (await rosa.get(f"{HERE}?lengua=creole%20haitiano")).text
    row_id = listed.partition("<tbody>")[2].partition(f'href="{HERE}/')[2][:36]
    saved = await rosa.post(f"{HERE}/{row_id}", {**STORY, "title": "Cuentos de acá y de allá", "version": "1"})
    late = await rosa.post(f"{HERE}/{row_id}", {**STORY, "title": "Otro", "version": "1"})

    assert "La colección está vacía" in empty
    assert added.status_code == 303
    assert "Escuela de español" in listed
    assert "Libro" not in listed.partition("<tbody>")[2]
    assert saved.status_code == 303
    assert late.status_code == 409
    assert "Cuentos de acá y de allá" in late.text


@pytest.mark.parametrize(
    ("wrong", "words"),
    [({"title": ""}, "title"), ({"kind": "scroll"}, "kind"), ({"initiative_id": str(UUID(int=9))}, "ya no está")],
)
async def test_what_is_wrong_stays_on_the_page(rosa: Visitor, wrong: dict[str, str], words: str) -> None:
    """Beside its field, with what was typed."""
    answer = await rosa.post(f"{HERE}/nuevo", {**STORY, **wrong, "version": "0"})

    assert answer.status_code == 422
    assert words in answer.text
    assert "creole haitiano" in answer.text


async def test_it_appears_where_the_work_is_done(
    rosa: Visitor, services: Services, tenant: Tenant, school: UUID
) -> None:
    """Beside its initiative, in the annex, among the facts and the figures, in a file and in what is kept of it."""
    await rosa.post(f"{HERE}/nuevo", {**STORY, "initiative_id": str(school), "version": "0"})
    page = (await rosa.get(f"/m/temuco/iniciativas/{school}")).text
    book = openpyxl.load_workbook(BytesIO((await rosa.get(f"{HERE}/coleccion.xlsx")).content))
    async with work_as(services, tenant) as work:
        builder = DocumentBuilder("Política", author="Temuco", kind="Política", date=work.today())
        await hooks.document_chapters(work, builder)
        known = await facts.gather(work)
        figures = {each.key: each.value for _, each in await hooks.indicators(work)}
        (told,) = await hooks.export(work)
        erased = await hooks.shred(work, "biblioteca")

    assert "Cuentos de Haití y de Chile (creole haitiano)" in page
    assert [cell.value for cell in book["Colección"][2]][:1] == ["Cuentos de Haití y de Chile"]
    assert "Escuela de español" in plain_text(builder.build())
    assert known["biblioteca.collection"].shows == "un material"
    assert figures == {"biblioteca.languages": 1, "biblioteca.initiatives": 1}
    assert told.tables[0].rows[0][-1] == "Escuela de español"
    assert erased == 1


async def test_an_initiative_that_goes_leaves_its_material(services: Services, tenant: Tenant, school: UUID) -> None:
    """The core deletes its own without asking; the book stays on the shelf."""
    async with work_as(services, tenant) as work:
        row = await actions.add_material(
            work, EditMaterial(title="Libro", language="inglés", initiative_id=str(school))
        )
    async with work_as(services, tenant) as work:
        await remove_initiative(work, school)
    async with work_as(services, tenant) as work:
        assert (await store.material(work, row.id)).initiative_id is None


async def test_who_reads_reads_and_strangers_find_nothing(services: Services, tenant: Tenant, rosa: Visitor) -> None:
    """A councillor looks and does not add; a neighbour, and a commune that has not enabled it, get 404."""
    await make_person(services, tenant, email="ana@temuco.cl", roles=("councillor",))
    other = await make_municipality(services, cut="13201", name="Puente Alto", slug="puente-alto")
    await make_person(services, other, email="juan@puentealto.cl")
    async with Visitor(services) as ana:
        await ana.sign_in("ana@temuco.cl")
        assert (await ana.get(HERE)).status_code == 200
        assert (await ana.post(f"{HERE}/nuevo", STORY)).status_code == 403
    async with Visitor(services) as juan:
        await juan.sign_in("juan@puentealto.cl")
        assert (await juan.get(HERE)).status_code == 404
        assert (await juan.get("/m/puente-alto/x/biblioteca")).status_code == 404
    await rosa.post("/m/temuco/ajustes/extensiones/biblioteca/deshabilitar", {"confirmed": "1"})
    assert (await rosa.get(HERE)).status_code == 404


async def test_the_whole_way_by_the_api(services: Services, tenant: Tenant) -> None:
    """Added once however often it is sent, listed, corrected and removed."""
    ana = await make_person(services, tenant, email="ana@temuco.cl")
    head = {"authorization": f"Bearer {await make_token(services, tenant, ana)}", "idempotency-key": "una-sola-vez"}
    place = "/api/v1/m/temuco/x/biblioteca/materiales"
    body = {"title": "Libro", "kind": "book", "language": "inglés", "copies": 2}
    async with Visitor(services) as machine:
        first = (await machine.http.post(place, headers=head, json=body)).json()
        again = (await machine.http.post(place, headers=head, json=body)).json()
        listed = (await machine.http.get(place, headers=head)).json()
        changed = await machine.http.put(
            f"{place}/{first['id']}", headers=head, json={**body, "title": "Otro", "version": 1}
        )
        gone = await machine.http.delete(f"{place}/{first['id']}", headers=head)

    assert first == again
    assert [each["title"] for each in listed["items"]] == ["Libro"]
    assert changed.json()["title"] == "Otro"
    assert gone.status_code == 204
