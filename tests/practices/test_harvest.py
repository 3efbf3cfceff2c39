"""The catalogue for machines, read as strangers would read it."""

import csv
import io
import json
from xml.etree import ElementTree as ET

import pytest
from rdflib import DCAT, DCTERMS, RDF, Graph

from acogida.app.wiring import Services
from acogida.features.practices import store
from support.visitor import Visitor

pytestmark = pytest.mark.usefixtures("catalogue")
ATOM = "{http://www.w3.org/2005/Atom}"
OAI = "{http://www.openarchives.org/OAI/2.0/}"
DC = "{http://purl.org/dc/elements/1.1/}"
SITE = "http://acogida.test"


def parsed(content: bytes) -> ET.Element:
    return ET.fromstring(content)  # noqa: S314 because it is our own answer


async def test_search_engines_are_told_every_page(visitor: Visitor) -> None:
    """The sitemap names the published practices and no other; robots.txt names the sitemap and closes the workspaces."""
    places = {
        each.text
        for each in parsed((await visitor.get("/sitemap.xml")).content).iter(
            "{http://www.sitemaps.org/schemas/sitemap/0.9}loc"
        )
    }
    robots = (await visitor.get("/robots.txt")).text

    assert f"{SITE}/buenas-practicas/BP-013" in places
    assert f"{SITE}/buenas-practicas/BP-101" not in places
    assert f"Sitemap: {SITE}/sitemap.xml" in robots
    assert "Disallow: /m/" in robots


async def test_news_of_a_dimension_are_followed_by_atom(visitor: Visitor) -> None:
    """What RFC 4287 asks of a feed and of each entry is there, and only that dimension's practices."""
    feed = parsed((await visitor.get("/buenas-practicas/dimensiones/6/novedades.atom")).content)
    entries = feed.findall(f"{ATOM}entry")

    assert feed.tag == f"{ATOM}feed"
    for part in (feed, *entries):
        assert all(part.findtext(f"{ATOM}{name}") for name in ("id", "title", "updated")), ET.tostring(part)
    assert feed.findtext(f"{ATOM}author/{ATOM}name") == "Acogida"
    assert entries
    assert all("6" in [each.get("term") for each in entry.findall(f"{ATOM}category")] for entry in entries)
    assert (await visitor.get("/buenas-practicas/dimensiones/9/novedades.atom")).status_code == 404


@pytest.mark.filterwarnings("ignore:ConjunctiveGraph is deprecated:DeprecationWarning")  # rdflib's own, in its reader
async def test_data_portals_read_the_catalogue_as_dcat(visitor: Visitor) -> None:
    """rdflib reads it whole: a catalogue with its dataset, its files that answer, its service and every practice."""
    graph = Graph().parse(data=(await visitor.get("/buenas-practicas/catalogo.jsonld")).text, format="json-ld")
    (portal,) = graph.subjects(RDF.type, DCAT.Catalog)
    (dataset,) = graph.objects(portal, DCAT.dataset)
    files = list(graph.objects(dataset, DCAT.distribution))

    assert len(list(graph.objects(dataset, DCTERMS.hasPart))) == 39
    assert len(files) == 3
    for each in files:
        address = str(next(graph.objects(each, DCAT.downloadURL)))
        assert (await visitor.get(address.removeprefix(SITE))).status_code == 200
    for needed in (DCTERMS.title, DCTERMS.description, DCTERMS.publisher, DCTERMS.issued):
        assert list(graph.objects(dataset, needed))
    (service,) = graph.subjects(RDF.type, DCAT.DataService)
    assert str(next(graph.objects(service, DCAT.endpointURL))) == f"{SITE}/oai"


async def test_everything_is_downloaded_as_json_and_csv(visitor: Visitor) -> None:
    """The same 39 practices in both; a cell is never a formula."""
    whole = json.loads((await visitor.get("/buenas-practicas/catalogo.json")).text)
    answer = await visitor.get("/buenas-practicas/catalogo.csv")
    rows = list(csv.DictReader(io.StringIO(answer.text.removeprefix("\ufeff"))))

    assert answer.text.startswith("\ufeffcode,")
    assert len(whole) == len(rows) == 39
    assert {row["code"] for row in rows} == {each["code"] for each in whole}
    assert not any(cell[:1] in "=+-@" for row in rows for cell in row.values() if cell)


async def oai(visitor: Visitor, **asked: str) -> ET.Element:
    answer = await visitor.get("/oai", params={name.rstrip("_"): value for name, value in asked.items()})
    assert answer.status_code == 200
    return parsed(answer.content)


