"""What every page of this extension is drawn with."""

from typing import Any

from litestar.response import Template

from acogida.sdk import View
from acogida_sello_migrante import words
from acogida_sello_migrante.standard import sources


def home(view: View) -> str:
    """This function will give the address of the extension's first page."""
    return f"{view.home}/x/sello_migrante"


def page(view: View, template: str, *, status: int = 200, **context: Any) -> Template:
    """This function will draw one of the extension's templates with its words at hand."""
    place = f"sello_migrante/{template}"
    return view.page(place, status=status, home=home(view), words=words, sources=sources(), **context)
