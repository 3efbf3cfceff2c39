"""FirmaGob by its public description: one POST with the file and a signed token, and the signed file back.

Written from what Gobierno Digital publishes of its API (version 2, «files/tickets») and tried against a server of the
tests that plays it. The State has not certified this client: an installation turns it on by setting its address, and
the screens say so. The token is a JWT by HS256 with entity, RUN without check digit, purpose and expiry in Chile's
time; the holder's code of one use travels in the header `OTP`. A request may not be larger than 5 MB.
"""

import base64
import binascii
import hashlib
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import httpx
from joserfc import jwt
from joserfc.jwk import OctKey

from acogida.kernel.signatures import SigningRefused, StateSignature, plain_run

LIMIT = 5 * 1024 * 1024
"""Bytes of a whole request, file and all."""
LASTS = timedelta(minutes=10)
PURPOSE = "Propósito General"
"""The kind of certificate that asks its holder for a code; the other, unattended, is not used here."""
_CHILE = ZoneInfo("America/Santiago")


class FirmaGob:
    """`StateSigning` of the kernel over HTTP."""

    def __init__(
        self,
        url: str,
        *,
        entity: str,
        api_token: str,
        secret: str,
        seconds: float = 30,
        transport: httpx.AsyncBaseTransport | None = None,
    ) -> None:
        self._url = url
        self._entity = entity
        self._api_token = api_token
        self._secret = secret
        self._seconds = seconds
        self._transport = transport

    async def sign(self, content: bytes, *, name: str, run: str, code: str, now: datetime) -> StateSignature:
        """This method will have a PDF signed. Raises `SigningRefused` with what to do."""
        whole = plain_run(run)
        if not whole:
            raise SigningRefused("El RUN no es válido: escríbalo con su dígito verificador, por ejemplo 12.345.678-5.")
        sent = {
            "api_token_key": self._api_token,
            "token": self._token(whole.partition("-")[0], now),
            "files": [
                {
                    "content-type": "application/pdf",
                    "content": base64.b64encode(content).decode(),
                    "description": name,
                    "checksum": hashlib.sha256(content).hexdigest(),
                }
            ],
        }
        request = httpx.Request("POST", self._url, json=sent, headers={"OTP": code})
        if len(request.content) > LIMIT:
            raise SigningRefused(
                "El documento es demasiado grande para FirmaGob, que recibe hasta 5 MB. Fírmelo con otro programa de firma "
                "avanzada y suba el PDF."
            )
        try:
            async with httpx.AsyncClient(timeout=self._seconds, transport=self._transport) as client:
                answer = await client.send(request)
        except httpx.HTTPError as broken:
            raise SigningRefused(
                "FirmaGob no respondió. No se firmó nada: espere unos minutos e intente otra vez."
            ) from broken
        return _signed(answer, content)

    def _token(self, run: str, now: datetime) -> str:
        claims = {
            "entity": self._entity,
            "run": run,
            "purpose": PURPOSE,
            "expiration": (now + LASTS).astimezone(_CHILE).strftime("%Y-%m-%dT%H:%M:%S"),
        }
        return jwt.encode({"alg": "HS256", "typ": "JWT"}, claims, OctKey.import_key(self._secret))


def _signed(answer: httpx.Response, original: bytes) -> StateSignature:
    """The signed file of an answer, or the refusal that the answer means."""
    try:
        told = answer.json()
    except ValueError:
        told = {}
    told = told if isinstance(told, dict) else {}
    metadata = told.get("metadata") if isinstance(told.get("metadata"), dict) else {}
    files = [one for one in told.get("files") or () if isinstance(one, dict)]
    if metadata.get("otpExpired") or "otp" in str(told.get("error", "")).lower():
        raise SigningRefused(
            "El código de un solo uso no es correcto o ya venció. Pida otro en su teléfono e intente de nuevo."
        )
    if answer.status_code != httpx.codes.OK or len(files) != 1 or files[0].get("status") != "OK":
        raise SigningRefused(
            "FirmaGob no aceptó firmar. Compruebe su RUN y que su certificado esté vigente; si continúa, avise a quien "
            "administra Acogida."
        )
    try:
        content = base64.b64decode(files[0].get("content", ""), validate=True)
    except (binascii.Error, TypeError, ValueError) as broken:
        raise SigningRefused(
            "FirmaGob respondió algo que no se puede leer. No se guardó nada: intente otra vez."
        ) from broken
    if not content.startswith(b"%PDF-") or content == original:
        raise SigningRefused("FirmaGob respondió sin firmar el documento. No se guardó nada: intente otra vez.")
    return StateSignature(content, str(told.get("idSolicitud", "")))
