"""The way of a practice over the curators' desk, as the curators walk it."""

from datetime import date

import pytest
from sqlalchemy import text
from sqlalchemy.exc import ProgrammingError

from acogida.app.wiring import Services
from acogida.features.practices import content, store
from acogida.features.practices.actions import curation
from acogida.features.practices.checks import checks
from acogida.features.practices.forms import GiveReason, Merge, Publish, Translate
from acogida.features.practices.public import published_documents
from acogida.kernel.errors import AlreadyClosed, NotAllowed, Rejected, Stale
from acogida.kernel.tenancy import STRANGER
from support.make import make_municipality, make_person
from support.make_practice import a_practice, as_fields, desk, kept, lists, show_factor, sign_in_curator
from support.visitor import Visitor

pytestmark = pytest.mark.usefixtures("catalogue")
CARD = "/curaduria/practicas/BP-013"
NEXT_YEAR = date(2027, 11, 23)


async def published_again(services: Services, code: str, **values: object) -> None:
    """Edit, review, approve and publish, in one go."""
    async with desk(services) as work:
        row = await store.practice(work.session, code)
        said = content.of(row.content)
        changed = type(said)(**{**{name: getattr(said, name) for name in said.__struct_fields__}, **values})
        row = await curation.edit_practice(work, code, changed, lists(services), version=row.version)
        row = await curation.send_to_review(work, code, version=row.version)
        row = await curation.review(work, code, version=row.version)
        row = await curation.approve(work, code, lists(services), version=row.version)
        await curation.publish(work, code, Publish(note="Se puso al día.", due_on=NEXT_YEAR, version=row.version))


async def test_a_new_edition_is_read_by_all_and_the_old_citation_still_resolves(
    services: Services, visitor: Visitor
) -> None:
    """The newest is shown; the one that was cited says what it said, and where to read the new one."""
    await published_again(services, "BP-013", results=("120 casos atendidos en 2026.",), evidence="self-reported")

    newest = await visitor.get("/buenas-practicas/BP-013")
    cited = await visitor.get("/buenas-practicas/BP-013/v1")
    history = await visitor.get("/buenas-practicas/BP-013/historia")

    assert "120 casos atendidos en 2026." in newest.text
    assert "120 casos atendidos" not in cited.text
    assert "Leer la edición vigente, la 2" in cited.text
    assert "publicó la edición 2: Se puso al día." in history.text
    assert history.text.count("Gabriela Fuentes") > 4


async def test_editing_changes_nothing_public_until_it_is_published(services: Services, visitor: Visitor) -> None:
    """What a curator saves stays on the desk as a draft."""
    await sign_in_curator(services, visitor)
    row, said = await kept(services, "BP-013")

    saved = await visitor.post(CARD, {**as_fields(said, row.version), "implementer": "Corporación municipal"})
    public = await visitor.get("/buenas-practicas/BP-013")
    card = await visitor.get(CARD)

    assert saved.status_code == 303
    assert "Corporación municipal" not in public.text
    assert "Corporación municipal" in card.text
    assert "Pública en su edición 1" in card.text
    assert (await kept(services, "BP-013"))[0].state == "draft"


async def test_the_screens_walk_a_practice_to_its_second_edition(services: Services, visitor: Visitor) -> None:
    """Save, send, review, approve and publish, each with its button on the card."""
    await sign_in_curator(services, visitor)
    row, said = await kept(services, "BP-013")
    await visitor.post(CARD, {**as_fields(said, row.version), "resources": "Un abogado y dos estudiantes."})
    for verb, button in (("enviar", "Enviar a revisión"), ("revisada", "Darla por revisada"), ("aprobar", "Aprobar")):
        assert button in (await visitor.get(CARD)).text
        row, _ = await kept(services, "BP-013")
        assert (await visitor.post(f"{CARD}/{verb}", {"version": str(row.version)})).status_code == 303
    row, _ = await kept(services, "BP-013")

    without_note = await visitor.post(f"{CARD}/publicar", {"due_on": "2027-11-23", "version": str(row.version)})
    done = await visitor.post(
        f"{CARD}/publicar", {"note": "Cuenta qué requirió.", "due_on": "2027-11-23", "version": str(row.version)}
    )

    assert without_note.status_code == 422
    assert "Diga en una frase qué cambió" in without_note.text
    assert done.status_code == 303
    assert "Un abogado y dos estudiantes." in (await visitor.get("/buenas-practicas/BP-013")).text


