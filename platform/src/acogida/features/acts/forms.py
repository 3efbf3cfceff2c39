"""What people fill in to prepare acts and to record the signed ones."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from acogida.features.acts.words import ORGANS
from acogida.web import forms

MAYORS = {
    "Alcaldesa": "Alcaldesa",
    "Alcalde": "Alcalde",
    "Alcaldesa (S)": "Alcaldesa subrogante",
    "Alcalde (S)": "Alcalde subrogante",
}
DECLARED_BY = "¿Quién declara que es copia fiel?"
"""The secretario or secretaria municipal, of a record. A file with electronic signatures needs nobody's word."""


def _lines(text: str) -> list[str]:
    return [line.strip(" -•\t") for line in text.splitlines() if line.strip(" -•\t")]


@dataclass(frozen=True)
class EditLetter(forms.FormData):
    """The carta de compromiso (TPL-01): why and for what, and who signs (PREP-1.1-08)."""

    objectives: str = forms.prose("Objetivos de la Política", required=True, max_length=6000)
    needs: str = forms.prose("Necesidades que la motivan", required=True, max_length=6000)
    commitments: str = forms.prose("Compromisos que se asumen", max_length=6000)
    place: str = forms.text("Lugar", max_length=80)
    dated_on: date | None = forms.day("Fecha")
    mayor: str = forms.text("Nombre de la alcaldesa o del alcalde", required=True, max_length=120)
    mayor_cargo: str = forms.choice("Cargo", MAYORS, required=True)
    councillors: str = forms.prose("Concejalas y concejales", max_length=2000)
    dideco: str = forms.text("Director/a de Desarrollo Comunitario", max_length=120)
    migration_office: str = forms.text("Encargado/a de Migración", max_length=120)
    version: int = forms.revision()

    @property
    def signatories(self) -> list[tuple[str, str, str]]:
        """(name, cargo, role) of each, in the order in which they sign."""
        found = [(self.mayor, self.mayor_cargo, "mayor")]
        found += [(name, "Concejal o concejala", "councillor") for name in _lines(self.councillors)]
        if self.dideco:
            found.append((self.dideco, "Director/a de Desarrollo Comunitario", "dideco"))
        if self.migration_office:
            found.append((self.migration_office, "Encargado/a de Migración", "migration_office"))
        return found

    def check(self) -> Iterable[tuple[str, str]]:
        if len(_lines(self.councillors)) > 40:
            yield "councillors", "Son demasiados nombres: escriba uno por línea."
        if any(len(name) > 120 for name in _lines(self.councillors)):
            yield "councillors", "Escriba un nombre por línea, de hasta 120 caracteres."


@dataclass(frozen=True)
class RecordOutside(forms.FormData):
    """A letter that was written and signed outside Acogida, before or beside it: who signed and when."""

    mayor: str = forms.text("Nombre de la alcaldesa o del alcalde", required=True, max_length=120)
    mayor_cargo: str = forms.choice("Cargo", MAYORS, required=True)
    councillors: str = forms.prose("Concejalas y concejales que firmaron", max_length=2000)
    signed_on: date | None = forms.day("Fecha de la firma", required=True)
    declared_by: str = forms.text(DECLARED_BY, max_length=120)

    def check(self) -> Iterable[tuple[str, str]]:
        if len(_lines(self.councillors)) > 40 or any(len(name) > 120 for name in _lines(self.councillors)):
            yield "councillors", "Escriba un nombre por línea, de hasta 120 caracteres."

    @property
    def signatories(self) -> list[tuple[str, str, str]]:
        """(name, cargo, role) of each."""
        return [
            (self.mayor, self.mayor_cargo, "mayor"),
            *((name, "Concejal o concejala", "councillor") for name in _lines(self.councillors)),
        ]


