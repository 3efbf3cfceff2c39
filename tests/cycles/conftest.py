"""What is true of a workspace, said by the test: the gates are judged from facts, whoever tells them."""

import pytest

from acogida.app.wiring import Services
from acogida.features.methodology.model import Guide
from acogida.kernel import duties, facts
from acogida.kernel.facts import Fact
from acogida.kernel.work import Work


@pytest.fixture
def known(services: Services, monkeypatch: pytest.MonkeyPatch) -> dict[str, Fact]:
    """Facts of every workspace of this test, empty to begin with; and no agreements, unless the test says so."""
    told: dict[str, Fact] = {}

    async def source(work: Work) -> dict[str, Fact]:
        return dict(told)

    assert services.guides
    monkeypatch.setattr(facts, "SOURCES", [source])
    monkeypatch.setattr(duties, "SOURCES", [])
    return told


@pytest.fixture
def guide(services: Services) -> Guide:
    return services.guides[max(services.guides)]
