"""JSON twins of the activity."""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from litestar import Response, get, post
from litestar.params import Parameter

from acogida.features.activity import actions, store, words
from acogida.features.activity.store import Sought
from acogida.kernel import audit
from acogida.kernel.errors import Rejected
from acogida.kernel.work import Work
from acogida.web.api import After, IdempotencyKey, Limit, Page, out, page_of, written
from acogida.web.routing import api


@dataclass(frozen=True)
class EntryOut:
    id: UUID
    seq: int
    at: datetime
    actor_name: str
    actor_kind: str
    tag: str
    sentence: str
    subject_type: str
    subject_id: UUID | None
    changes: dict[str, Any]
    hash: str


@dataclass(frozen=True)
class ChainOut:
    """Whether the book is whole: `broken_at` is the number of the first entry that does not fit."""

    entries: int
    whole: bool
    broken_at: int | None


@dataclass(frozen=True)
class FailedJobOut:
    id: int
    title: str
    task: str
    listener: str
    attempts: int
    tried_at: datetime | None
    waiting: bool


Person = Annotated[str | None, Parameter(query="persona", description="Nombre de quien lo hizo.", max_length=300)]
Thing = Annotated[
    str | None, Parameter(query="cosa", description="Grupo de cosas, como en la pantalla.", max_length=60)
]
Subject = Annotated[UUID | None, Parameter(query="id", description="Id de una cosa: su historia.")]


@get("/actividad", permission="audit:read", operation_id="listActivity")
async def list_activity(
    work: Work, limit: Limit, after: After = None, person: Person = None, thing: Thing = None, subject: Subject = None
) -> Page[EntryOut]:
    """In the order in which things happened, so that whoever follows keeps the last `next` and asks from there."""
    things = words.things_in(thing) if thing else None
    if thing and things is None:
        raise Rejected(fields={"cosa": f"Es una de: {', '.join(words.GROUPS)}."})
    rows = await store.oldest(work, Sought(person, things, subject), after=after, limit=limit + 1)
    return page_of([out(EntryOut, row, hash=row.hash.hex()) for row in rows], limit)


@get("/actividad/verificar", permission="audit:read", operation_id="verifyActivity")
async def verify_activity(work: Work) -> ChainOut:
    state = await audit.verify(work.session)
    return ChainOut(state.entries, state.broken_at is None, state.broken_at)


@get("/actividad/tareas", permission="audit:read", operation_id="listFailedJobs")
async def list_failed_jobs(work: Work) -> Page[FailedJobOut]:
    return Page([_failed(job) for job in await store.failed_jobs(work)], None)


@post("/actividad/tareas/{job_id:int}/reintentar", permission="job:retry", operation_id="retryFailedJob")
async def retry_failed_job(work: Work, job_id: int, idempotency_key: IdempotencyKey = None) -> Response[FailedJobOut]:
    async def write() -> Any:
        return _failed(await actions.retry_job(work, job_id))

    return await written(work, {"job_id": job_id}, idempotency_key, write, status=202)


def _failed(job: store.Failed) -> FailedJobOut:
    return out(FailedJobOut, job, title=words.task(job))


ROUTES = [api("Actividad", list_activity, verify_activity, list_failed_jobs, retry_failed_job)]