async def test_libraries_collect_every_record_by_oai_pmh(visitor: Visitor, monkeypatch: pytest.MonkeyPatch) -> None:
    """A harvester walks the list with its tokens until the end, and gets each practice once, in Dublin Core."""
    monkeypatch.setattr("acogida.features.practices.oai.BATCH", 15)
    found: list[ET.Element] = []
    told = await oai(visitor, verb="ListRecords", metadataPrefix="oai_dc")
    for _ in range(5):
        found += told.findall(f".//{OAI}record")
        token = told.findtext(f".//{OAI}resumptionToken")
        if not token:
            break
        told = await oai(visitor, verb="ListRecords", resumptionToken=token)

    identifiers = [each.findtext(f"{OAI}header/{OAI}identifier") for each in found]
    assert len(identifiers) == len(set(identifiers)) == 39
    assert all(each.findtext(f".//{DC}title") and each.findtext(f".//{DC}identifier") for each in found)
    assert told.find(f".//{OAI}resumptionToken") is not None, "the last part of a list says so with an empty token"


async def test_oai_pmh_answers_its_six_verbs(visitor: Visitor) -> None:
    """Identify, formats, sets, identifiers of a set, one record; by POST as by GET."""
    identify = await oai(visitor, verb="Identify")
    sets = await oai(visitor, verb="ListSets")
    listed = await oai(visitor, verb="ListIdentifiers", metadataPrefix="oai_dc", set="dimension:6")
    one = await oai(visitor, verb="GetRecord", metadataPrefix="oai_dc", identifier="oai:acogida.test:BP-013")
    posted = await visitor.http.post("/oai", data={"verb": "ListMetadataFormats"})

    order = [each.tag.removeprefix(OAI) for each in identify.find(f"{OAI}Identify") or ()]
    assert order == [
        "repositoryName",
        "baseURL",
        "protocolVersion",
        "adminEmail",
        "earliestDatestamp",
        "deletedRecord",
        "granularity",
    ]
    assert len(sets.findall(f".//{OAI}set")) == 8
    assert all(
        "dimension:6" in [spec.text for spec in each.findall(f"{OAI}setSpec")]
        for each in listed.findall(f".//{OAI}header")
    )
    assert one.findtext(f".//{DC}title") == "Clínica jurídica migratoria"
    assert "oai_dc" in posted.text


@pytest.mark.parametrize(
    ("asked", "code"),
    [
        ({"verb": "Inventa"}, "badVerb"),
        ({}, "badVerb"),
        ({"verb": "ListRecords"}, "badArgument"),
        ({"verb": "Identify", "otro": "1"}, "badArgument"),
        ({"verb": "ListRecords", "metadataPrefix": "marc21"}, "cannotDisseminateFormat"),
        ({"verb": "ListRecords", "metadataPrefix": "oai_dc", "from": "ayer"}, "badArgument"),
        ({"verb": "ListRecords", "metadataPrefix": "oai_dc", "from": "2030-01-01"}, "noRecordsMatch"),
        ({"verb": "ListRecords", "metadataPrefix": "oai_dc", "set": "dimension:12"}, "noRecordsMatch"),
        ({"verb": "ListRecords", "resumptionToken": "e30x"}, "badResumptionToken"),
        ({"verb": "GetRecord", "metadataPrefix": "oai_dc", "identifier": "oai:acogida.test:BP-101"}, "idDoesNotExist"),
        ({"verb": "GetRecord", "metadataPrefix": "oai_dc", "identifier": "BP-013"}, "idDoesNotExist"),
    ],
)
async def test_oai_pmh_says_what_is_wrong_in_its_own_words(visitor: Visitor, asked: dict[str, str], code: str) -> None:
    """A wrong request gets an error of the protocol, never an error of the server."""
    told = await oai(visitor, **asked)

    assert [each.get("code") for each in told.findall(f"{OAI}error")] == [code]


async def test_what_was_retired_is_told_as_deleted(services: Services, visitor: Visitor) -> None:
    """A harvester learns that a practice left, and its page stays for who cited it."""
    async with services.database.transaction() as session:
        (await store.practice(session, "BP-013")).state = "retired"

    one = await oai(visitor, verb="GetRecord", metadataPrefix="oai_dc", identifier="oai:acogida.test:BP-013")
    page = await visitor.get("/buenas-practicas/BP-013")

    header = one.find(f".//{OAI}header")
    assert header is not None
    assert header.get("status") == "deleted"
    assert one.find(f".//{OAI}metadata") is None
    assert page.status_code == 200
    assert "se retiró del catálogo" in page.text
