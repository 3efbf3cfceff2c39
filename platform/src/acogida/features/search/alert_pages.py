"""The pages of news by mail: asking for them, confirming, and ending them."""

from datetime import timedelta
from typing import Any

from litestar import Request, get, post
from litestar.response import Redirect, Template

from acogida.features.methodology.model import Guide
from acogida.features.search import alerts, finding, store
from acogida.features.search.alerts import PATH, AskForAlert
from acogida.features.search.finding import Asked, Words, words_of
from acogida.features.search.settings import HasCatalogue
from acogida.kernel import limits
from acogida.kernel.db import Database
from acogida.kernel.work import Work
from acogida.web import forms
from acogida.web.forms import multidict
from acogida.web.routing import PUBLIC
from acogida.web.view import View

_PRIVATE = {"referrer-policy": "no-referrer", "x-robots-tag": "noindex"}


@get(PATH, permission=PUBLIC)
async def alert_page(
    request: Request[Any, Any, Any], view: View, settings: HasCatalogue, guides: dict[str, Guide]
) -> Template:
    words = words_of(settings, guides)
    return _asking(
        view, forms.blank(AskForAlert), finding.read(multidict(request.query_params.multi_items()), words), words
    )


@post(PATH, permission=PUBLIC, status_code=200)
async def ask_for_alert(
    request: Request[Any, Any, Any],
    work: Work,
    view: View,
    database: Database,
    settings: HasCatalogue,
    guides: dict[str, Guide],
) -> Template | Redirect:
    words = words_of(settings, guides)
    asked = finding.read(multidict(request.query_params.multi_items()), words)
    form = forms.read(AskForAlert, await view.posted())
    if not form.ok:
        return _asking(view, form, asked, words, status=422)
    host = request.client.host if request.client else "-"
    await limits.count(database, work.clock, f"alert-from:{host}", limit=20, window=timedelta(days=1))
    await limits.count(database, work.clock, f"alert:{form.data.email}", limit=5, window=timedelta(days=1))
    await alerts.ask(work, form.data.email, asked, words)
    return view.redirect(asked.address, f"Escribimos a {form.data.email}. Abra el enlace de ese correo para confirmar.")


def _asking(view: View, form: forms.Form[AskForAlert], asked: Asked, words: Words, *, status: int = 200) -> Template:
    return view.page(
        "search/alert.html",
        status=status,
        form=form,
        asked=asked,
        described=alerts.described(asked, words),
        action=f"{PATH}?{told}" if (told := alerts.query_of(asked)) else PATH,
    )


@get(f"{PATH}/{{token:str}}", permission=PUBLIC)
async def alert_state(work: Work, view: View, settings: HasCatalogue, guides: dict[str, Guide], token: str) -> Template:
    words = words_of(settings, guides)
    row = await store.alert_of(work.session, token)
    asked = alerts.read(row.asked, words)
    return view.page(
        "search/alert_state.html",
        headers=_PRIVATE,
        row=row,
        asked=asked,
        described=alerts.described(asked, words),
        action=f"{PATH}/{token}",
    )


@post(f"{PATH}/{{token:str}}/confirmar", permission=PUBLIC)
async def confirm_alert(work: Work, view: View, token: str) -> Redirect:
    await alerts.confirm(work, token)
    return view.redirect(f"{PATH}/{token}", "Listo: le escribiremos cuando haya algo nuevo.")


@post(f"{PATH}/{{token:str}}/terminar", permission=PUBLIC)
async def end_alert(work: Work, view: View, token: str) -> Redirect:
    await alerts.end(work, token)
    return view.redirect(finding.HOME, "No le escribiremos más por esta búsqueda, y borramos su correo de este aviso.")


HANDLERS = (alert_page, ask_for_alert, alert_state, confirm_alert, end_alert)
