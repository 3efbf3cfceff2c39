"""The words inside a document, so that the workspace's search finds it. Opening what strangers made is done by a process
of its own, with little time and little memory: what it can't read in that stays without words."""

import asyncio
import json
import re
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import IO
from xml.etree import ElementTree

MOST_LETTERS = 60_000
_MOST_PAGES = 200
_SECONDS = 25
_MEMORY = 1_500_000_000
_MOST_OF_A_PART = 30_000_000
_PARTS = re.compile(
    r"word/(document|footnotes|header\d*|footer\d*)\.xml|xl/sharedStrings\.xml|ppt/slides/slide\d+\.xml"
)


async def words_of(path: Path, family: str) -> str:
    """This function will give the words of a document (pdf or office), at most `MOST_LETTERS` letters, or none."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "acogida.features.evidence.reading", family, str(path)),
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
    )
    try:
        async with asyncio.timeout(_SECONDS):
            said, _ = await process.communicate()
    except TimeoutError:
        process.kill()
        await process.wait()
        return ""
    return json.loads(said) if process.returncode == 0 and said else ""


def words(file: IO[bytes], family: str) -> str:
    """This function will read them here, without limits of time: for the process of its own."""
    kept: list[str] = []
    letters = 0
    for piece in _pdf(file) if family == "pdf" else _office(file):
        flat = " ".join(piece.replace("\0", "").split())
        kept.append(flat[: MOST_LETTERS - letters])
        letters += len(flat) + 1
        if letters >= MOST_LETTERS:
            break
    return " ".join(filter(None, kept))


def _pdf(file: IO[bytes]) -> Iterator[str]:
    from pypdf import PdfReader

    for page in PdfReader(file).pages[:_MOST_PAGES]:
        yield page.extract_text()


def _office(file: IO[bytes]) -> Iterator[str]:
    with zipfile.ZipFile(file) as packed:
        for entry in packed.infolist():
            if _PARTS.fullmatch(entry.filename) and entry.file_size <= _MOST_OF_A_PART:
                root = ElementTree.fromstring(packed.read(entry))  # noqa: S314 because expat refuses entities that swell
                yield from (node.text or "" for node in root.iter() if node.tag.rpartition("}")[2] == "t")


def _main() -> None:
    import resource

    resource.setrlimit(resource.RLIMIT_CPU, (_SECONDS, _SECONDS))
    resource.setrlimit(resource.RLIMIT_AS, (_MEMORY, _MEMORY))
    family, path = sys.argv[1:]
    with Path(path).open("rb") as file:
        sys.stdout.write(json.dumps(words(file, family)))


if __name__ == "__main__":
    _main()
