"""Pages of the activity: what happened, whether the book is whole, the tasks that failed."""

from urllib.parse import urlencode
from uuid import UUID

from litestar import get, post
from litestar.response import Redirect, Template

from acogida.features.activity import actions, store, words
from acogida.features.activity.store import Sought
from acogida.kernel import audit
from acogida.kernel.audit import ChainState
from acogida.kernel.work import Work
from acogida.web.routing import workspace
from acogida.web.view import View

PAGE = 40


@get("/actividad", permission="audit:read")
async def activity(
    work: Work,
    view: View,
    persona: str = "",
    cosa: str = "",
    id: UUID | None = None,  # noqa: A002 because it is the address's word
    antes: int | None = None,
) -> Template:
    return await _activity(work, view, persona=persona, cosa=cosa, subject=id, before=antes)


@get("/actividad/verificar", permission="audit:read")
async def verify(work: Work, view: View) -> Template:
    """Reads the whole book of the tenant: on demand, because it grows for years."""
    return await _activity(work, view, chain=await audit.verify(work.session))


async def _activity(
    work: Work,
    view: View,
    *,
    persona: str = "",
    cosa: str = "",
    subject: UUID | None = None,
    before: int | None = None,
    chain: ChainState | None = None,
) -> Template:
    sought = Sought(persona or None, words.things_in(cosa), subject)
    entries = await store.newest(work, sought, before=before, limit=PAGE + 1)
    shown = [words.tell(entry, work.clock, work.zone) for entry in entries[:PAGE]]
    kept = {"persona": persona, "cosa": cosa, "id": str(subject or "")}
    more = (
        urlencode({**{name: value for name, value in kept.items() if value}, "antes": shown[-1].seq})
        if len(entries) > PAGE
        else ""
    )
    return view.page(
        "activity/activity.html",
        entries=shown,
        people=await store.people(work),
        groups=words.GROUPS,
        persona=persona,
        cosa=cosa,
        subject=subject,
        before=before,
        more=more,
        chain=chain,
    )


@get("/actividad/tareas", permission="audit:read")
async def failed_jobs(work: Work, view: View) -> Template:
    return view.page("activity/jobs.html", jobs=await store.failed_jobs(work), named=words.task)


@post("/actividad/tareas/{job_id:int}/reintentar", permission="job:retry", status_code=200)
async def retry_job(work: Work, view: View, job_id: int) -> Redirect:
    job = await actions.retry_job(work, job_id)
    return view.redirect(f"{view.home}/actividad/tareas", f"Pedimos otro intento de «{words.task(job)}».")


ROUTES = [workspace(activity, verify, failed_jobs, retry_job)]
