"""The look of Acogida as promises: what is built, what it weighs, what it never contains, what everybody can read."""

import gzip
import re
import time
from pathlib import Path

import pytest

from acogida.app.web import templates
from acogida.web import assets
from support.gallery import VIEWS, page

ROOT = Path(__file__).resolve().parents[2]
TEMPLATES = sorted(
    path for folder in ("platform/src", "plugins") for path in (ROOT / folder).glob("**/templates/**/*.html")
)
FIRST_VIEW = 150_000
"""Bytes that the first page may cost somebody who has never been here, as they travel."""


def travels(content: bytes) -> int:
    return len(gzip.compress(content, 5))


def test_build_leaves_every_file_that_the_manifest_names() -> None:
    """Each plain name leads to a file whose name carries its contents."""
    manifest = assets.build()

    assert {"app.css", "app.js", "source-sans-3.woff2", "mark.svg"} <= set(manifest.files)
    for name, hashed in manifest.files.items():
        assert (assets.STATIC / hashed).is_file()
        assert hashed != name
        assert manifest.url(name) == f"/estatico/{hashed}"


def test_nothing_is_built_when_nothing_changed() -> None:
    """Starting the application again costs less than fifty milliseconds and rewrites nothing."""
    assets.build()
    before = (assets.STATIC / "manifest.json").stat().st_mtime_ns
    quickest = 1.0
    for _ in range(3):
        started = time.perf_counter()
        assets.build()
        quickest = min(quickest, time.perf_counter() - started)

    assert quickest < 0.05
    assert (assets.STATIC / "manifest.json").stat().st_mtime_ns == before


def test_an_unknown_name_is_refused() -> None:
    """A page that asks for what was never built fails with words, not with a broken link."""
    with pytest.raises(assets.AssetsMissing, match=r"nada\.css"):
        assets.build().url("nada.css")


def test_first_view_fits_a_slow_line() -> None:
    """Page, style sheet, script, fonts and drawings of any page weigh at most 150 kB; the script at most 60 kB unpacked."""
    manifest = assets.build()
    environment = templates(manifest)
    script = (assets.STATIC / manifest.files["app.js"]).read_bytes()
    style = (assets.STATIC / manifest.files["app.css"]).read_bytes()
    fonts_and_drawings = sum(
        path.stat().st_size for path in assets.STATIC.iterdir() if path.suffix in (".woff2", ".svg")
    )

    assert len(script) <= 60_000
    for view in VIEWS:
        weight = travels(page(environment, view).encode()) + travels(style) + travels(script) + fonts_and_drawings
        assert weight <= FIRST_VIEW, f"{view} weighs {weight} bytes"


def test_nothing_is_fetched_from_elsewhere() -> None:
    """The style sheet and the pages load only from Acogida itself."""
    style = (assets.STATIC / assets.build().files["app.css"]).read_text("utf-8")
    loads = re.compile(r"""<(?:script|img|iframe|link|source|video|audio)\b[^>]*\b(?:src|href)=["'](?:https?:)?//""")

    assert not re.findall(r"url\(\"?(?:https?:)?//|@import", style)
    assert [path for path in TEMPLATES if loads.search(path.read_text("utf-8"))] == []


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: str(path.relative_to(ROOT)))
def test_templates_keep_to_the_content_policy(path: Path) -> None:
    """No style attribute, no script in the page, no handler in an attribute: the policy of the site forbids them."""
    html = path.read_text("utf-8")

    assert not re.search(r"\sstyle\s*=", html), "move it to platform/assets/src"
    assert not re.search(r"<style\b", html), "move it to platform/assets/src"
    assert not re.search(r"<script(?![^>]*\bsrc=)", html), "move it to platform/assets/src"
    assert not re.search(r"\s(?:on[a-z]+|hx-on[\w:-]*)\s*=\s*[\"']", html), "listen from platform/assets/src"
    assert "javascript:" not in html
    assert "js:" not in re.sub(r"\.js:", "", html), "htmx values may not be scripts"


def test_templates_compile_and_name_icons_that_exist() -> None:
    """Every template is sound and every icon it asks for by name was drawn."""
    environment = templates(assets.build())
    drawn = environment.get_template("components/icons.html").module.paths  # type: ignore[attr-defined]

    for name in environment.list_templates(extensions=["html"]):
        environment.get_template(name)
    for path in TEMPLATES:
        for name in re.findall(r"""\bicon\(["'](\w+)["']|icon_name=["'](\w+)["']""", path.read_text("utf-8")):
            assert (name[0] or name[1]) in drawn, f"{path.name} asks for an icon that was never drawn: {name}"


def _tokens() -> dict[str, str]:
    css = (assets.SOURCES / "src/tokens.css").read_text("utf-8").split("@media")[0]
    return dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6});", css))


def _luminance(colour: str) -> float:
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    """This function will give the contrast of two colours as WCAG counts it, from 1 to 21."""
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


WORDS = [
    (ink, ground)
    for ink in ("ink", "ink-2", "blue", "blue-dark", "terra", "green-dark", "amber", "red", "plum")
    for ground in ("white", "paper", "paper-2")
] + [
    ("blue", "blue-tint"),
    ("blue-dark", "blue-tint"),
    ("ink-2", "blue-tint"),
    ("terra", "terra-tint"),
    ("green-dark", "green-tint"),
    ("amber", "amber-tint"),
    ("red", "red-tint"),
    ("plum", "plum-tint"),
    ("white", "blue"),
    ("white", "blue-dark"),
    ("white", "green"),
    ("white", "red"),
]
"""Every pair of words and ground that the style sheet uses."""

SHAPES = [(f"dimension-{n}", "white") for n in range(1, 9)] + [
    ("edge", "white"),
    ("edge", "paper"),
    ("blue", "paper"),
    ("green", "white"),
    ("terra", "white"),
]
"""Edges of fields, marks and the shapes of the eight dimensions."""


@pytest.mark.parametrize(("ink", "ground"), WORDS)
def test_words_can_be_read(ink: str, ground: str) -> None:
    """Words stand out from their ground at least 4.5 to 1."""
    tokens = _tokens()
    assert contrast(tokens[ink], tokens[ground]) >= 4.5


@pytest.mark.parametrize(("shape", "ground"), SHAPES)
def test_shapes_can_be_seen(shape: str, ground: str) -> None:
    """Edges and marks that mean something stand out at least 3 to 1."""
    tokens = _tokens()
    assert contrast(tokens[shape], tokens[ground]) >= 3


def test_pages_use_only_pieces_that_were_drawn() -> None:
    """A class in a template belongs to a piece of the style sheet: one look, no page of its own mind."""
    css = "".join(path.read_text("utf-8") for path in (assets.SOURCES / "src").glob("*.css"))
    drawn = {name.split("__")[0].split("--")[0] for name in re.findall(r"\.([a-z][\w-]*)", css)}

    strange = {
        f"{path.relative_to(ROOT)}: {name}"
        for path in TEMPLATES
        for value in re.findall(r'\bclass="([^"]*)"', re.sub(r"\{#.*?#\}", "", path.read_text("utf-8"), flags=re.S))
        for name in re.sub(r"\{%.*?%\}|\{\{.*?\}\}", "…", value).split()
        if "…" not in name and name.split("__")[0].split("--")[0] not in drawn
    }
    assert strange == set(), "use a piece of web/README.md, or draw it in platform/assets/src"
