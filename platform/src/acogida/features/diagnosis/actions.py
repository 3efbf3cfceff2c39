"""Working the diagnosis: registers, decision, findings and their evidence, the report closed with its date."""

import hashlib
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy.exc import IntegrityError

from acogida.features.communes.public import figures_of, fold
from acogida.features.diagnosis import report, store
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
    QuickFinding,
)
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
from acogida.features.diagnosis.national import national, says_of
from acogida.features.diagnosis.words import EVIDENCE_KINDS, SECTIONS
from acogida.features.evidence import public as files_room
from acogida.features.methodology.model import Guide
from acogida.features.workshops import public as workshops
from acogida.kernel import audit, threads
from acogida.kernel.document import State, canonical, to_json
from acogida.kernel.errors import NotFound, Rejected, Stale
from acogida.kernel.ports import Files
from acogida.kernel.work import Work

# --- Sources -------------------------------------------------------------------------------------


async def add_source(work: Work, wanted: EditSource) -> Source:
    """This function will write down a source that was reviewed."""
    return await _add(
        work, Source(**wanted.changes()), wanted.changes(), "source.added", f"registró la fuente «{wanted.title}»"
    )


async def use_national_source(work: Work, key: str) -> Source:
    """This function will take one of the national sources as reviewed today, with what it says of the commune."""
    offered = national(key)
    if offered is None:
        raise NotFound
    if any(row.title == offered.title for row in await store.sources(work)):
        raise Rejected(f"«{offered.title}» ya está entre sus fuentes.")
    said = says_of(offered, await figures_of(work, work.tenant.cut))
    return await add_source(
        work,
        EditSource(
            title=offered.title,
            kind="national",
            publisher=offered.publisher,
            year=offered.year,
            url=offered.url,
            summary=said,
            reviewed_on=work.today() if said else None,
        ),
    )


async def edit_source(work: Work, source_id: UUID, wanted: EditSource) -> Source:
    """This function will correct a source."""
    row = await _locked(work, Source, source_id, wanted.version)
    return await _set(work, row, wanted.changes(), "source.edited", f"corrigió la fuente «{row.title}»")


async def remove_source(work: Work, source_id: UUID) -> None:
    """This function will take a source off the list, unless a finding cites it."""
    row = await _locked(work, Source, source_id)
    if citing := await store.citing(work, source_id=source_id):
        raise Rejected(
            f"«{row.title}» respalda {citing} {'hallazgo' if citing == 1 else 'hallazgos'}: quite primero esa evidencia."
        )
    await _remove(
        work, row, "source.removed", f"quitó la fuente «{row.title}»", {"title": row.title, "summary": row.summary}
    )


# --- Register of services ------------------------------------------------------------------------


async def add_service(work: Work, wanted: EditService) -> Service:
    """This function will add a service to the register; without a name it only says that the unit works with migrants."""
    sentence = (
        f"registró el servicio «{wanted.name}» de {wanted.unit}"
        if wanted.name
        else f"identificó la unidad «{wanted.unit}»"
    )
    return await _add(work, Service(**wanted.changes()), wanted.changes(), "service.added", sentence)


async def add_units(work: Work, wanted: AddUnits) -> list[str]:
    """This function will name units that are not in the register yet, and give those that it added."""
    work.require("diagnosis:edit")
    known = {fold(row.unit) for row in await store.services(work)}
    lines = [" ".join(line.split()) for line in wanted.units.splitlines() if line.strip()]
    if long := next((line for line in lines if len(line) > 200), None):
        raise Rejected(fields={"units": f"Un nombre tiene más de 200 caracteres: «{long[:60]}…»."})
    if len(lines) > 200:
        raise Rejected(fields={"units": "Agregue hasta 200 unidades de una vez."})
    fresh = [line for line in dict.fromkeys(lines) if fold(line) not in known]
    for unit in fresh:
        work.session.add(Service(unit=unit, name="", dimensions=[]))
        await work.session.flush()
    if fresh:
        await audit.record(
            work,
            "service.units_named",
            f"identificó {_counted(len(fresh), 'unidad', 'unidades')} en el registro",
            after={"units": fresh},
        )
    return fresh


async def edit_service(work: Work, service_id: UUID, wanted: EditService) -> Service:
    """This function will correct a service of the register."""
    row = await _locked(work, Service, service_id, wanted.version)
    return await _set(
        work, row, wanted.changes(), "service.edited", f"corrigió el servicio «{wanted.name or wanted.unit}»"
    )


