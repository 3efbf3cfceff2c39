"""The hand-over sheet: who leaves, what each thing became, what is still to be given, and the two signatures."""

from datetime import date

from acogida.features.people import letters
from acogida.features.people.actions.handover import Handover
from acogida.kernel.document import Document, DocumentBuilder, State
from acogida.kernel.tenancy import Tenant
from acogida.web.format import long_date


def handover_sheet(tenant: Tenant, handover: Handover, *, keys: int, day: date) -> Document:
    """This function will set the sheet of somebody who hands over. `keys` are their keys to the API still open."""
    row, person = handover.row, handover.person
    doc = DocumentBuilder(
        f"Hoja de entrega de {person.name}",
        author=f"Municipalidad de {tenant.name}",
        kind="handover",
        date=day,
        cover=False,
        toc=False,
        numbered=False,
        state=State.FROZEN if handover.done else State.DRAFT,
        notice="Datos de demostración" if tenant.demo else "",
    )
    doc.facts(
        [
            ("Entrega", person.name),
            ("Cargo", row.cargo),
            ("Unidad", row.unit or "Sin unidad"),
            ("Roles en el espacio", letters.titles_of(row.roles)),
            ("Con acceso desde", long_date(row.since)),
            ("Fecha de esta hoja", long_date(day)),
        ]
    )
    doc.h(1, "Lo entregado")
    if handover.given:
        doc.table(
            "Cada responsabilidad y quién la recibe",
            ["Qué", "Recibe", "Fecha"],
            [
                [_after(entry.changes, "what"), _after(entry.changes, "to"), long_date(entry.at.date())]
                for entry in handover.given
            ],
        )
    else:
        doc.p("Nada estaba a su nombre, o nada se ha entregado todavía.")
    doc.h(1, "Lo que falta entregar")
    if handover.done:
        doc.p("Nada queda a su nombre.")
    else:
        doc.bullets(
            [
                *(thing.text for thing in handover.held),
                *(f"El cargo {term.title}, desde el {long_date(term.since)}" for term in handover.terms),
            ]
        )
    doc.h(1, "Lo que se cierra al terminar su acceso")
    doc.p(
        f"Sus sesiones en este espacio y {keys} {'llave' if keys == 1 else 'llaves'} de acceso a la API."
        if keys
        else "Sus sesiones en este espacio. No tiene llaves de acceso a la API."
    )
    doc.p("Lo que registró queda en el espacio con su nombre, en su fecha.")
    doc.signature(person.name, row.cargo, detail="Entrega")
    doc.signature("", "", detail="Recibe conforme, por la secretaría ejecutiva")
    return doc.build()


def _after(changes: dict, name: str) -> str:
    """What the book says that a field became."""
    return str((changes.get(name) or [None, ""])[1] or "")
