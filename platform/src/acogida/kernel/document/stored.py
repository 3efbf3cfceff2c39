"""The stored form of a document: plain data, one spelling, one fingerprint."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import fields
from datetime import date
from enum import StrEnum
from functools import cache
from typing import Any

from acogida.kernel.document.errors import DocumentError
from acogida.kernel.document.model import (
    Block,
    BulletList,
    Cell,
    Document,
    Fact,
    Figure,
    Footnote,
    Heading,
    KeyValues,
    ListItem,
    Missing,
    Note,
    NumberedList,
    PageBreak,
    Paragraph,
    Quote,
    Signature,
    State,
    Table,
    Text,
)

SCHEMA = 1
"""Version of the stored form. Raise it only when an older stored document could no longer be read."""

_TYPES: dict[str, type] = {
    made.type: made
    for made in (
        Text,
        Footnote,
        Heading,
        Paragraph,
        ListItem,
        BulletList,
        NumberedList,
        Cell,
        Table,
        Figure,
        Missing,
        Note,
        Quote,
        Signature,
        Fact,
        KeyValues,
        PageBreak,
    )
}


def to_json(document: Document) -> dict[str, Any]:
    """This function will give the document as plain data. What has its default value is left out, so a
    field added later does not change the fingerprint of what was already stored."""
    return {"schema": SCHEMA, **_encode_fields(document)}


def blocks_to_json(blocks: Sequence[Block]) -> list[dict[str, Any]]:
    """This function will give some blocks as plain data, as they stand in the stored form."""
    return [_encode(block) for block in blocks]


def from_json(data: Mapping[str, Any]) -> Document:
    """This function will read back what `to_json` gave. Raises `DocumentError` on anything else."""
    if data.get("schema") != SCHEMA:
        raise DocumentError(f"stored with schema {data.get('schema')!r}; this reads {SCHEMA}")
    found = {name: _decode(value) for name, value in data.items() if name != "schema"}
    try:
        found["date"] = date.fromisoformat(found["date"])
        if "state" in found:
            found["state"] = State(found["state"])
        return Document(**found)
    except (KeyError, TypeError, ValueError) as broken:
        raise DocumentError(f"not a stored document: {broken}") from broken


def canonical(document: Document) -> bytes:
    """This function will give the one spelling of the stored form: keys in order, no spaces, UTF-8."""
    return json.dumps(to_json(document), ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def fingerprint(document: Document) -> str:
    """This function will give the SHA-256 of the canonical form, in hexadecimal."""
    return hashlib.sha256(canonical(document)).hexdigest()


@cache
def _defaults(kind: type) -> tuple[tuple[str, object], ...]:
    return tuple((known.name, known.default) for known in fields(kind))


def _encode_fields(value: Any) -> dict[str, Any]:
    contents = ((name, getattr(value, name), default) for name, default in _defaults(type(value)))
    # A field without a default has `MISSING` for it, which nothing equals.
    return {name: _encode(content) for name, content, default in contents if content != default}


def _encode(value: Any) -> Any:
    if hasattr(value, "__slots__") and hasattr(value, "type"):
        return {"type": value.type, **_encode_fields(value)}
    if isinstance(value, tuple):
        return [_encode(entry) for entry in value]
    if isinstance(value, date):
        return value.isoformat()
    return str(value) if isinstance(value, StrEnum) else value


def _decode(value: Any) -> Any:
    if isinstance(value, list):
        return tuple(_decode(entry) for entry in value)
    if not isinstance(value, Mapping):
        return value
    made = _TYPES.get(str(value.get("type")))
    if made is None:
        raise DocumentError(f"unknown part of a document: {value.get('type')!r}")
    try:
        return made(**{name: _decode(content) for name, content in value.items() if name != "type"})
    except TypeError as broken:
        raise DocumentError(f"not a stored {value.get('type')}: {broken}") from broken
