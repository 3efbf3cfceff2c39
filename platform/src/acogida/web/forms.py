"""Typed forms: one frozen dataclass per form, read from a browser's fields or from JSON with the same rules.

Every wrong field gets its own Spanish message at once, and nothing typed is lost: a form that fails gives back
exactly what came in. The same dataclass is the body of the JSON twin.

    @dataclass(frozen=True)
    class EditAxis(FormData):
        name: str = text("Nombre del eje", required=True, max_length=160)
        starts_on: date | None = day("Fecha de inicio")

        def check(self):
            if …: yield "starts_on", "La fecha de inicio es posterior al término."
"""

import dataclasses
import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Generic, TypeVar

from acogida.kernel.errors import Rejected

_EMAIL = re.compile(r"^[^@\s,;<>()]{1,64}@[^@\s,;<>()]+\.[^@\s,;<>().]{2,}$")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")

Reader = Callable[["Field", Sequence[str]], Any]


class Wrong(ValueError):
    """What a field holds is not acceptable; the message goes beside it."""


@dataclass(frozen=True, slots=True)
class Field:
    """How one field is named on the screen and how it is read."""

    label: str
    read: Reader
    required: bool = False
    max_length: int = 0
    options: Mapping[str, str] | None = None
    many: bool = False
    long: bool = False
    hint: str = ""


def _field(field: Field, default: Any) -> Any:
    if isinstance(default, tuple | list | dict):
        return dataclasses.field(default_factory=lambda: tuple(default), metadata={"form": field})
    return dataclasses.field(default=default, metadata={"form": field})


def clean(value: str) -> str:
    """This function will normalise typed text: composed accents, plain line ends, no control characters, no edges."""
    return _CONTROL.sub("", unicodedata.normalize("NFC", value).replace("\r\n", "\n").replace("\r", "\n")).strip()


def _one(field: Field, values: Sequence[str]) -> str:
    value = clean(values[-1]) if values else ""
    if field.required and not value:
        raise Wrong(f"Falta completar «{field.label}».")
    if field.max_length and len(value) > field.max_length:
        raise Wrong(
            f"«{field.label}» admite hasta {thousands(field.max_length)} caracteres y tiene {thousands(len(value))}. "
            "Su texto sigue aquí: acórtelo para guardar."
        )
    return value


def thousands(number: int) -> str:
    """This function will write a whole number with points for thousands, as Chile does."""
    return f"{number:,}".replace(",", ".")


def text(label: str, *, required: bool = False, max_length: int = 300, hint: str = "") -> Any:
    """A line of text."""

    def read(field: Field, values: Sequence[str]) -> str:
        return re.sub(r"\s*\n\s*", " ", _one(field, values))

    return _field(Field(label, read, required, max_length, hint=hint), "")


def prose(label: str, *, required: bool = False, max_length: int = 20_000, hint: str = "") -> Any:
    """Text of several paragraphs."""
    return _field(Field(label, _one, required, max_length, long=True, hint=hint), "")


def email(label: str, *, required: bool = False, hint: str = "") -> Any:
    """An e-mail address, kept in lower case."""

    def read(field: Field, values: Sequence[str]) -> str:
        value = _one(field, values).lower()
        if value and not _EMAIL.match(value):
            raise Wrong("Escriba un correo completo, como nombre@municipalidad.cl.")
        return value

    return _field(Field(label, read, required, 254, hint=hint), "")


def url(label: str, *, required: bool = False, hint: str = "") -> Any:
    """A web address; `https://` is added where nothing was written before the name."""

    def read(field: Field, values: Sequence[str]) -> str:
        value = _one(field, values)
        if not value:
            return ""
        if "://" not in value:
            value = f"https://{value}"
        if not re.match(r"^https?://[^\s/$.?#][^\s]*\.[^\s]+$", value, re.IGNORECASE):
            raise Wrong("Escriba una dirección web completa, como https://www.municipalidad.cl.")
        return value

    return _field(Field(label, read, required, 2000, hint=hint), "")


def day(label: str, *, required: bool = False, hint: str = "") -> Any:
    """A calendar day: `2026-12-12` as the browser sends it, or `12-12-2026` as people write it."""

    def read(field: Field, values: Sequence[str]) -> date | None:
        value = _one(field, values)
        if not value:
            return None
        if local := re.fullmatch(r"(\d{1,2})[-/.](\d{1,2})[-/.](\d{4})", value):
            value = f"{local[3]}-{int(local[2]):02d}-{int(local[1]):02d}"
        try:
            found = date.fromisoformat(value)
        except ValueError:
            raise Wrong("Escriba una fecha que exista, como 12-12-2026.") from None
        if not 1990 <= found.year <= 2100:
            raise Wrong("Revise el año: debe estar entre 1990 y 2100.")
        return found

    return _field(Field(label, read, required, 40, hint=hint), None)


