"""What features need from the outside world, said as protocols. Implementations live in `adapters`."""

import hashlib
import json
from collections.abc import AsyncIterator, Callable, Collection, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import date, datetime
from typing import Literal, Protocol, runtime_checkable

from acogida.kernel.document import Document
from acogida.kernel.tenancy import TenantId


@dataclass(frozen=True, slots=True)
class StoredFile:
    """What the store answers after keeping a file: its size in bytes, its SHA-256 in hexadecimal, its version there."""

    size: int
    sha256: str
    version: str = ""


@dataclass(frozen=True, slots=True)
class StoredVersion:
    """One content that the store holds, or held, under a key."""

    version: str
    size: int
    at: datetime
    current: bool


@dataclass(frozen=True, slots=True)
class FileRules:
    """What whoever operates Acogida decided about the files of each tenant."""

    most_bytes: int = 20_000_000_000
    most_files: int = 20_000
    scanned: bool = False
    """Whether an antivirus looks at each file: until it does, nobody can open it."""


@dataclass(frozen=True, slots=True)
class DirectUpload:
    """Leave to send one content straight to the store: a form with these fields, and the file after them as `file`.

    The store itself refuses another key, another type, another size or a later hour.
    """

    url: str
    fields: Mapping[str, str]
    expires_at: datetime


@runtime_checkable
class Files(Protocol):
    """Keeps files of a tenant. Keys are ours (`kernel.storage`), never a person's text; what belongs to another tenant
    does not exist."""

    @property
    def rules(self) -> FileRules: ...

    async def put(
        self,
        tenant: TenantId,
        key: str,
        content: AsyncIterator[bytes],
        *,
        limit: int,
        sha256: str = "",
        media_type: str = "application/octet-stream",
    ) -> StoredFile:
        """Keep the content, or raise `TooLarge` after `limit` bytes, `Damaged` where it does not have that `sha256`,
        `StoreFull`, `Unavailable`. Nothing half-written is ever visible; what the key had stays as an earlier version."""
        ...

    def get(self, tenant: TenantId, key: str, *, version: str = "") -> AsyncIterator[bytes]:
        """Read the content in pieces; `NotFound` where there is none."""
        ...

    async def check(self, tenant: TenantId, key: str) -> StoredFile:
        """Read the whole content again and say its true size and SHA-256; `NotFound` where there is none."""
        ...

    async def versions(self, tenant: TenantId, key: str) -> Sequence[StoredVersion]:
        """Every content that the key has or had, the newest first."""
        ...

    async def erase(self, tenant: TenantId, key: str) -> None:
        """Erase every version of the key and of what was derived from it (`key.thumb`); `Retained`, and nothing erased,
        where one of them must be kept."""
        ...

    async def retain(self, tenant: TenantId, key: str, *, until: datetime) -> None:
        """Refuse to erase the content before that moment; the moment may only be put off."""
        ...

    async def hold(self, tenant: TenantId, key: str, on: bool) -> None:
        """Refuse to erase the content while the hold is on, whatever the date."""
        ...

    async def sweep(self, tenant: TenantId, folder: str, *, before: datetime, keep: Collection[str]) -> int:
        """Erase what was put under `folder/` before that moment and is neither in `keep`, nor derived from it, nor
        retained, with what an interrupted `put` left; say how many."""
        ...

    async def ticket(
        self, tenant: TenantId, key: str, *, most: int, media_type: str, seconds: int = 300
    ) -> DirectUpload | None:
        """Give leave to send up to `most` bytes of this type under this key, or None where the store can't be reached by
        a browser."""
        ...

    async def link(self, tenant: TenantId, key: str, *, name: str, media_type: str, seconds: int) -> str | None:
        """Give an address that anybody may read for so many seconds, or None where the store can't be reached by a
        browser. Whoever hands it out has asked who is there."""
        ...

    async def healthy(self) -> bool: ...

    async def close(self) -> None: ...


@runtime_checkable
class Scanner(Protocol):
    """An antivirus."""

    async def scan(self, content: AsyncIterator[bytes]) -> str:
        """Name what was found, or give nothing where it is clean; `Unavailable` where it could not look."""
        ...

    async def healthy(self) -> bool: ...


@dataclass(frozen=True, slots=True)
class Mail:
    """A message ready to go: plain text in Spanish."""

    to: str
    subject: str
    text: str


@runtime_checkable
class Mailer(Protocol):
    async def send(self, mail: Mail, *, key: str) -> None:
        """Send once: the same `key` sent again must not reach the person twice where the transport can tell."""
        ...


@dataclass(frozen=True, slots=True)
class KeptMail:
    """A message that stayed on this machine."""

    to: str
    subject: str
    text: str
    at: datetime


@runtime_checkable
class LocalMail(Protocol):
    """A mailer that keeps what it sends where it can be read: that of a fresh machine, never of production."""

    def newest(self, limit: int = 50) -> Sequence[KeptMail]:
        """The last messages, newest first."""
        ...


@runtime_checkable
class DocumentRenderer(Protocol):
    """Turns our document model into files. The same document on the same date gives the same bytes (PDF)."""

    async def pdf(self, document: Document) -> bytes: ...

    async def docx(self, document: Document) -> bytes: ...


