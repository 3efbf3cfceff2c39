"""What extensions add to an initiative is written in its form, shown in the matrix, and stays when they are gone."""

from collections.abc import AsyncIterator
from io import BytesIO
from uuid import UUID

import openpyxl
import pytest
from sqlalchemy import text

from acogida.app.wiring import Services
from acogida.features.extensions.public import columns
from acogida.features.initiatives.public import matrix_annex
from acogida.kernel.document import DocumentBuilder, plain_text
from acogida.kernel.hooks import Plugin, hookimpl
from acogida.kernel.manifest import InitiativeColumn, InitiativeField
from acogida.kernel.tenancy import Tenant
from acogida.kernel.work import Work
from support.extensions import enable, having
from support.make import make_municipality, make_person, work_as
from support.make_plan import make_axis, make_initiative
from support.visitor import Visitor

KNOWN: dict[UUID, str] = {}


class Columns:
    @hookimpl
    async def initiative_columns(self, work: Work) -> list[InitiativeColumn]:
        del work
        return [InitiativeColumn("Plan", {row: f"Línea <{name}>" for row, name in KNOWN.items()})]


PLUGIN = Plugin(
    name="goals",
    title="Metas",
    summary="Prueba.",
    touches=("Nada.",),
    version="1",
    platform=("0.1", "1"),
    initiative_fields=(
        InitiativeField(key="goal", label="Meta del PMG", column=True, max_length=20),
        InitiativeField(key="pace", label="Ritmo", options=("Lento", "Rápido")),
    ),
    hooks=Columns(),
)


@pytest.fixture
async def tenant(services: Services) -> Tenant:
    tenant = await make_municipality(services)
    await make_person(services, tenant)
    return tenant


@pytest.fixture
async def school(services: Services, tenant: Tenant) -> AsyncIterator[UUID]:
    async with work_as(services, tenant) as work:
        axis = await make_axis(work)
        row = await make_initiative(work, "Escuela de líderes", axis_id=axis.id)
    KNOWN.clear()
    KNOWN[row.id] = "3"
    with having(PLUGIN):
        await enable(services, tenant, "goals")
        yield row.id


@pytest.fixture
async def rosa(visitor: Visitor, school: UUID) -> Visitor:
    del school
    await visitor.sign_in("rosa@temuco.cl")
    return visitor


async def save(rosa: Visitor, school: UUID, *, version: str = "1", **said: str):
    extra = {f"x.goals.{name}": value for name, value in said.items()}
    return await rosa.post(f"/m/temuco/iniciativas/{school}", {"name": "Escuela", "version": version, **extra})


async def test_a_line_is_written_kept_and_told(rosa: Visitor, school: UUID, services: Services, tenant: Tenant) -> None:
    """In the form with its own words, in the book of the workspace, and in the columns."""
    before = (await rosa.get(f"/m/temuco/iniciativas/{school}")).text
    saved = await save(rosa, school, goal="Meta 4 <b>", pace="Rápido")
    after = (await rosa.get(f"/m/temuco/iniciativas/{school}")).text
    grid = (await rosa.get("/m/temuco/iniciativas")).text
    book = openpyxl.load_workbook(BytesIO((await rosa.get("/m/temuco/iniciativas/planilla.xlsx")).content))

    assert "Meta del PMG" in before
    assert "De la extensión «Metas»" in before
    assert saved.status_code == 303
    assert 'value="Meta 4 &lt;b&gt;"' in after
    assert "<td>Meta 4 &lt;b&gt;<td>Línea &lt;3&gt;<td>" in grid
    titles, row = list(book["Iniciativas"].iter_rows(values_only=True))[:2]
    assert dict(zip(titles, row, strict=True))["Meta del PMG"] == "Meta 4 <b>"
    assert dict(zip(titles, row, strict=True))["Plan"] == "Línea <3>"
    async with work_as(services, tenant) as work:
        told = await work.session.scalar(
            text("select sentence from core.audit_entry where tag = 'initiative.completed'")
        )
    assert told == "completó la iniciativa «Escuela»: Meta del PMG, Ritmo"


@pytest.mark.parametrize(("name", "value"), [("goal", "x" * 21), ("pace", "Ninguno")])
async def test_what_a_line_does_not_admit_saves_nothing(rosa: Visitor, school: UUID, name: str, value: str) -> None:
    """The words stay on the page beside their problem, and the initiative is as it was."""
    answer = await save(rosa, school, **{name: value})
    again = (await rosa.get(f"/m/temuco/iniciativas/{school}")).text

    assert answer.status_code == 422
    assert f"f-x.goals.{name}" in answer.text
    assert value in answer.text or name == "pace"
    assert "Escuela de líderes" in again


async def test_a_form_without_the_line_leaves_it(
    rosa: Visitor, school: UUID, services: Services, tenant: Tenant
) -> None:
    """An older page, or one opened before the extension was on."""
    await save(rosa, school, goal="Meta 4")
    await save(rosa, school, version="2")
    async with work_as(services, tenant) as work:
        assert (await columns(work))[0].values == {school: "Meta 4"}


async def test_what_was_written_outlives_the_extension(
    rosa: Visitor, school: UUID, services: Services, tenant: Tenant
) -> None:
    """Uninstalled: it is read, printed and taken away with the label it had; back again, it can be written."""
    await save(rosa, school, goal="Meta 4")
    with having():
        page = (await rosa.get(f"/m/temuco/iniciativas/{school}")).text
        grid = (await rosa.get("/m/temuco/iniciativas")).text
        async with work_as(services, tenant) as work:
            builder = DocumentBuilder("Política", author="Temuco", kind="Política", date=work.today())
            await matrix_annex(work, builder)
    paper = plain_text(builder.build())

    assert "hoy no está en esta instalación" in page
    assert "<dt>Meta del PMG</dt><dd>Meta 4</dd>" in page
    assert "Meta 4" in grid
    assert "Plan" not in grid.partition("<thead>")[2].partition("</thead>")[0]
    assert "Meta del PMG" in paper
    assert "Meta 4" in paper
    assert 'value="Meta 4"' in (await rosa.get(f"/m/temuco/iniciativas/{school}")).text
