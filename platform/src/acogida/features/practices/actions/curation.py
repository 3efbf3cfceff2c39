"""What the curators of OIM do with a practice: write, review, approve, publish, retire, merge, translate.

An edition is born only from something approved, and never changes afterwards. Whoever edits what was approved takes it
back to draft: nobody publishes what nobody approved.
"""

from collections.abc import Sequence
from typing import Any

from acogida.features.practices import book, content, store
from acogida.features.practices.catalogue import strangers
from acogida.features.practices.checks import blocking
from acogida.features.practices.content import Content
from acogida.features.practices.events import PracticePublished, PracticeRetired
from acogida.features.practices.forms import GiveReason, Merge, Publish, SetDue, Translate, lines
from acogida.features.practices.model import LANGUAGES, STATES, Practice, PracticeEdition, PracticeTranslation
from acogida.features.practices.vocabulary import Taxonomy
from acogida.kernel import outbox
from acogida.kernel.clock import today
from acogida.kernel.db import new_id
from acogida.kernel.errors import AlreadyClosed, Rejected, Stale
from acogida.kernel.work import Work
from acogida.web.format import long_date

CURATE = "catalogue:curate"


def next_code(last: int) -> str:
    """This function will give the code after this number; what is written here begins at 200, after the catalogue's files."""
    return f"BP-{max(last, 199) + 1}"


async def add_practice(
    work: Work, said: Content, taxonomy: Taxonomy, *, origin: str = "curator", told: str = ""
) -> Practice:
    """This function will put a new practice on the desk, as a draft. `told` says where it comes from, for the book."""
    work.require(CURATE)
    _refuse_strangers(said, taxonomy)

    row = Practice(
        id=new_id(),
        code=next_code(await store.last_code(work.session)),
        title=said.title,
        state="draft",
        origin=origin,
        content=content.kept(said),
        touched=True,
        updated_by=work.actor.name,
    )
    work.session.add(row)
    await work.session.flush()

    await book.note(work, row.code, "practice.added", told or "escribió la ficha", after=row.content)
    return row


async def edit_practice(work: Work, code: str, said: Content, taxonomy: Taxonomy, *, version: int) -> Practice:
    """This function will change a practice on the desk; what is public stays until a new edition is published.

    Raises `Stale` with the row as somebody else left it.
    """
    row = await _open(work, code, version)
    _refuse_strangers(said, taxonomy)

    before = row.content
    after = content.kept(said)
    if before == after:
        return row
    row.title, row.content, row.touched, row.updated_by = said.title, after, True, work.actor.name
    row.state, row.reviewed_by, row.approved_by = "draft", "", ""
    await work.session.flush()

    fields = content.changed(content.of(before), said)
    sentence = f"cambió {', '.join(each.lower() for each in fields)}"
    await book.note(work, code, "practice.edited", sentence, before=before, after=after)
    return row


async def send_to_review(work: Work, code: str, *, version: int) -> Practice:
    """This function will ask for the review of a draft."""
    row = await _open(work, code, version)
    _only(row, "draft", "enviar a revisión")
    return await _move(work, row, "in_review", "practice.sent", "la envió a revisión")


async def review(work: Work, code: str, *, version: int) -> Practice:
    """This function will leave it written that the actor read the practice against its sources."""
    row = await _open(work, code, version)
    _only(row, "in_review", "dar por revisada")
    row.reviewed_by = work.actor.name
    return await _move(work, row, "in_review", "practice.reviewed", "la revisó con sus fuentes")


async def approve(work: Work, code: str, taxonomy: Taxonomy, *, version: int) -> Practice:
    """This function will approve a reviewed practice; raises `Rejected` with what stops it, by field."""
    row = await _open(work, code, version)
    _only(row, "in_review", "aprobar")
    if not row.reviewed_by:
        raise Rejected("Antes de aprobarla, alguien debe darla por revisada.")
    if faults := blocking(content.of(row.content), taxonomy, today(work.clock)):
        raise Rejected("Todavía no se puede aprobar: " + " ".join(faults.values()), fields=faults)
    row.approved_by = work.actor.name
    alone = " (la misma persona la revisó)" if row.reviewed_by == row.approved_by else ""
    return await _move(work, row, "approved", "practice.approved", f"la aprobó{alone}")


