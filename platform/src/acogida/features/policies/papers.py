"""A document as a file to take away: PDF or Word, with a name that says what it is."""

from typing import Literal

from litestar import Response

from acogida.kernel.document import Document
from acogida.kernel.ports import DocumentRenderer
from acogida.web.view import View

PDF = "application/pdf"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


async def pdf(view: View, renderer: DocumentRenderer, document: Document, *, mark: str) -> Response[bytes]:
    """This function will answer with the document as PDF."""
    return view.file(await renderer.pdf(document), name=f"{_name(document, mark)}.pdf", media_type=PDF)


async def docx(view: View, renderer: DocumentRenderer, document: Document, *, mark: str) -> Response[bytes]:
    """This function will answer with the document as Word."""
    return view.file(await renderer.docx(document), name=f"{_name(document, mark)}.docx", media_type=DOCX)


async def public_paper(
    view: View, renderer: DocumentRenderer, document: Document, kind: Literal["pdf", "docx"], *, etag: str
) -> Response[bytes]:
    """This function will answer with a public document as PDF or Word; whoever has it already is told so (304)."""
    headers = {"cache-control": "public, max-age=300", "etag": f'"{etag}-{kind}"'}
    if view.request.headers.get("if-none-match") == headers["etag"]:
        return Response(b"", status_code=304, headers=headers)
    make = pdf if kind == "pdf" else docx
    answer = await make(view, renderer, document, mark=document.version)
    answer.headers.update(headers)
    return answer


def _name(document: Document, mark: str) -> str:
    """`Política Municipal de Migración, Temuco, Versión 3`: no character that a file system refuses."""
    what = document.subtitle if document.kind == "Resumen ejecutivo" else ""
    place = document.author.removeprefix("Municipalidad de ")
    return ", ".join(part for part in (document.title, what, place, mark) if part).replace("/", "-")
