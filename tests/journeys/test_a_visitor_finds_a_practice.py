"""On a phone, without an account: somebody finds the legal clinic of Puerto Montt with a slip of the finger."""

import re
import subprocess
import sys
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from acogida.adapters.embedded_postgres import Server
from support.product import running
from support.walker import Walker, open_context

pytestmark = pytest.mark.live


def test_a_slip_on_a_phone_leads_to_the_clinic(
    server: Server, database_name: str, tmp_path: Path, browser: Browser
) -> None:
    """With scripts typing is enough; without them there is the button; in both, the address says the search."""
    with running(server, database_name, tmp_path, worker=False) as product:
        for verb in (["catalogue", "load"], ["search", "rebuild"]):
            subprocess.run([sys.executable, "-m", "acogida.app.cli", *verb], env=product.env, check=True)
        for scripts in (True, False):
            context = open_context(browser, width=390, height=844, scripts=scripts)
            find_the_clinic(Walker(context, product.url, scripts=scripts))
            context.close()


def find_the_clinic(walker: Walker) -> None:
    walker.start()
    walker.follow("Buenas prácticas")

    walker.page.get_by_label("¿Qué busca?").press_sequentially("clinca juridica")
    if not walker.scripts:
        walker.press("Buscar", exact=True)
    expect(walker.page.locator("mark").first).to_have_text("Clínica")
    walker.sees("Usted escribió «clinca juridica»", "Puerto Montt")
    expect(walker.page).to_have_url(re.compile(r"\?q=clinca(\+|%20)juridica$"))

    walker.page.locator("summary", has_text="Acotar la búsqueda").click()
    walker.follow("Acceso a la justicia")
    expect(walker.page).to_have_url(re.compile("tema=justicia"))
    walker.look("resultados")
    assert walker.page.evaluate("document.documentElement.scrollWidth") <= 390

    walker.follow("Clínica jurídica migratoria")
    expect(walker.page.locator("h1")).to_have_text("Clínica jurídica migratoria")
