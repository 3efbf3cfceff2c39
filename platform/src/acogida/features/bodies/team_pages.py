"""Pages of the teams: who is in each, what the guide suggests, and the actors who are needed."""

from collections.abc import Sequence
from urllib.parse import urlencode
from uuid import UUID

from litestar import get, post
from litestar.response import Redirect, Template

from acogida.features.bodies import store
from acogida.features.bodies.actions import teams
from acogida.features.bodies.forms import EditBody, EditContact, EditMember, MemberRow, MemberRows, rows_of
from acogida.features.bodies.model import Body, BodyMember
from acogida.features.bodies.places import Place, places
from acogida.features.bodies.records import sessions
from acogida.features.bodies.words import (
    ADVISER_KINDS,
    ADVISER_TASKS,
    BODY_KINDS,
    INHERITS,
    KIND_OF_SLUG,
    ROLES,
    BodyKind,
    invited_roles,
)
from acogida.features.cycles.public import guide_of
from acogida.features.drafts import public as drafts
from acogida.features.methodology.model import Guide
from acogida.features.people import public as people
from acogida.kernel.errors import NotFound, Rejected, Stale
from acogida.kernel.work import Work
from acogida.web import forms
from acogida.web.routing import workspace
from acogida.web.view import View

_SPARE_ROWS = 2
"""Lines for people whom the guide does not name."""


def kind_at(slug: str) -> BodyKind:
    """This function will give the kind of body whose page this is, or raise `NotFound`."""
    if slug not in KIND_OF_SLUG:
        raise NotFound
    return BODY_KINDS[KIND_OF_SLUG[slug]]


@get("/equipos", permission="workspace:read")
async def overview(work: Work, view: View, guides: dict[str, Guide]) -> Template:
    guide = await guide_of(work, guides)
    by_kind = {body.kind: body for body in await store.bodies(work)}
    everyone = await store.members(work)
    cards = []
    for kind in BODY_KINDS.values():
        body = by_kind.get(kind.key)
        inside = [member for member in everyone if body and member.body_id == body.id]
        cards.append((kind, body, inside, _filled(places(guide, kind.key, inside), everyone, by_kind)))
    return view.page(
        "bodies/overview.html",
        cards=cards,
        roles=ROLES,
        contacts=await store.contacts(work),
        advisers=[
            (member, ADVISER_KINDS.get(member.adviser_kind, ""), _tasks(member))
            for member in everyone
            if member.role == "adviser"
        ],
    )


def _tasks(member: BodyMember) -> str:
    tasks = [ADVISER_TASKS[key].lower() for key in member.adviser_tasks.split(",") if key in ADVISER_TASKS]
    return f"Ayuda a {', '.join(tasks)}" if tasks else ""


def _filled(
    suggested: Sequence[Place], everyone: Sequence[BodyMember], by_kind: dict[str, Body]
) -> list[tuple[Place, bool]]:
    """Each suggested place and whether somebody fills it; the executive team fills its own by being there."""
    executive = by_kind.get(INHERITS)
    there = any(executive and member.body_id == executive.id for member in everyone)
    return [(place, bool(place.filled_by) or (place.inherited and not there)) for place in suggested]


@get("/equipos/{kind:str}", permission="workspace:read")
async def team(work: Work, view: View, guides: dict[str, Guide], kind: str) -> Template:
    return await _team(work, view, guides, kind_at(kind))


async def _team(
    work: Work,
    view: View,
    guides: dict[str, Guide],
    kind: BodyKind,
    posted: list[forms.Form[MemberRow]] | None = None,
    status: int = 200,
) -> Template:
    guide = await guide_of(work, guides)
    inside = await store.members(work, kind.key)
    suggested = places(guide, kind.key, inside)
    names = {teams.fold_name(member.name) for member in inside}
    executive = await store.members(work, INHERITS) if kind.key == "extended_team" else ()
    draft = await drafts.restore(work, f"equipos/{kind.slug}", forms.blank(MemberRows))
    rows = posted or (
        rows_of(MemberRow, draft.raw, "", ticks=("is_chief",)) if draft.draft_at else _rows(suggested, inside)
    )
    return view.page(
        "bodies/team.html",
        status=status,
        kind=kind,
        body=await store.body_of_kind(work, kind.key),
        inside=inside,
        roles=ROLES,
        places={place.key: place for place in suggested},
        place_options=[(place.key, place.title) for place in suggested if not place.inherited],
        empty_places=[place for place in suggested if not place.filled_by and not place.inherited],
        missing_heirs=[
            member for member in executive if member.role != "adviser" and teams.fold_name(member.name) not in names
        ],
        rows=rows,
        draft=draft,
        adviser_kinds=ADVISER_KINDS,
        tips=[row for row in guide.tips_of(kind.step) if row.satisfied_by.screen == f"equipos/{kind.slug}"],
        meetings=(await sessions(work, body_kind=kind.key))[-5:],
    )


