"""What the library answers to the core: a card, an annex, figures, what is true of the workspace, and all that it keeps."""

from collections.abc import Sequence
from uuid import UUID

from acogida.sdk import Card, DocumentBuilder, Fact, Indicator, Table, Work, hookimpl, initiatives
from acogida_biblioteca import store
from acogida_biblioteca.model import KINDS, Material


@hookimpl
async def page_slot(work: Work, slot: str, subject_id: UUID | None) -> Card | None:
    """Shows beside an initiative what the library has for it."""
    if slot != "initiative.sidebar" or subject_id is None:
        return None
    rows = await store.of_initiative(work, subject_id)
    lines = tuple(f"{row.title} ({row.language})" for row in rows) or ("Ningún material la acompaña todavía.",)
    link = ("Agregar un material", f"nuevo?iniciativa={subject_id}") if work.actor.may("planning:edit") else None
    return Card("Biblioteca", lines, (link,) if link else ())


@hookimpl
async def document_chapters(work: Work, builder: DocumentBuilder) -> None:
    """Writes what goes along with each initiative; nothing where nothing does."""
    by_initiative: dict[UUID, list[Material]] = {}
    for row in await store.materials(work):
        if row.initiative_id:
            by_initiative.setdefault(row.initiative_id, []).append(row)
    if not by_initiative:
        return
    builder.annex("Materiales de la biblioteca municipal")
    builder.p("La biblioteca de la comuna pone estos materiales a disposición de las iniciativas de la Política.")
    builder.table(
        "Materiales que acompañan a las iniciativas",
        ["Iniciativa", "Material", "Tipo", "Lengua", "Signatura"],
        [
            [(each.name,), (row.title,), KINDS[row.kind], (row.language,), (row.call_number,)]
            for each in await initiatives(work)
            for row in by_initiative.get(each.id, ())
        ],
        weights=[4, 5, 3, 3, 2],
        header_column=True,
    )


@hookimpl
async def indicators(work: Work) -> Sequence[Indicator]:
    """Gives in how many languages there is something, and how many initiatives have something."""
    rows = await store.materials(work)
    languages = {row.language.casefold() for row in rows}
    accompanied = {row.initiative_id for row in rows if row.initiative_id}
    return (
        Indicator(key="biblioteca.languages", label="Lenguas con algún material", value=len(languages)),
        Indicator(key="biblioteca.initiatives", label="Iniciativas con material", value=len(accompanied)),
    )


@hookimpl
async def export(work: Work) -> Sequence[Table]:
    """Gives the whole collection."""
    names = {row.id: row.name for row in await initiatives(work)}
    return (
        Table(
            "Colección",
            ("Título", "Autoría", "Tipo", "Lengua", "Signatura", "Ejemplares", "Acompaña a"),
            [
                (
                    *(row.title, row.author, KINDS[row.kind], row.language, row.call_number, row.copies),
                    names.get(row.initiative_id, "") if row.initiative_id else "",
                )
                for row in await store.materials(work)
            ],
        ),
    )


@hookimpl
async def shred(work: Work) -> int:
    """Erases the collection."""
    return await store.erase_everything(work)


async def facts(work: Work) -> dict[str, Fact]:
    rows = await store.materials(work)
    words = "un material" if len(rows) == 1 else f"{len(rows)} materiales"
    return {"biblioteca.collection": Fact(bool(rows), words if rows else "", len(rows))}
