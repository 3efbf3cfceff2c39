"""The antivirus: a client of clamd over its own protocol (INSTREAM), by TCP or by a local socket.

It says what was found and decides nothing. A daemon that does not answer, or that refuses the length of a content, is
`Unavailable`: what was not looked at is never taken for clean.
"""

import asyncio
from collections.abc import AsyncIterator
from urllib.parse import urlsplit

from acogida.kernel.errors import Unavailable

_PIECE = 512 * 1024
_LONGEST_ANSWER = 4096


class ClamavScanner:
    """`tcp://host:3310` or `unix:///run/clamav/clamd.ctl`. `seconds` is what each exchange may take."""

    def __init__(self, address: str, *, seconds: float = 60) -> None:
        self._address = urlsplit(address)
        self._seconds = seconds

    async def scan(self, content: AsyncIterator[bytes]) -> str:
        answer = await self._ask(b"zINSTREAM\0", content)
        if answer.endswith(" FOUND"):
            return answer.removeprefix("stream:").removesuffix("FOUND").strip()
        if answer == "stream: OK":
            return ""
        raise Unavailable(f"El antivirus no pudo revisar el archivo ({answer or 'sin respuesta'}).")

    async def healthy(self) -> bool:
        try:
            return await self._ask(b"zPING\0", None) == "PONG"
        except Unavailable:
            return False

    async def _ask(self, command: bytes, content: AsyncIterator[bytes] | None) -> str:
        try:
            async with asyncio.timeout(self._seconds):
                reader, writer = await self._connect()
                try:
                    writer.write(command)
                    if content is not None:
                        await _send(writer, content)
                    await writer.drain()
                    return (await reader.read(_LONGEST_ANSWER)).rstrip(b"\0").decode("utf-8", "replace").strip()
                finally:
                    writer.close()
        except (OSError, TimeoutError) as error:
            raise Unavailable("El antivirus no responde.") from error

    async def _connect(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        if self._address.scheme == "unix":
            return await asyncio.open_unix_connection(self._address.path)
        return await asyncio.open_connection(self._address.hostname, self._address.port or 3310)


async def _send(writer: asyncio.StreamWriter, content: AsyncIterator[bytes]) -> None:
    """Each piece after its length; a length of zero ends it."""
    try:
        async for piece in content:
            for start in range(0, len(piece), _PIECE):
                part = piece[start : start + _PIECE]
                writer.write(len(part).to_bytes(4, "big") + part)
                await writer.drain()
        writer.write(bytes(4))
    except ConnectionError:
        return  # clamd closes after its limit, and its answer says so
