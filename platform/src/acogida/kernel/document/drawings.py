"""Which drawings may enter a document: plain SVG that runs nothing, fetches nothing and is well-formed."""

from xml.etree import ElementTree

from acogida.kernel.document.errors import DocumentError

_SVG = "{http://www.w3.org/2000/svg}"
_SVG_ELEMENTS = frozenset(
    [
        "svg",
        "g",
        "path",
        "rect",
        "circle",
        "ellipse",
        "line",
        "polyline",
        "polygon",
        "text",
        "tspan",
        "title",
        "desc",
        "defs",
        "clipPath",
    ]
)
_SVG_REFUSED_ATTRIBUTES = ("on", "style", "href", "src", "{http://www.w3.org/1999/xlink}")


def check_svg(svg: str) -> None:
    """This function will refuse a drawing that could run code, fetch something, or that is not well-formed
    SVG."""
    if len(svg) > 2_000_000:
        raise DocumentError("the drawing is too large")
    if "<!" in svg or "<?" in svg:
        raise DocumentError("a drawing carries no declarations, comments nor instructions")
    try:
        root = ElementTree.fromstring(svg)  # noqa: S314 — without declarations no entity can grow
    except ElementTree.ParseError as broken:
        raise DocumentError(f"the drawing is not well-formed: {broken}") from broken
    if root.tag != f"{_SVG}svg" or "viewBox" not in root.attrib:
        raise DocumentError("a drawing is an <svg> with its viewBox")
    for element in root.iter():
        if element.tag.removeprefix(_SVG) not in _SVG_ELEMENTS or not element.tag.startswith(_SVG):
            raise DocumentError(f"a drawing does not carry <{element.tag}>")
        for name, value in element.attrib.items():
            if name.lower().startswith(_SVG_REFUSED_ATTRIBUTES):
                raise DocumentError(f"a drawing does not carry the attribute {name}")
            if "url(" in value and not value.startswith("url(#"):
                raise DocumentError("a drawing fetches nothing from outside")
