"""Passwords: Argon2id, hashed off the event loop, a few at a time."""

import asyncio

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

_HASHER = PasswordHasher()
_AT_ONCE = asyncio.Semaphore(2)
"""Each takes 64 MiB for a tenth of a second: two at a time keep a small machine alive."""
_NOBODY = _HASHER.hash("nobody has this password")


async def hash_password(password: str) -> str:
    """This function will give the Argon2id hash of a password."""
    async with _AT_ONCE:
        return await asyncio.to_thread(_HASHER.hash, password)


async def matches(password_hash: str | None, password: str) -> bool:
    """This function will tell whether the password is the one; it takes as long when there is no account."""
    async with _AT_ONCE:
        return await asyncio.to_thread(_verify, password_hash or _NOBODY, password) and password_hash is not None


def _verify(password_hash: str, password: str) -> bool:
    try:
        return _HASHER.verify(password_hash, password)
    except (VerificationError, InvalidHashError):
        return False