async def test_two_curators_saving_the_same_card_see_both_versions(services: Services, visitor: Visitor) -> None:
    """Who saves second is shown both, field by field, and loses nothing."""
    await sign_in_curator(services, visitor)
    row, said = await kept(services, "BP-013")
    fields = as_fields(said, row.version)
    await visitor.post(CARD, {**fields, "implementer": "Lo que guardó Ana"})

    mine = await visitor.post(CARD, {**fields, "implementer": "Lo que escribí yo"})

    assert mine.status_code == 409
    assert "Lo que guardó Ana" in mine.text
    assert "Lo que escribí yo" in mine.text
    assert (await kept(services, "BP-013"))[1].implementer == "Lo que guardó Ana"


async def test_what_stops_an_approval_is_told_by_field(services: Services) -> None:
    """Without source, place or dimension nobody approves; without results it may, and the reader is told."""
    async with desk(services) as work:
        row = await curation.add_practice(work, a_practice(sources=(), place="", dimensions=()), lists(services))
        row = await curation.send_to_review(work, row.code, version=row.version)
        with pytest.raises(Rejected, match="alguien debe darla por revisada"):
            await curation.approve(work, row.code, lists(services), version=row.version)
        row = await curation.review(work, row.code, version=row.version)
        with pytest.raises(Rejected) as refused:
            await curation.approve(work, row.code, lists(services), version=row.version)

    assert set(refused.value.fields) == {"sources", "place", "dimensions"}
    found = checks(a_practice(), lists(services), date(2026, 11, 23))
    assert {each.severity for each in found} == {"warning", "notice"}


def test_checks_see_what_is_old(services: Services) -> None:
    """A date of review that passed, a practice that ended, a source of long ago, a value that the lists dropped."""
    said = a_practice(end_year=2020, themes=("ajedrez",), dimensions=("4",))
    told = [each.sentence for each in checks(said, lists(services), date(2026, 11, 23), due_on=date(2026, 11, 1))]

    assert "Debía revisarse el 1 de noviembre de 2026." in told
    assert "Terminó en 2020: la ficha debe contarlo en pasado." in told
    assert "«ajedrez» ya no está en la lista de temas." in told


async def test_editing_what_was_approved_takes_it_back(services: Services) -> None:
    """Nobody publishes what nobody approved."""
    async with desk(services) as work:
        row = await curation.add_practice(work, a_practice(), lists(services))
        row = await curation.send_to_review(work, row.code, version=row.version)
        row = await curation.review(work, row.code, version=row.version)
        row = await curation.approve(work, row.code, lists(services), version=row.version)
        row = await curation.edit_practice(
            work, row.code, a_practice(summary="Otra cosa."), lists(services), version=row.version
        )

        assert (row.state, row.approved_by, row.reviewed_by) == ("draft", "", "")
        with pytest.raises(AlreadyClosed):
            await curation.publish(work, row.code, Publish(due_on=NEXT_YEAR, version=row.version))


async def test_an_old_copy_moves_nothing(services: Services) -> None:
    """Each step asks for the copy that the curator was looking at."""
    async with desk(services) as work:
        row = await curation.add_practice(work, a_practice(), lists(services))
        await curation.send_to_review(work, row.code, version=row.version)
        with pytest.raises(Stale):
            await curation.review(work, row.code, version=1)