async def remove_service(work: Work, service_id: UUID) -> None:
    """This function will take a service off the register."""
    row = await _locked(work, Service, service_id)
    what = {"unit": row.unit, "name": row.name, "description": row.description}
    await _remove(work, row, "service.removed", f"quitó del registro «{row.name or row.unit}»", what)


async def import_services(work: Work, wanted: Sequence[EditService]) -> tuple[int, int]:
    """This function will bring the rows of a spreadsheet, all in one movement, and say how many it added and updated.

    A row is the same service when unit and name are the same but for accents and capitals. The first service of a unit
    takes the place of the row that only named the unit.
    """
    work.require("diagnosis:edit")
    rows = {(fold(row.unit), fold(row.name)): row for row in await store.services(work)}
    added = updated = 0
    for line in wanted:
        key = (fold(line.unit), fold(line.name))
        row = rows.get(key) or rows.pop((key[0], ""), None)
        if row is None:
            row = Service(**line.changes())
            work.session.add(row)
            added += 1
        else:
            changed = {name: value for name, value in line.changes().items() if getattr(row, name) != value}
            for name, value in changed.items():
                setattr(row, name, value)
            updated += bool(changed)
        rows[key] = row
        await work.session.flush()

    after = {"rows": [f"{line.unit}: {line.name}" for line in wanted]}
    await audit.record(
        work,
        "service.imported",
        f"trajo una planilla al registro de servicios: {added} nuevos, {updated} actualizados",
        after=after,
    )
    return added, updated


# --- Map of networks -----------------------------------------------------------------------------


async def add_organization(work: Work, wanted: EditOrganization) -> Organization:
    """This function will add an organisation to the map of networks."""
    row = Organization(**wanted.changes())
    return await _add(work, row, wanted.changes(), "organization.added", f"agregó «{wanted.name}» al mapa de redes")


async def edit_organization(work: Work, organization_id: UUID, wanted: EditOrganization) -> Organization:
    """This function will correct an organisation of the map."""
    row = await _locked(work, Organization, organization_id, wanted.version)
    return await _set(work, row, wanted.changes(), "organization.edited", f"corrigió «{row.name}» en el mapa de redes")


async def remove_organization(work: Work, organization_id: UUID) -> None:
    """This function will take an organisation off the map."""
    row = await _locked(work, Organization, organization_id)
    await _remove(
        work, row, "organization.removed", f"quitó «{row.name}» del mapa de redes", {"name": row.name, "kind": row.kind}
    )


# --- Additional information ----------------------------------------------------------------------


async def decide_inquiry(work: Work, wanted: EditInquiry) -> InquiryDecision:
    """This function will record whether more information is needed, with its reasons; the first time it makes the record."""
    work.require("diagnosis:close")
    values = {**wanted.changes(), "methods": list(wanted.methods) if wanted.needed else []}
    words = "decidió levantar información adicional" if wanted.needed else "decidió no levantar información adicional"
    row = await store.inquiry(work, lock=True)
    if row is None:
        row = await _first(work, InquiryDecision(**values), lambda: store.inquiry(work))
        await audit.record(work, "inquiry.decided", words, subject=row, after=values)
        return row
    if row.version != wanted.version:
        raise Stale(row)
    return await _set(work, row, values, "inquiry.decided", words)


async def write_results(work: Work, wanted: EditResults) -> InquiryDecision:
    """This function will keep what the applied instruments gave."""
    work.require("diagnosis:edit")
    row = await store.inquiry(work, lock=True)
    if row is None or not row.needed:
        raise Rejected("Registre primero la decisión de levantar información adicional.")
    if row.version != wanted.version:
        raise Stale(row)
    if wanted.applied_on and wanted.applied_on > work.today():
        raise Rejected(
            fields={
                "applied_on": "Los resultados se anotan cuando el instrumento ya se aplicó: la fecha está en el futuro."
            }
        )
    return await _set(
        work, row, wanted.changes(), "inquiry.results_written", "registró los resultados de la información adicional"
    )


# --- Findings ------------------------------------------------------------------------------------


