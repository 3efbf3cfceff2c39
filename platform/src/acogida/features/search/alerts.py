"""News of a search by mail: somebody asks, whoever reads that mailbox confirms, and each Monday is told what is new.

Nothing is kept but the address and the search; both are erased at once when the person no longer wants it, and after a
week where nobody confirmed.
"""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from urllib.parse import parse_qs
from uuid import UUID

from acogida.features.search import finding, store
from acogida.features.search.finding import Asked, Words
from acogida.features.search.model import PracticeAlert
from acogida.kernel import mailbox
from acogida.kernel.ports import PracticeHit, PracticeQuery, SearchIndex
from acogida.kernel.work import Work
from acogida.web import forms

PATH = f"{finding.HOME}/avisos"
PATIENCE = timedelta(days=7)
"""How long a request waits to be confirmed."""
MOST_TOLD = 50
_FOOT = "\n\n— Acogida, acompaña a las municipalidades en su política de migración.\nEste correo es automático: nadie lee las respuestas.\n"


@dataclass(frozen=True)
class AskForAlert(forms.FormData):
    """The mailbox that wants news."""

    email: str = forms.email("Su correo", required=True)


async def ask(work: Work, email: str, asked: Asked, words: Words) -> None:
    """This function will write to the mailbox to confirm. It tells nobody whether it already was there."""
    told = query_of(asked)
    row = await store.alert_for(work.session, email, told)
    if row is None:
        row = PracticeAlert(email=email, asked=told, token=secrets.token_urlsafe(24), created_at=work.clock.now())
        row.confirmed_at = row.told_on = None
        work.session.add(row)
        await work.session.flush()
    if row.confirmed_at is not None:
        text = "Usted ya recibe los avisos de esta búsqueda. Para dejar de recibirlos, abra este enlace:"
    else:
        text = "Para empezar a recibirlos, abra este enlace y confirme. Sirve durante siete días:"
    await mailbox.post(
        work,
        to=email,
        subject="Avisos de buenas prácticas",
        text=f"""Hola:

Alguien escribió este correo en Acogida para recibir, a lo más una vez por semana, lo nuevo de esta búsqueda de buenas prácticas:

{described(asked, words)}

{text}

{mailbox.link(f"{PATH}/{row.token}")}

Si usted no lo pidió, no haga nada.{_FOOT}""",
    )


async def confirm(work: Work, token: str) -> None:
    """This function will begin the alert. Doing it twice changes nothing."""
    row = await store.alert_of(work.session, token, lock=True)
    if row.confirmed_at is None:
        now = work.clock.now()
        row.confirmed_at, row.told_on = now, now.date()
        await work.session.flush()


async def end(work: Work, token: str) -> None:
    """This function will erase the alert and the address with it."""
    await work.session.delete(await store.alert_of(work.session, token, lock=True))
    await work.session.flush()


async def tell(work: Work, search: SearchIndex, alert_id: UUID, words: Words) -> int:
    """This function will tell one mailbox what was published since it was last told, and say how many there were."""
    row = await store.alert(work.session, alert_id)
    if row is None or row.told_on is None:
        return 0
    today = work.clock.now().date()
    asked = read(row.asked, words)
    found = await search.search(PracticeQuery(asked.words, asked.filters, "newest", limit=MOST_TOLD))
    fresh = [hit for hit in found.hits if row.told_on <= hit.published_on < today]
    if fresh:
        await mailbox.post(
            work,
            to=row.email,
            subject=f"{len(fresh)} {'práctica nueva' if len(fresh) == 1 else 'prácticas nuevas'} en su búsqueda",
            text=f"""Hola:

Esto se publicó o actualizó en su búsqueda ({described(asked, words)}):

{_listed(fresh)}

Todos los resultados: {mailbox.link(asked.address)}

Para dejar de recibir este aviso, abra este enlace: {mailbox.link(f"{PATH}/{row.token}")}{_FOOT}""",
        )
    row.told_on = today
    await work.session.flush()
    return len(fresh)


def _listed(hits: Sequence[PracticeHit]) -> str:
    return "\n\n".join(
        f"· {''.join(span.text for span in hit.title)}"
        f"{f' ({hit.place})' if hit.place else ''}\n  {mailbox.link(f'{finding.HOME}/{hit.id}')}"
        for hit in hits
    )


def described(asked: Asked, words: Words) -> str:
    """This function will say a search in a line: «clases de español» · Chile · Educación."""
    said = [f"«{asked.words}»"] if asked.words else []
    return " · ".join([*said, *(value.label for value in finding.chosen(asked, words))]) or "todo el catálogo"


def query_of(asked: Asked) -> str:
    """This function will give a search as an alert keeps it: neither its order nor its page."""
    return finding.address(Asked(asked.words, asked.filters)).partition("?")[2]


def read(told: str, words: Words) -> Asked:
    """This function will read back what `query_of` gave."""
    return finding.read(parse_qs(told), words)
