"""Who is asking, for which municipality: the values that travel with every piece of work.

The kernel says *tenant*; features say *municipality*. They are the same thing (glossary).
"""

from dataclasses import dataclass, field
from typing import Literal, NewType
from uuid import UUID

TenantId = NewType("TenantId", UUID)
PersonId = NewType("PersonId", UUID)


@dataclass(frozen=True, slots=True)
class Tenant:
    """A municipality's workspace: the wall of row-level security runs around it."""

    id: TenantId
    slug: str
    name: str
    cut: str
    """Código único territorial of the commune, five digits."""
    cycle_id: UUID | None = None
    """The policy cycle in course: what pages show and what new rows belong to."""
    demo: bool = False
    """True where the content is demonstration data and every page says so."""


@dataclass(frozen=True, slots=True)
class Actor:
    """Whoever does something: a signed-in person, a token of theirs, or the system itself."""

    person_id: PersonId | None
    name: str
    email: str = ""
    kind: Literal["person", "token", "system", "stranger"] = "person"
    roles: frozenset[str] = frozenset()
    unit: str = ""
    """Municipal unit of this person here: what `_own` rights are narrowed to."""
    token_id: UUID | None = None
    rights: frozenset[str] = field(default=frozenset())
    """Permissions that these roles add up to, `resource:verb` (see kernel.permissions)."""
    scope: frozenset[str] = frozenset()
    """What `_own` rights reach besides the unit: `axis:<id>`, `initiative:<id>`."""
    acting_for: str = ""
    """Whose office this person exercises today as substitute: «Eliana Huaiquil, Alcaldesa»; empty where nobody's."""
    region: str = ""
    """Code of the region of a regional officer of Sermig; empty for who sees the country."""

    @property
    def signed_name(self) -> str:
        """How the book names them: with whose office they exercise, where it is somebody else's."""
        return f"{self.name} (subrogando a {self.acting_for})" if self.acting_for else self.name

    def may(self, permission: str) -> bool:
        """This method will tell whether the actor holds the permission in the current workspace."""
        return permission in self.rights


STRANGER = Actor(person_id=None, name="", kind="stranger")
SYSTEM = Actor(person_id=None, name="Acogida", kind="system")
