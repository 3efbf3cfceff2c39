"""The manifest of Macrozona Norte: what it adds, what it touches and where it is offered."""

from acogida.sdk import Exchange, NavLink, Plugin
from acogida_macrozona_norte import answers, api, pages
from acogida_macrozona_norte.asking import QUESTIONS, SERVICE_TYPES
from acogida_macrozona_norte.forms import Settings
from acogida_macrozona_norte.looking import REGIONS
from acogida_macrozona_norte.model import NorthTable

PLUGIN = Plugin(
    name="macrozona_norte",
    title="Macrozona Norte",
    summary=(
        "Agrega a la Política la realidad de frontera: quiénes nacieron fuera del país, comuna junto a región; preguntas y tipos de "
        "servicio para quien acaba de llegar; y una mesa entre comunas con sus sesiones y compromisos."
    ),
    touches=(
        "Lee las cifras públicas del Censo de las comunas de las tres regiones, y los nombres de las iniciativas.",
        "Guarda sus respuestas, las comunas con que se coordina, las sesiones y los compromisos. Ninguna otra municipalidad los ve.",
        "No pide datos de personas: anote unidades y cargos, no nombres.",
        "Agrega un anexo al documento de la Política, si usted no decide otra cosa.",
    ),
    version="0.1.0",
    platform=("0.1", "0.2"),
    regions=REGIONS,
    pages=pages.HANDLERS,
    api=api.HANDLERS,
    metadata=NorthTable.metadata,
    settings=Settings,
    facts=answers.facts,
    nav=(NavLink("Macrozona Norte", icon="place"),),
    service_types=SERVICE_TYPES,
    questions=tuple(each.question for each in QUESTIONS.values()),
    exchanges=(
        Exchange(kind="export", label="Bajar las cifras", path="cifras.xlsx", formats=("XLSX",)),
        Exchange(kind="export", label="Bajar la mesa de comunas", path="mesa.xlsx", formats=("XLSX",)),
    ),
    hooks=answers,
)
