"""Photographs as we keep them: drawn again from their pixels, so that nothing else of the original comes with them.

Where and when a photograph was taken, with what, and by whom (EXIF, GPS, XMP, comments, earlier versions hidden in the
file) stays behind; how it was held stays, turned into the pixels. Everything here takes time and memory: call it in a
thread. At most two are opened at once in a process.
"""

import io
import tempfile
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import IO, Any

MOST_PIXELS = 64_000_000
"""Pixels of a picture that is opened whole."""
MOST_PIXELS_OF_JPEG = 240_000_000
"""Pixels of a JPEG, which can be opened at a half or a quarter: it is, above `_DRAWN_PIXELS`."""
_DRAWN_PIXELS = 40_000_000
_LONGEST_SIDE = 20_000
_IN_MEMORY = 4_000_000
_FORMATS = {"image/jpeg": "JPEG", "image/png": "PNG", "image/webp": "WEBP", "image/heic": "HEIF"}
_SAVING: dict[str, dict[str, Any]] = {
    "JPEG": {"quality": 86, "progressive": True, "subsampling": "4:2:0"},
    "PNG": {"compress_level": 6},
    "WEBP": {"quality": 86, "method": 2},
}
_AT_ONCE = threading.BoundedSemaphore(2)
_READY = threading.Lock()


class NotAnImage(ValueError):
    """It can't be drawn, or it would take too much to."""


@dataclass(frozen=True, slots=True)
class Drawn:
    """A photograph drawn again. The file is at its beginning; whoever asked for it closes it."""

    file: IO[bytes]
    media_type: str
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class Area:
    """A part of a picture, in hundredths of its width and height."""

    left: float
    top: float
    width: float
    height: float

    def box(self, size: tuple[int, int]) -> tuple[int, int, int, int]:
        """This method will give the part in pixels of a picture of this size, at least one by one and inside it."""
        wide, high = size
        left, top = round(self.left * wide / 100), round(self.top * high / 100)
        right, bottom = round((self.left + self.width) * wide / 100), round((self.top + self.height) * high / 100)
        left, top = min(max(0, left), wide - 1), min(max(0, top), high - 1)
        return left, top, min(max(left + 1, right), wide), min(max(top + 1, bottom), high)


def draw_again(file: IO[bytes], media_type: str) -> Drawn:
    """This function will draw the photograph again without anything that came with it, or raise `NotAnImage`.

    A HEIC one becomes JPEG. `file` must be seekable.
    """
    with _opened(file, media_type) as image:
        kind = "JPEG" if _FORMATS[media_type] == "HEIF" else _FORMATS[media_type]
        return _saved(_upright(image, opaque=kind == "JPEG"), kind)


def smaller(file: IO[bytes], media_type: str, longest: int) -> Drawn:
    """This function will draw a JPEG of the picture whose longer side has at most so many pixels."""
    with _opened(file, media_type, enough=longest) as image:
        upright = _upright(image, opaque=True)
        upright.thumbnail((longest, longest))
        return _saved(upright, "JPEG")


def blurred(file: IO[bytes], media_type: str, areas: Sequence[Area]) -> Drawn:
    """This function will draw the picture with these areas made unrecognisable: what was there can't be worked out."""
    from PIL import Image, ImageFilter

    with _opened(file, media_type) as image:
        kind = "JPEG" if _FORMATS[media_type] == "HEIF" else _FORMATS[media_type]
        upright = _upright(image, opaque=kind == "JPEG")
        for area in areas:
            box = area.box(upright.size)
            part = upright.crop(box)
            # Eight cells of colour across are left of a face, and those are mixed: no filter brings it back.
            cells = part.resize((8, 8), Image.Resampling.BOX).resize(part.size, Image.Resampling.BICUBIC)
            upright.paste(cells.filter(ImageFilter.GaussianBlur(max(part.size) / 16)), box)
        return _saved(upright, kind)


