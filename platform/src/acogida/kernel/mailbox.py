"""Mail leaves through the outbox: the message is a row of the same transaction, and a job sends it.

Once sent, its text is blanked: it may carry a link that opens something.
"""

from datetime import datetime
from uuid import UUID

from sqlalchemy import func
from sqlalchemy.orm import Mapped, mapped_column

from acogida.kernel import outbox
from acogida.kernel.db import GlobalTable, new_id
from acogida.kernel.work import Work

SITE = "{sitio}"
"""Stands for the public address in a message: whoever sends it knows the address, who writes it need not."""


def link(path: str) -> str:
    """This function will give the whole address of a path of this site, as a message carries it."""
    return SITE + path


class OutgoingMail(GlobalTable):
    """A message waiting to leave, or the trace of one that left."""

    __tablename__ = "outgoing_mail"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id, server_default=func.uuidv7())
    to: Mapped[str]
    subject: Mapped[str]
    text: Mapped[str]
    created_at: Mapped[datetime]
    sent_at: Mapped[datetime | None]


async def post(work: Work, *, to: str, subject: str, text: str) -> None:
    """This function will leave a message for `to`; it goes out if and only if the work commits."""
    mail = OutgoingMail(id=new_id(), to=to, subject=subject, text=text, created_at=work.clock.now())
    work.session.add(mail)
    await work.session.flush()
    await outbox.defer(work.session, "send_mail", {"mail_id": str(mail.id)}, queue="mail")
