"""Reads a version of the guide from the catalogue, and refuses it whole when one line of it is wrong.

The check is made from the records of `model.py`: their fields say which keys a file may carry, of what type,
and which values point at something else. Nothing is repaired or guessed; `WrongGuide` says the file, the line
and the reason.
"""

import types
from collections.abc import Iterable, Mapping
from dataclasses import MISSING, dataclass, field, fields, is_dataclass
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Any, NewType, Union, cast, get_args, get_origin, get_type_hints

import yaml

from acogida.features.methodology.model import (
    FACTS,
    SCREENS,
    FactKey,
    Gate,
    GateId,
    Guide,
    Kind,
    Role,
    RoleKey,
    Row,
    RowId,
    Screen,
    State,
    Step,
    StepKey,
)

ROW_FILES = (
    "framework",
    "preparation",
    "diagnosis",
    "planning",
    "validation",
    "implementation",
    "tools",
    "document_index",
)
"""The files of `rows/`, in the guide's order."""

_Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # the C one is ten times faster and not in every build

_IDENTIFIES: Mapping[type, Any] = {Row: RowId, Step: StepKey, Role: RoleKey, Gate: GateId}
_VOCABULARY: Mapping[Any, tuple[frozenset[str], str]] = {
    FactKey: (FACTS, "hecho"),
    Screen: (SCREENS, "pantalla"),
}
_SPANISH: Mapping[Any, str] = {
    RowId: "fila",
    StepKey: "paso",
    RoleKey: "rol",
    GateId: "puerta",
    str: "un texto",
    int: "un número entero",
    bool: "true o false",
}
_TAG: Mapping[Any, str] = {
    str: "tag:yaml.org,2002:str",
    int: "tag:yaml.org,2002:int",
    bool: "tag:yaml.org,2002:bool",
}
_NULL = "tag:yaml.org,2002:null"


class WrongGuide(Exception):
    """A file of the guide that can't be used: one sentence with file, line (from 1) and reason."""

    def __init__(self, file: Path, line: int, reason: str) -> None:
        self.file = file
        self.line = line
        self.reason = reason
        super().__init__(f"{file}, línea {line}: {reason}.")


class UnknownVersion(Exception):
    """A version of the guide that the catalogue does not hold."""


def available_versions(catalogue: Path) -> tuple[str, ...]:
    """Return the versions of the guide that the catalogue's folder holds, oldest first."""
    return tuple(sorted(each.parent.name for each in (catalogue / "methodology").glob("*/guide.yaml")))


def guide_folder(catalogue: Path, version: str) -> Path:
    """Return the folder of one version. Raises `UnknownVersion` when the catalogue has no such version."""
    if version not in available_versions(catalogue):
        raise UnknownVersion(f"El catálogo {catalogue} no tiene la versión {version} de la guía.")
    return catalogue / "methodology" / version


def load_guide(folder: Path) -> Guide:
    """Read and check one version of the guide. Raises `WrongGuide` at the first fault."""
    reading = _Reading()
    rows = tuple(row for name in ROW_FILES for row in _rows(reading, folder / "rows" / f"{name}.yaml"))
    _refuse_strange_files(folder / "rows")

    source = _Source(folder / "guide.yaml", reading)
    guide = cast("Guide", source.record(source.root(), Guide, given={"rows": rows}))

    reading.check_mentions()
    _check_version(guide, source, folder)
    _check_rows(guide, reading)
    _check_gates(guide, reading)
    return guide


@dataclass(frozen=True, slots=True)
class _Place:
    """A line of a file, counted from 1."""

    file: Path
    line: int

    def wrong(self, reason: str) -> WrongGuide:
        return WrongGuide(self.file, self.line, reason)


@dataclass(slots=True)
class _Reading:
    """What has been met so far in every file: where each thing is defined and where it is mentioned."""

    defined: dict[tuple[Any, str], _Place] = field(default_factory=dict)
    mentioned: list[tuple[Any, str, _Place]] = field(default_factory=list)

    def define(self, kind: Any, value: str, place: _Place) -> None:
        if (kind, value) in self.defined:
            first = self.defined[kind, value]
            raise place.wrong(f"«{value}» ya está en {first.file.name}, línea {first.line}")
        self.defined[kind, value] = place

    def check_mentions(self) -> None:
        for kind, value, place in self.mentioned:
            if (kind, value) not in self.defined:
                raise place.wrong(f"no existe {_article(kind)} «{value}»")


