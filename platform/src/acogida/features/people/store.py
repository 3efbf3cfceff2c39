"""Questions about accounts, sessions, memberships, invitations and keys.

Each person may read their own memberships from anywhere, so the wall lets through more than one workspace's rows:
every question about the members of a workspace names the workspace.
"""

from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import ColumnElement, Row, delete, func, select, text, update

from acogida.features.people.model import (
    ApiToken,
    BreakGlass,
    Invitation,
    Membership,
    OfficeTerm,
    OutsiderLook,
    PasswordReset,
    Person,
    PlatformEntry,
    RecoveryCode,
    SecondFactor,
    SignInStep,
    WebSession,
)
from acogida.kernel.audit import AuditEntry
from acogida.kernel.errors import NotFound
from acogida.kernel.identity import GRACE, digest
from acogida.kernel.work import Work

# --- Accounts and sessions


async def person_by_email(work: Work, email: str) -> Person | None:
    return await work.session.scalar(select(Person).where(Person.email == email.lower(), Person.disabled_at.is_(None)))


async def email_is_disabled(work: Work, email: str) -> bool:
    """Whether there is an account with this address that somebody disabled."""
    found = select(Person.id).where(Person.email == email.lower(), Person.disabled_at.is_not(None))
    return await work.session.scalar(found) is not None


async def person(work: Work, person_id: UUID, *, lock: bool = False) -> Person:
    query = select(Person).where(Person.id == person_id)
    found = await work.session.scalar(query.with_for_update() if lock else query)
    if found is None:
        raise NotFound
    return found


async def person_by_run(work: Work, run: str) -> Person | None:
    return await work.session.scalar(select(Person).where(Person.run == run, Person.disabled_at.is_(None)))


async def officers_of(work: Work, region: str) -> Sequence[Person]:
    """Who decides the claims of a region: its office, or the national one where it has nobody."""
    query = select(Person).where(Person.disabled_at.is_(None))
    regional = query.where(Person.platform_roles.contains(["sermig_regional"]), Person.region_code == region)
    found = (await work.session.scalars(regional)).all()
    return found or (await work.session.scalars(query.where(Person.platform_roles.contains(["sermig_national"])))).all()


async def sessions_of(work: Work, person_id: UUID) -> Sequence[WebSession]:
    """Browsers where the person is signed in now, the last used first; a secret that was just renewed counts once."""
    query = select(WebSession).where(
        WebSession.person_id == person_id, WebSession.expires_at > work.clock.now() + GRACE
    )
    return (await work.session.scalars(query.order_by(WebSession.seen_at.desc()))).all()


async def forget_session(work: Work, id_hash: bytes, *, of: UUID | None = None) -> int:
    """Ends a session; with `of`, only where it is this person's. Gives how many ended."""
    query = delete(WebSession).where(WebSession.id_hash == id_hash)
    ended = await work.session.execute(query.where(WebSession.person_id == of) if of else query)
    return ended.rowcount  # type: ignore[attr-defined]


async def forget_sessions_of(work: Work, person_id: UUID, *, but: bytes | None = None) -> int:
    """Ends every session of the person, or every one but that of this browser. Gives how many ended."""
    query = delete(WebSession).where(WebSession.person_id == person_id)
    ended = await work.session.execute(query.where(WebSession.id_hash != but) if but else query)
    return ended.rowcount  # type: ignore[attr-defined]


async def forget_old_sessions(work: Work) -> None:
    await work.session.execute(delete(WebSession).where(WebSession.expires_at <= work.clock.now()))


async def renew_sessions_of(work: Work, person_id: UUID) -> None:
    """Every browser of the person gets another secret with its next page: what they may do has changed."""
    await work.session.execute(update(WebSession).where(WebSession.person_id == person_id).values(renew=True))


async def make_session_strong(work: Work, secret: str | None) -> None:
    """This browser has shown a second factor."""
    await work.session.execute(
        update(WebSession).where(WebSession.id_hash == digest(secret or "")).values(strong_at=work.clock.now())
    )


async def reset_with(work: Work, token_hash: bytes, *, lock: bool = False) -> PasswordReset | None:
    query = select(PasswordReset).where(PasswordReset.token_hash == token_hash)
    return await work.session.scalar(query.with_for_update() if lock else query)


