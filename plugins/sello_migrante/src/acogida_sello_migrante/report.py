"""The report for the Comité Calificador and the annex of the Política: the same facts, as paper. Names of officials never go in."""

from collections.abc import Iterable, Sequence

from acogida.sdk import DocumentBuilder, Work, documents, long_date
from acogida_sello_migrante.model import Plan
from acogida_sello_migrante.standard import STATES as SOURCE_STATES
from acogida_sello_migrante.standard import Source, sources
from acogida_sello_migrante.standing import Assessed, Reached, Standing
from acogida_sello_migrante.words import (
    ACTION_STATES,
    COURSE_KINDS,
    COURSE_STATES,
    PENDING,
    PROOFS,
    SCORE,
    STATES,
    STEP_STATES,
    counted,
)


def committee_report(work: Work, found: Assessed, *, home: str, final: bool = False) -> documents.Document:
    """This function will compose the whole report, with its annexes. `home` is the address of this extension's pages."""
    builder = DocumentBuilder(
        "Sello Migrante: informe para el Comité Calificador",
        author=f"Municipalidad de {work.tenant.name}",
        kind="sello_migrante",
        date=work.today(),
        subtitle="Autoevaluación, plan de trabajo y plan de capacitación",
        version=f"Estándar: {found.standard.title}",
        cover=True,
        toc=True,
        state=documents.State.FROZEN if final else documents.State.DRAFT,
        notice="Datos de demostración" if work.tenant.demo else "",
    )
    _presentation(builder, work, found)
    builder.h(1, "El proceso")
    process_table(builder, found)
    builder.h(1, "Autoevaluación")
    summary_table(builder, found)
    for reached in found.reached:
        _commitment(builder, reached)
    builder.h(1, "Plan de Trabajo Municipal")
    _plan(builder, found.kept.work_plan, f"{home}/plan/datos")
    _work_summary(builder, found)
    builder.h(1, "Plan Comunal de Capacitación")
    _plan(builder, found.kept.training_plan, f"{home}/capacitacion/datos")
    courses_table(builder, found)
    builder.h(1, "Brechas y lo que se hará")
    gaps_table(builder, found)
    builder.annex("Acciones del plan de trabajo")
    actions_table(builder, found)
    builder.annex("Personal capacitado por unidad")
    units_table(builder, found)
    builder.annex("Respaldos")
    _proofs(builder, found)
    builder.annex("El estándar que se usó y sus fuentes")
    _standard(builder, found)
    return builder.build()


def _presentation(builder: DocumentBuilder, work: Work, found: Assessed) -> None:
    last = found.kept.recognitions[0] if found.kept.recognitions else None
    builder.h(1, "Presentación")
    builder.p(
        f"La Municipalidad de {work.tenant.name} presenta su situación ante los cinco compromisos del Sello Migrante, con los "
        "respaldos de cada requisito, sus planes de trabajo y de capacitación, y las brechas que se propone cerrar."
    )
    builder.facts(
        [
            ("Comuna", work.tenant.name),
            ("Fecha del informe", long_date(work.today())),
            ("Estándar", f"{found.standard.title} ({found.standard.dated})"),
            ("Requisitos cumplidos", f"{found.met} de {found.total} que se cuentan"),
            ("Sello vigente", f"{last.resolution}, {long_date(last.dated_on)}" if last else ""),
            ("Corresponde revalidar", long_date(found.kept.due_again_on)),
        ]
    )
    builder.note("Cómo leer las cuentas", SCORE, tone="plain")
    builder.note("Sobre el estándar", found.standard.note, tone="warning")


def process_table(builder: DocumentBuilder, found: Assessed) -> None:
    """This function will add the steps of the process with their dates."""
    builder.table(
        "Pasos del proceso",
        ["Paso", "Estado", "Fecha", "Documento o registro"],
        [
            [
                (f"{each.step.id} {each.step.title}",),
                STEP_STATES[each.state],
                long_date(each.done_on) or (f"Prevista: {long_date(each.planned_on)}" if each.planned_on else ""),
                ("; ".join(filter(None, (each.row.reference if each.row else "", *each.shown))),),
            ]
            for each in found.steps
        ],
        weights=[4, 2, 3, 6],
        header_column=True,
    )


def summary_table(builder: DocumentBuilder, found: Assessed) -> None:
    """This function will add the count of each commitment."""
    builder.table(
        "Requisitos cumplidos por compromiso",
        ["Compromiso", "Cumplidos", "En parte", "Se cuentan", "Aparte"],
        [
            [(f"{each.commitment.id} {each.commitment.name}",), each.met, each.partly, each.total, len(each.apart)]
            for each in found.reached
        ]
        + [
            [
                "Total",
                found.met,
                sum(each.partly for each in found.reached),
                found.total,
                sum(len(each.apart) for each in found.reached),
            ]
        ],
        weights=[7, 2, 2, 2, 2],
        numeric=[1, 2, 3, 4],
        header_column=True,
        total_row=True,
        source="Aparte: requisitos leídos en parte o de referencia histórica, que no se cuentan.",
    )


