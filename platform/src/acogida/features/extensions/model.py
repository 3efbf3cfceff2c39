"""The third lock: what each municipality has enabled (the first two are installed and allowed), and what stays of it.

What a plugin brought is kept here in plain form, so that it is read, printed and exported without the plugin.
"""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Integer, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from acogida.kernel.db import CycleTable, GlobalTable, TenantTable, new_id, tenant_key


class Extension(TenantTable):
    """A plugin that the municipality has enabled, now or once. Its data outlive both disabling and uninstalling."""

    __tablename__ = "extension"
    __table_args__ = (UniqueConstraint("tenant_id", "name"),)

    name: Mapped[str]
    enabled: Mapped[bool]
    settings: Mapped[dict[str, Any]] = mapped_column(default=dict, server_default="{}")
    """What was set with the plugin's own form: field → what was written."""


class ExtensionValue(CycleTable):
    """What was written in a line that a plugin added to the form of an initiative, with the words of the line."""

    __tablename__ = "extension_value"
    __constraints__ = (
        UniqueConstraint("tenant_id", "initiative_id", "plugin", "key"),
        tenant_key("initiative_id", to="initiative", on_delete="CASCADE"),
    )

    plugin: Mapped[str]
    key: Mapped[str]
    label: Mapped[str]
    initiative_id: Mapped[UUID]
    value: Mapped[str]


class ExtensionCopy(TenantTable):
    """All that a plugin kept of the municipality, as tables that anybody can read: the last copy that was taken."""

    __tablename__ = "extension_copy"
    __table_args__ = (UniqueConstraint("tenant_id", "plugin"),)

    plugin: Mapped[str]
    title: Mapped[str]
    plugin_version: Mapped[str]
    taken_at: Mapped[datetime]
    tables: Mapped[list[Any]]
    """Each with `title`, `columns` and `rows`; dates as ISO text."""


class Recommendation(GlobalTable):
    """Sermig recommends a plugin to the communes of a region. Each of them decides."""

    __tablename__ = "extension_recommendation"
    __table_args__ = (UniqueConstraint("plugin", "region"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    plugin: Mapped[str]
    region: Mapped[str]
    """Two digits, as the CUT begins."""
    reason: Mapped[str]
    recommended_by: Mapped[str]
    recommended_at: Mapped[datetime]


class PluginFailure(GlobalTable):
    """How often a plugin failed in a workspace on a day, and at what. For the operator: it says nothing of anybody."""

    __tablename__ = "extension_failure"
    __table_args__ = (UniqueConstraint("day", "plugin", "slug", "question", "reason"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    day: Mapped[date]
    plugin: Mapped[str]
    slug: Mapped[str]
    question: Mapped[str]
    reason: Mapped[str]
    """The kind of error."""
    times: Mapped[int] = mapped_column(Integer)
    last_at: Mapped[datetime]
