"""The words of follow-up: states of an initiative and the marks that call for attention. Values stay, labels are shown."""

STATES = {
    "not_started": "No iniciada",
    "in_progress": "En ejecución",
    "done": "Terminada",
    "paused": "En pausa",
    "dropped": "Descartada",
}
STATE_MARKS = {
    "not_started": "idle",
    "in_progress": "active",
    "done": "done",
    "paused": "waiting",
    "dropped": "idle",
}
"""Which shape stands beside each state (`ui.status`)."""

UNREPORTED = "unreported"
UNREPORTED_LABEL = "Sin informe"
CLOSED = frozenset({"done", "dropped"})
"""States after which nobody waits for news."""

SILENCE_DAYS = 100
"""Days without news after which an initiative counts as silent: a quarter and the days it takes to gather its reports."""

JUST_BEGUN_DAYS = 45
"""An initiative that began in the second half of a quarter is not asked for news of that quarter."""

GROUPS = ("Datos generales", "Avance y resultados", "Evaluación rápida")
"""The three groups of columns of the guide's sheet (TPL-20)."""
