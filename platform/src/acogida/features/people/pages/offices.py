"""Pages of the offices of the municipality: who holds each, who substitutes, since when and by what act."""

from typing import Any
from uuid import UUID

from litestar import get, post
from litestar.response import Redirect, Template

from acogida.features.people import public
from acogida.features.people.actions import offices
from acogida.features.people.forms import AddTerm
from acogida.features.people.model import OFFICES
from acogida.kernel.errors import Rejected
from acogida.kernel.permissions import ROLES
from acogida.kernel.work import Work
from acogida.web import forms
from acogida.web.routing import workspace
from acogida.web.view import View

ADDING = "cargos/registrar"


@get("/personas/cargos", permission="workspace:read")
async def offices_page(work: Work, view: View) -> Template:
    return view.page(
        "people/offices.html", offices=await offices.offices(work), kinds=OFFICES, titles=ROLES, today=work.today()
    )


@get("/personas/cargos/registrar", permission="office:edit")
async def term_page(work: Work, view: View, cargo: str = "", como: str = "holder") -> Template:
    start: dict[str, Any] = {"kind": como if como in ("holder", "substitute") else "holder", "since": work.today()}
    now = {office.key: office for office in await offices.offices(work)}
    if cargo in now:
        start["office"] = cargo if cargo in OFFICES else "other"
        start["other_office"] = "" if cargo in OFFICES else cargo
        holder = now[cargo].holder
        start["title"] = holder.title if holder else ""
    return await _term(work, view, forms.blank(AddTerm, **start))


async def _term(work: Work, view: View, form: forms.Form[AddTerm], status: int = 200) -> Template:
    people = [member for member in await public.members(work) if not any(ROLES[r].external for r in member.roles)]
    return view.page(
        "people/office_term.html",
        status=status,
        form=form,
        kinds=[(key, kind.title) for key, kind in OFFICES.items()] + [("other", "Otro cargo")],
        people=[(str(member.id), f"{member.name}, {member.cargo}") for member in people],
    )


@post("/personas/cargos/registrar", permission="office:edit", status_code=200)
async def add_term(work: Work, view: View) -> Template | Redirect:
    form = forms.read(AddTerm, await view.posted())
    if form.ok:
        try:
            row = await offices.add_term(work, form.data)
            said = "subroga como" if row.kind == "substitute" else "ejerce como"
            return view.redirect(f"{view.home}/personas/cargos", f"Quedó registrado: {row.name} {said} {row.title}.")
        except Rejected as problem:
            form.refuse(problem)
    return await _term(work, view, form, 422)


@post("/personas/cargos/{term_id:uuid}/terminar", permission="office:edit", status_code=200)
async def end_term(work: Work, view: View, term_id: UUID) -> Template | Redirect:
    if (await view.posted()).get("confirmed") != ["1"]:
        return view.page(
            "confirm.html",
            question="¿Terminar hoy este período?",
            text="Queda en la historia del cargo. Si era una subrogancia, el titular vuelve a ejercer desde mañana.",
            verb="Terminar hoy",
            back=f"{view.home}/personas/cargos",
        )
    try:
        row = await offices.end_term(work, term_id)
    except Rejected as problem:
        work.doom()
        return view.redirect(f"{view.home}/personas/cargos", problem.message, kind="error")
    return view.redirect(f"{view.home}/personas/cargos", f"Terminó el período de {row.name} como {row.title}.")


ROUTES = [workspace(offices_page, term_page, add_term, end_term)]
