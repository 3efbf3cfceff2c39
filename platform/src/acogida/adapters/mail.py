"""Mail, two ways: to a folder that a page shows (the default of a fresh machine), or to an SMTP server."""

import asyncio
import json
import smtplib
from datetime import UTC, datetime
from email.message import EmailMessage
from email.utils import formatdate, make_msgid, parseaddr
from pathlib import Path
from urllib.parse import unquote, urlsplit

from acogida.kernel.ports import KeptMail, Mail


class LocalMailbox:
    """Keeps each message as a JSON file, one per key: sending twice leaves one."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    async def send(self, mail: Mail, *, key: str) -> None:
        await asyncio.to_thread(self._keep, mail, key)

    def _keep(self, mail: Mail, key: str) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        target = self.folder / f"{key}.json"
        content = {"to": mail.to, "subject": mail.subject, "text": mail.text, "at": datetime.now(UTC).isoformat()}
        partial = target.with_suffix(".part")
        partial.write_text(json.dumps(content, ensure_ascii=False))
        partial.replace(target)

    def newest(self, limit: int = 50) -> list[KeptMail]:
        """This method will give the last messages, newest first."""
        found = [json.loads(path.read_text()) for path in self.folder.glob("*.json")] if self.folder.exists() else []
        mails = [KeptMail(m["to"], m["subject"], m["text"], datetime.fromisoformat(m["at"])) for m in found]
        return sorted(mails, key=lambda mail: mail.at, reverse=True)[:limit]


class SmtpMailer:
    """Sends through `smtp://user:password@host:port` (STARTTLS when offered) or `smtps://…` (TLS from the start)."""

    def __init__(self, url: str, *, sender: str) -> None:
        self._url = urlsplit(url)
        self._sender = sender

    async def send(self, mail: Mail, *, key: str) -> None:
        await asyncio.to_thread(self._send, mail, key)

    def _send(self, mail: Mail, key: str) -> None:
        message = EmailMessage()
        message["From"], message["To"], message["Subject"] = self._sender, mail.to, mail.subject
        message["Date"] = formatdate()
        domain = parseaddr(self._sender)[1].partition("@")[2] or "acogida.local"
        message["Message-ID"] = make_msgid(idstring=key, domain=domain)
        message["Auto-Submitted"] = "auto-generated"
        message.set_content(mail.text)
        secure = self._url.scheme == "smtps"
        connect = smtplib.SMTP_SSL if secure else smtplib.SMTP
        with connect(self._url.hostname or "", self._url.port or (465 if secure else 25), timeout=20) as server:
            if not secure and server.has_extn("starttls"):
                server.starttls()
            if self._url.username:
                server.login(unquote(self._url.username), unquote(self._url.password or ""))
            server.send_message(message)
