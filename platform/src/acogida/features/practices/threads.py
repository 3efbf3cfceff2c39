"""Where an initiative comes from: the practice that was adopted, told to its page."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from acogida.features.practices import store
from acogida.kernel.threads import Follower
from acogida.kernel.work import Work


async def followers(work: Work, table: str, ids: Sequence[UUID]) -> Mapping[UUID, Sequence[Follower]]:
    """This function will give the practice behind each initiative; it knows of no other table."""
    if table != "initiative":
        return {}
    return {
        row.initiative_id: [
            Follower(
                "Viene de la buena práctica",
                f"{row.practice_code} {row.practice_title}",
                f"buenas-practicas/adopciones/{row.initiative_id}",
            )
        ]
        for row in await store.adoptions_of(work, ids)
        if row.initiative_id
    }
