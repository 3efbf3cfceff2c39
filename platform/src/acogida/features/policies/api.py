"""JSON twins of the document, its versions and the observations; and what is public, for anybody."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Annotated, Any
from uuid import UUID

from litestar import Response, delete, get, post, put
from litestar.params import Parameter

from acogida.features.cycles import public as cycles
from acogida.features.methodology.model import Guide
from acogida.features.policies import actions, observations, store
from acogida.features.policies.document import chapter_states, compose
from acogida.features.policies.forms import (
    AddObservation,
    AnswerObservation,
    FreezeVersion,
    WithdrawPolicy,
    WriteSection,
)
from acogida.features.policies.known import gather
from acogida.features.policies.proposals import proposal
from acogida.features.policies.sections import BY_KEY, SECTIONS
from acogida.kernel.document import to_json
from acogida.kernel.errors import NotFound
from acogida.kernel.work import Work
from acogida.web.api import After, IdempotencyKey, Limit, Page, checked, out, page_of, written
from acogida.web.routing import PUBLIC, api, public_api


@dataclass(frozen=True)
class ChapterOut:
    """A chapter of the draft. `state`: done, draft or empty; `missing` says what it lacks."""

    number: int
    title: str
    state: str
    missing: list[str]


@dataclass(frozen=True)
class DocumentOut:
    """The draft of today as blocks, and how far each chapter is."""

    chapters: list[ChapterOut]
    content: dict[str, Any]


@dataclass(frozen=True)
class SectionOut:
    """A written section. `version` is 0 while nobody has written it; `proposal` is Acogida's."""

    key: str
    chapter: int
    title: str
    text: str
    proposal: str
    version: int


@dataclass(frozen=True)
class VersionOut:
    id: UUID
    number: int
    milestone: str
    label: str
    frozen_at: datetime
    frozen_by: str
    sha256: str
    published_at: datetime | None


@dataclass(frozen=True)
class WholeVersionOut:
    """A kept version with its content: blocks, exactly those that `sha256` covers."""

    id: UUID
    number: int
    milestone: str
    label: str
    frozen_at: datetime
    frozen_by: str
    sha256: str
    published_at: datetime | None
    content: dict[str, Any]
    summary: dict[str, Any]


@dataclass(frozen=True)
class ObservationOut:
    id: UUID
    about: str
    reference: str
    reference_id: UUID | None
    text: str
    author: str
    organization: str
    instance: str
    meeting_id: UUID | None
    policy_version_id: UUID | None
    received_on: date
    status: str
    answer: str
    answered_by: str
    answered_on: date | None
    version: int


@dataclass(frozen=True)
class PublishedOut:
    """A public policy. Its papers are under `/politicas/<slug>/`."""

    slug: str
    municipality_name: str
    cut: str
    title: str
    demo: bool
    version_number: int
    published_at: datetime
    valid_from: date | None
    valid_until: date | None
    sha256: str


@dataclass(frozen=True)
class WholePublishedOut:
    """A public policy with its content as blocks."""

    slug: str
    municipality_name: str
    cut: str
    title: str
    demo: bool
    version_number: int
    published_at: datetime
    valid_from: date | None
    valid_until: date | None
    sha256: str
    content: dict[str, Any]
    summary: dict[str, Any]


@dataclass(frozen=True)
class PublishedPage:
    """Part of the list, by slug. `next` is the slug after which the following part begins, or null at the end."""

    items: list[PublishedOut]
    next: str | None


@get("/documento", permission="workspace:read", operation_id="getPolicyDocument")
async def get_document(work: Work, guides: dict[str, Guide]) -> DocumentOut:
    known = await gather(work, await cycles.guide_of(work, guides))
    document = await compose(work, known)
    return DocumentOut(
        [
            out(ChapterOut, chapter, missing=[note.text for note in chapter.missing])
            for chapter in chapter_states(document)
        ],
        to_json(document),
    )


@get("/documento/apartados", permission="workspace:read", operation_id="listPolicySections")
async def list_sections(work: Work, guides: dict[str, Guide]) -> list[SectionOut]:
    """The twelve sections that people may write, each with what Acogida proposes today."""
    known = await gather(work, await cycles.guide_of(work, guides))
    rows = await store.sections(work)
    return [
        out(
            SectionOut,
            section,
            text=rows[section.key].text if section.key in rows else "",
            version=rows[section.key].version if section.key in rows else 0,
            proposal=proposal(section.key, known),
        )
        for section in SECTIONS
    ]