def _commitment(builder: DocumentBuilder, reached: Reached) -> None:
    commitment = reached.commitment
    builder.h(2, f"{commitment.short}")
    builder.p(commitment.text)
    builder.table(
        f"Requisitos de {commitment.id}",
        ["Requisito", "Estado", "Fundamento", "Respaldos"],
        [
            [(_named(each),), state_of(each), each.statement, "\n".join(f"- {line}" for line in evidence_lines(each))]
            for each in reached.standings
        ],
        weights=[4, 2, 5, 5],
        header_column=True,
    )
    if commitment.unknown:
        builder.note("Lo que falta conocer", commitment.unknown, tone="plain")


def _named(each: Standing) -> str:
    mark = "" if each.criterion.counts else " (no se cuenta)"
    return f"{each.criterion.id} {each.criterion.title}{mark}"


def state_of(each: Standing) -> str:
    """This function will say how a requirement stands, and that nothing backs it where nothing does."""
    words = STATES.get(each.state, PENDING)
    return f"{words}, sin respaldo todavía" if each.state in ("met", "partly") and not each.backed else words


def evidence_lines(each: Standing) -> list[str]:
    """This function will tell everything that speaks for a requirement, a line each."""
    shown = [
        f"{piece.drawn.label}: {piece.shows}" if piece.shows else piece.drawn.label
        for piece in each.pieces
        if piece.met
    ]
    brought = [
        f"{PROOFS[proof.kind]}: {proof.name}" + (f", {long_date(proof.dated_on)}" if proof.dated_on else "")
        for proof in each.proofs
    ]
    return [*shown, *brought]


def _plan(builder: DocumentBuilder, plan: Plan | None, link: str) -> None:
    builder.p_or_missing(plan.objective if plan else "", missing="Falta escribir el objetivo del plan.", link=link)
    if plan:
        approval = ", ".join(filter(None, (plan.approval, long_date(plan.approved_on))))
        builder.facts([("Aprobación", approval), ("Última evaluación", long_date(plan.evaluated_on))])
        if plan.evaluation:
            builder.p(plan.evaluation)


def _work_summary(builder: DocumentBuilder, found: Assessed) -> None:
    rows = found.kept.actions
    builder.facts(
        [(words, str(n)) for key, words in ACTION_STATES.items() if (n := sum(row.state == key for row in rows))]
    )


def actions_table(builder: DocumentBuilder, found: Assessed) -> None:
    """This function will add the actions of the work plan, or say that there are none."""
    rows = found.kept.actions
    if not rows:
        builder.p("El plan todavía no tiene acciones.")
        return
    builder.table(
        "Acciones del plan de trabajo",
        ["Acción", "Requisito", "Responsable", "Plazo", "Estado", "Producto"],
        [
            [
                (row.title,),
                row.criterion,
                ", ".join(filter(None, (row.responsible, row.unit))),
                " a ".join(filter(None, (long_date(row.starts_on), long_date(row.ends_on)))),
                ACTION_STATES[row.state] + (f", {long_date(row.done_on)}" if row.done_on else ""),
                row.product,
            ]
            for row in rows
        ],
        weights=[5, 2, 4, 4, 3, 5],
        header_column=True,
        landscape=True,
    )


def courses_table(builder: DocumentBuilder, found: Assessed) -> None:
    """This function will add the activities of the training plan with how many took part."""
    rows = found.kept.register.courses
    if not rows:
        builder.p("El plan todavía no tiene actividades.")
        return
    builder.table(
        "Actividades de capacitación",
        ["Actividad", "Tipo", "Fecha", "Horas", "Participantes", "Evaluación"],
        [
            [
                (each.course.title,),
                COURSE_KINDS[each.course.kind],
                long_date(each.course.held_on or each.course.planned_on)
                + ("" if each.held else f" ({COURSE_STATES[each.course.state].lower()})"),
                float(each.course.hours) if each.course.hours is not None else "",
                len(each.people) if each.held else "",
                each.course.evaluation or ("Sin evaluación" if each.held else ""),
            ]
            for each in rows
        ],
        weights=[5, 3, 4, 2, 2, 5],
        numeric=[3, 4],
        header_column=True,
    )


