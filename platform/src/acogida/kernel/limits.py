"""How often somebody may try: counters in the database, shared by every process."""

from datetime import datetime, timedelta

from sqlalchemy import Integer, text
from sqlalchemy.orm import Mapped, mapped_column

from acogida.kernel.clock import Clock
from acogida.kernel.db import Database, GlobalTable
from acogida.kernel.errors import TooMany


class RateCounter(GlobalTable):
    """Attempts of one key in one window."""

    __tablename__ = "rate_counter"

    key: Mapped[str] = mapped_column(primary_key=True)
    window_start: Mapped[datetime] = mapped_column(primary_key=True)
    attempts: Mapped[int] = mapped_column(Integer)


_COUNT = text(
    """
    insert into core.rate_counter (key, window_start, attempts) values (:key, :window, 1)
    on conflict (key, window_start) do update set attempts = core.rate_counter.attempts + 1
    returning attempts
    """
)


async def count(database: Database, clock: Clock, key: str, *, limit: int, window: timedelta) -> None:
    """This function will count one attempt of `key` and raise `TooMany` after `limit` within the window.

    It counts outside the caller's transaction: a refused request must not forget its attempt.
    """
    seconds = int(window.total_seconds())
    now = clock.now()
    start = datetime.fromtimestamp(int(now.timestamp()) // seconds * seconds, tz=now.tzinfo)
    async with database.connection() as connection:
        attempts = await connection.scalar(_COUNT, {"key": key, "window": start})
    if attempts is None or attempts > limit:
        raise TooMany
