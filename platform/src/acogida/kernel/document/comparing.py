"""What changed between two versions of a document, told by heading and by paragraph."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Literal

from acogida.kernel.document.model import Document, Heading, Missing
from acogida.kernel.document.reading import block_lines

_ALIKE = 0.5
"""From this likeness (0 to 1) a new paragraph counts as the old one rewritten, not as another."""


@dataclass(frozen=True, slots=True)
class Word:
    """Some words of a rewritten paragraph: kept, added or removed."""

    kind: Literal["kept", "added", "removed"]
    text: str


@dataclass(frozen=True, slots=True)
class Change:
    """A paragraph, item or table row that was added, removed or changed. `words` tells a change word by
    word."""

    kind: Literal["added", "removed", "changed"]
    old: str = ""
    new: str = ""
    words: tuple[Word, ...] = ()


@dataclass(frozen=True, slots=True)
class SectionDiff:
    """The changes under one heading, with the headings above it in `path`. What comes before the first is
    «»."""

    kind: Literal["added", "removed", "changed"]
    heading: str
    path: tuple[str, ...]
    changes: tuple[Change, ...]


@dataclass(frozen=True, slots=True)
class _Section:
    label: str
    path: tuple[str, ...]
    lines: tuple[str, ...]


def diff(old: Document, new: Document) -> tuple[SectionDiff, ...]:
    """This function will list the sections that differ, in the order of the new document.

    Sections are matched by their heading and those above it, not by their number: a chapter put in between
    does not make the rest look rewritten. Notes of what is missing are not compared.
    """
    before, after = _sections(old), _sections(new)
    matcher = SequenceMatcher(None, [part.path for part in before], [part.path for part in after], autojunk=False)
    found: list[SectionDiff] = []
    for step, low, high, start, end in matcher.get_opcodes():
        if step == "equal":
            for was, now in zip(before[low:high], after[start:end], strict=True):
                found.extend(_compared(was, now))
            continue
        gone, come = list(before[low:high]), list(after[start:end])
        for now in tuple(come):
            was = _renamed(now, gone)
            if was is not None:
                gone.remove(was)
                come.remove(now)
                title = Change("changed", was.label, now.label, _words(was.label, now.label))
                found.append(SectionDiff("changed", now.label, now.path, (title, *_changes(was.lines, now.lines))))
        found.extend(
            SectionDiff("removed", part.label, part.path, tuple(Change("removed", old=line) for line in part.lines))
            for part in gone
        )
        found.extend(
            SectionDiff("added", part.label, part.path, tuple(Change("added", new=line) for line in part.lines))
            for part in come
        )
    return tuple(found)


def _compared(was: _Section, now: _Section) -> tuple[SectionDiff, ...]:
    changes = _changes(was.lines, now.lines)
    return (SectionDiff("changed", now.label, now.path, changes),) if changes else ()


def _renamed(now: _Section, gone: Sequence[_Section]) -> _Section | None:
    """The lost section that says what this one says under another title, if there is one."""
    if not now.lines:
        return None
    text = "\n".join(now.lines)
    for was in gone:
        matcher = SequenceMatcher(None, "\n".join(was.lines).split(), text.split(), autojunk=False)
        if was.lines and len(was.path) == len(now.path) and matcher.ratio() > 0.7:
            return was
    return None


def _sections(document: Document) -> tuple[_Section, ...]:
    front = tuple(line for line in (document.title, document.subtitle, document.author, document.period) if line)
    found = [_Section("", (), front)]
    path: list[str] = []
    for block in document.blocks:
        if isinstance(block, Missing):
            continue
        if isinstance(block, Heading):
            path = [*path[: block.level - 1], block.text]
            found.append(_Section(block.label, tuple(path), ()))
        else:
            last = found[-1]
            found[-1] = _Section(last.label, last.path, (*last.lines, *block_lines(block)))
    return tuple(found)


def _changes(was: Sequence[str], now: Sequence[str]) -> tuple[Change, ...]:
    found: list[Change] = []
    for step, low, high, start, end in SequenceMatcher(None, was, now, autojunk=False).get_opcodes():
        if step == "equal":
            continue
        olds = list(was[low:high])
        for line in now[start:end]:
            at = _alike(line, olds)
            if at is None:
                found.append(Change("added", new=line))
                continue
            found.extend(Change("removed", old=skipped) for skipped in olds[:at])
            found.append(Change("changed", olds[at], line, _words(olds[at], line)))
            del olds[: at + 1]
        found.extend(Change("removed", old=line) for line in olds)
    return tuple(found)


def _alike(line: str, olds: Sequence[str]) -> int | None:
    """Which of the old lines this one rewrites. Looks only at the next few: a paragraph seldom travels
    far."""
    words = _split(line)
    for at, old in enumerate(olds[:8]):
        matcher = SequenceMatcher(None, _split(old), words, autojunk=False)
        if matcher.quick_ratio() >= _ALIKE and matcher.ratio() >= _ALIKE:
            return at
    return None


def _words(old: str, new: str) -> tuple[Word, ...]:
    before, after = _split(old), _split(new)
    found: list[Word] = []
    for step, low, high, start, end in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if step == "equal":
            found.append(Word("kept", "".join(after[start:end])))
            continue
        if low < high:
            found.append(Word("removed", "".join(before[low:high])))
        if start < end:
            found.append(Word("added", "".join(after[start:end])))
    return tuple(found)


def _split(text: str) -> list[str]:
    """Words and the spaces between them, so that joining gives the text back."""
    return re.findall(r"\s+|[^\s]+", text)
