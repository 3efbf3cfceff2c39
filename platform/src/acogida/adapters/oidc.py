"""ClaveÚnica, or any provider of OpenID Connect: authorization code with PKCE, every part of the answer checked.

The address is discovered from the issuer. The identity token must be signed with an asymmetric key that the issuer
publishes, be for us, be of now and carry our nonce; the RUN comes from the user information over the same connection.
Nothing is asked beyond RUN and name, and no token of the provider is kept.
"""

import asyncio
import base64
import hashlib
import secrets
import time
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

import httpx
from joserfc import jwk, jwt
from joserfc.errors import JoseError
from stdnum.cl import rut
from stdnum.exceptions import ValidationError

from acogida.kernel.errors import NotProven, Unavailable
from acogida.kernel.ports import IdentityTrip, ProvenIdentity

ALGORITHMS = ["RS256", "ES256", "PS256"]
SCOPE = "openid run name"
_METADATA_LASTS = 3600
_LEEWAY = 60
"""Seconds that the provider's clock may differ from ours."""


class OpenIdConnect:
    """Implements `IdentityProvider`. The metadata and keys of the issuer are read once an hour."""

    def __init__(self, issuer: str, *, client_id: str, client_secret: str, scope: str = SCOPE) -> None:
        self._issuer = issuer.rstrip("/")
        self._client_id = client_id
        self._client_secret = client_secret
        self._scope = scope
        self._http = httpx.AsyncClient(timeout=httpx.Timeout(8, connect=4), follow_redirects=False)
        self._metadata: dict[str, Any] = {}
        self._read_at = 0.0
        self._reading = asyncio.Lock()

    async def close(self) -> None:
        await self._http.aclose()

    async def start(self, back: str) -> IdentityTrip:
        known = await self._discover()
        state, nonce, verifier = (secrets.token_urlsafe(32) for _ in range(3))
        challenge = base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode()
        asked = {
            "client_id": self._client_id,
            "response_type": "code",
            "scope": self._scope,
            "redirect_uri": back,
            "state": state,
            "nonce": nonce,
            "code_challenge": challenge,
            "code_challenge_method": "S256",
        }
        return IdentityTrip(f"{known['authorization_endpoint']}?{urlencode(asked)}", state, nonce, verifier)

    async def finish(self, code: str, back: str, *, nonce: str, verifier: str) -> ProvenIdentity:
        known = await self._discover()
        tokens = await self._json(
            self._http.post(
                known["token_endpoint"],
                data={
                    "grant_type": "authorization_code",
                    "code": code,
                    "redirect_uri": back,
                    "code_verifier": verifier,
                },
                auth=(self._client_id, self._client_secret),
                headers={"accept": "application/json"},
            )
        )
        claims = await self._claims(str(tokens.get("id_token", "")), nonce)
        told = await self._json(
            self._http.get(
                known["userinfo_endpoint"], headers={"authorization": f"Bearer {tokens.get('access_token', '')}"}
            )
        )
        if told.get("sub") is None or str(told["sub"]) != str(claims.get("sub")):
            raise NotProven
        return ProvenIdentity(run_of(told), name_of(told))

    async def _claims(self, token: str, nonce: str) -> Mapping[str, Any]:
        """What the identity token says, once it is known to be the issuer's, for us, of now and of this trip."""
        rules = jwt.JWTClaimsRegistry(
            leeway=_LEEWAY,
            iss={"essential": True, "value": self._metadata["issuer"]},
            aud={"essential": True, "value": self._client_id},
            exp={"essential": True},
            iat={"essential": True},
            sub={"essential": True},
            nonce={"essential": True, "value": nonce},
        )
        for fresh in (False, True):  # the issuer may have changed its keys since we read them
            keys = await self._keys(fresh=fresh)
            try:
                claims = jwt.decode(token, keys, algorithms=ALGORITHMS).claims
                rules.validate(claims)
            except (JoseError, ValueError) as error:
                if fresh:
                    raise NotProven from error
            else:
                return claims
        raise NotProven

    async def _discover(self) -> dict[str, Any]:
        async with self._reading:
            if not self._metadata or time.monotonic() - self._read_at > _METADATA_LASTS:
                found = await self._json(self._http.get(f"{self._issuer}/.well-known/openid-configuration"))
                if str(found.get("issuer", "")).rstrip("/") != self._issuer:
                    raise Unavailable(
                        "El servicio de identidad respondió con otro nombre. Avise a quien opera Acogida."
                    )
                self._metadata, self._read_at = found, time.monotonic()
        return self._metadata

    async def _keys(self, *, fresh: bool) -> jwk.KeySet:
        if fresh or "_keys" not in self._metadata:
            self._metadata["_keys"] = jwk.KeySet.import_key_set(
                await self._json(self._http.get(self._metadata["jwks_uri"]))  # type: ignore[arg-type]
            )
        return self._metadata["_keys"]

    @staticmethod
    async def _json(asking: Any) -> dict[str, Any]:
        """The JSON object that the provider answered; a refusal of its proves nothing, a silence is its absence."""
        try:
            answer = await asking
        except httpx.HTTPError as error:
            raise Unavailable(
                "ClaveÚnica no responde en este momento. Ingrese con su correo o vuelva más tarde."
            ) from error
        if answer.status_code >= 500:
            raise Unavailable("ClaveÚnica no responde en este momento. Ingrese con su correo o vuelva más tarde.")
        try:
            found = answer.json() if answer.status_code == 200 else None
        except ValueError:
            found = None
        if not isinstance(found, dict):
            raise NotProven
        return found


def run_of(told: Mapping[str, Any]) -> str:
    """This function will read the RUN out of the user information, or raise `NotProven` where its digit is wrong.

    ClaveÚnica tells it as `RolUnico: {numero, DV, tipo}`; a provider that uses it as subject tells it as `sub`.
    """
    unique = told.get("RolUnico")
    written = (
        f"{unique.get('numero', '')}-{unique.get('DV', '')}" if isinstance(unique, dict) else str(told.get("sub", ""))
    )
    try:
        compact = rut.validate(written)
    except ValidationError as error:
        raise NotProven from error
    return f"{compact[:-1]}-{compact[-1]}"


def name_of(told: Mapping[str, Any]) -> str:
    """This function will read the name, whole or in its parts; empty where it was not told."""
    name = told.get("name", "")
    if isinstance(name, dict):
        parts = [part for key in ("nombres", "apellidos") for part in name.get(key, []) if isinstance(part, str)]
        return " ".join(parts)[:120].title()
    return str(name)[:120]
