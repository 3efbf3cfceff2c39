"""The manifest of Sello Migrante: what it adds, what it touches and where it hangs."""

from acogida.sdk import Exchange, NavLink, Plugin
from acogida_sello_migrante import answering, api, pages
from acogida_sello_migrante.declared import STANDARDS
from acogida_sello_migrante.forms import Settings
from acogida_sello_migrante.model import SelloTable

PLUGIN = Plugin(
    name="sello_migrante",
    title="Sello Migrante",
    summary=(
        "Prepara la postulación al Sello Migrante y su revalidación: autoevaluación con los respaldos que ya están en el espacio, "
        "plan de trabajo, plan de capacitación con su registro, brechas que pasan a ser iniciativas, y el informe para el Comité Calificador."
    ),
    touches=(
        "Lee qué está hecho en el espacio (carta, equipos, diagnóstico, talleres, documento), las iniciativas y los nombres de los archivos.",
        "Guarda la autoevaluación, los planes, los pasos del proceso y las resoluciones.",
        "Guarda el nombre y la unidad del personal municipal capacitado, para acreditarlo; los nombres se pueden quitar.",
        "Crea iniciativas en borrador cuando usted lo pide, y agrega un anexo al documento de la Política si no decide otra cosa.",
    ),
    version="0.1.0",
    platform=("0.1", "0.2"),
    pages=pages.HANDLERS,
    api=api.HANDLERS,
    metadata=SelloTable.metadata,
    settings=Settings,
    facts=answering.facts,
    nav=(NavLink("Sello Migrante", icon="signature"),),
    standards=STANDARDS,
    exchanges=(
        Exchange(
            kind="export", label="Bajar el informe para el Comité Calificador", path="informe.pdf", formats=("PDF",)
        ),
        Exchange(
            kind="export", label="Bajar el informe para corregirlo en Word", path="informe.docx", formats=("DOCX",)
        ),
        Exchange(kind="export", label="Bajar el plan de trabajo", path="plan.xlsx", formats=("XLSX",)),
        Exchange(
            kind="export",
            label="Bajar el personal capacitado por unidad",
            path="capacitacion/por-unidad.xlsx",
            formats=("XLSX",),
        ),
    ),
    hooks=answering,
)