async def add_finding(work: Work, wanted: AddFinding) -> Finding:
    """This function will write a finding, with its first evidence where it is born from one."""
    values = {name: value for name, value in wanted.changes().items() if name in EditFinding.form_fields()}
    row = await _add(work, Finding(**values), values, "finding.added", f"escribió el hallazgo «{wanted.title}»")
    if wanted.evidence_text:
        proof = EditEvidence(
            kind=wanted.evidence_kind,
            text=wanted.evidence_text,
            source_id=wanted.source_id,
            workshop_entry_id=wanted.workshop_entry_id,
        )
        await back_finding(work, row.id, proof)
    return row


async def add_quickly(work: Work, wanted: QuickFinding) -> Finding:
    """This function will write a finding from one line."""
    return await add_finding(
        work,
        AddFinding(
            title=wanted.title,
            kind=wanted.kind,
            dimensions=(wanted.dimension,) if wanted.dimension else (),
            relevant=True,
        ),
    )


async def edit_finding(work: Work, finding_id: UUID, wanted: EditFinding) -> Finding:
    """This function will correct a finding."""
    row = await _locked(work, Finding, finding_id, wanted.version)
    return await _set(work, row, wanted.changes(), "finding.edited", f"corrigió el hallazgo «{row.title}»")


async def remove_finding(work: Work, finding_id: UUID) -> None:
    """This function will take a finding away with its evidence, unless an objective or an initiative answers it."""
    row = await _locked(work, Finding, finding_id)
    what = {"title": row.title, "statement": row.statement, "kind": row.kind}
    if answered := (await threads.followers(work, "finding", [finding_id]))[finding_id]:
        named = "; ".join(f"{follower.kind.lower()} «{follower.title[:80]}»" for follower in answered[:3])
        raise Rejected(
            f"Hay objetivos o iniciativas que responden a este hallazgo ({named}). Quite primero ese vínculo."
        )
    await store.erase(work, row)

    await audit.record(work, "finding.removed", f"quitó el hallazgo «{what['title']}»", subject=row, before=what)


async def back_finding(
    work: Work,
    finding_id: UUID,
    wanted: EditEvidence,
    *,
    files: Files | None = None,
    upload: files_room.Upload | None = None,
) -> Evidence:
    """This function will back a finding with a piece of evidence and, where one is brought, its file."""
    finding = await _locked(work, Finding, finding_id)
    source_id = await _source_id(work, wanted.source_id)
    entry_id = await _entry_id(work, wanted.workshop_entry_id)
    kept = None
    if upload is not None and files is not None:
        kept = await files_room.keep(
            work,
            files,
            upload,
            kind="photograph" if wanted.kind == "photograph" else "report",
            subject_type="finding",
            subject_id=finding.id,
        )
    if wanted.kind == "photograph" and kept is None:
        raise Rejected(fields={"file": "Suba la fotografía que muestra el hallazgo."})
    row = Evidence(
        finding_id=finding.id,
        kind=wanted.kind,
        text=wanted.text,
        source_id=source_id,
        workshop_entry_id=entry_id,
        file_id=kept.id if kept else None,
    )
    after = {
        "kind": wanted.kind,
        "text": wanted.text,
        "source": source_id,
        "workshop_entry": entry_id,
        "file": kept and kept.id,
    }
    words = f"respaldó el hallazgo «{finding.title}» con un {EVIDENCE_KINDS[wanted.kind].lower()}"
    if wanted.kind == "photograph":
        words = f"respaldó el hallazgo «{finding.title}» con una fotografía"
    return await _add(work, row, after, "evidence.added", words)


async def remove_evidence(work: Work, finding_id: UUID, evidence_id: UUID) -> None:
    """This function will take a piece of evidence from a finding; its file stays in the archive."""
    finding = await _locked(work, Finding, finding_id)
    row = await store.one(work, Evidence, evidence_id, lock=True)
    if row.finding_id != finding_id:
        raise NotFound
    what = {"kind": row.kind, "text": row.text}
    await _remove(work, row, "evidence.removed", f"quitó una evidencia del hallazgo «{finding.title}»", what)


async def _source_id(work: Work, written: str) -> UUID | None:
    if not written:
        return None
    try:
        return (await store.one(work, Source, UUID(written))).id
    except (ValueError, NotFound):
        raise Rejected(fields={"source_id": "Esa fuente ya no está en la lista. Elija otra."}) from None


