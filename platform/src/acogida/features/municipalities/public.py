"""What other rooms may ask about workspaces."""

from collections.abc import Sequence
from uuid import UUID

from acogida.features.cycles.public import open_first_cycle
from acogida.features.municipalities import store
from acogida.features.municipalities.known import STATES as RECOGNISED
from acogida.features.municipalities.known import Known, known_of
from acogida.features.municipalities.model import AccessRequest, Claim, ClaimPaper, KnownMunicipality, Municipality
from acogida.features.municipalities.store import (
    access_request,
    claim_by_id,
    claim_with,
    claims_of,
    claims_submitted,
    forget_claims,
    known_municipality,
    municipality_by_cut,
    paper_of,
    pending_requests,
    request_from,
)
from acogida.kernel.db import TenantSession, new_id
from acogida.kernel.tenancy import Tenant, TenantId
from acogida.kernel.work import Work

__all__ = [
    "RECOGNISED",
    "AccessRequest",
    "Claim",
    "ClaimPaper",
    "Known",
    "KnownMunicipality",
    "Municipality",
    "access_request",
    "as_tenant",
    "claim_by_id",
    "claim_with",
    "claims_of",
    "claims_submitted",
    "every_tenant",
    "forget_claims",
    "known_municipality",
    "known_of",
    "municipality_by_cut",
    "open_workspace",
    "paper_of",
    "pending_requests",
    "places",
    "request_from",
    "tenant_by_slug",
]


def as_tenant(row: Municipality) -> Tenant:
    """This function will give the tenant of a registered municipality."""
    return Tenant(TenantId(row.id), row.slug, row.name, row.cut, row.current_cycle_id, row.demo)


async def every_tenant(session: TenantSession) -> list[Tenant]:
    """This function will give all the workspaces that are open, for what is done in each by the clock."""
    return [as_tenant(row) for row in await store.municipalities(session)]


async def tenant_by_slug(session: TenantSession, slug: str) -> Tenant | None:
    row = await store.municipality_by_slug(session, slug)
    return as_tenant(row) if row else None


async def places(work: Work, ids: Sequence[UUID]) -> Sequence[Municipality]:
    """This function will give the registry rows of these workspaces."""
    return await store.municipalities_with(work.session, ids) if ids else ()


async def open_workspace(
    work: Work, *, cut: str, slug: str, name: str, guide_version: str, demo: bool = False
) -> Tenant:
    """This function will open the workspace of a municipality with its first cycle, and put the work inside it.

    The work must belong to no workspace. The caller has locked the commune and found it free.
    """
    cycle = open_first_cycle(guide_version)
    row = Municipality(
        id=new_id(), cut=cut, slug=slug, name=name, demo=demo, current_cycle_id=cycle.id, opened_at=work.clock.now()
    )
    work.session.add(row)
    await work.session.flush()
    tenant = as_tenant(row)
    await work.session.enter(tenant)
    work.municipality = tenant
    work.session.add(cycle)
    await work.session.flush()
    return tenant
