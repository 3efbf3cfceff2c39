"""The verbs of a demonstration story: each takes what the file says and does it through the feature's own action.

A file names things with `key` and cites them afterwards; here names become ids. Forms are read with the same rules as
those of the screens, so a story that breaks one stops with the field at fault.
"""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from itertools import groupby
from typing import Any, TypeVar
from uuid import UUID

from acogida.app.wiring import Services
from acogida.features.acts import actions as acts
from acogida.features.acts import sealing
from acogida.features.acts.forms import EditLetter, EditProject, RecordApproval, RecordDecree, RecordSigned, RecordVote
from acogida.features.acts.public import current_acts, signatories_of
from acogida.features.bodies import store as bodies_store
from acogida.features.bodies.actions import sessions, teams
from acogida.features.bodies.forms import (
    AgreementRow,
    AttendeeRow,
    EditBody,
    EditContact,
    EditMeeting,
    EditMember,
    MeetingTerms,
)
from acogida.features.cycles import actions as cycles
from acogida.features.cycles.public import guide_of
from acogida.features.diagnosis import actions as diagnosis
from acogida.features.diagnosis import store as diagnosis_store
from acogida.features.diagnosis.forms import (
    AddFinding,
    EditEvidence,
    EditInquiry,
    EditOrganization,
    EditResults,
    EditSection,
    EditService,
    EditSource,
    FreezeReport,
)
from acogida.features.diffusion import actions as diffusion
from acogida.features.diffusion import forms as diffusion_forms
from acogida.features.diffusion import store as diffusion_store
from acogida.features.evidence import public as evidence
from acogida.features.initiatives import store as initiatives_store
from acogida.features.initiatives.actions import axes, frame, initiatives, objectives
from acogida.features.initiatives.forms import (
    EditAxis,
    EditFrame,
    EditInitiative,
    EditObjective,
    ReviewInitiative,
    ReviewPlan,
)
from acogida.features.monitoring import actions as monitoring
from acogida.features.monitoring import store as monitoring_store
from acogida.features.monitoring.forms import EditActionPlan, ReportProgress
from acogida.features.people import public as people
from acogida.features.people.actions import offices
from acogida.features.people.forms import AddTerm
from acogida.features.policies import actions as policies
from acogida.features.policies import observations
from acogida.features.policies import store as policies_store
from acogida.features.policies.forms import AddObservation, AnswerObservation, FreezeVersion, WriteSection
from acogida.features.workshops import actions as workshops
from acogida.features.workshops import agenda
from acogida.features.workshops import store as workshops_store
from acogida.features.workshops.forms import AddEntries, EditCandidate, EditGroup, EditRecord, EditWorkshop
from acogida.kernel.clock import FixedClock
from acogida.kernel.document import DocumentBuilder
from acogida.kernel.ports import Files
from acogida.kernel.work import Work
from acogida.web.format import long_date
from acogida.web.forms import FormData, from_json

Said = Mapping[str, Any]
"""What the file says of one thing done."""


@dataclass(slots=True)
class Scene:
    """Where the story is: whose work it is, on what day, and the ids behind the names used so far."""

    services: Services
    clock: FixedClock
    work: Work
    known: dict[str, UUID] = field(default_factory=dict)
    promised: list[tuple[date, UUID]] = field(default_factory=list)
    """Agreements of sessions and the day on which somebody kept them."""

    def remember(self, said: Said, row: Any) -> None:
        if "key" in said:
            self.known[said["key"]] = row.id

    def wait_until(self, day: date, hour: str = "", *, after: timedelta = timedelta()) -> None:
        """Move the clock forward to this hour of this day, never back."""
        at = time.fromisoformat(hour or "09:30")
        local = datetime.combine(day, at, self.work.zone) + after
        self.clock.move_to(max(self.clock.now(), local))

    async def paper(self, name: str, title: str, *lines: str) -> evidence.Upload:
        """A PDF in the place of the signed paper that a municipality would bring."""
        doc = DocumentBuilder(
            title,
            author=f"Municipalidad de {self.work.tenant.name}",
            kind="demo",
            date=self.work.today(),
            numbered=False,
            notice="Datos de demostración",
        )
        for line in lines:
            doc.p(line)
        doc.note("Papel de demostración", "Ocupa el lugar del documento firmado que una municipalidad subiría aquí.")
        return evidence.from_bytes(name, await self.services.renderer.pdf(doc.build()))


Verb = Callable[[Scene, Said], Awaitable[None]]
F = TypeVar("F", bound=FormData)


