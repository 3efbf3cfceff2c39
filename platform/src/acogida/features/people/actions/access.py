"""Asking from outside to be let in. Whoever asks learns nothing of the workspace, not even whether they are known."""

from acogida.features.municipalities.public import AccessRequest, request_from
from acogida.features.people import letters, store
from acogida.features.people.forms import AskAccess
from acogida.kernel.work import Work


async def ask(work: Work, wanted: AskAccess) -> None:
    """This function will keep the request and tell who runs the workspace; asking twice leaves one request."""
    if await request_from(work.session, wanted.email):
        return
    work.session.add(AccessRequest(**wanted.changes(), answered_at=None))
    await work.session.flush()
    for _, person in await store.secretaries(work):
        await letters.access_asked(
            work,
            to=person.email,
            name=person.name,
            commune=work.tenant.name,
            who=wanted.name,
            cargo=wanted.cargo,
            path=f"/m/{work.tenant.slug}/personas",
        )
