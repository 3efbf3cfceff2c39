"""Pages of the frameworks: how much the policy answers each, and saying what one thing works for."""

from collections.abc import Sequence
from uuid import UUID

from litestar import get, post
from litestar.response import Redirect, Template

from acogida.features.drafts import public as drafts
from acogida.features.frameworks import actions, store
from acogida.features.frameworks.coverage import KINDS, alignment, brought, revision_of
from acogida.features.frameworks.forms import Align
from acogida.features.frameworks.model import AlignmentLink
from acogida.kernel import hooks
from acogida.kernel.errors import NotFound, Rejected
from acogida.kernel.manifest import Framework
from acogida.kernel.work import Work
from acogida.web import forms
from acogida.web.routing import workspace
from acogida.web.view import View

STATES = {"verified": "", "partial": "fuente parcial", "not_found": "redacción propia"}
"""What is said of a part whose words were not read in their source."""


@get("/marcos", permission="workspace:read")
async def show_frameworks(work: Work, view: View) -> Template:
    here = [await alignment(work, plugin.name, each.key) for plugin, each in await hooks.frameworks(work)]
    known = {(each.plugin, each.key) for each in here}
    lost = [found for found in await store.linked_frameworks(work) if found[:2] not in known]
    return view.page("frameworks/frameworks.html", here=here, lost=lost, kinds=KINDS)


@get("/marcos/{plugin:str}/{key:str}", permission="workspace:read")
async def show_framework(work: Work, view: View, plugin: str, key: str) -> Template:
    found = await alignment(work, plugin, key)
    return view.page(
        "frameworks/framework.html", found=found, kinds=KINDS, states=STATES, here=_place(view, plugin, key)
    )


@get("/marcos/{plugin:str}/{key:str}/{kind:str}/{subject_id:uuid}", permission="workspace:read")
async def show_links(work: Work, view: View, plugin: str, key: str, kind: str, subject_id: UUID) -> Template:
    framework = await _brought(work, plugin, key)
    subject = await actions.subject(work, framework, kind, subject_id)
    links = await store.links_of(work, plugin, key, subject.kind, subject_id)
    form = await drafts.restore(work, _draft(plugin, key, kind, subject_id), _filled(links))
    return await _links(work, view, plugin, framework, kind, subject_id, form)


@post("/marcos/{plugin:str}/{key:str}/{kind:str}/{subject_id:uuid}", permission="planning:edit", status_code=200)
async def save_links(work: Work, view: View, plugin: str, key: str, kind: str, subject_id: UUID) -> Template | Redirect:
    framework = await _brought(work, plugin, key)
    subject = await actions.subject(work, framework, kind, subject_id)
    form = forms.read(Align, await view.posted())
    if form.ok:
        try:
            await actions.align(work, plugin, key, subject.kind, subject_id, form.data)
            await drafts.discard(work, _draft(plugin, key, kind, subject_id))
            return view.redirect(_place(view, plugin, key), f"Guardamos los vínculos con {framework.title}.")
        except Rejected as problem:
            form.refuse(problem)
        except actions.StaleLinks as stale:
            return view.conflict(
                form, _filled(stale.links), title=subject.title, back=f"{_place(view, plugin, key)}/{kind}/{subject_id}"
            )
    return await _links(work, view, plugin, framework, kind, subject_id, form, 422)


async def _links(
    work: Work,
    view: View,
    plugin: str,
    framework: Framework,
    kind: str,
    subject_id: UUID,
    form: forms.Form[Align],
    status: int = 200,
) -> Template:
    subject = await actions.subject(work, framework, kind, subject_id)
    return view.page(
        "frameworks/links.html",
        status=status,
        framework=framework,
        subject=subject,
        form=form,
        chosen=set(form.values("nodes")),
        here=_place(view, plugin, framework.key),
        draft=_draft(plugin, framework.key, kind, subject_id),
        states=STATES,
    )


def _filled(links: Sequence[AlignmentLink]) -> forms.Form[Align]:
    return forms.blank(
        Align,
        nodes=[link.node for link in links],
        note=links[0].note if links else "",
        version=revision_of(links),
    )


async def _brought(work: Work, plugin: str, key: str) -> Framework:
    found = await brought(work, plugin, key)
    if found is None:
        raise NotFound
    return found


def _draft(plugin: str, key: str, kind: str, subject_id: UUID) -> str:
    return f"marcos/{plugin}/{key}/{kind}/{subject_id}"


def _place(view: View, plugin: str, key: str) -> str:
    return f"{view.home}/marcos/{plugin}/{key}"


ROUTES = [workspace(show_frameworks, show_framework, show_links, save_links)]
