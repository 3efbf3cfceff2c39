"""Opening the workspace of a municipality, or running one whose people have left: asked, proven, and decided.

Somebody asks; their institutional mailbox answers a link. Where its domain is known to be the municipality's and the
municipality is recognised (Sello Migrante, or the guide's pilot), the workspace opens at once. A mailbox of a domain that
nobody knows shows a code that was mailed to the public address of the municipality. Everybody else waits for the regional
office of Sermig, which sees the act of appointment and decides. Who comes second, who waits in vain and whose link
expired have each a way on. A claim holds nothing back: until a workspace opens, anybody may ask.
"""

import base64
import hashlib
import hmac
import re
import secrets
from dataclasses import dataclass
from datetime import timedelta
from typing import Literal

import filetype

from acogida.features.communes.public import Commune, commune_by_cut, fold
from acogida.features.municipalities.public import (
    Claim,
    ClaimPaper,
    Known,
    as_tenant,
    claim_with,
    claims_of,
    forget_claims,
    municipality_by_cut,
    open_workspace,
    paper_of,
)
from acogida.features.people import letters, store
from acogida.features.people.actions import account, members
from acogida.features.people.actions.account import HalfWay, LinkGone, SignedIn
from acogida.features.people.forms import AskClaim, ConfirmClaim
from acogida.features.people.model import Membership, Person
from acogida.kernel import audit
from acogida.kernel.db import new_id
from acogida.kernel.errors import AlreadyClosed, NotFound, Problem, Rejected
from acogida.kernel.identity import digest, new_secret
from acogida.kernel.tenancy import Tenant
from acogida.kernel.work import Work

CLAIM_LASTS = timedelta(hours=48)
APPROVED_LASTS = timedelta(days=14)
WAITING_LASTS = timedelta(days=90)
"""How long the link of a claim shows its state while the regional office has it."""
CLAIM_KEPT = timedelta(days=30)
"""How long a claim that nobody confirmed is kept after its link expired, so that another can be sent."""
CODE_LASTS = timedelta(days=7)
CODE_TRIES = 5
PAPER_LIMIT = 5_000_000
PAPERS = {"application/pdf": "PDF", "image/jpeg": "JPG", "image/png": "PNG"}
LIVE = ("asked", "waiting", "approved")
Stand = Literal["open", "code", "submit", "waiting", "refused", "overtaken", "expired"]
FREE_MAIL = frozenset(
    [
        "gmail.com",
        "googlemail.com",
        "hotmail.com",
        "hotmail.cl",
        "hotmail.es",
        "outlook.com",
        "outlook.cl",
        "outlook.es",
        "live.com",
        "live.cl",
        "msn.com",
        "yahoo.com",
        "yahoo.es",
        "yahoo.cl",
        "ymail.com",
        "icloud.com",
        "me.com",
        "mac.com",
        "aol.com",
        "proton.me",
        "protonmail.com",
        "gmx.com",
        "gmx.es",
        "mail.com",
        "zoho.com",
        "yandex.com",
        "tutanota.com",
        "vtr.net",
        "terra.cl",
    ]
)
"""Mail that anybody can have: it shows nothing about who owns it."""


class AlreadyOpen(Problem):
    """The municipality has a workspace; `data["slug"]` says where to ask for access."""

    status = 409
    code = "already_open"
    sentence = "La municipalidad ya tiene su espacio en Acogida. Pida que le den acceso."


@dataclass(frozen=True, slots=True)
class Opened:
    """A workspace just opened, or entered by its new secretary, and the session of who did."""

    tenant: Tenant
    signed_in: SignedIn | HalfWay


async def free_commune(work: Work, cut: str, *, lock: bool = False) -> Commune:
    """This function will give the commune if its municipality has no workspace yet; `AlreadyOpen` where it has.

    Antártica has no municipality of its own: `NotFound`, its page leads to Cabo de Hornos.
    """
    commune = await _commune(work, cut, lock=lock)
    if taken := await municipality_by_cut(work.session, cut):
        raise AlreadyOpen(slug=taken.slug)
    return commune


async def orphan_commune(work: Work, cut: str) -> tuple[Commune, Tenant]:
    """This function will give the commune and its workspace, for who says that nobody answers in it any more."""
    commune = await _commune(work, cut)
    taken = await municipality_by_cut(work.session, cut)
    if taken is None or taken.demo:
        raise NotFound
    return commune, as_tenant(taken)


