"""How an edition is cited, for people and for machines. Whatever the format, it names the edition and its own address.

Nothing here speaks for OIM: who wrote down the practice is this catalogue, and who carries it out is said as such.
"""

import json
import re
from collections.abc import Mapping, Sequence
from typing import Any

from markupsafe import Markup

from acogida.features.practices import content
from acogida.features.practices.content import Content
from acogida.features.practices.model import PracticeEdition
from acogida.features.practices.store import Listed
from acogida.features.practices.vocabulary import Taxonomy, country

AUTHOR = "Acogida"
COLLECTION = "Acogida, catálogo de buenas prácticas"


def address(site: str, edition: PracticeEdition | Listed) -> str:
    """This function will give the address that an edition keeps for ever."""
    return f"{site}/buenas-practicas/{edition.code}/v{edition.number}"


def where(said: Content) -> str:
    """This function will put place and country in a line."""
    land = country(said.country) if said.country else ""
    return ", ".join(part for part in (said.place, "" if land == said.place else land) if part)


def apa(site: str, edition: PracticeEdition) -> str:
    """This function will cite the edition as APA does (7th edition), in Spanish."""
    said = content.of(edition.content)
    placed = f" [Buena práctica, {where(said)}]" if where(said) else " [Buena práctica]"
    return (
        f"{AUTHOR}. ({edition.published_on.year}). {said.title} ({edition.code}, edición {edition.number}){placed}. "
        f"Catálogo de buenas prácticas. {address(site, edition)}"
    )


def bibtex(site: str, edition: PracticeEdition) -> str:
    """This function will cite the edition for BibTeX: its special characters escaped, the title kept in its capitals."""
    said = content.of(edition.content)
    key = f"acogida{edition.published_on.year}{edition.code.lower().replace('-', '')}v{edition.number}"
    fields = {
        "author": f"{{{AUTHOR}}}",
        "title": f"{{{_tex(said.title)}}}",
        "year": str(edition.published_on.year),
        "month": str(edition.published_on.month),
        "edition": str(edition.number),
        "number": edition.code,
        "howpublished": _tex(COLLECTION),
        "note": _tex(where(said)),
        "url": address(site, edition),
        "language": "spanish",
    }
    lines = ",\n".join(f"  {name} = {{{value}}}" for name, value in fields.items() if value)
    return f"@misc{{{key},\n{lines}\n}}\n"


_TEX = {"\\": r"\textbackslash{}", "{": r"\{", "}": r"\}", "~": r"\textasciitilde{}", "^": r"\textasciicircum{}"}


def _tex(text: str) -> str:
    return re.sub(r"[\\{}~^&%$#_]", lambda found: _TEX.get(found[0], f"\\{found[0]}"), text)


def csl(site: str, edition: PracticeEdition) -> list[dict[str, Any]]:
    """This function will cite the edition in CSL-JSON, as reference managers read it."""
    said = content.of(edition.content)
    day = edition.published_on
    return [
        {
            "id": f"{edition.code}-v{edition.number}",
            "type": "webpage",
            "author": [{"literal": AUTHOR}],
            "title": said.title,
            "container-title": COLLECTION,
            "edition": str(edition.number),
            "number": edition.code,
            "issued": {"date-parts": [[day.year, day.month, day.day]]},
            "abstract": said.summary,
            "event-place": where(said),
            "language": "es-CL",
            "URL": address(site, edition),
        }
    ]


def json_ld(
    site: str, edition: PracticeEdition, taxonomy: Taxonomy, dimensions: Mapping[str, str], *, latest: bool = True
) -> dict[str, Any]:
    """This function will describe the edition in the words of schema.org. `dimensions` is number → title."""
    said = content.of(edition.content)
    subjects = [
        *(_term("Dimensiones de la guía OIM–Sermig", key, dimensions.get(key, key)) for key in said.dimensions),
        *(
            _term("Subcategorías de la guía OIM–Sermig", key, taxonomy.label("subcategories", key))
            for key in [said.subcategory]
            if key
        ),
        *(_term("Temas de Acogida", key, taxonomy.label("themes", key)) for key in said.themes),
    ]
    found: dict[str, Any] = {
        "@context": "https://schema.org",
        "@type": "CreativeWork",
        "@id": address(site, edition),
        "url": f"{site}/buenas-practicas/{edition.code}" if latest else address(site, edition),
        "identifier": edition.code,
        "version": str(edition.number),
        "name": said.title,
        "alternateName": said.original_title,
        "abstract": said.summary,
        "inLanguage": "es-CL",
        "datePublished": edition.published_on.isoformat(),
        "isAccessibleForFree": True,
        "genre": "Buena práctica",
        "about": subjects,
        "spatialCoverage": {
            "@type": "Place",
            "name": said.place,
            "address": {"@type": "PostalAddress", "addressCountry": said.country} if said.country else None,
        }
        if said.place
        else None,
        "contributor": {"@type": "Organization", "name": said.implementer} if said.implementer else None,
        "audience": [{"@type": "Audience", "audienceType": group} for group in said.target_groups],
        "isPartOf": {"@type": "DataCatalog", "name": COLLECTION, "url": f"{site}/buenas-practicas"},
        "citation": [
            _filled({"@type": "CreativeWork", "name": each.title, "publisher": each.publisher, "url": each.url})
            for each in said.sources
        ],
    }
    return _filled(found)


def _term(of: str, code: str, name: str) -> dict[str, Any]:
    return {"@type": "DefinedTerm", "inDefinedTermSet": of, "termCode": code, "name": name}


def _filled(value: Any) -> Any:
    """The same without what is empty."""
    if isinstance(value, dict):
        return {name: _filled(each) for name, each in value.items() if each not in (None, "", [], {})}
    return [_filled(each) for each in value] if isinstance(value, list) else value


def data_block(value: Mapping[str, Any]) -> Markup:
    """This function will write JSON-LD inside a page. It is a block of data, which browsers never run and our content
    policy therefore lets be; nothing in it can close the block, because `<` is written by its number."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    for character in "<>&\u2028\u2029":
        text = text.replace(character, f"\\u{ord(character):04x}")
    return Markup('<script type="application/ld+json">{}</script>').format(Markup(text))  # noqa: S704 because each character that HTML reads is escaped above


def dublin_core(
    site: str, edition: PracticeEdition, taxonomy: Taxonomy, dimensions: Mapping[str, str]
) -> Sequence[tuple[str, str]]:
    """This function will describe the edition in the fifteen elements of Dublin Core, as (element, value)."""
    said = content.of(edition.content)
    pairs = [
        ("title", said.title),
        ("title", said.original_title),
        ("creator", AUTHOR),
        *(("subject", dimensions.get(key, key)) for key in said.dimensions),
        ("subject", taxonomy.label("subcategories", said.subcategory) if said.subcategory else ""),
        *(("subject", taxonomy.label("themes", key)) for key in said.themes),
        ("description", said.summary),
        ("publisher", AUTHOR),
        ("contributor", said.implementer),
        ("date", edition.published_on.isoformat()),
        ("type", "Text"),
        ("type", "Buena práctica"),
        ("format", "text/html"),
        ("identifier", address(site, edition)),
        ("identifier", edition.code),
        *(("source", each.url or each.title) for each in said.sources),
        ("language", "es"),
        ("relation", f"{site}/buenas-practicas/{edition.code}"),
        ("coverage", where(said)),
    ]
    return [(name, value) for name, value in pairs if value]
