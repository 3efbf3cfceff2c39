"""What the diffusion shows of a workspace (GATE-4.4)."""

from acogida.features.diffusion import store
from acogida.kernel.facts import Fact
from acogida.kernel.work import Work
from acogida.web.format import long_date


async def facts(work: Work) -> dict[str, Fact]:
    done = await store.actions_done(work)
    plan = await store.plan(work)

    def of(kind: str) -> Fact:
        found = [row for row in done if row.kind == kind]
        shows = f"{found[-1].title}, {long_date(found[-1].held_on)}" if found else ""
        return Fact(bool(found), shows, len(found))

    return {
        "diffusion.launch": of("launch"),
        "diffusion.delivered": of("delivery"),
        "diffusion.on_platforms": of("platform"),
        "diffusion.impact_message": Fact(bool(plan and plan.message), plan.message[:120] if plan else ""),
    }
