"""Builders of a diagnosis: a workshop that took place, findings with and without evidence."""

from collections.abc import Sequence
from datetime import date

from acogida.features.diagnosis import actions as diagnosis
from acogida.features.diagnosis.forms import AddFinding, EditSection, EditService, EditSource
from acogida.features.diagnosis.model import Finding, Service, Source
from acogida.features.workshops import actions
from acogida.features.workshops.forms import AddEntries, EditGroup, EditWorkshop
from acogida.features.workshops.model import Workshop, WorkshopEntry
from acogida.kernel.work import Work


async def make_workshop(
    work: Work,
    *,
    kind: str = "diagnosis_officials",
    title: str = "Taller de diagnóstico",
    held_on: date = date(2026, 11, 10),
    agenda: str = "10 Presentación\n25 Identificar desafíos",
    working_groups: str = "Grupo 1\nGrupo 2",
    people: int = 12,
    held: bool = False,
) -> Workshop:
    """A workshop with somebody counted; `held` marks it as done."""
    row = await actions.call_workshop(
        work, EditWorkshop(kind=kind, title=title, held_on=held_on, agenda=agenda, working_groups=working_groups)
    )
    if people:
        await actions.count_group(
            work, row.id, EditGroup(kind="officials", people=people, description="Salud y Dideco")
        )
    return await actions.hold(work, row.id, version=row.version) if held else row


async def make_entries(
    work: Work, workshop: Workshop, *texts: str, kind: str = "challenge", group: str = "Grupo 1"
) -> list[WorkshopEntry]:
    """Post-its, one for each text."""
    return await actions.note_entries(work, workshop.id, AddEntries(kind=kind, text="\n".join(texts), group_name=group))


async def make_source(work: Work, *, title: str = "Pladeco 2024–2030", kind: str = "municipal") -> Source:
    """A source reviewed before today."""
    return await diagnosis.add_source(
        work,
        EditSource(title=title, kind=kind, summary="Nombra a la población migrante.", reviewed_on=date(2026, 9, 1)),
    )


async def make_service(
    work: Work, *, unit: str = "Departamento de Salud", name: str = "Inscripción sin RUN"
) -> Service:
    return await diagnosis.add_service(work, EditService(unit=unit, name=name, dimensions=("dim_6",)))


async def make_finding(
    work: Work,
    *,
    title: str = "El idioma es la primera barrera en salud",
    kind: str = "challenge",
    dimensions: Sequence[str] = ("dim_6",),
    backed: bool = True,
    relevant: bool = True,
) -> Finding:
    """A finding; `backed` gives it a testimony."""
    return await diagnosis.add_finding(
        work,
        AddFinding(
            title=title,
            kind=kind,
            dimensions=tuple(dimensions),
            relevant=relevant,
            evidence_kind="testimony" if backed else "",
            evidence_text="«Me fui sin entender», usuaria del Cesfam" if backed else "",
        ),
    )


async def make_texts(work: Work) -> None:
    """The two texts without which a report is not closed."""
    for key in ("presentation", "conclusions"):
        await diagnosis.write_section(work, key, EditSection(text=f"Texto de {key}."))
