"""What the plan shows of a workspace (GATE-3.1a, GATE-3.2)."""

from acogida.features.initiatives import store
from acogida.features.initiatives.model import missing_of
from acogida.kernel.facts import Fact
from acogida.kernel.work import Work
from acogida.web.format import long_date


async def facts(work: Work) -> dict[str, Fact]:
    frame = await store.frame(work)
    axes = await store.axes(work)
    objectives = await store.objectives(work)
    rows = await store.initiatives(work)
    reviews = await store.reviews(work)

    vision = frame.vision if frame else ""
    general = next((each.statement for each in objectives if each.kind == "general"), "")
    specific = [each for each in objectives if each.kind == "specific"]
    incomplete = sum(1 for row in rows if missing_of(row))
    unreviewed = sum(1 for row in rows if row.reviewed_on is None)
    served = {row.objective_id for row in rows}
    unserved = sum(1 for each in specific if each.id not in served)
    last = reviews[0].reviewed_on if reviews else None
    return {
        "initiatives.vision": Fact(bool(vision), vision[:120]),
        "initiatives.general_objective": Fact(bool(general), general[:120]),
        "initiatives.specific_objectives": Fact(
            bool(specific), _counted(len(specific), "objetivo específico", "objetivos específicos"), len(specific)
        ),
        "initiatives.axes": Fact(bool(axes), _counted(len(axes), "eje", "ejes"), len(axes)),
        "initiatives.proposal": Fact(
            bool(general and specific and axes),
            f"{_counted(len(specific), 'objetivo específico', 'objetivos específicos')} y {_counted(len(axes), 'eje', 'ejes')}",
        ),
        "initiatives.listed": Fact(bool(rows), _counted(len(rows), "iniciativa", "iniciativas"), len(rows)),
        "initiatives.complete": Fact(
            bool(rows) and not incomplete,
            f"{len(rows) - incomplete} de {len(rows)} con su diseño completo",
            len(rows) - incomplete,
        ),
        "initiatives.reviewed": Fact(
            bool(rows) and not unreviewed, f"{len(rows) - unreviewed} de {len(rows)} revisadas", len(rows) - unreviewed
        ),
        "initiatives.no_gaps": Fact(
            bool(last and specific and not unserved),
            _gaps(len(specific), unserved)
            + (f"; revisión final del {long_date(last)}" if last else "; falta la revisión final"),
        ),
    }


def _counted(how_many: int, one: str, many: str) -> str:
    return f"{how_many} {one if how_many == 1 else many}"


def _gaps(objectives: int, unserved: int) -> str:
    if not objectives:
        return "Sin objetivos específicos"
    if not unserved:
        return "Todos los objetivos tienen iniciativas"
    return f"{_counted(unserved, 'objetivo', 'objetivos')} sin iniciativas"
