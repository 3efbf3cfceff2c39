"""Offering a practice to the catalogue, and the talk about it until the curators decide. A proposal never disappears.

A municipality follows its own from its workspace; an organisation, by a link that reaches its mail.
"""

from acogida.features.practices import book, content, store
from acogida.features.practices.actions.curation import CURATE, add_practice
from acogida.features.practices.content import Content
from acogida.features.practices.forms import Decline, ProposeOpenly, ProposePractice, Say, proposed
from acogida.features.practices.model import PROPOSAL_STATES, Practice, PracticeProposal, PracticeProposalMessage
from acogida.features.practices.vocabulary import Taxonomy
from acogida.kernel import audit, mailbox
from acogida.kernel.clock import today
from acogida.kernel.db import new_id
from acogida.kernel.errors import AlreadyClosed, NotFound, Rejected, Stale
from acogida.kernel.identity import digest, new_secret
from acogida.kernel.work import Work

OPEN = frozenset({"received", "returned", "answered"})
LINK = "/buenas-practicas/propuestas"


async def propose(work: Work, wanted: ProposePractice) -> PracticeProposal:
    """This function will offer a practice of this municipality to the catalogue."""
    work.require("initiative:edit")
    row = await _add(
        work,
        proposed(wanted),
        kind="municipality",
        proposer=f"Municipalidad de {work.tenant.name}",
        contact=(work.actor.name, work.actor.email),
    )
    row.municipality_id = work.tenant.id
    await work.session.flush()

    await audit.record(
        work, "practice.proposed", f"propuso al catálogo la práctica «{row.title}» ({row.folio})", after=row.content
    )
    await book.note(work, row.folio, "proposal.received", f"propuso «{row.title}» por {row.proposer}")
    return row


async def propose_openly(work: Work, wanted: ProposeOpenly) -> PracticeProposal:
    """This function will take in the proposal of an organisation, and mail it the link by which it follows it."""
    secret = new_secret()
    row = await _add(
        work,
        proposed(wanted),
        kind="civil_society",
        proposer=wanted.proposer,
        contact=(wanted.contact_name, wanted.contact_email),
    )
    row.token_hash = digest(secret)
    await work.session.flush()

    await book.note(work, row.folio, "proposal.received", f"llegó la propuesta «{row.title}», de {row.proposer}")
    await mailbox.post(
        work,
        to=row.contact_email,
        subject=f"Recibimos su propuesta {row.folio}",
        text=(
            f"{wanted.contact_name}:\n\nRecibimos «{row.title}». La curaduría de la OIM la leerá y le responderá a este correo.\n\n"
            f"Con este enlace puede ver en qué está y responder preguntas:\n{mailbox.link(f'{LINK}/{secret}')}\n\n"
            "No lo comparta: quien lo tenga puede responder por usted."
        ),
    )
    return row


async def _add(work: Work, said: Content, *, kind: str, proposer: str, contact: tuple[str, str]) -> PracticeProposal:
    year = today(work.clock).year
    row = PracticeProposal(
        id=new_id(),
        folio=f"P-{year}-{await store.last_folio(work.session, year) + 1:04d}",
        kind=kind,
        state="received",
        title=said.title,
        content=content.kept(said),
        proposer=proposer,
        contact_name=contact[0],
        contact_email=contact[1],
    )
    work.session.add(row)
    await work.session.flush()
    return row


async def own(work: Work, folio: str, *, lock: bool = False) -> PracticeProposal:
    """This function will give a proposal of this municipality; `NotFound` for those of others."""
    row = await store.proposal(work.session, folio, lock=lock)
    if row.municipality_id != work.tenant.id:
        raise NotFound
    return row


async def answer_from_workspace(work: Work, folio: str, wanted: Say) -> PracticeProposal:
    """This function will answer the curators' questions about a proposal of this municipality."""
    work.require("initiative:edit")
    row = await own(work, folio, lock=True)
    await _answer(work, row, wanted, author=work.actor.name)
    await audit.record(work, "practice.answered", f"respondió a la curaduría sobre «{row.title}» ({folio})")
    return row