class _Source:
    """One YAML file, read as nodes that remember their line, turned into records by their annotations."""

    def __init__(self, file: Path, reading: _Reading) -> None:
        self.file = file
        self.reading = reading

    def root(self) -> yaml.Node:
        """Return the content of the file as a node."""
        try:
            node = yaml.compose(self.file.read_text(encoding="utf-8"), Loader=_Loader)
        except FileNotFoundError:
            raise WrongGuide(self.file, 1, "el archivo no existe") from None
        except yaml.MarkedYAMLError as problem:
            mark = problem.problem_mark or problem.context_mark
            line = mark.line + 1 if mark else 1
            raise WrongGuide(self.file, line, f"no es YAML válido ({problem.problem or problem.context})") from problem
        if node is None:
            raise WrongGuide(self.file, 1, "el archivo está vacío")
        return node

    def place(self, node: yaml.Node) -> _Place:
        return _Place(self.file, node.start_mark.line + 1)

    def place_of(self, name: str) -> _Place:
        """Return where a key of the file's first level is."""
        return next(self.place(key) for key, _ in self.root().value if key.value == name)

    def record(self, node: yaml.Node, cls: type, *, given: Mapping[str, object] | None = None) -> object:
        """Build a record of `cls` from a mapping; `given` are fields that come from elsewhere."""
        if not isinstance(node, yaml.MappingNode):
            raise self.place(node).wrong(f"aquí va un registro con las claves de {cls.__name__}")
        wanted, required = _shape(cls)
        found: dict[str, object] = dict(given or {})
        for key, value in node.value:
            name = self.text(key)
            if name not in wanted or name in (given or {}):
                raise self.place(key).wrong(f"la clave «{name}» no se conoce en {cls.__name__}")
            if name in found:
                raise self.place(key).wrong(f"la clave «{name}» está dos veces")
            if name in ("id", "key") and wanted[name] is _IDENTIFIES.get(cls):
                found[name] = self.scalar(value, str, name)
                self.reading.define(wanted[name], value.value, self.place(value))
            else:
                found[name] = self.value(value, wanted[name], name)
        absent = [name for name in required if name not in found]
        if absent:
            raise self.place(node).wrong(f"falta la clave «{absent[0]}» en {cls.__name__}")
        return cls(**found)

    def value(self, node: yaml.Node, wanted: Any, name: str) -> object:
        """Turn a node into the type wanted for the key `name`."""
        if get_origin(wanted) in (Union, types.UnionType):
            (wanted,) = (each for each in get_args(wanted) if each is not types.NoneType)
            if node.tag == _NULL:
                return None
        if get_origin(wanted) is tuple:
            return self.items(node, get_args(wanted)[0], name)
        if is_dataclass(wanted):
            return self.record(node, cast("type", wanted))
        if isinstance(wanted, NewType):
            return self.named(node, wanted, name)
        if issubclass(wanted, StrEnum):
            return self.choice(node, wanted, name)
        return self.scalar(node, wanted, name)

    def items(self, node: yaml.Node, wanted: Any, name: str) -> tuple[object, ...]:
        """Turn a list into a tuple; its records may not repeat their id or key."""
        if not isinstance(node, yaml.SequenceNode):
            raise self.place(node).wrong(f"«{name}» es una lista")
        found: list[object] = []
        seen: set[object] = set()
        for each in node.value:
            item = self.value(each, wanted, name)
            mark = getattr(item, "id", None) or getattr(item, "key", None) or item
            if mark in seen:
                raise self.place(each).wrong(f"«{mark}» está repetido en «{name}»")
            seen.add(mark)
            found.append(item)
        return tuple(found)

    def named(self, node: yaml.Node, wanted: Any, name: str) -> str:
        """Read an identifier: check it against its vocabulary now, or note it to be checked at the end."""
        if wanted in _VOCABULARY:
            words, kind = _VOCABULARY[wanted]
            text = self.text(node)
            if text not in words:
                raise self.place(node).wrong(f"no se conoce {kind} «{text}»")
            return text
        text = cast("str", self.scalar(node, str, name))
        self.reading.mentioned.append((wanted, text, self.place(node)))
        return text

    def choice(self, node: yaml.Node, wanted: type[StrEnum], name: str) -> StrEnum:
        text = cast("str", self.scalar(node, str, name))
        if text not in wanted.__members__.values():
            raise self.place(node).wrong(f"«{name}» no puede ser «{text}»: es uno de {', '.join(wanted)}")
        return wanted(text)

    def scalar(self, node: yaml.Node, wanted: Any, name: str) -> str | int | bool:
        fits = isinstance(node, yaml.ScalarNode) and node.tag == _TAG[wanted]
        if wanted is bool:
            fits = fits and node.value in ("true", "false")  # YAML would also take yes, on…
        if wanted is int:
            fits = fits and node.value.isdecimal()
        if not fits:
            raise self.place(node).wrong(f"«{name}» es {_SPANISH[wanted]}")
        if wanted is bool:
            return node.value == "true"
        if wanted is int:
            return int(node.value)
        if not node.value.strip():
            raise self.place(node).wrong(f"«{name}» está vacío")
        return node.value

    def text(self, node: yaml.Node) -> str:
        """Read a text that may be empty."""
        if not isinstance(node, yaml.ScalarNode) or node.tag != _TAG[str]:
            raise self.place(node).wrong("aquí va un texto")
        return node.value


