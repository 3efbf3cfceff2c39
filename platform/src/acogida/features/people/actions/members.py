"""Who works in the workspace: inviting, accepting, changing, ending. The last executive secretary can't leave."""

from collections.abc import Sequence
from datetime import date, timedelta
from uuid import UUID

from acogida.features.municipalities.public import access_request
from acogida.features.people import letters, store
from acogida.features.people.actions import account, handover
from acogida.features.people.actions.account import LinkGone, SignedIn
from acogida.features.people.forms import AcceptInvitation, EditMember
from acogida.features.people.model import ADVISER, OBSERVER, TASKS, Invitation, Membership, Person, faults_of_access
from acogida.kernel import audit, narrowing
from acogida.kernel.errors import NotAllowed, Rejected, Stale
from acogida.kernel.identity import digest, new_secret
from acogida.kernel.permissions import ROLES
from acogida.kernel.work import Work

INVITATION_LASTS = timedelta(days=14)
NARROWED = "unit_owner"
"""The role whose rights reach only what its holder was given."""
LAST_SECRETARY = "Es la única persona con el rol de secretaría ejecutiva. Antes dé ese rol a otra: el espacio no puede quedar sin quien lo conduzca."


def is_external(roles: Sequence[str]) -> bool:
    """This function will tell whether these are the roles of somebody from outside the municipality."""
    return any(ROLES[key].external for key in roles if key in ROLES)


async def may_invite_here(work: Work) -> bool:
    """This function will tell whether the actor may invite: by right, or because nobody runs the workspace yet.

    While the executive secretary has not come, whoever opened the workspace may send that one invitation again.
    """
    return work.actor.may("people:invite") or (
        "executive_member" in work.actor.roles and not await store.secretaries(work)
    )


async def invite(
    work: Work,
    *,
    email: str,
    name: str,
    cargo: str,
    roles: Sequence[str],
    unit: str = "",
    entity: str = "",
    organisation: str = "",
    tasks: Sequence[str] = (),
    areas: Sequence[str] = (),
    scope: Sequence[str] = (),
    until: date | None = None,
    answering: UUID | None = None,
) -> Invitation:
    """This function will call somebody to the workspace by mail. `answering` is the request for access it answers.

    Raises `NotAllowed`, or `Rejected` with the field at fault: roles that can't go together, an external adviser
    without term or tasks, somebody who is already in or already called.
    """
    await _require_giving(work, roles)
    email = email.lower()
    _refuse_faults(work, roles=roles, entity=entity, tasks=tasks, until=until)
    await _refuse_scope(work, scope)
    known = await store.person_by_email(work, email)
    here = await store.membership_of(work, known.id) if known else None
    if known and here and here.active(work.today()):
        raise Rejected(fields={"email": f"{known.name} ya tiene acceso. Si le falta un rol, cámbielo en su ficha."})
    if await store.unanswered_invitation_to(work, email):
        raise Rejected(
            fields={"email": "Ya tiene una invitación sin responder: puede volver a enviarla desde la lista."}
        )

    external = is_external(roles)
    row = Invitation(
        email=email,
        name=name,
        cargo=cargo,
        unit=unit,
        roles=list(roles),
        entity=entity if external else "",
        organisation=organisation if external else "",
        tasks=list(tasks) if external else [],
        areas=list(areas) if external else [],
        scope=list(scope) if NARROWED in roles else [],
        until=until,
        invited_by=work.actor.name,
        accepted_at=None,
        revoked_at=None,
    )
    await _send(work, row)
    work.session.add(row)
    await work.session.flush()
    if answering:
        await _answer(work, answering, "invited")

    await audit.record(
        work,
        "invitation.sent",
        f"invitó a {name} como {letters.titles_of(row.roles)}",
        subject=row,
        after={
            "name": name,
            "cargo": cargo,
            "unit": unit,
            "roles": row.roles,
            "tasks": row.tasks,
            "areas": row.areas,
            "scope": row.scope,
            "until": until,
        },
    )
    return row


async def send_again(work: Work, invitation_id: UUID) -> Invitation:
    """This function will mail an invitation again, with a new link and a new term."""
    row = await store.invitation(work, invitation_id, lock=True)
    await _require_giving(work, row.roles)
    if row.accepted_at or row.revoked_at:
        raise LinkGone("Esa invitación ya fue aceptada o anulada.")
    _refuse_faults(work, roles=row.roles, entity=row.entity, tasks=row.tasks, until=row.until)
    await _send(work, row)
    await work.session.flush()

    await audit.record(work, "invitation.sent_again", f"volvió a enviar la invitación a {row.name}", subject=row)
    return row


