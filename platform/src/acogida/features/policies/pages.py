"""Pages of the document: the desk with its chapters, each written section, the whole text and its papers.

Versions, observations and the public pages are in modules of their own; their routes hang here.
"""

from litestar import Response, get, post
from litestar.response import Redirect, Template

from acogida.features.cycles import public as cycles
from acogida.features.drafts import public as drafts
from acogida.features.methodology.model import Guide
from acogida.features.policies import actions, observation_pages, public_pages, store, version_pages
from acogida.features.policies.document import chapter_states, compose
from acogida.features.policies.forms import WriteSection
from acogida.features.policies.known import gather
from acogida.features.policies.papers import docx, pdf
from acogida.features.policies.proposals import proposal
from acogida.features.policies.reading import READERS, Reading, read_as
from acogida.features.policies.sections import BY_KEY, BY_PATH, CHAPTERS, SECTIONS, of_chapter
from acogida.features.policies.summary import compose_summary
from acogida.kernel.errors import NotFound, Rejected, Stale
from acogida.kernel.ports import DocumentRenderer
from acogida.kernel.work import Work
from acogida.web import forms
from acogida.web.routing import public, workspace
from acogida.web.view import View


@get("/documento", permission="workspace:read")
async def desk(work: Work, view: View, guides: dict[str, Guide], como: str = "") -> Template:
    """The chapters at the left, the paper in the middle, what is missing at the right."""
    guide = await cycles.guide_of(work, guides)
    reading = await read_as(work, guide, como)
    draft = reading.document if reading.reader == "borrador" else await compose(work, await gather(work, guide))
    chapters = chapter_states(draft)
    counts = await store.observation_counts(work)
    return view.page(
        "policies/desk.html",
        reading=reading,
        readers=READERS,
        chapters=chapters,
        missing=[(chapter, chapter.missing) for chapter in chapters if chapter.missing],
        pending=sum(count for (_, status), count in counts.items() if status == "pending"),
        observed=sum(counts.values()),
        sections={number: of_chapter(number) for number, _ in CHAPTERS},
        summary_section=BY_KEY["executive_summary"],
        written=await store.texts(work),
        newest=next(iter(await store.versions(work)), None),
    )


@get("/documento/ver", permission="workspace:read")
async def read_whole(work: Work, view: View, guides: dict[str, Guide], como: str = "") -> Template:
    """The whole document as a web page."""
    reading = await read_as(work, await cycles.guide_of(work, guides), como)
    return view.page("policies/whole.html", reading=reading, readers=READERS)


async def _reading(work: Work, guides: dict[str, Guide], como: str) -> Reading:
    return await read_as(work, await cycles.guide_of(work, guides), como)


@get("/documento.pdf", permission="workspace:read")
async def document_pdf(
    work: Work, view: View, guides: dict[str, Guide], renderer: DocumentRenderer, como: str = ""
) -> Response[bytes]:
    reading = await _reading(work, guides, como)
    return await pdf(view, renderer, reading.document, mark=reading.file_mark)


@get("/documento.docx", permission="workspace:read")
async def document_docx(
    work: Work, view: View, guides: dict[str, Guide], renderer: DocumentRenderer, como: str = ""
) -> Response[bytes]:
    reading = await _reading(work, guides, como)
    return await docx(view, renderer, reading.document, mark=reading.file_mark)


@get("/resumen.pdf", permission="workspace:read")
async def summary_pdf(
    work: Work, view: View, guides: dict[str, Guide], renderer: DocumentRenderer, como: str = ""
) -> Response[bytes]:
    reading = await _reading(work, guides, como)
    return await pdf(view, renderer, reading.summary, mark=reading.file_mark)


@get("/resumen.docx", permission="workspace:read")
async def summary_docx(
    work: Work, view: View, guides: dict[str, Guide], renderer: DocumentRenderer, como: str = ""
) -> Response[bytes]:
    reading = await _reading(work, guides, como)
    return await docx(view, renderer, reading.summary, mark=reading.file_mark)


@get("/documento/{part:str}", permission="workspace:read")
async def show_section(work: Work, view: View, guides: dict[str, Guide], part: str, propuesta: str = "") -> Template:
    """The form of one section. With `propuesta=1` it comes filled with what Acogida proposes; nothing is saved yet."""
    section = BY_PATH.get(part)
    if section is None:
        raise NotFound
    row = await store.section(work, section.key)
    start = forms.filled(WriteSection, row) if row else forms.blank(WriteSection)
    form = await drafts.restore(work, f"documento/{part}", start)
    return await _section(work, view, guides, part, form, use_proposal=bool(propuesta))


async def _section(
    work: Work,
    view: View,
    guides: dict[str, Guide],
    part: str,
    form: forms.Form[WriteSection],
    *,
    use_proposal: bool = False,
    status: int = 200,
) -> Template:
    section = BY_PATH[part]
    guide = await cycles.guide_of(work, guides)
    known = await gather(work, guide)
    proposed = proposal(section.key, known)
    if use_proposal and proposed:
        form = forms.Form(WriteSection, {**form.raw, "text": [proposed]})
    at = SECTIONS.index(section)
    return view.page(
        "policies/section.html",
        status=status,
        section=section,
        chapter=dict(CHAPTERS).get(section.chapter, ""),
        form=form,
        rows=[guide.row(row_id) for row_id in section.rows],
        proposed=proposed,
        used=use_proposal and bool(proposed),
        previous=SECTIONS[at - 1] if at else None,
        following=SECTIONS[at + 1] if at + 1 < len(SECTIONS) else None,
        summary=compose_summary(known) if section.key == "executive_summary" else None,
    )


@post("/documento/{part:str}", permission="document:edit", status_code=200)
async def save_section(work: Work, view: View, guides: dict[str, Guide], part: str) -> Template | Redirect:
    section = BY_PATH.get(part)
    if section is None:
        raise NotFound
    form = forms.read(WriteSection, await view.posted())
    if form.ok:
        try:
            await actions.write_section(work, section.key, form.data)
            await drafts.discard(work, f"documento/{part}")
            return view.redirect(f"{view.home}/documento/{part}", f"Guardamos «{section.title}».")
        except Rejected as problem:
            form.refuse(problem)
        except Stale as stale:
            return view.conflict(
                form,
                forms.filled(WriteSection, stale.current),
                title=section.title,
                back=f"{view.home}/documento/{part}",
            )
    return await _section(work, view, guides, part, form, status=422)


ROUTES = [
    workspace(
        desk,
        read_whole,
        document_pdf,
        document_docx,
        summary_pdf,
        summary_docx,
        *version_pages.HANDLERS,
        *observation_pages.HANDLERS,
        show_section,
        save_section,
    ),
    public(*public_pages.HANDLERS),
]