@dataclass(frozen=True)
class RecordSigned(forms.FormData):
    """The signed letter came back: who signed it and when. The file goes with it.

    With electronic signatures the file itself says all three; of a record, somebody must.
    """

    signed_on: date | None = forms.day("Fecha de la firma")
    signed: tuple[str, ...] = forms.choices("¿Quiénes la firmaron?")
    declared_by: str = forms.text(DECLARED_BY, max_length=120)


@dataclass(frozen=True)
class RecordAgreement(forms.FormData):
    """The support was given by an acuerdo del concejo (AMB-16)."""

    number: str = forms.text("Número del acuerdo", required=True, max_length=40)
    dated_on: date | None = forms.day("Fecha de la sesión", required=True)
    mayor: str = forms.text("Alcalde o alcaldesa que lo firma", max_length=120)
    mayor_signed: bool = forms.tick("Lleva la firma de la alcaldesa o del alcalde")
    declared_by: str = forms.text(DECLARED_BY, max_length=120)

    def check(self) -> Iterable[tuple[str, str]]:
        if self.mayor_signed and not self.mayor:
            yield "mayor", "Escriba el nombre de quien firmó."


@dataclass(frozen=True)
class EditProject(forms.FormData):
    """The document that explains the project (TPL-02): its terms and its commitments."""

    purpose: str = forms.prose("Propósito", required=True, max_length=6000)
    commitments: str = forms.prose("Compromisos", required=True, max_length=6000)
    resources: str = forms.prose("Recursos con que se cuenta", max_length=6000)
    participation: str = forms.prose("Quiénes participarán y cómo", max_length=6000)
    dated_on: date | None = forms.day("Fecha del documento")
    preparation_starts_on: date | None = forms.day("Preparación, inicio")
    preparation_ends_on: date | None = forms.day("Preparación, término")
    preparation_lead: str = forms.text("Preparación, quién la conduce", max_length=120)
    diagnosis_starts_on: date | None = forms.day("Diagnóstico, inicio")
    diagnosis_ends_on: date | None = forms.day("Diagnóstico, término")
    diagnosis_lead: str = forms.text("Diagnóstico, quién lo conduce", max_length=120)
    planning_starts_on: date | None = forms.day("Planificación, inicio")
    planning_ends_on: date | None = forms.day("Planificación, término")
    planning_lead: str = forms.text("Planificación, quién la conduce", max_length=120)
    validation_starts_on: date | None = forms.day("Validación y difusión, inicio")
    validation_ends_on: date | None = forms.day("Validación y difusión, término")
    validation_lead: str = forms.text("Validación y difusión, quién la conduce", max_length=120)
    implementation_starts_on: date | None = forms.day("Implementación y seguimiento, inicio")
    implementation_ends_on: date | None = forms.day("Implementación y seguimiento, término")
    implementation_lead: str = forms.text("Implementación y seguimiento, quién la conduce", max_length=120)
    version: int = forms.revision()

    def dates(self) -> dict[str, tuple[date | None, date | None, str]]:
        """Stage → (start, end, who leads)."""
        return {
            stage: (
                getattr(self, f"{stage}_starts_on"),
                getattr(self, f"{stage}_ends_on"),
                getattr(self, f"{stage}_lead"),
            )
            for stage in STAGES
        }

    def check(self) -> Iterable[tuple[str, str]]:
        for stage, (starts, ends, _) in self.dates().items():
            if starts and ends and ends < starts:
                yield f"{stage}_ends_on", "El término es anterior al inicio."


STAGES = ("preparation", "diagnosis", "planning", "validation", "implementation")
TEXTS = ("purpose", "commitments", "resources", "participation")


@dataclass(frozen=True)
class RecordApproval(forms.FormData):
    """The mayor approved the Política (VAL-4.3-04): from that day the vigencia runs (AMB-05)."""

    number: str = forms.text("Número del documento", max_length=40)
    dated_on: date | None = forms.day("Fecha de la aprobación", required=True)
    signatory: str = forms.text("¿Quién aprobó?", required=True, max_length=120)
    cargo: str = forms.choice("Cargo", MAYORS, required=True)
    years: str = forms.choice("¿Cuántos años regirá?", {"3": "3 años", "4": "4 años"}, required=True, default="4")
    declared_by: str = forms.text(DECLARED_BY, max_length=120)


