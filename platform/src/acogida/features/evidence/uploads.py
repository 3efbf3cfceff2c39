"""Content that we make ourselves, in the shape of a file that somebody sends."""

from dataclasses import dataclass, field
from io import BytesIO


@dataclass(slots=True)
class MadeHere:
    """A file made by the product, ready for `keep`."""

    filename: str
    content: BytesIO = field(repr=False)

    async def read(self, size: int = -1, /) -> bytes:
        return self.content.read(size)

    async def seek(self, offset: int, /) -> int:
        return self.content.seek(offset)


def from_bytes(name: str, content: bytes) -> MadeHere:
    """This function will give bytes made here as a file to keep."""
    return MadeHere(name, BytesIO(content))
