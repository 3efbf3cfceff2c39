"""What other rooms may ask about the catalogue."""

from collections.abc import AsyncIterator, Mapping, Sequence
from uuid import UUID

from acogida.features.practices import content, store
from acogida.features.practices.actions.adoption import forget
from acogida.features.practices.catalogue import load
from acogida.features.practices.events import PracticePublished, PracticeRetired
from acogida.features.practices.model import SOURCE_LANGUAGE, PracticeEdition, PracticeTranslation
from acogida.features.practices.vocabulary import Taxonomy, country, language, taxonomy
from acogida.kernel.db import TenantSession
from acogida.kernel.ports import PracticeDocument

__all__ = [
    "PracticePublished",
    "PracticeRetired",
    "Taxonomy",
    "country",
    "document_of",
    "document_with",
    "forget",
    "language",
    "load",
    "published_documents",
    "taxonomy",
]


async def published_documents(session: TenantSession) -> AsyncIterator[PracticeDocument]:
    """This function will give every practice that anybody may find, as a search reads it, by code."""
    adopted = await store.adopted(session)
    translated = await store.all_translations(session)
    async for practice, edition in store.published(session):
        known = adopted.get(practice.code)
        yield document_of(
            edition, adoptions=known.communes if known else 0, translations=translated.get(practice.id, ())
        )


async def document_with(session: TenantSession, practice_id: UUID) -> tuple[str, PracticeDocument | None]:
    """This function will give the code of a practice and its document; None in its place where nobody may find it.

    Raises `NotFound` where there is no such practice.
    """
    found = await store.published_with(session, practice_id)
    if found is None:
        return await store.code_of(session, practice_id), None
    practice, edition = found
    known: Mapping[str, store.Adopted] = await store.adopted(session, [practice.code])
    return practice.code, document_of(
        edition,
        adoptions=known[practice.code].communes if practice.code in known else 0,
        translations=await store.translations(session, practice.id, edition.number),
    )


def document_of(
    edition: PracticeEdition, *, adoptions: int = 0, translations: Sequence[PracticeTranslation] = ()
) -> PracticeDocument:
    """This function will turn an edition into what a search reads."""
    said = content.of(edition.content)
    return PracticeDocument(
        id=edition.code,
        edition=edition.number,
        title=said.title,
        summary=said.summary,
        body=content.body(said),
        place=said.place,
        country=said.country,
        region=said.region,
        dimensions=said.dimensions,
        categories=(said.category,) if said.category else (),
        subcategories=(said.subcategory,) if said.subcategory else (),
        themes=said.themes,
        scale=said.scale,
        targets=said.targets,
        evidence=said.evidence,
        language=SOURCE_LANGUAGE,
        languages=said.languages,
        published_on=edition.published_on,
        adoptions=adoptions,
        translations="\n".join(f"{each.title}\n{each.summary}" for each in translations),
    )
