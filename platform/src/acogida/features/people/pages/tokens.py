"""Page of the keys to the API of the workspace."""

from uuid import UUID

from litestar import get, post
from litestar.response import Redirect, Template

from acogida.features.people import store
from acogida.features.people.actions import tokens
from acogida.features.people.forms import TERMS, NewToken
from acogida.kernel.errors import Rejected
from acogida.kernel.work import Work
from acogida.web import forms
from acogida.web.routing import workspace
from acogida.web.view import View


@get("/llaves", permission="token:manage")
async def keys(work: Work, view: View) -> Template:
    return await _keys(work, view, forms.blank(NewToken))


async def _keys(
    work: Work, view: View, form: forms.Form[NewToken], *, made: tokens.Made | None = None, status: int = 200
) -> Template:
    everyone = work.actor.may("people:invite")
    return view.page(
        "people/tokens.html",
        status=status,
        form=form,
        made=made,
        rows=await store.tokens(work, of=None if everyone else work.actor.person_id),
        everyone=everyone,
        now=work.clock.now(),
        terms=TERMS,
    )


@post("/llaves", permission="token:manage", status_code=200)
async def create(work: Work, view: View) -> Template:
    """Answers with the page itself: the key is shown here and kept nowhere, so there is no place to send the browser."""
    form = forms.read(NewToken, await view.posted())
    if form.ok:
        try:
            made = await tokens.create(work, form.data)
            return await _keys(work, view, forms.blank(NewToken), made=made)
        except Rejected as problem:
            form.refuse(problem)
    return await _keys(work, view, form, status=422)


@post("/llaves/{token_id:uuid}/revocar", permission="token:manage", status_code=200)
async def revoke(work: Work, view: View, token_id: UUID) -> Template | Redirect:
    row = await store.token(work, token_id)
    if (await view.posted()).get("confirmed") != ["1"]:
        return view.page(
            "confirm.html",
            question=f"¿Revocar la llave «{row.name}»?",
            text="Lo que la use dejará de entrar de inmediato.",
            verb="Revocar la llave",
            back=f"{view.home}/llaves",
        )
    await tokens.revoke(work, token_id)
    return view.redirect(f"{view.home}/llaves", f"Revocamos la llave «{row.name}».")


ROUTES = [workspace(keys, create, revoke)]
