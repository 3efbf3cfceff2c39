"""Forming teams, mesa and concejo; mapping who is needed where; noting internal validations."""

import unicodedata
from collections.abc import Sequence
from uuid import UUID

from acogida.features.bodies import store
from acogida.features.bodies.forms import EditBody, EditContact, EditInternalValidation, EditMember
from acogida.features.bodies.model import Body, BodyMember, Contact, InternalValidation
from acogida.features.bodies.words import BODY_KINDS, INHERITS, ROLES
from acogida.kernel import audit
from acogida.kernel.errors import Rejected, Stale
from acogida.kernel.work import Work

_ONE_OF_EACH = ("president", "secretary")


async def ensure_body(work: Work, kind: str) -> Body:
    """This function will give the body of this kind, making its file the first time that something needs it."""
    found = await store.body_of_kind(work, kind)
    if found is None:
        found = Body(kind=kind, name=BODY_KINDS[kind].title)
        work.session.add(found)
        await work.session.flush()
    return found


async def edit_body(work: Work, kind: str, wanted: EditBody) -> Body:
    """This function will say how a body works, or that an instance that already met serves as it (RES-04)."""
    work.require("team:edit")
    row = await store.body_of_kind(work, kind, lock=True)
    if row is None:
        row = await ensure_body(work, kind)
    elif wanted.version != row.version:
        raise Stale(row)
    if wanted.formed_on and wanted.formed_on > work.today():
        raise Rejected(fields={"formed_on": "La fecha en que se constituyó no puede ser futura."})

    before = {name: getattr(row, name) for name in wanted.changes()}
    for name, value in wanted.changes().items():
        setattr(row, name, value)
    await work.session.flush()

    await audit.record(
        work, "body.edited", f"dijo cómo funciona: {row.name}", subject=row, before=before, after=wanted.changes()
    )
    return row


async def add_member(work: Work, kind: str, wanted: EditMember) -> BodyMember:
    """This function will add somebody to a body; whoever is already there is refused."""
    work.require("team:edit")
    body = await ensure_body(work, kind)
    there = await store.members(work, kind)
    _check_member(wanted, there)

    row = BodyMember(body_id=body.id, position=len(there), **_values(wanted))
    work.session.add(row)
    await work.session.flush()

    await audit.record(
        work,
        "body_member.added",
        f"sumó a {row.name} a {body.name} ({ROLES[row.role].lower()})",
        subject=row,
        after=_values(wanted),
    )
    return row


async def add_members(work: Work, kind: str, wanted: Sequence[EditMember]) -> list[BodyMember]:
    """This function will add several people at once, or none. Raises `Rejected` with fields `<index>.<field>`."""
    work.require("team:edit")
    added: list[BodyMember] = []
    for index, one in enumerate(wanted):
        try:
            added.append(await add_member(work, kind, one))
        except Rejected as problem:
            raise Rejected(fields={f"{index}.{name}": words for name, words in problem.fields.items()}) from problem
    return added


async def inherit_members(work: Work) -> list[BodyMember]:
    """This function will add to the extended team whoever of the executive one is not in it (PREP-1.2-28)."""
    work.require("team:edit")
    there = {fold_name(member.name) for member in await store.members(work, "extended_team")}
    missing = [
        member
        for member in await store.members(work, INHERITS)
        if fold_name(member.name) not in there and member.role != "adviser"
    ]
    return [
        await add_member(
            work,
            "extended_team",
            EditMember(
                name=member.name,
                cargo=member.cargo,
                organization=member.organization,
                email=member.email,
                role="member",
                suggested_role=INHERITS,
                is_chief=member.is_chief,
            ),
        )
        for member in missing
    ]


async def edit_member(work: Work, member_id: UUID, wanted: EditMember) -> BodyMember:
    """This function will correct what is known of a member."""
    work.require("team:edit")
    row = await store.member(work, member_id, lock=True)
    if row.version != wanted.version:
        raise Stale(row)
    body = await store.body(work, row.body_id)
    _check_member(wanted, [other for other in await store.members(work, body.kind) if other.id != row.id])

    after = _values(wanted)
    before = {name: getattr(row, name) for name in after}
    for name, value in after.items():
        setattr(row, name, value)
    await work.session.flush()

    await audit.record(
        work,
        "body_member.edited",
        f"corrigió los datos de {row.name} en {body.name}",
        subject=row,
        before=before,
        after=after,
    )
    return row


async def remove_member(work: Work, member_id: UUID) -> BodyMember:
    """This function will take somebody out of a body; the sessions where they were keep their name."""
    work.require("team:edit")
    row = await store.member(work, member_id, lock=True)
    body = await store.body(work, row.body_id)
    before = {"name": row.name, "cargo": row.cargo, "role": row.role}
    await store.erase_member(work, member_id)

    await audit.record(work, "body_member.removed", f"retiró a {row.name} de {body.name}", subject=row, before=before)
    return row


