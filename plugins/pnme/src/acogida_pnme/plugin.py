"""The manifest of PNME y ODS: what it adds, what it touches and where it hangs."""

from acogida.sdk import Exchange, NavLink, Plugin
from acogida_pnme import answers, api, pages
from acogida_pnme.forms import Settings
from acogida_pnme.frameworks import known
from acogida_pnme.model import PnmeTable

PLUGIN = Plugin(
    name="pnme",
    title="PNME y ODS",
    summary=(
        "Muestra a qué de la Política Nacional de Migración y Extranjería y de la Agenda 2030 aportan los hallazgos, los objetivos y las "
        "iniciativas, qué queda sin vínculo, y escribe la declaración de alineación en el documento."
    ),
    touches=(
        "Lee los hallazgos, los objetivos y las iniciativas de la Política, y las dimensiones que declaran.",
        "Guarda los vínculos con cada marco y la declaración de alineación.",
        "Agrega un anexo al documento de la Política, si usted no decide otra cosa.",
        "No usa datos de personas.",
    ),
    version="0.1.0",
    platform=("0.1", "0.2"),
    pages=pages.HANDLERS,
    api=api.HANDLERS,
    metadata=PnmeTable.metadata,
    settings=Settings,
    facts=answers.facts,
    nav=(NavLink("PNME y ODS", icon="compare"),),
    frameworks=tuple(each.framework for each in known().values()),
    exchanges=(Exchange(kind="export", label="Bajar la alineación", path="alineacion.xlsx", formats=("XLSX",)),),
    hooks=answers,
)
