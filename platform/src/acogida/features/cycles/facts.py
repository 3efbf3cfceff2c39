"""What the cycle shows of a workspace: the policy's vigencia (IMPL-5.4-01)."""

from acogida.features.cycles import dates
from acogida.kernel.facts import Fact
from acogida.kernel.work import Work
from acogida.web.format import long_date, number


async def facts(work: Work) -> dict[str, Fact]:
    found = await dates.vigencia(work)
    if found is None:
        return {"monitoring.vigencia": Fact(False)}
    years = number(found.years, 0 if found.years == int(found.years) else 1)
    shows = f"Rige del {long_date(found.valid_from)} al {long_date(found.valid_until)} ({years} años)"
    return {"monitoring.vigencia": Fact(True, shows)}
