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


async def make_plan(work: Work, *, initiatives: int = 24) -> None:
    """A whole plan as a large municipality has it: five ejes, objectives, findings, and initiatives with every column."""
    axes = [
        await make_axis(work, name, position=place)
        for place, name in enumerate(
            (
                "Gestión municipal y coordinación institucional",
                "Capacitación y sensibilización",
                "Empleo e inserción laboral",
                "Salud",
                "Interculturalidad y educación",
            ),
            1,
        )
    ]
    findings = [
        await make_finding(work, title)
        for title in (
            "Barreras de idioma en los Cesfam",
            "Títulos que no se pueden usar para trabajar",
            "Discriminación en arriendos y en el transporte",
        )
    ]
    await make_objective(work, "Convivir con los mismos derechos y oportunidades", kind="general")
    objectives = [
        await make_objective(work, statement, position=place)
        for place, statement in enumerate(
            ("Reducir las barreras de acceso a los servicios", "Ampliar el trabajo formal de personas migrantes"), 1
        )
    ]
    for place in range(initiatives):
        await make_initiative(
            work,
            f"Mediación intercultural en el sector {place + 1}",
            findings=[findings[place % 3]],
            **whole(axes[place % 5]),
            objective_id=objectives[place % 2].id,
            strategy="Acercar los servicios a los barrios",
            actions="Levantar la demanda por sector\nContratar cuatro mediadoras\nCapacitar a los equipos de admisión",
            budget=8_200_000 + 100_000 * place,
            funding_source="Presupuesto municipal",
            alliances="Servicio de Salud Araucanía Sur",
            pmg_pladeco="PLADECO 2025–2029, lineamiento 3",
            indicator="Atenciones en la lengua de quien consulta",
            position=place + 1,
        )
