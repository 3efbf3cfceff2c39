"""What other rooms may ask about the diagnosis.

Rows: `findings`, `finding`, `services`, `organizations`, `sources`, `report_frozen`. Paper: `read` the diagnosis once,
then `characterisation`, `situation`, `perceptions`, `networks_chapter`, `services_chapter`, `sources_chapter`,
`method` add blocks to any `DocumentBuilder` under a heading of the caller's.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from acogida.features.diagnosis import store
from acogida.features.diagnosis.model import Finding, Organization, Service, Source
from acogida.features.diagnosis.report import (
    BackedFinding,
    Diagnosis,
    backed,
    characterisation,
    method,
    networks_chapter,
    perceptions,
    read,
    services_chapter,
    situation,
    sources_chapter,
)
from acogida.features.diagnosis.words import FINDING_KINDS, FINDING_PLURALS
from acogida.kernel.work import Work

__all__ = [
    "FINDING_KINDS",
    "FINDING_PLURALS",
    "BackedFinding",
    "Diagnosis",
    "Finding",
    "FrozenReport",
    "backed",
    "characterisation",
    "finding",
    "findings",
    "method",
    "networks_chapter",
    "organizations",
    "perceptions",
    "read",
    "report_frozen",
    "services",
    "services_chapter",
    "situation",
    "sources",
    "sources_chapter",
]


@dataclass(frozen=True, slots=True)
class FrozenReport:
    """The newest closed Informe de Diagnóstico."""

    number: int
    frozen_at: datetime
    frozen_by: str
    sha256: str


async def findings(
    work: Work, *, relevant: bool | None = None, kind: str = "", dimension: str = ""
) -> Sequence[Finding]:
    """This function will give the findings, all or narrowed: `relevant=True` are those of the report; `dimension` is its key."""
    return await store.findings(work, relevant=relevant, kind=kind, dimension=dimension)


async def finding(work: Work, finding_id: UUID) -> Finding:
    """This function will give one finding, or raise `NotFound`."""
    return await store.one(work, Finding, finding_id)


async def services(work: Work) -> Sequence[Service]:
    """This function will give the register of municipal services, by unit; a row without a name is a unit still to answer."""
    return await store.services(work)


async def organizations(work: Work) -> Sequence[Organization]:
    """This function will give the organisations of the map of networks, by name."""
    return await store.organizations(work)


async def sources(work: Work) -> Sequence[Source]:
    """This function will give the sources reviewed."""
    return await store.sources(work)


async def report_frozen(work: Work) -> FrozenReport | None:
    """This function will give the newest closed report, or None while there is none."""
    kept = await store.versions(work)
    return FrozenReport(kept[0].number, kept[0].frozen_at, kept[0].frozen_by, kept[0].sha256) if kept else None
