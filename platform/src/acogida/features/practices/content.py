"""What a practice says: one record, the same in the catalogue's files, on the desk and in every edition.

An empty field says that no source was found: nobody fills it in without one. `transfer_idea` is whoever compiled it
speaking, and is shown as an idea, never as a fact.
"""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from typing import Annotated, Any, Literal

import msgspec

Level = Literal["municipal", "regional", "national", "multi"]
Evidence = Literal["none", "self-reported", "evaluated"]
Scale = Literal["", "small", "medium", "large", "metropolitan"]
Line = Annotated[str, msgspec.Meta(min_length=1, max_length=1200)]
Key = Annotated[str, msgspec.Meta(min_length=1, max_length=60)]
Year = Annotated[int, msgspec.Meta(ge=1900, le=2100)]


class Source(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Where something is said. `read` is False where the address is known and nobody could read it."""

    title: Line
    url: Annotated[str, msgspec.Meta(max_length=2000)] = ""
    publisher: Annotated[str, msgspec.Meta(max_length=300)] = ""
    year: Year | None = None
    read: bool = False
    supports: Annotated[str, msgspec.Meta(max_length=1200)] = ""
    """What of the practice it says."""


class Content(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Everything that is told of a practice."""

    title: Annotated[str, msgspec.Meta(min_length=1, max_length=200)]
    summary: Annotated[str, msgspec.Meta(max_length=2000)] = ""
    original_title: Annotated[str, msgspec.Meta(max_length=300)] = ""
    country: Annotated[str, msgspec.Meta(pattern=r"^([A-Z]{2})?$")] = ""
    """ISO 3166-1 alpha-2; empty where it belongs to several."""
    place: Annotated[str, msgspec.Meta(max_length=300)] = ""
    region: Annotated[str, msgspec.Meta(pattern=r"^(\d{2})?$")] = ""
    """Two digits of the CUT, in Chile."""
    communes: tuple[Annotated[str, msgspec.Meta(pattern=r"^\d{5}$")], ...] = ()
    """CUT of the communes of Chile where it is done."""
    scale: Scale = ""
    level: Level = "municipal"
    category: Annotated[str, msgspec.Meta(max_length=4)] = ""
    subcategory: Annotated[str, msgspec.Meta(max_length=6)] = ""
    dimensions: tuple[Annotated[str, msgspec.Meta(pattern=r"^[1-8]$")], ...] = ()
    dimensions_proposed: bool = True
    """Nobody of OIM has confirmed its dimensions (reading AMB-13)."""
    themes: tuple[Key, ...] = ()
    targets: tuple[Key, ...] = ()
    target_groups: tuple[Line, ...] = ()
    """For whom it is, in the words of its sources."""
    start_year: Year | None = None
    end_year: Year | None = None
    implementer: Annotated[str, msgspec.Meta(max_length=400)] = ""
    partners: tuple[Line, ...] = ()
    how_it_works: tuple[Line, ...] = ()
    resources: Annotated[str, msgspec.Meta(max_length=2000)] = ""
    results: tuple[Line, ...] = ()
    evidence: Evidence = "none"
    transferable_to: Annotated[str, msgspec.Meta(max_length=1200)] = ""
    """To whom it may be useful, only where a source says so."""
    transfer_idea: Annotated[str, msgspec.Meta(max_length=1200)] = ""
    """An idea of whoever compiled it, without a source."""
    languages: tuple[Annotated[str, msgspec.Meta(pattern=r"^[a-z]{2}$")], ...] = ()
    """In which it attends people, ISO 639-1."""
    language_note: Annotated[str, msgspec.Meta(max_length=300)] = ""
    sources: tuple[Source, ...] = ()
    gaps: tuple[Line, ...] = ()
    """What nobody could find out yet."""


def kept(content: Content) -> dict[str, Any]:
    """This function will give the record as the database keeps it."""
    return msgspec.to_builtins(content)


def of(value: Mapping[str, Any]) -> Content:
    """This function will read back what `kept` gave, also where it was kept before a field was born."""
    known = set(Content.__struct_fields__)
    return msgspec.convert({name: each for name, each in value.items() if name in known}, Content)


def digest(content: Content) -> str:
    """This function will give the SHA-256 of the record, in hexadecimal: equal records have equal ones."""
    return hashlib.sha256(msgspec.json.encode(kept(content), order="deterministic")).hexdigest()


def body(content: Content) -> str:
    """This function will join what is told as a fact beyond title and summary: what a search reads. Ideas stay out."""
    parts: Iterable[str] = (
        content.original_title,
        *content.how_it_works,
        content.resources,
        *content.results,
        *content.target_groups,
        content.implementer,
        *content.partners,
        content.transferable_to,
        content.language_note,
    )
    return "\n".join(part for part in parts if part)


LABELS = {
    "title": "Nombre",
    "summary": "Resumen",
    "original_title": "Nombre original",
    "country": "País",
    "place": "Lugar",
    "region": "Región",
    "communes": "Comunas",
    "scale": "Tamaño de la comuna",
    "level": "Nivel",
    "category": "Categoría",
    "subcategory": "Subcategoría",
    "dimensions": "Dimensiones",
    "dimensions_proposed": "Clasificación propuesta",
    "themes": "Temas",
    "targets": "Grupos a los que llega",
    "target_groups": "Para quiénes",
    "start_year": "Año de inicio",
    "end_year": "Año de término",
    "implementer": "Quién la realiza",
    "partners": "Con quiénes",
    "how_it_works": "Cómo funciona",
    "resources": "Qué requirió",
    "results": "Resultados",
    "evidence": "Respaldo de los resultados",
    "transferable_to": "A quiénes puede servir",
    "transfer_idea": "Idea para llevarla a otra comuna",
    "languages": "Idiomas en que atiende",
    "language_note": "Sobre los idiomas",
    "sources": "Fuentes",
    "gaps": "Lo que falta saber",
}
"""Each field as the screen says it."""


def changed(before: Content, after: Content) -> Sequence[str]:
    """This function will name the fields in which two records differ, as the screen says them."""
    return [words for name, words in LABELS.items() if getattr(before, name) != getattr(after, name)]