async def _commune(work: Work, cut: str, *, lock: bool = False) -> Commune:
    commune = await commune_by_cut(work.session, cut, lock=lock)
    if commune is None or commune.municipality_cut != cut:
        raise NotFound
    return commune


async def _place(work: Work, claim: Claim, *, lock: bool = False) -> Commune:
    """The commune of a claim, as its kind needs it: free to open, or with the workspace that nobody runs."""
    if claim.kind == "succession":
        return (await orphan_commune(work, claim.cut))[0]
    return await free_commune(work, claim.cut, lock=lock)


async def ask(work: Work, cut: str, wanted: AskClaim, known: Known, *, kind: str = "open") -> Claim:
    """This function will mail the link of a claim to an institutional address.

    Raises `AlreadyOpen`, or `Rejected` for an address that does not speak for a municipality.
    """
    commune = (await orphan_commune(work, cut))[0] if kind == "succession" else await free_commune(work, cut)
    domain = wanted.email.partition("@")[2]
    if domain in FREE_MAIL:
        raise Rejected(
            fields={
                "email": f"Las casillas de {domain} las puede tener cualquier persona; necesitamos la de la municipalidad para saber que "
                "es ella quien abre el espacio. Si usted no tiene una, pida que lo abra alguien que sí la tenga: después "
                "puede invitarle a usted con el correo que use."
            }
        )
    ours = known.owns(domain)
    if not ours and not wanted.email_confirmed and not speaks_for(domain, commune.name):
        raise Rejected(
            fields={
                "email_confirmed": f"«{domain}» no se parece al nombre de {commune.name}. Si está bien escrito y es de la municipalidad, "
                "márquelo aquí; si no, corríjalo."
            }
        )

    await forget_claims(work.session, before=work.clock.now() - CLAIM_KEPT)
    claim = Claim(
        id=new_id(),
        cut=cut,
        email=wanted.email,
        name=wanted.name,
        cargo=wanted.cargo,
        created_at=work.clock.now(),
        kind=kind,
        state="asked",
        domain_known=ours,
        code_tries=0,
    )
    await send_link(work, claim, commune)
    work.session.add(claim)
    await work.session.flush()
    return claim


async def send_again(work: Work, secret: str) -> Claim:
    """This function will mail a fresh link for a claim whose link expired. A link already used is `LinkGone`."""
    claim = await _behind(work, secret, lock=True)
    if claim.state not in LIVE:
        raise LinkGone
    await send_link(work, claim, await _place(work, claim))
    await work.session.flush()
    return claim


async def send_link(work: Work, claim: Claim, commune: Commune) -> None:
    """This function will mail the claimant a fresh link for the state that the claim is in."""
    secret = new_secret()
    lasts = {"asked": CLAIM_LASTS, "waiting": WAITING_LASTS, "approved": APPROVED_LASTS}[claim.state]
    claim.token_hash, claim.expires_at = digest(secret), work.clock.now() + lasts
    write = letters.claim_approved if claim.state == "approved" else letters.claim
    await write(
        work, to=claim.email, name=claim.name, commune=commune.name, path=f"/abrir/{secret}", until=claim.expires_at
    )


async def _behind(work: Work, secret: str, *, lock: bool = False) -> Claim:
    claim = await claim_with(work.session, digest(secret), lock=lock)
    if claim is None or claim.confirmed_at is not None:
        raise LinkGone
    return claim


async def claim_behind(work: Work, secret: str) -> tuple[Claim, Commune, Person | None]:
    """This function will give what a link opens, and the account that its mailbox already has.

    Raises `LinkGone` when it was used, `AlreadyOpen` when somebody else came first.
    """
    claim = await _behind(work, secret)
    return claim, await _place(work, claim), await store.person_by_email(work, claim.email)


def stand(work: Work, claim: Claim, known: Known) -> Stand:
    """This function will tell what a claim waits for: the rule of who opens at once, in one place."""
    if claim.state in ("refused", "overtaken", "waiting"):
        return claim.state  # type: ignore[return-value]
    if claim.expires_at <= work.clock.now():
        return "expired"
    if claim.state == "approved":
        return "open"
    proven = claim.domain_known or claim.code_shown_at is not None
    if not proven and known.public_address:
        return "code"
    return "open" if proven and known.recognised and claim.kind == "open" else "submit"


