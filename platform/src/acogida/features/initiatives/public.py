"""What other features may ask about the plan."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from acogida.features.initiatives.actions.initiatives import add_initiative
from acogida.features.initiatives.actions.writing import reaches
from acogida.features.initiatives.chapters import matrix_annex, objectives_chapter, plan_chapter
from acogida.features.initiatives.coverage import Coverage, coverage
from acogida.features.initiatives.events import InitiativeEdited
from acogida.features.initiatives.forms import EditInitiative
from acogida.features.initiatives.model import Axis, Initiative, Objective, StrategicFrame, missing_of
from acogida.features.initiatives.store import (
    PlannedInitiative,
    axes,
    findings_of_initiatives,
    findings_of_objectives,
    frame,
    initiatives,
    initiatives_answering,
    objectives,
    units,
)
from acogida.features.initiatives.store import planned_initiative as initiative
from acogida.kernel.tenancy import Actor
from acogida.kernel.work import Work
from acogida.web import forms

__all__ = [
    "Axis",
    "Coverage",
    "Initiative",
    "InitiativeEdited",
    "Objective",
    "PlannedInitiative",
    "StrategicFrame",
    "axes",
    "coverage",
    "draft_initiative",
    "findings_of_initiatives",
    "findings_of_objectives",
    "frame",
    "initiative",
    "initiatives",
    "initiatives_answering",
    "matrix_annex",
    "may_edit",
    "missing_of",
    "objectives",
    "objectives_chapter",
    "plan_chapter",
    "units",
]


def may_edit(actor: Actor, initiative: PlannedInitiative | Initiative) -> bool:
    """This function will tell whether the actor may change the design of this initiative.

    Whoever answers for a unit, an eje or an initiative changes those and no other.
    """
    return reaches(actor, initiative)


async def draft_initiative(
    work: Work,
    name: str,
    *,
    description: str = "",
    dimensions: Sequence[str] = (),
    target: str = "",
    others: Mapping[str, object] | None = None,
) -> UUID:
    """This function will add an initiative outside every eje, for people to finish, and give its id.

    It is held to the rules of the form (`Rejected` with each field) and asks for `initiative:edit`. `dimensions` are
    keys of the guide, such as `dim_2`; `others` are further fields of the form.
    """
    given: dict[str, object] = {
        "name": name,
        "description": description,
        "dimensions": list(dimensions),
        "target": target,
    }
    given |= others or {}
    return (await add_initiative(work, forms.from_json(EditInitiative, given))).id