async def test_what_is_retired_leaves_the_catalogue_and_keeps_its_page(services: Services, visitor: Visitor) -> None:
    """No search finds it; who cited it reads why it left. Restored, it is found again."""
    async with desk(services) as work:
        row = await store.practice(work.session, "BP-013")
        await curation.retire(work, "BP-013", GiveReason(reason="Ya no se hace.", version=row.version))
    page = await visitor.get("/buenas-practicas/BP-013")
    async with services.database.transaction() as session:
        found = {each.id async for each in published_documents(session)}
    async with desk(services) as work:
        row = await store.practice(work.session, "BP-013")
        await curation.restore(work, "BP-013", version=row.version)
    async with services.database.transaction() as session:
        back = {each.id async for each in published_documents(session)}

    assert "Ya no se hace." in page.text
    assert "noindex" in page.text
    assert "BP-013" not in found
    assert "BP-013" in back


async def test_a_duplicate_is_merged_and_its_code_leads_to_the_other(services: Services, visitor: Visitor) -> None:
    """The old code redirects, its edition stays where it was cited, both histories tell it."""
    async with desk(services) as work:
        row = await store.practice(work.session, "BP-017")
        await curation.merge(work, "BP-017", Merge(into="bp-013", reason="Cuentan lo mismo.", version=row.version))

    led = await visitor.get("/buenas-practicas/BP-017")
    cited = await visitor.get("/buenas-practicas/BP-017/v1")
    history = await visitor.get("/buenas-practicas/BP-013/historia")

    assert (led.status_code, led.headers["location"]) == (301, "/buenas-practicas/BP-013")
    assert cited.status_code == 200
    assert "Cuentan lo mismo." in cited.text
    assert "unió aquí BP-017" in history.text


@pytest.mark.parametrize(("into", "why"), [("BP-017", "es la misma"), ("BP-999", "No hay"), ("BP-101", "y BP-101 no")])
async def test_a_merge_that_loses_readers_is_refused(services: Services, into: str, why: str) -> None:
    """Into itself, into nothing, or into what nobody can read."""
    async with desk(services) as work:
        row = await store.practice(work.session, "BP-017")
        with pytest.raises(Rejected) as refused:
            await curation.merge(work, "BP-017", Merge(into=into, reason="x", version=row.version))

    assert why in refused.value.fields["into"]


async def test_a_translation_says_how_far_it_can_be_trusted(services: Services, visitor: Visitor) -> None:
    """A machine's is shown as such, a reviewed one bears a name, and searches read both."""
    wanted = {"language": "ht", "title": "Klinik jiridik migratwa", "summary": "Konsèy ak reprezantasyon gratis."}
    async with desk(services) as work:
        await curation.translate(work, "BP-013", Translate(**wanted, state="machine"))
    machine = await visitor.get("/buenas-practicas/BP-013", params={"idioma": "ht"})
    async with desk(services) as work:
        await curation.translate(work, "BP-013", Translate(**wanted, state="reviewed", version=1))
    reviewed = await visitor.get("/buenas-practicas/BP-013", params={"idioma": "ht"})
    async with services.database.transaction() as session:
        document = next([each async for each in published_documents(session) if each.id == "BP-013"].__iter__())

    assert "Traducción automática, sin revisar" in machine.text
    assert "Klinik jiridik migratwa" in machine.text
    assert "revisada por una persona: Gabriela Fuentes" in reviewed.text
    assert "Klinik jiridik" in document.translations


