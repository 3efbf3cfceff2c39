"""Workshops as a person at the screen meets them."""

import re

import httpx
import pytest

from acogida.app.wiring import Services
from acogida.kernel.tenancy import Tenant
from support.diagnosis import make_entries, make_workshop
from support.make import make_municipality, make_person, work_as
from support.visitor import Visitor

PNG = (
    b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x01\x00\x00\x00\x01\x08\x06\x00\x00\x00\x1f\x15\xc4\x89"
    b"\x00\x00\x00\rIDATx\x9cc\xf8\xcf\xc0\xf0\x1f\x00\x05\x00\x01\xff\x89\x99=\x1d\x00\x00\x00\x00IEND\xaeB`\x82"
)


@pytest.fixture
async def tenant(services: Services, visitor: Visitor) -> Tenant:
    """Temuco, with Rosa signed in."""
    made = await make_municipality(services)
    await make_person(services, made)
    await visitor.sign_in("rosa@temuco.cl")
    return made


def place(answer: httpx.Response) -> str:
    """Where a redirect leads."""
    assert answer.status_code == 303, answer.text
    return answer.headers["location"]


async def test_calling_a_workshop_begins_from_the_guide(tenant: Tenant, visitor: Visitor) -> None:
    """The form brings agenda, groups and invitation; saving it shows the agenda with its hours."""
    form = (await visitor.get("/m/temuco/talleres/nuevo?tipo=diagnosis_users")).text
    agenda = re.search(r'name="agenda"[^>]*>\s*([^<]*)</textarea>', form)
    assert agenda is not None and "25 Identificar desafíos" in agenda[1]

    saved = await visitor.post(
        "/m/temuco/talleres/nuevo",
        {
            "kind": "diagnosis_users",
            "title": "Taller en la sede vecinal",
            "held_on": "2026-11-20",
            "starts_at": "18:30",
            "agenda": agenda[1],
            "invited_migrant_organisations": "Comunidad Haitiana de Temuco",
            "refreshments": "yes",
        },
    )
    page = (await visitor.get(place(saved))).text

    assert "18:30–18:40" in page
    assert "Comunidad Haitiana de Temuco" in page
    assert "Falta contar la asistencia" in page


async def test_a_wrong_agenda_comes_back_with_its_line(tenant: Tenant, visitor: Visitor) -> None:
    """Nothing typed is lost and the wrong line is named."""
    answer = await visitor.post(
        "/m/temuco/talleres/nuevo",
        {"kind": "planning", "title": "", "held_on": "2026-11-20", "agenda": "Presentación", "logistics": "Proyector"},
    )

    assert answer.status_code == 422
    assert "Falta completar «Nombre del taller»" in answer.text
    assert "Proyector" in answer.text

    answer = await visitor.post(
        "/m/temuco/talleres/nuevo",
        {"kind": "planning", "title": "Plan", "held_on": "2026-11-20", "agenda": "Presentación"},
    )
    assert "Revise «Presentación»" in answer.text


async def test_ejes_of_the_proposal_travel_to_the_form(tenant: Tenant, visitor: Visitor) -> None:
    """The page of ejes may bring its own to the groups of the workshop."""
    form = (await visitor.get("/m/temuco/talleres/nuevo?tipo=planning&eje=Salud&eje=Trabajo%20digno")).text

    assert "Grupo 1: Salud" in form
    assert "Grupo 2: Trabajo digno" in form


async def test_post_its_are_typed_one_after_another(services: Services, tenant: Tenant, visitor: Visitor) -> None:
    """Without a script the browser returns to the column with the group still written; with one, the board comes back."""
    async with work_as(services, tenant) as work:
        workshop = await make_workshop(work)
    path = f"/m/temuco/talleres/{workshop.id}/registro"

    saved = await visitor.post(path, {"kind": "challenge", "text": "Idioma\nVivienda", "group_name": "Grupo 2"})
    board = await visitor.get(place(saved))
    fragment = await visitor.post(
        path, {"kind": "strength", "text": "Redes de barrio", "group_name": "Grupo 2"}, headers={"hx-request": "true"}
    )

    assert "grupo=Grupo%202#challenge" in saved.headers["location"]
    assert "Vivienda" in board.text and 'value="Grupo 2"' in board.text
    assert fragment.status_code == 200
    assert "Redes de barrio" in fragment.text and "<html" not in fragment.text


async def test_an_empty_post_it_is_refused_where_it_was_typed(
    services: Services, tenant: Tenant, visitor: Visitor
) -> None:
    """The message is in the same column."""
    async with work_as(services, tenant) as work:
        workshop = await make_workshop(work)

    answer = await visitor.post(f"/m/temuco/talleres/{workshop.id}/registro", {"kind": "opportunity", "text": "  "})

    assert answer.status_code == 422
    assert "Falta completar «Qué dice»" in answer.text


