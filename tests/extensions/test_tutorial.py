"""The first plugin of plugins/README.md, written from its page alone, works as the page says."""

import re
import sys
import tomllib
from importlib.metadata import EntryPoint
from pathlib import Path

import pytest

from acogida.app import installed, plugins
from acogida.app.web import create_app
from acogida.app.wiring import Services
from acogida.features.extensions import public as extensions
from acogida.kernel import hooks
from acogida.kernel.hooks import Installed
from support.extensions import enable
from support.make import make_municipality, make_person, work_as
from support.make_plan import make_initiative
from support.visitor import Visitor

ROOT = Path(__file__).resolve().parents[2]
README = (ROOT / "plugins" / "README.md").read_text()


def block(language: str) -> str:
    found = re.search(rf"^```{language}\n(.*?)^```", README, re.M | re.S)
    assert found
    return found[1]


async def test_the_library_of_the_page_is_offered_enabled_and_read(
    services: Services, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its manifest keeps the rules, its page is drawn inside the frame, with the initiatives of the workspace."""
    package = tmp_path / "acogida_ludoteca"
    (package / "templates" / "ludoteca").mkdir(parents=True)
    (package / "__init__.py").touch()
    (package / "plugin.py").write_text(block("python"))
    (package / "templates" / "ludoteca" / "shelf.html").write_text(block("jinja"))
    monkeypatch.syspath_prepend(tmp_path)
    for module in [name for name in sys.modules if name.partition(".")[0] == package.name]:
        monkeypatch.delitem(sys.modules, module)  # another test may have made one of the same name
    declared = tomllib.loads(block("toml"))["project"]["entry-points"]["acogida.plugins"]
    tenant = await make_municipality(services)
    await make_person(services, tenant)
    async with work_as(services, tenant) as work:
        await make_initiative(work, "Escuela de líderes")

    before = hooks.registry()
    ((name, place),) = declared.items()
    point = EntryPoint(name, place, installed.GROUP)
    found = Installed(name, point.load, installed.package_folder(point.module))
    hooks.use(plugins.load([found], strict=True), extensions.enabled)
    try:
        await enable(services, tenant, name)
        async with Visitor(services, create_app(services.settings, services)) as visitor:
            await visitor.sign_in("rosa@temuco.cl")
            page = await visitor.get("/m/temuco/x/ludoteca")
    finally:
        hooks.use(before, extensions.enabled)

    assert page.status_code == 200
    assert "Escuela de líderes" in page.text
    assert "Municipalidad de </span>Temuco" in page.text
