"""Pages of the observations: what can change, the list with its counts, one to write, one to answer."""

from uuid import UUID

from litestar import Response, get, post
from litestar.response import Redirect, Template

from acogida.features.bodies import public as bodies
from acogida.features.drafts import public as drafts
from acogida.features.policies import actions, observations, store
from acogida.features.policies.forms import AddObservation, AnswerObservation, WriteSection
from acogida.features.policies.words import (
    ABOUT,
    ANSWERS,
    INSTANCES,
    MILESTONES,
    SCOPE_KEY,
    SCOPE_PROPOSAL,
    STATUS_MARKS,
    STATUSES,
)
from acogida.kernel.errors import Rejected, Stale
from acogida.kernel.work import Work
from acogida.web import forms
from acogida.web.format import long_date
from acogida.web.spreadsheet import MEDIA_TYPE, Column, Sheet, workbook
from acogida.web.view import View

NEW_DRAFT = "validacion/observaciones/nueva"
SCOPE_DRAFT = "validacion/observaciones/alcance"


@get("/validacion/observaciones", permission="workspace:read")
async def listing(work: Work, view: View, estado: str = "", sobre: str = "", instancia: str = "") -> Template:
    counts = await store.observation_counts(work)
    by_status = {status: sum(n for (_, s), n in counts.items() if s == status) for status in STATUSES}
    return view.page(
        "policies/observations.html",
        scope=await _scope(work),
        rows=await store.observations(work, status=estado, about=sobre, instance=instancia),
        about=observations.about,
        by_status=by_status,
        total=sum(by_status.values()),
        statuses=STATUSES,
        marks=STATUS_MARKS,
        topics=ABOUT,
        instances=INSTANCES,
        chosen={"estado": estado, "sobre": sobre, "instancia": instancia},
        concejo=(await bodies.validation_summary(work)).concejo,
    )


async def _scope(work: Work) -> str:
    """What comments can and can't change: the municipality's own words or Acogida's proposal."""
    return (await store.texts(work)).get(SCOPE_KEY, "").strip() or SCOPE_PROPOSAL


@get("/validacion/observaciones.xlsx", permission="workspace:read")
async def download(work: Work, view: View) -> Response[bytes]:
    """Every observation with its answer."""
    rows = await store.observations(work)
    numbers = {version.id: version.number for version in await store.versions(work)}
    sheet = Sheet(
        "Observaciones",
        (
            Column("Sobre qué es", width=34),
            Column("Observación", width=60),
            Column("Quién la hizo", width=24),
            Column("Organización o unidad", width=24),
            Column("Instancia", width=24),
            Column("Fecha", "date", 12),
            Column("Versión que se leyó", "number", 10),
            Column("Decisión", width=18),
            Column("Motivo", width=60),
            Column("Respondió", width=24),
            Column("Fecha de la respuesta", "date", 12),
        ),
        [
            (
                observations.about(row),
                row.text,
                row.author,
                row.organization,
                INSTANCES[row.instance],
                row.received_on,
                numbers.get(row.policy_version_id) if row.policy_version_id else None,
                STATUSES[row.status],
                row.answer,
                row.answered_by,
                row.answered_on,
            )
            for row in rows
        ],
        heading=f"Observaciones a la Política Municipal de Migración de {work.tenant.name}",
        notes=[f"Al {long_date(work.today())}", *(["Datos de demostración"] if work.tenant.demo else [])],
    )
    content = workbook([sheet], title=f"Observaciones, {work.tenant.name}", made_at=work.clock.now())
    return view.file(content, name=f"Observaciones a la Política, {work.tenant.name}.xlsx", media_type=MEDIA_TYPE)


@get("/validacion/observaciones/nueva", permission="observation:create")
async def new(work: Work, view: View, sobre: str = "", sesion: str = "") -> Template:
    """`sobre` comes from an objective, eje or initiative; `sesion` from the session where it was said."""
    newest = next(iter(await store.versions(work)), None)
    form = forms.blank(
        AddObservation,
        subject=sobre,
        meeting_id=sesion,
        author=work.actor.name,
        instance=observations.usual_instance(work),
        received_on=work.today(),
        policy_version_id=newest.id if newest else "",
    )
    return await _new(work, view, await drafts.restore(work, NEW_DRAFT, form))


