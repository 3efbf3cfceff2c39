"""JSON twins: figures, questions with their answers, and the table of communes."""

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from litestar import Response, delete, get, post, put

from acogida.sdk import After, IdempotencyKey, Limit, NotFound, Page, Work, checked, out, page_of, written
from acogida_macrozona_norte import actions, store
from acogida_macrozona_norte.asking import QUESTIONS, SOURCE
from acogida_macrozona_norte.forms import EditAnswer, EditEncounter, EditPartners, EditPledge
from acogida_macrozona_norte.looking import Tally, look
from acogida_macrozona_norte.model import Encounter, Pledge


@dataclass(frozen=True)
class CellOut:
    """A sum of what INE published; `suppressed` cells (50 people or fewer) are in no sum. None: nothing was published."""

    people: int | None
    suppressed: int


@dataclass(frozen=True)
class OriginOut:
    origin: str
    commune: CellOut
    region: CellOut
    north: CellOut


@dataclass(frozen=True)
class PlaceOut:
    name: str
    population: int
    foreign_born: int
    share: float


@dataclass(frozen=True)
class FiguresOut:
    """People born abroad (a birthplace, not a nationality). Sums and shares are our own arithmetic."""

    year: int
    source: str
    commune: PlaceOut
    region: PlaceOut
    north: PlaceOut
    place_in_north: int
    origins: list[OriginOut]


@dataclass(frozen=True)
class QuestionOut:
    key: str
    step: str
    question: str
    source_of_question: str
    text: str
    source: str
    answered_on: date | None
    version: int


@dataclass(frozen=True)
class PartnerOut:
    cut: str
    name: str


@dataclass(frozen=True)
class EncounterOut:
    id: UUID
    title: str
    takes_place_on: date
    place: str
    state: str
    topics: str
    agreements: str
    cuts: list[str]
    version: int


@dataclass(frozen=True)
class PledgeOut:
    id: UUID
    title: str
    cut: str
    responsible: str
    due_on: date
    state: str
    done_on: date | None
    result: str
    encounter_id: UUID | None
    initiative_id: UUID | None
    version: int


def _cell(cell: Tally) -> CellOut:
    return CellOut(cell.people if cell.known else None, cell.hidden)


@get("/cifras", permission="workspace:read", operation_id="macrozonaNorteGetFigures")
async def get_figures(work: Work) -> FiguresOut:
    found = await look(work)
    if found is None:
        raise NotFound
    commune, region, north = (
        PlaceOut(each.name, each.population, each.foreign_born, round(each.share, 2))
        for each in (found.here, found.region, found.north)
    )
    origins = [OriginOut(row.name, _cell(row.here), _cell(row.region), _cell(row.north)) for row in found.rows]
    place = found.north.place_of(found.here)
    return FiguresOut(found.here.year, found.source, commune, region, north, place, origins)


async def _question(work: Work, key: str) -> QuestionOut:
    if key not in QUESTIONS:
        raise NotFound
    each, row = QUESTIONS[key].question, await store.answer(work, key)
    return QuestionOut(
        key,
        each.step,
        each.text,
        SOURCE,
        row.text if row else "",
        row.source if row else "",
        row.answered_on if row else None,
        row.version if row else 0,
    )


@get("/preguntas", permission="workspace:read", operation_id="macrozonaNorteListQuestions")
async def list_questions(work: Work) -> list[QuestionOut]:
    return [await _question(work, key) for key in QUESTIONS]


@get("/preguntas/{question:str}", permission="workspace:read", operation_id="macrozonaNorteGetQuestion")
async def get_question(work: Work, question: str) -> QuestionOut:
    return await _question(work, question)


@put("/preguntas/{question:str}", permission="diagnosis:edit", operation_id="macrozonaNortePutAnswer")
async def put_answer(work: Work, question: str, data: EditAnswer) -> QuestionOut:
    await actions.write_answer(work, question, checked(data))
    return await _question(work, question)


