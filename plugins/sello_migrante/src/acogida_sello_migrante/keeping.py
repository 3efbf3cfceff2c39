"""Everything that this extension keeps of a municipality, as tables that anybody can read without it."""

from acogida.sdk import Table, Work, initiatives
from acogida_sello_migrante import store
from acogida_sello_migrante.standard import standards, steps, titles
from acogida_sello_migrante.standing import kept
from acogida_sello_migrante.words import (
    ACTION_STATES,
    COURSE_KINDS,
    COURSE_STATES,
    MODALITIES,
    PENDING,
    PROOFS,
    RECOGNITIONS,
    STATES,
    STEP_STATES,
)


async def tables(work: Work) -> tuple[Table, ...]:
    """This function will give them all. Of officials trained it tells how many of each unit; never who."""
    return (*await _assessments(work), *await _plans(work), *await _process(work))


async def _assessments(work: Work) -> tuple[Table, ...]:
    opened = await store.open_assessment(work)
    rounds = [*([opened] if opened else []), *await store.closed_assessments(work)]
    own = {row.key: row for row in await store.local_criteria(work)}
    known = {**titles(), **{key: row.title for key, row in own.items()}}
    said = [(each, row) for each in rounds for row in (await store.answers(work, each.id)).values()]
    brought = [(each, row) for each in rounds for row in await store.proofs(work, each.id)]
    names = {row.id: row.name for row in await initiatives(work)}
    return (
        Table(
            "Autoevaluaciones",
            (
                "Estándar",
                "Abierta",
                "Cerrada",
                "La cerró",
                "Requisitos cumplidos",
                "Requisitos contados",
                "Huella del informe",
            ),
            [
                (
                    standards()[row.standard].title,
                    row.opened_on,
                    row.closed_on,
                    row.closed_by,
                    row.met,
                    row.total,
                    row.fingerprint,
                )
                for row in rounds
            ],
        ),
        Table(
            "Cómo está cada requisito",
            ("Autoevaluación abierta el", "Requisito", "Título", "Estado", "Por qué"),
            [
                (
                    each.opened_on,
                    row.criterion,
                    known.get(row.criterion, ""),
                    STATES.get(row.state, PENDING),
                    row.statement,
                )
                for each, row in said
            ],
        ),
        Table(
            "Respaldos",
            (
                "Autoevaluación abierta el",
                "Requisito",
                "Tipo",
                "Nombre",
                "Qué muestra",
                "Dirección",
                "Huella",
                "Fecha",
                "Agregó",
            ),
            [
                (
                    each.opened_on,
                    row.criterion,
                    PROOFS[row.kind],
                    row.name,
                    row.note,
                    row.url,
                    row.sha256,
                    row.dated_on,
                    row.added_by,
                )
                for each, row in brought
            ],
        ),
        Table(
            "Requisitos indicados por Sermig",
            ("Requisito", "Compromiso", "Título", "Detalle", "Fuente", "Fecha"),
            [(row.key, row.commitment, row.title, row.description, row.source, row.dated_on) for row in own.values()],
        ),
        Table(
            "Iniciativas nacidas de una brecha",
            ("Requisito", "Título", "Estándar", "Fecha", "Iniciativa"),
            [
                (
                    row.criterion,
                    row.criterion_title,
                    row.standard,
                    row.found_on,
                    names.get(row.initiative_id, "De otro ciclo"),
                )
                for row in await store.gap_initiatives(work)
            ],
        ),
    )


async def _plans(work: Work) -> tuple[Table, ...]:
    found = await kept(work)
    plans = [("Plan de trabajo", found.work_plan), ("Plan de capacitación", found.training_plan)]
    return (
        Table(
            "Planes",
            ("Plan", "Objetivo", "Acto que lo aprobó", "Fecha de aprobación", "Última evaluación", "Qué mostró"),
            [
                (name, row.objective, row.approval, row.approved_on, row.evaluated_on, row.evaluation)
                for name, row in plans
                if row
            ],
        ),
        Table(
            "Acciones del plan de trabajo",
            (
                "Requisito",
                "Acción",
                "En qué consiste",
                "Unidad",
                "Responsable",
                "Inicio",
                "Término",
                "Estado",
                "Terminó",
                "Producto",
            ),
            [
                (
                    row.criterion,
                    row.title,
                    row.detail,
                    row.unit,
                    row.responsible,
                    row.starts_on,
                    row.ends_on,
                    ACTION_STATES[row.state],
                    row.done_on,
                    row.product,
                )
                for row in found.actions
            ],
        ),
        Table(
            "Actividades de capacitación",
            (
                "Actividad",
                "Tipo",
                "Estado",
                "Programada",
                "Realizada",
                "Horas",
                "Modalidad",
                "Imparte",
                "Dirigida a",
                "Participantes",
                "Contenidos",
                "Evaluación",
            ),
            [
                (
                    each.course.title,
                    COURSE_KINDS[each.course.kind],
                    COURSE_STATES[each.course.state],
                    each.course.planned_on,
                    each.course.held_on,
                    None if each.course.hours is None else float(each.course.hours),
                    MODALITIES.get(each.course.modality, ""),
                    each.course.provider,
                    each.course.audience,
                    len(each.people),
                    each.course.content,
                    each.course.evaluation,
                )
                for each in found.register.courses
            ],
        ),
        Table(
            "Personal capacitado por unidad",
            ("Unidad", "Personas", "Participaciones", "Horas-persona"),
            [(row.unit, row.people, row.times, float(row.hours)) for row in found.register.by_unit],
        ),
    )


async def _process(work: Work) -> tuple[Table, ...]:
    noted = await store.steps(work)
    return (
        Table(
            "Pasos del proceso",
            ("Paso", "Título", "Estado", "Fecha prevista", "Fecha en que se hizo", "Documento", "Notas"),
            [
                (step.id, step.title, STEP_STATES[row.state], row.planned_on, row.done_on, row.reference, row.notes)
                for step in steps()
                if (row := noted.get(step.id))
            ],
        ),
        Table(
            "Resoluciones",
            ("Tipo", "Resolución", "Fecha", "Notas"),
            [
                (RECOGNITIONS[row.kind], row.resolution, row.dated_on, row.notes)
                for row in await store.recognitions(work)
            ],
        ),
    )
