"""Deciding what stands above the objectives, and checking the plan as a whole."""

from acogida.features.initiatives import store
from acogida.features.initiatives.actions.writing import set_fields, unchanged_since
from acogida.features.initiatives.forms import EditFrame, ReviewPlan
from acogida.features.initiatives.model import PlanReview, StrategicFrame
from acogida.kernel import audit
from acogida.kernel.work import Work


async def edit_frame(work: Work, wanted: EditFrame) -> StrategicFrame:
    """This function will set the vision and what stands around it; the first time it makes the row."""
    work.require("planning:edit")
    row = await store.frame(work, lock=True)
    if row is None:
        row = StrategicFrame()
        work.session.add(row)
    else:
        unchanged_since(row, wanted.version)

    before = await set_fields(work, row, wanted.changes())

    await audit.record(
        work,
        "strategic_frame.edited",
        "definió la visión y el marco de la Política",
        subject=row,
        before=before,
        after=wanted.changes(),
    )
    return row


async def review_plan(work: Work, wanted: ReviewPlan) -> PlanReview:
    """This function will record a final check of the plan, with what it found about repetitions and gaps."""
    work.require("planning:edit")
    row = PlanReview(reviewed_on=work.today(), reviewed_by=work.actor.name, **wanted.changes())
    work.session.add(row)
    await work.session.flush()

    await audit.record(work, "plan.reviewed", "hizo la revisión final del plan", subject=row, after=wanted.changes())
    return row