async def answer_by_link(work: Work, secret: str, wanted: Say) -> PracticeProposal:
    """This function will answer by the link that reached the organisation's mail."""
    row = await store.proposal_by_link(work.session, digest(secret), lock=True)
    await _answer(work, row, wanted, author=row.contact_name)
    return row


async def _answer(work: Work, row: PracticeProposal, wanted: Say, *, author: str) -> None:
    _still_open(row, wanted.version)
    if row.state != "returned":
        raise AlreadyClosed("No hay preguntas por responder.")
    await _say(work, row, author=author, side="proposer", kind="answer", text=wanted.text)
    row.state = "answered"
    await work.session.flush()
    await book.note(work, row.folio, "proposal.answered", f"llegó la respuesta de {row.proposer}")


async def ask(work: Work, folio: str, wanted: Say) -> PracticeProposal:
    """This function will return a proposal with questions; whoever proposed is told by mail."""
    row = await _on_desk(work, folio, wanted.version)
    await _say(work, row, author=work.actor.name, side="curator", kind="question", text=wanted.text)
    row.state = "returned"
    await work.session.flush()
    await book.note(work, folio, "proposal.returned", "la devolvió con preguntas")
    await _tell(work, row, f"Tenemos preguntas sobre su propuesta {folio}", wanted.text)
    return row


async def accept(work: Work, folio: str, taxonomy: Taxonomy, *, version: int) -> Practice:
    """This function will make a draft practice of a proposal; what is published later is the curators' edition of it."""
    row = await _on_desk(work, folio, version)
    practice = await add_practice(
        work,
        content.of(row.content),
        taxonomy,
        origin=row.kind,
        told=f"la tomó de la propuesta {folio}, de {row.proposer}",
    )
    row.state, row.practice_code = "accepted", practice.code
    await _say(
        work,
        row,
        author=work.actor.name,
        side="curator",
        kind="decision",
        text=f"Entra al catálogo como {practice.code}.",
    )
    await book.note(work, folio, "proposal.accepted", f"la aceptó: es {practice.code}")
    await _tell(
        work,
        row,
        f"Aceptamos su propuesta {folio}",
        f"La curaduría la prepara para publicarla, con el código {practice.code}.",
    )
    return practice


async def decline(work: Work, folio: str, wanted: Decline) -> PracticeProposal:
    """This function will close a proposal with its reason, and with the practice that already tells it where there is one."""
    row = await _on_desk(work, folio, wanted.version)
    code = wanted.practice_code.strip().upper()
    if code and not await store.practices(work.session, [code]):
        raise Rejected(fields={"practice_code": f"No hay una práctica con el código {code}."})
    row.state, row.practice_code = "declined", code or None
    await _say(work, row, author=work.actor.name, side="curator", kind="decision", text=wanted.text)
    await book.note(work, folio, "proposal.declined", f"no la incorporó: {wanted.text}")
    await _tell(work, row, f"Respuesta a su propuesta {folio}", wanted.text)
    return row


async def _on_desk(work: Work, folio: str, version: int) -> PracticeProposal:
    work.require(CURATE)
    row = await store.proposal(work.session, folio, lock=True)
    _still_open(row, version)
    return row


def _still_open(row: PracticeProposal, version: int) -> None:
    if row.version != version:
        raise Stale(row, "La propuesta cambió mientras usted escribía. Léala de nuevo; lo que escribió sigue aquí.")
    if row.state not in OPEN:
        raise AlreadyClosed(f"Esta propuesta ya está {PROPOSAL_STATES[row.state].lower()}.")


async def _say(work: Work, row: PracticeProposal, *, author: str, side: str, kind: str, text: str) -> None:
    work.session.add(
        PracticeProposalMessage(
            id=new_id(), proposal_id=row.id, at=work.clock.now(), author=author, side=side, kind=kind, text=text
        )
    )
    await work.session.flush()


async def _tell(work: Work, row: PracticeProposal, subject: str, text: str) -> None:
    where = (
        "Ábrala con el enlace que recibió cuando la envió."
        if row.municipality_id is None
        else "Véala en su espacio de Acogida, en Buenas prácticas."
    )
    if row.contact_email:
        body = f"{row.contact_name}:\n\nSobre «{row.title}»:\n\n{text}\n\n{where}"
        await mailbox.post(work, to=row.contact_email, subject=subject, text=body)
