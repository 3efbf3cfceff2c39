"""Spreadsheets of this extension: the register of training, with names for who may see them, and the work plan."""

from acogida.sdk import spreadsheet
from acogida_sello_migrante.standing import Kept, Register
from acogida_sello_migrante.words import ACTION_STATES, COURSE_KINDS, COURSE_STATES, MODALITIES, PURPOSE

Sheet, Column = spreadsheet.Sheet, spreadsheet.Column


def register_sheets(register: Register, *, commune: str) -> list[spreadsheet.Sheet]:
    """This function will give the register as sheets: each person in each activity, the units, the activities."""
    return [
        Sheet(
            "Registro",
            [
                Column("Actividad", width=40),
                Column("Tipo", width=26),
                Column("Fecha", "date", 12),
                Column("Horas", "number", 8),
                Column("Unidad", width=28),
                Column("Nombre", width=32),
                Column("Monitor o monitora", width=12),
            ],
            [
                [
                    each.course.title,
                    COURSE_KINDS[each.course.kind],
                    each.course.held_on,
                    _hours(each.course.hours),
                    person.unit,
                    person.name or "(nombre retirado)",
                    person.trainer,
                ]
                for each in register.held
                for person in each.people
            ],
            heading=f"Registro del personal capacitado · Municipalidad de {commune}",
            notes=(PURPOSE,),
        ),
        unit_sheet(register, commune=commune),
        Sheet(
            "Actividades",
            [
                Column("Actividad", width=40),
                Column("Tipo", width=26),
                Column("Estado", width=14),
                Column("Programada", "date", 12),
                Column("Realizada", "date", 12),
                Column("Horas", "number", 8),
                Column("Modalidad", width=12),
                Column("Imparte", width=28),
                Column("Dirigida a", width=28),
                Column("Participantes", "number", 12),
                Column("Evaluación", width=60),
            ],
            [
                [
                    each.course.title,
                    COURSE_KINDS[each.course.kind],
                    COURSE_STATES[each.course.state],
                    each.course.planned_on,
                    each.course.held_on,
                    _hours(each.course.hours),
                    MODALITIES.get(each.course.modality, ""),
                    each.course.provider,
                    each.course.audience,
                    len(each.people),
                    each.course.evaluation,
                ]
                for each in register.courses
            ],
            heading=f"Plan Comunal de Capacitación · Municipalidad de {commune}",
        ),
    ]


def unit_sheet(register: Register, *, commune: str) -> spreadsheet.Sheet:
    """This function will give what each unit has been trained in, without names."""
    return Sheet(
        "Por unidad",
        [
            Column("Unidad", width=36),
            Column("Personas", "number", 12),
            Column("Participaciones", "number", 16),
            Column("Horas-persona", "number", 16),
        ],
        [[row.unit, row.people, row.times, float(row.hours)] for row in register.by_unit],
        heading=f"Personal capacitado por unidad · Municipalidad de {commune}",
    )


def plan_sheet(kept: Kept, *, commune: str) -> spreadsheet.Sheet:
    """This function will give the work plan."""
    plan = kept.work_plan
    return Sheet(
        "Plan de trabajo",
        [
            Column("Requisito", width=12),
            Column("Acción", width=44),
            Column("En qué consiste", width=50),
            Column("Unidad a cargo", width=24),
            Column("Responsable", width=24),
            Column("Inicio", "date", 12),
            Column("Término", "date", 12),
            Column("Estado", width=14),
            Column("Terminó", "date", 12),
            Column("Producto o resultado", width=44),
        ],
        [
            [
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
            ]
            for row in kept.actions
        ],
        heading=f"Plan de Trabajo Municipal del Sello Migrante · Municipalidad de {commune}",
        notes=(plan.objective,) if plan and plan.objective else (),
    )


def _hours(hours: object) -> float | None:
    return None if hours is None else float(str(hours))
