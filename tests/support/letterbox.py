"""What was mailed in a test, and the links in it."""

import re

from sqlalchemy import select

from acogida.app.wiring import Services
from acogida.kernel.mailbox import SITE, OutgoingMail


async def letters_to(services: Services, to: str) -> list[OutgoingMail]:
    """Messages for this address, oldest first."""
    async with services.database.transaction() as session:
        found = await session.scalars(select(OutgoingMail).where(OutgoingMail.to == to).order_by(OutgoingMail.id))
        return list(found.all())


async def last_link(services: Services, to: str) -> str:
    """Path of the link in the last message for this address."""
    text = (await letters_to(services, to))[-1].text
    return re.findall(re.escape(SITE) + r"(/\S+)", text)[0]
