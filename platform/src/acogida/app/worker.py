"""The worker process: runs the queue. Each job opens its own work, in its tenant, with the role `worker`.

A job that fails is tried again with growing pauses; after the last try it stays as `failed`, where the tenant sees it
and may ask for another try. Old finished jobs are removed every night; stalled ones go back to the queue.
"""

import asyncio
import signal
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from uuid import UUID

import procrastinate
import structlog
from procrastinate import RetryStrategy
from sqlalchemy import select

from acogida.app.discovery import feature_modules
from acogida.app.settings import Settings
from acogida.app.wiring import Services, assemble
from acogida.features.extensions import public as extensions
from acogida.features.municipalities.public import every_tenant, tenant_by_slug
from acogida.kernel import containment, hooks, outbox
from acogida.kernel.db import refuse_unsafe
from acogida.kernel.errors import NotFound
from acogida.kernel.mailbox import SITE, OutgoingMail
from acogida.kernel.ports import Mail
from acogida.kernel.tenancy import SYSTEM
from acogida.kernel.work import Work

log = structlog.get_logger()
RETRY = RetryStrategy(max_attempts=6, exponential_wait=4)
"""Pauses of 4, 16, 64, 256 and 1,024 seconds."""


async def rescue_stalled(app: procrastinate.App) -> None:
    """This function will give back to the queue the jobs of a worker that stopped breathing."""
    for job in await app.job_manager.get_stalled_jobs():
        log.warning("job.rescued", job=job.task_name, job_id=job.id)
        await app.job_manager.retry_job(job)


@asynccontextmanager
async def work_in(services: Services, slug: str) -> AsyncIterator[Work]:
    """This function will open the work of a job in the workspace `slug`, or in none where it is empty; committed at the end."""
    if not slug:
        async with services.database.transaction() as session:
            yield Work(session, services.clock, SYSTEM)
        return
    async with services.database.transaction(read_only=True) as session:
        tenant = await tenant_by_slug(session, slug)
    if tenant is None:
        raise NotFound
    async with services.database.transaction(tenant=tenant) as session:
        yield Work(session, services.clock, SYSTEM, tenant)


async def deliver(services: Services, listener: str, slug: str, about: UUID) -> None:
    """This job will let one listener know, in the workspace `slug`; one of an extension, only where it is on."""
    work: Work | None = None
    try:
        async with work_in(services, slug) as work:
            if listener.startswith(hooks.JOB):
                await hooks.run_job(work, listener, about)
            else:
                await JOBS[listener](services, work, about)
    finally:
        if work is not None and (failed := containment.failures(work)):
            await extensions.tell_failures(services.database, services.clock, slug, failed)


async def send_mail(services: Services, mail_id: str) -> None:
    """This job will send one message and blank it. The key makes a second delivery harmless where it can be told."""
    async with services.database.transaction() as session:
        mail = await session.scalar(select(OutgoingMail).where(OutgoingMail.id == UUID(mail_id)).with_for_update())
        if mail is None or mail.sent_at is not None:
            return
        await services.mailer.send(
            Mail(mail.to, mail.subject, mail.text.replace(SITE, services.settings.public_url)), key=mail_id
        )
        mail.sent_at = services.clock.now()
        mail.text = ""