FACETS = (
    "dimensions",
    "categories",
    "subcategories",
    "themes",
    "country",
    "region",
    "scale",
    "targets",
    "evidence",
    "languages",
)
"""Fields of a practice by which a search may be narrowed, and whose values are counted."""


@dataclass(frozen=True, slots=True)
class PracticeDocument:
    """What anybody may look for in a published practice: the newest edition, whole. Values of facets are keys, never words
    of the screen; an empty text or tuple says that nobody knows."""

    id: str
    """Code, `BP-101`."""
    edition: int
    title: str
    summary: str
    body: str
    """Everything else that is said of it: how it works, resources, results, who does it, whom it is for."""
    place: str
    country: str
    """ISO 3166-1 alpha-2; empty where it belongs to several."""
    region: str
    """Two digits of the CUT, in Chile."""
    dimensions: tuple[str, ...]
    """`1` to `8`."""
    categories: tuple[str, ...]
    """`1` to `4`."""
    subcategories: tuple[str, ...]
    """`1.a`…"""
    themes: tuple[str, ...]
    scale: str
    targets: tuple[str, ...]
    evidence: str
    language: str
    """In which the text is written, ISO 639-1."""
    languages: tuple[str, ...]
    """In which the practice attends people."""
    published_on: date
    adoptions: int = 0
    """Municipalities that adopted it."""
    translations: str = ""
    """Titles and summaries in other languages, so that it is found by them too."""

    @property
    def digest(self) -> str:
        """A short hash of all of it: two documents with the same one are the same to the index."""
        told = json.dumps(asdict(self), ensure_ascii=False, sort_keys=True, default=str)
        return hashlib.blake2b(told.encode(), digest_size=12).hexdigest()


@dataclass(frozen=True, slots=True)
class PracticeQuery:
    """What somebody looks for: words as typed, and for each facet of `FACETS` the values of which one is enough."""

    words: str = ""
    filters: Mapping[str, Sequence[str]] = field(default_factory=dict)
    sort: Literal["relevance", "newest", "adoptions"] = "relevance"
    offset: int = 0
    limit: int = 20


@dataclass(frozen=True, slots=True)
class Span:
    """A piece of plain text; `marked` where it is what was looked for. Never HTML: whoever shows it escapes it."""

    text: str
    marked: bool = False


@dataclass(frozen=True, slots=True)
class PracticeHit:
    """A practice found, with what its row of results says."""

    id: str
    edition: int
    title: tuple[Span, ...]
    snippet: tuple[Span, ...]
    """Words around what was looked for; the beginning of the summary where nothing was."""
    summary: str
    place: str
    country: str
    dimensions: tuple[str, ...]
    evidence: str
    published_on: date
    adoptions: int


@dataclass(frozen=True, slots=True)
class PracticesFound:
    """What the index answers. Counts of a facet look at every filter but its own, so several values may be chosen."""

    hits: tuple[PracticeHit, ...]
    total: int
    facets: Mapping[str, Mapping[str, int]]
    corrected: str = ""
    """The words that were looked for in the end, where they are not the ones typed."""
    engine: Literal["postgresql", "meilisearch"] = "postgresql"
    fallback: bool = False
    """Another engine should have answered and did not."""


@runtime_checkable
class SearchIndex(Protocol):
    """Finds published practices. It is disposable: all of it can be made again from the catalogue.

    What is written is found by the next search: whoever writes waits until it is so. A refusal of the engine is raised,
    never swallowed (`Unavailable`).
    """

    async def search(self, query: PracticeQuery) -> PracticesFound: ...

    async def upsert(self, documents: Sequence[PracticeDocument]) -> None:
        """Put each document in the place of what its id had."""
        ...

    async def remove(self, ids: Sequence[str]) -> None:
        """Take these out; those that are not there are no fault."""
        ...

    async def rebuild(self, documents: Callable[[], AsyncIterator[PracticeDocument]]) -> int:
        """Put these documents, and no others, in the place of everything, at once; say how many. Until then, and where it
        fails, searches answer with what there was. They are read once for each engine, when its turn comes."""
        ...

    async def fingerprint(self) -> Mapping[str, str]:
        """Id of each document that it holds → `PracticeDocument.digest` of what it was given; empty where it lost them."""
        ...

    async def healthy(self) -> bool:
        """Whether it answers and has what it should."""
        ...

    def engines(self) -> "Sequence[tuple[str, SearchIndex]]":
        """Each engine behind this one, by name: what is mended one by one."""
        ...

    async def close(self) -> None: ...


@dataclass(frozen=True, slots=True)
class IdentityTrip:
    """A trip of the browser to the identity provider: where it goes, and what must be remembered until it comes back."""

    url: str
    state: str
    nonce: str
    verifier: str


@dataclass(frozen=True, slots=True)
class ProvenIdentity:
    """Who the identity provider says is there. `run` is `12345678-5`, its check digit right."""

    run: str
    name: str


@runtime_checkable
class IdentityProvider(Protocol):
    """ClaveÚnica, as OpenID Connect: authorization code with PKCE."""

    async def start(self, back: str) -> IdentityTrip:
        """Prepare the trip; `back` is where the browser returns to. `Unavailable` where the provider does not answer."""
        ...

    async def finish(self, code: str, back: str, *, nonce: str, verifier: str) -> ProvenIdentity:
        """Exchange the code for who is there; `NotProven` where any check of the answer fails, `Unavailable`."""
        ...

    async def close(self) -> None: ...