async def send_back(work: Work, code: str, wanted: GiveReason) -> Practice:
    """This function will return to draft what was in review or approved, with the reason."""
    row = await _open(work, code, wanted.version)
    if row.state not in ("in_review", "approved"):
        raise AlreadyClosed(f"Está como {STATES[row.state].lower()}: no hay nada que devolver.")
    row.reviewed_by = row.approved_by = ""
    return await _move(work, row, "draft", "practice.returned", f"la devolvió a borrador: {wanted.reason}")


async def publish(work: Work, code: str, wanted: Publish) -> PracticeEdition:
    """This function will make the next edition of an approved practice, and tell whoever listens."""
    row = await _open(work, code, wanted.version)
    _only(row, "approved", "publicar")
    if wanted.due_on is None or wanted.due_on <= today(work.clock):
        raise Rejected(fields={"due_on": "La próxima revisión debe ser después de hoy."})
    if row.edition and not wanted.note:
        raise Rejected(fields={"note": "Diga en una frase qué cambió: quienes citaron la edición anterior lo leerán."})

    said = content.of(row.content)
    edition = PracticeEdition(
        practice_id=row.id,
        number=row.edition + 1,
        code=row.code,
        title=row.title,
        content=row.content,
        published_at=work.clock.now(),
        published_on=today(work.clock),
        reviewed_by=row.reviewed_by,
        approved_by=row.approved_by,
        note=wanted.note or "Primera edición.",
        sha256=content.digest(said),
    )
    work.session.add(edition)
    row.edition, row.due_on = edition.number, wanted.due_on
    await _move(work, row, "published", "practice.published", f"publicó la edición {edition.number}: {edition.note}")
    await outbox.publish(work, PracticePublished(row.id))
    return edition


async def discard_changes(work: Work, code: str, *, version: int) -> Practice:
    """This function will bring the desk back to the edition that is public."""
    row = await _open(work, code, version)
    if row.edition == 0 or row.state == "published":
        raise AlreadyClosed("No hay cambios que descartar.")
    edition = await store.edition(work.session, row.id, row.edition)
    before = row.content
    row.content, row.title, row.reviewed_by, row.approved_by = edition.content, edition.title, "", ""
    row.state, row.updated_by = "published", work.actor.name
    await work.session.flush()
    await book.note(
        work, code, "practice.discarded", "descartó los cambios sin publicar", before=before, after=row.content
    )
    return row


async def set_due(work: Work, code: str, wanted: SetDue) -> Practice:
    """This function will move the day by which a published practice must be looked at again."""
    row = await _open(work, code, wanted.version)
    if row.edition == 0 or wanted.due_on is None:
        raise AlreadyClosed("Sólo lo publicado tiene fecha de revisión.")
    before, row.due_on, row.updated_by = row.due_on, wanted.due_on, work.actor.name
    await work.session.flush()
    await book.note(
        work,
        code,
        "practice.due",
        f"puso su próxima revisión para el {long_date(wanted.due_on)}",
        before={"due_on": before and before.isoformat()},
        after={"due_on": wanted.due_on.isoformat()},
    )
    return row


async def retire(work: Work, code: str, wanted: GiveReason) -> Practice:
    """This function will take a practice out of the catalogue; its editions keep their addresses."""
    row = await _open(work, code, wanted.version)
    row.retired_reason = wanted.reason
    await _move(work, row, "retired", "practice.retired", f"la retiró del catálogo: {wanted.reason}")
    await outbox.publish(work, PracticeRetired(row.id))
    return row


async def restore(work: Work, code: str, *, version: int) -> Practice:
    """This function will bring a retired practice back: to the catalogue where it had an edition, else to the desk."""
    work.require(CURATE)
    row = await store.practice(work.session, code, lock=True)
    if row.version != version:
        raise Stale(row)
    if row.state != "retired":
        raise AlreadyClosed("No está retirada.")
    row.retired_reason, row.merged_into, row.reviewed_by, row.approved_by = "", None, "", ""
    if row.edition:
        edition = await store.edition(work.session, row.id, row.edition)
        row.content, row.title = edition.content, edition.title
    await _move(work, row, "published" if row.edition else "draft", "practice.restored", "la devolvió al catálogo")
    if row.edition:
        await outbox.publish(work, PracticePublished(row.id))
    return row


