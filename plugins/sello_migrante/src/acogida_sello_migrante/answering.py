"""What this extension answers to the core: the annex, cards, what is owed, what a gate asks besides, figures, and all it keeps."""

from collections.abc import Sequence
from uuid import UUID

from acogida.sdk import (
    Card,
    DocumentBuilder,
    Duty,
    Fact,
    Indicator,
    Table,
    Work,
    core_facts,
    hookimpl,
    long_date,
    plugin_settings,
    short_date,
)
from acogida_sello_migrante import report, store
from acogida_sello_migrante.forms import Settings
from acogida_sello_migrante.keeping import tables
from acogida_sello_migrante.standard import standards, titles
from acogida_sello_migrante.standing import assessed, fold, kept, noted_steps
from acogida_sello_migrante.upcoming import notice_of, upcoming
from acogida_sello_migrante.words import counted

OF_LETTER, OF_INITIATIVES = "GATE-1.1", "GATE-3.2"
"""The gates of the guide where the Sello asks for something besides."""


@hookimpl
async def document_chapters(work: Work, builder: DocumentBuilder) -> None:
    """Writes how the municipality stands before the Sello, as it has decided; nothing before it has begun."""
    wanted = await plugin_settings(work, "sello_migrante", Settings)
    if wanted.annex == "none":
        return
    found = await assessed(work)
    if found.assessment is None and not found.kept.actions and not found.kept.recognitions:
        return
    report.write_annex(builder, found, full=wanted.annex == "full")


@hookimpl
async def page_slot(work: Work, slot: str, subject_id: UUID | None) -> Card | None:
    """Shows beside an initiative what of the Sello it answers; on the board, what is overdue and when to revalidate."""
    if slot == "board":
        return await _board(work)
    if slot != "initiative.sidebar" or subject_id is None:
        return None
    born = {row.criterion: row.criterion_title for row in await store.gap_initiatives(work, subject_id)}
    linked = {
        row.criterion: titles().get(row.criterion, "") for row in await store.proofs_of_initiative(work, subject_id)
    }
    lines = [f"Nace de la brecha {key}: {title}" for key, title in born.items()]
    lines += [f"Respalda {key}: {title}".rstrip(": ") for key, title in linked.items() if key not in born]
    if not lines:
        lines = ["No está vinculada a ningún requisito."]
    return Card("Sello Migrante", tuple(lines), (("Cambiar los vínculos", f"iniciativas/{subject_id}"),))


async def _board(work: Work) -> Card | None:
    """Nothing while nothing presses."""
    found = await kept(work)
    late = [
        row
        for row in found.actions
        if row.state in ("planned", "underway") and row.ends_on and row.ends_on < work.today()
    ]
    lines = [f"{counted(len(late), 'acción atrasada', 'acciones atrasadas')} en su plan de trabajo."] if late else []
    again = found.due_again_on
    if again and again - await notice_of(work) <= work.today():
        said = "Correspondía" if again < work.today() else "Corresponde"
        lines.append(f"{said} revalidarlo el {long_date(again)}.")
    return Card("Sello Migrante", tuple(lines), (("Ver cómo está", ""),)) if lines else None


@hookimpl
async def duties(work: Work) -> Sequence[Duty]:
    """Tells what the work plan, the training and the process owe, and when the Sello is to be evaluated again."""
    me = {fold(work.actor.name), fold(work.actor.unit)} - {""}
    rows = upcoming(work, await kept(work), await noted_steps(work), await notice_of(work))
    return [Duty(each.text, each.who, each.path, each.due_on, mine=fold(each.who) in me) for each in rows]


@hookimpl
async def gate_problems(work: Work, gate: str) -> Sequence[str]:
    """Asks for the concejo's signatures with the letter, and for something to be done about each gap with the initiatives."""
    if gate not in (OF_LETTER, OF_INITIATIVES) or not (await plugin_settings(work, "sello_migrante", Settings)).remind:
        return ()
    if gate == OF_LETTER:
        signed = (await core_facts(work)).get("acts.letter_signed_by_councillors")
        return (
            () if signed and signed.met else ("La carta firmada también por el concejo: es el hito formal del Sello.",)
        )
    found = await assessed(work)
    if found.assessment is None:
        return ("Revisar la autoevaluación: puede mostrar brechas que pasen a ser iniciativas.",)
    idle = [each.criterion.id for each in found.gaps if each.criterion.counts and not each.born and not each.actions]
    return (f"Decidir qué se hará con las brechas {', '.join(idle)}.",) if idle else ()


@hookimpl
async def indicators(work: Work) -> Sequence[Indicator]:
    """Gives the count of requirements and the officials trained."""
    found = await assessed(work)
    register = found.kept.register
    return (
        Indicator(
            key="sello_migrante.requirements_met",
            label="Requisitos del Sello Migrante cumplidos, según su autoevaluación",
            value=found.met if found.assessment else None,
            unit="requisitos",
            text=f"{found.met} de {found.total} que se cuentan" if found.assessment else "",
            source=f"Autoevaluación, {found.standard.title}",
            shared=True,
        ),
        Indicator(
            key="sello_migrante.officials_trained",
            label="Personal municipal capacitado",
            value=register.people,
            unit="personas",
            text=f"{counted(register.people, 'persona', 'personas')} en {counted(len(register.registered), 'actividad', 'actividades')}",
            source="Registro de capacitación",
            shared=True,
        ),
    )


@hookimpl
async def export(work: Work) -> Sequence[Table]:
    """Gives everything that is kept, but for the names of officials: a copy could not be erased with them."""
    return await tables(work)


@hookimpl
async def shred(work: Work) -> int:
    """Erases everything that is kept."""
    return await store.erase_everything(work)


async def facts(work: Work) -> dict[str, Fact]:
    """Tells what is kept here; what the core knows is for the core to tell."""
    found = await kept(work)
    begun = await store.latest_assessment(work)
    shows = f"{standards()[begun.standard].title}, abierta el {short_date(begun.opened_on)}" if begun else ""
    return {**found.facts(), "sello_migrante.assessed": Fact(bool(begun), shows)}
