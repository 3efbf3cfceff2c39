"""Questions about what is enabled, what it brought, what is recommended and what fails."""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import delete, func, select, true
from sqlalchemy.dialects.postgresql import insert

from acogida.features.extensions.model import (
    Extension,
    ExtensionCopy,
    ExtensionValue,
    PluginFailure,
    Recommendation,
)
from acogida.kernel.containment import Failure
from acogida.kernel.db import TenantSession, new_id
from acogida.kernel.work import Work

# --- What is on ----------------------------------------------------------------------------------

_ENABLED = select(Extension.name, Extension.settings).where(Extension.enabled)
"""Made once, because every page of a workspace asks it."""


async def enabled(work: Work) -> Mapping[str, Mapping[str, Any]]:
    """Names of what is on, each with its settings."""
    rows = await work.session.execute(_ENABLED)
    return {name: settings for name, settings in rows}  # noqa: C416 because dict() does not see what is in a row


async def extensions(work: Work) -> Sequence[Extension]:
    """Everything that was ever enabled here."""
    return (await work.session.scalars(select(Extension).order_by(Extension.name))).all()


async def extension(work: Work, name: str, *, lock: bool = False) -> Extension | None:
    query = select(Extension).where(Extension.name == name)
    return await work.session.scalar(query.with_for_update() if lock else query)


# --- What it brought -----------------------------------------------------------------------------


async def values(work: Work, initiative_id: UUID, *, lock: bool = False) -> Sequence[ExtensionValue]:
    """What lines of plugins say of one initiative."""
    query = select(ExtensionValue).where(ExtensionValue.initiative_id == initiative_id)
    query = query.order_by(ExtensionValue.plugin, ExtensionValue.id)
    return (await work.session.scalars(query.with_for_update() if lock else query)).all()


_VALUES = select(
    ExtensionValue.plugin,
    ExtensionValue.key,
    ExtensionValue.label,
    ExtensionValue.initiative_id,
    ExtensionValue.value,
).order_by(ExtensionValue.plugin, ExtensionValue.id)
"""Made once, because the grid asks it each time."""


async def all_values(work: Work) -> Sequence[Any]:
    """Of every initiative of the cycle: `plugin`, `key`, `label`, `initiative_id` and `value`."""
    return (await work.session.execute(_VALUES)).all()


async def copy(work: Work, plugin: str, *, lock: bool = False) -> ExtensionCopy | None:
    query = select(ExtensionCopy).where(ExtensionCopy.plugin == plugin)
    return await work.session.scalar(query.with_for_update() if lock else query)


async def copies(work: Work) -> Sequence[ExtensionCopy]:
    return (await work.session.scalars(select(ExtensionCopy).order_by(ExtensionCopy.title))).all()


async def erase_copy(work: Work, plugin: str) -> None:
    await work.session.execute(delete(ExtensionCopy).where(ExtensionCopy.plugin == plugin))


async def erase_values(work: Work, plugin: str) -> None:
    """Of every cycle."""
    async with work.session.every_cycle():
        await work.session.execute(delete(ExtensionValue).where(ExtensionValue.plugin == plugin))


# --- What a region recommends --------------------------------------------------------------------


async def recommendations(session: TenantSession, region: str = "") -> Sequence[Recommendation]:
    """Those of a region, or of all of them."""
    query = select(Recommendation).order_by(Recommendation.region, Recommendation.plugin)
    return (await session.scalars(query.where(Recommendation.region == region) if region else query)).all()


async def recommendation(session: TenantSession, plugin: str, region: str) -> Recommendation | None:
    return await session.scalar(
        select(Recommendation).where(Recommendation.plugin == plugin, Recommendation.region == region)
    )


# --- What fails ----------------------------------------------------------------------------------


async def add_failures(session: TenantSession, at: datetime, slug: str, failures: Sequence[Failure]) -> None:
    """One row for each kind of failure of a day, with how many times."""
    for failure, times in Counter(failures).items():
        added = insert(PluginFailure).values(
            id=new_id(),
            day=at.date(),
            plugin=failure.name,
            slug=slug,
            question=failure.question,
            reason=failure.reason,
            times=times,
            last_at=at,
        )
        again = {"times": PluginFailure.times + times, "last_at": at}
        await session.execute(
            added.on_conflict_do_update(index_elements=["day", "plugin", "slug", "question", "reason"], set_=again)
        )


async def failures(session: TenantSession, *, since: date, plugin: str = "", slug: str = "") -> Sequence[PluginFailure]:
    """The newest first."""
    query = select(PluginFailure).where(
        PluginFailure.day >= since,
        PluginFailure.plugin == plugin if plugin else true(),
        PluginFailure.slug == slug if slug else true(),
    )
    return (await session.scalars(query.order_by(PluginFailure.last_at.desc()).limit(200))).all()


async def failing(session: TenantSession, *, since: date) -> dict[str, tuple[int, int]]:
    """By plugin: how many times it failed since that day, and in how many workspaces."""
    query = (
        select(PluginFailure.plugin, func.sum(PluginFailure.times), func.count(PluginFailure.slug.distinct()))
        .where(PluginFailure.day >= since)
        .group_by(PluginFailure.plugin)
    )
    return {plugin: (int(times), places) for plugin, times, places in await session.execute(query)}


async def forget_failures(session: TenantSession, *, before: date) -> None:
    await session.execute(delete(PluginFailure).where(PluginFailure.day < before))
