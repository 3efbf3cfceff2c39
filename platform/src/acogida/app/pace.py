"""How much one person, key or address may ask in a minute: the last line before the database is everybody's problem.

Counted in the database, so that every process counts together. Sign-in, links and claims have limits of their own, much
lower, where they are handled. Reading pages is free: a person does not read faster than the pages are made.
"""

from datetime import timedelta
from typing import Any

from litestar.connection import ASGIConnection

from acogida.app.wiring import Services
from acogida.kernel import limits
from acogida.kernel.identity import Identity

_MINUTE = timedelta(minutes=1)


async def keep_pace(services: Services, connection: ASGIConnection[Any, Any, Any, Any], who: Identity) -> None:
    """This function will count a write, or a request with a key, and raise `TooMany` beyond the limit of the settings."""
    limit = services.settings.requests_per_minute
    api = connection.url.path.startswith("/api/")
    if not limit or (not api and connection.scope.get("method") in ("GET", "HEAD", "OPTIONS")):
        return
    address = connection.client.host if connection.client else "-"
    key = f"pace:{who.actor.token_id or who.actor.person_id}" if who.signed_in else f"pace-from:{address}"
    await limits.count(services.database, services.clock, key, limit=limit, window=_MINUTE)