@dataclass(frozen=True)
class RecordVote(forms.FormData):
    """The concejo voted (VAL-4.3-05)."""

    number: str = forms.text("Número del acuerdo", required=True, max_length=40)
    dated_on: date | None = forms.day("Fecha de la sesión", required=True)
    result: str = forms.choice("Resultado", {"approved": "Aprobada", "rejected": "Rechazada"}, required=True)
    in_favour: int | None = forms.whole("Votos a favor", required=True, most=50)
    against: int | None = forms.whole("Votos en contra", required=True, most=50)
    abstentions: int | None = forms.whole("Abstenciones", required=True, most=50)
    declared_by: str = forms.text(DECLARED_BY, max_length=120)


@dataclass(frozen=True)
class RecordDecree(forms.FormData):
    """The decreto alcaldicio that formalises the Política (VAL-4.3-06)."""

    number: str = forms.text("Número del decreto", required=True, max_length=40)
    dated_on: date | None = forms.day("Fecha del decreto", required=True)
    signatory: str = forms.text("¿Quién lo firma?", max_length=120)
    cargo: str = forms.choice("Cargo", MAYORS)
    declared_by: str = forms.text(DECLARED_BY, max_length=120)

    def check(self) -> Iterable[tuple[str, str]]:
        if self.signatory and not self.cargo:
            yield "cargo", "Elija el cargo de quien firma."


@dataclass(frozen=True)
class RecordTerm(forms.FormData):
    """Whether the concejo's term of twenty days runs for this matter (Ley 18.695, art. 82 c): the municipality says."""

    applies: bool | None = forms.yes_no("¿Corre el plazo de veinte días?", required=True)
    notes: str = forms.prose("Fundamento", max_length=4000)


@dataclass(frozen=True)
class RecordOther(forms.FormData):
    """Any other act, signed: an acta of a session, a certificado."""

    kind: str = forms.choice("Tipo", {"session_minutes": "Acta de sesión", "certificate": "Certificado"}, required=True)
    title: str = forms.text("Título", required=True, max_length=160)
    number: str = forms.text("Número", max_length=40)
    organ: str = forms.choice("¿De quién es?", ORGANS, required=True)
    dated_on: date | None = forms.day("Fecha del documento", required=True)
    signatories: str = forms.prose("¿Quiénes lo firman?", required=True, max_length=2000)
    declared_by: str = forms.text(DECLARED_BY, max_length=120)

    @property
    def signing(self) -> list[tuple[str, str]]:
        """(name, cargo) of each: a line is «Nombre, cargo»."""
        split = [line.partition(",") for line in _lines(self.signatories)]
        return [(name.strip(), cargo.strip()) for name, _, cargo in split]

    def check(self) -> Iterable[tuple[str, str]]:
        lines = self.signing
        if not 1 <= len(lines) <= 20 or any(not name or len(name) > 120 or len(cargo) > 120 for name, cargo in lines):
            yield "signatories", "Escriba una persona por línea, con su cargo después de una coma. Hasta 20 personas."


@dataclass(frozen=True)
class EditSigner(forms.FormData):
    """How one who signs is known and reached."""

    run: str = forms.text("RUN", max_length=20)
    email: str = forms.email("Correo")
    acting: bool = forms.tick("Firma como subrogante")
    version: int = forms.revision()


@dataclass(frozen=True)
class Declare(forms.FormData):
    """Who answers for the copy of an act recorded without it."""

    declared_by: str = forms.text(DECLARED_BY, required=True, max_length=120)


@dataclass(frozen=True)
class StateCode(forms.FormData):
    """What FirmaGob asks of who signs."""

    run: str = forms.text("Su RUN", required=True, max_length=20)
    code: str = forms.text("Código de un solo uso", required=True, max_length=12)
