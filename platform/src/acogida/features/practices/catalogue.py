"""Brings `catalogue/practices/` to the database: says what would change, then does it. Doing it again changes nothing.

A file speaks for a practice only until a person changes that practice on the desk. A file never publishes by itself,
but for the first time and where it says `published`: those of the guide, which the guide published.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Annotated, Literal

import msgspec

from acogida.features.communes import public as communes
from acogida.features.practices import book, content, store
from acogida.features.practices.content import Content
from acogida.features.practices.events import PracticePublished
from acogida.features.practices.model import Practice, PracticeEdition, PracticeEvent
from acogida.features.practices.reading import WrongFile, read
from acogida.features.practices.vocabulary import Taxonomy, taxonomy
from acogida.kernel import outbox
from acogida.kernel.clock import today
from acogida.kernel.db import new_id
from acogida.kernel.work import Work

GUIDE = "Guía práctica OIM–Sermig, abril de 2025"
FIRST_LOAD = "Carga inicial del catálogo"
REVIEW_EVERY = timedelta(days=365)
"""How long an edition stands before it must be looked at again."""
MARK = "practices"


class PracticeFile(Content, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One file of `catalogue/practices/`: what a practice says, its code, and how it starts."""

    code: Annotated[str, msgspec.Meta(pattern=r"^BP-\d{3,5}$")]
    state: Literal["in_review", "published"]
    origin: Literal["guide", "compiled"]

    @property
    def content(self) -> Content:
        return Content(**{name: getattr(self, name) for name in Content.__struct_fields__})


@dataclass(frozen=True, slots=True)
class Change:
    """What loading would do to one practice: `new`, `changed` (with the fields), or `kept`, which a person changed here."""

    code: str
    title: str
    kind: Literal["new", "changed", "kept"]
    fields: tuple[str, ...] = ()

    def __str__(self) -> str:
        words = {"new": "nueva", "changed": "cambia", "kept": "se deja como está: alguien la cambió en la plataforma"}
        named = f" ({', '.join(self.fields)})" if self.fields else ""
        return f"{self.code}  {words[self.kind]}{named}  {self.title}"


@dataclass(slots=True)
class Plan:
    """All the changes, and what is needed to make them."""

    changes: list[Change] = field(default_factory=list)
    fresh: list[PracticeFile] = field(default_factory=list)
    altered: list[tuple[Practice, PracticeFile]] = field(default_factory=list)


def read_all(catalogue: Path) -> list[PracticeFile]:
    """This function will read every practice of the catalogue, by code. Raises `WrongFile` at the first fault."""
    known = taxonomy(catalogue)
    found = []
    for path in sorted((catalogue / "practices").glob("*.yaml")):
        record = read(path, PracticeFile)
        if record.code != path.stem:
            raise WrongFile(path, 1, f"dice ser {record.code} y el archivo se llama {path.stem}")
        for name, value in strangers(record, known):
            raise WrongFile(
                path, _line_of(path, name), f"«{value}» no está entre los valores de «{name}» (catalogue/taxonomy)"
            )
        found.append(record)
    return found


def strangers(said: Content, known: Taxonomy) -> list[tuple[str, str]]:
    """This function will give (field, value) of what the lists of the catalogue do not hold."""
    asked: Sequence[tuple[str, str, Sequence[str]]] = (
        ("category", "categories", (said.category,)),
        ("subcategory", "subcategories", (said.subcategory,)),
        ("themes", "themes", said.themes),
        ("targets", "targets", said.targets),
    )
    wrong = [
        (name, value) for name, facet, values in asked for value in values if value and value not in known.titles(facet)
    ]
    if said.subcategory and said.category and not said.subcategory.startswith(f"{said.category}."):
        wrong.append(("subcategory", said.subcategory))
    return wrong


def _line_of(path: Path, name: str) -> int:
    lines = path.read_text(encoding="utf-8").splitlines()
    return next((place for place, line in enumerate(lines, 1) if line.startswith(f"{name}:")), 1)


