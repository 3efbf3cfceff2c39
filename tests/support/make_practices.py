"""Practices as an index reads them, for the tests of searching."""

from collections.abc import AsyncIterator, Callable, Sequence
from datetime import date

from acogida.kernel.ports import PracticeDocument


def make_document(
    code: str,
    title: str,
    *,
    edition: int = 1,
    summary: str = "",
    body: str = "",
    place: str = "Temuco",
    country: str = "CL",
    region: str = "09",
    dimensions: tuple[str, ...] = ("1",),
    themes: tuple[str, ...] = (),
    targets: tuple[str, ...] = ("migrantes",),
    evidence: str = "none",
    languages: tuple[str, ...] = ("es",),
    published_on: date = date(2025, 4, 1),
    adoptions: int = 0,
    translations: str = "",
) -> PracticeDocument:
    return PracticeDocument(
        id=code,
        edition=edition,
        title=title,
        summary=summary,
        body=body,
        place=place,
        country=country,
        region=region,
        dimensions=dimensions,
        categories=("1",),
        subcategories=("1.a",),
        themes=themes,
        scale="large",
        targets=targets,
        evidence=evidence,
        language="es",
        languages=languages,
        published_on=published_on,
        adoptions=adoptions,
        translations=translations,
    )


def all_of(documents: Sequence[PracticeDocument]) -> Callable[[], AsyncIterator[PracticeDocument]]:
    """Whoever reads these, as often as it is asked."""

    async def read() -> AsyncIterator[PracticeDocument]:
        for document in documents:
            yield document

    return read
