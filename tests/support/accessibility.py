"""Runs axe on a page: WCAG 2.2 AA, nothing left out."""

from functools import cache
from pathlib import Path
from typing import Any

from playwright.sync_api import Page

AXE = Path(__file__).resolve().parents[2] / "platform" / "assets" / "node_modules" / "axe-core" / "axe.min.js"
_RUN = """async () => {
  const found = await axe.run(document, {runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]});
  return found.violations.map(v => ({id: v.id, help: v.help, nodes: v.nodes.slice(0, 5).map(n => n.html.slice(0, 200))}));
}"""


@cache
def _axe() -> str:
    return AXE.read_text()


def violations(page: Page) -> list[dict[str, Any]]:
    """What axe finds wrong on the page as it is shown now."""
    page.evaluate(_axe())
    return page.evaluate(_RUN)
