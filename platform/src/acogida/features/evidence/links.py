"""Addresses that open one picture for a few minutes, and only to whom they were given.

A link is made after the file was found in the workspace of whoever asks. It holds, sealed, its hour, the workspace, the
file, its content, the person and their session; when it is used, the door asks again who is there and whether they still
have a place, and the file is looked for again. What fails, for any reason, does not exist.
"""

from datetime import timedelta

from acogida.features.evidence.model import File
from acogida.kernel.errors import NotFound
from acogida.kernel.sealing import Sealing, Unsealable
from acogida.kernel.work import Work

LIVES = timedelta(minutes=5)
_USE = "file-link"


def mint(work: Work, sealing: Sealing, row: File, session: bytes) -> str:
    """This function will make the link of a file that was found, for this session alone."""
    until = int((work.clock.now() + LIVES).timestamp())
    return sealing.of(_USE).seal(f"{until} {_said(work, row, session)}").decode()


def honour(work: Work, sealing: Sealing, row: File, session: bytes, link: str) -> None:
    """This function will raise `NotFound` unless the link was made for this file, content and session, and still lives."""
    try:
        until, _, said = sealing.of(_USE).open(link.encode()).partition(" ")
    except Unsealable:
        raise NotFound from None
    if said != _said(work, row, session) or int(until) <= work.clock.now().timestamp():
        raise NotFound


def _said(work: Work, row: File, session: bytes) -> str:
    return f"{work.tenant.id} {row.id} {row.storage_key} {work.actor.person_id} {session.hex()}"