@cache
def _shape(cls: type) -> tuple[Mapping[str, Any], tuple[str, ...]]:
    """Return the type of every field of a record, and the names of those that must be there."""
    hints = get_type_hints(cls)
    required = tuple(each.name for each in fields(cls) if each.default is MISSING)
    return {each.name: hints[each.name] for each in fields(cls)}, required


def _article(kind: Any) -> str:
    word = _SPANISH[kind]
    return f"el {word}" if word in ("paso", "rol") else f"la {word}"


def _rows(reading: _Reading, file: Path) -> tuple[Row, ...]:
    source = _Source(file, reading)
    return cast("tuple[Row, ...]", source.items(source.root(), Row, "rows"))


def _refuse_strange_files(folder: Path) -> None:
    for file in sorted(folder.iterdir()):
        if file.stem not in ROW_FILES or file.suffix != ".yaml":
            raise WrongGuide(file, 1, "no es un archivo de filas que la guía conozca")


def _check_version(guide: Guide, source: _Source, folder: Path) -> None:
    if guide.version != folder.name:
        reason = f"dice ser la versión {guide.version} y está en la carpeta {folder.name}"
        raise source.place_of("version").wrong(reason)


def _check_rows(guide: Guide, reading: _Reading) -> None:
    own_stages = {stage.key for stage in guide.stages}
    for row in guide.rows:
        place = reading.defined[RowId, row.id]
        if row.step and row.stage in own_stages and guide.step(row.step).stage != row.stage:
            raise place.wrong(f"la fila {row.id} dice ser de {row.stage} y su paso {row.step} es de otra etapa")
        for reason in _faults_of_satisfaction(row):
            raise place.wrong(f"la fila {row.id} {reason}")


def _faults_of_satisfaction(row: Row) -> Iterable[str]:
    answer = row.satisfied_by
    if answer.state is not State.PLANNED and answer.kind is None:
        yield "no dice de qué forma se satisface (kind) ni que está planificada"
    if answer.state is not State.PLANNED and answer.screen is None and answer.kind is not Kind.RIGHT:
        yield "no nombra la pantalla que la satisface"
    if answer.state is State.LIVE and answer.proof is None:
        yield "dice estar viva y no nombra la prueba que lo demuestra"
    if answer.state is not State.LIVE and answer.proof is not None:
        yield "nombra una prueba y no dice estar viva"
    if answer.fact is not None and (row.missing is None or row.action is None):
        yield "nombra un hecho y no trae qué decir (missing) ni qué hacer (action) mientras no se cumple"


def _check_gates(guide: Guide, reading: _Reading) -> None:
    for gate in guide.gates:
        if not gate.steps:
            raise reading.defined[GateId, gate.id].wrong(f"la puerta {gate.id} no cierra ni convoca ningún paso")
        for row in map(guide.row, gate.asks):
            place = reading.defined[RowId, row.id]
            if row.missing is None or row.action is None:
                raise place.wrong(f"la fila {row.id} está en la puerta {gate.id} y no trae missing o action")
            if row.satisfied_by.fact is None and row.satisfied_by.state is not State.PLANNED:
                raise place.wrong(f"la fila {row.id} está en la puerta {gate.id} y no nombra un hecho (fact)")
        if _comes_back(guide, gate):
            raise reading.defined[GateId, gate.id].wrong(f"la puerta {gate.id} se espera a sí misma")


def _comes_back(guide: Guide, gate: Gate) -> bool:
    """Whether a gate waits, through others, for itself."""
    seen: set[str] = set()
    waiting = list(gate.before)
    while waiting:
        each = waiting.pop()
        if each == gate.id:
            return True
        if each not in seen:
            seen.add(each)
            waiting.extend(guide.gate(each).before)
    return False
