"""The document *Política Municipal de Migración* (DOC-09, TPL-18), written from what every room knows.

Chapters follow the guide's index, one to seven, and the annexes come after the seventh. What people wrote goes in as
they wrote it; what is missing is noted with the page where it is written, and only drafts show those notes.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from zoneinfo import ZoneInfo

from acogida.features.acts.public import KINDS as ACT_KINDS
from acogida.features.acts.public import Act, Signatory
from acogida.features.bodies.public import BODY_KINDS, MEETING_KINDS, Agreement, BodyMember, Session
from acogida.features.diagnosis import public as diagnosis
from acogida.features.frameworks import public as frameworks
from acogida.features.initiatives import public as initiatives
from acogida.features.policies.known import Known
from acogida.features.policies.prose import counted, listed, sentence
from acogida.features.policies.sections import BY_KEY, CHAPTERS
from acogida.features.policies.words import INSTANCES, STATUSES, TITLE
from acogida.features.workshops import public as workshops
from acogida.kernel import hooks
from acogida.kernel.document import (
    Block,
    Cell,
    Document,
    DocumentBuilder,
    Footnote,
    Heading,
    Missing,
    PageBreak,
    Paragraph,
    State,
    Text,
)
from acogida.kernel.work import Work
from acogida.web.format import long_date, pesos, short_date

DEMO_NOTICE = "Datos de demostración"
WITHOUT_CONTENT = "Este apartado no tiene contenido en esta versión."
APPROVAL = "Aprobación de la Política"

WHO = (
    "En este documento, «personas migrantes» comprende también a las personas refugiadas y a quienes viven otras formas de "
    "movilidad humana: toda persona que cruzó una frontera internacional para establecerse en un nuevo lugar."
)
"""The scope that the guide asks to declare (GEN-16), in our own words."""


async def compose(work: Work, known: Known, *, version: str = "", day: date | None = None) -> Document:
    """This function will write the whole document as it stands today, as a draft that tells what it lacks."""
    builder = DocumentBuilder(
        TITLE,
        author=f"Municipalidad de {known.commune}",
        kind=TITLE,
        date=day or known.today,
        subtitle=f"Comuna de {known.commune}",
        period=known.years,
        version=version,
        state=State.DRAFT,
        notice=DEMO_NOTICE if known.demo else "",
        cover=True,
        toc=True,
    )
    _introduction(builder, known)
    _diagnosis(builder, known)
    await initiatives.objectives_chapter(work, builder, intro=known.text("objectives"))
    await initiatives.plan_chapter(work, builder, intro=known.text("planning"))
    _follow_up(builder, known)
    _conclusions(builder, known)
    await _annexes(work, builder, known)
    return builder.build()


def clean_copy(
    document: Document, *, state: State, version: str = "", day: date | None = None, period: str = ""
) -> Document:
    """This function will give the document without its notes of what is missing: what a reader from outside may see.

    A heading left with nothing under it says so, so that the index stays whole and nobody looks for a lost page.
    """
    kept = [block for block in document.blocks if not isinstance(block, Missing)]
    filled: list[Block] = []
    for at, block in enumerate(kept):
        filled.append(block)
        following = kept[at + 1] if at + 1 < len(kept) else None
        if isinstance(block, Heading) and (
            following is None or (isinstance(following, Heading) and following.level <= block.level)
        ):
            filled.append(Paragraph((Text(WITHOUT_CONTENT, italic=True),)))
    return replace(
        document,
        blocks=tuple(filled),
        state=state,
        version=version or document.version,
        date=day or document.date,
        period=period or document.period,
    )


def approved_copy(
    final: Document, known: Known, *, number: int, final_number: int, frozen_at: datetime, zone: ZoneInfo
) -> Document:
    """This function will give the final version with the authority's approval before its first chapter (VAL-4.3-04)."""
    builder = DocumentBuilder(TITLE, author=final.author, kind=final.kind, date=known.today, numbered=False)
    builder.h(1, APPROVAL)
    approval = known.acts["mayor_approval"]
    builder.p(
        f"La alcaldía de {known.commune} aprobó esta Política"
        + (f" el {long_date(approval.dated_on)}." if approval.dated_on else ".")
        + " Desde entonces es oficial y rige en toda la municipalidad."
    )
    builder.facts(
        [
            ("Documento de aprobación", f"N.º {approval.number}" if approval.number else ""),
            *(
                (ACT_KINDS[kind], _act_line(known.acts[kind]))
                for kind in ("concejo_vote", "decree")
                if kind in known.acts
            ),
            (
                "Vigencia",
                f"Del {long_date(known.vigencia.valid_from)} al {long_date(known.vigencia.valid_until)}"
                if known.vigencia
                else "",
            ),
            ("Texto aprobado", f"El de la versión {final_number}, guardada el {long_date(frozen_at, zone)}"),
        ]
    )
    for row in known.signatories.get(approval.id, ()):
        builder.signature(row.name, row.cargo, detail=_signed(row, known.commune), line=False)
    builder.page_break()
    taken = {heading.anchor for heading in final.headings}
    front = tuple(
        replace(block, anchor=f"acto-{number}-{block.anchor}")
        if isinstance(block, Heading) and block.anchor in taken
        else block
        for block in builder.build().blocks
    )
    return replace(
        final,
        blocks=(*front, *final.blocks),
        state=State.APPROVED,
        version=f"Versión {number}",
        date=approval.dated_on or known.today,
        period=known.years or final.period,
    )