def _form(kind: type[F], said: Said, *, without: Sequence[str] = (), **more: object) -> F:
    """The form as the screen would have read it; `without` are words of the file that are not its fields."""
    return from_json(kind, {**{name: value for name, value in said.items() if name not in ("key", *without)}, **more})


def _adding(kind: type[F], action: Callable[[Work, F], Awaitable[Any]]) -> Verb:
    """A verb that fills in one form and keeps the name of what it made."""

    async def tell(scene: Scene, said: Said) -> None:
        scene.remember(said, await action(scene.work, _form(kind, said)))

    return tell


def _amending(
    kind: type[F], there: Callable[[Work], Awaitable[Any]], action: Callable[[Work, F], Awaitable[Any]]
) -> Verb:
    """A verb for what there is one of: what the file does not say stays as it was."""

    async def tell(scene: Scene, said: Said) -> None:
        row = await there(scene.work)
        before = {name: getattr(row, name) for name in kind.form_fields() if hasattr(row, name)} if row else {}
        await action(scene.work, _form(kind, {**before, **said}))

    return tell


# --- Preparation ---------------------------------------------------------------------------------


async def _office(scene: Scene, said: Said) -> None:
    """Somebody takes an office: chosen among who has access, or written where they have none."""
    here = {member.name: str(member.id) for member in await people.members(scene.work)}
    who = {"member": here[said["name"]], "name": ""} if said["name"] in here else {"member": ""}
    await offices.add_term(scene.work, _form(AddTerm, {"kind": "holder", **said, **who}))


async def _letter(scene: Scene, said: Said) -> None:
    await acts.edit_letter(scene.work, _form(EditLetter, said, councillors="\n".join(said["councillors"])))


async def _project(scene: Scene, said: Said) -> None:
    dates = {
        f"{stage}_{name}": value
        for stage, span in said["dates"].items()
        for name, value in zip(("starts_on", "ends_on", "lead"), span, strict=True)
    }
    await acts.edit_project(scene.work, _form(EditProject, said, without=("dates",), **dates))


async def _sign_letter(scene: Scene, said: Said) -> None:
    letter = (await current_acts(scene.work))["commitment_letter"]
    signers = [row for row in await signatories_of(scene.work, letter) if row.role in said.get("only", (row.role,))]
    paper = await scene.paper(
        said["file"],
        "Carta de compromiso",
        letter.content["objectives"],
        letter.content["needs"],
        letter.content["commitments"],
        *(f"Firma: {row.name}, {row.cargo}." for row in signers),
    )
    wanted = _form(RecordSigned, said, without=("file", "only"), signed=[row.id for row in signers])
    await acts.record_signed_letter(scene.work, scene.services.files, wanted, paper)


def _recording(
    kind: type[F], title: str, action: Callable[[Work, Files, F, evidence.Upload | None], Awaitable[Any]]
) -> Verb:
    """A verb for an act that the authority signed outside, with its paper."""

    async def tell(scene: Scene, said: Said) -> None:
        number = f"Número {said['number']}." if said.get("number") else ""
        paper = await scene.paper(said["file"], title, number, f"Fecha: {long_date(said['dated_on'])}.")
        await action(scene.work, scene.services.files, _form(kind, said, without=("file",)), paper)

    return tell


async def _seal(scene: Scene, said: Said) -> None:
    """Anyone may check the act of this kind by its code."""
    await sealing.publish(scene.work, (await current_acts(scene.work))[said["kind"]].id)


async def _body(scene: Scene, said: Said) -> None:
    await teams.edit_body(scene.work, said["kind"], _form(EditBody, said, without=("kind", "members")))
    await teams.add_members(scene.work, said["kind"], [_form(EditMember, member) for member in said["members"]])


async def _meeting(scene: Scene, said: Said) -> None:
    """A session: called, then held and written after it took place, unless the file says that it is still to come."""
    words = ("planned", "attendance", "agreements", "answers", "file")
    terms = [name for name in said if name not in MeetingTerms.form_fields()]
    row = await sessions.plan_meeting(scene.work, _form(MeetingTerms, said, without=terms))
    scene.remember(said, row)
    if said.get("planned"):
        return

    scene.wait_until(row.held_on, said.get("starts_at", ""), after=timedelta(hours=2))
    listed = {person.name: str(person.id) for person in await bodies_store.attendance(scene.work, row.id)}
    agreed = said.get("agreements", ())
    await sessions.save_meeting(
        scene.work,
        row.id,
        _form(EditMeeting, said, without=words, held=True, version=row.version),
        attendees=[_form(AttendeeRow, each, key=listed.get(each["name"], "")) for each in said["attendance"]],
        agreements=[_form(AgreementRow, each, without=("done_on",)) for each in agreed],
        answers=said.get("answers"),
    )
    kept = await bodies_store.agreements(scene.work, row.id)
    scene.promised += [(each["done_on"], row.id) for each, row in zip(agreed, kept, strict=True) if each.get("done_on")]
    if paper := said.get("file"):
        upload = await scene.paper(paper["name"], said["title"], said["minutes"])
        await evidence.keep(
            scene.work,
            scene.services.files,
            upload,
            kind=paper["kind"],
            subject_type="meeting",
            subject_id=row.id,
            dated_on=row.held_on,
        )