async def test_only_curators_find_the_desk(services: Services, visitor: Visitor) -> None:
    """To a secretary it does not exist; a stranger is asked to sign in; a curator shows a second factor first."""
    await make_person(services, await make_municipality(services))
    stranger = await visitor.get("/curaduria")
    await visitor.sign_in("rosa@temuco.cl")
    secretary = [
        await visitor.get("/curaduria"),
        await visitor.get(CARD),
        await visitor.post(f"{CARD}/aprobar", {"version": "1"}),
        await visitor.post("/curaduria/importar"),
    ]
    async with Visitor(services) as curator:
        await make_person(services, None, email="ana@oim.int", offices=("curator",))
        await curator.sign_in("ana@oim.int")
        asked = await curator.get("/curaduria")
        await show_factor(services)
        shown = await curator.get("/curaduria")

    assert stranger.status_code == 303
    assert [each.status_code for each in secretary] == [404] * 4
    assert asked.status_code == 303
    assert shown.status_code == 200
    with pytest.raises(NotAllowed):
        async with desk(services) as work:
            work.actor = STRANGER
            await curation.add_practice(work, a_practice(), lists(services))


async def test_the_desk_is_narrowed_by_state_words_and_place(services: Services, visitor: Visitor) -> None:
    """Accents do not matter; each state tells how many it holds; what passed its date shows as due."""
    await sign_in_curator(services, visitor)
    async with services.database.transaction() as session:
        (await store.practice(session, "BP-013")).due_on = date(2026, 11, 1)

    everything = await visitor.get("/curaduria")
    words = await visitor.get("/curaduria", params={"q": "clinica juridica"})
    due = await visitor.get("/curaduria", params={"estado": "due"})
    review = await visitor.get("/curaduria", params={"estado": "in_review", "q": "recoleta"})

    assert "BP-049" not in everything.text
    assert "Ver las siguientes" in everything.text
    assert words.text.count("/curaduria/practicas/BP-") == 2
    assert "BP-013" in due.text
    assert "Por revisar de nuevo" in due.text
    assert "BP-101" in review.text


async def test_the_day_of_its_next_review_is_moved(services: Services, visitor: Visitor) -> None:
    """A date that exists is kept and noted; one that does not is refused, and nothing changes."""
    await sign_in_curator(services, visitor)
    row, _ = await kept(services, "BP-013")
    wrong = await visitor.post(f"{CARD}/plazo", {"due_on": "31-02-2027", "version": str(row.version)})
    unmoved, _ = await kept(services, "BP-013")
    await visitor.post(f"{CARD}/plazo", {"due_on": "2027-03-01", "version": str(row.version)})
    moved, _ = await kept(services, "BP-013")

    assert wrong.status_code == 303
    assert unmoved.due_on == date(2027, 11, 23)
    assert moved.due_on == date(2027, 3, 1)
    assert "puso su próxima revisión para el 1 de marzo de 2027" in (await visitor.get(CARD)).text


async def test_a_new_practice_gets_the_next_code(services: Services, visitor: Visitor) -> None:
    """Written at the screen, with its faults told at once and nothing lost."""
    await sign_in_curator(services, visitor)
    wrong = await visitor.post(
        "/curaduria/practicas/nueva",
        {
            "title": "Huerto",
            "summary": "Algo",
            "level": "municipal",
            "evidence": "none",
            "sources": "Nota | sin dirección",
        },
    )
    right = await visitor.post("/curaduria/practicas/nueva", as_fields(a_practice(), 0))
    again = await visitor.post("/curaduria/practicas/nueva", as_fields(a_practice(), 0))

    assert wrong.status_code == 422
    assert "Línea 1: «sin dirección» no es una dirección completa" in wrong.text
    assert right.headers["location"] == "/curaduria/practicas/BP-200"
    assert again.headers["location"] == "/curaduria/practicas/BP-201"


async def test_editions_and_the_book_can_only_grow(services: Services) -> None:
    """The role that serves may not change nor delete what was published, noted or said."""
    for statement in (
        "update core.practice_edition set title = 'otro'",
        "delete from core.practice_edition",
        "update core.practice_event set sentence = 'otra'",
        "delete from core.practice_event",
        "delete from core.practice_proposal",
        "update core.practice_proposal_message set text = 'otro'",
        "delete from core.practice",
    ):
        with pytest.raises(ProgrammingError, match="permission denied"):
            async with services.database.transaction() as session:
                await session.execute(text(statement))
