"""What is asked and suggested besides the guide in a commune where people arrive: questions and kinds of service.

All of it is worded by Acogida. None of it is the guide's nor of any authority, and the pages say so.
"""

from dataclasses import dataclass

from acogida.sdk import Question, ServiceType, Source

SOURCE = "Redacción de Acogida para comunas de las tres regiones del norte; no es de la guía"
OWN = Source(text=SOURCE, state="not_found")


@dataclass(frozen=True, slots=True)
class Asked:
    """A question besides those of the guide, with what helps to answer it."""

    key: str
    question: Question
    help: str


def _asked(key: str, step: str, text: str, help: str) -> Asked:  # noqa: A002 because it is what the screen calls it
    return Asked(key, Question(step=step, text=text, source=OWN), help)


QUESTIONS = {
    each.key: each
    for each in (
        _asked(
            "arrivals",
            "2.1",
            "¿Qué se sabe de las personas recién llegadas: cuántas son, por dónde llegan y cuántas siguen a otra comuna?",
            "El Censo cuenta a quienes residen. Sirven los registros de la oficina, de salud, de educación y de organizaciones.",
        ),
        _asked(
            "first_days",
            "2.1",
            "¿Dónde encuentra techo, alimento, abrigo y atención de salud quien acaba de llegar, y quién responde por cada cosa?",
            "Nombre servicios y organizaciones, no personas. Anote también lo que no tiene quién responda.",
        ),
        _asked(
            "children",
            "2.1",
            "¿Qué se hace cuando llega una niña, un niño o adolescente sin una persona adulta a su cargo?",
            "A quién se avisa, quién acompaña mientras tanto y cómo se sabe qué pasó después.",
        ),
        _asked(
            "across",
            "2.1",
            "¿Qué vida en común hay con las localidades del otro lado de la frontera: trabajo, comercio, familia, pueblos originarios?",
            "Aunque la comuna no tenga un paso, sus ferias, escuelas y fiestas pueden mostrarlo.",
        ),
        _asked(
            "host",
            "2.3",
            "¿Qué dice quien ya vivía en la comuna sobre la llegada de personas y el uso de los espacios comunes?",
            "Tome lo dicho en los talleres, sin nombres.",
        ),
        _asked(
            "together",
            "2.4",
            "De lo hallado, ¿qué no puede resolver la comuna sola y pide acordarlo con otras?",
            "Lo que salga de aquí puede ser el primer tema de la mesa de comunas.",
        ),
    )
}

SERVICE_TYPES = (
    ServiceType(
        key="first_reception",
        name="Primera acogida y orientación",
        description="Recibe a quien acaba de llegar: escucha qué necesita, informa de sus derechos y deriva a quien corresponda.",
        dimensions=("dim_2", "dim_3"),
    ),
    ServiceType(
        key="humanitarian_assistance",
        name="Asistencia humanitaria",
        description="Entrega alimento, agua, abrigo, higiene o traslado en una urgencia, con registro de lo entregado.",
        dimensions=("dim_3",),
    ),
    ServiceType(
        key="temporary_shelter",
        name="Alojamiento transitorio",
        description="Da techo por un tiempo breve, con un plan de salida para cada familia o persona.",
        dimensions=("dim_3",),
    ),
    ServiceType(
        key="children_protection",
        name="Resguardo de niñez recién llegada",
        description="Acompaña y deriva a niñas, niños y adolescentes, sobre todo si vienen sin una persona adulta a su cargo.",
        dimensions=("dim_3", "dim_7"),
    ),
    ServiceType(
        key="first_health",
        name="Primera atención de salud",
        description="Atiende o deriva a quien llega con una necesidad de salud: controles, vacunas, gestación, urgencia.",
        dimensions=("dim_6",),
    ),
    ServiceType(
        key="onward",
        name="Orientación a quien sigue camino",
        description="Informa a quien va de paso y avisa, si lo acepta, a la comuna donde llegará.",
        dimensions=("dim_2", "dim_3"),
    ),
)
