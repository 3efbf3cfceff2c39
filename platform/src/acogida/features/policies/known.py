"""Everything that the document of the Política is written from, read once from the rooms that know it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from uuid import UUID

from acogida.features.acts import public as acts
from acogida.features.acts.public import Act, Signatory
from acogida.features.bodies import public as bodies
from acogida.features.bodies.public import Agreement, BodyMember, Session
from acogida.features.communes.public import Origin
from acogida.features.cycles import public as cycles
from acogida.features.cycles.public import Vigencia
from acogida.features.diagnosis import public as diagnosis
from acogida.features.diagnosis.public import Diagnosis
from acogida.features.initiatives import public as initiatives
from acogida.features.initiatives.public import Axis, Objective, PlannedInitiative, StrategicFrame
from acogida.features.methodology.model import Guide
from acogida.features.monitoring import public as monitoring
from acogida.features.monitoring.public import ActionPlan
from acogida.features.policies import store
from acogida.features.workshops import public as workshops
from acogida.features.workshops.public import WorkshopRecord
from acogida.kernel.work import Work

PRIVATE_SESSIONS = frozenset({"interview"})
"""Sessions of which a document tells nothing: talks with people who were promised reserve."""

GROUPED_ORIGINS = ("Otros ", "América ", "Europa", "Asia", "África", "Oceanía", "País de ")
"""How the census names what is not one country."""


@dataclass(frozen=True)
class Known:
    """What is known of a municipality's policy today."""

    commune: str
    home: str
    """Path of the workspace: where what is missing is written."""
    today: date
    demo: bool
    guide: Guide
    texts: Mapping[str, str]
    """What people wrote into the document, by key of its section."""
    diagnosis: Diagnosis
    frame: StrategicFrame | None
    objectives: tuple[Objective, ...]
    axes: tuple[Axis, ...]
    initiatives: tuple[PlannedInitiative, ...]
    workshops: tuple[WorkshopRecord, ...]
    sessions: tuple[Session, ...]
    """Sessions that were held, by date, private ones left out."""
    agreements: Mapping[UUID, Sequence[Agreement]]
    members: Mapping[str, Sequence[BodyMember]]
    """Who is in each body, by its kind."""
    acts: Mapping[str, Act]
    signatories: Mapping[UUID, Sequence[Signatory]]
    plan: ActionPlan | None
    vigencia: Vigencia | None
    observations_by: Mapping[tuple[str, str], int]
    """How many observations there are of each (instance, status)."""

    @property
    def general(self) -> Objective | None:
        return next((each for each in self.objectives if each.kind == "general"), None)

    @property
    def specific(self) -> tuple[Objective, ...]:
        return tuple(each for each in self.objectives if each.kind == "specific")

    @property
    def vision(self) -> str:
        return self.frame.vision if self.frame else ""

    @property
    def units(self) -> tuple[str, ...]:
        """Municipal units that answer for some initiative."""
        return tuple(dict.fromkeys(row.unit for row in self.initiatives if row.unit))

    @property
    def budget(self) -> int:
        return sum(row.budget or 0 for row in self.initiatives)

    @property
    def years(self) -> str:
        """`2027–2030`: the years in force or, before they are set, those that the initiatives touch; «» for none."""
        if self.vigencia:
            first, last = self.vigencia.valid_from.year, self.vigencia.valid_until.year
        else:
            days = [day for row in self.initiatives for day in (row.starts_on, row.ends_on) if day]
            if not days:
                return ""
            first, last = min(days).year, max(days).year
        return str(first) if first == last else f"{first}–{last}"

    @property
    def countries(self) -> tuple[Origin, ...]:
        """Countries that the census names with their people, the largest first; groups of countries left out."""
        figures = self.diagnosis.figures
        shown = figures.shown if figures else ()
        return tuple(origin for origin in shown if origin.people and not origin.name.startswith(GROUPED_ORIGINS))

    @cached_property
    def people_heard(self) -> int:
        """Attendances to workshops: who came to two counts twice."""
        return sum(record.people for record in self.workshops)

    @property
    def observations(self) -> Mapping[str, int]:
        """How many observations there are of each status."""
        found: dict[str, int] = {}
        for (_, status), count in self.observations_by.items():
            found[status] = found.get(status, 0) + count
        return found

    def of_axis(self, axis_id: UUID | None) -> tuple[PlannedInitiative, ...]:
        """This method will give the initiatives of an eje, or those that have none."""
        return tuple(row for row in self.initiatives if row.axis_id == axis_id)

    def text(self, key: str) -> str:
        return self.texts.get(key, "").strip()


async def gather(work: Work, guide: Guide) -> Known:
    """This function will read what the document needs of the work's municipality and cycle."""
    current = await acts.current_acts(work)
    members: dict[str, list[BodyMember]] = {}
    kinds = {body.id: body.kind for body in await bodies.bodies(work)}
    for member in await bodies.members(work):
        members.setdefault(kinds[member.body_id], []).append(member)
    return Known(
        commune=work.tenant.name,
        home=f"/m/{work.tenant.slug}",
        today=work.today(),
        demo=work.tenant.demo,
        guide=guide,
        texts=await store.texts(work),
        diagnosis=await diagnosis.read(work, guide),
        frame=await initiatives.frame(work),
        objectives=tuple(await initiatives.objectives(work)),
        axes=tuple(await initiatives.axes(work)),
        initiatives=tuple(await initiatives.initiatives(work)),
        workshops=await workshops.held(work),
        sessions=tuple(
            session
            for session in await bodies.meetings(work, held_only=True)
            if session.meeting.kind not in PRIVATE_SESSIONS
        ),
        agreements=await bodies.agreements_by_session(work),
        members=members,
        acts=current,
        signatories={act.id: await acts.signatories_of(work, act) for act in current.values()},
        plan=await monitoring.action_plan(work),
        vigencia=await cycles.vigencia(work),
        observations_by=await store.observation_counts(work),
    )
