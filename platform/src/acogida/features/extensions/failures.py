"""What plugins did wrong, told to the operator: which, where, at what, how often. It says nothing of anybody."""

from collections.abc import Sequence
from datetime import timedelta

import structlog
from sqlalchemy.exc import SQLAlchemyError

from acogida.features.extensions import store
from acogida.kernel.clock import Clock
from acogida.kernel.containment import Failure
from acogida.kernel.db import Database

log = structlog.get_logger()
KEPT = timedelta(days=90)
"""How long what failed is remembered."""


async def tell(database: Database, clock: Clock, slug: str, failures: Sequence[Failure]) -> None:
    """This function will write down what failed in a request or a job that is over, in a transaction of its own.

    It never raises: whoever was served has been served.
    """
    try:
        async with database.transaction() as session:
            await store.add_failures(session, clock.now(), slug, failures)
    except (SQLAlchemyError, OSError) as error:
        log.warning("plugin.failures_not_told", reason=type(error).__name__, failures=len(failures))