async def test_marking_as_held_says_what_is_missing(services: Services, tenant: Tenant, visitor: Visitor) -> None:
    """Without attendance the page explains; with it, the workshop is held."""
    async with work_as(services, tenant) as work:
        workshop = await make_workshop(work, people=0)
    path = f"/m/temuco/talleres/{workshop.id}"

    refused = await visitor.post(f"{path}/realizado", {"version": str(workshop.version)})
    counted = await visitor.post(f"{path}/participantes", {"kind": "officials", "people": "1.2", "version": "0"})
    await visitor.post(f"{path}/participantes", {"kind": "officials", "people": "14", "version": "0"})
    done = await visitor.post(f"{path}/realizado", {"version": str(workshop.version)})

    assert refused.status_code == 422 and "Falta contar a quienes asistieron" in refused.text
    assert counted.status_code == 303  # «1.2» is twelve, as Chile writes thousands
    assert done.status_code == 303
    assert "Realizado" in (await visitor.get(path)).text


async def test_photographs_say_who_appears(services: Services, tenant: Tenant, visitor: Visitor) -> None:
    """Without saying whether people appear nothing is kept; saying it, several are kept at once."""
    async with work_as(services, tenant) as work:
        workshop = await make_workshop(work)
    path = f"/m/temuco/talleres/{workshop.id}"

    refused = await visitor.post(
        f"{path}/fotografias", {"kind": "photograph"}, files=[("file", ("papelografo.png", PNG, "image/png"))]
    )
    kept = await visitor.post(
        f"{path}/fotografias",
        {"kind": "photograph", "people": "unasked"},
        files=[("file", ("uno.png", PNG, "image/png")), ("file", ("dos.png", PNG + b"\x00", "image/png"))],
    )
    page = (await visitor.get(f"{path}/conclusiones")).text

    assert refused.status_code == 422 and "Diga si en las fotografías" in refused.text
    assert kept.status_code == 303
    assert "uno.png" in page and "dos.png" in page
    assert "no publicar" in page


async def test_agenda_sheets_and_report_are_paper(services: Services, tenant: Tenant, visitor: Visitor) -> None:
    """What goes to the wall and what comes back have a page; the report is also PDF and Word."""
    async with work_as(services, tenant) as work:
        workshop = await make_workshop(work, held=True)
        await make_entries(work, workshop, "Faltan intérpretes")
    path = f"/m/temuco/talleres/{workshop.id}"

    script = (await visitor.get(f"{path}/pauta")).text
    sheets = (await visitor.get(f"{path}/papelografos")).text
    report = (await visitor.get(f"{path}/informe")).text
    pdf = await visitor.get(f"{path}/informe/pdf")
    word = await visitor.get(f"{path}/informe/docx")

    assert "Identificar desafíos" in script and "palabra se reparta" in script
    assert sheets.count('class="sheet"') == 2
    assert "Faltan intérpretes" in report
    assert pdf.content.startswith(b"%PDF") and word.content.startswith(b"PK")
    assert (await visitor.get(f"{path}/informe/exe")).status_code == 404


async def test_a_stranger_meets_nothing_and_a_reader_changes_nothing(
    services: Services, tenant: Tenant, visitor: Visitor
) -> None:
    """The next municipality gets 404; a councillor reads and is refused the pen."""
    async with work_as(services, tenant) as work:
        workshop = await make_workshop(work)
    other = await make_municipality(services, cut="13201", name="Puente Alto", slug="puente-alto")
    await make_person(services, other, email="juan@puentealto.cl", name="Juan Soto")
    await make_person(services, tenant, email="ana@temuco.cl", name="Ana Cid", roles=["councillor"])
    path = f"/m/temuco/talleres/{workshop.id}"

    async with Visitor(services) as stranger:
        await stranger.sign_in("juan@puentealto.cl")
        for page in (path, f"{path}/registro", f"{path}/informe/pdf", "/m/temuco/talleres"):
            assert (await stranger.get(page)).status_code == 404
    async with Visitor(services) as reader:
        await reader.sign_in("ana@temuco.cl")
        assert (await reader.get(f"{path}/registro")).status_code == 200
        assert (await reader.post(f"{path}/registro", {"kind": "challenge", "text": "Idioma"})).status_code == 403


async def test_removing_a_workshop_asks_first(services: Services, tenant: Tenant, visitor: Visitor) -> None:
    """Without a confirmation there is a question; a held workshop is not removed at all."""
    async with work_as(services, tenant) as work:
        planned = await make_workshop(work, title="De prueba")
        held = await make_workshop(work, held=True)

    asked = await visitor.post(f"/m/temuco/talleres/{planned.id}/quitar")
    gone = await visitor.post(f"/m/temuco/talleres/{planned.id}/quitar", {"confirmed": "1"})
    kept = await visitor.post(f"/m/temuco/talleres/{held.id}/quitar", {"confirmed": "1"})

    assert asked.status_code == 200 and "¿Quitar «De prueba»?" in asked.text
    assert gone.status_code == 303
    assert kept.status_code == 422 and "Un taller realizado no se quita" in kept.text