@put("/documento/apartados/{key:str}", permission="document:edit", operation_id="putPolicySection")
async def put_section(work: Work, guides: dict[str, Guide], key: str, data: WriteSection) -> SectionOut:
    if key not in BY_KEY:
        raise NotFound
    row = await actions.write_section(work, key, checked(data))
    known = await gather(work, await cycles.guide_of(work, guides))
    return out(SectionOut, BY_KEY[key], text=row.text, version=row.version, proposal=proposal(key, known))


@get("/documento/versiones", permission="workspace:read", operation_id="listPolicyVersions")
async def list_versions(work: Work, limit: Limit, after: After = None) -> Page[VersionOut]:
    rows = await store.versions_page(work, after=after, limit=limit + 1)
    return page_of([out(VersionOut, row) for row in rows], limit)


@post("/documento/versiones", permission="document:freeze", operation_id="freezePolicyVersion")
async def freeze_version(
    work: Work, guides: dict[str, Guide], data: FreezeVersion, idempotency_key: IdempotencyKey = None
) -> Response[VersionOut]:
    guide = await cycles.guide_of(work, guides)

    async def write() -> Any:
        return out(VersionOut, await actions.freeze(work, guide, checked(data)))

    return await written(work, data, idempotency_key, write)


@get("/documento/versiones/{version_id:uuid}", permission="workspace:read", operation_id="getPolicyVersion")
async def get_version(work: Work, version_id: UUID) -> WholeVersionOut:
    return out(WholeVersionOut, await store.version(work, version_id))


@post(
    "/documento/versiones/{version_id:uuid}/publicacion",
    permission="document:publish",
    operation_id="publishPolicyVersion",
)
async def publish_version(
    work: Work, version_id: UUID, idempotency_key: IdempotencyKey = None
) -> Response[PublishedOut]:
    """Makes an approved version public."""

    async def write() -> Any:
        return out(PublishedOut, await actions.publish(work, version_id))

    return await written(work, str(version_id), idempotency_key, write)


Reason = Annotated[str, Parameter(query="reason", max_length=2000, description="Por qué se retira.")]


@delete("/documento/publicacion", permission="document:publish", operation_id="withdrawPolicy")
async def withdraw_policy(work: Work, reason: Reason) -> None:
    """Takes the policy off the public pages."""
    await actions.withdraw(work, checked(WithdrawPolicy(reason=reason)))


@get("/validacion/observaciones", permission="workspace:read", operation_id="listObservations")
async def list_observations(work: Work, limit: Limit, after: After = None) -> Page[ObservationOut]:
    rows = await store.observations_page(work, after=after, limit=limit + 1)
    return page_of([out(ObservationOut, row) for row in rows], limit)


@post("/validacion/observaciones", permission="observation:create", operation_id="addObservation")
async def add_observation(
    work: Work, data: AddObservation, idempotency_key: IdempotencyKey = None
) -> Response[ObservationOut]:
    async def write() -> Any:
        return out(ObservationOut, await observations.add_observation(work, checked(data)))

    return await written(work, data, idempotency_key, write)


@get("/validacion/observaciones/{observation_id:uuid}", permission="workspace:read", operation_id="getObservation")
async def get_observation(work: Work, observation_id: UUID) -> ObservationOut:
    return out(ObservationOut, await store.observation(work, observation_id))


@put(
    "/validacion/observaciones/{observation_id:uuid}/respuesta",
    permission="observation:answer",
    operation_id="answerObservation",
)
async def answer_observation(work: Work, observation_id: UUID, data: AnswerObservation) -> ObservationOut:
    return out(ObservationOut, await observations.answer_observation(work, observation_id, checked(data)))


AfterSlug = Annotated[str | None, Parameter(query="after", max_length=120, description="Último `slug` recibido.")]


@get("/politicas", permission=PUBLIC, operation_id="listPublishedPolicies")
async def list_published(work: Work, limit: Limit, after: AfterSlug = None) -> PublishedPage:
    """Policies that municipalities have made public, by slug."""
    rows = await store.publications_after(work, after=after, limit=limit + 1)
    shown = [out(PublishedOut, row) for row in rows[:limit]]
    return PublishedPage(shown, shown[-1].slug if len(rows) > limit else None)


@get("/politicas/{place:str}", permission=PUBLIC, operation_id="getPublishedPolicy")
async def get_published(work: Work, place: str) -> WholePublishedOut:
    return out(WholePublishedOut, await store.publication(work, place))


ROUTES = [
    api(
        "Documento de la Política",
        get_document,
        list_sections,
        put_section,
        list_versions,
        freeze_version,
        get_version,
        publish_version,
        withdraw_policy,
    ),
    api("Observaciones", list_observations, add_observation, get_observation, answer_observation),
    public_api("Políticas publicadas", list_published, get_published),
]
