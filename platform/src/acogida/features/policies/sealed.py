"""The published document with the code that anyone verifies it by."""

from dataclasses import replace
from typing import Protocol, runtime_checkable

from acogida.features.acts import public as acts
from acogida.features.policies.model import Publication
from acogida.kernel.document import Document, DocumentBuilder


@runtime_checkable
class HasAddress(Protocol):
    """Settings, as far as this needs them."""

    @property
    def public_url(self) -> str: ...


def code_of(page: Publication) -> str:
    """This function will give the verification code of a published version: always the same for the same text."""
    return acts.code_of(str(page.municipality_id), page.sha256)


def with_code(document: Document, site: str, code: str) -> Document:
    """This function will give a public document with the code and the QR that verify it, after its last page."""
    end = DocumentBuilder(document.title, author=document.author, kind=document.kind, date=document.date)
    acts.print_code(end, site, code)
    return replace(document, blocks=(*document.blocks, *end.build().blocks))
