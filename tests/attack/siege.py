"""The ground of the attack: one database with two municipalities, and a way to ask the product without a network.

`Siege` keeps the count. An attempt that gets more than a stranger may have is written down with what it got, and every
test ends by showing the list, so one run tells of all the holes and not of the first.
"""

import hashlib
import io
import os
import random
import re
import zipfile
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from html.parser import HTMLParser
from typing import Any, TypeVar
from urllib.parse import quote, urlencode
from uuid import UUID

import psycopg
from litestar import Litestar

from acogida.adapters.embedded_postgres import Server
from acogida.app.wiring import Services
from acogida.kernel import hooks
from acogida.kernel.identity import digest, new_secret
from acogida.kernel.permissions import PLATFORM_ROLES, ROLES
from attack import surface
from attack.planting import Town, fingerprints, plant
from attack.surface import Door, Table
from support.extensions import enable
from support.make import make_municipality, make_person

FULL = os.environ.get("ATTACK") == "full"
SEED = 20261123
NOBODY = UUID("0192f5a0-0000-7000-8000-00000000dead")
OTHER_NOBODY = UUID("0192f5a0-0000-7000-8000-00000000beef")
NOWHERE = "no-existe"
T = TypeVar("T")
_UUID = re.compile(rb"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
_CHANGING = ("x-request-id", "date", "content-length", "set-cookie")


@dataclass(frozen=True, slots=True)
class Reply:
    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes

    def header(self, name: str) -> str:
        return next((value for key, value in self.headers if key == name), "")

    @property
    def media_type(self) -> str:
        return self.header("content-type").partition(";")[0]


@dataclass(slots=True)
class Siege:
    app: Litestar
    services: Services
    owner: psycopg.Connection[Any]
    """As the superuser, who alone sees both sides."""
    tables: dict[str, Table]
    doors: list[Door]
    ours: Town
    """The one that is attacked."""
    theirs: Town
    """The next municipality, whose people attack."""
    csrf: str = ""
    before: dict[str, str] = field(default_factory=dict)
    attempts: Counter[str] = field(default_factory=Counter)
    holes: list[str] = field(default_factory=list)
    leaks: int = 0
    forms: dict[str, dict[str, list[str]]] = field(default_factory=dict)
    """Path → the fields that some page offers to post there, each with the values on offer."""

    @property
    def names(self) -> frozenset[str]:
        """Tables whose rows belong to a municipality and are nobody else's."""
        return frozenset(name for name, table in self.tables.items() if table.owner and name not in surface.OPEN)

    @property
    def inside(self) -> list[Door]:
        return [door for door in self.doors if door.inside]

    async def ask(
        self,
        method: str,
        path: str,
        *,
        session: str = "",
        key: str = "",
        body: bytes = b"",
        kind: str = "application/x-www-form-urlencoded",
        headers: Mapping[str, str] | None = None,
        csrf: bool = True,
        raw: bytes | None = None,
    ) -> Reply:
        """One request straight to the application; cookies and token go along as a browser would send them."""
        place, _, query = path.partition("?")
        sent = {"host": "acogida.test", **(headers or {})}
        cookies = [f"sesion={session}"] if session else []
        if csrf and self.csrf:
            cookies.append(f"csrf={self.csrf}")
            if method not in ("GET", "HEAD"):
                sent.setdefault("x-csrftoken", self.csrf)
        if cookies:
            sent["cookie"] = "; ".join(cookies)
        if key:
            sent["authorization"] = f"Bearer {key}"
        if body or method not in ("GET", "HEAD"):
            sent.setdefault("content-type", kind)
            sent["content-length"] = str(len(body))
        scope: dict[str, Any] = {
            "type": "http",
            "asgi": {"version": "3.0"},
            "http_version": "1.1",
            "method": method,
            "scheme": "http",
            "path": place,
            "raw_path": raw or quote(place).encode(),
            "query_string": query.encode(),
            "root_path": "",
            "headers": [(name.encode(), value.encode("latin-1", "replace")) for name, value in sent.items()],
            "client": ("127.0.0.1", 1),
            "server": ("acogida.test", 80),
            "state": {},
        }
        told: list[dict[str, Any]] = []
        given = False

        async def receive() -> dict[str, Any]:
            nonlocal given
            if given:
                return {"type": "http.disconnect"}
            given = True
            return {"type": "http.request", "body": body, "more_body": False}

        async def send(message: dict[str, Any]) -> None:
            told.append(message)

        await self.app(scope, receive, send)  # type: ignore[arg-type]
        start = next(message for message in told if message["type"] == "http.response.start")
        return Reply(
            start["status"],
            tuple((name.decode().lower(), value.decode("latin-1")) for name, value in start["headers"]),
            b"".join(message.get("body", b"") for message in told if message["type"] == "http.response.body"),
        )

    async def as_role(self, door: Door, town: Town, role: str, path: str, **options: Any) -> Reply:
        """Ask as whoever holds this role in that town: with their key for the API, with their cookie for pages."""
        who = {"key": town.keys[role]} if door.api else {"session": town.sessions[role]}
        if door.api and door.writes:
            options.setdefault("kind", "application/json")
            options.setdefault("body", b"{}")
        return await self.ask(door.method, path, **{**who, **options})

    def count(self, category: str) -> None:
        self.attempts[category] += 1

    def hole(self, words: str) -> None:
        self.holes.append(words)

    def check_silence(self, what: str, reply: Reply, town: Town | None = None) -> None:
        """Nothing of the attacked town in any part of the answer, whatever the file it came in."""
        word = (town or self.ours).word
        if any(word in value for _, value in reply.headers) or contains(reply, word):
            self.hole(f"{what}: answered {reply.status} with words of {word}")
        if reply.status >= 500:
            self.hole(f"{what}: answered {reply.status}")

    def check_same(self, what: str, got: Reply, none: Reply, *swaps: tuple[str, str]) -> None:
        """What is not yours answers as what does not exist: status, headers and body."""
        self.check_silence(what, got)
        if got.status != none.status:
            self.hole(f"{what}: answered {got.status}, and {none.status} for what does not exist")
        elif plain(got, *swaps) != plain(none, *swaps):
            self.hole(f"{what}: both answered {got.status}, and differently")

    def check_untouched(self, *, but: Iterable[str] = ()) -> None:
        """Every row of the attacked town is as it was."""
        after = fingerprints(self.owner, self.tables, self.ours)
        allowed = set(but)
        for table in self.before:
            if after[table] != self.before[table] and table not in allowed:
                self.hole(f"{table}: rows of {self.ours.word} changed")
        self.before = after

    def note_forms(self, path: str, reply: Reply) -> None:
        """Remember what this page offers to post."""
        if reply.status == 200 and reply.media_type == "text/html":
            reader = Forms()
            reader.feed(reply.body.decode())
            for action, fields in reader.found:
                self.forms.setdefault(
                    action.partition("?")[0] or path, {name: values for name, values in fields.items() if name}
                )

    def report(self) -> None:
        """Fail with every hole that was found; say how many attempts there were."""
        found, self.holes = self.holes, []
        self.leaks += len(found)
        assert not found, f"{len(found)} holes:\n" + "\n".join(found[:60])

    def some(self, things: Sequence[T], sampled: int, *, salt: str = "") -> list[T]:
        """All of them in `make attack`; in `make test` as many as `sampled`, always the same."""
        if FULL or len(things) <= sampled:
            return list(things)
        seed = int.from_bytes(hashlib.sha256(f"{SEED}{salt}".encode()).digest()[:8])
        return random.Random(seed).sample(list(things), sampled)  # noqa: S311 because it draws lots, not secrets

    def path(self, door: Door, town: Town, ids: Mapping[str, Any] | None = None, **also: str) -> str:
        """The path of a door in this town, with these ids in the place of its own."""
        also.setdefault("job_id", str(town.job_id))
        return door.filled(town.slug, {**town.ids, **(ids or {})}, self.names, also)


def plain(reply: Reply, *swaps: tuple[str, str]) -> tuple[object, ...]:
    """An answer without what changes from one request to the next: ids and the request's own number."""
    body = reply.body
    if body[:2] == b"PK" or body[:5] == b"%PDF-":
        body = body[:2]  # papers and spreadsheets carry the hour in which they were made
    for old, new in swaps:
        body = body.replace(old.encode(), new.encode())
    for value in (reply.header("x-request-id"),):
        body = body.replace(value.encode(), b"request") if value else body
    headers = tuple((name, _replaced(value, swaps)) for name, value in sorted(reply.headers) if name not in _CHANGING)
    return (headers, _UUID.sub(b"id", body))


def _replaced(value: str, swaps: Iterable[tuple[str, str]]) -> str:
    for old, new in swaps:
        value = value.replace(old, new)
    return _UUID.sub(b"id", value.encode("latin-1", "replace")).decode("latin-1")


def contains(reply: Reply, word: str) -> bool:
    """Whether the word is anywhere in the answer: in its bytes, in the parts of a spreadsheet or paper, in a PDF's text."""
    needle = word.encode()
    if needle in reply.body:
        return True
    if reply.body[:2] == b"PK":
        with zipfile.ZipFile(io.BytesIO(reply.body)) as parts:
            return any(needle in parts.read(name) for name in parts.namelist())
    if reply.body[:5] == b"%PDF-":
        from pypdf import PdfReader

        reader = PdfReader(io.BytesIO(reply.body))
        return any(word in page.extract_text() for page in reader.pages) or word in str(reader.metadata)
    return False


class Forms(HTMLParser):
    """Reads what a page lets a person post: where, and which fields with which values on offer."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, list[str]]]] = []
        self._fields: dict[str, list[str]] | None = None
        self._select = ""
        self._area = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form" and given.get("method", "").lower() == "post":
            self._fields = {}
            self.found.append((given.get("action", ""), self._fields))
        elif self._fields is None:
            return
        elif tag == "select":
            self._select = given.get("name", "")
            self._fields.setdefault(self._select, [])
        elif tag == "option" and self._select:
            self._fields[self._select].append(given.get("value", ""))
        elif tag in ("input", "button") and given.get("name"):
            self._fields.setdefault(given["name"], []).append(given.get("value", ""))
        elif tag == "textarea":
            self._area = given.get("name", "")
            self._fields.setdefault(self._area, [])

    def handle_data(self, data: str) -> None:
        if self._area and self._fields is not None:
            self._fields[self._area].append(data)

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._fields = None
        elif tag == "select":
            self._select = ""
        elif tag == "textarea":
            self._area = ""


def encoded(fields: Mapping[str, str]) -> bytes:
    return urlencode(dict(fields)).encode()


async def besiege(server: Server, database: str, services: Services, app: Litestar) -> Siege:
    """Open both municipalities, people them with every role, plant a row of each in every table, and look around."""
    app.state.services = services
    owner = psycopg.connect(server.url("postgres", driver="libpq", database=database), autocommit=True)
    found = surface.tables(owner)
    towns = []
    for word, cut, name, slug in (
        ("zafirotemuco", "01107", "Temuco", "temuco"),  # of the north: there even a regional plugin is offered
        ("topacioalto", "02101", "Puente Alto", "puente-alto"),
    ):
        tenant = await make_municipality(services, cut=cut, name=name, slug=slug)
        for plugin in hooks.registry().offered:
            await enable(services, tenant, plugin)
        planted = await make_person(services, None, email=f"planted@{slug}.cl", name=f"{word} planted")
        assert tenant.cycle_id is not None
        town = Town(word, slug, tenant.id, tenant.cycle_id, planted.id)
        town.ids["core.cycle"] = tenant.cycle_id
        for role in ROLES:
            person = await make_person(services, tenant, email=f"{role}@{slug}.cl", name=f"{word} {role}", roles=[role])
            _let_in(owner, services, town, person.id, role)
        if slug == "puente-alto":
            for office in PLATFORM_ROLES:
                person = await make_person(
                    services, None, email=f"{office}@acogida.cl", name=office, offices=[office], region="02"
                )
                _let_in(owner, services, town, person.id, office, strong=True)
        await _stale(owner, services, tenant, town)
        plant(owner, found, town)
        towns.append(town)
    ours, theirs = towns
    siege = Siege(app, services, owner, found, surface.doors(app), ours, theirs)
    reply = await siege.ask("GET", "/ingresar")
    siege.csrf = re.search(r"csrf=([^;]+)", " ".join(value for name, value in reply.headers if name == "set-cookie"))[1]  # type: ignore[index]
    siege.before = fingerprints(owner, found, ours)
    return siege


_SESSION = """
insert into core.web_session (id_hash, person_id, created_at, seen_at, expires_at, agent, strong_at)
values (%s, %s, %s, %s, %s, 'attack', %s)
"""
_KEY = """
insert into core.api_token (tenant_id, person_id, name, token_hash, expires_at, revoked_at) values (%s, %s, 'attack', %s, %s, %s)
"""


def _let_in(
    owner: psycopg.Connection[Any], services: Services, town: Town, person_id: UUID, role: str, *, strong: bool = False
) -> None:
    now = services.clock.now()
    town.sessions[role], town.keys[role] = new_secret(), new_secret()
    owner.execute(
        _SESSION, [digest(town.sessions[role]), person_id, now, now, now + timedelta(hours=12), now if strong else None]
    )
    owner.execute(_KEY, [town.tenant_id, person_id, digest(town.keys[role]), now + timedelta(days=30), None])


async def _stale(owner: psycopg.Connection[Any], services: Services, tenant: Any, town: Town) -> None:
    """Secrets that opened once and no longer should."""
    now = services.clock.now()
    secretary = await make_person(services, tenant, email=f"old@{town.slug}.cl", name="Ana Soto")
    gone = await make_person(
        services, tenant, email=f"gone@{town.slug}.cl", name="Ana Soto"
    )  # one's own name is on every page
    disabled = await make_person(services, tenant, email=f"disabled@{town.slug}.cl", name="Ana Soto")
    for name, person, until in (
        ("expired", secretary, -1),
        ("renewed", secretary, -1),
        ("left", gone, 12),
        ("disabled", disabled, 12),
    ):
        town.sessions[name], town.keys[name] = new_secret(), new_secret()
        owner.execute(
            _SESSION,
            [digest(town.sessions[name]), person.id, now - timedelta(days=1), now, now + timedelta(hours=until), None],
        )
        owner.execute(_KEY, [town.tenant_id, person.id, digest(town.keys[name]), now + timedelta(hours=until), None])
    town.sessions["closed"] = new_secret()
    town.sessions["garbage"] = "á" * 10
    town.sessions["long"] = "x" * 6000
    town.keys["revoked"] = new_secret()
    town.keys["garbage"] = "a.b.c"
    town.keys["long"] = "x" * 6000
    owner.execute(_KEY, [town.tenant_id, secretary.id, digest(town.keys["revoked"]), now + timedelta(days=3), now])
    owner.execute(
        "update core.membership set until = %s, since = %s where person_id = %s",
        [now.date() - timedelta(days=2), now.date() - timedelta(days=9), gone.id],
    )
    owner.execute("update core.person set disabled_at = %s where id = %s", [now, disabled.id])