async def send_code(work: Work, secret: str, known: Known) -> Claim:
    """This function will mail a code to the public address of the municipality, for its people to give to the claimant."""
    claim = await _behind(work, secret, lock=True)
    commune = await _place(work, claim)
    if stand(work, claim, known) != "code":
        raise AlreadyClosed("Esta solicitud no necesita un código.")
    code = base64.b32encode(secrets.token_bytes(5)).decode()
    claim.code_hash, claim.code_tries = digest(f"{claim.id}{code}"), 0
    until = claim.code_expires_at = work.clock.now() + CODE_LASTS
    await work.session.flush()
    await letters.claim_code(
        work,
        to=known.public_address,
        commune=commune.name,
        who=claim.name,
        cargo=claim.cargo,
        email=claim.email,
        code=f"{code[:4]}-{code[4:]}",
        until=until,
    )
    return claim


async def show_code(work: Work, secret: str, code: str, known: Known) -> bool:
    """This function will take the code that the claimant was given and tell whether it is right; a few tries and no more.

    The try is kept even where it was wrong: the caller does not undo the work.
    """
    claim = await _behind(work, secret, lock=True)
    await _place(work, claim)
    if stand(work, claim, known) != "code" or claim.code_hash is None or claim.code_expires_at is None:
        raise AlreadyClosed("Pida primero que enviemos el código.")
    if claim.code_tries >= CODE_TRIES or claim.code_expires_at <= work.clock.now():
        raise Rejected(
            fields={"code": "Ese código ya no sirve: venció o se probó muchas veces. Pida que enviemos otro."}
        )
    plain = "".join(c for c in code.upper() if c.isalnum())
    claim.code_tries += 1
    right = hmac.compare_digest(claim.code_hash, digest(f"{claim.id}{plain}"))
    if right:
        claim.code_shown_at, claim.code_hash = work.clock.now(), None
    await work.session.flush()
    return right


async def submit(work: Work, secret: str, known: Known, *, message: str, name: str, content: bytes) -> Claim:
    """This function will put a claim before the regional office, with the act of appointment of who claims.

    Raises `Rejected` for a paper that is neither PDF nor image, or too large. Sending it again replaces the paper.
    """
    claim = await _behind(work, secret, lock=True)
    commune = await _place(work, claim)
    if stand(work, claim, known) not in ("submit", "waiting"):
        raise AlreadyClosed("Esta solicitud ya no espera un documento.")
    media_type = _media_type(content)
    paper = await paper_of(work.session, claim.id)
    if paper is None:
        paper = ClaimPaper(claim_id=claim.id)
        work.session.add(paper)
    paper.name, paper.media_type, paper.content = name[:200], media_type, content
    paper.sha256 = hashlib.sha256(content).hexdigest()
    first = claim.state != "waiting"
    claim.state, claim.message = "waiting", message
    claim.submitted_at = claim.submitted_at or work.clock.now()
    claim.expires_at = work.clock.now() + WAITING_LASTS
    await work.session.flush()
    if first:
        for officer in await store.officers_of(work, commune.region_code):
            await letters.claim_waits(
                work,
                to=officer.email,
                name=officer.name,
                commune=commune.name,
                who=claim.name,
                cargo=claim.cargo,
                path=f"/sermig/solicitudes/{claim.id}",
            )
    return claim


def _media_type(content: bytes) -> str:
    if len(content) > PAPER_LIMIT:
        raise Rejected(fields={"paper": f"El documento pesa más de {PAPER_LIMIT // 1_000_000} MB. Súbalo más liviano."})
    found = filetype.guess_mime(content[:8192])
    if found not in PAPERS:
        raise Rejected(fields={"paper": "Suba el documento en PDF, o una foto suya en JPG o PNG."})
    return found


async def confirm(
    work: Work,
    secret: str,
    wanted: ConfirmClaim,
    known: Known,
    *,
    guide_version: str,
    agent: str,
    replacing: str | None,
) -> Opened:
    """This function will open the workspace in one transaction: municipality, first cycle, people, book, session.

    Who asked becomes the executive secretary, or a member of the executive team who invites whoever is. For a
    workspace that was there already, who asked becomes its executive secretary.
    """
    claim = await _behind(work, secret, lock=True)
    commune = await _place(work, claim, lock=True)
    if stand(work, claim, known) != "open":
        raise LinkGone
    if wanted.secretary == "other" and wanted.secretary_email == claim.email:
        raise Rejected(
            fields={"secretary_email": "Es su mismo correo. Si usted ejerce la secretaría ejecutiva, elija «Soy yo»."}
        )
    person = await store.person_by_email(work, claim.email)
    if person is None or person.password_hash is None:
        if not wanted.password:
            raise Rejected(fields={"password": "Elija una contraseña para su cuenta."})
        person = await account.register(
            work, email=claim.email, name=claim.name, password=wanted.password, known=(commune.name, claim.cargo)
        )
    claim.confirmed_at, claim.state = work.clock.now(), "opened"
    await overtake_rivals(work, claim, commune)

    if claim.kind == "succession":
        tenant = await _succeed(work, claim, person)
    else:
        tenant = await _open(work, claim, commune, person, wanted, guide_version)
    entered = await account.enter(work, person, agent=agent, replacing=replacing, onward=f"/m/{tenant.slug}")
    return Opened(tenant, entered)