def whole(label: str, *, required: bool = False, least: int = 0, most: int = 2_000_000_000, hint: str = "") -> Any:
    """A whole number; points for thousands are accepted."""

    def read(field: Field, values: Sequence[str]) -> int | None:
        value = _one(field, values)
        if not value:
            return None
        digits = re.sub(r"[.\s$]", "", value)
        if not re.fullmatch(r"-?\d{1,15}", digits):
            raise Wrong(f"«{field.label}» debe ser un número entero, sin decimales ni letras.")
        if not least <= int(digits) <= most:
            raise Wrong(f"«{field.label}» debe estar entre {thousands(least)} y {thousands(most)}.")
        return int(digits)

    return _field(Field(label, read, required, 40, hint=hint), None)


def money(label: str, *, required: bool = False, hint: str = "") -> Any:
    """Pesos chilenos, whole."""
    return whole(label, required=required, most=1_000_000_000_000, hint=hint)


def choice(label: str, options: Mapping[str, str], *, required: bool = False, default: str = "", hint: str = "") -> Any:
    """One of `options` (value → label on the screen)."""

    def read(field: Field, values: Sequence[str]) -> str:
        value = _one(field, values)
        if value and value not in options:
            raise Wrong(f"Elija una de las opciones de «{field.label}».")
        return value

    return _field(Field(label, read, required, 120, options=options, hint=hint), default)


def choices(label: str, options: Mapping[str, str] | None = None, *, required: bool = False, hint: str = "") -> Any:
    """Several of `options`, or several values of any kind where `options` is None (ids checked by the action)."""

    def read(field: Field, values: Sequence[str]) -> tuple[str, ...]:
        found = tuple(dict.fromkeys(clean(value) for value in values if clean(value)))
        if options is not None and any(value not in options for value in found):
            raise Wrong(f"Elija entre las opciones de «{field.label}».")
        if field.required and not found:
            raise Wrong(f"Elija al menos una opción en «{field.label}».")
        if len(found) > 500:
            raise Wrong(f"Son demasiadas opciones en «{field.label}».")
        return found

    return _field(Field(label, read, required, options=options, many=True, hint=hint), ())


def yes_no(label: str, *, required: bool = False, hint: str = "") -> Any:
    """Yes, no, or nothing said: `bool | None`."""

    def read(field: Field, values: Sequence[str]) -> bool | None:
        value = _one(field, values)
        if value not in ("", "yes", "no", "on", "true", "false", "True", "False"):
            raise Wrong(f"Responda sí o no en «{field.label}».")
        return None if value == "" else value in ("yes", "on", "true", "True")

    return _field(Field(label, read, required, 10, options={"yes": "Sí", "no": "No"}, hint=hint), None)


def tick(label: str, *, hint: str = "", must: str = "") -> Any:
    """A box that is ticked or not: `bool`. With `must`, that message where it is not."""

    def read(_field: Field, values: Sequence[str]) -> bool:
        ticked = bool(values) and values[-1] in ("yes", "on", "true", "True", "1")
        if must and not ticked:
            raise Wrong(must)
        return ticked

    return _field(Field(label, read, bool(must), hint=hint), False)


def reference(label: str, *, required: bool = False, hint: str = "") -> Any:
    """The id of another record, as text; the action looks it up within the tenant. Empty where none."""
    return text(label, required=required, max_length=60, hint=hint)


def revision() -> Any:
    """The version of the row that the person was looking at (optimistic locking); 0 for a new one."""

    def read(_field: Field, values: Sequence[str]) -> int:
        return int(values[-1]) if values and values[-1].isdigit() and len(values[-1]) < 10 else 0

    return _field(Field("Versión", read), 0)


@dataclass(frozen=True)
class FormData:
    """Base of every form."""

    def check(self) -> Iterable[tuple[str, str]]:
        """Rules across fields: yields (field, message)."""
        return ()

    @classmethod
    def form_fields(cls) -> dict[str, Field]:
        return {item.name: item.metadata["form"] for item in dataclasses.fields(cls) if "form" in item.metadata}

    def changes(self, *, without: Iterable[str] = ("version",)) -> dict[str, Any]:
        """This method will give the typed values by field name, ready to set on a row."""
        left_out = set(without)
        return {
            name: list(value) if isinstance(value := getattr(self, name), tuple) else value
            for name in self.form_fields()
            if name not in left_out
        }