def _signed(row: Signatory, commune: str) -> str:
    """What stands under a name: the signature itself is in the act, kept by the municipality."""
    return f"Municipalidad de {commune}" + (f". Firmó el {long_date(row.signed_on)}" if row.signed_on else "")


# --- Chapters ------------------------------------------------------------------------------------


def _written(builder: DocumentBuilder, known: Known, key: str) -> None:
    """What people wrote in a section; where it is required and empty, the note with the page where it goes."""
    section = BY_KEY[key]
    if known.text(key):
        builder.p(known.text(key))
    elif section.required:
        builder.missing(f"Falta escribir «{section.title}».", f"{known.home}/documento/{section.path}")


def _introduction(builder: DocumentBuilder, known: Known) -> None:
    builder.h(1, CHAPTERS[0][1])
    builder.h(2, "Presentación de la Política")
    _written(builder, known, "presentation")
    _legal_frame(builder, known)
    builder.note("A quiénes se refiere esta Política", WHO)
    builder.h(2, "Elaboración de la Política")
    _written(builder, known, "process")
    _teams(builder, known)
    _participation(builder, known)


def _legal_frame(builder: DocumentBuilder, known: Known) -> None:
    """The express reference to the national policy and the laws (GEN-09, GEN-12), each with its source at the foot."""
    norms = {norm.title: norm for norm in known.guide.norms}
    national = next((norm for title, norm in norms.items() if title.startswith("Política Nacional")), None)
    laws = [norm for title, norm in norms.items() if title.startswith("Ley")]
    parts: list[str | Text | Footnote] = [
        "Esta Política se inscribe en la Política Nacional de Migración y Extranjería"
    ]
    if national:
        parts.append(Footnote(national.title, link=national.url))
    parts.append(", se relaciona con el Plan de Desarrollo Comunal y respeta la legislación vigente: ")
    for at, norm in enumerate(laws):
        parts.append((" y " if at == len(laws) - 1 else ", ") if at else "")
        name = norm.title.split(" (")[0]
        parts += [f"la {name}", Footnote(norm.title, link=norm.url)]
    parts.append(".")
    builder.p(*[part for part in parts if part])


_NAMED = ("executive_team", "extended_team")
"""Bodies of officials, whose members are named; of the others only the institution is told."""


