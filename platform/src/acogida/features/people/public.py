"""What other rooms may ask about people."""

from acogida.features.municipalities.public import places
from acogida.features.people import store
from acogida.kernel.work import Work


async def workspaces_of(work: Work) -> list[tuple[str, str, bool]]:
    """This function will list the workspaces of whoever is signed in: (name, slug, demo), by name."""
    if work.actor.person_id is None:
        return []
    rows = await store.memberships_of(work, work.actor.person_id, work.clock.now().date())
    found = await places(work, [row.tenant_id for row in rows])
    return sorted((place.name, place.slug, place.demo) for place in found)
