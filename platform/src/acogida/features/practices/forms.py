"""What people fill in about practices: curators on their desk, whoever proposes one, and who adopts it."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from acogida.features.practices.content import LABELS, Content, Source
from acogida.features.practices.model import LANGUAGES, TRANSLATION_STATES
from acogida.kernel.errors import Rejected
from acogida.web import forms

LEVELS = {
    "municipal": "Municipal",
    "regional": "Regional o provincial",
    "national": "Nacional",
    "multi": "Varias instituciones",
}
EVIDENCE = {
    "none": "Sin resultados a la vista",
    "self-reported": "Resultados informados por la iniciativa",
    "evaluated": "Evaluada por terceros",
}
SCALES = {
    "small": "Hasta 20 mil habitantes",
    "medium": "De 20 mil a 100 mil",
    "large": "De 100 mil a 250 mil",
    "metropolitan": "Más de 250 mil",
}
SOURCE_PARTS = ("título", "dirección", "quién la publica", "año", "leída o no leída", "qué dice")
SOURCES_HINT = "Una por línea, sus partes separadas por « | »: " + " | ".join(SOURCE_PARTS) + "."
_LINES = ("target_groups", "partners", "how_it_works", "results", "gaps")
_LONGEST_LINE = 1200
_NOT_READ = re.compile(r"no\b.*", re.IGNORECASE)


@dataclass(frozen=True)
class EditPractice(forms.FormData):
    """Every field of a practice. Lists are written one item a line."""

    title: str = forms.text("Nombre", required=True, max_length=200)
    summary: str = forms.prose("Resumen", required=True, max_length=2000)
    original_title: str = forms.text("Nombre original", max_length=300)
    country: str = forms.text("País", max_length=2, hint="Dos letras: CL, BR, CO… Vacío si son varios.")
    place: str = forms.text("Lugar", max_length=300)
    region: str = forms.text("Región de Chile", max_length=2)
    communes: str = forms.text("Comunas de Chile", max_length=600, hint="Sus códigos CUT, separados por comas.")
    scale: str = forms.choice("Tamaño de la comuna", SCALES)
    level: str = forms.choice("Nivel", LEVELS, required=True, default="municipal")
    subcategory: str = forms.text("Subcategoría de la guía", max_length=6)
    dimensions: tuple[str, ...] = forms.choices("Dimensiones")
    dimensions_confirmed: bool = forms.tick("La curaduría confirma estas dimensiones")
    themes: tuple[str, ...] = forms.choices("Temas")
    targets: tuple[str, ...] = forms.choices("Grupos a los que llega")
    target_groups: str = forms.prose("Para quiénes, como lo dicen las fuentes", max_length=6000)
    start_year: int | None = forms.whole("Año de inicio", least=1900, most=2100)
    end_year: int | None = forms.whole("Año de término", least=1900, most=2100)
    implementer: str = forms.text("Quién la realiza", max_length=400)
    partners: str = forms.prose("Con quiénes", max_length=6000)
    how_it_works: str = forms.prose("Cómo funciona", max_length=12_000)
    resources: str = forms.prose("Qué requirió", max_length=2000)
    results: str = forms.prose("Resultados", max_length=12_000)
    evidence: str = forms.choice("Respaldo de los resultados", EVIDENCE, required=True, default="none")
    transferable_to: str = forms.prose("A quiénes puede servir, si una fuente lo dice", max_length=1200)
    transfer_idea: str = forms.prose("Idea para llevarla a otra comuna", max_length=1200)
    languages: str = forms.text(
        "Idiomas en que atiende", max_length=120, hint="Dos letras cada uno, separadas por comas: es, ht, en."
    )
    language_note: str = forms.text("Sobre los idiomas", max_length=300)
    sources: str = forms.prose("Fuentes", max_length=20_000, hint=SOURCES_HINT)
    gaps: str = forms.prose("Lo que falta saber", max_length=6000)
    version: int = forms.revision()

    def check(self) -> Iterable[tuple[str, str]]:
        if self.start_year and self.end_year and self.end_year < self.start_year:
            yield "end_year", "El término es anterior al inicio."
        if self.country and not re.fullmatch(r"[A-Za-z]{2}", self.country):
            yield "country", "Escriba las dos letras del país, como CL."
        if self.region and not re.fullmatch(r"\d{2}", self.region):
            yield "region", "Escriba los dos números de la región, como 09."
        if any(not re.fullmatch(r"\d{5}", each) for each in parts(self.communes)):
            yield "communes", "Cada código de comuna tiene cinco números."
        if any(not re.fullmatch(r"[A-Za-z]{2}", each) for each in parts(self.languages)):
            yield "languages", "Escriba dos letras por idioma, separadas por comas."
        if not frozenset("12345678").issuperset(self.dimensions):
            yield "dimensions", "Elija entre las ocho dimensiones de la guía."
        for name in _LINES:
            if long := next((each for each in lines(getattr(self, name)) if len(each) > _LONGEST_LINE), ""):
                yield name, f"Una línea tiene más de 1.200 caracteres: «{long[:60]}…». Pártala en dos."


def parts(text: str) -> tuple[str, ...]:
    """This function will split what is separated by commas."""
    return tuple(dict.fromkeys(each.strip() for each in text.split(",") if each.strip()))


def lines(text: str) -> tuple[str, ...]:
    """This function will split what is written one item a line; bullets typed before an item are left out."""
    return tuple(found for each in text.splitlines() if (found := re.sub(r"^[-•*]\s+", "", each.strip())))


def sources_of(text: str) -> tuple[Source, ...]:
    """This function will read sources written one a line. Raises `Rejected` on `sources`, naming the line."""
    found = []
    for place, line in enumerate(lines(text), 1):
        said = [each.strip() for each in line.split("|")]
        title, url, publisher, year, read, supports = (*said, *[""] * 6)[:6]
        if not title:
            raise Rejected(fields={"sources": f"Línea {place}: falta el título de la fuente."})
        if len(said) > len(SOURCE_PARTS):
            raise Rejected(
                fields={"sources": f"Línea {place}: sobran partes. Son {len(SOURCE_PARTS)}, separadas por «|»."}
            )
        if url and not re.match(r"https?://\S+\.\S+", url):
            raise Rejected(
                fields={"sources": f"Línea {place}: «{url[:60]}» no es una dirección completa, como https://…"}
            )
        if year and not re.fullmatch(r"(19|20)\d\d", year):
            raise Rejected(fields={"sources": f"Línea {place}: «{year[:20]}» no es un año."})
        if any(len(each) > limit for each, limit in ((title, 1200), (url, 2000), (publisher, 300), (supports, 1200))):
            raise Rejected(fields={"sources": f"Línea {place}: es demasiado larga."})
        found.append(
            Source(
                title=title,
                url=url,
                publisher=publisher,
                year=int(year) if year else None,
                read=bool(read) and not _NOT_READ.fullmatch(read),
                supports=supports,
            )
        )
    return tuple(found)


def sources_text(sources: Sequence[Source]) -> str:
    """This function will write sources as `sources_of` reads them."""
    return "\n".join(
        " | ".join(
            (
                each.title,
                each.url,
                each.publisher,
                str(each.year or ""),
                "leída" if each.read else "no leída",
                each.supports,
            )
        )
        for each in sources
    )


def to_content(wanted: EditPractice) -> Content:
    """This function will turn the form into a practice's record. Raises `Rejected` with the fields that can't be read."""
    given: dict[str, Any] = {
        name: value for name, value in wanted.changes().items() if name in LABELS and name != "sources"
    }
    given |= {name: lines(given[name]) for name in _LINES}
    return Content(
        **given
        | {
            "country": wanted.country.upper(),
            "communes": parts(wanted.communes),
            "languages": tuple(each.lower() for each in parts(wanted.languages)),
            "category": wanted.subcategory.partition(".")[0],
            "dimensions": tuple(sorted(wanted.dimensions)),
            "dimensions_proposed": not wanted.dimensions_confirmed,
            "sources": sources_of(wanted.sources),
        }
    )


def from_content(said: Content, version: int) -> forms.Form[EditPractice]:
    """This function will give the form as a practice's record stands."""
    return forms.blank(
        EditPractice,
        **{
            **{name: getattr(said, name) for name in LABELS if name in EditPractice.form_fields()},
            **{name: "\n".join(getattr(said, name)) for name in _LINES},
            "communes": ", ".join(said.communes),
            "languages": ", ".join(said.languages),
            "dimensions_confirmed": not said.dimensions_proposed,
            "sources": sources_text(said.sources),
            "version": version,
        },
    )


