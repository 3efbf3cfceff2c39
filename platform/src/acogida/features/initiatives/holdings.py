"""What people hold in the plan: the initiatives that they answer for, or stand in for who does."""

from collections.abc import Sequence
from uuid import UUID

from acogida.features.initiatives import store
from acogida.features.initiatives.actions.writing import fold
from acogida.features.initiatives.events import InitiativeEdited
from acogida.kernel import outbox
from acogida.kernel.duties import Held, Holding
from acogida.kernel.work import Work

AS = {"responsible": "responde por", "substitute": "suplente de"}


async def held(work: Work, name: str) -> Sequence[Held]:
    """This function will list the initiatives where who has this name is responsible or substitute."""
    return [
        Held(
            "initiative",
            row.id,
            f"{' y '.join(AS[field] for field in fields).capitalize()} la iniciativa «{row.name}»",
            f"iniciativas/{row.id}",
            row.ends_on,
        )
        for row in await store.initiatives(work)
        if (fields := [field for field in AS if getattr(row, field) and fold(getattr(row, field)) == fold(name)])
    ]


async def give(work: Work, initiative_id: UUID, name: str, to: str) -> None:
    """This function will put another person where this one stood."""
    row = await store.initiative(work, initiative_id, lock=True)
    for field in AS:
        if fold(getattr(row, field)) == fold(name):
            setattr(row, field, to)
    await work.session.flush()
    await outbox.publish(work, InitiativeEdited(row.id))


HOLDINGS = {"initiative": Holding(held, give)}