def cut(file: IO[bytes], media_type: str, area: Area, longest: int) -> Drawn:
    """This function will draw a JPEG of one part of the picture."""
    with _opened(file, media_type) as image:
        upright = _upright(image, opaque=True)
        part = upright.crop(area.box(upright.size))
        part.thumbnail((longest, longest))
        return _saved(part, "JPEG")


@contextmanager
def _opened(file: IO[bytes], media_type: str, *, enough: int = 0) -> Iterator[Any]:
    from PIL import Image, UnidentifiedImageError

    _get_ready()
    with _AT_ONCE:
        file.seek(0)
        try:
            with Image.open(file, formats=[_FORMATS[media_type]]) as image:
                _refuse_bombs(image, media_type)
                if media_type == "image/jpeg":
                    image.draft(None, _drawn_at(image.size, enough))
                image.load()
                yield image
        except (UnidentifiedImageError, OSError, SyntaxError, ValueError, EOFError, MemoryError) as broken:
            if isinstance(broken, NotAnImage):
                raise
            raise NotAnImage("está dañada o incompleta y no se puede abrir") from broken


def _get_ready() -> None:
    """Once: the limit is ours, below, and phones' photographs are read."""
    from PIL import Image

    with _READY:
        if Image.MAX_IMAGE_PIXELS is not None:
            import pi_heif

            Image.MAX_IMAGE_PIXELS = None
            pi_heif.register_heif_opener()


def _refuse_bombs(image: Any, media_type: str) -> None:
    wide, high = image.size
    most = MOST_PIXELS_OF_JPEG if media_type == "image/jpeg" else MOST_PIXELS
    if max(wide, high) > _LONGEST_SIDE or wide * high > most:
        raise NotAnImage(f"mide {wide} × {high} puntos y es demasiado grande para abrirla")


def _drawn_at(size: tuple[int, int], enough: int) -> tuple[int, int]:
    """A JPEG can be drawn at a half, a quarter or an eighth without reading it whole."""
    wide, high = size
    if enough:
        share = min(1.0, enough / max(wide, high))
        return max(1, int(wide * share)), max(1, int(high * share))
    while wide * high > _DRAWN_PIXELS:
        wide, high = -(-wide // 2), -(-high // 2)
    return wide, high


def _upright(image: Any, *, opaque: bool) -> Any:
    """As it is to be seen, in plain colours, with nothing beside the pixels."""
    from PIL import Image, ImageOps

    ImageOps.exif_transpose(image, in_place=True)
    plain = _in_common_colours(image)
    if opaque and plain.mode in ("RGBA", "LA", "P", "PA"):
        over = plain.convert("RGBA")
        plain = Image.new("RGB", over.size, "white")
        plain.paste(over, mask=over.getchannel("A"))
    elif plain.mode not in ("RGB", "L", "RGBA"):
        plain = plain.convert("RGBA" if "A" in plain.getbands() or plain.mode == "P" else "RGB")
    bare = Image.new(plain.mode, plain.size)
    bare.paste(plain)
    return bare


def _in_common_colours(image: Any) -> Any:
    """Telephones and scanners bring their own table of colours: it is applied, and left behind."""
    from PIL import ImageCms

    profile = image.info.get("icc_profile")
    if not profile or image.mode not in ("RGB", "CMYK", "L"):
        return image
    try:
        return (
            ImageCms.profileToProfile(image, io.BytesIO(profile), ImageCms.createProfile("sRGB"), outputMode="RGB")
            or image
        )
    except (ImageCms.PyCMSError, OSError, ValueError):
        return image


def _saved(image: Any, kind: str) -> Drawn:
    file = tempfile.SpooledTemporaryFile(max_size=_IN_MEMORY)  # noqa: SIM115 because whoever asked for it closes it
    image.save(file, kind, **_SAVING[kind])
    file.seek(0)
    return Drawn(file, f"image/{kind.lower()}", image.width, image.height)
