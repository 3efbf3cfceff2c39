"""Builders of a plan: ejes, objectives, initiatives and the findings they answer."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from acogida.features.diagnosis.model import Finding
from acogida.features.initiatives.model import Axis, Initiative, InitiativeFinding, Objective
from acogida.kernel.work import Work


async def make_finding(work: Work, title: str = "Barreras de idioma en los Cesfam") -> Finding:
    row = Finding(title=title, kind="challenge")
    work.session.add(row)
    await work.session.flush()
    return row


async def make_axis(work: Work, name: str = "Acogida y derechos", *, position: int = 1) -> Axis:
    row = Axis(name=name, position=position)
    work.session.add(row)
    await work.session.flush()
    return row


async def make_objective(work: Work, statement: str = "Reducir las barreras de acceso", **values: Any) -> Objective:
    row = Objective(**{"kind": "specific", "statement": statement, "position": 1, **values})
    work.session.add(row)
    await work.session.flush()
    return row


async def make_initiative(
    work: Work, name: str = "Escuela de líderes y lideresas", *, findings: Sequence[Finding] = (), **values: Any
) -> Initiative:
    """An initiative with a name and nothing else, unless told."""
    row = Initiative(name=name, **values)
    work.session.add(row)
    await work.session.flush()
    work.session.add_all(InitiativeFinding(initiative_id=row.id, finding_id=found.id) for found in findings)
    await work.session.flush()
    return row


def whole(axis: Axis) -> dict[str, Any]:
    """What makes an initiative of this eje complete."""
    return {
        "axis_id": axis.id,
        "description": "Un ciclo de encuentros para dirigentas y dirigentes.",
        "target": "60 personas formadas",
        "unit": "Dideco",
        "starts_on": date(2027, 3, 1),
        "ends_on": date(2027, 11, 30),
    }
