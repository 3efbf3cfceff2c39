"""What files are called on the screen: their kinds, and the records they may belong to."""

KINDS = {
    "signed_letter": "Carta firmada",
    "agreement": "Acuerdo del concejo",
    "approval": "Aprobación de la alcaldía",
    "decree": "Decreto",
    "minutes": "Acta",
    "attendance": "Lista de asistencia",
    "photograph": "Fotografía",
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


def subject_name(subject_type: str) -> str:
    """This function will give the name of a kind of record on the screen."""
    return SUBJECTS.get(subject_type, ("Registro", ""))[0]


def subject_path(subject_type: str, subject_id: object) -> str:
    """This function will give the page of a record inside its workspace, or nothing where it has none."""
    return SUBJECTS.get(subject_type, ("", ""))[1].format(id=subject_id) if subject_id else ""
