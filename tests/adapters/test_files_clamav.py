"""The conversation with the antivirus, with a real one and with ones that misbehave."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager

import pytest

from acogida.adapters.clamav import ClamavScanner
from acogida.kernel.errors import Unavailable
from support import clamav


async def once(content: bytes) -> AsyncIterator[bytes]:
    yield content


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    if clamav.find() is None:
        pytest.skip("no clamd here")
    with clamav.running(longest="2M") as started:
        yield started


@pytest.mark.live
async def test_what_is_clean_and_what_is_not(address: str) -> None:
    """A found thing comes with its name; several pieces are one content."""
    scanner = ClamavScanner(address)

    async def split() -> AsyncIterator[bytes]:
        yield clamav.EICAR[:20]
        yield clamav.EICAR[20:]

    assert await scanner.healthy()
    assert await scanner.scan(once(b"acta de la mesa")) == ""
    assert await scanner.scan(once(bytes(1_500_000))) == ""
    assert await scanner.scan(split()) == "Prueba.EICAR.Local.UNOFFICIAL"


@pytest.mark.live
async def test_what_is_too_long_for_it_is_not_taken_for_clean(address: str) -> None:
    """It closes half way: nobody looked at the whole of it."""
    with pytest.raises(Unavailable):
        await ClamavScanner(address).scan(once(bytes(9_000_000)))


@asynccontextmanager
async def answering(
    talk: Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]],
) -> AsyncIterator[str]:
    """Somebody at a local address who talks so."""
    server = await asyncio.start_server(talk, "127.0.0.1", 0)
    async with server:
        yield f"tcp://127.0.0.1:{server.sockets[0].getsockname()[1]}"


async def _silent(_reader: asyncio.StreamReader, _writer: asyncio.StreamWriter) -> None:
    await asyncio.sleep(30)


async def _rude(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    writer.close()


async def _lost(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    await reader.read(10_000)
    writer.write(b"stream: Can't allocate memory ERROR\0")
    writer.close()


@pytest.mark.parametrize("talk", [_silent, _rude, _lost])
async def test_an_antivirus_in_trouble_says_nothing_is_clean(
    talk: Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]],
) -> None:
    """Silence, a closed door, an error of its own."""
    async with answering(talk) as address:
        scanner = ClamavScanner(address, seconds=0.3)
        with pytest.raises(Unavailable):
            await scanner.scan(once(b"acta"))
        assert not await scanner.healthy()


async def test_an_antivirus_that_is_not_there() -> None:
    """The address of nobody."""
    scanner = ClamavScanner("unix:///nonexistent/clamd.ctl")

    with pytest.raises(Unavailable):
        await scanner.scan(once(b"acta"))
