"""JSON twins of the diagnosis."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from litestar import Response, delete, get, post, put

from acogida.features.cycles.public import guide_of
from acogida.features.diagnosis import actions, store
from acogida.features.diagnosis.forms import (
    AddFinding,
    AddUnits,
    EditEvidence,
    EditFinding,
    EditInquiry,
    EditOrganization,
    EditResults,
    EditSection,
    EditService,
    EditSource,
    FreezeReport,
)
from acogida.features.diagnosis.model import Finding, Organization, Service, Source
from acogida.features.diagnosis.words import SECTIONS
from acogida.features.methodology.model import Guide
from acogida.kernel.errors import NotFound
from acogida.kernel.work import Work
from acogida.web.api import After, IdempotencyKey, Limit, Page, checked, out, page_of, written
from acogida.web.routing import api


@dataclass(frozen=True)
class SourceOut:
    id: UUID
    title: str
    kind: str
    publisher: str
    year: int | None
    url: str
    summary: str
    reviewed_on: date | None
    version: int


@dataclass(frozen=True)
class UseNational:
    """`census`, `estimate`, `casen` or `guide_tables`."""

    key: str


@dataclass(frozen=True)
class ServiceOut:
    """A service of the register; without a name it only says that the unit works with migrants."""

    id: UUID
    unit: str
    name: str
    description: str
    protocol: str
    responsible_name: str
    responsible_contact: str
    directness: str
    dimensions: list[str]
    version: int


@dataclass(frozen=True)
class UnitsOut:
    added: list[str]


@dataclass(frozen=True)
class OrganizationOut:
    id: UUID
    name: str
    kind: str
    address: str
    phone: str
    email: str
    website: str
    services: str
    representative: str
    representative_contact: str
    contact_person: str
    contact_role: str
    contact_details: str
    data_source: str
    version: int


@dataclass(frozen=True)
class InquiryOut:
    needed: bool
    methods: list[str]
    reason: str
    gaps: str
    missing_voices: str
    resources: str
    decided_on: date
    results: str
    applied_on: date | None
    version: int


@dataclass(frozen=True)
class FindingOut:
    id: UUID
    title: str
    statement: str
    kind: str
    dimensions: list[str]
    group: str
    relevant: bool
    version: int


@dataclass(frozen=True)
class EvidenceOut:
    id: UUID
    finding_id: UUID
    kind: str
    text: str
    source_id: UUID | None
    workshop_entry_id: UUID | None
    file_id: UUID | None


@dataclass(frozen=True)
class SectionOut:
    key: str
    text: str
    version: int


@dataclass(frozen=True)
class VersionOut:
    """A closed report. `content` of each edition is asked for by its number."""

    id: UUID
    number: int
    frozen_at: datetime
    frozen_by: str
    sha256: str
    unbacked: int


@dataclass(frozen=True)
class VersionContent:
    """The stored documents, as they were: the report and its short version."""

    number: int
    sha256: str
    report: dict[str, Any]
    summary: dict[str, Any]


# --- Sources -------------------------------------------------------------------------------------


@get("/diagnostico/fuentes", permission="workspace:read", operation_id="listSources")
async def list_sources(work: Work, limit: Limit, after: After = None) -> Page[SourceOut]:
    rows = await store.listed(work, Source, after=after, limit=limit + 1)
    return page_of([out(SourceOut, row) for row in rows], limit)


@post("/diagnostico/fuentes", permission="diagnosis:edit", operation_id="addSource")
async def add_source(work: Work, data: EditSource, idempotency_key: IdempotencyKey = None) -> Response[SourceOut]:
    async def write() -> Any:
        return out(SourceOut, await actions.add_source(work, checked(data)))

    return await written(work, data, idempotency_key, write)


@post("/diagnostico/fuentes/usar", permission="diagnosis:edit", operation_id="useNationalSource")
async def use_national(work: Work, data: UseNational, idempotency_key: IdempotencyKey = None) -> Response[SourceOut]:
    """Takes a national source as reviewed, with what it says of the commune where Acogida holds its figures."""

    async def write() -> Any:
        return out(SourceOut, await actions.use_national_source(work, data.key))

    return await written(work, data, idempotency_key, write)


@get("/diagnostico/fuentes/{source_id:uuid}", permission="workspace:read", operation_id="getSource")
async def get_source(work: Work, source_id: UUID) -> SourceOut:
    return out(SourceOut, await store.one(work, Source, source_id))


@put("/diagnostico/fuentes/{source_id:uuid}", permission="diagnosis:edit", operation_id="putSource")
async def put_source(work: Work, source_id: UUID, data: EditSource) -> SourceOut:
    return out(SourceOut, await actions.edit_source(work, source_id, checked(data)))


@delete("/diagnostico/fuentes/{source_id:uuid}", permission="diagnosis:edit", operation_id="deleteSource")
async def delete_source(work: Work, source_id: UUID) -> None:
    await actions.remove_source(work, source_id)


# --- Register of services ------------------------------------------------------------------------


@get("/diagnostico/servicios", permission="workspace:read", operation_id="listServices")
async def list_services(work: Work, limit: Limit, after: After = None) -> Page[ServiceOut]:
    rows = await store.listed(work, Service, after=after, limit=limit + 1)
    return page_of([out(ServiceOut, row) for row in rows], limit)


@post("/diagnostico/servicios", permission="diagnosis:edit", operation_id="addService")
async def add_service(work: Work, data: EditService, idempotency_key: IdempotencyKey = None) -> Response[ServiceOut]:
    async def write() -> Any:
        return out(ServiceOut, await actions.add_service(work, checked(data)))

    return await written(work, data, idempotency_key, write)


@post("/diagnostico/servicios/unidades", permission="diagnosis:edit", operation_id="nameUnits")
async def name_units(work: Work, data: AddUnits, idempotency_key: IdempotencyKey = None) -> Response[UnitsOut]:
    """Units that work with migrants, one a line; those already in the register are left as they are."""

    async def write() -> Any:
        return UnitsOut(await actions.add_units(work, checked(data)))

    return await written(work, data, idempotency_key, write)


@get("/diagnostico/servicios/{service_id:uuid}", permission="workspace:read", operation_id="getService")
async def get_service(work: Work, service_id: UUID) -> ServiceOut:
    return out(ServiceOut, await store.one(work, Service, service_id))


@put("/diagnostico/servicios/{service_id:uuid}", permission="diagnosis:edit", operation_id="putService")
async def put_service(work: Work, service_id: UUID, data: EditService) -> ServiceOut:
    return out(ServiceOut, await actions.edit_service(work, service_id, checked(data)))


@delete("/diagnostico/servicios/{service_id:uuid}", permission="diagnosis:edit", operation_id="deleteService")
async def delete_service(work: Work, service_id: UUID) -> None:
    await actions.remove_service(work, service_id)


# --- Map of networks -----------------------------------------------------------------------------


@get("/diagnostico/redes", permission="workspace:read", operation_id="listOrganizations")
async def list_organizations(work: Work, limit: Limit, after: After = None) -> Page[OrganizationOut]:
    rows = await store.listed(work, Organization, after=after, limit=limit + 1)
    return page_of([out(OrganizationOut, row) for row in rows], limit)


@post("/diagnostico/redes", permission="diagnosis:edit", operation_id="addOrganization")
async def add_organization(
    work: Work, data: EditOrganization, idempotency_key: IdempotencyKey = None
) -> Response[OrganizationOut]:
    async def write() -> Any:
        return out(OrganizationOut, await actions.add_organization(work, checked(data)))

    return await written(work, data, idempotency_key, write)


@get("/diagnostico/redes/{organization_id:uuid}", permission="workspace:read", operation_id="getOrganization")
async def get_organization(work: Work, organization_id: UUID) -> OrganizationOut:
    return out(OrganizationOut, await store.one(work, Organization, organization_id))


@put("/diagnostico/redes/{organization_id:uuid}", permission="diagnosis:edit", operation_id="putOrganization")
async def put_organization(work: Work, organization_id: UUID, data: EditOrganization) -> OrganizationOut:
    return out(OrganizationOut, await actions.edit_organization(work, organization_id, checked(data)))


@delete("/diagnostico/redes/{organization_id:uuid}", permission="diagnosis:edit", operation_id="deleteOrganization")
async def delete_organization(work: Work, organization_id: UUID) -> None:
    await actions.remove_organization(work, organization_id)


# --- Additional information ----------------------------------------------------------------------


@get("/diagnostico/informacion-adicional", permission="workspace:read", operation_id="getInquiry")
async def get_inquiry(work: Work) -> InquiryOut:
    row = await store.inquiry(work)
    if row is None:
        raise NotFound
    return out(InquiryOut, row)


@put("/diagnostico/informacion-adicional", permission="diagnosis:close", operation_id="decideInquiry")
async def put_inquiry(work: Work, data: EditInquiry) -> InquiryOut:
    return out(InquiryOut, await actions.decide_inquiry(work, checked(data)))


@put("/diagnostico/informacion-adicional/resultados", permission="diagnosis:edit", operation_id="putInquiryResults")
async def put_results(work: Work, data: EditResults) -> InquiryOut:
    return out(InquiryOut, await actions.write_results(work, checked(data)))


# --- Findings ------------------------------------------------------------------------------------


@get("/diagnostico/hallazgos", permission="workspace:read", operation_id="listFindings")
async def list_findings(work: Work, limit: Limit, after: After = None) -> Page[FindingOut]:
    rows = await store.listed(work, Finding, after=after, limit=limit + 1)
    return page_of([out(FindingOut, row) for row in rows], limit)


@post("/diagnostico/hallazgos", permission="diagnosis:edit", operation_id="addFinding")
async def add_finding(work: Work, data: AddFinding, idempotency_key: IdempotencyKey = None) -> Response[FindingOut]:
    """With `evidence_kind` and `evidence_text` the finding is born with its first evidence."""

    async def write() -> Any:
        return out(FindingOut, await actions.add_finding(work, checked(data)))

    return await written(work, data, idempotency_key, write)


@get("/diagnostico/hallazgos/{finding_id:uuid}", permission="workspace:read", operation_id="getFinding")
async def get_finding(work: Work, finding_id: UUID) -> FindingOut:
    return out(FindingOut, await store.one(work, Finding, finding_id))


@put("/diagnostico/hallazgos/{finding_id:uuid}", permission="diagnosis:edit", operation_id="putFinding")
async def put_finding(work: Work, finding_id: UUID, data: EditFinding) -> FindingOut:
    return out(FindingOut, await actions.edit_finding(work, finding_id, checked(data)))


@delete("/diagnostico/hallazgos/{finding_id:uuid}", permission="diagnosis:edit", operation_id="deleteFinding")
async def delete_finding(work: Work, finding_id: UUID) -> None:
    await actions.remove_finding(work, finding_id)


@get("/diagnostico/hallazgos/{finding_id:uuid}/evidencia", permission="workspace:read", operation_id="listEvidence")
async def list_evidence(work: Work, finding_id: UUID) -> Page[EvidenceOut]:
    await store.one(work, Finding, finding_id)
    return Page([out(EvidenceOut, row) for row in await store.evidence(work, [finding_id])], None)


@post("/diagnostico/hallazgos/{finding_id:uuid}/evidencia", permission="diagnosis:edit", operation_id="addEvidence")
async def add_evidence(
    work: Work, finding_id: UUID, data: EditEvidence, idempotency_key: IdempotencyKey = None
) -> Response[EvidenceOut]:
    """Evidence that brings no file; photographs are added from the screen."""

    async def write() -> Any:
        return out(EvidenceOut, await actions.back_finding(work, finding_id, checked(data)))

    return await written(work, data, idempotency_key, write)


@delete(
    "/diagnostico/hallazgos/{finding_id:uuid}/evidencia/{evidence_id:uuid}",
    permission="diagnosis:edit",
    operation_id="deleteEvidence",
)
async def delete_evidence(work: Work, finding_id: UUID, evidence_id: UUID) -> None:
    await actions.remove_evidence(work, finding_id, evidence_id)


# --- Report --------------------------------------------------------------------------------------


@get("/diagnostico/informe/textos/{key:str}", permission="workspace:read", operation_id="getReportSection")
async def get_section(work: Work, key: str) -> SectionOut:
    row = await store.section(work, key) if key in SECTIONS else None
    if row is None:
        raise NotFound
    return out(SectionOut, row)


@put("/diagnostico/informe/textos/{key:str}", permission="diagnosis:edit", operation_id="putReportSection")
async def put_section(work: Work, key: str, data: EditSection) -> SectionOut:
    """`presentation`, `figures`, `analysis`, `networks`, `services` or `conclusions`."""
    return out(SectionOut, await actions.write_section(work, key, checked(data)))


@get("/diagnostico/informe/versiones", permission="workspace:read", operation_id="listReportVersions")
async def list_versions(work: Work) -> Page[VersionOut]:
    """Newest first."""
    return Page([out(VersionOut, row) for row in await store.versions(work)], None)


@post("/diagnostico/informe/versiones", permission="diagnosis:close", operation_id="freezeReport")
async def freeze(
    work: Work, guides: dict[str, Guide], data: FreezeReport, idempotency_key: IdempotencyKey = None
) -> Response[VersionOut]:
    """The three confirmations are the guide's questions before closing the report."""
    guide = await guide_of(work, guides)

    async def write() -> Any:
        return out(VersionOut, await actions.freeze_report(work, guide, checked(data)))

    return await written(work, data, idempotency_key, write)


@get("/diagnostico/informe/versiones/{number:int}", permission="workspace:read", operation_id="getReportVersion")
async def get_version(work: Work, number: int) -> VersionContent:
    row = await store.version(work, number)
    return VersionContent(row.number, row.sha256, row.content["report"], row.content["summary"])


ROUTES = [
    api("Diagnóstico: fuentes", list_sources, add_source, use_national, get_source, put_source, delete_source),
    api("Diagnóstico: servicios", list_services, add_service, name_units, get_service, put_service, delete_service),
    api(
        "Diagnóstico: redes",
        list_organizations,
        add_organization,
        get_organization,
        put_organization,
        delete_organization,
    ),
    api("Diagnóstico: información adicional", get_inquiry, put_inquiry, put_results),
    api(
        "Diagnóstico: hallazgos",
        list_findings,
        add_finding,
        get_finding,
        put_finding,
        delete_finding,
        list_evidence,
        add_evidence,
        delete_evidence,
    ),
    api("Diagnóstico: informe", get_section, put_section, list_versions, freeze, get_version),
]
