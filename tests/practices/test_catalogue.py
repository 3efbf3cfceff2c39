"""The files of the catalogue and how they reach the database."""

from pathlib import Path

import pytest

from acogida.app.seed import load_practices
from acogida.app.settings import CHECKOUT
from acogida.app.wiring import Services
from acogida.features.practices import public, store
from acogida.features.practices.catalogue import PracticeFile, read_all
from acogida.features.practices.reading import WrongFile, read

PRACTICES = CHECKOUT / "catalogue" / "practices"
LEAST = 'code: BP-900\nstate: in_review\norigin: compiled\ntitle: "Feria"\nlevel: municipal\n'


def test_every_file_is_whole() -> None:
    """119 practices: the guide's 39 published, 80 more in review with what is missing named."""
    records = read_all(CHECKOUT / "catalogue")

    assert len(records) == 119
    assert {record.state for record in records if record.origin == "guide"} == {"published"}
    assert len([record for record in records if record.state == "published"]) == 39
    assert all(record.gaps and record.sources and record.dimensions_proposed for record in records)
    assert all(record.region or not record.communes for record in records if record.level == "municipal")


@pytest.mark.parametrize(
    ("text", "line", "reason"),
    [
        (LEAST + "lugar: Temuco\n", 6, "la clave «lugar» no se conoce"),
        (LEAST.replace('title: "Feria"\n', ""), 1, "falta la clave «title»"),
        (LEAST + "start_year: dosmil\n", 6, "«start_year» es un número entero o vacío y aquí hay un texto"),
        (LEAST.replace("municipal", "comunal"), 5, "«level» no puede ser «comunal»"),
        (LEAST + "sources:\n  - title: Nota\n    leida: true\n", 8, "la clave «leida» no se conoce"),
        (LEAST + 'title: "Otra"\n', 6, "la clave «title» está dos veces"),
        ("code: [\n", 2, "no es YAML válido"),
    ],
)
def test_a_wrong_file_is_refused_with_its_line_and_reason(tmp_path: Path, text: str, line: int, reason: str) -> None:
    """Nothing is repaired nor guessed: whoever wrote it is told where and why."""
    path = tmp_path / "BP-900.yaml"
    path.write_text(text)

    with pytest.raises(WrongFile) as refused:
        read(path, PracticeFile)

    assert refused.value.line == line
    assert refused.value.reason.startswith(reason)


def test_a_value_that_no_list_holds_is_refused(tmp_path: Path) -> None:
    """A theme that the taxonomy does not know stops the load, at its line."""
    (tmp_path / "practices").mkdir()
    (tmp_path / "taxonomy").symlink_to(CHECKOUT / "catalogue" / "taxonomy")
    (tmp_path / "practices" / "BP-900.yaml").write_text(LEAST + "themes: [ajedrez]\n")

    with pytest.raises(WrongFile, match=r"línea 6: «ajedrez» no está entre los valores de «themes»"):
        read_all(tmp_path)


async def test_loading_says_what_changes_and_twice_changes_nothing(services: Services) -> None:
    """A dry run says it all and writes nothing; the load does it; the next one finds nothing to do."""
    told = await load_practices(services, dry_run=True)
    async with services.database.transaction() as session:
        empty = await store.practices(session)
    done = await load_practices(services)
    again = await load_practices(services)

    assert len(told) == len(done) == 119
    assert str(told[0]).startswith("BP-001  nueva")
    assert empty == []
    assert again == []


@pytest.mark.usefixtures("catalogue")
async def test_only_editions_are_found_by_anybody(services: Services) -> None:
    """The guide's practices are documents for the search; those in review are not."""
    async with services.database.transaction() as session:
        documents = [each async for each in public.published_documents(session)]

    assert len(documents) == 39
    clinic = next(each for each in documents if each.id == "BP-013")
    assert (clinic.place, clinic.region, clinic.scale, clinic.dimensions) == (
        "Puerto Montt",
        "10",
        "metropolitan",
        ("2", "3"),
    )
    assert "Comunas con una sede" not in clinic.body, "an idea is not a fact to be found by"
