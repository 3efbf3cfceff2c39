"""What the worker does for the extensions of a municipality: every night, a plain copy of what they keep."""

from uuid import UUID

from acogida.features.extensions import copies
from acogida.kernel.work import Work


async def copy_extensions(services: object, work: Work, _tenant_id: UUID) -> None:
    """This job will take a copy of all that the extensions of a municipality keep."""
    del services
    await copies.take(work)


JOBS = {"copy_extensions": copy_extensions}
SCHEDULES = {"copy_extensions": "40 3 * * *"}