# --- Diagnosis -----------------------------------------------------------------------------------


async def _finding(scene: Scene, said: Said) -> None:
    row = await diagnosis.add_finding(scene.work, _form(AddFinding, {"relevant": True, **said}, without=("evidence",)))
    scene.remember(said, row)
    for proof in said["evidence"]:
        cited = {
            column: scene.known[proof[name]]
            for name, column in (("source", "source_id"), ("entry", "workshop_entry_id"))
            if name in proof
        }
        await diagnosis.back_finding(
            scene.work, row.id, _form(EditEvidence, proof, without=("source", "entry"), **cited)
        )


async def _report_section(scene: Scene, said: Said) -> None:
    await diagnosis.write_section(scene.work, said["section"], _form(EditSection, said, without=("section",)))


async def _freeze_report(scene: Scene, said: Said) -> None:
    guide = await guide_of(scene.work, scene.services.guides)
    confirmed = FreezeReport(relevant=True, backed=True, clear=True)
    scene.remember(said, await diagnosis.freeze_report(scene.work, guide, confirmed))


async def _workshop(scene: Scene, said: Said) -> None:
    guide, kind = await guide_of(scene.work, scene.services.guides), said["kind"]
    wanted = _form(
        EditWorkshop,
        said,
        without=("invitees", "working_groups"),
        invitation=agenda.proposed_invitation(scene.work.tenant.name, kind),
        agenda=agenda.written_moments(agenda.proposed_moments(guide, kind)),
        working_groups=agenda.written_groups(said.get("working_groups") or agenda.proposed_groups(guide, kind, ())),
        **{f"invited_{who}": names for who, names in said["invitees"].items()},
    )
    scene.remember(said, await workshops.call_workshop(scene.work, wanted))


async def _hold_workshop(scene: Scene, said: Said) -> None:
    workshop_id = scene.known[said["workshop"]]
    for group in said["groups"]:
        await workshops.count_group(scene.work, workshop_id, _form(EditGroup, group))
    for (kind, *_), found in groupby(said["entries"], key=lambda entry: [entry.get(name) for name in _BOARD]):
        notes = list(found)
        if kind == "initiative":
            rows = [
                await workshops.propose(
                    scene.work, workshop_id, _form(EditCandidate, note, without=("kind", "text"), name=note["text"])
                )
                for note in notes
            ]
        else:
            lines = "\n".join(note["text"] for note in notes)
            rows = await workshops.note_entries(scene.work, workshop_id, _form(AddEntries, notes[0], text=lines))
        for note, row in zip(notes, rows, strict=True):
            scene.remember(note, row)

    held = await workshops_store.workshop(scene.work, workshop_id)
    held = await workshops.hold(scene.work, workshop_id, version=held.version)
    await workshops.write_record(
        scene.work, workshop_id, EditRecord(conclusions=said["conclusions"], version=held.version)
    )


_BOARD = ("kind", "group_name", "axis", "verdict")
"""What notes of one corner of the board share: they are typed together, a line each."""


# --- Planning ------------------------------------------------------------------------------------


async def _objective(scene: Scene, said: Said) -> None:
    wanted = _form(EditObjective, said, without=("kind", "axis", "findings"), **_thread(scene, said))
    act = objectives.set_general_objective if said["kind"] == "general" else objectives.add_objective
    scene.remember(said, await act(scene.work, wanted))


async def _initiative(scene: Scene, said: Said) -> None:
    wanted = _form(
        EditInitiative, said, without=("entry", "axis", "objective", "findings", "review"), **_thread(scene, said)
    )
    entry = scene.known[said["entry"]] if "entry" in said else None
    scene.remember(said, await initiatives.add_initiative(scene.work, wanted, workshop_entry_id=entry))


