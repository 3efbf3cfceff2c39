"""JSON twins of the catalogue: a practice for anybody; suggestions, adoptions and proposals of a workspace.

The curators' desk has none: keys to the API belong to a workspace, and the desk to no workspace.
"""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from litestar import Response, get, post, put

from acogida.features.methodology.model import Guide
from acogida.features.practices import citation, exports, store
from acogida.features.practices.actions import adoption, proposals
from acogida.features.practices.forms import EditAdoption, ProposePractice, Say
from acogida.features.practices.pages.reading import dimension_titles, found, found_edition
from acogida.features.practices.suggesting import suggestions
from acogida.features.practices.vocabulary import HasCatalogue
from acogida.kernel.errors import NotFound
from acogida.kernel.work import Work
from acogida.web.api import IdempotencyKey, checked, out, written
from acogida.web.routing import PUBLIC, api, public_api


@dataclass(frozen=True)
class EditionOut:
    """An edition and its own address, which never changes."""

    number: int
    published_on: date
    reviewed_by: str
    approved_by: str
    note: str
    url: str


@dataclass(frozen=True)
class PracticeOut:
    """The newest edition whole, those before it, and how it fares."""

    code: str
    edition: int
    practice: dict[str, Any]
    apa: str
    editions: list[EditionOut]
    communes: int
    goal_met: int
    communes_named: list[str]
    retired: bool


@get("/buenas-practicas/{code:str}", permission=PUBLIC, operation_id="getPractice")
async def get_practice(work: Work, settings: HasCatalogue, code: str) -> PracticeOut:
    """The code of a practice that another took in gives that one."""
    practice = await found(work, code)
    if practice.merged_into:
        practice = await store.practice(work.session, practice.merged_into)
    rows = await store.editions(work.session, practice.id)
    fares = (await store.adopted(work.session, [practice.code])).get(practice.code, store.Adopted())
    return PracticeOut(
        code=practice.code,
        edition=practice.edition,
        practice=exports.whole(settings.public_url, rows[0]),
        apa=citation.apa(settings.public_url, rows[0]),
        editions=[out(EditionOut, row, url=citation.address(settings.public_url, row)) for row in rows],
        communes=fares.communes,
        goal_met=fares.met,
        communes_named=list(fares.named),
        retired=practice.state == "retired",
    )


@get("/buenas-practicas/{code:str}/{edition:str}", permission=PUBLIC, operation_id="getPracticeEdition")
async def get_edition(work: Work, settings: HasCatalogue, code: str, edition: str) -> dict[str, Any]:
    """One edition by its name, `v1`."""
    _, row = await found_edition(work, code, edition)
    return exports.whole(settings.public_url, row)


@dataclass(frozen=True)
class SuggestionOut:
    code: str
    title: str
    place: str
    reasons: list[str]


@dataclass(frozen=True)
class AdoptionOut:
    initiative_id: UUID
    practice_code: str
    practice_title: str
    edition: int
    adopted_on: date
    adopted_by: str
    adaptations: str
    share_result: bool
    version: int


@dataclass(frozen=True)
class AdoptPractice:
    """The finding that the initiative will answer, if any."""

    finding_id: UUID | None = None


@dataclass(frozen=True)
class MessageOut:
    at: datetime
    author: str
    side: str
    kind: str
    text: str


@dataclass(frozen=True)
class ProposalOut:
    folio: str
    state: str
    title: str
    practice_code: str | None
    version: int
    messages: list[MessageOut]


@get("/buenas-practicas/sugerencias", permission="workspace:read", operation_id="listSuggestedPractices")
async def list_suggestions(work: Work, guides: dict[str, Guide], dimension: str = "") -> list[SuggestionOut]:
    """Practices for what the plan leaves open, with every reason."""
    titles = dimension_titles(guides)
    alike, _ = await suggestions(work, titles, dimension=dimension if dimension in titles else "")
    return [SuggestionOut(each.edition.code, each.said.title, each.said.place, list(each.reasons)) for each in alike]


@get("/buenas-practicas/adopciones", permission="workspace:read", operation_id="listAdoptions")
async def list_adoptions(work: Work) -> list[AdoptionOut]:
    """Of the cycle in course, newest first."""
    return [out(AdoptionOut, row) for row in await store.adoptions(work)]


@post("/buenas-practicas/{code:str}/adoptar", permission="initiative:edit", operation_id="adoptPractice")
async def adopt(
    work: Work, code: str, data: AdoptPractice, idempotency_key: IdempotencyKey = None
) -> Response[AdoptionOut]:
    async def write() -> Any:
        return out(AdoptionOut, await adoption.adopt(work, code.upper(), finding_id=data.finding_id))

    return await written(work, data, idempotency_key, write)


@get("/buenas-practicas/adopciones/{initiative_id:uuid}", permission="workspace:read", operation_id="getAdoption")
async def get_adoption(work: Work, initiative_id: UUID) -> AdoptionOut:
    row = await store.adoption_of(work, initiative_id)
    if row is None:
        raise NotFound
    return out(AdoptionOut, row)


@put("/buenas-practicas/adopciones/{initiative_id:uuid}", permission="initiative:edit", operation_id="putAdoption")
async def put_adoption(work: Work, initiative_id: UUID, data: EditAdoption) -> AdoptionOut:
    return out(AdoptionOut, await adoption.edit_adoption(work, initiative_id, checked(data)))


async def _proposal(work: Work, folio: str) -> ProposalOut:
    row = await proposals.own(work, folio)
    said = [out(MessageOut, each) for each in await store.messages(work.session, row.id)]
    return out(ProposalOut, row, messages=said)


@get("/buenas-practicas/propuestas", permission="workspace:read", operation_id="listPracticeProposals")
async def list_proposals(work: Work) -> list[ProposalOut]:
    """Of this municipality, newest first, without their messages."""
    return [out(ProposalOut, row, messages=[]) for row in await store.proposals_of(work)]


@post("/buenas-practicas/propuestas", permission="initiative:edit", operation_id="proposePractice")
async def propose(work: Work, data: ProposePractice, idempotency_key: IdempotencyKey = None) -> Response[ProposalOut]:
    async def write() -> Any:
        return await _proposal(work, (await proposals.propose(work, checked(data))).folio)

    return await written(work, data, idempotency_key, write)


@get("/buenas-practicas/propuestas/{folio:str}", permission="workspace:read", operation_id="getPracticeProposal")
async def get_proposal(work: Work, folio: str) -> ProposalOut:
    return await _proposal(work, folio)


@post(
    "/buenas-practicas/propuestas/{folio:str}/respuestas",
    permission="initiative:edit",
    operation_id="answerPracticeProposal",
)
async def answer(work: Work, folio: str, data: Say, idempotency_key: IdempotencyKey = None) -> Response[ProposalOut]:
    async def write() -> Any:
        await proposals.answer_from_workspace(work, folio, checked(data))
        return await _proposal(work, folio)

    return await written(work, data, idempotency_key, write)


ROUTES = [
    public_api("Buenas prácticas", get_practice, get_edition),
    api(
        "Buenas prácticas",
        list_suggestions,
        list_adoptions,
        adopt,
        get_adoption,
        put_adoption,
        list_proposals,
        propose,
        get_proposal,
        answer,
    ),
]
