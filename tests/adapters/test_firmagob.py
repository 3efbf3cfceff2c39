"""The client of FirmaGob against a server on this machine that plays its protocol, by its public description.

It proves that we speak as it is written; it proves nothing of the State's own server.
"""

import asyncio
import base64
import hashlib
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

import pytest
from joserfc import jwt
from joserfc.jwk import OctKey

from acogida.adapters.firmagob import FirmaGob
from acogida.adapters.signatures.examination import examine
from acogida.kernel.signatures import ExpectedSigner, SigningRefused, ToExamine, Verdict
from support.pki import AMANDA_RUN, NOW, paper, pki, sign

SECRET, CODE = "un-secreto-de-prueba-de-treinta-y-dos", "227083"


class _State(BaseHTTPRequestHandler):
    """Holds who asks to what is written, and signs with the mayor's certificate of the tests."""

    answers: dict[str, Any] = {}
    heard: list[dict[str, Any]] = []

    def do_POST(self) -> None:
        sent = json.loads(self.rfile.read(int(self.headers["content-length"])))
        self.heard.append(sent)
        status, told = self._answer(sent)
        body = json.dumps(told).encode() if not isinstance(told, bytes) else told
        self.send_response(status)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def _answer(self, sent: dict[str, Any]) -> tuple[int, Any]:
        if "instead" in self.answers:
            return self.answers["instead"]
        claims = jwt.decode(sent["token"], OctKey.import_key(SECRET)).claims
        if sent["api_token_key"] != "llave" or claims["entity"] != "Municipalidad de Temuco":
            return 403, {"error": "aplicación desconocida"}
        if datetime.fromisoformat(claims["expiration"]).tzinfo is not None or claims["run"] != "12345678":
            return 400, {"error": "token mal hecho"}
        if self.headers["OTP"] != CODE:
            return 400, {"error": "OTP inválido", "metadata": {"otpExpired": True}}
        (file,) = sent["files"]
        content = base64.b64decode(file["content"])
        if hashlib.sha256(content).hexdigest() != file["checksum"]:
            return 400, {"error": "checksum"}
        signed = sign(content, pki().amanda)
        return 200, {
            "files": [{"content": base64.b64encode(signed).decode(), "status": "OK", "contentType": "application/pdf"}],
            "metadata": {"otpExpired": False, "filesSigned": 1, "signedFailed": 0, "objectsReceived": 1},
            "idSolicitud": 4711,
        }

    def log_message(self, *_: object) -> None:
        """Quiet: what is asked is in `heard`."""


@contextmanager
def state(**answers: Any) -> Iterator[FirmaGob]:
    _State.answers, _State.heard = answers, []
    server = HTTPServer(("127.0.0.1", 0), _State)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield FirmaGob(
            f"http://127.0.0.1:{server.server_port}/firma/v2/files/tickets",
            entity="Municipalidad de Temuco",
            api_token="llave",
            secret=SECRET,
            seconds=2,
        )
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


async def test_a_file_goes_and_comes_back_signed() -> None:
    """By RUN without its digit, in Chile's time, with the code on the telephone; what comes back verifies."""
    with state() as service:
        signed = await service.sign(paper(), name="Carta", run="12.345.678-5", code=CODE, now=NOW)

    claims = jwt.decode(_State.heard[0]["token"], OctKey.import_key(SECRET)).claims
    assert claims["expiration"] == "2026-11-23T12:10:00"
    assert signed.request == "4711"
    asked = ToExamine(signed.content, [ExpectedSigner("mayor", "Amanda Ñancupil", AMANDA_RUN)], NOW)
    assert (await asyncio.to_thread(examine, asked, [pki().root.asn1])).verdict is Verdict.GOOD


@pytest.mark.parametrize(
    ("answers", "asked", "said"),
    [
        ({}, {"code": "000000"}, "código de un solo uso"),
        ({}, {"run": "12.345.678-0"}, "RUN no es válido"),
        ({}, {"content": b"%PDF-" + b"0" * 4_200_000}, "hasta 5 MB"),
        ({"instead": (500, {"error": "caído"})}, {}, "no aceptó firmar"),
        ({"instead": (200, b"<html>")}, {}, "no aceptó firmar"),
        ({"instead": (200, [1, 2])}, {}, "no aceptó firmar"),
        ({"instead": (200, {"files": [{"status": "OK", "content": "%%%"}]})}, {}, "no se puede leer"),
        ({"instead": (200, {"files": [{"status": "OK", "content": "aG9sYQ=="}]})}, {}, "sin firmar"),
        ({"instead": (200, {"files": [{"status": "error", "content": None}]})}, {}, "no aceptó firmar"),
    ],
)
async def test_a_refusal_says_what_to_do(answers: dict[str, Any], asked: dict[str, Any], said: str) -> None:
    """A wrong code, a service that is down or answers something else: a sentence, and nothing signed."""
    wanted: dict[str, Any] = {"content": paper(), "run": AMANDA_RUN, "code": CODE, **asked}

    with state(**answers) as service, pytest.raises(SigningRefused, match=said):
        await service.sign(wanted.pop("content"), name="Carta", now=NOW, **wanted)


async def test_nobody_there() -> None:
    """A service that does not answer at all."""
    with state() as service:
        pass

    with pytest.raises(SigningRefused, match="no respondió"):
        await service.sign(paper(), name="Carta", run=AMANDA_RUN, code=CODE, now=NOW)
