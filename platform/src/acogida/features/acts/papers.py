"""The carta de compromiso and the document of the project, as paper: page, PDF and DOCX from the same blocks."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Protocol, runtime_checkable
from zoneinfo import ZoneInfo

from acogida.features.acts import sealing
from acogida.features.acts.model import Act, ActEntry, ActSubmission, Signatory
from acogida.features.acts.words import EVENTS, KINDS, ORGANS, STATES, WAY_NOTES, WAYS
from acogida.features.communes.public import CommuneFigures
from acogida.kernel.document import Document, DocumentBuilder, State
from acogida.kernel.signatures import from_json
from acogida.kernel.tenancy import Tenant
from acogida.web.format import long_date, moment, number


def needs_of(figures: CommuneFigures | None) -> str:
    """This function will propose the needs that motivate the policy, from the commune's public figures."""
    if figures is None:
        return ""
    largest = [origin for origin in figures.origins if origin.people is not None][:3]
    named = ", ".join(f"{origin.short_name} ({number(origin.people)})" for origin in largest)
    return (
        f"Según el Censo {figures.year}, en {figures.name} viven {number(figures.population)} personas, de las cuales "
        f"{number(figures.foreign_born)} nacieron fuera de Chile ({number(figures.share, 1)} %)."
        + (f" Los lugares de nacimiento más frecuentes son {named}." if named else "")
        + " La municipalidad es la primera puerta del Estado para estas personas y sus familias, y hoy responde con "
        "esfuerzos que conviene ordenar en una política común."
    )


@runtime_checkable
class HasAddress(Protocol):
    """Settings, as far as papers need them."""

    @property
    def public_url(self) -> str: ...


def letter(
    tenant: Tenant, act: Act, signatories: Sequence[Signatory], *, site: str = "", day: date | None = None
) -> Document:
    """This function will set the carta de compromiso: its text, and a page for each who signs.

    The same letter gives the same document whatever happened since, so that a signed copy can be compared with it.
    With `site`, its verification code is printed. `day` stands for its date while it has none of its own.
    """
    content = act.content
    doc = DocumentBuilder(
        "Carta de compromiso",
        author=f"Municipalidad de {tenant.name}",
        kind="letter",
        date=_written_on(act) or day or act.created_at.date(),
        numbered=False,
        cover=False,
        toc=False,
        state=State.FROZEN,
        notice="Datos de demostración" if tenant.demo else "",
    )
    place = content.get("place") or tenant.name
    written_on = _written_on(act)
    doc.p(f"{place}, {long_date(written_on)}." if written_on else f"{place}, fecha: ______________________.")
    doc.p(
        f"La Municipalidad de {tenant.name}, por medio de las autoridades que firman, compromete su apoyo a la elaboración de la "
        "Política Municipal de Migración de la comuna, de acuerdo con la guía de OIM y el Servicio Nacional de Migraciones."
    )
    for title, key in (
        ("Objetivos", "objectives"),
        ("Necesidades que la motivan", "needs"),
        ("Compromisos", "commitments"),
    ):
        if content.get(key):
            doc.h(1, title)
            doc.p(str(content[key]))
    for row in signatories:
        doc.page_break()
        doc.h(1, "Firma")
        doc.p(
            f"Con mi firma respaldo la carta de compromiso de la Municipalidad de {tenant.name}"
            + (f", fechada el {long_date(written_on)}," if written_on else "")
            + " para elaborar su Política Municipal de Migración."
        )
        doc.signature(row.name, row.cargo, detail="Firma en calidad de subrogante" if row.acting else "")
    if site and act.code:
        sealing.print_code(doc, site, act.code)
    return doc.build()


def _written_on(act: Act) -> date | None:
    """The date that the letter bears. Recording its signatures may date an act that had none; its text stays."""
    if "written_on" not in act.content:
        return act.dated_on
    said = str(act.content["written_on"])
    return date.fromisoformat(said) if said else None


