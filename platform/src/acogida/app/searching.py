"""Which engine searches the catalogue of good practices here, and how an operator puts it in order."""

from collections.abc import Sequence

from acogida.adapters.search_postgres import PostgresSearch
from acogida.adapters.search_words import synonyms
from acogida.app.settings import Settings
from acogida.features.search import upkeep
from acogida.kernel.db import Database
from acogida.kernel.ports import SearchIndex


def search_of(settings: Settings, database_url: str) -> SearchIndex:
    """This function will give PostgreSQL, or Meilisearch with PostgreSQL behind it where the operator has one."""
    said = synonyms(settings.catalogue)
    postgres = PostgresSearch(database_url, synonyms=said)
    if not settings.meili_url:
        return postgres
    from acogida.adapters.search_fallback import FallbackSearch
    from acogida.adapters.search_meilisearch import (
        MeilisearchSearch,
    )  # its client is only worth its start where it is used

    return FallbackSearch(MeilisearchSearch(settings.meili_url, str(settings.meili_key), synonyms=said), postgres)


async def keep_up(settings: Settings, *, again: bool) -> Sequence[upkeep.Mended]:
    """This function will make the index `again` from nothing, or only mend it, and say what each engine lacked."""
    database = Database(str(settings.database.worker_url), pool_size=2, name="acogida-search-upkeep")
    index = search_of(settings, str(settings.database.worker_url))
    try:
        documents = upkeep.documents_of(database)
        return await (upkeep.rebuild if again else upkeep.mend)(index, documents)
    finally:
        await index.close()
        await database.close()
