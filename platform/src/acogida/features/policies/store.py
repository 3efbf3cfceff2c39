"""Questions about the document: its written sections, its versions, the observations, what is public."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import delete, func, select, text

from acogida.features.policies.model import Observation, PolicySection, PolicyVersion, Publication
from acogida.kernel.errors import NotFound
from acogida.kernel.work import Work

# --- Written sections ----------------------------------------------------------------------------


async def sections(work: Work) -> dict[str, PolicySection]:
    """What people wrote, by key."""
    return {row.key: row for row in await work.session.scalars(select(PolicySection))}


async def texts(work: Work) -> dict[str, str]:
    """The text of each written section, by key."""
    return {key: row.text for key, row in (await sections(work)).items()}


async def section(work: Work, key: str, *, lock: bool = False) -> PolicySection | None:
    query = select(PolicySection).where(PolicySection.key == key)
    return await work.session.scalar(query.with_for_update() if lock else query)


# --- Versions ------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class VersionRow:
    """A version without its content, which may weigh a megabyte."""

    id: UUID
    number: int
    milestone: str
    label: str
    frozen_at: datetime
    frozen_by: str
    sha256: str
    published_at: datetime | None
    version: int


_LIGHT = (
    PolicyVersion.id,
    PolicyVersion.number,
    PolicyVersion.milestone,
    PolicyVersion.label,
    PolicyVersion.frozen_at,
    PolicyVersion.frozen_by,
    PolicyVersion.sha256,
    PolicyVersion.published_at,
    PolicyVersion.version,
)


_VERSIONS = select(*_LIGHT).order_by(PolicyVersion.number.desc())


async def versions(work: Work) -> list[VersionRow]:
    """Every version without its content, the newest first."""
    rows = await work.session.execute(_VERSIONS)
    return [VersionRow(*row) for row in rows]


async def versions_page(work: Work, *, after: UUID | None, limit: int) -> list[VersionRow]:
    """By id, which is the order in which they were kept."""
    query = select(*_LIGHT).order_by(PolicyVersion.id).limit(limit)
    rows = await work.session.execute(query.where(PolicyVersion.id > after) if after else query)
    return [VersionRow(*row) for row in rows]


async def version(work: Work, version_id: UUID, *, lock: bool = False) -> PolicyVersion:
    query = select(PolicyVersion).where(PolicyVersion.id == version_id)
    found = await work.session.scalar(query.with_for_update() if lock else query)
    if found is None:
        raise NotFound
    return found


async def version_numbered(work: Work, number: int) -> PolicyVersion:
    found = await work.session.scalar(select(PolicyVersion).where(PolicyVersion.number == number))
    if found is None:
        raise NotFound
    return found


async def newest_version(work: Work, milestones: Sequence[str] = ()) -> PolicyVersion | None:
    """The last version kept, of these milestones where given."""
    query = select(PolicyVersion).order_by(PolicyVersion.number.desc()).limit(1)
    return await work.session.scalar(query.where(PolicyVersion.milestone.in_(milestones)) if milestones else query)


async def published_versions(work: Work) -> Sequence[PolicyVersion]:
    return (await work.session.scalars(select(PolicyVersion).where(PolicyVersion.published_at.is_not(None)))).all()


async def one_version_at_a_time(work: Work) -> None:
    """Who keeps a version waits for whoever is keeping one, until that work ends."""
    await work.session.execute(
        text("select pg_advisory_xact_lock(hashtextextended(:key, 0))"), {"key": f"policy_version:{work.tenant.id}"}
    )


# --- Observations --------------------------------------------------------------------------------


_OBSERVATIONS = select(Observation).order_by(
    Observation.status != "pending", Observation.received_on.desc(), Observation.id.desc()
)


async def observations(work: Work, *, status: str = "", about: str = "", instance: str = "") -> Sequence[Observation]:
    """Those that wait for an answer first, then by the day on which they came, the newest first."""
    query = _OBSERVATIONS
    for column, value in (
        (Observation.status, status),
        (Observation.about, about),
        (Observation.instance, instance),
    ):
        if value:
            query = query.where(column == value)
    return (await work.session.scalars(query)).all()


async def observations_page(work: Work, *, after: UUID | None, limit: int) -> Sequence[Observation]:
    """By id, which is the order in which they were written down."""
    query = select(Observation).order_by(Observation.id).limit(limit)
    return (await work.session.scalars(query.where(Observation.id > after) if after else query)).all()


async def observation(work: Work, observation_id: UUID, *, lock: bool = False) -> Observation:
    query = select(Observation).where(Observation.id == observation_id)
    found = await work.session.scalar(query.with_for_update() if lock else query)
    if found is None:
        raise NotFound
    return found


async def observation_counts(work: Work) -> dict[tuple[str, str], int]:
    """How many observations there are, by (instance, status)."""
    query = select(Observation.instance, Observation.status, func.count(Observation.id)).group_by(
        Observation.instance, Observation.status
    )
    return {(row[0], row[1]): row[2] for row in await work.session.execute(query)}


# --- What is public ------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class PublishedPolicy:
    """A public policy as a list shows it, without its content."""

    slug: str
    municipality_name: str
    cut: str
    title: str
    demo: bool
    version_number: int
    published_at: datetime
    valid_from: date | None
    valid_until: date | None
    sha256: str


_PUBLIC = tuple(
    getattr(Publication, name)
    for name in (
        "slug",
        "municipality_name",
        "cut",
        "title",
        "demo",
        "version_number",
        "published_at",
        "valid_from",
        "valid_until",
        "sha256",
    )
)


async def publications(work: Work, *, limit: int | None = None) -> list[PublishedPolicy]:
    """Every public policy, without its content, the newest first; real ones before demonstrations."""
    query = select(*_PUBLIC).order_by(Publication.demo, Publication.published_at.desc()).limit(limit)
    return [PublishedPolicy(*row) for row in await work.session.execute(query)]


async def publications_after(work: Work, *, after: str | None, limit: int) -> list[PublishedPolicy]:
    """By slug, for readers that go on from a cursor."""
    query = select(*_PUBLIC).order_by(Publication.slug).limit(limit)
    rows = await work.session.execute(query.where(Publication.slug > after) if after else query)
    return [PublishedPolicy(*row) for row in rows]


async def publication(work: Work, slug: str) -> Publication:
    found = await work.session.scalar(select(Publication).where(Publication.slug == slug))
    if found is None:
        raise NotFound
    return found


async def own_publication(work: Work, *, lock: bool = False) -> Publication | None:
    query = select(Publication).where(Publication.municipality_id == work.tenant.id)
    return await work.session.scalar(query.with_for_update() if lock else query)


async def withdraw(work: Work) -> None:
    await work.session.execute(delete(Publication).where(Publication.municipality_id == work.tenant.id))
