"""The manifest of PLADECO: what it adds, what it touches and where it hangs."""

from acogida.sdk import NavLink, Plugin
from acogida_pladeco import annex, api, pages
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
    hooks=annex,
)
