"""The catalogue as its files give it, in this test's database."""

import pytest

from acogida.app.seed import load_practices
from acogida.app.wiring import Services


@pytest.fixture
async def catalogue(services: Services) -> None:
    """The 119 practices of the catalogue: 39 published, 80 in review."""
    await load_practices(services)