async def _entry_id(work: Work, written: str) -> UUID | None:
    if not written:
        return None
    try:
        entry, _ = await workshops.entry(work, UUID(written))
    except (ValueError, NotFound):
        raise Rejected(
            fields={"workshop_entry_id": "Ese aporte ya no está en el registro del taller. Elija otro."}
        ) from None
    return entry.id


# --- Report --------------------------------------------------------------------------------------


async def write_section(work: Work, key: str, wanted: EditSection) -> ReportSection:
    """This function will keep a text of the report; the first time it makes it."""
    work.require("diagnosis:edit")
    if key not in SECTIONS:
        raise NotFound
    words = f"escribió «{SECTIONS[key]}» del informe de diagnóstico"
    row = await store.section(work, key, lock=True)
    if row is None:
        row = await _first(work, ReportSection(key=key, text=wanted.text), lambda: store.section(work, key))
        await audit.record(work, "report_section.written", words, subject=row, after={"text": wanted.text})
        return row
    if row.version != wanted.version:
        raise Stale(row)
    return await _set(work, row, {"text": wanted.text}, "report_section.written", words)


async def freeze_report(work: Work, guide: Guide, confirmed: FreezeReport) -> ReportVersion:
    """This function will close the report as it stands today, with its short version, under one fingerprint.

    Nothing that a report says can change afterwards; a later one is another version.
    """
    work.require("diagnosis:close")
    known = await report.read(work, guide)
    missing = [
        words
        for words, there in (
            ("al menos un hallazgo", known.findings),
            ("la presentación", known.sections.get("presentation", "").strip()),
            ("las conclusiones", known.sections.get("conclusions", "").strip()),
        )
        if not there
    ]
    if missing:
        raise Rejected(f"Para cerrar el informe falta {_listed(missing)} (guía, 2.4).")

    number = await store.next_version_number(work)
    full = report.report(known, state=State.FROZEN, version=f"Versión {number}")
    short = report.summary(known, state=State.FROZEN, version=f"Versión {number}")
    row = ReportVersion(
        number=number,
        frozen_at=work.clock.now(),
        frozen_by=work.actor.name,
        content={"report": to_json(full), "summary": to_json(short)},
        sha256=hashlib.sha256(canonical(full) + canonical(short)).hexdigest(),
        unbacked=len(known.unbacked),
    )
    after = {"sha256": row.sha256, "unbacked": row.unbacked, "confirmed": list(confirmed.changes())}
    return await _add(
        work,
        row,
        after,
        "report.frozen",
        f"cerró el informe de diagnóstico, versión {number}",
        permission="diagnosis:close",
    )


# --- What the actions share ----------------------------------------------------------------------


async def _add(
    work: Work,
    row: store.Row,
    after: Mapping[str, Any],
    tag: str,
    sentence: str,
    *,
    permission: str = "diagnosis:edit",
) -> store.Row:
    work.require(permission)
    work.session.add(row)
    await work.session.flush()

    await audit.record(work, tag, sentence, subject=row, after=after)
    return row


async def _first(work: Work, row: store.Row, theirs: Callable[[], Awaitable[store.Row | None]]) -> store.Row:
    """Adds a row of which there is one; whoever comes second is shown what the first wrote."""
    try:
        async with work.session.begin_nested():
            work.session.add(row)
            await work.session.flush()
    except IntegrityError:
        raise Stale(await theirs()) from None
    return row


async def _locked(work: Work, table: type[store.Entry], row_id: UUID, version: int | None = None) -> store.Entry:
    work.require("diagnosis:edit")
    row = await store.one(work, table, row_id, lock=True)
    if version is not None and row.version != version:
        raise Stale(row)
    return row


async def _set(work: Work, row: store.Row, values: Mapping[str, Any], tag: str, sentence: str) -> store.Row:
    before = {name: getattr(row, name) for name in values}
    for name, value in values.items():
        setattr(row, name, value)
    await work.session.flush()

    await audit.record(work, tag, sentence, subject=row, before=before, after=values)
    return row


async def _remove(work: Work, row: store.Entry, tag: str, sentence: str, before: Mapping[str, Any]) -> None:
    await store.erase(work, row)

    await audit.record(work, tag, sentence, subject=row, before=before)


def _counted(number: int, one: str, many: str) -> str:
    return f"{number} {one if number == 1 else many}"


def _listed(parts: Sequence[str]) -> str:
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} y {parts[-1]}"
