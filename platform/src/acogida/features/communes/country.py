"""The whole country at a glance: totals, the sixteen regions and a drawing of the 346 communes from north to south.

The drawing holds points, never borders: each stands where the commune's centre is, turned so that the north is at the
left. Rapa Nui, Juan Fernández and Antártica would stretch the sheet and stand at its edge, as a footnote says.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from html import escape
from itertools import count, groupby, product
from math import cos, radians, sin, sqrt

from acogida.features.communes import store
from acogida.kernel.figures import BLUE, DARK_BLUE
from acogida.kernel.work import Work

SOURCE = "INE, Censo de Población y Vivienda"
_WIDTH, _HEIGHT, _EDGE, _TOP = 1200.0, 272.0, 14.0, 24.0
_NORTH, _SOUTH, _WEST, _EAST = -17.9, -55.4, -74.9, -67.4
_SMALL, _LARGE, _AIR = 2.4, 19.0, 0.8
"""Radius of a commune without anybody born abroad, and of the one with most; and the air between two."""
_LABELS = (
    ("Arica", -70.3, -18.5),
    ("Antofagasta", -70.4, -23.6),
    ("La Serena", -71.2, -29.9),
    ("Santiago", -70.6, -33.4),
    ("Concepción", -73.0, -36.8),
    ("Puerto Montt", -72.9, -41.5),
    ("Coyhaique", -72.1, -45.6),
    ("Punta Arenas", -70.9, -53.2),
)
"""Cities written under the drawing, so that one knows where one is."""
_GOLDEN = 2.39996
"""The golden angle: a spiral of it leaves no gaps."""
_STEP, _CELL = 1.2, 8
"""How far apart the places are that a circle tries around its own; side of the squares by which others are found."""
_MANY = 10.0
"""Per cent from which a commune is drawn in the stronger colour."""


@dataclass(frozen=True, slots=True)
class RegionShare:
    """A region's people of the last census. `share` is per cent born abroad."""

    code: str
    short_name: str
    population: int
    foreign_born: int

    @property
    def share(self) -> float:
        return 100 * self.foreign_born / self.population


@dataclass(frozen=True, slots=True)
class Country:
    """Chile in the last census, and where one in ten people or more was born abroad."""

    year: int
    population: int
    foreign_born: int
    communes: int
    with_one_in_ten: int
    regions: tuple[RegionShare, ...]
    """From north to south."""
    drawing: str
    """SVG of the communes; ours, so it may be written as it is."""

    @property
    def share(self) -> float:
        return 100 * self.foreign_born / self.population


async def country(work: Work) -> Country | None:
    """This function will sum up the last census for the whole country, or give None before any is loaded."""
    rows = await store.listed(work.session)
    if not rows:
        return None
    names = {region.code: region.short_name for region in await store.regions(work.session)}
    regions = []
    for code, group in groupby(rows, key=lambda row: row[0].region_code):
        people = [(population, abroad) for _, population, abroad, _ in group]
        regions.append(RegionShare(code, names[code], sum(p for p, _ in people), sum(a for _, a in people)))
    return Country(
        year=await store.latest_year(work.session),
        population=sum(region.population for region in regions),
        foreign_born=sum(region.foreign_born for region in regions),
        communes=len(rows),
        with_one_in_ten=sum(share >= _MANY for *_, share in rows),
        regions=tuple(regions),
        drawing=_drawing(
            tuple(_Point(c.cut, c.name, c.latitude, c.longitude, abroad, share) for c, _, abroad, share in rows)
        ),
    )


@dataclass(frozen=True, slots=True)
class _Point:
    """A commune as it is drawn: its centre in degrees, people born abroad, per cent of its population."""

    cut: str
    name: str
    latitude: float
    longitude: float
    foreign_born: int
    share: float


@lru_cache(maxsize=4)
def _drawing(points: tuple[_Point, ...]) -> str:
    most = max((point.foreign_born for point in points), default=0) or 1
    taken = _Taken()
    marks = []
    for point in sorted(points, key=lambda each: (-each.foreign_born, each.cut)):
        radius = _SMALL + (_LARGE - _SMALL) * sqrt(point.foreign_born / most)
        x, y = taken.settle(*_place(point), radius)
        look = (DARK_BLUE, "0.85") if point.share >= _MANY else (BLUE, "0.5")
        said = f"{point.name}: {point.share:.1f} %".replace(".", ",")
        marks.append(
            f'<a href="/comunas/{point.cut}" tabindex="-1"><circle cx="{x:.1f}" cy="{y:.1f}" r="{radius:.1f}" '
            f'fill="{look[0]}" fill-opacity="{look[1]}"><title>{escape(said)}</title></circle></a>'
        )
    for name, longitude, latitude in _LABELS:
        x, _ = _place(_Point("", name, latitude, longitude, 0, 0))
        marks.append(f'<text x="{x:.0f}" y="{_HEIGHT - 4:.0f}" text-anchor="middle">{name}</text>')
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" class="country__drawing" viewBox="0 0 {_WIDTH:.0f} {_HEIGHT:.0f}" '
        f'aria-hidden="true" focusable="false">{"".join(marks)}</svg>'
    )


def _place(point: _Point) -> tuple[float, float]:
    """North at the left, east at the top; a degree of longitude shrinks towards the south as it does on the globe."""
    latitude = min(max(point.latitude, _SOUTH), _NORTH)
    longitude = min(max(point.longitude, _WEST), _EAST)
    scale = (_WIDTH - 2 * _EDGE) / (_NORTH - _SOUTH)
    across = (_EAST - longitude) * cos(radians(latitude)) * scale
    return _EDGE + (_NORTH - latitude) * scale, min(_TOP + across, _HEIGHT - _EDGE)


_Circle = tuple[float, float, float]


class _Taken:
    """Where circles already stand. A new one takes the free place nearest to its own, so that none hides another."""

    def __init__(self) -> None:
        self._cells: dict[tuple[int, int], list[_Circle]] = {}

    def settle(self, x: float, y: float, radius: float) -> tuple[float, float]:
        blocking: _Circle | None = None
        for turn in count():
            distance = _STEP * sqrt(turn)
            at = (x + distance * cos(turn * _GOLDEN), y + distance * sin(turn * _GOLDEN), radius)
            if blocking is None or not _touch(at, blocking):
                blocking = next(
                    (other for cell in _cells(at) for other in self._cells.get(cell, ()) if _touch(at, other)), None
                )
                if blocking is None:
                    break
        for cell in _cells(at):
            self._cells.setdefault(cell, []).append(at)
        return at[0], at[1]


def _cells(circle: _Circle) -> Iterator[tuple[int, int]]:
    """The squares of the sheet that the circle and its air reach."""
    x, y, reach = circle[0], circle[1], circle[2] + _AIR
    return product(
        range(int((x - reach) // _CELL), int((x + reach) // _CELL) + 1),
        range(int((y - reach) // _CELL), int((y + reach) // _CELL) + 1),
    )


def _touch(one: _Circle, other: _Circle) -> bool:
    across, down, apart = one[0] - other[0], one[1] - other[1], one[2] + other[2] + _AIR
    return across * across + down * down < apart * apart
