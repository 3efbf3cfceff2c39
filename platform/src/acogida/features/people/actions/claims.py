"""Opening the workspace of a municipality: somebody asks, their institutional mailbox answers, and it is theirs to run.

We can't know every municipality's domain. What holds is a declaration, an institutional mailbox, a question when its
domain does not look like the commune, and the book, whose first entry says who opened the workspace and from where.
"""

import re
from dataclasses import dataclass
from datetime import timedelta

from acogida.features.communes.public import Commune, commune_by_cut, fold
from acogida.features.municipalities.public import Claim, claim_with, forget_claims, municipality_by_cut, open_workspace
from acogida.features.people import letters, store
from acogida.features.people.actions import account, members
from acogida.features.people.actions.account import HalfWay, LinkGone, SignedIn
from acogida.features.people.forms import AskClaim, ConfirmClaim
from acogida.features.people.model import Membership, Person
from acogida.kernel import audit
from acogida.kernel.db import new_id
from acogida.kernel.errors import NotFound, Problem, Rejected
from acogida.kernel.identity import digest, new_secret
from acogida.kernel.tenancy import Tenant
from acogida.kernel.work import Work

CLAIM_LASTS = timedelta(hours=48)
CLAIM_KEPT = timedelta(days=30)
"""How long a claim that nobody confirmed is kept after its link expired, so that another can be sent."""
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
    """A workspace just opened, and the session of who opened it."""

    tenant: Tenant
    signed_in: SignedIn | HalfWay


async def free_commune(work: Work, cut: str, *, lock: bool = False) -> Commune:
    """This function will give the commune if its municipality has no workspace yet; `AlreadyOpen` where it has.

    Antártica has no municipality of its own: `NotFound`, its page leads to Cabo de Hornos.
    """
    commune = await commune_by_cut(work.session, cut, lock=lock)
    if commune is None or commune.municipality_cut != cut:
        raise NotFound
    if taken := await municipality_by_cut(work.session, cut):
        raise AlreadyOpen(slug=taken.slug)
    return commune


async def ask(work: Work, cut: str, wanted: AskClaim) -> Claim:
    """This function will mail the link that opens the workspace of a commune to an institutional address.

    Raises `AlreadyOpen`, or `Rejected` for an address that does not speak for a municipality.
    """
    commune = await free_commune(work, cut)
    domain = wanted.email.partition("@")[2]
    if domain in FREE_MAIL:
        raise Rejected(
            fields={
                "email": f"Las casillas de {domain} las puede tener cualquier persona; necesitamos la de la municipalidad para saber que "
                "es ella quien abre el espacio. Si usted no tiene una, pida que lo abra alguien que sí la tenga: después "
                "puede invitarle a usted con el correo que use."
            }
        )
    if not wanted.email_confirmed and not speaks_for(domain, commune.name):
        raise Rejected(
            fields={
                "email_confirmed": f"«{domain}» no se parece al nombre de {commune.name}. Si está bien escrito y es de la municipalidad, "
                "márquelo aquí; si no, corríjalo."
            }
        )

    await forget_claims(work.session, before=work.clock.now() - CLAIM_KEPT)
    claim = Claim(
        id=new_id(), cut=cut, email=wanted.email, name=wanted.name, cargo=wanted.cargo, created_at=work.clock.now()
    )
    await _send(work, claim, commune)
    work.session.add(claim)
    await work.session.flush()
    return claim


async def send_again(work: Work, secret: str) -> Claim:
    """This function will mail a fresh link for a claim whose link expired. A link already used is `LinkGone`."""
    claim = await _behind(work, secret, lock=True)
    commune = await free_commune(work, claim.cut)
    await _send(work, claim, commune)
    await work.session.flush()
    return claim


async def _send(work: Work, claim: Claim, commune: Commune) -> None:
    secret = new_secret()
    claim.token_hash, claim.expires_at = digest(secret), work.clock.now() + CLAIM_LASTS
    await letters.claim(
        work, to=claim.email, name=claim.name, commune=commune.name, path=f"/abrir/{secret}", until=claim.expires_at
    )


async def _behind(work: Work, secret: str, *, lock: bool = False) -> Claim:
    claim = await claim_with(work.session, digest(secret), lock=lock)
    if claim is None or claim.confirmed_at is not None:
        raise LinkGone
    return claim


async def claim_behind(work: Work, secret: str) -> tuple[Claim, Commune, Person | None]:
    """This function will give what a link opens, and the account that its mailbox already has.

    Raises `LinkGone` when it was used, `AlreadyOpen` when somebody else came first. The caller looks at `expires_at`.
    """
    claim = await _behind(work, secret)
    return claim, await free_commune(work, claim.cut), await store.person_by_email(work, claim.email)


async def confirm(
    work: Work, secret: str, wanted: ConfirmClaim, *, guide_version: str, agent: str, replacing: str | None
) -> Opened:
    """This function will open the workspace in one transaction: municipality, first cycle, people, book, session.

    Who asked becomes the executive secretary, or a member of the executive team who invites whoever is.
    """
    claim = await _behind(work, secret, lock=True)
    commune = await free_commune(work, claim.cut, lock=True)
    if claim.expires_at <= work.clock.now():
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

    tenant = await open_workspace(
        work, cut=commune.cut, slug=commune.slug, name=commune.name, guide_version=guide_version
    )
    roles = ["secretary"] if wanted.secretary == "me" else ["executive_member"]
    account.act_as(work, person, roles=roles)
    row = Membership(person_id=person.id, roles=roles, cargo=claim.cargo, since=work.today())
    work.session.add(row)
    claim.confirmed_at = work.clock.now()
    await work.session.flush()

    domain = claim.email.partition("@")[2]
    await audit.record(
        work,
        "municipality.opened",
        f"abrió el espacio de la Municipalidad de {commune.name} con un correo de {domain} y declaró actuar por ella",
        subject=row,
        after={"roles": roles, "cargo": claim.cargo, "domain": domain},
    )
    if wanted.secretary == "other":
        await members.invite(
            work,
            email=wanted.secretary_email,
            name=wanted.secretary_name,
            cargo=wanted.secretary_cargo,
            roles=["secretary"],
        )
    entered = await account.enter(work, person, agent=agent, replacing=replacing, onward=f"/m/{tenant.slug}")
    return Opened(tenant, entered)


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
