"""Parts of a photograph, as people mark them: four numbers each, in hundredths of its sides. With a pointer on the
picture, or written by hand: it is the same form."""

from collections.abc import Mapping, Sequence

from acogida.features.evidence.images import Area
from acogida.kernel.errors import Rejected

SIDES = ("left", "top", "width", "height")
_NAMES = {"left": "desde la izquierda", "top": "desde arriba", "width": "ancho", "height": "alto"}


def read_areas(fields: Mapping[str, Sequence[str]], *, most: int) -> list[Area]:
    """This function will read the areas that were marked (rows left blank are none), or raise `Rejected` saying which is wrong."""
    rows = list(zip(*(fields.get(side, ()) for side in SIDES), strict=False))
    marked = [(number, row) for number, row in enumerate(rows, 1) if any(value.strip() for value in row)]
    if not marked:
        raise Rejected(
            fields={"areas": "Marque al menos una zona: con el dedo o el ratón sobre la foto, o con números."}
        )
    if len(marked) > most:
        raise Rejected(fields={"areas": f"Marque hasta {most} zonas de una vez."})
    return [_area(number, row) for number, row in marked]


def _area(number: int, row: Sequence[str]) -> Area:
    values = {}
    for side, written in zip(SIDES, row, strict=True):
        try:
            values[side] = float(written.strip().replace(",", ".") or "nan")
        except ValueError:
            values[side] = float("nan")
        if not 0 <= values[side] <= 100:
            raise Rejected(fields={"areas": f"Zona {number}: «{_NAMES[side]}» debe ser un número entre 0 y 100."})
    area = Area(**values)
    refuse_outside(number, area)
    return area


def refuse_outside(number: int, area: Area) -> None:
    """This function will raise `Rejected` where the area is not inside the picture, or can hardly be seen."""
    if not (0 <= area.left <= 100 and 0 <= area.top <= 100):
        raise Rejected(fields={"areas": f"Zona {number}: debe empezar dentro de la foto."})
    if area.width < 0.5 or area.height < 0.5:
        raise Rejected(fields={"areas": f"Zona {number}: es demasiado pequeña."})
    if area.left + area.width > 100.5 or area.top + area.height > 100.5:
        raise Rejected(fields={"areas": f"Zona {number}: se sale de la foto."})