def project(
    tenant: Tenant,
    act: Act,
    spans: Mapping[str, tuple[date | None, date | None, str]],
    titles: Mapping[str, str],
    *,
    day: date,
) -> Document:
    """This function will set the document that explains the project, with the dates of its stages."""
    doc = DocumentBuilder(
        "Proyecto: elaboración de la Política Municipal de Migración",
        author=f"Municipalidad de {tenant.name}",
        kind="project",
        date=act.dated_on or day,
        cover=False,
        toc=False,
        state=State.FROZEN,
        notice="Datos de demostración" if tenant.demo else "",
    )
    for title, key in (
        ("Propósito", "purpose"),
        ("Compromisos", "commitments"),
        ("Recursos", "resources"),
        ("Participación", "participation"),
    ):
        if act.content.get(key):
            doc.h(1, title)
            doc.p(str(act.content[key]))
    doc.h(1, "Plazos")
    doc.table(
        "Etapas, fechas y conducción",
        ["Etapa", "Inicio", "Término", "Conduce"],
        [
            [titles[stage], long_date(starts) or "Por definir", long_date(ends) or "Por definir", lead or "Por definir"]
            for stage, (starts, ends, lead) in spans.items()
        ],
    )
    return doc.build()


def receipt(
    tenant: Tenant,
    act: Act,
    signatories: Sequence[Signatory],
    submissions: Sequence[ActSubmission],
    entries: Sequence[ActEntry],
    *,
    site: str,
    day: date,
    zone: ZoneInfo,
) -> Document:
    """This function will set the receipt of an act: each file that came, its fingerprint, its hour and each check."""
    title = act.title or KINDS[act.kind]
    doc = DocumentBuilder(
        "Constancia de firma y registro",
        subtitle=f"{title} N.º {act.number}" if act.number else title,
        author=f"Municipalidad de {tenant.name}",
        kind="receipt",
        date=day,
        numbered=False,
        cover=False,
        toc=False,
        state=State.FROZEN,
        notice="Datos de demostración" if tenant.demo else "",
    )
    doc.facts(
        [
            ("Documento", f"{title} N.º {act.number}" if act.number else title),
            ("De", ORGANS.get(act.organ, "")),
            ("Fecha", long_date(act.dated_on) if act.dated_on else ""),
            ("Cómo se firmó", WAYS.get(act.way, "Todavía no hay un archivo firmado que valga")),
            ("Qué significa", WAY_NOTES.get(act.way, "")),
            ("Código", act.code or ""),
        ]
    )
    if signatories:
        doc.table(
            "Quiénes firman",
            ["Nombre", "Cargo", "Firma"],
            [
                [
                    row.name,
                    f"{row.cargo}, subrogante" if row.acting and "(S)" not in row.cargo else row.cargo,
                    long_date(row.signed_on) if row.signed_on and act.standing == "good" else "Pendiente",
                ]
                for row in signatories
            ],
            numbered=False,
        )
    for one in submissions:
        _submission(doc, one, zone)
    if entries:
        doc.h(1, "Anotaciones en el registro de actos")
        doc.table(
            "Cada anotación lleva la huella de la anterior: si una cambia, se nota",
            ["N.º", "Fecha y hora", "Qué", "Huella de la anotación"],
            [[str(row.seq), moment(row.at, zone), EVENTS[row.event], _in_groups(row.hash.hex())] for row in entries],
            weights=[1, 3, 5, 6],
            numbered=False,
        )
    if act.code:
        sealing.print_code(doc, site, act.code)
    return doc.build()


def _submission(doc: DocumentBuilder, one: ActSubmission, zone: ZoneInfo) -> None:
    """One file that came, and every check of it."""
    doc.h(1, f"Archivo recibido el {moment(one.submitted_at, zone)}")
    found = from_json(one.examination) if one.examination else None
    doc.facts(
        [
            ("Huella SHA-256", _in_groups(one.sha256)),
            ("Lo subió", one.submitted_by),
            ("Cómo viene firmado", WAYS[one.way]),
            ("Declara que es copia fiel", one.declared_by),
            ("Solicitud en FirmaGob", one.reference),
            ("Resultado", found.sentence if found else STATES[one.state]),
        ]
    )
    for number_, signature in enumerate(found.signatures if found else (), 1):
        at = moment(signature.signed_at, zone) if signature.signed_at else "sin hora"
        doc.table(
            f"Firma {number_}: {signature.signer or 'sin nombre'}, {at}. Certificado de {signature.issuer}",
            ["Revisión", "Resultado"],
            [[_OUTCOMES[check.outcome], check.sentence] for check in signature.checks],
            weights=[1, 5],
            numbered=False,
        )
    if found and found.checks:
        doc.bullets(f"{_OUTCOMES[check.outcome]}: {check.sentence}" for check in found.checks)


def _in_groups(fingerprint: str) -> str:
    """Eight by eight: it fits any width, and an eye can follow it."""
    return " ".join(fingerprint[at : at + 8] for at in range(0, len(fingerprint), 8))


_OUTCOMES = {"good": "Bien", "note": "Se informa", "bad": "No vale"}
