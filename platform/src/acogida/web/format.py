"""How dates, numbers and money read in Chile: the filters that templates use."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

from babel.dates import format_date

from acogida.kernel.clock import SANTIAGO

LOCALE = "es_CL"


def long_date(value: date | datetime | None, zone: ZoneInfo = SANTIAGO) -> str:
    """`12 de diciembre de 2026`; nothing for nothing."""
    if value is None:
        return ""
    day = value.astimezone(zone).date() if isinstance(value, datetime) else value
    return format_date(day, "d 'de' MMMM 'de' y", locale=LOCALE)


def short_date(value: date | datetime | None, zone: ZoneInfo = SANTIAGO) -> str:
    """`12-12-2026`."""
    if value is None:
        return ""
    day = value.astimezone(zone).date() if isinstance(value, datetime) else value
    return day.strftime("%d-%m-%Y")


def moment(value: datetime | None, zone: ZoneInfo = SANTIAGO) -> str:
    """`12-12-2026 17:41`, local time."""
    return value.astimezone(zone).strftime("%d-%m-%Y %H:%M") if value else ""


def hour(value: datetime | None, zone: ZoneInfo = SANTIAGO) -> str:
    """`17:41`, local time."""
    return value.astimezone(zone).strftime("%H:%M") if value else ""


def near(value: date | None, today: date) -> str:
    """`hoy`, `mañana`, `ayer`, `en 3 días`, `hace 2 días`, or the long date when further than a week."""
    if value is None:
        return ""
    days = (value - today).days
    known = {0: "hoy", 1: "mañana", -1: "ayer"}
    if days in known:
        return known[days]
    if 1 < days <= 7:
        return f"en {days} días"
    if -7 <= days < -1:
        return f"hace {-days} días"
    return long_date(value)


def number(value: float | None, decimals: int = 0) -> str:
    """`1.234.567` or `14,7`."""
    if value is None:
        return ""
    return f"{value:,.{decimals}f}".translate(str.maketrans(",.", ".,"))


def pesos(value: int | None) -> str:
    """`$15.000`."""
    return "" if value is None else f"${number(value)}"


def size(value: int) -> str:
    """`1,2 MB`."""
    if value >= 1_000_000:
        return f"{number(value / 1_000_000, 1)} MB"
    return f"{number(max(1, value // 1000))} kB"


def initials(name: str) -> str:
    """This function will give one or two capital letters for a name."""
    parts = [part for part in name.split() if part[:1].isalpha()]
    return "".join(part[0] for part in (parts[:1] + parts[-1:] if len(parts) > 1 else parts)).upper()


FILTERS = {
    "fecha": long_date,
    "fecha_corta": short_date,
    "momento": moment,
    "hora": hour,
    "cercana": near,
    "numero": number,
    "pesos": pesos,
    "peso": size,
    "iniciales": initials,
}
