"""Observations on the policy: every one is kept, evaluated and answered; not every one is taken in (RES-06)."""

from collections.abc import Sequence
from uuid import UUID

from acogida.features.bodies import public as bodies
from acogida.features.initiatives import public as initiatives
from acogida.features.policies import store
from acogida.features.policies.forms import AddObservation, AnswerObservation
from acogida.features.policies.model import Observation
from acogida.features.policies.prose import shortened
from acogida.features.policies.words import ABOUT, STATUSES
from acogida.kernel import audit
from acogida.kernel.errors import NotFound, Rejected, Stale
from acogida.kernel.work import Work

INSTANCE_OF_ROLE = {
    "mesa_participant": "mesa",
    "councillor": "concejo",
    "extended_member": "extended_team",
    "executive_member": "executive_team",
    "president": "executive_team",
    "secretary": "executive_team",
}


async def subjects(work: Work) -> list[tuple[str, str]]:
    """This function will list what an observation may be about: (value of the field, words)."""
    found = [("scope", ABOUT["scope"]), ("diagnosis", ABOUT["diagnosis"])]
    for objective in await initiatives.objectives(work):
        kind = "Objetivo general" if objective.kind == "general" else "Objetivo"
        found.append((f"objective:{objective.id}", f"{kind}: {shortened(objective.statement, 90)}"))
    found += [(f"axis:{axis.id}", f"Eje: {axis.name}") for axis in await initiatives.axes(work)]
    found += [(f"initiative:{row.id}", f"Iniciativa: {row.name}") for row in await initiatives.initiatives(work)]
    return [*found, ("follow_up", ABOUT["follow_up"]), ("other", ABOUT["other"])]


def usual_instance(work: Work) -> str:
    """This function will tell from which instance this person usually speaks."""
    return next((INSTANCE_OF_ROLE[role] for role in INSTANCE_OF_ROLE if role in work.actor.roles), "other")


async def add_observation(work: Work, wanted: AddObservation) -> Observation:
    """This function will keep an observation. Whoever may not answer observations speaks in their own name."""
    work.require("observation:create")
    known = dict(await subjects(work))
    if wanted.subject not in known:
        raise Rejected(fields={"subject": "Elija a qué parte de la Política se refiere."})
    own = not work.actor.may("observation:answer")
    author = work.actor.name if own else wanted.author
    received_on = work.today() if own else wanted.received_on or work.today()
    if not author:
        raise Rejected(fields={"author": "Falta completar «¿Quién la hace?»."})
    if received_on > work.today():
        raise Rejected(fields={"received_on": "La observación no puede tener una fecha futura."})

    about, _, reference_id = wanted.subject.partition(":")
    row = Observation(
        about=about,
        reference=known[wanted.subject] if reference_id else "",
        reference_id=UUID(reference_id) if reference_id else None,
        text=wanted.text,
        author=author,
        organization=wanted.organization,
        instance=wanted.instance,
        meeting_id=await _meeting(work, wanted.meeting_id),
        policy_version_id=await _version(work, wanted.policy_version_id),
        received_on=received_on,
    )
    work.session.add(row)
    await work.session.flush()

    await audit.record(
        work,
        "observation.added",
        f"registró una observación de {author} sobre {_about(row)}",
        subject=row,
        after={"text": row.text, "about": row.about, "reference": row.reference, "instance": row.instance},
    )
    return row


async def answer_observation(work: Work, observation_id: UUID, wanted: AnswerObservation) -> Observation:
    """This function will say what was decided about an observation and why; the answer may be mended later."""
    work.require("observation:answer")
    row = await store.observation(work, observation_id, lock=True)
    if row.version != wanted.version:
        raise Stale(row)
    before = {"status": row.status, "answer": row.answer}

    row.status, row.answer = wanted.status, wanted.answer
    row.answered_by, row.answered_on = work.actor.name, work.today()
    await work.session.flush()

    await audit.record(
        work,
        "observation.answered",
        f"respondió la observación de {row.author} sobre {_about(row)}: {STATUSES[row.status].lower()}",
        subject=row,
        before=before,
        after={"status": row.status, "answer": row.answer},
    )
    return row


def about(row: Observation) -> str:
    """This function will say what an observation is about, as the screen shows it."""
    return row.reference or ABOUT[row.about]


def _about(row: Observation) -> str:
    """The same inside a sentence."""
    return f"«{row.reference}»" if row.reference else ABOUT[row.about][:1].lower() + ABOUT[row.about][1:]


async def _meeting(work: Work, value: str) -> UUID | None:
    if not value:
        return None
    try:
        return (await bodies.meeting(work, UUID(value))).id
    except (ValueError, NotFound):
        raise Rejected(fields={"meeting_id": "Elija una sesión de la lista."}) from None


async def _version(work: Work, value: str) -> UUID | None:
    if not value:
        return None
    known: Sequence[UUID] = [row.id for row in await store.versions(work)]
    try:
        found = UUID(value)
    except ValueError:
        found = None
    if found not in known:
        raise Rejected(fields={"policy_version_id": "Elija una versión de la lista."})
    return found
