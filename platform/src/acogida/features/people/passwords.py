"""Passwords: Argon2id, hashed off the event loop, a few at a time; and which ones are too easy to guess.

A password is judged by what remains once the words that everybody uses, and those that anybody knows about this
person, are taken out of it; and it may not be one or two words of the commonest in known leaks (`leaked/`),
however they are dressed. Nothing is asked of capitals, figures or symbols.
"""

import asyncio
import hashlib
import re
import unicodedata
from collections.abc import Iterable
from functools import cache
from pathlib import Path

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

LEAKED = Path(__file__).parent / "leaked" / "words.txt"
SHORTEST = 12
LONGEST = 200
_HASHER = PasswordHasher()
_AT_ONCE = asyncio.Semaphore(2)
"""Each takes 64 MiB for a tenth of a second: two at a time keep a small machine alive."""


@cache
def _nobody() -> str:
    """What an account that does not exist is compared with, so that both take as long."""
    return _HASHER.hash("nobody has this password")


_ROWS = (
    "qwertyuiop",
    "asdfghjkl",
    "zxcvbnm",
    "1234567890",
    "0987654321",
    "abcdefghijklmnopqrstuvwxyz",
    "1qaz2wsx3edc4rfv",
)
_USUAL = [
    "password",
    "passw0rd",
    "contrasena",
    "contrasenia",
    "clave",
    "secreto",
    "secreta",
    "ingreso",
    "ingresar",
    "entrar",
    "acceso",
    "bienvenido",
    "bienvenida",
    "welcome",
    "letmein",
    "admin",
    "administrador",
    "usuario",
    "user",
    "guest",
    "invitado",
    "root",
    "test",
    "prueba",
    "demo",
    "master",
    "login",
    "hola",
    "amor",
    "teamo",
    "tequiero",
    "iloveyou",
    "princesa",
    "princess",
    "mariposa",
    "estrella",
    "sunshine",
    "dragon",
    "monkey",
    "football",
    "futbol",
    "baseball",
    "pokemon",
    "superman",
    "batman",
    "colocolo",
    "universidad",
    "chile",
    "chilena",
    "santiago",
    "municipalidad",
    "municipal",
    "municipio",
    "muni",
    "comuna",
    "alcalde",
    "alcaldesa",
    "alcaldia",
    "migracion",
    "migrante",
    "migraciones",
    "acogida",
    "dideco",
    "secplan",
    "oficina",
    "trabajo",
    "computador",
    "internet",
    "google",
    "facebook",
    "instagram",
    "whatsapp",
    "microsoft",
    "windows",
    "excel",
    "verano",
    "invierno",
    "otono",
    "primavera",
    "enero",
    "febrero",
    "marzo",
    "abril",
    "mayo",
    "junio",
    "julio",
    "agosto",
    "septiembre",
    "octubre",
    "noviembre",
    "diciembre",
    "lunes",
    "martes",
    "miercoles",
    "jueves",
    "viernes",
    "sabado",
    "domingo",
    "jesus",
    "dios",
    "familia",
    "carlos",
    "daniel",
    "andrea",
    "camila",
    "francisca",
    "alejandro",
    "sebastian",
    "abc",
    "qwe",
    "asd",
    "zxc",
    "xyz",
]
_LOOKALIKES = str.maketrans("@0134579$!|", "aoieastgsii")


async def hash_password(password: str) -> str:
    """This function will give the Argon2id hash of a password."""
    async with _AT_ONCE:
        return await asyncio.to_thread(_HASHER.hash, password)


async def matches(password_hash: str | None, password: str) -> bool:
    """This function will tell whether the password is the one; it takes as long when there is no account."""
    async with _AT_ONCE:
        return await asyncio.to_thread(_verify, password_hash, password) and password_hash is not None


def fault_of(password: str, *, known: Iterable[str] = ()) -> str | None:
    """This function will say why a password won't do, or None when it will.

    `known` are words that anybody may know about the person: name, address, commune.
    """
    if len(password) < SHORTEST:
        return f"Debe tener al menos {SHORTEST} caracteres. Cuatro palabras que no suelan ir juntas son fáciles de recordar."
    if len(set(password)) < 5 or _too_usual(password, known):
        return (
            "Es fácil de adivinar: se parece a contraseñas muy usadas, a su correo o al nombre de la comuna. "
            "Pruebe con cuatro palabras que no suelan ir juntas."
        )
    if is_leaked(password):
        return (
            "Es de las contraseñas que más se repiten en las filtraciones conocidas, aunque lleve números o signos. "
            "Pruebe con cuatro palabras que no suelan ir juntas."
        )
    return None


def is_leaked(password: str) -> bool:
    """This function will tell whether a password is one or two of the commonest words of leaks, dressed or repeated."""
    plain = _plain(password)
    tail = len(plain) - len(plain.rstrip("0123456789!.#*-_$@?¿¡ "))
    dressed = [plain[: len(plain) - cut].translate(_LOOKALIKES) for cut in range(tail + 1)]
    return any(_one_or_two(re.sub(r"[^a-z]", "", text)) for text in (plain, *dressed))


def _one_or_two(letters: str) -> bool:
    once = re.sub(r"^(.{4,}?)\1+$", r"\1", letters)
    return (
        _is_common(once)
        or _is_common(letters)
        or any(_is_common(letters[:cut]) and _is_common(letters[cut:]) for cut in range(4, len(letters) - 3))
    )


@cache
def _common() -> frozenset[str]:
    return frozenset(LEAKED.read_text().split())


def _is_common(word: str) -> bool:
    return hashlib.sha256(word.encode()).hexdigest()[:12] in _common()


def _too_usual(password: str, known: Iterable[str]) -> bool:
    words = {*_USUAL, *(part for word in known for part in (_plain(word), *re.split(r"[^a-z0-9]+", _plain(word))))}
    return any(_left(text, words) < 6 for text in (_plain(password), _plain(password).translate(_LOOKALIKES)))


def _left(text: str, words: Iterable[str]) -> float:
    """How much is left to guess, in letters: a figure counts half, a repetition or a run of the keyboard nothing."""
    for word in sorted((word for word in words if len(word) > 2), key=len, reverse=True):
        text = text.replace(word, " ")
    for row in _ROWS:
        for start in range(len(row) - 2):
            for size in range(len(row) - start, 2, -1):
                text = text.replace(row[start : start + size], " ")
    text = re.sub(r"(.+?)\1+", r"\1", text)
    return sum(1 if c.isalpha() else 0.5 if c.isdigit() else 0 for c in text)


def _plain(text: str) -> str:
    return "".join(c for c in unicodedata.normalize("NFD", text.lower()) if not unicodedata.combining(c))


def _verify(password_hash: str | None, password: str) -> bool:
    try:
        return _HASHER.verify(password_hash or _nobody(), password)
    except (VerificationError, InvalidHashError):
        return False