def units_table(builder: DocumentBuilder, found: Assessed) -> None:
    """This function will add who was trained, by unit and without names."""
    register = found.kept.register
    if not register.registered:
        builder.p("Todavía no hay participantes registrados.")
        return
    builder.p(
        "El registro nominal lo lleva la municipalidad con el nombre y la unidad de cada persona, y lo exhibe si el Comité lo pide. "
        "Aquí van sólo las cuentas."
    )
    builder.table(
        "Personal capacitado por unidad",
        ["Unidad", "Personas", "Participaciones", "Horas-persona"],
        [[(row.unit,), row.people, row.times, float(row.hours)] for row in register.by_unit]
        + [["Total", register.people, register.times, float(sum(row.hours for row in register.by_unit))]],
        numeric=[1, 2, 3],
        header_column=True,
        total_row=True,
    )


def gaps_table(builder: DocumentBuilder, found: Assessed) -> None:
    """This function will add what is not met yet, and what is going to be done about it."""
    if not found.gaps:
        builder.p("Todos los requisitos están cumplidos o no se aplican.")
        return
    builder.table(
        "Brechas",
        ["Requisito", "Estado", "En el plan de trabajo", "Iniciativas de la Política"],
        [
            [
                (_named(each),),
                STATES.get(each.state, PENDING),
                "\n".join(f"- {row.title}" for row in each.actions if row.state != "dropped"),
                counted(len(each.born), "iniciativa", "iniciativas") if each.born else "",
            ]
            for each in found.gaps
        ],
        weights=[5, 2, 5, 3],
        header_column=True,
    )


def _proofs(builder: DocumentBuilder, found: Assessed) -> None:
    rows = [(each, proof) for each in found.standings.values() for proof in each.proofs]
    drawn = [(each, piece) for each in found.standings.values() for piece in each.pieces if piece.met]
    if not rows and not drawn:
        builder.p("Todavía no hay respaldos.")
        return
    if drawn:
        builder.table(
            "Lo que muestra el espacio de trabajo",
            ["Requisito", "Qué", "Cómo consta"],
            [[each.criterion.id, (piece.drawn.label,), (piece.shows,)] for each, piece in drawn],
            weights=[2, 5, 6],
            header_column=True,
        )
    if rows:
        builder.table(
            "Respaldos agregados",
            ["Requisito", "Respaldo", "Fecha", "Dónde está", "Qué muestra"],
            [
                [
                    each.criterion.id,
                    (f"{PROOFS[proof.kind]}: {proof.name}",),
                    long_date(proof.dated_on),
                    (proof.url or (f"Archivo, huella {proof.sha256[:16]}" if proof.sha256 else ""),),
                    "" if proof.kind == "note" else proof.note,
                ]
                for each, proof in rows
            ],
            weights=[2, 5, 3, 5, 5],
            header_column=True,
        )


def _standard(builder: DocumentBuilder, found: Assessed) -> None:
    builder.p(found.standard.note)
    used = list(found.standard.sources)
    rows = []
    for each in found.standings.values():
        criterion = each.criterion
        used += criterion.sources
        about = "Referencia histórica" if criterion.historic else SOURCE_STATES[criterion.state]
        rows.append([criterion.id, (criterion.title,), about, ", ".join(criterion.sources), criterion.note])
    builder.table(
        "Requisitos, con el estado de su fuente",
        ["Requisito", "Título", "Fuente leída", "Fuentes", "Nota"],
        rows,
        weights=[2, 5, 3, 2, 5],
        header_column=True,
    )
    builder.bullets(_cited(sources()[key] for key in dict.fromkeys(used)))


def _cited(found: Iterable[Source]) -> Sequence[str]:
    return [f"{each.id}. {each.title}{f' ({each.note.lower()})' if each.note else ''}. {each.url}" for each in found]


def write_annex(builder: DocumentBuilder, found: Assessed, *, full: bool) -> None:
    """This function will add the annex of the Política: the summary, and the plans where it is asked in full."""
    last = found.kept.recognitions[0] if found.kept.recognitions else None
    builder.annex("Relación con el Sello Migrante")
    builder.p(
        "El Sello Migrante es el reconocimiento del Servicio Nacional de Migraciones a las municipalidades que avanzan en cinco "
        "compromisos con la población migrante y refugiada. Este anexo muestra cómo está la comuna y qué falta."
    )
    builder.facts(
        [
            ("Estándar", f"{found.standard.title} ({found.standard.dated})"),
            ("Requisitos cumplidos", f"{found.met} de {found.total} que se cuentan"),
            ("Sello vigente", f"{last.resolution}, {long_date(last.dated_on)}" if last else ""),
            ("Corresponde revalidar", long_date(found.kept.due_again_on)),
        ]
    )
    summary_table(builder, found)
    if full:
        builder.h(2, "Brechas", numbered=False)
        gaps_table(builder, found)
        builder.h(2, "Plan de trabajo", numbered=False)
        actions_table(builder, found)
        builder.h(2, "Capacitación", numbered=False)
        courses_table(builder, found)
        units_table(builder, found)
    builder.note("Cómo leer las cuentas", SCORE, tone="plain")
