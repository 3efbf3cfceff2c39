"""The screen of one row of a register: new, seen, corrected, taken away. The same for sources, services and organisations."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any, Generic
from uuid import UUID

from litestar.response import Redirect, Template

from acogida.features.drafts import public as drafts
from acogida.features.methodology.model import Guide
from acogida.kernel.errors import Problem, Rejected, Stale
from acogida.kernel.work import Work
from acogida.web import forms
from acogida.web.view import View


def dimension_options(guide: Guide) -> list[tuple[str, str]]:
    """This function will give the eight dimensions as the choices of a form."""
    return [(dimension.key, f"{dimension.number}. {dimension.title}") for dimension in guide.dimensions]


@dataclass(frozen=True, slots=True)
class Register(Generic[forms.D]):
    """What makes one register different from another."""

    path: str
    """Inside the workspace: `diagnostico/fuentes`."""
    form: type[forms.D]
    template: str
    add: Callable[[Work, forms.D], Awaitable[Any]]
    edit: Callable[[Work, UUID, forms.D], Awaitable[Any]]
    remove: Callable[[Work, UUID], Awaitable[None]]
    find: Callable[[Work, UUID], Awaitable[Any]]
    name_of: Callable[[Any], str]
    context: Callable[[Work, Any], Awaitable[Mapping[str, Any]]]
    """What the template needs besides form and row; the row is None while it is new."""

    def back(self, view: View) -> str:
        return f"{view.home}/{self.path}"

    async def new(self, work: Work, view: View, **start: object) -> Template:
        """Shows the empty form, or what the person had begun to type."""
        form = await drafts.restore(work, f"{self.path}/nueva", forms.blank(self.form, **start))
        return await self._page(work, view, form, None)

    async def create(self, work: Work, view: View) -> Template | Redirect:
        """Adds the row, or gives the form back with its faults."""
        form = forms.read(self.form, await view.posted())
        if form.ok:
            try:
                row = await self.add(work, form.data)
                await drafts.discard(work, f"{self.path}/nueva")
                return view.redirect(self.back(view), f"Guardamos «{self.name_of(row)}».")
            except Rejected as problem:
                form.refuse(problem)
        return await self._page(work, view, form, None, 422)

    async def show(self, work: Work, view: View, row_id: UUID) -> Template:
        """Shows the row in its form."""
        row = await self.find(work, row_id)
        form = await drafts.restore(work, f"{self.path}/{row_id}", forms.filled(self.form, row))
        return await self._page(work, view, form, row)

    async def save(self, work: Work, view: View, row_id: UUID) -> Template | Redirect:
        """Corrects the row; when somebody saved before, shows both versions."""
        row = await self.find(work, row_id)
        form = forms.read(self.form, await view.posted())
        if form.ok:
            try:
                await self.edit(work, row_id, form.data)
                await drafts.discard(work, f"{self.path}/{row_id}")
                return view.redirect(self.back(view), f"Guardamos «{self.name_of(row)}».")
            except Rejected as problem:
                form.refuse(problem)
            except Stale:
                theirs = forms.filled(self.form, await self.find(work, row_id))
                return view.conflict(form, theirs, title=self.name_of(row), back=f"{self.back(view)}/{row_id}")
        return await self._page(work, view, form, row, 422)

    async def take_away(self, work: Work, view: View, row_id: UUID) -> Template | Redirect:
        """Asks first where the browser could not (no JavaScript)."""
        row = await self.find(work, row_id)
        name = self.name_of(row)
        if (await view.posted()).get("confirmed") != ["1"]:
            return view.page(
                "confirm.html",
                question=f"¿Quitar «{name}»?",
                text="La actividad del espacio conservará lo que decía.",
                verb="Quitar de la lista",
                back=self.back(view),
            )
        try:
            await self.remove(work, row_id)
        except Problem as problem:
            work.doom()
            return view.redirect(f"{self.back(view)}/{row_id}", problem.message, kind="warning")
        return view.redirect(self.back(view), f"Quitamos «{name}».")

    async def _page(self, work: Work, view: View, form: forms.Form[forms.D], row: Any, status: int = 200) -> Template:
        return view.page(
            self.template,
            status=status,
            form=form,
            row=row,
            register=self.path,
            draft_key=f"{self.path}/{row.id if row else 'nueva'}",
            **await self.context(work, row),
        )
