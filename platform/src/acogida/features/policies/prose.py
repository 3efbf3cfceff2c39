"""Small words that texts in Spanish share."""

from collections.abc import Sequence

from acogida.web.format import number


def counted(count: int, one: str, many: str) -> str:
    """`1 eje`, `12 ejes`."""
    return f"{number(count)} {one if count == 1 else many}"


def listed(parts: Sequence[str]) -> str:
    """`salud, educación y trabajo`; «e» before the sound of i."""
    if len(parts) < 2:
        return "".join(parts)
    last = parts[-1].lower()
    joint = "e" if last.startswith(("i", "hi")) and not last.startswith(("hie", "ie")) else "y"
    return f"{', '.join(parts[:-1])} {joint} {parts[-1]}"


def sentence(text: str) -> str:
    """The text with its full stop, and none twice."""
    text = text.strip()
    return text if not text or text.endswith((".", "?", "!", "…")) else f"{text}."


def within(text: str) -> str:
    """The text as it reads inside a sentence: no full stop, no capital but that of a name or an acronym."""
    text = text.strip().rstrip(".")
    return text[:1].lower() + text[1:] if text[1:2].islower() or text[1:2] == " " else text


def shortened(text: str, most: int) -> str:
    """The text in a line, cut at a word with «…» where it is longer than `most` characters."""
    line = " ".join(text.split())
    return line if len(line) <= most else f"{line[:most].rsplit(' ', 1)[0].rstrip('.,;: ')}…"
