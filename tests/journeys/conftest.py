"""Browser journeys: the real product, a real Chromium, clicks only."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from acogida.adapters.embedded_postgres import Server
from support.chromium import find
from support.product import Product, running
from support.walker import open_context


@pytest.fixture
def browser() -> Iterator[Browser]:
    """A Chromium of this test's own: kept any longer, its event loop would be in the way of the tests that are async."""
    path = find()
    if path is None:
        pytest.skip("no Chromium on this machine")
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(
            executable_path=path,
            args=["--no-sandbox", "--disable-dev-shm-usage", "--disable-background-networking", "--no-first-run"],
        )
        yield launched
        launched.close()


@pytest.fixture
def product(server: Server, database_name: str, tmp_path: Path) -> Iterator[Product]:
    """The product running for this test, empty but for the territory."""
    with running(server, database_name, tmp_path) as started:
        yield started


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """One tab of somebody who has never been here."""
    context = open_context(browser)
    yield context.new_page()
    context.close()
