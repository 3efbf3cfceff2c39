"""What of the plan may be given to somebody: each eje whole, or an initiative."""

from collections.abc import Sequence

from acogida.features.initiatives import store
from acogida.kernel.work import Work


async def scopes(work: Work) -> Sequence[tuple[str, str]]:
    """This function will list ejes and initiatives as rights are narrowed to them."""
    return [
        *((f"axis:{axis.id}", f"Eje «{axis.name}»") for axis in await store.axes(work)),
        *((f"initiative:{row.id}", f"Iniciativa «{row.name}»") for row in await store.initiatives(work)),
    ]
