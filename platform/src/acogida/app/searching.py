"""Which engine searches the catalogue of good practices here."""

from acogida.adapters.search_postgres import PostgresSearch
from acogida.adapters.search_words import synonyms
from acogida.app.settings import Settings
from acogida.kernel.ports import SearchIndex


def search_of(settings: Settings, database_url: str) -> SearchIndex:
    """This function will give PostgreSQL, or Meilisearch with PostgreSQL behind it where the operator has one."""
    said = synonyms(settings.catalogue)
    postgres = PostgresSearch(database_url, synonyms=said)
    if not settings.meili_url:
        return postgres
    from acogida.adapters.search_fallback import FallbackSearch
    from acogida.adapters.search_meilisearch import MeilisearchSearch  # its client is only worth its start where it is used

    return FallbackSearch(MeilisearchSearch(settings.meili_url, str(settings.meili_key), synonyms=said), postgres)