async def _new(work: Work, view: View, form: forms.Form[AddObservation], status: int = 200) -> Template:
    return view.page(
        "policies/observation_new.html",
        status=status,
        form=form,
        scope=await _scope(work),
        subjects=await observations.subjects(work),
        instances=INSTANCES,
        sessions=[(str(session.id), session.words) for session in await bodies.meetings(work)],
        versions=[
            (str(row.id), f"Versión {row.number}, {MILESTONES[row.milestone].lower()}")
            for row in await store.versions(work)
        ],
        may_answer=work.actor.may("observation:answer"),
    )


@post("/validacion/observaciones/nueva", permission="observation:create", status_code=200)
async def add(work: Work, view: View) -> Template | Redirect:
    form = forms.read(AddObservation, await view.posted())
    if form.ok:
        try:
            await observations.add_observation(work, form.data)
            await drafts.discard(work, NEW_DRAFT)
            return view.redirect(
                f"{view.home}/validacion/observaciones", "Registramos la observación. Se evaluará y tendrá respuesta."
            )
        except Rejected as problem:
            form.refuse(problem)
    return await _new(work, view, form, 422)


@get("/validacion/observaciones/{observation_id:uuid}", permission="workspace:read")
async def show(work: Work, view: View, observation_id: UUID) -> Template:
    row = await store.observation(work, observation_id)
    start = forms.filled(AnswerObservation, row, status="" if row.status == "pending" else row.status)
    form = await drafts.restore(work, f"validacion/observaciones/{observation_id}", start)
    return await _show(work, view, observation_id, form)


async def _show(
    work: Work, view: View, observation_id: UUID, form: forms.Form[AnswerObservation], status: int = 200
) -> Template:
    row = await store.observation(work, observation_id)
    version = next((kept for kept in await store.versions(work) if kept.id == row.policy_version_id), None)
    return view.page(
        "policies/observation.html",
        status=status,
        row=row,
        form=form,
        about=observations.about(row),
        version=version,
        session=await bodies.meeting(work, row.meeting_id) if row.meeting_id else None,
        answers=ANSWERS,
        statuses=STATUSES,
        marks=STATUS_MARKS,
        instances=INSTANCES,
    )


@post("/validacion/observaciones/{observation_id:uuid}", permission="observation:answer", status_code=200)
async def answer(work: Work, view: View, observation_id: UUID) -> Template | Redirect:
    here = f"{view.home}/validacion/observaciones"
    form = forms.read(AnswerObservation, await view.posted())
    if form.ok:
        try:
            row = await observations.answer_observation(work, observation_id, form.data)
            await drafts.discard(work, f"validacion/observaciones/{observation_id}")
            return view.redirect(here, f"Respondimos la observación de {row.author}.")
        except Rejected as problem:
            form.refuse(problem)
        except Stale as stale:
            return view.conflict(
                form,
                forms.filled(AnswerObservation, stale.current),
                title="Respuesta a la observación",
                back=f"{here}/{observation_id}",
            )
    return await _show(work, view, observation_id, form, 422)


@get("/validacion/observaciones/alcance", permission="workspace:read")
async def show_scope(work: Work, view: View) -> Template:
    row = await store.section(work, SCOPE_KEY)
    start = forms.filled(WriteSection, row) if row else forms.blank(WriteSection, text=SCOPE_PROPOSAL)
    return view.page("policies/scope.html", form=await drafts.restore(work, SCOPE_DRAFT, start), proposed=row is None)


@post("/validacion/observaciones/alcance", permission="document:edit", status_code=200)
async def save_scope(work: Work, view: View) -> Template | Redirect:
    form = forms.read(WriteSection, await view.posted())
    if form.ok:
        try:
            await actions.write_section(work, SCOPE_KEY, form.data)
            await drafts.discard(work, SCOPE_DRAFT)
            return view.redirect(
                f"{view.home}/validacion/observaciones", "Guardamos lo que los comentarios pueden cambiar."
            )
        except Stale as stale:
            return view.conflict(
                form,
                forms.filled(WriteSection, stale.current),
                title="Lo que los comentarios pueden cambiar",
                back=f"{view.home}/validacion/observaciones/alcance",
            )
    return view.page("policies/scope.html", status=422, form=form, proposed=False)


HANDLERS = (listing, download, new, add, show_scope, save_scope, show, answer)
