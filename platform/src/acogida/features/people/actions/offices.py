"""Offices of the municipality: who holds each, from when to when, and who exercises it while the holder is away.

Two holders of an office never overlap, nor two substitutes. Where an office brings a role of the workspace (that of the
mayor), whoever substitutes has it for those days and the holder rests; only the executive secretary registers that.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from acogida.features.people import store
from acogida.features.people.forms import AddTerm
from acogida.features.people.model import OFFICES, OfficeTerm
from acogida.kernel import audit
from acogida.kernel.errors import NotAllowed, NotFound, Rejected
from acogida.kernel.permissions import ROLES
from acogida.kernel.work import Work
from acogida.web.format import long_date

LONGEST_SUBSTITUTION = timedelta(days=366)


@dataclass(frozen=True, slots=True)
class Signer:
    """Who signs for an office on a day, and how."""

    name: str
    title: str
    """As it is written under the signature: «Alcaldesa», «Alcalde (S)»."""
    substitute: bool
    holder: str
    """Whose office it is; the same name where there is no substitution, empty where nobody holds it."""
    act: str
    """What ordered the substitution."""
    person_id: UUID | None


@dataclass(frozen=True, slots=True)
class Office:
    """An office with its terms: whoever holds and exercises it today first, those of before after them."""

    key: str
    title: str
    holder: OfficeTerm | None
    substitute: OfficeTerm | None
    coming: tuple[OfficeTerm, ...]
    past: tuple[OfficeTerm, ...]


async def offices(work: Work) -> list[Office]:
    """This function will list the offices of the municipality with who has held them, those of the law first."""
    work.require("workspace:read")
    terms = await store.office_terms(work)
    today = work.today()
    keys = [*OFFICES, *sorted({term.office for term in terms} - OFFICES.keys())]
    found = []
    for key in keys:
        own = [term for term in terms if term.office == key]
        now = [term for term in own if _holds(term, today)]
        found.append(
            Office(
                key=key,
                title=OFFICES[key].title if key in OFFICES else key,
                holder=next((term for term in now if term.kind == "holder"), None),
                substitute=next((term for term in now if term.kind == "substitute"), None),
                coming=tuple(term for term in own if term.since > today),
                past=tuple(term for term in reversed(own) if term.until is not None and term.until < today),
            )
        )
    return found


async def who_signs_as(work: Work, office: str, on: date) -> Signer | None:
    """This function will tell who signs for an office on a day: who substitutes it, or who holds it; None if nobody.

    `office` is a key of OFFICES («alcaldia») or the name of another office as it was registered.
    """
    now = [term for term in await store.office_terms(work, office=office) if _holds(term, on)]
    holder = next((term for term in now if term.kind == "holder"), None)
    stands_in = next((term for term in now if term.kind == "substitute"), None)
    signs = stands_in or holder
    if signs is None:
        return None
    return Signer(
        name=signs.name,
        title=f"{signs.title} (S)" if stands_in else signs.title,
        substitute=stands_in is not None,
        holder=holder.name if holder else "",
        act=signs.act,
        person_id=signs.person_id,
    )


def _holds(term: OfficeTerm, on: date) -> bool:
    return term.since <= on and (term.until is None or term.until >= on)


async def add_term(work: Work, wanted: AddTerm) -> OfficeTerm:
    """This function will register who holds an office, or who exercises it while its holder is away.

    Raises `Rejected` by field: dates that overlap, a substitution without end or without somebody to substitute,
    somebody from outside.
    """
    work.require("office:edit")
    office = wanted.office if wanted.office in OFFICES and wanted.office != "other" else wanted.other_office
    gives = OFFICES[office].gives_role if office in OFFICES else ""
    if gives and "secretary" not in work.actor.roles:
        raise NotAllowed(f"El cargo trae el rol «{ROLES[gives].title}»: lo registra la secretaría ejecutiva.")
    person_id, name = await _who(work, wanted)
    since = wanted.since or work.today()
    await store.one_office_at_a_time(work, office)
    others = await store.office_terms(work, office=office)
    _refuse_faults(wanted, since, others, person_id, name)

    row = OfficeTerm(
        office=office,
        title=wanted.title,
        kind=wanted.kind,
        person_id=person_id,
        name=name,
        since=since,
        until=wanted.until,
        act=wanted.act,
        reason=wanted.reason if wanted.kind == "substitute" else "",
        gives_role=gives,
    )
    work.session.add(row)
    await work.session.flush()
    await _renew(work, others, row)

    await audit.record(work, f"office_term.{_VERB[row.kind]}", _sentence(row), subject=row, after=_told(row))
    return row


_VERB = {"holder": "held", "substitute": "substituted"}


def _sentence(row: OfficeTerm) -> str:
    until = f" hasta el {long_date(row.until)}" if row.until else ""
    if row.kind == "holder":
        return f"registró que {row.name} ejerce como {row.title} desde el {long_date(row.since)}{until}"
    return f"registró que {row.name} subroga como {row.title} desde el {long_date(row.since)}{until}"


def _told(row: OfficeTerm) -> dict[str, object]:
    return {name: getattr(row, name) for name in ("office", "title", "kind", "name", "since", "until", "act", "reason")}


async def _who(work: Work, wanted: AddTerm) -> tuple[UUID | None, str]:
    """The member chosen, or the name written for who has no account here."""
    if not wanted.member:
        return None, wanted.name
    for row, person in await store.memberships(work):
        if str(row.id) == wanted.member:
            if not row.active(work.today()) or any(ROLES[key].external for key in row.roles if key in ROLES):
                raise Rejected(fields={"member": "Los cargos de la municipalidad los ejerce su propia gente."})
            return person.id, person.name
    raise NotFound


def _refuse_faults(
    wanted: AddTerm, since: date, others: Sequence[OfficeTerm], person_id: UUID | None, name: str
) -> None:
    faults: dict[str, str] = {}
    if wanted.until and wanted.until < since:
        faults["until"] = "El último día no puede ser anterior al primero."
    clash = next((term for term in others if term.kind == wanted.kind and _overlap(term, since, wanted.until)), None)
    if clash and not faults:
        faults["since"] = f"En esos días el cargo ya está en {clash.name}, desde el {long_date(clash.since)}" + (
            f" hasta el {long_date(clash.until)}." if clash.until else ": termine antes ese período."
        )
    if wanted.kind == "substitute":
        holder = next((term for term in others if term.kind == "holder" and _overlap(term, since, wanted.until)), None)
        if wanted.until is None:
            faults["until"] = "Una subrogancia tiene término: escriba el último día. Si se alarga, registre otra."
        elif wanted.until - since > LONGEST_SUBSTITUTION:
            faults["until"] = "Una subrogancia dura a lo más un año."
        if holder is None:
            faults["office"] = "Registre primero quién es titular del cargo en esos días."
        elif (person_id and holder.person_id == person_id) or holder.name == name:
            faults["member" if person_id else "name"] = "Es la misma persona que lo ejerce: elija a quien la reemplaza."
    if faults:
        raise Rejected(fields=faults)


def _overlap(term: OfficeTerm, since: date, until: date | None) -> bool:
    return (until is None or term.since <= until) and (term.until is None or term.until >= since)


async def end_term(work: Work, term_id: UUID, *, last_day: date | None = None) -> OfficeTerm:
    """This function will end a term on a day, today if none is said: the mayor came back, or left the office.

    A substitution that has not begun is called off by ending it the day before it starts, so it disappears.
    """
    work.require("office:edit")
    row = await store.office_term(work, term_id, lock=True)
    if row.gives_role and "secretary" not in work.actor.roles:
        raise NotAllowed(f"El cargo trae el rol «{ROLES[row.gives_role].title}»: lo cambia la secretaría ejecutiva.")
    until = last_day or work.today()
    if row.until is not None and row.until < work.today():
        raise Rejected("Ese período ya había terminado.")
    if row.since > until:
        before = _told(row)
        await store.erase_office_term(work, row.id)
        await audit.record(
            work,
            "office_term.called_off",
            f"dejó sin efecto el período de {row.name} como {row.title}",
            before=before,
        )
        return row
    before = row.until
    row.until = until
    await work.session.flush()
    await _renew(work, await store.office_terms(work, office=row.office), row)

    await audit.record(
        work,
        "office_term.ended",
        f"puso término al período de {row.name} como {row.title}, el {long_date(until)}",
        subject=row,
        before={"until": before},
        after={"until": until},
    )
    return row


async def _renew(work: Work, others: Sequence[OfficeTerm], row: OfficeTerm) -> None:
    """What both may do has changed: their browsers get another secret."""
    if row.gives_role:
        for person_id in {term.person_id for term in (*others, row) if term.person_id}:
            await store.renew_sessions_of(work, person_id)
