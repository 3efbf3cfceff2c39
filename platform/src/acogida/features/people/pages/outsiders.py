"""The access page: who comes from outside, what they were given and every page that they opened; and emergencies."""

from uuid import UUID

from litestar import get
from litestar.response import Template

from acogida.features.people import public, store
from acogida.features.people.model import AREAS, ENTITIES, TASKS
from acogida.kernel.permissions import ROLES
from acogida.kernel.work import Work
from acogida.web.routing import workspace
from acogida.web.view import View

SHOWN = 100


@get("/personas/accesos", permission="audit:read")
async def outsiders_page(work: Work, view: View, de: UUID | None = None, antes: UUID | None = None) -> Template:
    """`de` shows the looks of one person, `antes` those before one."""
    everybody = await public.members(work, with_ended=True)
    outside = [member for member in everybody if any(ROLES[r].external for r in member.roles if r in ROLES)]
    looks = await store.looks(work, person_id=de, before=antes, limit=SHOWN + 1)
    return view.page(
        "people/outsiders.html",
        outside=outside,
        counts=await store.look_counts(work),
        looks=looks[:SHOWN],
        more=looks[SHOWN - 1][0].id if len(looks) > SHOWN else None,
        of=next((member for member in outside if member.person_id == de), None),
        emergencies=await store.emergencies(work),
        titles={key: role.title for key, role in ROLES.items()},
        entities=ENTITIES,
        tasks=TASKS,
        areas=AREAS,
        now=work.clock.now(),
    )


ROUTES = [workspace(outsiders_page)]
