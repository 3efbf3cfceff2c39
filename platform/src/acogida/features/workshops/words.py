"""The words of workshops: kinds, participants, what a post-it is. Values are stored, labels are shown."""

KINDS = {
    "diagnosis_officials": "Diagnóstico con funcionarias y funcionarios",
    "diagnosis_users": "Diagnóstico con personas usuarias y organizaciones",
    "diagnosis_mixed": "Diagnóstico con ambos grupos",
    "planning": "Planificación",
}
DIAGNOSIS = ("diagnosis_officials", "diagnosis_users", "diagnosis_mixed")
PARTICIPANTS = {
    "officials": "Funcionarias y funcionarios",
    "users": "Personas migrantes o refugiadas, usuarias de la municipalidad",
    "migrant_organisations": "Organizaciones migrantes y pro migrantes",
    "civil_society": "Organizaciones de la sociedad civil",
    "neighbours": "Vecinas y vecinos",
    "other": "Otras personas",
}
ENTRY_KINDS = {
    "challenge": "Desafío",
    "strength": "Fortaleza",
    "opportunity": "Oportunidad",
    "contribution": "Aporte destacado",
    "objective_comment": "Comentario a los objetivos",
    "axis_comment": "Comentario a un eje",
    "initiative": "Iniciativa propuesta",
}
ENTRY_PLURALS = {
    "challenge": "Desafíos",
    "strength": "Fortalezas",
    "opportunity": "Oportunidades",
    "contribution": "Aportes destacados de participantes",
    "objective_comment": "Sobre los objetivos",
    "axis_comment": "Sobre los ejes",
    "initiative": "Iniciativas propuestas",
}
DIAGNOSIS_ENTRIES = ("challenge", "strength", "opportunity", "contribution")
"""The four parts of a workshop's report, in the guide's order (TPL-09)."""
PLANNING_ENTRIES = ("objective_comment", "axis_comment", "contribution")
VERDICTS = {
    "accepted": "El grupo lo acepta",
    "changed": "El grupo pide cambiarlo",
    "added": "El grupo propone agregarlo",
}
FILE_KINDS = {
    "photograph": "Fotografías",
    "attendance": "Lista de asistencia",
    "notes": "Apuntes",
    "audio": "Grabación de audio",
}
FILE_FAMILIES = {
    "photograph": frozenset({"image"}),
    "attendance": frozenset({"image", "pdf"}),
    "notes": frozenset({"image", "pdf", "office"}),
    "audio": frozenset({"audio"}),
}
"""What each of them may be."""
TOTAL_MINUTES = 90
"""What both agendas add up to in the guide (TPL-08, TPL-14)."""


def entry_kinds_of(workshop_kind: str) -> tuple[str, ...]:
    """This function will tell what is noted in a workshop of this kind, candidate initiatives aside."""
    return PLANNING_ENTRIES if workshop_kind == "planning" else DIAGNOSIS_ENTRIES


def lowered(label: str) -> str:
    """The label as it reads inside a sentence."""
    return label[:1].lower() + label[1:]
