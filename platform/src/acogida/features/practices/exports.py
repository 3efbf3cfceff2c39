"""The catalogue in the formats of others: sitemap, Atom, DCAT, rows of a spreadsheet. Published editions only."""

import json
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any
from xml.etree import ElementTree as ET

from acogida.features.practices import citation, content
from acogida.features.practices.content import LABELS, Content
from acogida.features.practices.model import Practice, PracticeEdition
from acogida.features.practices.store import Listed
from acogida.features.practices.vocabulary import Taxonomy

Rows = Sequence[tuple[Practice, PracticeEdition]]
HOME = "/buenas-practicas"


def written(root: ET.Element) -> bytes:
    """This function will write a tree as UTF-8 XML with its declaration."""
    return ET.tostring(root, encoding="utf-8", xml_declaration=True)


def robots(site: str) -> str:
    return f"User-agent: *\nDisallow: /m/\nDisallow: /curaduria\nDisallow: /cuenta\nDisallow: /ingresar\nSitemap: {site}/sitemap.xml\n"


def sitemap(site: str, rows: Sequence[Listed], lists: Taxonomy) -> bytes:
    """This function will list every page of the catalogue, and the others that anybody may read."""
    root = ET.Element("urlset", xmlns="http://www.sitemaps.org/schemas/sitemap/0.9")
    fixed = [
        "/",
        HOME,
        f"{HOME}/dimensiones",
        f"{HOME}/categorias",
        "/guia",
        "/guia/glosario",
        "/guia/competencias",
        "/politicas",
    ]
    fixed += [f"{HOME}/dimensiones/{number}" for number in range(1, 9)]
    fixed += [
        f"{HOME}/categorias/{key}"
        for each in lists.categories
        for key in (each.id, *(sub.id for sub in each.subcategories))
    ]
    for path in fixed:
        ET.SubElement(ET.SubElement(root, "url"), "loc").text = site + path
    for each in rows:
        url = ET.SubElement(root, "url")
        ET.SubElement(url, "loc").text = f"{site}{HOME}/{each.code}"
        ET.SubElement(url, "lastmod").text = each.published_on.isoformat()
    return written(root)


def atom(site: str, rows: Rows, *, path: str, title: str, page: str) -> bytes:
    """This function will write a feed (RFC 4287) of editions, newest first."""
    root = ET.Element("feed", {"xmlns": "http://www.w3.org/2005/Atom", "xml:lang": "es-CL"})
    ET.SubElement(root, "id").text = site + path
    ET.SubElement(root, "title").text = f"{title} · Acogida"
    newest = max((edition.published_at for _, edition in rows), default=None)
    ET.SubElement(root, "updated").text = newest.isoformat() if newest else "2025-04-01T00:00:00+00:00"
    ET.SubElement(root, "link", rel="self", type="application/atom+xml", href=site + path)
    ET.SubElement(root, "link", rel="alternate", type="text/html", href=site + page)
    ET.SubElement(ET.SubElement(root, "author"), "name").text = citation.AUTHOR
    for practice, edition in rows:
        said = content.of(edition.content)
        entry = ET.SubElement(root, "entry")
        ET.SubElement(entry, "id").text = citation.address(site, edition)
        ET.SubElement(entry, "title").text = said.title
        ET.SubElement(entry, "updated").text = edition.published_at.isoformat()
        ET.SubElement(entry, "link", rel="alternate", type="text/html", href=f"{site}{HOME}/{practice.code}")
        ET.SubElement(entry, "summary").text = said.summary
        for key in said.dimensions:
            ET.SubElement(entry, "category", term=key, scheme=f"{site}{HOME}/dimensiones")
    return written(root)