@get("/mesa/comunas", permission="workspace:read", operation_id="macrozonaNorteListPartners")
async def list_partners(work: Work) -> list[PartnerOut]:
    return [out(PartnerOut, row) for row in await store.partners(work)]


@put("/mesa/comunas", permission="planning:edit", operation_id="macrozonaNortePutPartners")
async def put_partners(work: Work, data: EditPartners) -> list[PartnerOut]:
    return [out(PartnerOut, row) for row in await actions.set_partners(work, checked(data))]


@get("/mesa/sesiones", permission="workspace:read", operation_id="macrozonaNorteListEncounters")
async def list_encounters(work: Work, limit: Limit, after: After = None) -> Page[EncounterOut]:
    rows = await store.by_id(work, Encounter, after=after, limit=limit + 1)
    return page_of([out(EncounterOut, row) for row in rows], limit)


@post("/mesa/sesiones", permission="planning:edit", operation_id="macrozonaNorteAddEncounter")
async def add_encounter(
    work: Work, data: EditEncounter, idempotency_key: IdempotencyKey = None
) -> Response[EncounterOut]:
    async def write() -> Any:
        return out(EncounterOut, await actions.add_encounter(work, checked(data)))

    return await written(work, data, idempotency_key, write)


@get("/mesa/sesiones/{encounter_id:uuid}", permission="workspace:read", operation_id="macrozonaNorteGetEncounter")
async def get_encounter(work: Work, encounter_id: UUID) -> EncounterOut:
    return out(EncounterOut, await store.one(work, Encounter, encounter_id))


@put("/mesa/sesiones/{encounter_id:uuid}", permission="planning:edit", operation_id="macrozonaNortePutEncounter")
async def put_encounter(work: Work, encounter_id: UUID, data: EditEncounter) -> EncounterOut:
    return out(EncounterOut, await actions.edit_encounter(work, encounter_id, checked(data)))


@delete("/mesa/sesiones/{encounter_id:uuid}", permission="planning:edit", operation_id="macrozonaNorteDeleteEncounter")
async def delete_encounter(work: Work, encounter_id: UUID) -> None:
    await actions.remove_encounter(work, encounter_id)


@get("/mesa/compromisos", permission="workspace:read", operation_id="macrozonaNorteListPledges")
async def list_pledges(work: Work, limit: Limit, after: After = None) -> Page[PledgeOut]:
    rows = await store.by_id(work, Pledge, after=after, limit=limit + 1)
    return page_of([out(PledgeOut, row) for row in rows], limit)


@post("/mesa/compromisos", permission="planning:edit", operation_id="macrozonaNorteAddPledge")
async def add_pledge(work: Work, data: EditPledge, idempotency_key: IdempotencyKey = None) -> Response[PledgeOut]:
    async def write() -> Any:
        return out(PledgeOut, await actions.add_pledge(work, checked(data)))

    return await written(work, data, idempotency_key, write)


@get("/mesa/compromisos/{pledge_id:uuid}", permission="workspace:read", operation_id="macrozonaNorteGetPledge")
async def get_pledge(work: Work, pledge_id: UUID) -> PledgeOut:
    return out(PledgeOut, await store.one(work, Pledge, pledge_id))


@put("/mesa/compromisos/{pledge_id:uuid}", permission="planning:edit", operation_id="macrozonaNortePutPledge")
async def put_pledge(work: Work, pledge_id: UUID, data: EditPledge) -> PledgeOut:
    return out(PledgeOut, await actions.edit_pledge(work, pledge_id, checked(data)))


@delete("/mesa/compromisos/{pledge_id:uuid}", permission="planning:edit", operation_id="macrozonaNorteDeletePledge")
async def delete_pledge(work: Work, pledge_id: UUID) -> None:
    await actions.remove_pledge(work, pledge_id)


HANDLERS = (
    get_figures,
    list_questions,
    get_question,
    put_answer,
    list_partners,
    put_partners,
    list_encounters,
    add_encounter,
    get_encounter,
    put_encounter,
    delete_encounter,
    list_pledges,
    add_pledge,
    get_pledge,
    put_pledge,
    delete_pledge,
)