async def forget_resets_of(work: Work, person_id: UUID) -> None:
    await work.session.execute(delete(PasswordReset).where(PasswordReset.person_id == person_id))


# --- Second factors


async def factors_of(work: Work, person_id: UUID, *, lock: bool = False) -> Sequence[SecondFactor]:
    """Those that open something, oldest first."""
    query = select(SecondFactor).where(SecondFactor.person_id == person_id, SecondFactor.confirmed_at.is_not(None))
    query = query.order_by(SecondFactor.id)
    return (await work.session.scalars(query.with_for_update() if lock else query)).all()


async def factor(work: Work, person_id: UUID, factor_id: UUID, *, lock: bool = False) -> SecondFactor:
    query = select(SecondFactor).where(SecondFactor.id == factor_id, SecondFactor.person_id == person_id)
    found = await work.session.scalar(query.with_for_update() if lock else query)
    if found is None:
        raise NotFound
    return found


async def passkey(work: Work, credential_id: bytes) -> SecondFactor | None:
    return await work.session.scalar(
        select(SecondFactor)
        .where(SecondFactor.credential_id == credential_id, SecondFactor.confirmed_at.is_not(None))
        .with_for_update()
    )


async def forget_unconfirmed(work: Work, person_id: UUID) -> None:
    await work.session.execute(
        delete(SecondFactor).where(SecondFactor.person_id == person_id, SecondFactor.confirmed_at.is_(None))
    )


async def erase_factor(work: Work, factor_id: UUID) -> None:
    await work.session.execute(delete(SecondFactor).where(SecondFactor.id == factor_id))


async def authenticators_of_demo(work: Work) -> Sequence[Row[Person, SecondFactor]]:
    """Authenticators of the demonstration's accounts, whose codes a machine that is not in production may show."""
    query = select(Person, SecondFactor).join(SecondFactor, SecondFactor.person_id == Person.id)
    query = query.where(
        SecondFactor.kind == "totp",
        SecondFactor.confirmed_at.is_not(None),
        Person.email.like("%.demo.acogida.cl"),
    )
    return (await work.session.execute(query.order_by(Person.email))).all()


async def unused_recovery_codes(work: Work, person_id: UUID) -> Sequence[RecoveryCode]:
    query = select(RecoveryCode).where(RecoveryCode.person_id == person_id, RecoveryCode.used_at.is_(None))
    return (await work.session.scalars(query)).all()


async def erase_recovery_codes(work: Work, person_id: UUID) -> None:
    await work.session.execute(delete(RecoveryCode).where(RecoveryCode.person_id == person_id))


async def spend_recovery_code(work: Work, person_id: UUID, code_hash: bytes) -> bool:
    """Marks the code as used; whether it was there and nobody had used it."""
    spent = await work.session.execute(
        update(RecoveryCode)
        .where(RecoveryCode.person_id == person_id, RecoveryCode.code_hash == code_hash, RecoveryCode.used_at.is_(None))
        .values(used_at=work.clock.now())
    )
    return bool(spent.rowcount)  # type: ignore[attr-defined]


async def step_behind(work: Work, id_hash: bytes, kind: str) -> SignInStep | None:
    """Half a sign-in that still waits."""
    return await work.session.scalar(
        select(SignInStep).where(
            SignInStep.id_hash == id_hash, SignInStep.kind == kind, SignInStep.expires_at > work.clock.now()
        )
    )


async def spend_step(work: Work, id_hash: bytes, kind: str) -> SignInStep | None:
    """The same, and it serves no more; those whose time has passed go with it."""
    found = await step_behind(work, id_hash, kind)
    await work.session.execute(
        delete(SignInStep).where((SignInStep.id_hash == id_hash) | (SignInStep.expires_at <= work.clock.now()))
    )
    return found


# --- Members of the workspace


async def memberships_of(work: Work, person_id: UUID, on: date) -> Sequence[Row[UUID, list[str]]]:
    """The person's own places, in any workspace: the wall lets each read theirs."""
    return (
        await work.session.execute(
            select(Membership.tenant_id, Membership.roles).where(
                Membership.person_id == person_id, (Membership.until.is_(None)) | (Membership.until >= on)
            )
        )
    ).all()


