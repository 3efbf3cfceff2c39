"""What bodies, their people and their sessions are called on the screen, and the texts that Acogida proposes."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class BodyKind:
    """A kind of body: its page, its name, what it is for (own words), the guide's step and its suggested members."""

    key: str
    slug: str
    title: str
    purpose: str
    step: str
    members: tuple[str, ...]
    """Rows of the guide that suggest a place in it."""

    @property
    def option(self) -> tuple[str, str]:
        """Its key and name, for a list to choose from."""
        return self.key, self.title


BODY_KINDS: Mapping[str, BodyKind] = {
    kind.key: kind
    for kind in (
        BodyKind(
            "executive_team",
            "ejecutivo",
            "Equipo ejecutivo",
            "Conduce el proceso de principio a fin y prepara todo lo que cada etapa necesita.",
            "1.2",
            ("PREP-1.2-10", "PREP-1.2-11", "PREP-1.2-12", "PREP-1.2-13", "PREP-1.2-14", "PREP-1.2-15"),
        ),
        BodyKind(
            "extended_team",
            "ampliado",
            "Equipo municipal ampliado",
            "Toma las decisiones estratégicas y es el primero en validar la Política.",
            "1.2",
            ("PREP-1.2-26", "PREP-1.2-27", "PREP-1.2-28"),
        ),
        BodyKind(
            "mesa",
            "mesa",
            "Mesa comunal de migración",
            "El lugar donde la comuna conversa sobre migración: municipalidad, servicios, organizaciones y empresas.",
            "4.2",
            (
                "VAL-4.2-02",
                "VAL-4.2-03",
                "VAL-4.2-04",
                "VAL-4.2-05",
                "VAL-4.2-06",
                "VAL-4.2-07",
                "VAL-4.2-08",
            ),
        ),
        BodyKind(
            "concejo",
            "concejo",
            "Concejo municipal",
            "Conoce la Política, entrega sus observaciones y, si se quiere el ideal, la vota.",
            "4.3",
            (),
        ),
    )
}

KIND_OF_SLUG: Mapping[str, str] = {kind.slug: kind.key for kind in BODY_KINDS.values()}

SUGGESTED_ROLES: Mapping[str, str] = {"PREP-1.2-10": "president", "PREP-1.2-11": "secretary"}
"""Role that the guide gives to a suggested place; the others are members."""

INHERITS = "executive_team"
"""Place of the extended team that stands for everybody in the executive one (PREP-1.2-28)."""

ROLES = {
    "president": "Presidencia",
    "secretary": "Secretaría ejecutiva",
    "member": "Integrante",
    "adviser": "Asesoría externa",
}

ADVISER_KINDS = {
    "consultancy": "Consultora",
    "international_body": "Organismo internacional",
    "civil_society": "Organización de la sociedad civil",
    "university": "Institución académica",
    "sermig": "Servicio Nacional de Migraciones",
}
"""Who may support from outside (PREP-1.2-20)."""

ADVISER_TASKS = {
    "coordinate": "Coordinar",
    "systematise": "Sistematizar",
    "facilitate": "Facilitar",
    "write": "Elaborar documentos",
}
"""The four things in which they may help (PREP-1.2-23)."""

MEETING_KINDS = {
    "information": "Reunión informativa",
    "awareness": "Sesión de sensibilización",
    "team": "Reunión de equipo",
    "validation": "Sesión de validación",
    "first_mesa": "Primera sesión de la mesa",
    "mesa": "Sesión de la mesa",
    "concejo": "Sesión del concejo",
    "coordination": "Reunión de coordinación con jefaturas",
    "follow_up": "Reunión de seguimiento",
    "evaluation": "Sesión de evaluación",
    "design": "Reunión para diseñar una iniciativa",
    "launch": "Lanzamiento",
    "interview": "Entrevista",
    "other": "Otra reunión",
}

USUAL_BODY: Mapping[str, str] = {
    "team": "executive_team",
    "validation": "extended_team",
    "first_mesa": "mesa",
    "mesa": "mesa",
    "concejo": "concejo",
    "follow_up": "executive_team",
}
"""Which body usually holds a session of this kind: it is proposed, never imposed."""

FIRST_KIND: Mapping[str, str] = {
    "executive_team": "team",
    "extended_team": "validation",
    "mesa": "first_mesa",
    "concejo": "concejo",
}
"""What a body is usually called for, when nobody says more."""

_SPANISH = {
    "information": "informativa",
    "awareness": "sensibilizacion",
    "team": "equipo",
    "validation": "validacion",
    "first_mesa": "primera-mesa",
    "mesa": "mesa",
    "concejo": "concejo",
    "coordination": "coordinacion",
    "follow_up": "seguimiento",
    "evaluation": "evaluacion",
    "design": "diseno",
    "launch": "lanzamiento",
    "interview": "entrevista",
    "other": "otra",
}
MEETING_SLUGS: Mapping[str, str] = {**{slug: key for key, slug in _SPANISH.items()}, **{key: key for key in _SPANISH}}
"""As addresses name a kind of session, in Spanish; the key itself also serves."""

