"""Questions about the diagnosis."""

from collections.abc import Sequence
from typing import TypeVar
from uuid import UUID

from sqlalchemy import func, select, text

from acogida.features.diagnosis.model import (
    Evidence,
    Finding,
    InquiryDecision,
    Organization,
    ReportSection,
    ReportVersion,
    Service,
    Source,
)
from acogida.kernel.errors import NotFound
from acogida.kernel.work import Work

Entry = TypeVar("Entry", Source, Service, Organization, Finding, Evidence)
Row = TypeVar("Row", Source, Service, Organization, Finding, Evidence, InquiryDecision, ReportSection, ReportVersion)

# Made once: the board and most pages ask these, and making a query costs as much as asking it.
_SOURCES = select(Source).order_by(Source.kind, Source.id)
_SERVICES = select(Service).order_by(func.lower(Service.unit), func.lower(Service.name), Service.id)
_ORGANIZATIONS = select(Organization).order_by(func.lower(Organization.name), Organization.id)
_INQUIRY = select(InquiryDecision)
_FINDINGS = select(Finding).order_by(Finding.position, Finding.id)
_EVIDENCE = select(Evidence).order_by(Evidence.id)
_VERSIONS = select(ReportVersion).order_by(ReportVersion.number.desc())
_ONE_AT_A_TIME = text("select pg_advisory_xact_lock(hashtextextended(:key, 0))")


async def one(work: Work, table: type[Entry], row_id: UUID, *, lock: bool = False) -> Entry:
    """The row of the table with this id, or `NotFound`."""
    query = select(table).where(table.id == row_id)
    found = await work.session.scalar(query.with_for_update() if lock else query)
    if found is None:
        raise NotFound
    return found


async def listed(work: Work, table: type[Entry], *, after: UUID | None, limit: int) -> Sequence[Entry]:
    """Rows by id, which is the order in which they were written down: one page of a list."""
    query = select(table).order_by(table.id).limit(limit)
    return (await work.session.scalars(query.where(table.id > after) if after else query)).all()


async def erase(work: Work, row: Entry) -> None:
    await work.session.delete(row)
    await work.session.flush()


async def sources(work: Work) -> Sequence[Source]:
    return (await work.session.scalars(_SOURCES)).all()


async def services(work: Work) -> Sequence[Service]:
    """By unit and name."""
    return (await work.session.scalars(_SERVICES)).all()


async def organizations(work: Work) -> Sequence[Organization]:
    """By name."""
    return (await work.session.scalars(_ORGANIZATIONS)).all()


async def inquiry(work: Work, *, lock: bool = False) -> InquiryDecision | None:
    return await work.session.scalar(_INQUIRY.with_for_update() if lock else _INQUIRY)


async def findings(
    work: Work, *, relevant: bool | None = None, kind: str = "", dimension: str = "", group: str = ""
) -> Sequence[Finding]:
    """In the order in which they were written; narrowed where asked."""
    query = _FINDINGS
    if relevant is not None:
        query = query.where(Finding.relevant.is_(relevant))
    if kind:
        query = query.where(Finding.kind == kind)
    if dimension:
        query = query.where(Finding.dimensions.contains([dimension]))
    if group:
        query = query.where(Finding.group == group)
    return (await work.session.scalars(query)).all()


async def evidence(work: Work, finding_ids: Sequence[UUID] | None = None) -> Sequence[Evidence]:
    """Of these findings, or of all."""
    query = _EVIDENCE if finding_ids is None else _EVIDENCE.where(Evidence.finding_id.in_(finding_ids))
    return (await work.session.scalars(query)).all()


async def citing(work: Work, *, source_id: UUID) -> int:
    """How many pieces of evidence cite the source."""
    return (
        await work.session.scalar(select(func.count()).select_from(Evidence).where(Evidence.source_id == source_id))
        or 0
    )


async def sections(work: Work) -> dict[str, ReportSection]:
    return {row.key: row for row in (await work.session.scalars(select(ReportSection))).all()}


async def section(work: Work, key: str, *, lock: bool = False) -> ReportSection | None:
    query = select(ReportSection).where(ReportSection.key == key)
    return await work.session.scalar(query.with_for_update() if lock else query)


async def versions(work: Work) -> Sequence[ReportVersion]:
    """Newest first."""
    return (await work.session.scalars(_VERSIONS)).all()


async def version(work: Work, number: int) -> ReportVersion:
    found = await work.session.scalar(select(ReportVersion).where(ReportVersion.number == number))
    if found is None:
        raise NotFound
    return found


async def next_version_number(work: Work) -> int:
    """Whoever closes a report at the same time waits here, so numbers have no gaps and no twins."""
    await work.session.execute(_ONE_AT_A_TIME, {"key": f"diagnosis_report:{work.tenant.id}"})
    return (await work.session.scalar(select(func.max(ReportVersion.number))) or 0) + 1