D = TypeVar("D", bound=FormData)


class Form(Generic[D]):
    """One form on its way: what came in, what is wrong with it, and the typed data when nothing is.

    Templates use `value`, `values`, `error`, `errors`, `field`; handlers use `data` after `ok`.
    """

    def __init__(
        self, kind: type[D], raw: Mapping[str, Sequence[str]], errors: Mapping[str, str] | None = None
    ) -> None:
        self.kind = kind
        self.raw = {name: list(values) for name, values in raw.items()}
        self.faults = dict(errors or {})
        self.typed: D | None = None
        self.draft_at = None
        self.scope = ""
        """Goes before the ids of its fields, for a page with several forms whose fields have the same names."""

    @property
    def ok(self) -> bool:
        return self.typed is not None and not self.faults

    @property
    def data(self) -> D:
        """The typed form; only after `ok`."""
        if self.typed is None:
            raise Rejected(fields=self.faults)
        return self.typed

    @property
    def errors(self) -> list[tuple[str, str]]:
        """(field, message) in the order of the form; what belongs to no field comes first, under an empty name."""
        order = {name: place for place, name in enumerate(self.kind.form_fields())}
        return sorted(self.faults.items(), key=lambda item: order.get(item[0], -1))

    def field(self, name: str) -> Field:
        return self.kind.form_fields()[name]

    def value(self, name: str) -> str:
        values = self.raw.get(name) or []
        return values[-1] if values else ""

    def values(self, name: str) -> list[str]:
        return self.raw.get(name, [])

    def error(self, name: str) -> str | None:
        return self.faults.get(name)

    def refuse(self, problem: Rejected) -> "Form[D]":
        """This method will put an action's refusal beside its fields; without fields, at the top."""
        self.faults.update(problem.fields or {"": problem.message})
        return self


def blank(kind: type[D], /, **values: object) -> Form[D]:
    """This function will give an empty form, with these starting values."""
    start: dict[str, list[str]] = {}
    for item in dataclasses.fields(kind):
        if "form" in item.metadata:
            default = item.default if item.default is not dataclasses.MISSING else ()
            start[item.name] = _written(values.get(item.name, default))
    return Form(kind, start)


def filled(kind: type[D], row: object, /, **extra: object) -> Form[D]:
    """This function will give the form as the row stands: fields by the same name, `extra` over them."""
    return blank(kind, **{**{name: getattr(row, name) for name in kind.form_fields() if hasattr(row, name)}, **extra})


def _written(value: object) -> list[str]:
    if value is None or value == "":
        return []
    if isinstance(value, bool):
        return ["yes" if value else "no"]
    if isinstance(value, list | tuple | set | frozenset):
        return [str(item) for item in value]
    return [str(value)]


def read(kind: type[D], raw: Mapping[str, Sequence[str]]) -> Form[D]:
    """This function will read the browser's fields into a form, with every fault found at once."""
    typed: dict[str, Any] = {}
    form = Form(kind, {name: raw[name] for name in raw})
    for name, field in kind.form_fields().items():
        try:
            typed[name] = field.read(field, list(raw.get(name, ())))
        except Wrong as wrong:
            form.faults[name] = str(wrong)
    if not form.faults:
        data = kind(**typed)
        form.faults.update(dict(data.check()))
        form.typed = None if form.faults else data
    return form


def from_json(kind: type[D], body: object) -> D:
    """This function will read a JSON object with the same rules, or raise `Rejected` with every field's message."""
    if not isinstance(body, Mapping):
        raise Rejected("El cuerpo debe ser un objeto JSON.")
    known = kind.form_fields()
    strange = [str(name) for name in body if name not in known]
    form = read(kind, {str(name): _written(value) for name, value in body.items() if name in known})
    form.faults.update(dict.fromkeys(strange, "Este campo no existe."))
    if not form.ok:
        raise Rejected(fields=form.faults)
    return form.data


def multidict(pairs: Iterable[tuple[str, Any]]) -> dict[str, list[str]]:
    """This function will group a browser's pairs by name, files left out."""
    grouped: dict[str, list[str]] = {}
    for name, value in pairs:
        if isinstance(value, str):
            grouped.setdefault(name, []).append(value)
    return grouped


def differences(mine: Form[D], theirs: Form[D]) -> Iterator[tuple[str, Field, list[str], list[str]]]:
    """This function will give (name, field, mine, theirs) for each field that two people left different."""
    for name, field in mine.kind.form_fields().items():
        if name != "version" and [clean(v) for v in mine.values(name)] != [clean(v) for v in theirs.values(name)]:
            yield name, field, mine.values(name), theirs.values(name)
