"""What the diagnosis shows of a workspace (GATE-2.1, GATE-2.2, GATE-2.4)."""

from acogida.features.diagnosis import store
from acogida.features.diagnosis.model import InquiryDecision
from acogida.features.diagnosis.words import INSTRUMENTS
from acogida.kernel.facts import Fact
from acogida.kernel.work import Work
from acogida.web.format import long_date


async def facts(work: Work) -> dict[str, Fact]:
    """A source counts once it has its date of review; a service once it has a name; a finding once it is relevant."""
    sources = await store.sources(work)
    reviewed = [row for row in sources if row.reviewed_on]
    own = [row for row in reviewed if row.kind in ("municipal", "internal")]
    services = await store.services(work)
    units = list(dict.fromkeys(row.unit for row in services))
    named = [row for row in services if row.name]
    organizations = await store.organizations(work)
    decision = await store.inquiry(work)
    findings = await store.findings(work, relevant=True)
    backed = {piece.finding_id for piece in await store.evidence(work, [row.id for row in findings])}
    unbacked = sum(row.id not in backed for row in findings)
    versions = await store.versions(work)
    return {
        "diagnosis.sources_reviewed": _many(len(reviewed), "fuente revisada", "fuentes revisadas"),
        "diagnosis.municipal_sources": _many(len(own), "fuente municipal revisada", "fuentes municipales revisadas"),
        "diagnosis.units_identified": Fact(
            bool(units), ", ".join(units[:6]) + ("…" if len(units) > 6 else ""), len(units)
        ),
        "diagnosis.services_registered": _many(len(named), "servicio registrado", "servicios registrados"),
        "diagnosis.networks_mapped": _many(len(organizations), "organización en el mapa", "organizaciones en el mapa"),
        "diagnosis.decision_recorded": _decision(decision),
        "diagnosis.instruments_applied": _instruments(decision),
        "diagnosis.findings_consolidated": Fact(
            bool(findings),
            f"{_count(len(findings), 'hallazgo', 'hallazgos')}, {unbacked} sin evidencia" if findings else "",
            len(findings),
        ),
        "diagnosis.claims_backed": Fact(
            bool(findings) and not unbacked,
            ("Todos los hallazgos tienen evidencia" if not unbacked else f"{unbacked} sin evidencia")
            if findings
            else "",
            len(findings) - unbacked,
        ),
        "diagnosis.report_frozen": Fact(
            bool(versions),
            f"Versión {versions[0].number}, cerrada el {long_date(versions[0].frozen_at, work.zone)}"
            if versions
            else "",
            len(versions),
        ),
    }


def _many(count: int, one: str, many: str) -> Fact:
    return Fact(bool(count), _count(count, one, many) if count else "", count)


def _count(count: int, one: str, many: str) -> str:
    return f"{count} {one if count == 1 else many}"


def _decision(decision: InquiryDecision | None) -> Fact:
    if decision is None:
        return Fact(False)
    words = "levantar información adicional" if decision.needed else "no levantar información adicional"
    return Fact(True, f"Se decidió {words} el {long_date(decision.decided_on)}")


def _instruments(decision: InquiryDecision | None) -> Fact:
    """A decision of not applying any meets it (AMB-25), and so does one of listening in workshops: they belong to 2.3."""
    if decision is None:
        return Fact(False)
    if not decision.needed:
        return Fact(True, "Se decidió no aplicar instrumentos")
    if not set(decision.methods) & set(INSTRUMENTS):
        return Fact(True, "Se decidió escuchar en los talleres")
    applied = bool(decision.results and decision.applied_on)
    return Fact(
        applied, f"Resultados registrados, aplicados hasta el {long_date(decision.applied_on)}" if applied else ""
    )
