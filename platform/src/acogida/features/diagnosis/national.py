"""National sources that a municipality can begin with: facts with their addresses, nothing beyond them.

The guide names the Census, the Casen survey and ministerial reports (02 · 2.1); its table of sources is only behind a
QR code (reading AMB-01), so what is listed here is what Acogida can vouch for.
"""

from dataclasses import dataclass

from acogida.features.communes.public import CommuneFigures
from acogida.features.diagnosis.report import headline, plain_country, standing
from acogida.kernel.document import thousands

CENSUS = "census"
ESTIMATE = "estimate"


@dataclass(frozen=True, slots=True)
class NationalSource:
    """A source as it would be cited, and what it is good for."""

    key: str
    title: str
    publisher: str
    year: int | None
    url: str
    offers: str
    note: str = ""


NATIONAL = (
    NationalSource(
        CENSUS,
        "Censo de Población y Vivienda 2024: inmigración internacional",
        "Instituto Nacional de Estadísticas (INE)",
        2024,
        "https://censo2024.ine.gob.cl/wp-content/uploads/2025/04/D4_Inmigracion-Internacional.xlsx",
        "Personas nacidas fuera de Chile que viven en cada comuna, según país de nacimiento.",
        "Cuenta lugar de nacimiento, no nacionalidad. INE no publica las casillas con 50 personas o menos.",
    ),
    NationalSource(
        ESTIMATE,
        "Estimación de personas extranjeras residentes habituales en Chile al 31 de diciembre de 2022",
        "INE y Servicio Nacional de Migraciones",
        2022,
        "",
        "Personas extranjeras residentes por región y en las comunas que superan las diez mil; incluye a quienes están en situación irregular.",
        "Es otra medida que el Censo: las dos cifras no se comparan ni se suman.",
    ),
    NationalSource(
        "casen",
        "Encuesta de Caracterización Socioeconómica Nacional (Casen)",
        "Ministerio de Desarrollo Social y Familia",
        None,
        "",
        "Condiciones de vida de los hogares. La guía la nombra entre las fuentes que conviene revisar.",
        "Acogida no trae sus cifras: revise para qué territorios son representativas antes de usarlas.",
    ),
    NationalSource(
        "guide_tables",
        "Tablas de la guía práctica para políticas municipales de migración",
        "OIM y Servicio Nacional de Migraciones",
        2025,
        "https://serviciomigraciones.cl/wp-content/uploads/2025/04/Tablas-Guia-Practica.pdf",
        "Anexo de la guía, que anuncia un listado de fuentes nacionales sobre migración (su Tabla 3).",
        "La guía enlaza este archivo desde su Tabla 4; Acogida no ha podido comprobar qué listados trae.",
    ),
)


def national(key: str) -> NationalSource | None:
    """This function will give the source with this key, if there is one."""
    return next((source for source in NATIONAL if source.key == key), None)


def offered(facts: CommuneFigures | None) -> tuple[NationalSource, ...]:
    """This function will give the sources that fit the commune: the estimate covers 42 of them."""
    return tuple(source for source in NATIONAL if source.key != ESTIMATE or (facts is not None and facts.estimates))


def says_of(source: NationalSource, facts: CommuneFigures | None) -> str:
    """This function will say what the source says of the commune, where Acogida holds its figures; else nothing."""
    if facts is None:
        return ""
    if source.key == CENSUS:
        main = [origin for origin in facts.shown if origin.people][:3]
        said = ", ".join(f"{plain_country(origin.name)} ({thousands(origin.people or 0)})" for origin in main)
        tail = (
            f" Los orígenes con más personas son {said}."
            if main
            else " INE no publica el detalle por país de nacimiento."
        )
        return f"{headline(facts)} {standing(facts)}{tail}"
    if source.key == ESTIMATE and facts.estimates:
        first, last = facts.estimates[0], facts.estimates[-1]
        return (
            f"Se estimaron {thousands(last.residents)} personas extranjeras residentes al 31 de diciembre de {last.year}; "
            f"en {first.year} eran {thousands(first.residents)}."
        )
    return ""
