"""Reads the catalogue's files into typed records and refuses a wrong one with its file, line and reason.

Nothing is repaired or guessed. The record's own types say which keys a file may carry and what they hold.
"""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any, TypeVar

import msgspec
import yaml

T = TypeVar("T")
_Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # the C one is ten times faster and not in every build
_SAFE = yaml.constructor.SafeConstructor()

_TYPES = {
    "str": "un texto",
    "int": "un número entero",
    "float": "un número",
    "bool": "true o false",
    "array": "una lista",
    "object": "un registro",
    "null": "vacío",
}
_REASONS = (
    (r"Object contains unknown field `(?P<name>[^`]+)`", "la clave «{name}» no se conoce"),
    (r"Object missing required field `(?P<name>[^`]+)`", "falta la clave «{name}»"),
    (r"Expected `str` of length >= 1", "«{here}» está vacío"),
    (r"Expected `(?P<wanted>[^`]+)`, got `(?P<found>[^`]+)`", "«{here}» es {wanted} y aquí hay {found}"),
    (r"Invalid enum value '?(?P<name>[^']+)'?", "«{here}» no puede ser «{name}»"),
    (r"Expected `int` (?P<sign>[<>]=?) (?P<name>-?\d+)", "«{here}» debe ser {sign} {name}"),
    (r"Expected `str` of length <= (?P<name>\d+)", "«{here}» admite hasta {name} caracteres"),
    (r"Expected `str` matching regex (?P<name>.+)", "«{here}» no tiene la forma que corresponde"),
)


class WrongFile(ValueError):
    """A file of the catalogue that can't be used: one sentence with file, line (from 1) and reason."""

    def __init__(self, file: Path, line: int, reason: str) -> None:
        self.file, self.line, self.reason = file, line, reason
        super().__init__(f"{file}, línea {line}: {reason}.")


def read(file: Path, kind: type[T]) -> T:
    """This function will read one YAML file as a record of `kind`. Raises `WrongFile` at its first fault."""
    try:
        node = yaml.compose(file.read_text(encoding="utf-8"), Loader=_Loader)
    except FileNotFoundError:
        raise WrongFile(file, 1, "el archivo no existe") from None
    except (UnicodeDecodeError, yaml.reader.ReaderError):
        raise WrongFile(file, 1, "no está en UTF-8") from None
    except yaml.MarkedYAMLError as problem:
        mark = problem.problem_mark or problem.context_mark
        raise WrongFile(file, mark.line + 1 if mark else 1, f"no es YAML válido ({problem.problem})") from problem
    if node is None:
        raise WrongFile(file, 1, "el archivo está vacío")
    lines: dict[str, int] = {}
    value = _plain(file, node, "$", lines)
    try:
        return msgspec.convert(value, kind)
    except msgspec.ValidationError as problem:
        raise _told(file, str(problem), lines) from None


def _plain(file: Path, node: yaml.Node, path: str, lines: dict[str, int]) -> Any:
    """The node as plain values, remembering the line of each under the path by which msgspec will call it."""
    lines[path] = node.start_mark.line + 1
    if isinstance(node, yaml.MappingNode):
        found: dict[str, Any] = {}
        for key, value in node.value:
            name = str(key.value)
            if name in found:
                raise WrongFile(file, key.start_mark.line + 1, f"la clave «{name}» está dos veces")
            found[name] = _plain(file, value, f"{path}.{name}", lines)
            lines[f"{path}.{name}"] = key.start_mark.line + 1
        return found
    if isinstance(node, yaml.SequenceNode):
        return [_plain(file, each, f"{path}[{place}]", lines) for place, each in enumerate(node.value)]
    return _SAFE.construct_object(node)


def _told(file: Path, problem: str, lines: Mapping[str, int]) -> WrongFile:
    """msgspec's sentence in Spanish, at the line of what it speaks of."""
    said, _, place = problem.partition(" - at `")
    path = place.rstrip("`") or "$"
    here = re.sub(r"\[\d+\]$", "", path).rpartition(".")[2]
    for pattern, words in _REASONS:
        if known := re.match(pattern, said):
            parts = {
                name: " o ".join(_TYPES.get(each.strip(), each) for each in (value or "").split("|"))
                for name, value in known.groupdict().items()
            }
            if "name" in parts and path + "." + parts["name"] in lines:
                path = f"{path}.{parts['name']}"
            return WrongFile(file, lines.get(path, 1), words.format(here=here.lstrip("$"), **parts))
    return WrongFile(file, lines.get(path, 1), said)
