"""Questions about what is enabled."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import select

from acogida.features.extensions.model import Extension
from acogida.kernel.work import Work


async def enabled(work: Work) -> Mapping[str, Mapping[str, Any]]:
    """Names of what is on, each with its settings."""
    rows = await work.session.execute(select(Extension.name, Extension.settings).where(Extension.enabled))
    return {name: settings for name, settings in rows}  # noqa: C416 because dict() does not see what is in a row


async def extensions(work: Work) -> Sequence[Extension]:
    """Everything that was ever enabled here."""
    return (await work.session.scalars(select(Extension).order_by(Extension.name))).all()


async def extension(work: Work, name: str, *, lock: bool = False) -> Extension | None:
    query = select(Extension).where(Extension.name == name)
    return await work.session.scalar(query.with_for_update() if lock else query)