def _here(work: Work) -> ColumnElement[bool]:
    return Membership.tenant_id == work.tenant.id


async def memberships(
    work: Work, *, after: UUID | None = None, limit: int | None = None
) -> Sequence[Row[Membership, Person]]:
    """Everybody who has or had a place here, in the order in which they came."""
    query = select(Membership, Person).join(Person, Person.id == Membership.person_id).where(_here(work))
    query = query.order_by(Membership.id).limit(limit)
    return (await work.session.execute(query.where(Membership.id > after) if after else query)).all()


async def membership(work: Work, membership_id: UUID, *, lock: bool = False) -> tuple[Membership, Person]:
    query = select(Membership, Person).join(Person, Person.id == Membership.person_id)
    query = query.where(_here(work), Membership.id == membership_id)
    found = (await work.session.execute(query.with_for_update(of=Membership) if lock else query)).one_or_none()
    if found is None:
        raise NotFound
    return found[0], found[1]


async def membership_of(work: Work, person_id: UUID, *, lock: bool = False) -> Membership | None:
    query = select(Membership).where(_here(work), Membership.person_id == person_id)
    return await work.session.scalar(query.with_for_update() if lock else query)


async def secretaries(work: Work, *, lock: bool = False) -> Sequence[Row[Membership, Person]]:
    """Who runs the workspace today. With `lock` two of them can't leave at once."""
    query = select(Membership, Person).join(Person, Person.id == Membership.person_id)
    query = query.where(
        _here(work),
        Membership.roles.contains(["secretary"]),
        Membership.until.is_(None) | (Membership.until >= work.today()),
    ).order_by(Membership.id)
    return (await work.session.execute(query.with_for_update(of=Membership) if lock else query)).all()


async def names_here(work: Work) -> Sequence[Row[UUID, str]]:
    query = select(Person.id, Person.name).join(Membership, Membership.person_id == Person.id).where(_here(work))
    return (await work.session.execute(query)).all()


# --- Offices, and what is handed over


async def office_terms(work: Work, *, office: str | None = None) -> Sequence[OfficeTerm]:
    """Terms of every office, or of one, from the first."""
    query = select(OfficeTerm).order_by(OfficeTerm.since, OfficeTerm.id)
    return (await work.session.scalars(query.where(OfficeTerm.office == office) if office else query)).all()


async def office_terms_by_id(work: Work, *, after: UUID | None, limit: int) -> Sequence[OfficeTerm]:
    """Terms of every office in the order in which they were registered."""
    query = select(OfficeTerm).order_by(OfficeTerm.id).limit(limit)
    return (await work.session.scalars(query.where(OfficeTerm.id > after) if after else query)).all()


async def office_term(work: Work, term_id: UUID, *, lock: bool = False) -> OfficeTerm:
    query = select(OfficeTerm).where(OfficeTerm.id == term_id)
    found = await work.session.scalar(query.with_for_update() if lock else query)
    if found is None:
        raise NotFound
    return found


async def one_office_at_a_time(work: Work, office: str) -> None:
    """Two people who register the same office wait for each other: their days are compared one after the other."""
    await work.session.execute(
        text("select pg_advisory_xact_lock(hashtextextended(:key, 0))"), {"key": f"office:{work.tenant.id}:{office}"}
    )


async def erase_office_term(work: Work, term_id: UUID) -> None:
    await work.session.execute(delete(OfficeTerm).where(OfficeTerm.id == term_id))


async def handed_over_by(work: Work, membership_id: UUID, tag: str) -> Sequence[AuditEntry]:
    """What the book says that this member gave to others, in order."""
    query = select(AuditEntry).where(AuditEntry.tag == tag, AuditEntry.subject_id == membership_id)
    return (await work.session.scalars(query.order_by(AuditEntry.seq))).all()


# --- What somebody from outside looked at


async def looks(
    work: Work, *, person_id: UUID | None = None, before: UUID | None = None, limit: int = 100
) -> Sequence[Row[OutsiderLook, str]]:
    """Pages that people from outside opened, the newest first, with whose look it was."""
    query = select(OutsiderLook, Person.name).join(Person, Person.id == OutsiderLook.person_id)
    if person_id:
        query = query.where(OutsiderLook.person_id == person_id)
    if before:
        query = query.where(OutsiderLook.id < before)
    return (await work.session.execute(query.order_by(OutsiderLook.id.desc()).limit(limit))).all()