def _thread(scene: Scene, said: Said) -> dict[str, object]:
    ids: dict[str, object] = {f"{name}_id": scene.known[said[name]] for name in ("axis", "objective") if name in said}
    return {**ids, "findings": [scene.known[name] for name in said.get("findings", ())]}


async def _review(scene: Scene, said: Said) -> None:
    """The executive team goes over each initiative (PLAN-3.2-02)."""
    for name in said["of"]:
        row = await initiatives_store.initiative(scene.work, scene.known[name])
        notes = said.get("notes", {}).get(name, said["usual"])
        await initiatives.review_initiative(
            scene.work, row.id, ReviewInitiative(review_notes=notes, version=row.version)
        )
        scene.clock.move_to(scene.clock.now() + timedelta(minutes=4))


# --- The document and its observations ------------------------------------------------------------


async def _policy_section(scene: Scene, said: Said) -> None:
    await policies.write_section(scene.work, said["section"], _form(WriteSection, said, without=("section",)))


async def _freeze_policy(scene: Scene, said: Said) -> None:
    guide = await guide_of(scene.work, scene.services.guides)
    scene.remember(said, await policies.freeze(scene.work, guide, _form(FreezeVersion, said)))


async def _publish(scene: Scene, said: Said) -> None:
    await policies.publish(scene.work, scene.known[said["version"]])


async def _observation(scene: Scene, said: Said) -> None:
    about, _, name = said["subject"].partition(":")
    wanted = _form(
        AddObservation,
        said,
        without=("meeting", "version"),
        subject=f"{about}:{scene.known[name]}" if name else about,
        meeting_id=scene.known[said["meeting"]] if "meeting" in said else "",
        policy_version_id=scene.known[said["version"]],
    )
    scene.remember(said, await observations.add_observation(scene.work, wanted))


async def _answer(scene: Scene, said: Said) -> None:
    row = await policies_store.observation(scene.work, scene.known[said["observation"]])
    wanted = _form(AnswerObservation, said, without=("observation",), version=row.version)
    await observations.answer_observation(scene.work, row.id, wanted)


# --- Follow-up and gates -------------------------------------------------------------------------


async def _progress(scene: Scene, said: Said) -> None:
    initiative_id = scene.known[said["initiative"]]
    seen = await monitoring_store.how_many_updates(scene.work, initiative_id)
    wanted = _form(ReportProgress, said, without=("initiative",), reported_on=scene.work.today(), version=seen)
    await monitoring.report_progress(scene.work, initiative_id, wanted)


async def _close(scene: Scene, said: Said) -> None:
    await cycles.close_gate(scene.work, scene.services.guides, said["gate"])


VERBS: Mapping[str, Verb] = {
    "office": _office,
    "letter": _letter,
    "project": _project,
    "sign_letter": _sign_letter,
    "body": _body,
    "contact": _adding(EditContact, teams.add_contact),
    "meeting": _meeting,
    "source": _adding(EditSource, diagnosis.add_source),
    "service": _adding(EditService, diagnosis.add_service),
    "organization": _adding(EditOrganization, diagnosis.add_organization),
    "inquiry": _adding(EditInquiry, diagnosis.decide_inquiry),
    "inquiry_results": _amending(EditResults, diagnosis_store.inquiry, diagnosis.write_results),
    "workshop": _workshop,
    "hold_workshop": _hold_workshop,
    "finding": _finding,
    "report_section": _report_section,
    "freeze_report": _freeze_report,
    "frame": _amending(EditFrame, initiatives_store.frame, frame.edit_frame),
    "axis": _adding(EditAxis, axes.add_axis),
    "objective": _objective,
    "initiative": _initiative,
    "review": _review,
    "plan_review": _adding(ReviewPlan, frame.review_plan),
    "policy_section": _policy_section,
    "freeze_policy": _freeze_policy,
    "observation": _observation,
    "answer": _answer,
    "publish": _publish,
    "approval": _recording(RecordApproval, "Aprobación de la alcaldía", acts.record_approval),
    "vote": _recording(RecordVote, "Acuerdo del Concejo Municipal", acts.record_vote),
    "seal": _seal,
    "decree": _recording(RecordDecree, "Decreto alcaldicio", acts.record_decree),
    "diffusion_plan": _amending(diffusion_forms.EditPlan, diffusion_store.plan, diffusion.edit_plan),
    "diffusion_action": _adding(diffusion_forms.EditAction, diffusion.add_action),
    "action_plan": _amending(EditActionPlan, monitoring_store.action_plan, monitoring.edit_plan),
    "progress": _progress,
    "close": _close,
}