COMMENTED = frozenset({"validation", "first_mesa", "mesa", "concejo", "evaluation"})
"""Sessions where opinions on the Policy are asked for, and what they can change is told first (VAL-4.2-15)."""

STATUSES = {"planned": "Por realizar", "held": "Realizada"}

SCOPE_PROPOSAL = (
    "En esta sesión pueden cambiar los objetivos, las iniciativas, sus plazos y la forma en que está explicada la "
    "Política. No pueden cambiar lo que la ley encarga a otros organismos, como los permisos de residencia, ni los "
    "gastos que el presupuesto municipal no alcanza a cubrir. Todo lo que se diga quedará anotado y se evaluará; "
    "puede que algunas propuestas no entren al documento final, y en ese caso se dirá por qué."
)
"""Proposal of Acogida, editable: what commenting can and can't change (guide, «Manejo de expectativas»)."""

NO_REMARKS = "Sin observaciones."
"""An answer as good as any other (reading AMB-04)."""

_AGENDAS: Mapping[str, str] = {
    "information": (
        "1. De qué trata el proyecto, en qué plazos y qué se espera de cada parte\n"
        "2. Por qué conviene una mirada estratégica y de largo plazo, en vez de programas que se renuevan cada año\n"
        "3. El compromiso que se pide a la autoridad\n"
        "4. Preguntas y acuerdos"
    ),
    "awareness": (
        "1. La migración en la comuna: qué dicen las cifras\n"
        "2. Qué le toca a la municipalidad y qué a otros organismos\n"
        "3. Ideas previas y experiencias de quienes atienden\n"
        "4. Qué puede aportar cada unidad a la Política"
    ),
    "team": "1. Avances desde la última reunión\n2. Lo que falta para avanzar\n3. Acuerdos, responsables y fechas",
    "validation": (
        "1. Qué se puede cambiar con los comentarios y qué no\n"
        "2. Presentación de la propuesta de Política\n"
        "3. Revisión por partes: alcance, objetivos e iniciativas\n"
        "4. Validación y ajustes pedidos"
    ),
    "first_mesa": (
        "1. Qué se puede cambiar con los comentarios y qué no\n"
        "2. Revisión de la Política: alcance, objetivos e iniciativas\n"
        "3. Cómo funcionará la mesa y cada cuánto se reunirá\n"
        "4. Acuerdos y próxima sesión"
    ),
    "mesa": (
        "1. Avance de la Política y de sus metas\n"
        "2. Otros temas de migración y movilidad humana en la comuna\n"
        "3. Acuerdos y próxima sesión"
    ),
    "concejo": (
        "1. Presentación de la Política Municipal de Migración\n"
        "2. Observaciones de las concejalas y los concejales\n"
        "3. Votación, si la municipalidad la pide"
    ),
    "coordination": (
        "1. Qué Política se aprobó y qué le toca a cada unidad\n"
        "2. El plan de acción: forma de trabajo, roles y responsabilidades\n"
        "3. Dudas y partida"
    ),
    "design": "1. La iniciativa que se revisa\n2. Qué dicen quienes conocen el tema de cerca\n3. Cambios acordados en su diseño",
    "interview": (
        "1. Presentación y propósito\n"
        "2. Resguardo de la confidencialidad y consentimiento\n"
        "3. Preguntas\n"
        "4. Cierre: comentarios libres"
    ),
}


def proposed_agenda(kind: str, questions: tuple[str, ...] = ()) -> str:
    """This function will propose the agenda of a session; a follow-up one asks the guide's questions (IMPL-5.2)."""
    if kind == "follow_up":
        return "\n".join(f"{number}. {question}" for number, question in enumerate(questions, start=1))
    return _AGENDAS.get(kind, "")


def body_title(kind: str) -> str:
    """This function will give the name of a kind of body on the screen."""
    return BODY_KINDS[kind].title if kind in BODY_KINDS else "Otra instancia"


def invited_roles(body_kind: str, role: str, place: str) -> list[str]:
    """This function will say which roles in Acogida fit a member of a body: those of `kernel.permissions`."""
    if role == "adviser":
        return ["adviser"]
    if place == "mayor" or (body_kind == "concejo" and role == "president"):
        return ["mayor"]
    if place == "councillors":
        return ["councillor"]
    if body_kind == "executive_team":
        return [{"president": "president", "secretary": "secretary"}.get(role, "executive_member")]
    return [{"extended_team": "extended_member", "concejo": "councillor"}.get(body_kind, "mesa_participant")]
