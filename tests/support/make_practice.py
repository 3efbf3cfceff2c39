"""Builders of the catalogue: a curator at the desk, the form of a practice, a work without a workspace."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from sqlalchemy import update

from acogida.app.wiring import Services
from acogida.features.people.model import WebSession
from acogida.features.practices import content, forms, store
from acogida.features.practices.content import Content, Source
from acogida.features.practices.vocabulary import Taxonomy, taxonomy
from acogida.kernel.permissions import PLATFORM_ROLES
from acogida.kernel.tenancy import Actor
from acogida.kernel.work import Work
from support.make import make_person
from support.visitor import Visitor

CURATOR = "gabriela@oim.int"


@asynccontextmanager
async def desk(services: Services, name: str = "Gabriela Fuentes") -> AsyncIterator[Work]:
    """A work at the curators' desk, committed at the end, acting as this curator."""
    actor = Actor(None, name, CURATOR, rights=PLATFORM_ROLES["curator"].rights)
    async with services.database.transaction() as session:
        yield Work(session, services.clock, actor, request_id="test")


def lists(services: Services) -> Taxonomy:
    return taxonomy(services.settings.catalogue)


def a_practice(**values: Any) -> Content:
    """A practice with all that a publication asks for, unless told otherwise."""
    return Content(
        **{
            "title": "Huerto comunitario intercultural",
            "summary": "Familias de cinco países cultivan juntas un terreno municipal.",
            "place": "Treguaco",
            "country": "CL",
            "category": "3",
            "subcategory": "3.a",
            "dimensions": ("4",),
            "themes": ("participación",),
            "sources": (Source(title="Cuenta pública 2025", read=True, supports="el huerto y sus familias"),),
            **values,
        }
    )


def as_fields(said: Content, version: int) -> dict[str, str | list[str]]:
    """What a browser sends when the curator saves this."""
    form = forms.from_content(said, version)
    return {
        name: values if len(values) != 1 else values[0]
        for name, values in form.raw.items()
        if values and (name != "dimensions_confirmed" or values != ["no"])
    }


async def sign_in_curator(services: Services, visitor: Visitor, email: str = CURATOR) -> None:
    """Gabriela of OIM at the screen, with her second factor shown."""
    await make_person(services, None, email=email, name="Gabriela Fuentes", offices=("curator",))
    await visitor.sign_in(email)
    await show_factor(services)


async def show_factor(services: Services) -> None:
    """As if everybody signed in had shown a second factor."""

    async with services.database.transaction() as session:
        await session.execute(update(WebSession).values(strong_at=services.clock.now()))


async def kept(services: Services, code: str) -> tuple[Any, Content]:
    """The practice as it stands on the desk."""
    async with services.database.transaction() as session:
        row = await store.practice(session, code)
        return row, content.of(row.content)
