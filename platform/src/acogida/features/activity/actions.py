"""Asking for another try of a task that failed."""

from acogida.features.activity import store, words
from acogida.features.activity.store import Failed
from acogida.kernel import audit, outbox
from acogida.kernel.work import Work


async def retry_job(work: Work, job_id: int) -> Failed:
    """This function will ask the worker to try a failed task of this workspace again; asking twice is asking once."""
    work.require("job:retry")
    job = await store.failed_job(work, job_id)

    await outbox.defer(
        work.session,
        "retry_job",
        {"job_id": job.id, "tenant_id": str(work.tenant.id)},
        coalesce=f"retry_job:{job.id}",
    )
    if not job.waiting:
        await audit.record(work, "job.retried", f"pidió volver a intentar «{words.task(job)}»", after={"job": job.id})
    return job
