"""Break-glass: an operator of the platform looks inside a workspace in an emergency, and everybody there knows.

It needs a reason, lasts hours, only reads, leaves a line at each page, is written in the municipality's own book and in
the register of the platform, and is mailed to whoever runs the workspace at that very moment.
"""

from datetime import timedelta

from acogida.features.municipalities.public import tenant_by_slug
from acogida.features.people import letters, store
from acogida.features.people.actions import platform
from acogida.features.people.forms import OpenEmergency
from acogida.features.people.model import BreakGlass, Membership
from acogida.kernel import audit
from acogida.kernel.errors import NotFound, Rejected
from acogida.kernel.tenancy import Tenant
from acogida.kernel.work import Work
from acogida.web.format import moment

ROLE = "break_glass"


async def open_emergency(work: Work, wanted: OpenEmergency) -> tuple[Tenant, BreakGlass]:
    """This function will let the operator read a workspace until an hour, and tell its people.

    Raises `Rejected` where there is no such workspace, or where the operator has a place in it already.
    """
    work.require("platform:operate")
    tenant = await tenant_by_slug(work.session, wanted.slug)
    if tenant is None or work.actor.person_id is None:
        raise Rejected(fields={"slug": "No hay un espacio con esa dirección."})
    await work.session.enter(tenant)
    work.municipality = tenant
    now = work.clock.now()
    until = now + timedelta(hours=int(wanted.hours))
    place = await store.membership_of(work, work.actor.person_id, lock=True)
    if place is not None and place.active(work.today()) and ROLE not in place.roles:
        raise Rejected("Usted ya tiene un lugar en ese espacio: use ése.")
    if place is None:
        place = Membership(person_id=work.actor.person_id, cargo="Operación de la plataforma", since=work.today())
        work.session.add(place)
    place.roles, place.since, place.until, place.ended_on, place.expires_at = [ROLE], work.today(), None, None, until
    row = BreakGlass(
        person_id=work.actor.person_id,
        operator=work.actor.name,
        reason=wanted.reason,
        opened_at=now,
        expires_at=until,
        ended_at=None,
    )
    work.session.add(row)
    await work.session.flush()

    await audit.record(
        work,
        "break_glass.opened",
        f"entró por una emergencia, para leer, hasta el {moment(until)}: {wanted.reason}",
        subject=row,
        after={"reason": wanted.reason, "expires_at": until},
    )
    await platform.note(work, "break_glass.opened", f"abrió un acceso de emergencia a {tenant.name}: {wanted.reason}")
    for _, person in await store.secretaries(work):
        await letters.emergency(
            work,
            to=person.email,
            name=person.name,
            commune=tenant.name,
            who=work.actor.name,
            reason=wanted.reason,
            until=until,
            path=f"/m/{tenant.slug}/personas/accesos",
        )
    return tenant, row


async def end_emergency(work: Work, slug: str) -> Tenant:
    """This function will close the operator's emergency in a workspace before its hour."""
    work.require("platform:operate")
    tenant = await tenant_by_slug(work.session, slug)
    if tenant is None or work.actor.person_id is None:
        raise NotFound
    await work.session.enter(tenant)
    work.municipality = tenant
    row = await store.emergency_of(work, work.actor.person_id)
    place = await store.membership_of(work, work.actor.person_id, lock=True)
    if row is None or place is None:
        raise NotFound
    row.ended_at = place.expires_at = work.clock.now()
    place.ended_on = work.today()
    await work.session.flush()
    await audit.record(work, "break_glass.ended", "terminó su acceso de emergencia", subject=row)
    await platform.note(work, "break_glass.ended", f"terminó su acceso de emergencia a {tenant.name}")
    return tenant