def dcat(site: str, rows: Sequence[Listed], titles: Mapping[str, str], *, first: date | None) -> dict[str, Any]:
    """This function will describe the catalogue as open data portals read it (DCAT 3, in JSON-LD)."""
    home, publisher = f"{site}{HOME}", {"@id": f"{site}/#acogida", "@type": "foaf:Agent", "foaf:name": citation.AUTHOR}
    dataset = f"{home}#datos"
    files = [
        ("json", "application/json", "Todas las prácticas, completas", f"{home}/catalogo.json"),
        ("csv", "text/csv", "Una fila por práctica", f"{home}/catalogo.csv"),
        ("atom", "application/atom+xml", "Novedades", f"{home}/novedades.atom"),
    ]
    newest = max((each.published_on for each in rows), default=first)
    described: dict[str, Any] = {
        "@id": dataset,
        "@type": "dcat:Dataset",
        "dct:title": _es("Buenas prácticas locales de inclusión de personas migrantes"),
        "dct:description": _es(
            "Prácticas de gobiernos locales con sus fuentes, resultados, nivel de respaldo y lo que falta saber de cada una."
        ),
        "dct:identifier": dataset,
        "dct:language": {"@id": "http://publications.europa.eu/resource/authority/language/SPA"},
        "dct:publisher": {"@id": publisher["@id"]},
        "dcat:landingPage": {"@id": home},
        "dcat:keyword": [_es(title) for title in titles.values()],
        "dcat:distribution": [
            {
                "@id": f"{dataset}-{key}",
                "@type": "dcat:Distribution",
                "dct:title": _es(title),
                "dcat:accessURL": {"@id": home},
                "dcat:downloadURL": {"@id": address},
                "dcat:mediaType": {"@id": f"https://www.iana.org/assignments/media-types/{kind}"},
            }
            for key, kind, title, address in files
        ],
        "dct:hasPart": [{"@id": citation.address(site, each)} for each in rows],
    }
    if first and newest:
        described["dct:issued"] = {"@value": first.isoformat(), "@type": "xsd:date"}
        described["dct:modified"] = {"@value": newest.isoformat(), "@type": "xsd:date"}
    return {
        "@context": {
            "dcat": "http://www.w3.org/ns/dcat#",
            "dct": "http://purl.org/dc/terms/",
            "foaf": "http://xmlns.com/foaf/0.1/",
            "xsd": "http://www.w3.org/2001/XMLSchema#",
        },
        "@graph": [
            publisher,
            {
                "@id": home,
                "@type": "dcat:Catalog",
                "dct:title": _es(citation.COLLECTION),
                "dct:description": _es("El catálogo de buenas prácticas que acompaña a las municipalidades de Chile."),
                "dct:publisher": {"@id": publisher["@id"]},
                "dct:language": {"@id": "http://publications.europa.eu/resource/authority/language/SPA"},
                "foaf:homepage": {"@id": home},
                "dcat:dataset": [{"@id": dataset}],
                "dcat:service": [{"@id": f"{site}/oai"}],
            },
            described,
            {
                "@id": f"{site}/oai",
                "@type": "dcat:DataService",
                "dct:title": _es("Recolección por OAI-PMH"),
                "dcat:endpointURL": {"@id": f"{site}/oai"},
                "dct:conformsTo": {"@id": "http://www.openarchives.org/OAI/2.0/"},
                "dcat:servesDataset": [{"@id": dataset}],
            },
        ],
    }


def _es(text: str) -> dict[str, str]:
    return {"@value": text, "@language": "es"}


def whole(site: str, edition: PracticeEdition) -> dict[str, Any]:
    """This function will give an edition with everything it says."""
    return {
        "code": edition.code,
        "edition": edition.number,
        "published_on": edition.published_on.isoformat(),
        "reviewed_by": edition.reviewed_by,
        "approved_by": edition.approved_by,
        "url": citation.address(site, edition),
        **edition.content,
    }


def everything(site: str, rows: Sequence[tuple[Listed, str, str, str]]) -> str:
    """This function will write all of them as `whole` does, in a JSON list, without reading what each one says."""
    told = []
    for each, reviewed_by, approved_by, kept in rows:
        head = json.dumps(
            {
                "code": each.code,
                "edition": each.number,
                "published_on": each.published_on.isoformat(),
                "reviewed_by": reviewed_by,
                "approved_by": approved_by,
                "url": citation.address(site, each),
            },
            ensure_ascii=False,
        )
        told.append(f"{head[:-1]}, {kept[1:]}")
    return "[" + ",\n".join(told) + "]"


COLUMNS = ("code", "edition", "url", *LABELS)


def flat(site: str, code: str, number: int, said: Content) -> dict[str, str]:
    """This function will give a practice as cells of text, lists with one item a line; none of them is a formula."""
    cells: dict[str, str] = {
        "code": code,
        "edition": str(number),
        "url": f"{site}{HOME}/{code}/v{number}" if number else "",
    }
    for name in LABELS:
        cells[name] = _plain(getattr(said, name))
    return cells


def _plain(value: Any) -> str:
    if isinstance(value, bool):
        return "sí" if value else "no"
    if isinstance(value, tuple):
        text = "\n".join(each if isinstance(each, str) else " | ".join(_source(each)) for each in value)
    else:
        text = "" if value is None else str(value)
    return f"'{text}" if text[:1] in ("=", "+", "-", "@", "\t", "\r") else text


def _source(each: content.Source) -> Sequence[str]:
    return (
        each.title,
        each.url,
        each.publisher,
        str(each.year or ""),
        "leída" if each.read else "no leída",
        each.supports,
    )
