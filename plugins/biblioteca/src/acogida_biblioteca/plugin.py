"""The manifest of the library: what it adds, what it touches and where it hangs."""

from acogida.sdk import Exchange, NavLink, Plugin
from acogida_biblioteca import answers, api, pages
from acogida_biblioteca.model import LibraryTable

PLUGIN = Plugin(
    name="biblioteca",
    title="Biblioteca municipal",
    summary=(
        "Reúne lo que la biblioteca de la comuna tiene en las lenguas de quienes llegan, y muestra a qué iniciativas "
        "de la Política acompaña cada material."
    ),
    touches=(
        "Lee el nombre de las iniciativas de la Política.",
        "Guarda la lista de materiales y a qué iniciativa acompaña cada uno.",
        "Agrega un anexo al documento de la Política, si hay materiales que acompañen iniciativas.",
        "No usa datos de personas: no lleva préstamos ni lectores.",
    ),
    version="0.1.0",
    platform=("0.1", "0.2"),
    pages=pages.HANDLERS,
    api=api.HANDLERS,
    metadata=LibraryTable.metadata,
    facts=answers.facts,
    nav=(NavLink("Biblioteca", icon="practice"),),
    exchanges=(Exchange(kind="export", label="Bajar la colección", path="coleccion.xlsx", formats=("XLSX",)),),
    hooks=answers,
)
