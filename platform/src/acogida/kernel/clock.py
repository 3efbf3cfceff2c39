"""Time comes in by the door: everything that asks the hour is given a clock."""

from datetime import UTC, date, datetime
from typing import Protocol
from zoneinfo import ZoneInfo

SANTIAGO = ZoneInfo("America/Santiago")
"""Official time of continental Chile. Magallanes and Isla de Pascua keep their own (see `zone_of`)."""

_ZONES = {"12": ZoneInfo("America/Punta_Arenas"), "05201": ZoneInfo("Pacific/Easter")}


def zone_of(cut: str) -> ZoneInfo:
    """This function will give the time zone of the commune with this CUT."""
    return _ZONES.get(cut) or _ZONES.get(cut[:2], SANTIAGO)


class Clock(Protocol):
    """Whoever tells the time, in UTC."""

    def now(self) -> datetime: ...


class SystemClock:
    """The hour of this machine."""

    def now(self) -> datetime:
        return datetime.now(UTC)


class FixedClock:
    """An hour that only moves when told to. For tests and for reproducible documents."""

    def __init__(self, at: datetime) -> None:
        self._at = at

    def now(self) -> datetime:
        return self._at

    def move_to(self, at: datetime) -> None:
        self._at = at


def today(clock: Clock, zone: ZoneInfo = SANTIAGO) -> date:
    """This function will give the calendar day in `zone` at the clock's instant."""
    return clock.now().astimezone(zone).date()