async def revoke(work: Work, invitation_id: UUID) -> Invitation:
    """This function will make an invitation's link useless."""
    row = await store.invitation(work, invitation_id, lock=True)
    await _require_giving(work, row.roles)
    if row.accepted_at or row.revoked_at:
        raise LinkGone("Esa invitación ya fue aceptada o anulada.")
    row.revoked_at = work.clock.now()
    await work.session.flush()

    await audit.record(work, "invitation.revoked", f"anuló la invitación a {row.name}", subject=row)
    return row


async def invitation_behind(work: Work, secret: str, *, lock: bool = False) -> tuple[Invitation, Person | None]:
    """This function will give what a link offers and the account that its mailbox already has; `LinkGone` where spent."""
    row = await store.invitation_with(work, digest(secret), lock=lock)
    if not row.open(work.clock.now()) or (row.until is not None and row.until < work.today()):
        raise LinkGone(
            "Esta invitación ya no sirve: venció, se anuló o ya se aceptó. Pida a la municipalidad que le envíe otra."
        )
    return row, await store.person_by_email(work, row.email)


async def accept(work: Work, secret: str) -> Membership:
    """This function will let in whoever is signed in, when the invitation is theirs."""
    row, person = await invitation_behind(work, secret, lock=True)
    if person is None or work.actor.person_id != person.id:
        raise NotAllowed("Esta invitación es para otra cuenta. Salga e ingrese con el correo al que llegó.")
    return await _let_in(work, row, person)


async def accept_as_new(
    work: Work, secret: str, wanted: AcceptInvitation, *, agent: str, replacing: str | None
) -> SignedIn:
    """This function will make the account of somebody invited, let them in and open their session."""
    row, person = await invitation_behind(work, secret, lock=True)
    if person is not None and person.password_hash is not None:
        raise NotAllowed("Usted ya tiene una cuenta con ese correo. Ingrese con ella para aceptar.")
    person = await account.register(
        work, email=row.email, name=wanted.name, password=wanted.password, known=(work.tenant.name, row.cargo)
    )
    await _let_in(work, row, person)
    return await account.open_session(work, person, agent=agent, replacing=replacing)


async def _let_in(work: Work, row: Invitation, person: Person) -> Membership:
    today = work.today()
    found = await store.membership_of(work, person.id, lock=True)
    if found is None:
        found = Membership(person_id=person.id, since=today)
        work.session.add(found)
    held = found.roles if found.id and found.active(today) else []
    if not held:
        found.since = today
    found.roles = list(dict.fromkeys([*held, *row.roles]))
    found.cargo, found.unit, found.until, found.ended_on = row.cargo, row.unit, row.until, None
    found.entity, found.organisation, found.tasks = row.entity, row.organisation, list(row.tasks)
    found.areas, found.scope, found.expires_at = list(row.areas), list(row.scope), None
    row.accepted_at = work.clock.now()
    account.act_as(work, person, roles=found.roles)
    await work.session.flush()
    await store.renew_sessions_of(work, person.id)

    await audit.record(
        work,
        "invitation.accepted",
        f"aceptó la invitación y entró al espacio como {letters.titles_of(found.roles)}",
        subject=found,
        after={"roles": found.roles, "cargo": found.cargo, "unit": found.unit, "until": found.until},
    )
    return found


async def change(work: Work, membership_id: UUID, wanted: EditMember) -> Membership:
    """This function will change what somebody is and may do here."""
    work.require("people:invite")
    row, person = await store.membership(work, membership_id, lock=True)
    if row.version != wanted.version:
        raise Stale(row)
    before = {name: getattr(row, name) for name in wanted.changes()}
    after = wanted.changes()
    if not is_external(wanted.roles):
        after.update(entity="", organisation="", tasks=[], areas=[])
    if NARROWED not in wanted.roles:
        after["scope"] = []
    await _require_giving(work, _touched(row, wanted))
    _refuse_faults(work, roles=wanted.roles, entity=after["entity"], tasks=after["tasks"], until=wanted.until)
    await _refuse_scope(work, after["scope"])
    if "secretary" in row.roles and ("secretary" not in wanted.roles or wanted.until is not None):
        await _refuse_last_secretary(work, row, field="roles" if "secretary" not in wanted.roles else "until")

    for name, value in after.items():
        setattr(row, name, value)
    if row.active(work.today()):
        row.ended_on = None
    await work.session.flush()
    await store.renew_sessions_of(work, person.id)

    said = (
        f"cambió los roles de {person.name}: {letters.titles_of(row.roles)}"
        if {*before["roles"]} != {*row.roles}
        else f"cambió los datos de {person.name} en el espacio"
    )
    await audit.record(work, "membership.changed", said, subject=row, before=before, after=after)
    return row


