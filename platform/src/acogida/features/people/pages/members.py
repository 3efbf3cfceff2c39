"""Pages of who works in the workspace: the list, inviting, changing, ending, and answering who asks for access."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from litestar import get, post
from litestar.response import Redirect, Template

from acogida.features.cycles.public import guide_of
from acogida.features.drafts import public as drafts
from acogida.features.methodology.model import Guide
from acogida.features.municipalities.public import access_request, pending_requests
from acogida.features.people import public, store
from acogida.features.people.actions import members
from acogida.features.people.forms import ROLE_HELP, ROLE_TITLES, EditMember, Invite
from acogida.features.people.model import AREAS, ENTITIES, TASKS, Membership, Person
from acogida.kernel import limits
from acogida.kernel.db import Database
from acogida.kernel.errors import NotAllowed, Rejected, Stale
from acogida.kernel.narrowing import scopes
from acogida.kernel.work import Work
from acogida.web import forms
from acogida.web.routing import workspace
from acogida.web.view import View

INVITING = "personas/invitar"
STEP = "1.2"
"""The step of the guide that forms teams and allows external support."""
Guides = dict[str, Guide]


@get("/personas", permission="workspace:read")
async def people(work: Work, view: View) -> Template:
    everybody = await public.members(work, with_ended=True)
    managing = view.work.actor.may("people:invite")
    may_invite = await members.may_invite_here(work)
    return view.page(
        "people/members.html",
        present=[member for member in everybody if member.active],
        gone=[member for member in everybody if not member.active],
        invitations=await store.unanswered_invitations(work) if may_invite else (),
        requests=await pending_requests(work.session) if managing else (),
        counterpart=[person.name for _, person in await store.secretaries(work)],
        may_invite=may_invite,
        now=work.clock.now(),
        titles=ROLE_TITLES,
        entities=ENTITIES,
        tasks=TASKS,
    )


async def _form_page(
    work: Work, view: View, guides: Guides, template: str, form: forms.Form[Any], *, status: int = 200, **more: Any
) -> Template:
    guide = await guide_of(work, guides)
    return view.page(
        template,
        status=status,
        form=form,
        role_options=[(key, title, ROLE_HELP[key]) for key, title in ROLE_TITLES.items()],
        entities=ENTITIES,
        tasks=TASKS,
        areas=AREAS,
        scopes=[(key, words) for key, words in await scopes(work)],
        counterpart=[person.name for _, person in await store.secretaries(work)],
        advice=[row for row in guide.rows_of(STEP) if "external_advisers" in row.who],
        **more,
    )


@get("/personas/invitar", permission="workspace:read")
async def invite_page(
    work: Work,
    view: View,
    guides: Guides,
    solicitud: UUID | None = None,
    rol: str = "",
    nombre: str = "",
    correo: str = "",
    cargo: str = "",
) -> Template:
    """An empty form, or one filled from a request for access or from the page of a team."""
    await _require_inviting(work)
    start: dict[str, Any] = {
        "name": nombre,
        "email": correo,
        "cargo": cargo,
        "roles": [rol] if rol in ROLE_TITLES else [],
    }
    if solicitud and work.actor.may("people:invite"):
        asked = await access_request(work.session, solicitud)
        start = {"name": asked.name, "email": asked.email, "cargo": asked.cargo, "roles": []}
    form = forms.blank(Invite, **start)
    if not any(start.values()):
        form = await drafts.restore(work, INVITING, form)
    return await _form_page(work, view, guides, "people/invite.html", form, answering=solicitud)


async def _require_inviting(work: Work) -> None:
    if not await members.may_invite_here(work):
        raise NotAllowed


@post("/personas/invitar", permission="workspace:read", status_code=200)
async def invite(work: Work, view: View, guides: Guides, database: Database) -> Template | Redirect:
    await _require_inviting(work)
    fields = await view.posted()
    answering = _id((fields.get("answering") or [""])[-1])
    form = forms.read(Invite, fields)
    if form.ok:
        await limits.count(database, work.clock, f"invite:{work.tenant.id}", limit=100, window=timedelta(hours=1))
        try:
            row = await members.invite(work, **form.data.changes(), answering=answering)
            await drafts.discard(work, INVITING)
            return view.redirect(f"{view.home}/personas", f"Enviamos la invitación a {row.name} ({row.email}).")
        except Rejected as problem:
            form.refuse(problem)
    return await _form_page(work, view, guides, "people/invite.html", form, status=422, answering=answering)


def _id(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


@post("/personas/invitaciones/{invitation_id:uuid}/reenviar", permission="workspace:read")
async def send_again(work: Work, view: View, database: Database, invitation_id: UUID) -> Redirect:
    await limits.count(database, work.clock, f"invite-again:{invitation_id}", limit=5, window=timedelta(hours=1))
    row = await members.send_again(work, invitation_id)
    return view.redirect(
        f"{view.home}/personas", f"Volvimos a enviar la invitación a {row.email}. El enlace anterior ya no sirve."
    )


@post("/personas/invitaciones/{invitation_id:uuid}/anular", permission="workspace:read", status_code=200)
async def revoke(work: Work, view: View, invitation_id: UUID) -> Template | Redirect:
    row = await store.invitation(work, invitation_id)
    if (await view.posted()).get("confirmed") != ["1"]:
        return view.page(
            "confirm.html",
            question=f"¿Anular la invitación a {row.name}?",
            text="El enlace que recibió dejará de servir. Puede invitarle de nuevo cuando quiera.",
            verb="Anular la invitación",
            back=f"{view.home}/personas",
        )
    await members.revoke(work, invitation_id)
    return view.redirect(f"{view.home}/personas", f"Anulamos la invitación a {row.name}.")


@post("/personas/solicitudes/{request_id:uuid}/rechazar", permission="people:invite", status_code=200)
async def decline(work: Work, view: View, request_id: UUID) -> Template | Redirect:
    asked = await access_request(work.session, request_id)
    if (await view.posted()).get("confirmed") != ["1"]:
        return view.page(
            "confirm.html",
            question=f"¿No dar acceso a {asked.name}?",
            text="Le avisaremos por correo que la municipalidad no aceptó su pedido.",
            verb="No dar acceso",
            back=f"{view.home}/personas",
        )
    await members.decline(work, request_id)
    return view.redirect(f"{view.home}/personas", f"Respondimos a {asked.name}.")


def _draft(membership_id: UUID) -> str:
    return f"personas/{membership_id}"


@get("/personas/{membership_id:uuid}", permission="people:invite")
async def member_page(work: Work, view: View, guides: Guides, membership_id: UUID) -> Template:
    row, person = await store.membership(work, membership_id)
    form = await drafts.restore(work, _draft(membership_id), forms.filled(EditMember, row))
    return await _member(work, view, guides, form, row, person)


async def _member(
    work: Work,
    view: View,
    guides: Guides,
    form: forms.Form[EditMember],
    row: Membership,
    person: Person,
    status: int = 200,
) -> Template:
    return await _form_page(
        work,
        view,
        guides,
        "people/member.html",
        form,
        status=status,
        row=row,
        person=person,
        active=row.active(work.today()),
    )


@post("/personas/{membership_id:uuid}", permission="people:invite", status_code=200)
async def save_member(work: Work, view: View, guides: Guides, membership_id: UUID) -> Template | Redirect:
    row, person = await store.membership(work, membership_id)
    form = forms.read(EditMember, await view.posted())
    if form.ok:
        try:
            await members.change(work, membership_id, form.data)
            await drafts.discard(work, _draft(membership_id))
            return view.redirect(f"{view.home}/personas", f"Guardamos los cambios de {person.name}.")
        except Rejected as problem:
            form.refuse(problem)
        except Stale as stale:
            return view.conflict(
                form,
                forms.filled(EditMember, stale.current),
                title=person.name,
                back=f"{view.home}/personas/{membership_id}",
            )
    return await _member(work, view, guides, form, row, person, 422)


@post("/personas/{membership_id:uuid}/terminar", permission="workspace:read", status_code=200)
async def end_member(work: Work, view: View, membership_id: UUID) -> Template | Redirect:
    _, person = await store.membership(work, membership_id)
    leaving = person.id == work.actor.person_id
    if not leaving:
        work.require("people:invite")
    if (await view.posted()).get("confirmed") != ["1"]:
        return view.page(
            "confirm.html",
            question="¿Dejar este espacio?" if leaving else f"¿Terminar el acceso de {person.name}?",
            text="Lo registrado se conserva. Para volver hará falta otra invitación.",
            verb="Dejar el espacio" if leaving else "Terminar el acceso",
            back=f"{view.home}/personas",
        )
    try:
        await members.end(work, membership_id)
    except Rejected as problem:
        work.doom()
        place = f"/{membership_id}/entrega" if "handover" in problem.data else ""
        return view.redirect(f"{view.home}/personas{place}", problem.message, kind="error")
    if leaving:
        return view.redirect("/espacios", f"Dejó el espacio de la Municipalidad de {work.tenant.name}.")
    return view.redirect(f"{view.home}/personas", f"Terminó el acceso de {person.name}.")


ROUTES = [
    workspace(
        people,
        invite_page,
        invite,
        send_again,
        revoke,
        decline,
        member_page,
        save_member,
        end_member,
    )
]
