"""The manifest of PLADECO: what it adds, what it touches and where it hangs."""

from acogida.sdk import Exchange, InitiativeField, NavLink, Plugin
from acogida_pladeco import annex, answers, api, pages, suggesting
from acogida_pladeco.forms import Settings
from acogida_pladeco.model import PladecoTable

PLUGIN = Plugin(
    name="pladeco",
    title="PLADECO",
    summary=(
        "Registra el Plan de Desarrollo Comunal, a mano o desde una planilla, y muestra a qué de él aporta cada iniciativa, "
        "qué lineamientos quedan sin iniciativas y qué proponer para su próxima actualización."
    ),
    touches=(
        "Lee las iniciativas de la Política, sus fechas y su vigencia.",
        "Guarda los lineamientos, objetivos y programas del PLADECO, y los vínculos con las iniciativas.",
        "Agrega a cada iniciativa la meta del PMG con que se relaciona, y a la matriz una columna con el PLADECO.",
        "Agrega un anexo al documento de la Política, si usted no decide otra cosa.",
        "No usa datos de personas.",
    ),
    version="0.1.0",
    platform=("0.1", "0.2"),
    pages=pages.HANDLERS,
    api=api.HANDLERS,
    metadata=PladecoTable.metadata,
    settings=Settings,
    facts=annex.facts,
    nav=(NavLink("PLADECO", icon="objective"),),
    initiative_fields=(
        InitiativeField(
            key="pmg_goal",
            label="Meta del PMG",
            hint="La meta del Programa de Mejoramiento de la Gestión Municipal a la que aporta, con su año.",
            column=True,
        ),
    ),
    exchanges=(
        Exchange(kind="import", label="Traer el PLADECO desde una planilla", path="", formats=("XLSX", "CSV")),
        Exchange(
            kind="export",
            label="Bajar la propuesta para la próxima actualización",
            path="propuesta.xlsx",
            formats=("XLSX",),
        ),
    ),
    jobs={"suggest": suggesting.suggest},
    listeners={"InitiativeEdited": ("suggest",)},
    hooks=answers,
)