async def _open(
    work: Work, claim: Claim, commune: Commune, person: Person, wanted: ConfirmClaim, guide_version: str
) -> Tenant:
    tenant = await open_workspace(
        work, cut=commune.cut, slug=commune.slug, name=commune.name, guide_version=guide_version
    )
    roles = ["secretary"] if wanted.secretary == "me" else ["executive_member"]
    account.act_as(work, person, roles=roles)
    row = Membership(person_id=person.id, roles=roles, cargo=claim.cargo, since=work.today())
    work.session.add(row)
    await work.session.flush()

    domain = claim.email.partition("@")[2]
    await audit.record(
        work,
        "municipality.opened",
        f"abrió el espacio de la Municipalidad de {commune.name} con un correo de {domain} y declaró actuar por ella"
        + (f"; lo aprobó {claim.decided_by}" if claim.decided_by else ""),
        subject=row,
        after={"roles": roles, "cargo": claim.cargo, "domain": domain, "decided_by": claim.decided_by},
    )
    if wanted.secretary == "other":
        await members.invite(
            work,
            email=wanted.secretary_email,
            name=wanted.secretary_name,
            cargo=wanted.secretary_cargo,
            roles=["secretary"],
        )
    return tenant


async def _succeed(work: Work, claim: Claim, person: Person) -> Tenant:
    """Lets the new executive secretary into a workspace that was there, and tells whoever was."""
    _, tenant = await orphan_commune(work, claim.cut)
    await work.session.enter(tenant)
    work.municipality = tenant
    before = [each for _, each in await store.secretaries(work, lock=True) if each.id != person.id]
    row = await store.membership_of(work, person.id, lock=True)
    if row is None:
        row = Membership(person_id=person.id, roles=[], cargo=claim.cargo, since=work.today())
        work.session.add(row)
    row.roles = sorted({*row.roles, "secretary"})
    row.cargo, row.until, row.ended_on = claim.cargo, None, None
    await work.session.flush()
    account.act_as(work, person, roles=row.roles)
    await store.renew_sessions_of(work, person.id)

    await audit.record(
        work,
        "membership.succeeded",
        f"asumió la secretaría ejecutiva del espacio, reconocida por {claim.decided_by}",
        subject=row,
        after={"roles": row.roles, "cargo": row.cargo, "decided_by": claim.decided_by},
    )
    for other in before:
        await letters.succeeded(work, to=other.email, name=other.name, commune=tenant.name, who=person.name)
    return tenant


async def overtake_rivals(work: Work, claim: Claim, commune: Commune) -> None:
    """This function will close the other claims of the commune and tell each where to go on."""
    for other in await claims_of(work.session, claim.cut, LIVE):
        if other.id != claim.id and other.kind == claim.kind:
            waited = other.state != "asked"
            other.state = "overtaken"
            if waited:
                await letters.claim_overtaken(work, to=other.email, name=other.name, commune=commune.name)
    await work.session.flush()


def speaks_for(domain: str, commune: str) -> bool:
    """This function will tell whether a mail domain looks like that of the commune's municipality.

    `munisanjosedemaipo.cl`, `sanjosedemaipo.cl` and `sjm.cl` do for San José de Maipo; `temuco.cl` does not.
    """
    label = re.sub(r"[^a-z0-9]", "", fold(domain.rpartition(".")[0]))
    words = [word for word in fold(commune).split() if word not in _SMALL_WORDS]
    telling = [word for word in words if len(word) > 3 and word not in _COMMON_WORDS] or words
    initials = "".join(word[0] for word in words)
    return any(word in label for word in telling) or (len(initials) > 2 and initials in label)


_SMALL_WORDS = frozenset({"de", "del", "la", "las", "lo", "los", "el", "y"})
_COMMON_WORDS = frozenset(
    {"santa", "santo", "puerto", "villa", "nueva", "padre", "pedro", "alto", "alta", "isla", "calera"}
)
"""Words that many communes share: they tell nothing by themselves."""
