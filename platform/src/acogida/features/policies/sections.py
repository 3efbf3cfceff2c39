"""The guide's index of the document (TPL-18, IDX-1.1 to 7.1) as sections that people may write."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Section:
    """A place of the document with text of its own. `rows` are those of the guide's index that ask for it."""

    key: str
    path: str
    """Last part of its address, in Spanish."""
    chapter: int
    """0 for what is not in the document itself."""
    title: str
    rows: tuple[str, ...]
    purpose: str
    required: bool = True
    """Whether a draft says that it is missing; where it is not, the chapter stands on what the screens know."""

    @property
    def number(self) -> str:
        """Number in the guide's index, or nothing."""
        return self.rows[0].removeprefix("IDX-") if self.rows and self.rows[0].startswith("IDX-") else ""


CHAPTERS = (
    (1, "Introducción"),
    (2, "Diagnóstico"),
    (3, "Objetivos de la Política"),
    (4, "Planificación"),
    (5, "Seguimiento y evaluación"),
    (6, "Conclusiones"),
    (7, "Anexos"),
)

SECTIONS: tuple[Section, ...] = (
    Section(
        "presentation",
        "presentacion",
        1,
        "Presentación de la Política",
        ("IDX-1.1", "GEN-09", "GEN-16"),
        "Qué es esta Política, qué abarca y en qué marco se inscribe.",
    ),
    Section(
        "process",
        "elaboracion",
        1,
        "Elaboración de la Política",
        ("IDX-1.2",),
        "Cómo se hizo y quiénes participaron. El documento agrega solo los equipos y las instancias registradas.",
    ),
    Section(
        "population",
        "caracterizacion",
        2,
        "Caracterización de la población migrante",
        ("IDX-2.1",),
        "Una entrada para las cifras de la comuna, que el documento trae con su fuente y su año.",
        required=False,
    ),
    Section(
        "situation",
        "situacion",
        2,
        "Análisis de la situación comunal",
        ("IDX-2.2",),
        "Una entrada para los desafíos y las oportunidades, que el documento toma de los hallazgos.",
        required=False,
    ),
    Section(
        "services",
        "servicios",
        2,
        "Servicios municipales",
        ("IDX-2.3",),
        "Una entrada para el registro de servicios y el mapa de redes.",
        required=False,
    ),
    Section(
        "objectives",
        "objetivos",
        3,
        "Entrada del capítulo de objetivos",
        ("IDX-3.1", "IDX-3.2"),
        "Un párrafo antes de la visión y los objetivos, que vienen de la planificación.",
        required=False,
    ),
    Section(
        "planning",
        "planificacion",
        4,
        "Entrada del capítulo de planificación",
        ("IDX-4.1", "IDX-4.2"),
        "Un párrafo antes de los ejes y las iniciativas, que vienen de la planificación.",
        required=False,
    ),
    Section(
        "monitoring",
        "seguimiento",
        5,
        "Seguimiento",
        ("IDX-5.1",),
        "Quién mira el avance, cada cuánto y con qué datos. El documento agrega el plan de acción cuando existe.",
    ),
    Section(
        "evaluation",
        "evaluacion",
        5,
        "Evaluación",
        ("IDX-5.2",),
        "Cómo se evaluará la Política cada cierto tiempo y cómo se mejorará.",
    ),
    Section(
        "conclusions",
        "conclusiones",
        6,
        "Resumen de la Política",
        ("IDX-6.1",),
        "Por qué esta Política importa a la comunidad. El repaso de objetivos, ejes e iniciativas se agrega solo.",
    ),
    Section(
        "annexes",
        "anexos",
        7,
        "Entrada de los anexos",
        ("IDX-7.1",),
        "Un párrafo antes de los anexos, que el documento arma con talleres, sesiones y actos.",
        required=False,
    ),
    Section(
        "executive_summary",
        "resumen-ejecutivo",
        0,
        "Resumen ejecutivo",
        ("VAL-4.4-03",),
        "Dos páginas para quien tiene pocos minutos. Lo demás del resumen se arma con los datos de la Política.",
        required=False,
    ),
)

BY_KEY = {section.key: section for section in SECTIONS}
BY_PATH = {section.path: section for section in SECTIONS}


def of_chapter(number: int) -> tuple[Section, ...]:
    """This function will give the sections that people may write in a chapter; 0 gives those outside the document."""
    return tuple(section for section in SECTIONS if section.chapter == number)
