"""The regional office of Sermig decides claims of its region and keeps what is known of its municipalities.

The national office sees the whole country. What is decided is written in the register of the platform.
"""

from collections.abc import Sequence
from uuid import UUID

from acogida.features.communes.public import Commune, commune_by_cut
from acogida.features.municipalities.public import (
    Claim,
    ClaimPaper,
    KnownMunicipality,
    claim_by_id,
    claims_submitted,
    known_municipality,
    paper_of,
)
from acogida.features.people import letters
from acogida.features.people.actions import claims, platform
from acogida.features.people.forms import EditKnown
from acogida.kernel.errors import AlreadyClosed, NotFound, Rejected
from acogida.kernel.work import Work

DECIDE = "claim:decide"
DECIDED = ("approved", "opened", "refused", "overtaken")


async def desk(work: Work, *, decided: bool = False) -> Sequence[tuple[Claim, bool]]:
    """This function will list the claims that the officer's region has, and whether each has its paper."""
    work.require(DECIDE)
    states = DECIDED if decided else ("waiting",)
    rows = await claims_submitted(work.session, states, work.actor.region)
    return [(claim, paper) for claim, paper in rows]


async def claim_before(work: Work, claim_id: UUID, *, lock: bool = False) -> Claim:
    """This function will give a claim that reached the officer's region; `NotFound` for any other."""
    work.require(DECIDE)
    claim = await claim_by_id(work.session, claim_id, lock=lock)
    if claim.submitted_at is None or not claim.cut.startswith(work.actor.region):
        raise NotFound
    return claim


async def paper_before(work: Work, claim_id: UUID) -> ClaimPaper:
    """This function will give the act of appointment of a claim of the officer's region."""
    await claim_before(work, claim_id)
    paper = await paper_of(work.session, claim_id)
    if paper is None:
        raise NotFound
    return paper


async def approve(work: Work, claim_id: UUID) -> Claim:
    """This function will let a claim go on: its link is mailed, and those of rivals are closed."""
    claim, commune = await _to_decide(work, claim_id)
    claim.state, claim.decided_at, claim.decided_by = "approved", work.clock.now(), _signature(work)
    await work.session.flush()
    await claims.send_link(work, claim, commune)
    await claims.overtake_rivals(work, claim, commune)
    await platform.note(work, "claim.approved", f"aprobó la solicitud de {claim.name} por {commune.name}")
    return claim


async def refuse(work: Work, claim_id: UUID, reason: str) -> Claim:
    """This function will close a claim with its reason, which the claimant is told."""
    claim, commune = await _to_decide(work, claim_id)
    claim.state, claim.reason = "refused", reason
    claim.decided_at, claim.decided_by = work.clock.now(), _signature(work)
    await work.session.flush()
    await letters.claim_refused(work, to=claim.email, name=claim.name, commune=commune.name, reason=reason)
    await platform.note(work, "claim.refused", f"no aprobó la solicitud de {claim.name} por {commune.name}")
    return claim


async def _to_decide(work: Work, claim_id: UUID) -> tuple[Claim, Commune]:
    claim = await claim_before(work, claim_id, lock=True)
    commune = await commune_by_cut(work.session, claim.cut)
    if commune is None:
        raise NotFound
    if claim.state != "waiting":
        raise AlreadyClosed("Esta solicitud ya estaba resuelta.")
    return claim, commune


def _signature(work: Work) -> str:
    return f"{work.actor.name}, Sermig"


async def commune_of(work: Work, cut: str) -> Commune:
    """This function will give a commune of the officer's region that has a municipality."""
    work.require(DECIDE)
    commune = await commune_by_cut(work.session, cut)
    if commune is None or commune.municipality_cut != cut or not cut.startswith(work.actor.region):
        raise NotFound
    return commune


async def edit_known(work: Work, cut: str, wanted: EditKnown) -> KnownMunicipality:
    """This function will set what Sermig adds to what is known of a municipality of its region."""
    commune = await commune_of(work, cut)
    domains = sorted({domain.lower() for domain in wanted.domains.split()})
    if free := [domain for domain in domains if domain in claims.FREE_MAIL]:
        raise Rejected(fields={"domains": f"{free[0]} da casillas a cualquiera: no puede ser de una municipalidad."})
    row = await known_municipality(work.session, cut, lock=True)
    if row is None:
        row = KnownMunicipality(cut=cut)
        work.session.add(row)
    row.domains, row.public_address, row.recognised = domains, wanted.public_address, wanted.recognised
    row.updated_by, row.updated_at = work.actor.name, work.clock.now()
    await work.session.flush()
    await platform.note(
        work, "known_municipality.edited", f"cambió lo que se sabe de la Municipalidad de {commune.name}"
    )
    return row
