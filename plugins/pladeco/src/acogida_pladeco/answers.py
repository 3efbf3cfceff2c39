"""What this plugin answers to the core, besides its annex: cards, reminders, figures, a column, and all that it keeps."""

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from acogida.sdk import (
    Card,
    Duty,
    Indicator,
    InitiativeColumn,
    Table,
    Work,
    hookimpl,
    plugin_settings,
)
from acogida_pladeco import store
from acogida_pladeco.annex import document_chapters
from acogida_pladeco.coverage import coverage
from acogida_pladeco.forms import Settings
from acogida_pladeco.words import LEVELS, counted

__all__ = [
    "document_chapters",
    "duties",
    "export",
    "gate_problems",
    "indicators",
    "initiative_columns",
    "page_slot",
    "shred",
]

OF_INITIATIVES = "GATE-3.2"
"""The gate of the guide where initiatives are finished."""


@hookimpl
async def page_slot(work: Work, slot: str, subject_id: UUID | None) -> Card | None:
    """Shows beside an initiative what it contributes to, and on the page of the planning stage how much is covered."""
    if slot == "stage.planning":
        return await _stage(work)
    if slot != "initiative.sidebar" or subject_id is None:
        return None
    plan = await store.in_use(work)
    if plan is None:
        return Card("PLADECO", ("Todavía no está registrado.",), (("Registrar el PLADECO", ""),))
    linked = await store.linked_elements(work, subject_id, plan.id)
    path = f"iniciativas/{subject_id}"
    if linked:
        lines = tuple(f"{LEVELS[each.level]}: {each.title}" for each in linked)
        return Card("PLADECO", lines, (("Cambiar los vínculos", path),))
    found = await store.suggestion(work, subject_id, plan.id)
    said = (f"Lo escrito en «PMG o PLADECO» parece referirse a «{found.title}».",) if found else ()
    return Card("PLADECO", ("Esta iniciativa no está vinculada al PLADECO.", *said), (("Vincular al PLADECO", path),))


async def _stage(work: Work) -> Card | None:
    plan = await store.in_use(work)
    if plan is None:
        return None
    found = await coverage(work, plan)
    lines = (
        f"{found.covered} de {len(found.lines)} lineamientos tienen iniciativas.",
        f"{len(found.linked)} de {len(found.initiatives)} iniciativas están vinculadas.",
    )
    return Card(plan.name, lines, (("Ver la relación con el PLADECO", ""),))


@hookimpl
async def gate_problems(work: Work, gate: str) -> Sequence[str]:
    """Reminds, before the initiatives are closed, of those that the PLADECO knows nothing of."""
    if gate != OF_INITIATIVES or not (await plugin_settings(work, "pladeco", Settings)).remind:
        return ()
    plan = await store.in_use(work)
    if plan is None:
        return ("Registrar el PLADECO de la comuna.",)
    outside = len((await coverage(work, plan)).outside)
    if not outside:
        return ()
    return (
        f"Decir a qué del {plan.name} aporta{'n' if outside > 1 else ''} {counted(outside, 'iniciativa', 'iniciativas')} sin vínculo.",
    )


@hookimpl
async def indicators(work: Work) -> Sequence[Indicator]:
    """Gives how much of each instrument answers the other."""
    plan = await store.in_use(work)
    if plan is None:
        return ()
    found = await coverage(work, plan)

    def share(key: str, label: str, some: int, whole: int, words: str) -> Indicator:
        value = round(100 * some / whole, 1) if whole else None
        text = f"{some} de {whole} {words}"
        return Indicator(key=key, label=label, value=value, unit="%", text=text, source=plan.name, shared=True)

    return (
        share(
            "pladeco.lines_covered",
            "Lineamientos del PLADECO con iniciativas de la Política",
            found.covered,
            len(found.lines),
            "lineamientos",
        ),
        share(
            "pladeco.initiatives_linked",
            "Iniciativas vinculadas al PLADECO",
            len(found.linked),
            len(found.initiatives),
            "iniciativas",
        ),
    )


@hookimpl
async def duties(work: Work) -> Sequence[Duty]:
    """Tells that the PLADECO ends, in its last year and while nothing has come after it."""
    plan = await store.in_use(work)
    if plan is None or work.today().year < plan.last_year:
        return ()
    words = f"Llevar a la actualización del {plan.name} lo que la Política propone"
    return (Duty(words, "Secplan", "", date(plan.last_year, 12, 31)),)


@hookimpl
async def initiative_columns(work: Work) -> Sequence[InitiativeColumn]:
    """Says, in the matrix, what of the PLADECO each initiative is linked to."""
    plan = await store.in_use(work)
    if plan is None:
        return ()
    titles = {each.id: each.title for each in await store.elements(work, plan.id)}
    links = await store.links(work, plan.id)
    return (
        InitiativeColumn("PLADECO", {row: "; ".join(titles[each] for each in some) for row, some in links.items()}),
    )


@hookimpl
async def export(work: Work) -> Sequence[Table]:
    """Gives every PLADECO with its elements, and what is said of each initiative, of every cycle."""
    plans = {row.id: row for row in await store.pladecos(work)}
    held = [each for plan_id in plans for each in await store.elements(work, plan_id)]
    titles = {each.id: each.title for each in held}
    names = await store.initiative_names(work)
    said = await store.alignments(work)
    linked = [
        (row, each) for plan_id in plans for row, some in (await store.links(work, plan_id)).items() for each in some
    ]
    return (
        Table(
            "PLADECO registrados",
            (
                "Nombre",
                "Primer año",
                "Último año",
                "Acto que lo aprobó",
                "Fecha de aprobación",
                "Publicado en",
                "Notas",
            ),
            [
                (row.name, row.first_year, row.last_year, row.approval, row.approved_on, row.url, row.notes)
                for row in plans.values()
            ],
        ),
        Table(
            "Lineamientos, objetivos y programas",
            ("PLADECO", "Nivel", "Depende de", "Nombre", "Descripción", "Unidad", "Desde", "Hasta"),
            [
                (
                    plans[each.pladeco_id].name,
                    LEVELS[each.level],
                    titles.get(each.parent_id, "") if each.parent_id else "",
                    each.title,
                    each.description,
                    each.unit,
                    each.first_year,
                    each.last_year,
                )
                for each in held
            ],
        ),
        Table(
            "Iniciativas vinculadas",
            ("Iniciativa", "Parte del PLADECO"),
            [(names.get(row, ""), titles[each]) for row, each in linked],
        ),
        Table(
            "Lo que se dijo de cada iniciativa",
            ("Iniciativa", "Cómo aporta", "Lineamiento donde cabría", "Por qué incorporarla"),
            [
                (
                    names.get(row.initiative_id, ""),
                    row.contribution,
                    titles.get(row.proposed_under_id, "") if row.proposed_under_id else "",
                    row.proposal,
                )
                for row in said.values()
            ],
        ),
    )


@hookimpl
async def shred(work: Work) -> int:
    """Erases every PLADECO and what was said of the initiatives."""
    return await store.erase_everything(work)