async def look_counts(work: Work) -> dict[UUID, tuple[int, datetime]]:
    """By person from outside: how many pages they opened, and when the last."""
    query = select(OutsiderLook.person_id, func.count(), func.max(OutsiderLook.at)).group_by(OutsiderLook.person_id)
    return {person_id: (count, last) for person_id, count, last in await work.session.execute(query)}


async def emergencies(work: Work) -> Sequence[BreakGlass]:
    """Each time that an operator looked inside in an emergency, the last first."""
    return (await work.session.scalars(select(BreakGlass).order_by(BreakGlass.id.desc()))).all()


async def emergency_of(work: Work, person_id: UUID) -> BreakGlass | None:
    """The emergency that this operator has open here."""
    query = select(BreakGlass).where(
        BreakGlass.person_id == person_id,
        BreakGlass.ended_at.is_(None),
        BreakGlass.expires_at > work.clock.now(),
    )
    return await work.session.scalar(query.with_for_update())


async def register(work: Work, *, limit: int = 100) -> Sequence[PlatformEntry]:
    """The register of the platform, the last first."""
    return (await work.session.scalars(select(PlatformEntry).order_by(PlatformEntry.id.desc()).limit(limit))).all()


# --- Invitations


async def invitation(work: Work, invitation_id: UUID, *, lock: bool = False) -> Invitation:
    query = select(Invitation).where(Invitation.id == invitation_id)
    found = await work.session.scalar(query.with_for_update() if lock else query)
    if found is None:
        raise NotFound
    return found


async def invitation_with(work: Work, token_hash: bytes, *, lock: bool = False) -> Invitation:
    query = select(Invitation).where(Invitation.token_hash == token_hash)
    found = await work.session.scalar(query.with_for_update() if lock else query)
    if found is None:
        raise NotFound
    return found


async def unanswered_invitations(
    work: Work, *, after: UUID | None = None, limit: int | None = None
) -> Sequence[Invitation]:
    """Neither accepted nor revoked, expired ones included, oldest first."""
    query = select(Invitation).where(Invitation.accepted_at.is_(None), Invitation.revoked_at.is_(None))
    query = query.order_by(Invitation.id).limit(limit)
    return (await work.session.scalars(query.where(Invitation.id > after) if after else query)).all()


async def unanswered_invitation_to(work: Work, email: str) -> Invitation | None:
    return await work.session.scalar(
        select(Invitation)
        .where(Invitation.email == email, Invitation.accepted_at.is_(None), Invitation.revoked_at.is_(None))
        .limit(1)
    )


# --- Keys to the API


async def tokens(
    work: Work, *, of: UUID | None, after: UUID | None = None, limit: int | None = None
) -> Sequence[Row[ApiToken, str]]:
    """Keys with the name of whose they are, oldest first; all of the workspace where `of` is None."""
    query = (
        select(ApiToken, Person.name).join(Person, Person.id == ApiToken.person_id).order_by(ApiToken.id).limit(limit)
    )
    if of is not None:
        query = query.where(ApiToken.person_id == of)
    return (await work.session.execute(query.where(ApiToken.id > after) if after else query)).all()


async def token(work: Work, token_id: UUID, *, lock: bool = False) -> ApiToken:
    query = select(ApiToken).where(ApiToken.id == token_id)
    found = await work.session.scalar(query.with_for_update() if lock else query)
    if found is None:
        raise NotFound
    return found


async def how_many_tokens(work: Work, person_id: UUID, now: datetime) -> int:
    """Keys of the person that still open the workspace."""
    query = select(func.count()).select_from(ApiToken)
    query = query.where(ApiToken.person_id == person_id, ApiToken.revoked_at.is_(None), ApiToken.expires_at > now)
    return await work.session.scalar(query) or 0


async def revoke_tokens_of(work: Work, person_id: UUID) -> None:
    await work.session.execute(
        update(ApiToken)
        .where(ApiToken.person_id == person_id, ApiToken.revoked_at.is_(None))
        .values(revoked_at=work.clock.now(), version=ApiToken.version + 1)
    )
