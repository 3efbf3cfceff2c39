"""The third lock: what each municipality has enabled (the first two are installed and allowed)."""

from typing import Any

from sqlalchemy import UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from acogida.kernel.db import TenantTable


class Extension(TenantTable):
    """A plugin that the municipality has enabled, now or once. Its data outlive both disabling and uninstalling."""

    __tablename__ = "extension"
    __table_args__ = (UniqueConstraint("tenant_id", "name"),)

    name: Mapped[str]
    enabled: Mapped[bool]
    settings: Mapped[dict[str, Any]] = mapped_column(default=dict, server_default="{}")
    """What was set with the plugin's own form: field → what was written."""
