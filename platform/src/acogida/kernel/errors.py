"""Every refusal that a person may meet: a stable code for machines and a kind Spanish sentence for people.

Problems are raised, never returned, once the first write of a request has happened: a returned answer commits.
"""

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar


class Problem(Exception):
    """A refusal with its HTTP status, its stable code (RFC 9457 `type`) and a sentence fit for the screen."""

    status: ClassVar[int] = 400
    code: ClassVar[str] = "problem"
    sentence: ClassVar[str] = "No pudimos hacer lo que pidió."

    def __init__(self, sentence: str | None = None, *, fields: Mapping[str, str] | None = None, **data: Any) -> None:
        self.message = sentence or self.sentence
        self.fields = dict(fields or {})
        self.data = data
        super().__init__(self.message)


class NotFound(Problem):
    """What does not exist and what is not yours get this same answer."""

    status = 404
    code = "not_found"
    sentence = "No encontramos lo que busca. Puede que se haya movido o que no tenga acceso."


class NotAllowed(Problem):
    """A member of the workspace lacks the right for this verb."""

    status = 403
    code = "not_allowed"
    sentence = "Su rol en este espacio no permite hacer esto. Pídalo a la secretaría ejecutiva."


class SignInNeeded(Problem):
    status = 401
    code = "sign_in_needed"
    sentence = "Ingrese a su cuenta para continuar."


class SecondFactorNeeded(Problem):
    """The office of this person asks for a second factor, and this session has not shown one."""

    status = 403
    code = "second_factor_needed"
    sentence = "Su cargo en la plataforma exige un segundo factor. Actívelo o ingrese con él para continuar."


class NotProven(Problem):
    """What should prove who is there did not: a wrong or spent answer of the identity provider."""

    status = 403
    code = "not_proven"
    sentence = "ClaveÚnica no confirmó su identidad. Vuelva a intentarlo desde el comienzo."


class Rejected(Problem):
    """What was sent breaks a rule; `fields` says which field and why."""

    status = 422
    code = "rejected"
    sentence = "Revise lo que está marcado. Lo que escribió sigue aquí."


class Stale(Problem):
    """Somebody else saved first. `current` is the row as it stands now."""

    status = 409
    code = "stale"
    sentence = "Otra persona guardó cambios mientras usted editaba. Revise las dos versiones y vuelva a guardar."

    def __init__(self, current: object, sentence: str | None = None) -> None:
        self.current = current
        self.version: int | None = getattr(current, "version", None)  # read now: a rollback empties the row
        super().__init__(sentence)


class GateClosed(Problem):
    """A step can't be closed yet. `missing` names each thing and who owes it (guide, «¿Qué necesito para avanzar?»)."""

    status = 422
    code = "gate_closed"
    sentence = "Todavía falta algo para avanzar."

    def __init__(self, missing: Sequence[str]) -> None:
        self.missing = tuple(missing)
        super().__init__(" ".join(missing), missing=list(missing))


class AlreadyClosed(Problem):
    status = 409
    code = "already_closed"
    sentence = "Esto ya está cerrado y no admite cambios."


class TooMany(Problem):
    status = 429
    code = "too_many"
    sentence = "Demasiados intentos seguidos. Espere unos minutos y vuelva a probar."


class TooLarge(Problem):
    status = 413
    code = "too_large"
    sentence = "Lo que envió es demasiado grande. Vuelva atrás: lo que escribió sigue en su pantalla."


class Unavailable(Problem):
    """A neighbour we depend on does not answer; nothing was written."""

    status = 503
    code = "unavailable"
    sentence = (
        "El sistema no respondió a tiempo y no se guardó este último cambio. Lo que escribió sigue en su pantalla: "
        "espere un momento y vuelva a guardar."
    )
