"""The places that the guide suggests in a body, and who fills them. Nobody is bound by them (PREP-1.2-18)."""

from collections.abc import Sequence
from dataclasses import dataclass

from acogida.features.bodies.model import BodyMember
from acogida.features.bodies.words import BODY_KINDS, INHERITS, SUGGESTED_ROLES
from acogida.features.methodology.model import Guide


@dataclass(frozen=True, slots=True)
class Place:
    """One suggested place: its key (a role of the guide), its words, the role it takes and whoever fills it."""

    key: str
    title: str
    composition: str
    advice: str
    role: str
    filled_by: tuple[BodyMember, ...] = ()

    @property
    def inherited(self) -> bool:
        """Whether it stands for the whole executive team (PREP-1.2-28)."""
        return self.key == INHERITS


def places(guide: Guide, kind: str, members: Sequence[BodyMember]) -> tuple[Place, ...]:
    """This function will give the places that the guide suggests in this kind of body, in its order."""
    found: list[Place] = []
    for row_id in BODY_KINDS[kind].members:
        row = guide.row(row_id)
        role = guide.role(row.who[0])
        found.append(
            Place(
                key=role.key,
                title=role.title,
                composition=role.composition or "",
                advice=row.text,
                role=SUGGESTED_ROLES.get(row_id, "member"),
                filled_by=tuple(member for member in members if member.suggested_role == role.key),
            )
        )
    return tuple(found)
