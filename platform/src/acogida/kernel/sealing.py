"""Secrets that must be read again: sealed with the key of the installation, useless in a copy of the database alone.

What only has to be compared is kept as a hash instead. The key is derived from `ACOGIDA_SECRET_KEY` for each use, so
that what one use sealed opens nothing of another.
"""

import base64

from cryptography.fernet import Fernet, InvalidToken
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF


class Unsealable(ValueError):
    """It was sealed with another key, it was touched, or its time has passed."""


class Sealer:
    """Seals and opens short texts for one use, «second-factor» or «oidc»."""

    def __init__(self, secret_key: str, use: str) -> None:
        key = HKDF(algorithm=SHA256(), length=32, salt=None, info=f"acogida/{use}".encode()).derive(secret_key.encode())
        self._fernet = Fernet(base64.urlsafe_b64encode(key))

    def seal(self, text: str) -> bytes:
        """This method will seal a text; the same text never gives the same bytes twice."""
        return self._fernet.encrypt(text.encode())

    def open(self, sealed: bytes, *, seconds: int | None = None) -> str:
        """This method will open what was sealed, at most so many seconds ago; `Unsealable` where it can't."""
        try:
            return self._fernet.decrypt(sealed, ttl=seconds).decode()
        except InvalidToken as error:
            raise Unsealable from error


class Sealing:
    """The key of the installation, which gives a `Sealer` for each use."""

    def __init__(self, secret_key: str) -> None:
        self._secret_key = secret_key
        self._made: dict[str, Sealer] = {}

    def of(self, use: str) -> Sealer:
        """This method will give who seals for this use."""
        if use not in self._made:
            self._made[use] = Sealer(self._secret_key, use)
        return self._made[use]