def _digest(record: PracticeFile) -> str:
    return hashlib.sha256(f"{record.state}{content.digest(record.content)}".encode()).hexdigest()


async def plan(work: Work, records: Sequence[PracticeFile]) -> Plan:
    """This function will compare the files with the database."""
    known = {row.code: row for row in await store.practices(work.session, [record.code for record in records])}
    made = Plan()
    for record in records:
        row = known.get(record.code)
        if row is None:
            made.fresh.append(record)
            made.changes.append(Change(record.code, record.title, "new"))
        elif row.file_sha256 != _digest(record):
            said = content.of(row.content)
            fields = tuple(content.changed(said, record.content))
            if row.touched:
                made.changes.append(Change(record.code, row.title, "kept", fields))
            else:
                made.altered.append((row, record))
                made.changes.append(Change(record.code, record.title, "changed", fields))
    return made


async def load(work: Work, catalogue: Path, *, dry_run: bool = False) -> list[Change]:
    """This function will bring the catalogue to what its files say and give every change; with `dry_run` it only says them.

    Raises `WrongFile`. Costs one query where the files are those of the last time.
    """
    digest = folder_digest(catalogue)
    if await communes.loaded_digest(work.session, MARK) == digest:
        return []
    made = await plan(work, read_all(catalogue))
    if dry_run:
        return made.changes
    await _add(work, made.fresh)
    for row, record in made.altered:
        await _bring(work, row, record)
    await communes.note_load(work.session, MARK, digest, work.clock.now())
    return made.changes


def folder_digest(catalogue: Path) -> str:
    """This function will give a hash of every file that a load reads."""
    told = hashlib.sha256()
    for path in (*sorted((catalogue / "practices").glob("*.yaml")), *sorted((catalogue / "taxonomy").glob("*.yaml"))):
        told.update(path.name.encode() + path.read_bytes())
    return told.hexdigest()


async def _add(work: Work, fresh: Sequence[PracticeFile]) -> None:
    now, day = work.clock.now(), today(work.clock)
    rows, editions, entries = [], [], []
    for record in fresh:
        published = record.state == "published"
        said = record.content
        row = {
            "id": new_id(),
            "code": record.code,
            "title": record.title,
            "state": record.state,
            "origin": record.origin,
            "content": content.kept(said),
            "edition": int(published),
            "due_on": day + REVIEW_EVERY if published else None,
            "reviewed_by": GUIDE if published else "",
            "approved_by": FIRST_LOAD if published else "",
            "file_sha256": _digest(record),
            "created_at": now,
            "updated_at": now,
            "updated_by": FIRST_LOAD,
        }
        rows.append(row)
        sentence = "entró al catálogo, ya publicada por la guía" if published else "entró al catálogo, en revisión"
        entries.append(book.entry(work, record.code, "practice.loaded", sentence))
        if published:
            editions.append(
                {
                    "practice_id": row["id"],
                    "number": 1,
                    "code": record.code,
                    "title": record.title,
                    "content": row["content"],
                    "published_at": now,
                    "published_on": day,
                    "reviewed_by": GUIDE,
                    "approved_by": FIRST_LOAD,
                    "note": "Primera edición.",
                    "sha256": content.digest(said),
                }
            )
    await store.add_many(work.session, Practice, rows)
    await store.add_many(work.session, PracticeEdition, editions)
    await store.add_many(work.session, PracticeEvent, entries)
    for row in editions:
        await outbox.publish(work, PracticePublished(row["practice_id"]))


async def _bring(work: Work, row: Practice, record: PracticeFile) -> None:
    """What the file says now goes to the desk, to be reviewed; what is public stays until somebody publishes."""
    before = row.content
    row.title, row.content, row.file_sha256 = record.title, content.kept(record.content), _digest(record)
    row.state, row.reviewed_by, row.approved_by, row.updated_by = "in_review", "", "", FIRST_LOAD
    await work.session.flush()
    await book.note(
        work, row.code, "practice.loaded", "cambió con los archivos del catálogo", before=before, after=row.content
    )
