"""What the plan answers: objectives and initiatives, told to the finding that they lean on."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from acogida.features.initiatives import store
from acogida.kernel.threads import Follower
from acogida.kernel.work import Work


async def followers(work: Work, table: str, ids: Sequence[UUID]) -> Mapping[UUID, Sequence[Follower]]:
    """This function will give the objectives and initiatives that answer each finding; it knows of no other table."""
    if table != "finding":
        return {}
    answered: dict[UUID, list[Follower]] = {}
    objectives = {row.id: row for row in await store.objectives(work)}
    for objective_id, findings in (await store.findings_of_objectives(work)).items():
        for finding_id in findings:
            follower = Follower(
                "Objetivo", objectives[objective_id].statement, f"planificacion/objetivos/{objective_id}"
            )
            answered.setdefault(finding_id, []).append(follower)
    for finding_id, found in (await store.initiatives_answering(work, ids)).items():
        answered.setdefault(finding_id, []).extend(
            Follower("Iniciativa", name, f"iniciativas/{initiative_id}") for initiative_id, name in found
        )
    return {finding_id: answered[finding_id] for finding_id in ids if finding_id in answered}
