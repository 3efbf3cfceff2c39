"""What the worker does for the catalogue: brings back the results that municipalities agreed to tell."""

from uuid import UUID

from acogida.features.initiatives.public import InitiativeEdited
from acogida.features.monitoring.public import ProgressReported
from acogida.features.practices.actions.adoption import tell
from acogida.kernel.work import Work


async def tell_adoptions(_services: object, work: Work, _initiative_id: UUID) -> None:
    """This job will bring what the land knows of this municipality's adoptions to what its plan and reports say now."""
    await tell(work)


JOBS = {"tell_adoptions": tell_adoptions}
LISTENERS_OF = {InitiativeEdited: ["tell_adoptions"], ProgressReported: ["tell_adoptions"]}