def queue_app(services: Services) -> procrastinate.App:
    """This function will declare every job of the core and of the features."""
    dsn = str(services.settings.database.worker_url).replace("postgresql+asyncpg", "postgresql").replace("+psycopg", "")
    app = procrastinate.App(
        connector=procrastinate.PsycopgConnector(
            conninfo=dsn, kwargs={"options": "-c search_path=jobs"}, min_size=1, max_size=4
        )
    )

    @app.task(name="send_mail", retry=RETRY, queue="mail")
    async def _send_mail(mail_id: str) -> None:
        await _timed("send_mail", send_mail(services, mail_id), mail_id=mail_id)

    @app.task(name="deliver", retry=RETRY)
    async def _deliver(listener: str, id: str, tenant_id: str = "", slug: str = "") -> None:  # noqa: A002 because it is the event's field
        await _timed(listener, deliver(services, listener, slug, UUID(id)), tenant=slug, id=id)

    # pyrefly: ignore[bad-argument-type]
    @app.periodic(cron="20 3 * * *")
    @app.task(name="tidy_queue", queueing_lock="tidy_queue")
    async def _tidy(timestamp: int) -> None:  # the queue passes it by this name
        del timestamp
        await app.job_manager.delete_old_jobs(nb_hours=24 * 30)

    # pyrefly: ignore[bad-argument-type]
    @app.periodic(cron="* * * * *")
    @app.task(name="rescue_stalled", queueing_lock="rescue_stalled")
    async def _rescue(timestamp: int) -> None:  # the queue passes it by this name
        del timestamp
        await rescue_stalled(app)

    for name, when in SCHEDULES.items():
        _schedule(app, services, name, when)

    for name, (when, upkeep) in UPKEEP.items():
        _keep_up(app, services, name, when, upkeep)

    @app.task(name="retry_job")
    async def _retry(job_id: int, tenant_id: str = "") -> None:
        del tenant_id  # it is there for the wall: whoever asked may see that the retry is waiting
        await app.job_manager.retry_job_by_id_async(job_id, retry_at=datetime.now(UTC))

    return app


JOBS = {name: job for module in feature_modules("jobs") for name, job in module.JOBS.items()}
"""Listener name → `async def job(services, work, id)`, declared by each feature's `jobs.py`."""


SCHEDULES = {
    name: when for module in feature_modules("jobs") for name, when in getattr(module, "SCHEDULES", {}).items()
}
"""Job → when it is done in each open workspace, in the words of cron (UTC), declared by each feature's `jobs.py`."""


def _schedule(app: procrastinate.App, services: Services, name: str, when: str) -> None:
    # pyrefly: ignore[bad-argument-type]
    @app.periodic(cron=when)
    @app.task(name=f"each:{name}", queueing_lock=f"each:{name}")
    async def _each(timestamp: int) -> None:  # the queue passes it by this name
        del timestamp
        await in_each_workspace(services, name)


async def in_each_workspace(services: Services, name: str) -> None:
    """This function will queue one job for each open workspace, each in a transaction and a tenant of its own."""
    async with services.database.transaction(read_only=True) as session:
        tenants = await every_tenant(session)
    for tenant in tenants:
        async with services.database.transaction(tenant=tenant) as session:
            await outbox.deliver(Work(session, services.clock, SYSTEM, tenant), name, tenant.id)


UPKEEP = {name: one for module in feature_modules("jobs") for name, one in getattr(module, "UPKEEP", {}).items()}
"""Job → when it is done, in the words of cron (UTC), and `async def job(services)`: once for the whole site."""


def _keep_up(
    app: procrastinate.App, services: Services, name: str, when: str, job: Callable[[Services], Awaitable[None]]
) -> None:
    # pyrefly: ignore[bad-argument-type]
    @app.periodic(cron=when)
    @app.task(name=name, queueing_lock=name)
    async def _once(timestamp: int) -> None:  # the queue passes it by this name
        del timestamp
        await _timed(name, job(services))


async def _timed(name: str, job, **ids: str) -> None:
    began = time.perf_counter()
    outcome = "failed"
    try:
        await job
        outcome = "done"
    finally:
        log.info("job", job=name, outcome=outcome, ms=round((time.perf_counter() - began) * 1000, 1), **ids)


async def run_worker(settings: Settings) -> None:
    """This function will run the queue until it is told to stop."""
    services = assemble(settings, worker=True)
    await refuse_unsafe(services.database)
    app = queue_app(services)
    stopping = asyncio.Event()
    for name in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(name, stopping.set)
    async with app.open_async():
        await rescue_stalled(app)
        running = asyncio.create_task(
            app.run_worker_async(
                concurrency=2,
                fetch_job_polling_interval=1.0,
                shutdown_graceful_timeout=10,
                install_signal_handlers=False,
                listen_notify=True,
            )
        )
        await asyncio.wait({running, asyncio.create_task(stopping.wait())}, return_when=asyncio.FIRST_COMPLETED)
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)
    await services.close()
