"""What a workshop left, as paper: its report (TPL-09, HERR-4.2-22) and its place in the annex of other documents."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from acogida.features.workshops import store
from acogida.features.workshops.model import Workshop, WorkshopEntry, WorkshopGroup
from acogida.features.workshops.words import (
    DIAGNOSIS,
    ENTRY_PLURALS,
    KINDS,
    PARTICIPANTS,
    VERDICTS,
    entry_kinds_of,
    lowered,
)
from acogida.kernel.document import Document, DocumentBuilder, Text
from acogida.kernel.work import Work
from acogida.web.format import long_date


@dataclass(frozen=True, slots=True)
class Candidate:
    """An initiative proposed in a planning workshop, with the seven answers of TPL-15 and the eje it was proposed for."""

    id: UUID
    """The workshop entry it was noted as."""
    workshop_id: UUID
    workshop_title: str
    group: str
    axis: str
    name: str
    description: str
    needs_funding: bool | None
    target: str
    unit: str
    alliances: str
    period: str


@dataclass(frozen=True, slots=True)
class WorkshopRecord:
    """A workshop with its participants and everything that was noted in it."""

    workshop: Workshop
    groups: tuple[WorkshopGroup, ...]
    entries: tuple[WorkshopEntry, ...]

    @property
    def id(self) -> UUID:
        return self.workshop.id

    @property
    def people(self) -> int:
        """How many attended."""
        return sum(group.people for group in self.groups)

    @property
    def returning(self) -> int:
        """How many of them had been in a diagnosis workshop (PLAN-3.1-04)."""
        return sum(group.from_diagnosis for group in self.groups)

    def people_of(self, kind: str) -> int:
        """How many participants of this kind attended."""
        return sum(group.people for group in self.groups if group.kind == kind)

    def of(self, kind: str) -> tuple[WorkshopEntry, ...]:
        """What was noted of this kind, in order."""
        return tuple(entry for entry in self.entries if entry.kind == kind)

    @property
    def candidates(self) -> tuple[Candidate, ...]:
        return tuple(candidate(entry, self.workshop) for entry in self.of("initiative"))

    @property
    def attendance(self) -> str:
        """`17 personas: funcionarias y funcionarios (14), vecinas y vecinos (3)`, or that nobody was counted yet."""
        if not self.people:
            return "Sin asistencia registrada"
        parts = [
            f"{lowered(label)} ({self.people_of(kind)})" for kind, label in PARTICIPANTS.items() if self.people_of(kind)
        ]
        return f"{counted(self.people, 'persona', 'personas')}: {', '.join(parts)}"


def candidate(entry: WorkshopEntry, workshop: Workshop) -> Candidate:
    """This function will read an entry of kind `initiative` as a candidate."""
    said = entry.details
    return Candidate(
        id=entry.id,
        workshop_id=entry.workshop_id,
        workshop_title=workshop.title,
        group=entry.group_name,
        axis=said.get("axis", ""),
        name=entry.text,
        description=said.get("description", ""),
        needs_funding=said.get("needs_funding"),
        target=said.get("target", ""),
        unit=said.get("unit", ""),
        alliances=said.get("alliances", ""),
        period=said.get("period", ""),
    )


async def records(work: Work, *, held: bool | None = None, kinds: Sequence[str] = ()) -> tuple[WorkshopRecord, ...]:
    """This function will read the workshops with all they hold, by date, in three queries."""
    return await _with_contents(work, await store.workshops(work, held=held, kinds=kinds))


async def record_of(work: Work, workshop_id: UUID) -> WorkshopRecord:
    """This function will read one workshop with all it holds; `NotFound` when there is none."""
    return (await _with_contents(work, [await store.workshop(work, workshop_id)]))[0]


async def _with_contents(work: Work, found: Sequence[Workshop]) -> tuple[WorkshopRecord, ...]:
    if not found:
        return ()
    ids = [row.id for row in found]
    groups = await store.groups(work, ids)
    entries = await store.entries(work, workshop_ids=ids)
    return tuple(
        WorkshopRecord(
            row,
            tuple(group for group in groups if group.workshop_id == row.id),
            tuple(entry for entry in entries if entry.workshop_id == row.id),
        )
        for row in found
    )


def report(work: Work, record: WorkshopRecord) -> Document:
    """This function will write the report of one workshop; a draft says what is missing and where to write it."""
    row = record.workshop
    builder = DocumentBuilder(
        row.title,
        author=f"Municipalidad de {work.tenant.name}",
        kind="Informe de taller",
        date=row.held_on,
        subtitle=KINDS[row.kind],
        notice="Datos de demostración" if work.tenant.demo else "",
        numbered=True,
    )
    home = f"/m/{work.tenant.slug}/talleres/{row.id}"
    if row.status != "held":
        builder.missing("El taller todavía no está marcado como realizado.", home)
    builder.facts(
        [
            ("Fecha", long_date(row.held_on) + (f", {row.starts_at} horas" if row.starts_at else "")),
            ("Lugar", row.place),
            ("Facilitación", row.facilitator),
            ("Registro", row.recorder),
            ("Asistencia", record.attendance),
            ("Volvieron del taller de diagnóstico", record.returning or None),
        ]
    )
    builder.h(1, "Participantes")
    if record.groups:
        _attendance(builder, record)
    else:
        builder.missing("Falta contar a quienes asistieron, por grupo.", f"{home}#participantes")
    if row.kind == "planning":
        _planning(builder, record, home)
    else:
        for kind in entry_kinds_of(row.kind):
            builder.h(1, ENTRY_PLURALS[kind])
            if record.of(kind):
                said(builder, record.of(kind))
            else:
                builder.missing(f"No hay anotaciones en «{ENTRY_PLURALS[kind]}».", f"{home}/registro")
    builder.h(1, "Patrones y conclusiones")
    builder.p_or_missing(
        row.conclusions,
        missing="Faltan los patrones que se repiten entre los grupos y las conclusiones.",
        link=f"{home}/conclusiones",
    )
    if row.notes:
        builder.h(1, "Notas del plenario")
        builder.p(row.notes)
    if row.agenda:
        builder.h(1, "Pauta del taller")
        builder.table(
            "Momentos del taller",
            ["Momento", "Minutos"],
            [(moment["title"], moment["minutes"]) for moment in row.agenda]
            + [("Total", sum(m["minutes"] for m in row.agenda))],
            numeric=[1],
            weights=[5, 1],
            header_column=True,
            total_row=True,
        )
    return builder.build()


def _attendance(builder: DocumentBuilder, record: WorkshopRecord) -> None:
    planning = record.workshop.kind == "planning"
    rows = [
        (PARTICIPANTS[group.kind], group.description, group.people, *((group.from_diagnosis,) if planning else ()))
        for group in record.groups
    ]
    builder.table(
        "Asistencia por grupo",
        ["Grupo", "Quiénes", "Personas", *(["Estuvieron en el diagnóstico"] if planning else [])],
        [*rows, ("Total", "", record.people, *((record.returning,) if planning else ()))],
        numeric=[2, 3] if planning else [2],
        weights=[3, 4, 1.2, *([1.8] if planning else [])],
        header_column=True,
        total_row=True,
    )


def _planning(builder: DocumentBuilder, record: WorkshopRecord, home: str) -> None:
    builder.h(1, "Sobre los objetivos")
    if record.of("objective_comment"):
        said(builder, record.of("objective_comment"))
    else:
        builder.missing("No hay comentarios a los objetivos propuestos.", f"{home}/registro")
    builder.h(1, "Sobre los ejes")
    if record.of("axis_comment"):
        builder.table(
            "Qué dijo cada grupo de los ejes",
            ["Eje", "Grupo", "Qué decidió", "Comentario"],
            [
                (
                    entry.details.get("axis") or "Sin eje",
                    entry.group_name,
                    VERDICTS.get(entry.details.get("verdict", ""), ""),
                    entry.text,
                )
                for entry in record.of("axis_comment")
            ],
            weights=[3, 1.5, 2, 4],
            header_column=True,
        )
    else:
        builder.missing("No hay comentarios a los ejes propuestos.", f"{home}/registro")
    builder.h(1, "Iniciativas propuestas por eje")
    if not record.candidates:
        builder.missing("No hay iniciativas propuestas.", f"{home}/iniciativas")
    for axis, proposed in by_axis(record.candidates).items():
        builder.h(2, axis or "Sin eje")
        builder.table(
            f"Iniciativas propuestas: {axis or 'sin eje'}",
            ["Iniciativa", "En qué consiste", "Meta", "Unidad", "Alianzas", "Plazo", "¿Más financiamiento?"],
            [
                (
                    item.name,
                    item.description,
                    item.target,
                    item.unit,
                    item.alliances,
                    item.period,
                    {True: "Sí", False: "No", None: ""}[item.needs_funding],
                )
                for item in proposed
            ],
            weights=[3, 4, 2, 2, 2, 2, 1.4],
            header_column=True,
            landscape=True,
        )
    if record.of("contribution"):
        builder.h(1, "Aportes destacados de participantes")
        said(builder, record.of("contribution"))


def said(builder: DocumentBuilder, entries: Sequence[WorkshopEntry]) -> None:
    """This function will list post-its, each with the group that wrote it."""
    builder.bullets(
        [Text(entry.text), *([Text(f" ({entry.group_name})", italic=True)] if entry.group_name else [])]
        for entry in entries
    )


def by_axis(candidates: Sequence[Candidate]) -> Mapping[str, list[Candidate]]:
    """This function will put candidates under their eje, in the order in which ejes appear; those without one at the end."""
    found: dict[str, list[Candidate]] = {}
    for item in sorted(candidates, key=lambda item: not item.axis):
        found.setdefault(item.axis, []).append(item)
    return found


def perceptions(builder: DocumentBuilder, held: Sequence[WorkshopRecord]) -> None:
    """This function will tell how people were heard: each diagnosis workshop in a line, and the patterns found in it."""
    for record in held:
        row = record.workshop
        if row.kind not in DIAGNOSIS:
            continue
        noted = Counter(entry.kind for entry in record.entries)
        counts = ", ".join(
            counted(noted[kind], *words)
            for kind, words in {
                "challenge": ("desafío", "desafíos"),
                "strength": ("fortaleza", "fortalezas"),
                "opportunity": ("oportunidad", "oportunidades"),
                "contribution": ("aporte destacado", "aportes destacados"),
            }.items()
            if noted[kind]
        )
        builder.p(
            Text(f"{row.title}", bold=True),
            Text(f" ({long_date(row.held_on)}). {record.attendance}." + (f" Se anotaron {counts}." if counts else "")),
        )
        if row.conclusions:
            builder.p(row.conclusions)


def documentation(builder: DocumentBuilder, held: Sequence[WorkshopRecord], *, level: int = 2) -> None:
    """This function will add what each workshop left, under a heading of `level` for each: annex of the workshops (IDX-7.1)."""
    for record in held:
        row = record.workshop
        builder.h(level, row.title)
        builder.facts(
            [
                ("Tipo", KINDS[row.kind]),
                ("Fecha", long_date(row.held_on)),
                ("Lugar", row.place),
                ("Asistencia", record.attendance),
            ]
        )
        for kind in (*entry_kinds_of(row.kind), "initiative"):
            if record.of(kind):
                builder.h(level + 1, ENTRY_PLURALS[kind])
                said(builder, record.of(kind))
        if row.conclusions:
            builder.h(level + 1, "Patrones y conclusiones")
            builder.p(row.conclusions)


def counted(number: int, one: str, many: str) -> str:
    """`1 persona`, `12 personas`."""
    return f"{number} {one if number == 1 else many}"