def fold_name(name: str) -> str:
    """This function will give a name as it is compared: without accents, capitals or doubled spaces."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    return " ".join(plain.lower().split())


def _check_member(wanted: EditMember, others: Sequence[BodyMember]) -> None:
    if any(fold_name(other.name) == fold_name(wanted.name) for other in others):
        raise Rejected(fields={"name": f"{wanted.name} ya está en esta nómina."})
    if wanted.role in _ONE_OF_EACH:
        holder = next((other for other in others if other.role == wanted.role), None)
        if holder:
            raise Rejected(
                fields={
                    "role": f"{ROLES[wanted.role]} ya la ejerce {holder.name}. Cambie primero el rol de esa persona."
                }
            )


def _values(wanted: EditMember) -> dict[str, object]:
    external = wanted.role == "adviser"
    return {
        **wanted.changes(without=("version", "adviser_kind", "adviser_tasks")),
        "adviser_kind": wanted.adviser_kind if external else "",
        "adviser_tasks": ",".join(wanted.adviser_tasks) if external else "",
    }


# Actors


async def add_contact(work: Work, wanted: EditContact) -> Contact:
    """This function will note an actor who is needed somewhere."""
    work.require("team:edit")
    row = Contact(**wanted.changes())
    work.session.add(row)
    await work.session.flush()

    await audit.record(
        work,
        "contact.added",
        f"anotó a {row.name} entre los actores que hacen falta en {BODY_KINDS[row.body_kind].title}",
        subject=row,
        after=wanted.changes(),
    )
    return row


async def edit_contact(work: Work, contact_id: UUID, wanted: EditContact) -> Contact:
    """This function will correct an actor, or note the talk that was had."""
    work.require("team:edit")
    row = await store.contact(work, contact_id, lock=True)
    if row.version != wanted.version:
        raise Stale(row)
    if wanted.talked_on and wanted.talked_on > work.today():
        raise Rejected(fields={"talked_on": "La conversación todavía no ocurre: anótela cuando se haya tenido."})

    before = {name: getattr(row, name) for name in wanted.changes()}
    for name, value in wanted.changes().items():
        setattr(row, name, value)
    await work.session.flush()

    await audit.record(
        work,
        "contact.edited",
        f"actualizó lo conversado con {row.name}",
        subject=row,
        before=before,
        after=wanted.changes(),
    )
    return row


async def remove_contact(work: Work, contact_id: UUID) -> None:
    """This function will take an actor off the map."""
    work.require("team:edit")
    row = await store.contact(work, contact_id, lock=True)
    await store.erase_contact(work, contact_id)

    await audit.record(
        work, "contact.removed", f"quitó a {row.name} del mapa de actores", subject=row, before={"name": row.name}
    )


# Internal validations


async def add_internal_validation(work: Work, wanted: EditInternalValidation) -> InternalValidation:
    """This function will note that a unit validated the proposal by itself (reading AMB-02)."""
    work.require("meeting:edit")
    _check_validation(work, wanted, await store.internal_validations(work))
    row = InternalValidation(**wanted.changes())
    work.session.add(row)
    await work.session.flush()

    await audit.record(
        work,
        "internal_validation.added",
        f"registró la validación interna de {row.unit}",
        subject=row,
        after=wanted.changes(),
    )
    return row


async def edit_internal_validation(
    work: Work, validation_id: UUID, wanted: EditInternalValidation
) -> InternalValidation:
    """This function will correct a unit's validation."""
    work.require("meeting:edit")
    row = await store.internal_validation(work, validation_id, lock=True)
    if row.version != wanted.version:
        raise Stale(row)
    _check_validation(work, wanted, [other for other in await store.internal_validations(work) if other.id != row.id])

    before = {name: getattr(row, name) for name in wanted.changes()}
    for name, value in wanted.changes().items():
        setattr(row, name, value)
    await work.session.flush()

    await audit.record(
        work,
        "internal_validation.edited",
        f"corrigió la validación interna de {row.unit}",
        subject=row,
        before=before,
        after=wanted.changes(),
    )
    return row


async def remove_internal_validation(work: Work, validation_id: UUID) -> None:
    """This function will take a unit's validation away."""
    work.require("meeting:edit")
    row = await store.internal_validation(work, validation_id, lock=True)
    await store.erase_internal_validation(work, validation_id)

    await audit.record(
        work,
        "internal_validation.removed",
        f"quitó la validación interna de {row.unit}",
        subject=row,
        before={"unit": row.unit, "validated_by": row.validated_by},
    )


def _check_validation(work: Work, wanted: EditInternalValidation, others: Sequence[InternalValidation]) -> None:
    if wanted.validated_on and wanted.validated_on > work.today():
        raise Rejected(fields={"validated_on": "La fecha de la validación no puede ser futura."})
    if any(fold_name(other.unit) == fold_name(wanted.unit) for other in others):
        raise Rejected(fields={"unit": f"{wanted.unit} ya tiene su validación registrada: corríjala en la lista."})
