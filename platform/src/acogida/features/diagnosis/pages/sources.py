"""Secondary sources: the commune's public figures first, then what the team reviewed (guide 02 · 2.1)."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from litestar import get, post
from litestar.response import Redirect, Template

from acogida.features.communes.public import figures_of
from acogida.features.cycles.public import guide_of
from acogida.features.diagnosis import actions, report, store
from acogida.features.diagnosis.forms import EditSource
from acogida.features.diagnosis.model import Source
from acogida.features.diagnosis.national import CENSUS, offered, says_of
from acogida.features.diagnosis.pages.registers import Register
from acogida.features.diagnosis.words import SOURCE_KINDS
from acogida.features.evidence import public as evidence
from acogida.features.methodology.model import Guide
from acogida.kernel.errors import Rejected
from acogida.kernel.ports import Files
from acogida.kernel.work import Work
from acogida.web.routing import workspace
from acogida.web.view import View

PATH = "diagnostico/fuentes"


async def _context(work: Work, row: Source | None) -> Mapping[str, Any]:
    return {"kinds": SOURCE_KINDS, "attached": await evidence.files_of(work, "source", row.id) if row else ()}


async def _find(work: Work, row_id: UUID) -> Source:
    return await store.one(work, Source, row_id)


REGISTER: Register[EditSource] = Register(
    path=PATH,
    form=EditSource,
    template="diagnosis/source.html",
    add=actions.add_source,
    edit=actions.edit_source,
    remove=actions.remove_source,
    find=_find,
    name_of=lambda row: row.title,
    context=_context,
)


@get(f"/{PATH}", permission="workspace:read")
async def overview(work: Work, view: View, guides: dict[str, Guide]) -> Template:
    guide = await guide_of(work, guides)
    facts = await figures_of(work, work.tenant.cut)
    rows = await store.sources(work)
    used = {row.title for row in rows}
    return view.page(
        "diagnosis/sources.html",
        rows=rows,
        kinds=SOURCE_KINDS,
        facts=facts,
        chart=report.origins_chart(facts) if facts else None,
        standing=report.standing(facts) if facts else "",
        census_used=any(source.key == CENSUS and source.title in used for source in offered(facts)),
        national=[(source, says_of(source, facts), source.title in used) for source in offered(facts)],
        files=await evidence.file_counts(work, "source"),
        tips=guide.tips_of("2.1"),
        reading=next(reading for reading in guide.readings if reading.id == "AMB-01"),
    )


@post(f"/{PATH}/usar", permission="diagnosis:edit", status_code=200)
async def use_national(work: Work, view: View) -> Redirect:
    """Takes a national source as reviewed, with what it says of the commune already written."""
    key = ((await view.posted()).get("key") or [""])[-1]
    try:
        row = await actions.use_national_source(work, key)
    except Rejected as problem:
        return view.redirect(f"{view.home}/{PATH}", problem.message, kind="info")
    if row.reviewed_on:
        return view.redirect(f"{view.home}/{PATH}#lista", f"«{row.title}» quedó entre sus fuentes revisadas.")
    return view.redirect(
        f"{view.home}/{PATH}/{row.id}", "Quedó en su lista. Escriba qué dice sobre su comuna y cuándo la revisó."
    )


@get(f"/{PATH}/nueva", permission="diagnosis:edit")
async def new_source(work: Work, view: View) -> Template:
    return await REGISTER.new(work, view, reviewed_on=work.today())


@post(f"/{PATH}/nueva", permission="diagnosis:edit", status_code=200)
async def add_source(work: Work, view: View) -> Template | Redirect:
    return await REGISTER.create(work, view)


@get(f"/{PATH}/{{row_id:uuid}}", permission="workspace:read")
async def show_source(work: Work, view: View, row_id: UUID) -> Template:
    return await REGISTER.show(work, view, row_id)


@post(f"/{PATH}/{{row_id:uuid}}", permission="diagnosis:edit", status_code=200)
async def save_source(work: Work, view: View, row_id: UUID) -> Template | Redirect:
    return await REGISTER.save(work, view, row_id)


@post(f"/{PATH}/{{row_id:uuid}}/quitar", permission="diagnosis:edit", status_code=200)
async def remove_source(work: Work, view: View, row_id: UUID) -> Template | Redirect:
    return await REGISTER.take_away(work, view, row_id)


@post(f"/{PATH}/{{row_id:uuid}}/archivos", permission="diagnosis:edit", status_code=200)
async def add_file(work: Work, view: View, files: Files, row_id: UUID) -> Redirect:
    """Keeps the file of the source: information that the municipality holds and that is nowhere else."""
    row = await _find(work, row_id)
    back = f"{view.home}/{PATH}/{row_id}"
    upload = await view.uploaded("file")
    if upload is None or not upload.filename:
        return view.redirect(back, "Elija el archivo que quiere subir.", kind="warning")
    try:
        await evidence.keep(work, files, upload, kind="report", subject_type="source", subject_id=row.id)
    except Rejected as problem:
        work.doom()
        return view.redirect(back, problem.fields.get("file", problem.message), kind="error")
    return view.redirect(back, "Guardamos el archivo.")


ROUTES = [
    workspace(
        overview,
        use_national,
        new_source,
        add_source,
        show_source,
        save_source,
        remove_source,
        add_file,
    )
]