async def end(work: Work, membership_id: UUID) -> tuple[Membership, Person]:
    """This function will end somebody's access from this moment, with their keys; or one's own, by leaving."""
    row, person = await store.membership(work, membership_id, lock=True)
    leaving = row.person_id == work.actor.person_id
    if not leaving:
        work.require("people:invite")
        await _require_giving(work, [key for key in row.roles if key in (ADVISER, OBSERVER, "secretary")])
    if not row.active(work.today()):
        raise Rejected("Su acceso ya había terminado.")
    if "secretary" in row.roles:
        await _refuse_last_secretary(work, row, field="")
    await handover.refuse_holder(work, row, person)

    row.ended_on, row.until = work.today(), work.clock.now().date() - timedelta(days=1)
    await store.revoke_tokens_of(work, person.id)
    await work.session.flush()
    await store.renew_sessions_of(work, person.id)

    said = "dejó el espacio" if leaving else f"terminó el acceso de {person.name}"
    await audit.record(
        work, "membership.ended", said, subject=row, before={"roles": row.roles}, after={"ended_on": row.ended_on}
    )
    if not leaving:
        await letters.access_ended(work, to=person.email, name=person.name, commune=work.tenant.name)
    return row, person


async def decline(work: Work, request_id: UUID) -> None:
    """This function will answer no to somebody who asked for access."""
    work.require("people:invite")
    await _answer(work, request_id, "declined")


async def _answer(work: Work, request_id: UUID, status: str) -> None:
    asked = await access_request(work.session, request_id, lock=True)
    if asked.status != "pending":
        raise Rejected("Ese pedido ya estaba respondido.")
    asked.status, asked.answered_at = status, work.clock.now()
    await work.session.flush()
    if status == "declined":
        await audit.record(
            work, "access_request.declined", f"no aceptó el pedido de acceso de {asked.name}", subject=asked
        )
        await letters.access_declined(work, to=asked.email, name=asked.name, commune=work.tenant.name)


def _touched(row: Membership, wanted: EditMember) -> list[str]:
    """The roles that a change gives, takes or puts a term to: the ones whose giving has to be allowed."""
    touched = {*row.roles} ^ {*wanted.roles}
    if wanted.until != row.until:
        touched |= {*row.roles}
    return sorted(touched | ({ADVISER, OBSERVER} & {*row.roles}))


async def _require_giving(work: Work, roles: Sequence[str]) -> None:
    """Who may give or take these roles. Two of them are only the executive secretary's to give."""
    strange = [key for key in roles if key not in ROLES or not ROLES[key].given]
    if strange:
        raise Rejected(fields={"roles": "Elija entre los roles de la lista."})
    if "secretary" in work.actor.roles:
        return
    leading = {"president", "executive_member"} & work.actor.roles
    if [*roles] == ["secretary"] and leading and not await store.secretaries(work):
        return
    work.require("people:invite")
    if ADVISER in roles or OBSERVER in roles:
        raise NotAllowed("Sólo la secretaría ejecutiva da, renueva y quita el acceso de quien viene de fuera.")
    if "secretary" in roles:
        raise NotAllowed("Sólo quien ejerce la secretaría ejecutiva puede dar o quitar ese rol.")


def _refuse_faults(work: Work, *, roles: Sequence[str], entity: str, tasks: Sequence[str], until: date | None) -> None:
    faults = faults_of_access(roles=roles, entity=entity, tasks=tasks, until=until, today=work.today())
    if not roles:
        faults["roles"] = "Elija al menos un rol."
    if any(task not in TASKS for task in tasks):
        faults["tasks"] = "Elija entre las tareas de la lista."
    if faults:
        raise Rejected(fields=faults)


async def _refuse_scope(work: Work, scope: Sequence[str]) -> None:
    """What somebody is given must be of this workspace's plan."""
    if scope and not {*scope} <= {key for key, _ in await narrowing.scopes(work)}:
        raise Rejected(
            fields={"scope": "Alguno de esos ejes o iniciativas ya no existe. Revise los que están marcados."}
        )


async def _refuse_last_secretary(work: Work, row: Membership, *, field: str) -> None:
    others = [each for each, _ in await store.secretaries(work, lock=True) if each.id != row.id]
    if not others:
        raise Rejected(LAST_SECRETARY, fields={field: LAST_SECRETARY} if field else None)


async def _send(work: Work, row: Invitation) -> None:
    secret = new_secret()
    row.token_hash, row.expires_at = digest(secret), work.clock.now() + INVITATION_LASTS
    await letters.invitation(
        work,
        to=row.email,
        name=row.name,
        commune=work.tenant.name,
        by=work.actor.name,
        roles=row.roles,
        path=f"/m/{work.tenant.slug}/invitacion/{secret}",
        until=row.expires_at,
    )
