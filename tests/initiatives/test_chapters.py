"""What the plan writes into the document of the Política."""

from datetime import date

from acogida.app.wiring import Services
from acogida.features.initiatives.model import StrategicFrame
from acogida.features.initiatives.public import matrix_annex, objectives_chapter, plan_chapter
from acogida.kernel.document import DocumentBuilder, Figure, Missing, Table, plain_text
from support.make import make_municipality, work_as
from support.make_plan import make_axis, make_initiative, make_objective, whole


def _builder() -> DocumentBuilder:
    return DocumentBuilder("Política", author="Municipalidad de Temuco", kind="policy", date=date(2026, 11, 23))


async def test_an_empty_plan_says_what_is_missing_and_where_to_write_it(services: Services) -> None:
    """Vision, objectives, ejes and initiatives are noted as missing, each with its page."""
    tenant = await make_municipality(services)
    builder = _builder()

    async with work_as(services, tenant) as work:
        await objectives_chapter(work, builder)
        await plan_chapter(work, builder)
    document = builder.build()

    assert [block.link for block in document.missing] == [
        "/m/temuco/planificacion/vision",
        "/m/temuco/planificacion/objetivos/general",
        "/m/temuco/planificacion/objetivos",
        "/m/temuco/planificacion/ejes",
        "/m/temuco/iniciativas",
    ]


async def test_the_chapters_keep_the_numbers_of_the_guides_index(services: Services) -> None:
    """Vision stands above the general objective without taking its number; each eje has its table and its calendar."""
    tenant = await make_municipality(services)
    builder = _builder()

    async with work_as(services, tenant) as work:
        work.session.add(StrategicFrame(vision="Una comuna que acoge", horizon_year=2034))
        axis = await make_axis(work)
        await make_objective(work, "Integrar a las personas migrantes", kind="general")
        await make_objective(work, axis_id=axis.id, indicators="Personas atendidas en su lengua")
        await make_initiative(
            work, **whole(axis), budget=8_200_000, funding_source="Municipal", responsible="Rosa Painemal"
        )
        builder.h(1, "Introducción")
        builder.h(1, "Diagnóstico")
        await objectives_chapter(work, builder, intro="Estos son los objetivos.")
        await plan_chapter(work, builder)
        await matrix_annex(work, builder)
    document = builder.build()

    assert [heading.label for heading in document.headings][2:] == [
        "3 Objetivos de la Política",
        "Visión",
        "3.1 Objetivo general",
        "3.2 Objetivos específicos",
        "4 Planificación",
        "4.1 Ejes de trabajo",
        "4.2 Iniciativas por eje",
        "4.2.1 Acogida y derechos",
        "Anexo A. Matriz de planificación",
    ]
    assert not [block for block in document.blocks if isinstance(block, Missing)]
    assert len([block for block in document.blocks if isinstance(block, Table)]) == 3
    assert len([block for block in document.blocks if isinstance(block, Figure)]) == 1
    text = plain_text(document)
    for words in (
        "Una comuna que acoge",
        "60 personas formadas",
        "$8.200.000",
        "01-03-2027 a 30-11-2027",
        "Rosa Painemal",
    ):
        assert words in text


async def test_initiatives_without_an_axis_are_not_left_out(services: Services) -> None:
    """They come last, under a title of their own."""
    tenant = await make_municipality(services)
    builder = _builder()

    async with work_as(services, tenant) as work:
        await make_initiative(work, "Feria laboral intercultural")
        await plan_chapter(work, builder)

    assert "Iniciativas sin eje" in plain_text(builder.build())
    assert "Feria laboral intercultural" in plain_text(builder.build())
