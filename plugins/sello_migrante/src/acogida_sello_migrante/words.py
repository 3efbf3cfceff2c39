"""The words of this extension as they are read on the screen and on paper."""

STATES = {
    "met": "Cumplido",
    "partly": "Cumplido en parte",
    "not_met": "No cumplido",
    "not_applicable": "No se aplica a esta comuna",
}
PENDING = "Por revisar"
LOOKS = {"met": "done", "partly": "active", "not_met": "waiting", "not_applicable": "idle", "": "idle"}
"""State → how its mark is drawn."""

ACTION_STATES = {"planned": "Por empezar", "underway": "En marcha", "done": "Terminada", "dropped": "Descartada"}
COURSE_STATES = {"planned": "Programado", "held": "Realizado", "cancelled": "Suspendido"}
COURSE_KINDS = {
    "trainers": "Formación de monitoras y monitores",
    "course": "Curso",
    "workshop": "Taller",
    "talk": "Charla de sensibilización",
}
MODALITIES = {"in_person": "Presencial", "online": "En línea", "mixed": "Mixta"}
STEP_STATES = {"pending": "Pendiente", "underway": "En curso", "done": "Hecho"}
RECOGNITIONS = {"granted": "Otorgamiento", "revalidated": "Revalidación"}
PROOFS = {"file": "Archivo", "initiative": "Iniciativa", "link": "Enlace", "note": "Explicación"}

PURPOSE = (
    "Los nombres se guardan sólo para acreditar ante el Sello Migrante qué personal municipal se ha capacitado (SM-2.2). "
    "No pida ni escriba otros datos. Puede quitarlos cuando ya no hagan falta: quedan las cuentas por unidad."
)
SCORE = (
    "Es una cuenta de Acogida para ordenar el trabajo: cuántos requisitos con fuente verificada se cumplen. No es el puntaje del "
    "Comité Calificador, que no está publicado en las fuentes que se encontraron."
)


def counted(number: int, one: str, many: str) -> str:
    """This function will count things: «1 curso», «3 cursos»."""
    return f"{number} {one if number == 1 else many}"
