"""What JSON handlers share: pages of a list by cursor, writes that happen once, answers built from rows."""

import dataclasses
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Annotated, Any, Generic, TypeVar
from uuid import UUID

import msgspec
from litestar import Response
from litestar.openapi.datastructures import ResponseSpec
from litestar.params import Parameter

from acogida.kernel import idempotency
from acogida.kernel.work import Work
from acogida.web.forms import D, FormData, from_json

T = TypeVar("T")

After = Annotated[UUID | None, Parameter(query="after", description="Id del último elemento recibido.")]
Limit = Annotated[int, Parameter(query="limit", ge=1, le=200, default=50, description="Cuántos elementos, hasta 200.")]
IdempotencyKey = Annotated[
    str | None,
    Parameter(
        header="Idempotency-Key",
        min_length=8,
        max_length=200,
        required=False,
        description="Repetir la misma llave no repite la escritura.",
    ),
]


@dataclass(frozen=True)
class Page(Generic[T]):
    """Part of a list, oldest first. `next` is the cursor of what follows, or null at the end."""

    items: list[T]
    next: UUID | None


@dataclass(frozen=True)
class ProblemDetails:
    """RFC 9457: a stable `code` for machines and a Spanish sentence for people."""

    type: str
    title: str
    status: int
    code: str
    instance: str
    fields: dict[str, str] = dataclasses.field(default_factory=dict)


PROBLEMS = {
    status: ResponseSpec(
        ProblemDetails, media_type="application/problem+json", description=text, generate_examples=False
    )
    for status, text in {
        400: "No se entiende",
        401: "Falta la llave",
        403: "Sin permiso",
        404: "No existe o no es suyo",
        409: "Otra persona guardó antes",
        422: "Algún campo no cumple",
        429: "Demasiados intentos",
    }.items()
}


def out(kind: type[T], row: object, **extra: object) -> T:
    """This function will build an answer from the attributes of a row with the same names."""
    values = {
        item.name: extra[item.name] if item.name in extra else getattr(row, item.name)
        for item in dataclasses.fields(kind)  # type: ignore[arg-type]
    }
    return kind(**values)


def page_of(items: Sequence[T], limit: int, key: Callable[[T], UUID] = lambda item: item.id) -> Page[T]:  # type: ignore[attr-defined]
    """This function will cut a list that was asked for with `limit + 1` and say where the next part begins."""
    shown = list(items[:limit])
    return Page(shown, key(shown[-1]) if len(items) > limit else None)


def checked(data: D) -> D:
    """This function will hold a JSON body to the same rules as the form, or raise `Rejected` with every message."""
    kind: type[FormData] = type(data)
    return from_json(kind, {name: getattr(data, name) for name in kind.form_fields()})  # type: ignore[return-value]


async def written(
    work: Work, body: object, key: str | None, write: Callable[[], Awaitable[object]], *, status: int = 201
) -> Response[Any]:
    """This function will answer a write with what it gave; with an idempotency key it happens once."""

    async def run() -> tuple[int, dict[str, Any]]:
        return status, msgspec.to_builtins(await write())

    asked = [work.actor.person_id and str(work.actor.person_id), msgspec.to_builtins(body)]
    given, answer = await idempotency.once(work, key, asked, run)
    return Response(answer, status_code=given)