@dataclass(frozen=True)
class Publish(forms.FormData):
    """What goes with a new edition."""

    note: str = forms.text("¿Qué cambió desde la edición anterior?", max_length=300)
    due_on: date | None = forms.day("Revisarla de nuevo a más tardar el", required=True)
    version: int = forms.revision()


@dataclass(frozen=True)
class SetDue(forms.FormData):
    """When a published practice must be looked at again."""

    due_on: date | None = forms.day("Revisarla de nuevo a más tardar el", required=True)
    version: int = forms.revision()


@dataclass(frozen=True)
class GiveReason(forms.FormData):
    """Why a practice goes back, or leaves the catalogue."""

    reason: str = forms.prose("Motivo", required=True, max_length=1000)
    version: int = forms.revision()


@dataclass(frozen=True)
class Merge(forms.FormData):
    """Two practices that tell the same."""

    into: str = forms.text("Código de la práctica que queda", required=True, max_length=10)
    reason: str = forms.prose("Motivo", required=True, max_length=1000)
    version: int = forms.revision()


@dataclass(frozen=True)
class Translate(forms.FormData):
    """An edition in another language."""

    language: str = forms.choice("Idioma", LANGUAGES, required=True)
    state: str = forms.choice("Cómo está la traducción", TRANSLATION_STATES, required=True)
    title: str = forms.text("Nombre", required=True, max_length=200)
    summary: str = forms.prose("Resumen", required=True, max_length=2000)
    how_it_works: str = forms.prose("Cómo funciona", max_length=12_000)
    results: str = forms.prose("Resultados", max_length=12_000)
    version: int = forms.revision()