async def merge(work: Work, code: str, wanted: Merge) -> Practice:
    """This function will retire a practice in favour of another that tells the same: its code leads there from now on.

    Its editions stay at their addresses, and whoever adopted it counts for the other.
    """
    into = wanted.into.strip().upper()
    if into == code:
        raise Rejected(fields={"into": "Elija otra práctica: ésta es la misma."})
    work.require(CURATE)
    known = {each.code: each for each in await store.practices(work.session, [into])}
    if into not in known:
        raise Rejected(fields={"into": f"No hay una práctica con el código {into}."})
    if known[into].state == "retired":
        raise Rejected(fields={"into": f"{into} está retirada: no puede recibir a otra."})
    row = await _open(work, code, wanted.version)
    if row.edition and not known[into].edition:
        raise Rejected(fields={"into": f"{code} está publicada y {into} no: quien la busque no encontraría nada."})

    row.retired_reason, row.merged_into = wanted.reason, into
    await _move(work, row, "retired", "practice.merged", f"la unió con {into}: {wanted.reason}")
    for taken in await store.merged_into(work.session, code):
        (await store.practice(work.session, taken, lock=True)).merged_into = into
    await store.move_adoptions(work.session, code, into)
    await work.session.flush()
    await book.note(work, into, "practice.took_in", f"unió aquí {code}, «{row.title}»: {wanted.reason}")
    await outbox.publish(work, PracticeRetired(row.id))
    await outbox.publish(work, PracticePublished(known[into].id))
    return row


async def translate(work: Work, code: str, wanted: Translate) -> PracticeTranslation:
    """This function will keep the edition in force in another language; «reviewed» bears the actor's name."""
    work.require(CURATE)
    row = await store.practice(work.session, code)
    if row.edition == 0:
        raise AlreadyClosed("Se traduce lo publicado, y esta práctica todavía no tiene edición.")
    kept = await store.translation(work.session, row.id, row.edition, wanted.language, lock=True)
    given: dict[str, Any] = {
        **wanted.changes(without=("version", "language", "how_it_works", "results")),
        "how_it_works": list(lines(wanted.how_it_works)),
        "results": list(lines(wanted.results)),
        "translated_by": work.actor.name,
        "reviewed_by": work.actor.name if wanted.state == "reviewed" else "",
    }
    if kept is None:
        kept = PracticeTranslation(practice_id=row.id, edition=row.edition, language=wanted.language, **given)
        work.session.add(kept)
    elif kept.version != wanted.version:
        raise Stale(kept)
    else:
        for name, value in given.items():
            setattr(kept, name, value)
    await work.session.flush()
    how = "revisada" if wanted.state == "reviewed" else "automática"
    await book.note(
        work, code, "practice.translated", f"guardó su traducción {how} ({LANGUAGES[wanted.language].lower()})"
    )
    await outbox.publish(work, PracticePublished(row.id))
    return kept


async def add_many(work: Work, wanted: Sequence[tuple[str, Content]], taxonomy: Taxonomy) -> list[Practice]:
    """This function will bring many practices at once: (code, record), a new one where the code is empty. All or none."""
    work.require(CURATE)
    brought = []
    for code, said in wanted:
        if code:
            row = await store.practice(work.session, code)
            brought.append(await edit_practice(work, code, said, taxonomy, version=row.version))
        else:
            brought.append(await add_practice(work, said, taxonomy, origin="imported", told="la cargó de una planilla"))
    return brought


def _refuse_strangers(said: Content, taxonomy: Taxonomy) -> None:
    if wrong := strangers(said, taxonomy):
        raise Rejected(fields={name: f"«{value}» no está en la lista." for name, value in wrong})


async def _open(work: Work, code: str, version: int) -> Practice:
    """The practice, locked, where it may still change and is the copy that the actor was looking at."""
    work.require(CURATE)
    row = await store.practice(work.session, code, lock=True)
    if row.version != version:
        raise Stale(row)
    if row.state == "retired":
        raise AlreadyClosed("Esta práctica se retiró del catálogo: devuélvala antes de cambiarla.")
    return row


def _only(row: Practice, state: str, verb: str) -> None:
    if row.state != state:
        raise AlreadyClosed(
            f"Para {verb} una práctica debe estar como {STATES[state].lower()}, y está como {STATES[row.state].lower()}."
        )


async def _move(work: Work, row: Practice, state: str, tag: str, sentence: str) -> Practice:
    before = {"state": row.state}
    row.state, row.updated_by = state, work.actor.name
    await work.session.flush()
    await book.note(work, row.code, tag, sentence, before=before, after={"state": state})
    return row
