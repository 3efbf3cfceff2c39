"""The carta de compromiso and the document of the project, as paper: page, PDF and DOCX from the same blocks."""

from collections.abc import Mapping, Sequence
from datetime import date

from acogida.features.acts.model import Act, Signatory
from acogida.features.communes.public import CommuneFigures
from acogida.kernel.document import Document, DocumentBuilder, State
from acogida.kernel.tenancy import Tenant
from acogida.web.format import long_date, number


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


def letter(tenant: Tenant, act: Act, signatories: Sequence[Signatory], *, day: date) -> Document:
    """This function will set the carta de compromiso: its text, and a page for each who signs."""
    content = act.content
    doc = DocumentBuilder(
        "Carta de compromiso",
        author=f"Municipalidad de {tenant.name}",
        kind="letter",
        date=act.dated_on or day,
        numbered=False,
        cover=False,
        toc=False,
        state=State.FROZEN,
        notice="Datos de demostración" if tenant.demo else "",
    )
    place = content.get("place") or tenant.name
    doc.p(f"{place}, {long_date(act.dated_on)}." if act.dated_on else f"{place}, fecha: ______________________.")
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
            + (f", fechada el {long_date(act.dated_on)}," if act.dated_on else "")
            + " para elaborar su Política Municipal de Migración."
        )
        doc.signature(
            row.name, row.cargo, detail=f"Firma registrada el {long_date(row.signed_on)}" if row.signed_on else ""
        )
    return doc.build()


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
