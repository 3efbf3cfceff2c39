"""The content policy of the pages: where they may send, and where they may not."""

from typing import Any

import pytest

from acogida.web.observe import Observe


@pytest.mark.parametrize(
    ("store", "words"),
    [("", "connect-src 'self';"), ("https://s3.ejemplo.cl", "connect-src 'self' https://s3.ejemplo.cl;")],
)
async def test_pages_send_to_us_and_to_the_store_that_was_set(store: str, words: str) -> None:
    """And to nobody else."""
    sent: list[dict[str, Any]] = []

    async def app(_scope: Any, _receive: Any, send: Any) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": []})

    async def send(message: Any) -> None:
        sent.append(message)

    await Observe(app, secure=False, store=store)({"type": "http", "path": "/", "method": "GET"}, app, send)  # type: ignore[arg-type]

    assert words in dict(sent[0]["headers"])[b"content-security-policy"].decode()
