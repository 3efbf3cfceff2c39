"""What files are called on the screen: their kinds, the records they may belong to, and how long each kind is kept."""

from dataclasses import dataclass
from datetime import date

KINDS = {
    "signed_letter": "Carta firmada",
    "agreement": "Acuerdo del concejo",
    "approval": "Aprobación de la alcaldía",
    "decree": "Decreto",
    "minutes": "Acta",
    "attendance": "Lista de asistencia",
    "photograph": "Fotografía",
    "audio": "Grabación de audio",
    "notes": "Apuntes",
    "report": "Informe o estudio",
    "policy": "Documento de la Política",
    "sent_document": "Oficio o documento enviado",
    "other": "Otro documento",
}

LOOSE = "workspace"
"""Subject of a file that backs no record in particular."""

SUBJECTS: dict[str, tuple[str, str]] = {
    LOOSE: ("Archivo general", ""),
    "act": ("Acto de la autoridad", "actos/{id}"),
    "meeting": ("Sesión", "sesiones/{id}"),
    "workshop": ("Taller", "talleres/{id}"),
    "finding": ("Hallazgo", "diagnostico/hallazgos/{id}"),
    "source": ("Fuente revisada", "diagnostico/fuentes/{id}"),
    "inquiry_decision": ("Información adicional", "diagnostico/informacion-adicional"),
    "policy_version": ("Versión de la Política", "documento/versiones/{id}"),
    "diagnosis_report": ("Informe de diagnóstico", "diagnostico/informe"),
}
"""Table of the record → its name on the screen and its page inside the workspace, where it has one."""

PEOPLE = {
    "none": "No aparecen personas que se puedan reconocer",
    "consented": "Aparecen personas y aceptaron que se guarde su imagen",
    "unasked": "Aparecen personas y no consta que lo aceptaran",
}
"""Answers to whether people appear in a photograph and agreed to it (Ley 21.719)."""

CONSENT = {"none": None, "consented": True, "unasked": False}
"""The same answers as `File.consent` keeps them."""


@dataclass(frozen=True, slots=True)
class Retention:
    """How long files of some kinds are kept. Years count from the day when a file is kept."""

    key: str
    title: str
    why: str
    at_least_years: int = 0
    """Before this nobody takes it away, once a record leans on it."""
    at_most_years: int = 0
    """After this it is erased by itself, every version; zero is never."""


RETENTION = {
    each.key: each
    for each in (
        Retention(
            "act",
            "Actos de la autoridad",
            "Prueban decisiones públicas: mientras un acto se apoya en ellos, nadie los quita antes de diez años, y nada los "
            "borra por sí solo.",
            at_least_years=10,
        ),
        Retention(
            "process",
            "Documentos del proceso",
            "Informes, actas y oficios: se conservan mientras la municipalidad no los quite.",
        ),
        Retention(
            "people",
            "Imágenes, voces y listas de personas",
            "Muestran a personas: se borran solas al cumplirse cuatro años, lo que dura una política (Ley 21.719: no se guarda "
            "más tiempo del necesario).",
            at_most_years=4,
        ),
        Retention(
            "unasked",
            "Imágenes y voces sin autorización",
            "No consta que las personas aceptaran: se borran solas al cumplirse un año.",
            at_most_years=1,
        ),
    )
}
ACTS = frozenset({"signed_letter", "agreement", "approval", "decree"})
OF_PEOPLE = frozenset({"photograph", "audio", "attendance"})


def retention_of(kind: str, consent: bool | None) -> Retention:
    """This function will give the class of a file of this kind; people who did not agree shorten it."""
    if kind in ACTS:
        return RETENTION["act"]
    if kind in OF_PEOPLE:
        return RETENTION["unasked" if consent is False else "people"]
    return RETENTION["process"]


def years_after(day: date, years: int) -> date:
    """This function will give the same day so many years later; 29 February becomes 1 March."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return date(day.year + years, 3, 1)


STATES = {
    "ready": "",
    "waiting": "En revisión del antivirus",
    "infected": "Apartado por el antivirus",
    "damaged": "Dañado en el almacén",
}


def subject_name(subject_type: str) -> str:
    """This function will give the name of a kind of record on the screen."""
    return SUBJECTS.get(subject_type, ("Registro", ""))[0]


def subject_path(subject_type: str, subject_id: object) -> str:
    """This function will give the page of a record inside its workspace, or nothing where it has none."""
    return SUBJECTS.get(subject_type, ("", ""))[1].format(id=subject_id) if subject_id else ""