@dataclass(frozen=True)
class ProposePractice(forms.FormData):
    """A practice offered to the catalogue: the fields with which the guide tells its own (03 · 2), and what backs them."""

    title: str = forms.text("Nombre de la práctica", required=True, max_length=200)
    place: str = forms.text("¿En qué comuna o lugar se hace?", required=True, max_length=300)
    summary: str = forms.prose("¿En qué consiste?", required=True, max_length=2000)
    subcategory: str = forms.text("¿De qué trata?", max_length=6)
    dimensions: tuple[str, ...] = forms.choices("Dimensiones")
    target_groups: str = forms.prose("¿Para quiénes es?", max_length=3000)
    how_it_works: str = forms.prose("¿Cómo funciona?", max_length=12_000)
    implementer: str = forms.text("¿Quién la realiza?", required=True, max_length=400)
    partners: str = forms.prose("¿Con quiénes?", max_length=3000)
    start_year: int | None = forms.whole("¿Desde qué año?", least=1900, most=2100)
    resources: str = forms.prose("¿Qué requirió?", max_length=2000)
    results: str = forms.prose("¿Qué resultados tuvo?", max_length=12_000)
    sources: str = forms.prose("¿Dónde se puede comprobar?", max_length=8000)
    version: int = forms.revision()

    def check(self) -> Iterable[tuple[str, str]]:
        if not frozenset("12345678").issuperset(self.dimensions):
            yield "dimensions", "Elija entre las ocho dimensiones de la guía."


@dataclass(frozen=True)
class ProposeOpenly(ProposePractice):
    """The same from an organisation without a workspace."""

    proposer: str = forms.text("Su organización", required=True, max_length=200)
    contact_name: str = forms.text("Su nombre", required=True, max_length=160)
    contact_email: str = forms.email("Su correo", required=True)


def proposed(wanted: ProposePractice) -> Content:
    """This function will turn a proposal into a practice's record. Lines of sources that are an address are kept as such."""
    found = []
    for line in lines(wanted.sources):
        address = re.search(r"https?://\S+", line)
        found.append(Source(title=line[:1200], url=address[0][:2000] if address else ""))
    return Content(
        title=wanted.title,
        summary=wanted.summary,
        place=wanted.place,
        country="CL",
        category=wanted.subcategory.partition(".")[0],
        subcategory=wanted.subcategory,
        dimensions=tuple(sorted(wanted.dimensions)),
        target_groups=_short(wanted.target_groups),
        how_it_works=_short(wanted.how_it_works),
        implementer=wanted.implementer,
        partners=_short(wanted.partners),
        start_year=wanted.start_year,
        resources=wanted.resources,
        results=_short(wanted.results),
        evidence="self-reported" if wanted.results else "none",
        sources=tuple(found),
    )


def _short(text: str) -> tuple[str, ...]:
    """Lines, those too long for one cut where they must be."""
    return tuple(each[at : at + _LONGEST_LINE] for each in lines(text) for at in range(0, len(each), _LONGEST_LINE))


def as_proposed(said: Content) -> dict[str, object]:
    """This function will give the values of the form of a proposal as its record stands."""
    return {
        "title": said.title,
        "place": said.place,
        "summary": said.summary,
        "subcategory": said.subcategory,
        "dimensions": said.dimensions,
        "target_groups": "\n".join(said.target_groups),
        "how_it_works": "\n".join(said.how_it_works),
        "implementer": said.implementer,
        "partners": "\n".join(said.partners),
        "start_year": said.start_year,
        "resources": said.resources,
        "results": "\n".join(said.results),
        "sources": "\n".join(each.title for each in said.sources),
    }


@dataclass(frozen=True)
class Say(forms.FormData):
    """A question to who proposed, or the answer."""

    text: str = forms.prose("Mensaje", required=True, max_length=4000)
    version: int = forms.revision()


@dataclass(frozen=True)
class Decline(forms.FormData):
    """Why a proposal does not enter the catalogue; the code of the practice that already tells it, where there is one."""

    text: str = forms.prose("Motivo", required=True, max_length=4000)
    practice_code: str = forms.text("Código de la práctica que ya la cuenta", max_length=10)
    version: int = forms.revision()


@dataclass(frozen=True)
class EditAdoption(forms.FormData):
    """What was changed to fit the commune, and whether its name and result may be shown on the practice."""

    adaptations: str = forms.prose("¿Qué adaptaron y por qué?", max_length=6000)
    share_result: bool = forms.tick("Mostrar en la práctica el nombre de la comuna y si logró su meta")
    version: int = forms.revision()
