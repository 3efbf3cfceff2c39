"""Published policies, for anybody: the list, the whole text, its papers. Nothing here reaches a workspace."""

from litestar import Response, get
from litestar.response import Template

from acogida.features.policies import store
from acogida.features.policies.papers import public_paper
from acogida.features.policies.sealed import HasAddress, code_of, with_code
from acogida.kernel.document import from_json
from acogida.kernel.ports import DocumentRenderer
from acogida.kernel.work import Work
from acogida.web.routing import PUBLIC
from acogida.web.view import View


@get("/politicas", permission=PUBLIC)
async def published(work: Work, view: View) -> Template:
    return view.page("policies/published.html", policies=await store.publications(work))


@get("/politicas/{place:str}", permission=PUBLIC)
async def published_policy(work: Work, view: View, place: str) -> Template:
    page = await store.publication(work, place)
    return view.page("policies/published_policy.html", page=page, document=from_json(page.content), code=code_of(page))


@get("/politicas/{place:str}/politica.pdf", permission=PUBLIC)
async def published_pdf(
    work: Work, view: View, settings: HasAddress, renderer: DocumentRenderer, place: str
) -> Response[bytes]:
    page = await store.publication(work, place)
    document = with_code(from_json(page.content), settings.public_url, code_of(page))
    return await public_paper(view, renderer, document, "pdf", etag=f"{page.sha256}-v")


@get("/politicas/{place:str}/politica.docx", permission=PUBLIC)
async def published_docx(
    work: Work, view: View, settings: HasAddress, renderer: DocumentRenderer, place: str
) -> Response[bytes]:
    page = await store.publication(work, place)
    document = with_code(from_json(page.content), settings.public_url, code_of(page))
    return await public_paper(view, renderer, document, "docx", etag=f"{page.sha256}-v")


@get("/politicas/{place:str}/resumen.pdf", permission=PUBLIC)
async def published_summary_pdf(work: Work, view: View, renderer: DocumentRenderer, place: str) -> Response[bytes]:
    page = await store.publication(work, place)
    return await public_paper(view, renderer, from_json(page.summary), "pdf", etag=f"{page.sha256}-resumen")


@get("/politicas/{place:str}/resumen.docx", permission=PUBLIC)
async def published_summary_docx(work: Work, view: View, renderer: DocumentRenderer, place: str) -> Response[bytes]:
    page = await store.publication(work, place)
    return await public_paper(view, renderer, from_json(page.summary), "docx", etag=f"{page.sha256}-resumen")


HANDLERS = (
    published,
    published_policy,
    published_pdf,
    published_docx,
    published_summary_pdf,
    published_summary_docx,
)
