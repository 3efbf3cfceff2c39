"""Our cookies that carry secrets: their names and flags in one place."""

from dataclasses import dataclass
from typing import Any

from litestar import Request
from litestar.connection import ASGIConnection
from litestar.datastructures import Cookie


@dataclass(frozen=True, slots=True)
class SessionCookie:
    """Holds a random value and nothing else. Wherever there is https it is `Secure` and bound to this host."""

    secure: bool

    @property
    def name(self) -> str:
        return "__Host-sesion" if self.secure else "sesion"

    def read(self, connection: Request[Any, Any, Any] | ASGIConnection[Any, Any, Any, Any]) -> str | None:
        return connection.cookies.get(self.name)

    def carrying(self, secret: str) -> Cookie:
        return Cookie(
            self.name, value=secret, max_age=14 * 24 * 3600, path="/", httponly=True, secure=self.secure, samesite="lax"
        )

    def cleared(self) -> Cookie:
        return Cookie(self.name, value="", max_age=0, path="/", httponly=True, secure=self.secure, samesite="lax")


@dataclass(frozen=True, slots=True)
class ShortCookie:
    """Carries half a sign-in for a few minutes: `paso` the one that waits for its second half, `viaje` one to ClaveÚnica."""

    secure: bool
    label: str
    seconds: int = 600

    @property
    def name(self) -> str:
        return f"__Host-{self.label}" if self.secure else self.label

    def read(self, connection: Request[Any, Any, Any]) -> str | None:
        return connection.cookies.get(self.name)

    def carrying(self, value: str) -> Cookie:
        return Cookie(
            self.name, value=value, max_age=self.seconds, path="/", httponly=True, secure=self.secure, samesite="lax"
        )

    def cleared(self) -> Cookie:
        return Cookie(self.name, value="", max_age=0, path="/", httponly=True, secure=self.secure, samesite="lax")
