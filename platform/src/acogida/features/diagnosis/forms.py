"""What people fill in about the diagnosis."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from acogida.features.diagnosis.words import (
    DIRECTNESS,
    EVIDENCE_KINDS,
    FINDING_GROUPS,
    FINDING_KINDS,
    METHODS,
    ORGANIZATION_KINDS,
    SOURCE_KINDS,
)
from acogida.web import forms

DIMENSIONS = {f"dim_{number}": f"DIM-{number}" for number in range(1, 9)}
"""Keys of the guide's eight dimensions; their titles come from the guide where they are shown."""


@dataclass(frozen=True)
class EditSource(forms.FormData):
    """A secondary source reviewed and what it says of the commune (DIAG-2.1-01…05)."""

    title: str = forms.text("Título", required=True, max_length=300)
    kind: str = forms.choice("Tipo de fuente", SOURCE_KINDS, required=True)
    publisher: str = forms.text("Quién la publica", max_length=200)
    year: int | None = forms.whole("Año", least=1900, most=2100)
    url: str = forms.url("Enlace")
    summary: str = forms.prose("Qué dice sobre la migración en la comuna", max_length=6000)
    reviewed_on: date | None = forms.day("Fecha en que se revisó")
    version: int = forms.revision()


@dataclass(frozen=True)
class EditService(forms.FormData):
    """A service or initiative of a municipal unit, with the fields of TPL-03."""

    unit: str = forms.text("Nombre del departamento u oficina municipal", required=True, max_length=200)
    name: str = forms.text("Nombre de la iniciativa o servicio", max_length=200)
    description: str = forms.prose("Descripción", max_length=4000)
    protocol: str = forms.prose("Protocolo de trabajo con población migrante, si existe", max_length=4000)
    responsible_name: str = forms.text("Persona responsable", max_length=160)
    responsible_contact: str = forms.text("Contacto de la persona responsable", max_length=200)
    directness: str = forms.choice("Tipo", DIRECTNESS, required=True, default="explicit")
    dimensions: tuple[str, ...] = forms.choices("Dimensiones", DIMENSIONS)
    version: int = forms.revision()

    def check(self) -> Iterable[tuple[str, str]]:
        if not self.name and (self.description or self.protocol or self.responsible_name):
            yield "name", "Escriba el nombre de la iniciativa o servicio."


@dataclass(frozen=True)
class AddUnits(forms.FormData):
    """Units that work with migrants, named before their sheets arrive: one a line."""

    units: str = forms.prose("Unidades", required=True, max_length=6000)


@dataclass(frozen=True)
class ImportServices(forms.FormData):
    """Rows copied from a spreadsheet; a file comes beside the form."""

    rows: str = forms.prose("Filas copiadas de una planilla", max_length=200_000)


@dataclass(frozen=True)
class EditOrganization(forms.FormData):
    """An organisation of the map of networks, with the fields of TPL-04."""

    name: str = forms.text("Nombre de la institución", required=True, max_length=200)
    kind: str = forms.choice("Grupo del mapa", ORGANIZATION_KINDS, required=True)
    address: str = forms.text("Dirección", max_length=300)
    phone: str = forms.text("Teléfono", max_length=60)
    email: str = forms.email("Correo electrónico")
    website: str = forms.url("Sitio web")
    services: str = forms.prose("Servicios o labores que realiza", max_length=4000)
    representative: str = forms.text("Representante de la organización", max_length=160)
    representative_contact: str = forms.text("Contacto de quien la representa", max_length=200)
    contact_person: str = forms.text("Persona responsable", max_length=160)
    contact_role: str = forms.text("Rol de la persona responsable", max_length=160)
    contact_details: str = forms.text("Contacto de la persona responsable", max_length=200)
    data_source: str = forms.text("De dónde salió el dato", max_length=300)
    version: int = forms.revision()


