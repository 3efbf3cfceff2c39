"""What the document shows of a workspace: its versions, its summary, whether it is public (guide 02 · 3.2, 4.3, 4.4)."""

from acogida.features.policies import store
from acogida.features.policies.store import VersionRow
from acogida.features.policies.words import MILESTONES
from acogida.kernel.facts import Fact
from acogida.kernel.work import Work
from acogida.web.format import long_date


async def facts(work: Work) -> dict[str, Fact]:
    kept = await store.versions(work)

    def shows(row: VersionRow) -> str:
        return f"Versión {row.number} ({MILESTONES[row.milestone].lower()}), {long_date(row.frozen_at, work.zone)}"

    def newest(*milestones: str) -> Fact:
        row = next((each for each in kept if each.milestone in milestones), None)
        return Fact(row is not None, shows(row) if row else "")

    summed_up = next((row for row in kept if row.milestone in ("final", "approved")), None)
    public = next((row for row in kept if row.published_at), None)
    return {
        "policies.first_version": Fact(bool(kept), shows(kept[-1]) if kept else "", len(kept)),
        "policies.final_version": newest("final", "approved"),
        "policies.approved_version": newest("approved"),
        "policies.executive_summary": Fact(
            summed_up is not None, f"Resumen ejecutivo de la versión {summed_up.number}" if summed_up else ""
        ),
        "policies.published": Fact(
            public is not None,
            f"Versión {public.number}, publicada el {long_date(public.published_at, work.zone)}" if public else "",
        ),
    }