def _teams(builder: DocumentBuilder, known: Known) -> None:
    rows = [
        (BODY_KINDS[kind].title, "\n".join(f"- {line}" for line in _people(kind, known.members[kind])))
        for kind in ("executive_team", "extended_team", "mesa")
        if known.members.get(kind)
    ]
    if rows:
        builder.table(
            "Equipos e instancias de la elaboración",
            ["Equipo", "Integrantes"],
            rows,
            weights=[2, 5],
            header_column=True,
        )
    else:
        builder.missing("Falta conformar el equipo ejecutivo.", f"{known.home}/equipos/ejecutivo")


def _people(kind: str, members: Sequence[BodyMember]) -> list[str]:
    if kind in _NAMED:
        return [", ".join(filter(None, (row.name, row.cargo, row.organization))) for row in members]
    return list(dict.fromkeys(", ".join(filter(None, (row.organization, row.cargo))) or row.name for row in members))


def _participation(builder: DocumentBuilder, known: Known) -> None:
    found = [
        (record.workshop.held_on, record.workshop.title, f"Taller: {_workshop_kind(record)}", record.people)
        for record in known.workshops
    ] + [
        (
            session.meeting.held_on,
            session.meeting.title,
            MEETING_KINDS.get(session.meeting.kind, "Reunión"),
            session.came,
        )
        for session in known.sessions
    ]
    if not found:
        builder.missing("Todavía no hay talleres ni sesiones realizadas.", f"{known.home}/talleres")
        return
    found.sort(key=lambda row: row[0])
    total = sum(row[3] for row in found)
    rows: list[list[str | int | None]] = [
        [long_date(day), title, kind, people or None] for day, title, kind, people in found
    ]
    builder.table(
        "Instancias de participación",
        ["Fecha", "Instancia", "Tipo", "Asistencias"],
        [*rows, ["Total", counted(len(found), "instancia", "instancias"), "", total]],
        weights=[3, 5, 4, 2],
        numeric=[3],
        total_row=True,
    )


def _workshop_kind(record: workshops.WorkshopRecord) -> str:
    label = workshops.WORKSHOP_KINDS[record.workshop.kind]
    return label[:1].lower() + label[1:]


def _diagnosis(builder: DocumentBuilder, known: Known) -> None:
    builder.h(1, CHAPTERS[1][1])
    builder.h(2, "Caracterización de la población migrante")
    _written(builder, known, "population")
    diagnosis.characterisation(builder, known.diagnosis)
    builder.h(2, "Análisis de la situación comunal")
    _written(builder, known, "situation")
    diagnosis.situation(builder, known.diagnosis, level=3)
    builder.h(2, "Servicios municipales")
    _written(builder, known, "services")
    diagnosis.services_chapter(builder, known.diagnosis)
    builder.h(3, "Mapa de redes")
    diagnosis.networks_chapter(builder, known.diagnosis, level=4, table=False)


def _follow_up(builder: DocumentBuilder, known: Known) -> None:
    plan = known.plan
    builder.h(1, CHAPTERS[4][1])
    builder.h(2, "Seguimiento")
    _written(builder, known, "monitoring")
    if plan:
        builder.facts(
            [
                ("Forma de trabajo", plan.way_of_working),
                ("Roles", plan.roles),
                ("Responsabilidades", plan.responsibilities),
                ("Instancia interna", _instance(plan.internal_instance, plan.internal_frequency)),
                ("Segunda instancia", _instance(plan.second_instance, plan.second_frequency, plan.second_composition)),
                ("Datos", plan.data_collection),
            ]
        )
    builder.h(2, "Evaluación")
    if not known.text("evaluation") and plan and plan.evaluation:
        builder.p(plan.evaluation)
    else:
        _written(builder, known, "evaluation")
    if known.vigencia:
        builder.p(
            f"Esta Política rige del {long_date(known.vigencia.valid_from)} al {long_date(known.vigencia.valid_until)}."
        )


def _instance(name: str, frequency: str, composition: str = "") -> str:
    if not name:
        return ""
    return " ".join(
        part for part in (sentence(f"{name}, {frequency}" if frequency else name), sentence(composition)) if part
    )