def _rows(suggested: Sequence[Place], inside: Sequence[BodyMember]) -> list[forms.Form[MemberRow]]:
    """The lines to complete: one for each place that nobody fills, and some for anybody else."""
    waiting = [place for place in suggested if not place.filled_by and not place.inherited]
    lines = [forms.blank(MemberRow, key=place.key, suggested_role=place.key) for place in waiting]
    spare = _SPARE_ROWS if suggested else 4
    return [*lines, *(forms.blank(MemberRow, key=f"n{len(inside)}-{number}") for number in range(spare))]


@post("/equipos/{kind:str}", permission="team:edit", status_code=200)
async def add_members(work: Work, view: View, guides: dict[str, Guide], kind: str) -> Template | Redirect:
    body_kind = kind_at(kind)
    rows = rows_of(MemberRow, await view.posted(), "", ticks=("is_chief",))
    written = [row for row in rows if row.value("name") or not row.ok]
    if written and all(row.ok for row in written):
        guide = await guide_of(work, guides)
        inside = await store.members(work, body_kind.key)
        taken = {member.role for member in inside}
        suggested = {place.key: place for place in places(guide, body_kind.key, inside)}
        try:
            added = await teams.add_members(
                work,
                body_kind.key,
                [_member(row.data, suggested.get(row.data.suggested_role), taken) for row in written],
            )
            await drafts.discard(work, f"equipos/{kind}")
            names = "1 persona" if len(added) == 1 else f"{len(added)} personas"
            return view.redirect(f"{view.home}/equipos/{kind}", f"Sumamos {names} a la nómina.")
        except Rejected as problem:
            for field, words in problem.fields.items():
                index, _, name = field.partition(".")
                written[int(index)].faults[name if name in ("name", "cargo", "email") else "name"] = words
    elif not written:
        rows[0].faults["name"] = "Escriba al menos un nombre."
    return await _team(work, view, guides, body_kind, rows, 422)


def _member(row: MemberRow, place: Place | None, taken: set[str]) -> EditMember:
    role = place.role if place and place.role not in taken else "member"
    return EditMember(
        name=row.name,
        cargo=row.cargo or (place.title if place else ""),
        organization=row.organization,
        email=row.email,
        role=role,
        suggested_role=place.key if place else "",
        is_chief=row.is_chief,
    )


@post("/equipos/{kind:str}/heredar", permission="team:edit")
async def inherit(work: Work, view: View, kind: str) -> Redirect:
    if kind_at(kind).key != "extended_team":
        raise NotFound
    added = await teams.inherit_members(work)
    return view.redirect(f"{view.home}/equipos/{kind}", f"Sumamos a {len(added)} integrantes del equipo ejecutivo.")


@get("/equipos/{kind:str}/ficha", permission="workspace:read")
async def body_sheet(work: Work, view: View, guides: dict[str, Guide], kind: str) -> Template:
    body_kind = kind_at(kind)
    body = await store.body_of_kind(work, body_kind.key)
    form = forms.filled(EditBody, body) if body else forms.blank(EditBody)
    return await _sheet(work, view, guides, body_kind, await drafts.restore(work, f"equipos/{kind}/ficha", form))


async def _sheet(
    work: Work, view: View, guides: dict[str, Guide], kind: BodyKind, form: forms.Form[EditBody], status: int = 200
) -> Template:
    guide = await guide_of(work, guides)
    tips = [row for row in guide.tips_of(kind.step) if row.satisfied_by.screen == f"equipos/{kind.slug}"]
    return view.page("bodies/sheet.html", status=status, kind=kind, form=form, tips=tips)