@dataclass(frozen=True)
class EditInquiry(forms.FormData):
    """The decision of step 2.2: the guide's three questions, yes or no, how and why (DIAG-2.2-01, 02, 08…10)."""

    gaps: str = forms.prose("Vacíos de la información reunida", required=True, max_length=6000)
    missing_voices: str = forms.prose("Voces que faltan", required=True, max_length=6000)
    resources: str = forms.prose("Tiempo, personas y dinero", required=True, max_length=6000)
    needed: bool | None = forms.yes_no("¿Se levantará información adicional?", required=True)
    methods: tuple[str, ...] = forms.choices("Cómo", METHODS)
    reason: str = forms.prose("Por qué", required=True, max_length=6000)
    decided_on: date | None = forms.day("Fecha de la decisión", required=True)
    version: int = forms.revision()

    def check(self) -> Iterable[tuple[str, str]]:
        if self.needed and not self.methods:
            yield "methods", "Elija al menos un método."


@dataclass(frozen=True)
class EditResults(forms.FormData):
    """What the applied interviews or surveys gave (DIAG-2.2-03)."""

    applied_on: date | None = forms.day("Fecha en que se terminó de aplicar", required=True)
    results: str = forms.prose("Resumen de los resultados", required=True, max_length=20_000)
    version: int = forms.revision()


@dataclass(frozen=True)
class EditFinding(forms.FormData):
    """A claim about the commune that the policy will answer."""

    title: str = forms.text("Hallazgo", required=True, max_length=200)
    statement: str = forms.prose("Explicación", max_length=4000)
    kind: str = forms.choice("Tipo", FINDING_KINDS, required=True)
    dimensions: tuple[str, ...] = forms.choices("Dimensiones", DIMENSIONS)
    group: str = forms.choice("Quién lo dice", FINDING_GROUPS)
    relevant: bool = forms.tick("Importa para diseñar la Política: va en el informe")
    version: int = forms.revision()


@dataclass(frozen=True)
class AddFinding(EditFinding):
    """A new finding, with its first evidence where it is born from one."""

    evidence_kind: str = forms.choice("Tipo de evidencia", EVIDENCE_KINDS)
    evidence_text: str = forms.prose("Evidencia", max_length=4000)
    source_id: str = forms.reference("Fuente")
    workshop_entry_id: str = forms.reference("Aporte de taller")

    def check(self) -> Iterable[tuple[str, str]]:
        if self.evidence_text and not self.evidence_kind:
            yield "evidence_kind", "Diga de qué tipo es la evidencia."
        if self.evidence_kind and not self.evidence_text:
            yield "evidence_text", "Escriba qué dice la evidencia."


@dataclass(frozen=True)
class QuickFinding(forms.FormData):
    """A finding in one line; the rest comes later."""

    title: str = forms.text("Hallazgo", required=True, max_length=200)
    kind: str = forms.choice("Tipo", FINDING_KINDS, required=True, default="challenge")
    dimension: str = forms.choice("Dimensión", DIMENSIONS)


@dataclass(frozen=True)
class EditEvidence(forms.FormData):
    """One thing that backs a finding (DIAG-2.4-10)."""

    kind: str = forms.choice("Tipo de evidencia", EVIDENCE_KINDS, required=True)
    text: str = forms.prose("Qué dice o muestra", required=True, max_length=4000)
    source_id: str = forms.reference("Fuente revisada")
    workshop_entry_id: str = forms.reference("Aporte de taller")


@dataclass(frozen=True)
class EditSection(forms.FormData):
    """A text of the report."""

    text: str = forms.prose("Texto", max_length=30_000)
    version: int = forms.revision()


@dataclass(frozen=True)
class FreezeReport(forms.FormData):
    """The guide's three questions before closing the report (DIAG-2.4-09…11)."""

    relevant: bool = forms.tick(
        "Cada dato del informe importa para diseñar la Política",
        must="Revise los hallazgos y confirme que todos importan, o deje fuera los que no.",
    )
    backed: bool = forms.tick(
        "Cada afirmación tiene respaldo, o sabemos cuáles no lo tienen",
        must="Confirme que revisó el respaldo de cada afirmación.",
    )
    clear: bool = forms.tick(
        "Lo puede entender una persona que no es especialista",
        must="Confirme que alguien que no es especialista puede entender el informe.",
    )
