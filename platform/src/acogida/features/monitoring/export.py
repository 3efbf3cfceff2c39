"""The monitoring sheet as a spreadsheet: the sixteen columns of the guide and, behind them, every report."""

from collections.abc import Sequence

from acogida.features.monitoring.model import ProgressUpdate
from acogida.features.monitoring.sheet import MonitoringSheet, SheetRow
from acogida.features.monitoring.words import GROUPS, STATES
from acogida.kernel.work import Work
from acogida.web.format import long_date
from acogida.web.spreadsheet import Column, Sheet, Value, workbook

_GENERAL, _PROGRESS, _QUICK = GROUPS

SHEET_COLUMNS = (
    Column("Nombre de la iniciativa", width=34, group=_GENERAL),
    Column("Objetivo", width=34, group=_GENERAL),
    Column("Responsable de la iniciativa", width=24, group=_GENERAL),
    Column("Fecha de inicio", "date", 12, _GENERAL),
    Column("Fecha estimada de término", "date", 12, _GENERAL),
    Column("Indicador", width=26, group=_PROGRESS),
    Column("Meta", width=26, group=_PROGRESS),
    Column("Estado actual", width=24, group=_PROGRESS),
    Column("Fecha de la última revisión", "date", 12, _PROGRESS),
    Column("¿Está en curso según lo planificado?", width=14, group=_QUICK),
    Column("Principales logros", width=34, group=_QUICK),
    Column("Desafíos destacados", width=34, group=_QUICK),
    Column("¿Se necesitan ajustes?", width=12, group=_QUICK),
    Column("Ajustes sugeridos", width=34, group=_QUICK),
    Column("Responsable del ajuste", width=22, group=_QUICK),
    Column("Plazos del ajuste", "date", 12, _QUICK),
)
"""The sixteen columns of the guide, in its order (TPL-20)."""

MORE_COLUMNS = (
    Column("Eje", width=22, group="Además en Acogida"),
    Column("Avance", "percent", 10, "Además en Acogida"),
    Column("Presupuesto", "money", 16, "Además en Acogida"),
    Column("Gasto acumulado", "money", 16, "Además en Acogida"),
    Column("Requiere atención", width=28, group="Además en Acogida"),
)

HISTORY_COLUMNS = (
    Column("Iniciativa", width=34),
    Column("Fecha de la revisión", "date", 12),
    Column("Informó", width=22),
    Column("Estado", width=14),
    Column("Avance", "percent", 10),
    Column("Valor del indicador", width=22),
    Column("Según lo planificado", width=12),
    Column("Principales logros", width=34),
    Column("Desafíos destacados", width=34),
    Column("¿Se necesitan ajustes?", width=12),
    Column("Ajustes sugeridos", width=34),
    Column("Responsable del ajuste", width=22),
    Column("Plazo del ajuste", "date", 12),
    Column("Gasto acumulado", "money", 16),
)


def sheet_file(work: Work, sheet: MonitoringSheet, updates: Sequence[ProgressUpdate]) -> bytes:
    """This function will write the sheet and the reports behind it as XLSX."""
    names = {row.id: row.initiative.name for row in sheet.rows}
    notes = [f"Al {long_date(sheet.today)}", *(["Datos de demostración"] if work.tenant.demo else [])]
    return workbook(
        [
            Sheet(
                "Planilla de seguimiento",
                (*SHEET_COLUMNS, *MORE_COLUMNS),
                [_row(row) for row in sheet.rows],
                heading=f"Seguimiento de la Política Municipal de Migración de {work.tenant.name}",
                notes=notes,
            ),
            Sheet(
                "Todos los informes",
                HISTORY_COLUMNS,
                [_told(names.get(update.initiative_id, ""), update) for update in updates],
                heading="Informes de avance, del primero al último",
                notes=notes,
            ),
        ],
        title=f"Seguimiento, {work.tenant.name}",
        made_at=work.clock.now(),
    )


def _row(row: SheetRow) -> list[Value]:
    initiative, update = row.initiative, row.update
    return [
        initiative.name,
        initiative.objective or initiative.goal,
        row.who,
        initiative.starts_on,
        initiative.ends_on,
        initiative.indicator,
        initiative.target,
        row.state_label + (f": {update.indicator_value}" if update and update.indicator_value else ""),
        *(
            (
                update.reported_on,
                update.on_track,
                update.achievements,
                update.challenges,
                update.needs_adjustment,
                update.adjustment,
                update.adjustment_responsible,
                update.adjustment_due,
            )
            if update
            else (None,) * 8
        ),
        initiative.axis,
        row.percent,
        initiative.budget,
        update.spent if update else None,
        "; ".join(mark.words for mark in row.marks),
    ]


def _told(name: str, update: ProgressUpdate) -> list[Value]:
    return [
        name,
        update.reported_on,
        update.reported_by,
        STATES[update.status],
        update.percent,
        update.indicator_value,
        update.on_track,
        update.achievements,
        update.challenges,
        update.needs_adjustment,
        update.adjustment,
        update.adjustment_responsible,
        update.adjustment_due,
        update.spent,
    ]
