"""A practice as anybody reads it, without an account."""

import json
import re

import pytest

from acogida.app.wiring import Services
from acogida.features.practices import citation, store
from support.visitor import Visitor

pytestmark = pytest.mark.usefixtures("catalogue")
CLINIC = "/buenas-practicas/BP-013"


async def test_anybody_reads_a_practice_with_its_sources_and_its_gaps(visitor: Visitor) -> None:
    """What, where, for whom, results and evidence, sources read or not, what is missing, and the idea told as one."""
    page = await visitor.get(CLINIC)

    assert page.status_code == 200
    for words in (
        "Clínica jurídica migratoria",
        "Puerto Montt, Chile",
        "personas migrantes con casos complejos",
        "Sin resultados a la vista",
        "No se pudo leer",
        "casos atendidos",
        "Es una idea de quien recopiló la práctica. No viene de sus fuentes.",
        "Clasificación propuesta",
        "Se le parece porque",
    ):
        assert words in page.text, words


async def test_every_published_practice_has_its_page_and_the_others_none(services: Services, visitor: Visitor) -> None:
    """39 pages answer; a practice in review is as if it did not exist."""
    async with services.database.transaction() as session:
        rows = await store.practices(session)

    for row in rows[:39:6]:
        assert (await visitor.get(f"/buenas-practicas/{row.code}")).status_code == 200
    for path in (
        "BP-101",
        "BP-101/v1",
        "BP-101/historia",
        "BP-999",
        "cualquiera",
        "BP-013/v2",
        "BP-013/x",
        "BP-013/v0",
    ):
        assert (await visitor.get(f"/buenas-practicas/{path}")).status_code == 404, path


async def test_a_code_in_small_letters_leads_to_its_page(visitor: Visitor) -> None:
    """One address for each practice, however it was typed."""
    answer = await visitor.get("/buenas-practicas/bp-013")

    assert (answer.status_code, answer.headers["location"]) == (301, CLINIC)


async def test_an_edition_is_cited_for_people_and_for_machines(visitor: Visitor) -> None:
    """APA on the page; BibTeX and CSL-JSON as files; each names the edition and its own address."""
    page = await visitor.get(f"{CLINIC}/v1")
    bibtex = await visitor.get(f"{CLINIC}/v1/cita.bib")
    (csl,) = json.loads((await visitor.get(f"{CLINIC}/v1/cita.json")).text)

    address = "http://acogida.test/buenas-practicas/BP-013/v1"
    assert (
        "Acogida. (2026). Clínica jurídica migratoria (BP-013, edición 1) [Buena práctica, Puerto Montt, Chile]."
        in page.text
    )
    assert bibtex.text.startswith("@misc{acogida2026bp013v1,\n")
    assert f"url = {{{address}}}" in bibtex.text
    assert (csl["URL"], csl["issued"]["date-parts"], csl["edition"]) == (address, [[2026, 11, 23]], "1")


def test_bibtex_escapes_what_it_reads() -> None:
    """A title with its own signs does not break the file of whoever cites it."""
    assert citation._tex("50 % & {más} #1_a\\b~c") == r"50 \% \& \{más\} \#1\_a\textbackslash{}b\textasciitilde{}c"


async def test_the_page_tells_machines_what_it_is(visitor: Visitor) -> None:
    """JSON-LD stands in the page as data, the same that its own address gives; nothing in it can close the block."""
    page = await visitor.get(CLINIC)
    block = re.search(r'<script type="application/ld\+json">(.*?)</script>', page.text, re.DOTALL)
    linked = await visitor.get(f"{CLINIC}/v1/ficha.jsonld")

    assert block
    told = json.loads(block[1])
    assert told == linked.json()
    assert (told["@type"], told["identifier"], told["version"]) == ("CreativeWork", "BP-013", "1")
    assert {"termCode": "2.a", "name": "Promoción de la regularidad migratoria y acceso a la justicia"}.items() <= told[
        "about"
    ][2].items()
    hostile = citation.data_block({"name": "</script><img src=x>"})
    assert hostile.count("<") == 2, "only the two tags of its own"


async def test_the_lists_of_the_catalogue_have_their_pages(visitor: Visitor) -> None:
    """The eight dimensions, the four categories, a subcategory with its recommendation and limit."""
    dimensions = await visitor.get("/buenas-practicas/dimensiones")
    health = await visitor.get("/buenas-practicas/dimensiones/6")
    categories = await visitor.get("/buenas-practicas/categorias")
    justice = await visitor.get("/buenas-practicas/categorias/2.a")

    assert "Las ocho dimensiones" in dimensions.text
    assert "Plan de atención inicial en salud para personas migrantes" in health.text
    assert "Capacidad comunitaria" in categories.text
    assert "resolverla corresponde al Servicio Nacional de Migraciones" in justice.text
    assert "Clínica jurídica migratoria" in justice.text
    for path in ("dimensiones/9", "categorias/9", "categorias/1.z"):
        assert (await visitor.get(f"/buenas-practicas/{path}")).status_code == 404