@post("/equipos/{kind:str}/ficha", permission="team:edit", status_code=200)
async def save_sheet(work: Work, view: View, guides: dict[str, Guide], kind: str) -> Template | Redirect:
    body_kind = kind_at(kind)
    form = forms.read(EditBody, await view.posted())
    if form.ok:
        try:
            await teams.edit_body(work, body_kind.key, form.data)
            await drafts.discard(work, f"equipos/{kind}/ficha")
            return view.redirect(f"{view.home}/equipos/{kind}", "Guardamos la ficha.")
        except Rejected as problem:
            form.refuse(problem)
        except Stale as stale:
            return view.conflict(
                form,
                forms.filled(EditBody, stale.current),
                title=body_kind.title,
                back=f"{view.home}/equipos/{kind}/ficha",
            )
    return await _sheet(work, view, guides, body_kind, form, 422)


# A member


def member_form(row: BodyMember) -> forms.Form[EditMember]:
    """This function will give the form of a member as it stands."""
    return forms.filled(EditMember, row, adviser_tasks=row.adviser_tasks.split(",") if row.adviser_tasks else ())


@get("/equipos/integrantes/{member_id:uuid}", permission="workspace:read")
async def show_member(work: Work, view: View, guides: dict[str, Guide], member_id: UUID) -> Template:
    row = await store.member(work, member_id)
    form = await drafts.restore(work, f"equipos/integrantes/{member_id}", member_form(row))
    return await _member_page(work, view, guides, row, form)


async def _member_page(
    work: Work, view: View, guides: dict[str, Guide], row: BodyMember, form: forms.Form[EditMember], status: int = 200
) -> Template:
    guide = await guide_of(work, guides)
    kind = BODY_KINDS[(await store.body(work, row.body_id)).kind]
    return view.page(
        "bodies/member.html",
        status=status,
        row=row,
        kind=kind,
        form=form,
        roles=ROLES,
        places=[(place.key, place.title) for place in places(guide, kind.key, ())],
        adviser_kinds=ADVISER_KINDS,
        adviser_tasks=ADVISER_TASKS,
    )


@post("/equipos/integrantes/{member_id:uuid}", permission="team:edit", status_code=200)
async def save_member(work: Work, view: View, guides: dict[str, Guide], member_id: UUID) -> Template | Redirect:
    row = await store.member(work, member_id)
    form = forms.read(EditMember, await view.posted())
    if form.ok:
        try:
            row = await teams.edit_member(work, member_id, form.data)
            await drafts.discard(work, f"equipos/integrantes/{member_id}")
            return view.redirect(await _team_of(work, view, row), f"Guardamos los datos de {row.name}.")
        except Rejected as problem:
            form.refuse(problem)
        except Stale:
            theirs = member_form(await store.member(work, member_id))
            return view.conflict(form, theirs, title=row.name, back=view.shell.path)
    return await _member_page(work, view, guides, row, form, 422)


async def _team_of(work: Work, view: View, row: BodyMember) -> str:
    kind = (await store.body(work, row.body_id)).kind
    return f"{view.home}/equipos/{BODY_KINDS[kind].slug}"


@post("/equipos/integrantes/{member_id:uuid}/quitar", permission="team:edit", status_code=200)
async def remove_member(work: Work, view: View, member_id: UUID) -> Template | Redirect:
    """Asks first where the browser could not (no JavaScript)."""
    row = await store.member(work, member_id)
    place = await _team_of(work, view, row)
    if (await view.posted()).get("confirmed") != ["1"]:
        return view.page(
            "confirm.html",
            question=f"¿Retirar a {row.name} de la nómina?",
            text="Las sesiones donde participó conservan su nombre. Si tiene cuenta en Acogida, su acceso se quita en Personas.",
            verb="Retirar de la nómina",
            back=place,
        )
    await teams.remove_member(work, member_id)
    return view.redirect(place, f"Retiramos a {row.name} de la nómina.")