def _conclusions(builder: DocumentBuilder, known: Known) -> None:
    builder.h(1, CHAPTERS[5][1])
    builder.h(2, "Resumen de la Política")
    _written(builder, known, "conclusions")
    recap(builder, known)


def recap(builder: DocumentBuilder, known: Known) -> None:
    """This function will add the policy at a glance: general objective, ejes, how many initiatives and what they cost."""
    builder.facts(
        [
            ("Objetivo general", known.general.statement if known.general else ""),
            ("Objetivos específicos", len(known.specific) or None),
            ("Unidades responsables", listed(known.units)),
        ]
    )
    axes = [(axis.name, known.of_axis(axis.id)) for axis in known.axes]
    if loose := known.of_axis(None):
        axes.append(("Sin eje", loose))
    if not known.initiatives:
        return
    rows: list[list[str | int]] = [[name, len(found), _budget(found)] for name, found in axes]
    builder.table(
        "La Política en cifras",
        ["Eje", "Iniciativas", "Presupuesto estimado"],
        [*rows, ["Total", len(known.initiatives), _budget(known.initiatives)]],
        weights=[6, 2, 3],
        numeric=[1, 2],
        header_column=True,
        total_row=True,
    )


def _budget(rows: Sequence[initiatives.PlannedInitiative]) -> str:
    known = [row.budget for row in rows if row.budget is not None]
    return pesos(sum(known)) if known else "Por estimar"


# --- Annexes -------------------------------------------------------------------------------------


async def _annexes(work: Work, builder: DocumentBuilder, known: Known) -> None:
    builder.h(1, CHAPTERS[6][1])
    _written(builder, known, "annexes")
    builder.annex_list()

    builder.annex("Talleres y consultas")
    if known.workshops:
        workshops.documentation(builder, known.workshops)
    else:
        builder.missing("Todavía no hay talleres realizados.", f"{known.home}/talleres")
    _observations(builder, known)
    if known.sessions:
        builder.annex("Sesiones y acuerdos")
        _sessions(builder, known)
    builder.annex("Actos, normas y fuentes")
    if _acts(known):
        builder.h(2, "Actos de las autoridades")
        _acts_table(builder, known)
    builder.h(2, "Marco normativo")
    builder.table(
        "Normas en que se apoya esta Política",
        ["Norma", "De qué trata"],
        [[Text(norm.title, link=norm.url), norm.about] for norm in known.guide.norms],
        weights=[3, 5],
        header_column=True,
        source=f"{known.guide.source.publisher}, {known.guide.source.title}.",
    )
    if known.diagnosis.sources:
        builder.h(2, "Fuentes de información")
        diagnosis.sources_chapter(builder, known.diagnosis)
    if known.initiatives:
        await initiatives.matrix_annex(work, builder)
    await hooks.document_chapters(work, builder)
    await frameworks.lost_annex(work, builder)


def _observations(builder: DocumentBuilder, known: Known) -> None:
    """What each instance observed and what came of it, counted: nobody is named."""
    instances = [key for key in INSTANCES if any(instance == key for instance, _ in known.observations_by)]
    if not instances:
        return
    rows: list[list[str | int]] = []
    for key in instances:
        counts = [known.observations_by.get((key, status), 0) for status in STATUSES]
        rows.append([INSTANCES[key], sum(counts), *counts])
    builder.h(2, "Observaciones recibidas en la validación")
    builder.table(
        "Observaciones por instancia y lo que se decidió sobre ellas",
        ["Instancia", "Recibidas", *STATUSES.values()],
        rows,
        weights=[4, 2, 2, 2, 2, 2],
        numeric=[1, 2, 3, 4, 5],
        header_column=True,
    )


def _sessions(builder: DocumentBuilder, known: Known) -> None:
    builder.table(
        "Sesiones realizadas y lo que se acordó en ellas",
        ["Fecha", "Sesión", "Asistencia", "Acuerdos y retroalimentación"],
        [
            [
                short_date(session.meeting.held_on),
                _session_name(session),
                session.came or None,
                _session_outcome(session, known.agreements.get(session.id, ())),
            ]
            for session in known.sessions
        ],
        weights=[2.2, 4, 2, 6],
        numeric=[2],
    )


