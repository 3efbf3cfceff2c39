"""What other rooms may ask about workspaces."""

from collections.abc import Sequence
from uuid import UUID

from acogida.features.municipalities import store
from acogida.features.municipalities.model import Municipality
from acogida.kernel.db import TenantSession
from acogida.kernel.tenancy import Tenant, TenantId
from acogida.kernel.work import Work


def as_tenant(row: Municipality) -> Tenant:
    """This function will give the tenant of a registered municipality."""
    return Tenant(TenantId(row.id), row.slug, row.name, row.cut, row.current_cycle_id, row.demo)


async def tenant_by_slug(session: TenantSession, slug: str) -> Tenant | None:
    row = await store.municipality_by_slug(session, slug)
    return as_tenant(row) if row else None


async def places(work: Work, ids: Sequence[UUID]) -> Sequence[Municipality]:
    """This function will give the registry rows of these workspaces."""
    return await store.municipalities_with(work.session, ids) if ids else ()
