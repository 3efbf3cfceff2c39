"""What this plugin answers to the core: the annex, cards, reminders, figures, columns, and what it keeps."""

from collections.abc import Sequence
from uuid import UUID

from acogida.sdk import (
    Card,
    DocumentBuilder,
    Fact,
    Indicator,
    InitiativeColumn,
    Table,
    Work,
    hookimpl,
    plugin_settings,
)
from acogida_pnme import store
from acogida_pnme.forms import Settings
from acogida_pnme.frameworks import OBJECTIVES, known
from acogida_pnme.looking import Looked, labels_of, look

OF_INITIATIVES = "GATE-3.2"
"""The gate of the guide where initiatives are finished."""
SHORT = {"pnme": "PNME", "ods": "ODS"}


@hookimpl
async def document_chapters(work: Work, builder: DocumentBuilder) -> None:
    """Writes the statement of alignment with both frameworks, as the municipality has set it; nothing before any link."""
    wanted = (await plugin_settings(work, "pnme", Settings)).annex
    if wanted == "none":
        return
    looked, said = await look(work), await store.statements(work)
    if not any(each.found.links for each in looked.values()) and not said:
        return
    builder.annex("Alineación con la Política Nacional de Migración y la Agenda 2030")
    for key, each in looked.items():
        builder.h(2, each.known.framework.title, numbered=False)
        if key in said:
            builder.p(said[key].text)
        _table(builder, each, full=wanted == "full")
        if key == "ods":
            builder.p(
                f"De las {len(each.known.migration)} metas que mencionan la migración, la trata o el estatus migratorio, "
                f"la Política aporta a {each.migration_covered}."
            )
        _source(builder, each)


def _table(builder: DocumentBuilder, each: Looked, *, full: bool) -> None:
    rows = [
        [(branch.node.label,), (f"{subject.words}: {subject.title}",), (each.found.note(subject),)]
        for top in each.found.branches
        for _, branch in top.walk()
        for subject in branch.own
    ]
    if rows:
        builder.table(
            f"A qué de {each.known.framework.title} aporta la Política",
            ["Parte", "De la Política", "Cómo aporta"],
            rows,
            weights=[5, 5, 4],
            header_column=True,
        )
    else:
        builder.p("Todavía no hay vínculos.")
    if not full:
        return
    if each.key == "pnme" and (empty := [top.node.label for top in each.found.branches if not top.subjects]):
        builder.p("Ejes sin nada de la Política; varios son competencia del nivel nacional:")
        builder.bullets(empty)
    if outside := [subject for subject in each.found.outside if subject.kind == "initiative"]:
        builder.p("Iniciativas sin vínculo:")
        builder.bullets([subject.title for subject in outside])


def _source(builder: DocumentBuilder, each: Looked) -> None:
    framework = each.known.framework
    told = f"{framework.version}. {framework.source.text}: {framework.source.url}" if framework.source else ""
    if each.key == "pnme":
        read = sum(1 for top in framework.nodes for _ in top.children)
        told += f"\n\nDe sus {OBJECTIVES} objetivos específicos se han leído {read}; su numeración es propia."
    builder.note("De dónde sale", told, tone="plain")


@hookimpl
async def page_slot(work: Work, slot: str, subject_id: UUID | None) -> Card | None:
    """Shows beside an initiative or a finding what of both frameworks it works for."""
    kind = {"initiative.sidebar": "initiative", "finding.sidebar": "finding"}.get(slot)
    if kind is None or subject_id is None:
        return None
    told = labels_of(await look(work), kind, subject_id)
    lines = tuple(label for labels in told.values() for label in labels)
    link = ("Cambiar los vínculos" if lines else "Vincular", f"vinculos/{kind}/{subject_id}")
    return Card("PNME y ODS", lines or ("Sin vínculo con la PNME ni con los ODS.",), (link,))


@hookimpl
async def gate_problems(work: Work, gate: str) -> Sequence[str]:
    """Reminds, before the initiatives are closed, of those that have nothing to do with the national policy."""
    if gate != OF_INITIATIVES or not (await plugin_settings(work, "pnme", Settings)).remind:
        return ()
    each = (await look(work))["pnme"]
    outside = each.initiatives - each.initiatives_inside
    if not outside:
        return ()
    many = f"{outside} iniciativas" if outside > 1 else "una iniciativa"
    return (f"Decir a qué de la PNME aporta{'n' if outside > 1 else ''} {many} sin vínculo.",)


@hookimpl
async def indicators(work: Work) -> Sequence[Indicator]:
    """Gives how much of the plan is linked, and how many of the targets that name migration have something."""
    looked = await look(work)
    linked = [
        Indicator(
            key=f"pnme.{key}_linked",
            label=f"Iniciativas vinculadas a {each.known.framework.title}",
            value=round(100 * each.initiatives_inside / each.initiatives, 1) if each.initiatives else None,
            unit="%",
            text=f"{each.initiatives_inside} de {each.initiatives} iniciativas",
            source=each.known.framework.version,
            shared=True,
        )
        for key, each in looked.items()
    ]
    ods = looked["ods"]
    return (
        *linked,
        Indicator(
            key="pnme.migration_targets",
            label="Metas de la Agenda 2030 que mencionan la migración, con algo de la Política",
            value=ods.migration_covered,
            unit="metas",
            text=f"{ods.migration_covered} de {len(ods.known.migration)} metas",
            source=ods.known.framework.version,
            shared=True,
        ),
    )


@hookimpl
async def initiative_columns(work: Work) -> Sequence[InitiativeColumn]:
    """Says in the matrix what each initiative works for, where the municipality wants it."""
    if not (await plugin_settings(work, "pnme", Settings)).columns:
        return ()
    columns = []
    for key, each in (await look(work)).items():
        told: dict[UUID, list[str]] = {}
        for link in each.found.links:
            if link.kind == "initiative":
                told.setdefault(link.subject_id, []).append(link.node)
        columns.append(InitiativeColumn(SHORT[key], {row: ", ".join(codes) for row, codes in told.items()}))
    return columns


@hookimpl
async def export(work: Work) -> Sequence[Table]:
    """Gives the statement; the links are kept by the core, which exports them."""
    rows = await store.statements(work)
    return (
        Table(
            "Declaraciones de alineación",
            ("Marco", "Declaración"),
            [(known()[key].framework.title, row.text) for key, row in rows.items()],
        ),
    )


@hookimpl
async def shred(work: Work) -> int:
    """Erases the statement."""
    return await store.erase_everything(work)


async def facts(work: Work) -> dict[str, Fact]:
    """Tells how much of the plan is linked, and whether the statement is written."""
    looked, said = await look(work), await store.statements(work)
    told = {
        f"pnme.{key}_linked": Fact(
            bool(each.initiatives_inside),
            f"{each.initiatives_inside} de {each.initiatives} iniciativas vinculadas" if each.initiatives else "",
            each.initiatives_inside,
        )
        for key, each in looked.items()
    }
    written = bool((row := said.get("ods")) and row.text)
    return {**told, "pnme.statement": Fact(written, "Declaración escrita" if written else "")}
