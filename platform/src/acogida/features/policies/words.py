"""The words of the document: milestones of its versions, what an observation is about, who made it, what came of it."""

TITLE = "Política Municipal de Migración"

MILESTONES = {
    "first": "Primera versión",
    "revised": "Versión revisada",
    "final": "Versión final",
    "approved": "Versión aprobada",
}
MILESTONE_HELP = {
    "first": "Reúne por primera vez el diagnóstico, los objetivos y las iniciativas (guía 3.2).",
    "revised": "Recoge cambios mientras la Política se valida.",
    "final": "Recoge la retroalimentación recibida: todas las observaciones tienen respuesta (guía 4.3).",
    "approved": "Es la versión final, con la aprobación de la alcaldía delante. Es la única que se publica.",
}

ABOUT = {
    "scope": "El alcance de la Política",
    "diagnosis": "El diagnóstico",
    "objective": "Un objetivo",
    "axis": "Un eje",
    "initiative": "Una iniciativa",
    "follow_up": "El seguimiento y la evaluación",
    "other": "Otra parte del documento",
}
"""What the mesa gives its opinion on, and the rest (VAL-4.2-11)."""

INSTANCES = {
    "executive_team": "Equipo ejecutivo",
    "extended_team": "Equipo municipal ampliado",
    "mesa": "Mesa comunal de migración",
    "concejo": "Concejo municipal",
    "other": "Otra instancia o persona",
}

STATUSES = {
    "pending": "Por responder",
    "incorporated": "Incorporada",
    "partly": "Incorporada en parte",
    "not_incorporated": "No incorporada",
}
ANSWERS = {value: label for value, label in STATUSES.items() if value != "pending"}
STATUS_MARKS = {"pending": "waiting", "incorporated": "done", "partly": "active", "not_incorporated": "idle"}
"""Which shape stands beside each (`ui.status`)."""

SCOPE_KEY = "feedback_scope"
"""Key of the text that says, before anybody comments, what comments can and can't change (VAL-4.2-15)."""

SCOPE_PROPOSAL = (
    "Con su opinión pueden cambiar el alcance de la Política, sus objetivos, las iniciativas, sus plazos y la manera en que "
    "todo esto está explicado.\n\n"
    "No pueden cambiar lo que la ley encarga a otros organismos, como los permisos de residencia, ni los gastos que el "
    "presupuesto municipal no alcanza a cubrir.\n\n"
    "Cada observación se registra, se evalúa y recibe respuesta. El documento final tiene que conciliar miradas diversas: "
    "puede que algunas no entren, y en ese caso se dice por qué."
)
"""Proposal of Acogida for that text, editable by the municipality."""
