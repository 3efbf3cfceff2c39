"""What this extension adds to the core: an annex of the Política, a card beside each initiative, what is true of the workspace."""

from uuid import UUID

from acogida.sdk import Card, DocumentBuilder, Fact, Work, hookimpl, plugin_settings, short_date
from acogida_sello_migrante import report, store
from acogida_sello_migrante.forms import Settings
from acogida_sello_migrante.standard import standards, titles
from acogida_sello_migrante.standing import assessed, kept


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
async def page_slot(work: Work, slot: str, subject_id: UUID) -> Card | None:
    """Shows beside an initiative what of the Sello it answers, or lets it be linked."""
    if slot != "initiative.sidebar":
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


async def facts(work: Work) -> dict[str, Fact]:
    """Tells what is kept here; what the core knows is for the core to tell."""
    found = await kept(work)
    begun = await store.open_assessment(work) or next(iter(await store.closed_assessments(work)), None)
    shows = f"{standards()[begun.standard].title}, abierta el {short_date(begun.opened_on)}" if begun else ""
    return {**found.facts(), "sello_migrante.assessed": Fact(bool(begun), shows)}