@post("/equipos/integrantes/{member_id:uuid}/invitar", permission="people:invite")
async def invite_member(work: Work, view: View, member_id: UUID) -> Redirect:
    """An adviser's access has a term and tasks, so it goes by the whole form of Personas."""
    row = await store.member(work, member_id)
    roles = invited_roles((await store.body(work, row.body_id)).kind, row.role, row.suggested_role)
    if row.role == "adviser":
        asked = urlencode({"rol": roles[0], "nombre": row.name, "correo": row.email, "cargo": row.cargo})
        return view.redirect(f"{view.home}/personas/invitar?{asked}")
    try:
        if not row.email:
            raise Rejected("Para invitar a esta persona hace falta su correo.")
        await people.invite(work, email=row.email, name=row.name, cargo=row.cargo, unit=row.organization, roles=roles)
    except Rejected as problem:
        words = next(iter(problem.fields.values()), problem.message)
        return view.redirect(f"{view.home}/equipos/integrantes/{member_id}", words, kind="warning")
    return view.redirect(
        f"{view.home}/equipos/integrantes/{member_id}", f"Enviamos a {row.email} la invitación a Acogida."
    )


# Actors


@get("/equipos/actores", permission="workspace:read")
async def actors(work: Work, view: View) -> Template:
    return await _actors(work, view, await drafts.restore(work, "equipos/actores", forms.blank(EditContact)))


async def _actors(work: Work, view: View, form: forms.Form[EditContact], status: int = 200) -> Template:
    return view.page(
        "bodies/actors.html", status=status, form=form, kinds=BODY_KINDS, contacts=await store.contacts(work), row=None
    )


@post("/equipos/actores", permission="team:edit", status_code=200)
async def add_actor(work: Work, view: View) -> Template | Redirect:
    form = forms.read(EditContact, await view.posted())
    if form.ok:
        try:
            row = await teams.add_contact(work, form.data)
            await drafts.discard(work, "equipos/actores")
            return view.redirect(f"{view.home}/equipos/actores", f"Anotamos a {row.name}.")
        except Rejected as problem:
            form.refuse(problem)
    return await _actors(work, view, form, 422)


@get("/equipos/actores/{contact_id:uuid}", permission="workspace:read")
async def show_actor(work: Work, view: View, contact_id: UUID) -> Template:
    row = await store.contact(work, contact_id)
    form = await drafts.restore(work, f"equipos/actores/{contact_id}", forms.filled(EditContact, row))
    return view.page("bodies/actor.html", form=form, kinds=BODY_KINDS, row=row)


@post("/equipos/actores/{contact_id:uuid}", permission="team:edit", status_code=200)
async def save_actor(work: Work, view: View, contact_id: UUID) -> Template | Redirect:
    row = await store.contact(work, contact_id)
    form = forms.read(EditContact, await view.posted())
    if form.ok:
        try:
            await teams.edit_contact(work, contact_id, form.data)
            await drafts.discard(work, f"equipos/actores/{contact_id}")
            return view.redirect(f"{view.home}/equipos/actores", "Guardamos los cambios.")
        except Rejected as problem:
            form.refuse(problem)
        except Stale as stale:
            return view.conflict(form, forms.filled(EditContact, stale.current), title=row.name, back=view.shell.path)
    return view.page("bodies/actor.html", status=422, form=form, kinds=BODY_KINDS, row=row)


@post("/equipos/actores/{contact_id:uuid}/quitar", permission="team:edit", status_code=200)
async def remove_actor(work: Work, view: View, contact_id: UUID) -> Template | Redirect:
    """Asks first where the browser could not (no JavaScript)."""
    row = await store.contact(work, contact_id)
    if (await view.posted()).get("confirmed") != ["1"]:
        return view.page(
            "confirm.html",
            question=f"¿Quitar a {row.name} del mapa de actores?",
            text="La actividad del espacio conservará que estuvo.",
            verb="Quitar del mapa",
            back=f"{view.home}/equipos/actores",
        )
    await teams.remove_contact(work, contact_id)
    return view.redirect(f"{view.home}/equipos/actores", f"Quitamos a {row.name} del mapa.")


ROUTES = [
    workspace(
        overview,
        team,
        add_members,
        inherit,
        body_sheet,
        save_sheet,
        show_member,
        save_member,
        remove_member,
        invite_member,
        actors,
        add_actor,
        show_actor,
        save_actor,
        remove_actor,
    )
]
