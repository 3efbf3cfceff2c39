"""The one door for plugins: what they may use, gathered from the rooms of the core. It re-exports and holds nothing.

What is not here, or not told in plugins/README.md, is not promised to anybody. In a migration, a plugin uses also
`acogida.migrations.wall.protect`.
"""

from acogida.features.communes.public import CommuneCensus, Origin, census
from acogida.features.cycles.public import Vigencia, vigencia
from acogida.features.drafts import public as drafts
from acogida.features.evidence import public as archive
from acogida.features.extensions.public import settings as plugin_settings
from acogida.features.frameworks.public import Alignment, alignment, link_more
from acogida.features.initiatives.public import PlannedInitiative, draft_initiative, initiative, initiatives
from acogida.kernel import audit
from acogida.kernel import document as documents
from acogida.kernel.db import TenantTable, core_key, new_id, plugin_metadata, tenant_key
from acogida.kernel.document import DocumentBuilder
from acogida.kernel.duties import Duty
from acogida.kernel.errors import NotFound, Problem, Rejected, Stale
from acogida.kernel.facts import Fact
from acogida.kernel.hooks import core_facts, hookimpl, later
from acogida.kernel.manifest import (
    Assessment,
    Card,
    Criterion,
    Exchange,
    Framework,
    Indicator,
    InitiativeColumn,
    InitiativeField,
    Met,
    NavLink,
    Node,
    Plugin,
    Question,
    Requirement,
    ServiceType,
    Source,
    Standard,
    Table,
    assess,
)
from acogida.kernel.ports import DocumentRenderer, Files
from acogida.kernel.work import Work
from acogida.web import forms, spreadsheet
from acogida.web.api import After, IdempotencyKey, Limit, Page, checked, out, page_of, written
from acogida.web.format import long_date, short_date
from acogida.web.view import View

__all__ = [
    "After",
    "Alignment",
    "Assessment",
    "Card",
    "CommuneCensus",
    "Criterion",
    "DocumentBuilder",
    "DocumentRenderer",
    "Duty",
    "Exchange",
    "Fact",
    "Files",
    "Framework",
    "IdempotencyKey",
    "Indicator",
    "InitiativeColumn",
    "InitiativeField",
    "Limit",
    "Met",
    "NavLink",
    "Node",
    "NotFound",
    "Origin",
    "Page",
    "PlannedInitiative",
    "Plugin",
    "Problem",
    "Question",
    "Rejected",
    "Requirement",
    "ServiceType",
    "Source",
    "Stale",
    "Standard",
    "Table",
    "TenantTable",
    "View",
    "Vigencia",
    "Work",
    "alignment",
    "archive",
    "assess",
    "audit",
    "census",
    "checked",
    "core_facts",
    "core_key",
    "documents",
    "draft_initiative",
    "drafts",
    "forms",
    "hookimpl",
    "initiative",
    "initiatives",
    "later",
    "link_more",
    "long_date",
    "new_id",
    "out",
    "page_of",
    "plugin_metadata",
    "plugin_settings",
    "short_date",
    "spreadsheet",
    "tenant_key",
    "vigencia",
    "written",
]