def _session_name(session: Session) -> Cell:
    kind = MEETING_KINDS.get(session.meeting.kind, "Reunión")
    where = f"{kind}. {session.body.name}" if session.body else kind
    return Cell((Paragraph((Text(session.meeting.title, bold=True),)), Paragraph((Text(where),))))


def _session_outcome(session: Session, agreed: Sequence[Agreement]) -> str:
    """What was agreed, a line each, and what the body answered when it was asked its opinion."""
    lines = [
        f"- {sentence(row.text)}"
        + (f" Responsable: {row.responsible}." if row.responsible else "")
        + (f" Plazo: {short_date(row.due_on)}." if row.due_on else "")
        for row in agreed
    ]
    parts = [session.meeting.feedback.strip(), "\n".join(lines)]
    return "\n\n".join(part for part in parts if part)


_ACTS_OF_THE_ANNEX = (
    "commitment_letter",
    "concejo_agreement",
    "mayor_approval",
    "concejo_vote",
    "decree",
)


def _acts(known: Known) -> list[Act]:
    """Acts that somebody has signed, in the order of the process."""
    return [
        known.acts[kind] for kind in _ACTS_OF_THE_ANNEX if kind in known.acts and known.acts[kind].status == "signed"
    ]


def _acts_table(builder: DocumentBuilder, known: Known) -> None:
    builder.table(
        "Actos firmados",
        ["Acto", "Número", "Fecha", "Firma o resultado"],
        [
            [
                ACT_KINDS[act.kind],
                act.number,
                long_date(act.dated_on),
                _result(act)
                or listed([f"{row.name} ({row.cargo})" for row in known.signatories.get(act.id, ()) if row.signed_on]),
            ]
            for act in _acts(known)
        ],
        weights=[4, 2, 4, 6],
        header_column=True,
    )


def _act_line(act: Act) -> str:
    parts = [f"N.º {act.number}" if act.number else "", long_date(act.dated_on), _result(act)]
    return ", ".join(part for part in parts if part)


def _result(act: Act) -> str:
    """How the concejo voted; nothing for the other acts."""
    if act.kind != "concejo_vote":
        return ""
    said = {"approved": "aprobada", "rejected": "rechazada"}.get(str(act.content.get("result")), "")
    votes = ", ".join(
        f"{act.content[key]} {words}"
        for key, words in (("in_favour", "a favor"), ("against", "en contra"), ("abstentions", "abstenciones"))
        if act.content.get(key) is not None
    )
    return f"{said}: {votes}" if said and votes else said or votes


# --- How far it is -------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class ChapterState:
    """A chapter of the document as the screen lists it. `state`: done, draft or empty."""

    number: int
    title: str
    anchor: str
    state: str
    missing: tuple[Missing, ...]


def chapter_states(document: Document) -> tuple[ChapterState, ...]:
    """This function will tell, for each of the seven chapters, what it still lacks. The annexes belong to the seventh."""
    chapters: list[tuple[Heading, list[Block]]] = []
    for block in document.blocks:
        if isinstance(block, Heading) and block.level == 1 and block.number.isdigit():
            chapters.append((block, []))
        elif chapters:
            chapters[-1][1].append(block)
    return tuple(
        ChapterState(
            number=int(heading.number),
            title=heading.text,
            anchor=heading.anchor,
            state=_state(blocks),
            missing=tuple(block for block in blocks if isinstance(block, Missing)),
        )
        for heading, blocks in chapters
    )


def _state(blocks: Sequence[Block]) -> str:
    if not any(isinstance(block, Missing) for block in blocks):
        return "done"
    said = [block for block in blocks if not isinstance(block, Missing | Heading | PageBreak)]
    return "draft" if said else "empty"
