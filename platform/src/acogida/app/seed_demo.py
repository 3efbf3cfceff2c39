"""The demonstration: three invented municipalities, told day by day through the features' own actions.

Each story of `catalogue/demo` is done by the people it names, on the days it says, so that the book, the versions, the
gates and their dates are as real as those of anybody. Refuses to run in production and never touches a workspace that
is not marked as a demonstration.
"""

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import partial
from pathlib import Path
from typing import Any, Literal

import yaml
from sqlalchemy import delete, event, select, text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from acogida.app.fingerprint import fingerprint
from acogida.app.seed_story import VERBS, Scene
from acogida.app.settings import WrongSetting
from acogida.app.wiring import Services
from acogida.features.bodies.actions.sessions import finish_agreement
from acogida.features.communes import store as communes_store
from acogida.features.communes.public import figures_of
from acogida.features.cycles.public import newest
from acogida.features.municipalities.model import Municipality
from acogida.features.municipalities.public import as_tenant, municipality_by_cut, open_workspace
from acogida.features.people.model import Membership, Person
from acogida.features.people.passwords import hash_password
from acogida.features.policies.model import Publication
from acogida.features.practices.public import forget as forget_adoptions
from acogida.kernel import audit
from acogida.kernel.clock import FixedClock, zone_of
from acogida.kernel.db import Database, TenantSession, TenantTable, new_id
from acogida.kernel.errors import Problem
from acogida.kernel.permissions import ROLES, rights_of
from acogida.kernel.tenancy import STRANGER, Actor, PersonId, Tenant
from acogida.kernel.work import Work
from acogida.web.format import number

PASSWORD = "acogida-demo"  # noqa: S105 because it is printed at every start, for accounts that hold nothing of anybody
Account = tuple[str, str, str]
"""E-mail, title of the role, name of the municipality."""


class BadStory(RuntimeError):
    """A demonstration file says something that the product refuses; the sentence says where."""


@dataclass(frozen=True, slots=True)
class Story:
    """One file of `catalogue/demo`, its dates moved so that its last day is today."""

    path: Path
    cut: str
    slug: str
    name: str
    people: list[dict[str, Any]]
    moments: list[dict[str, Any]]

    @property
    def accounts(self) -> list[Account]:
        return [(each["email"], ROLES[each["roles"][0]].title, self.name) for each in self.people]

    @property
    def mark(self) -> str:
        """Under which name it is noted that this story is in the database."""
        return f"demo/{self.slug}"


async def load_demo(services: Services) -> list[Account]:
    """This function will load each demonstration that is not there as it should be, and give everybody's account.

    Raises `WrongSetting` in production. A commune whose municipality already works with Acogida is left alone.
    """
    _refuse_production(services)
    wanted = fingerprint(services.settings.catalogue.parent)
    found = [(story, await _standing(services, story, wanted)) for story in _stories(services)]
    if behind := [story for story, standing in found if standing == "behind"]:
        hashed = await hash_password(PASSWORD)
        try:
            async with asyncio.TaskGroup() as together:
                for story in behind:
                    together.create_task(_load(services, story, wanted, hashed))
        except ExceptionGroup as several:
            raise several.exceptions[0] from None  # whoever started Acogida is shown one reason, and it is this
    return [account for story, standing in found if standing != "taken" for account in story.accounts]


async def _standing(services: Services, story: Story, wanted: str) -> Literal["taken", "there", "behind"]:
    """Whether somebody else works in that commune, or the story is there as its file says, or is to be told."""
    async with services.database.transaction() as session:
        there = await municipality_by_cut(session, story.cut)
        loaded = await communes_store.loaded_digest(session, story.mark)
    if there and not there.demo:
        return "taken"
    return "there" if there and loaded == wanted else "behind"


async def _load(services: Services, story: Story, wanted: str, hashed: str) -> None:
    await _clear(services, story)
    await _tell(services, story, hashed)
    async with services.database.transaction() as session:
        await communes_store.note_load(session, story.mark, wanted, services.clock.now())


async def reset_demo(services: Services) -> list[Account]:
    """This function will take the demonstrations away, with whatever was done in them, and load them again."""
    _refuse_production(services)
    for story in _stories(services):
        await _clear(services, story)
    return await load_demo(services)


async def _clear(services: Services, story: Story) -> None:
    async with services.database.transaction() as session:
        there = await municipality_by_cut(session, story.cut)
    if there and there.demo:
        await _erase(services, as_tenant(there))


def _refuse_production(services: Services) -> None:
    if services.settings.production:
        raise WrongSetting("La demostración no se carga en producción: ahí sólo hay municipalidades de verdad.")


def _stories(services: Services) -> list[Story]:
    """The one that went furthest comes first: it is the one to look at."""
    today = services.clock.now().date()
    found = []
    for path in sorted((services.settings.catalogue / "demo").glob("*.yaml"), reverse=True):
        said = yaml.load(path.read_text(), Loader=yaml.CSafeLoader)
        moved = _each(said, partial(_later, by=timedelta(weeks=(today - said["today"]).days // 7)))
        found.append(Story(path, moved["cut"], moved["slug"], moved["name"], moved["people"], moved["story"]))
    return found


def _later(value: Any, *, by: timedelta) -> Any:
    return value + by if isinstance(value, date) else value


def _each(value: Any, change: Callable[[Any], Any]) -> Any:
    """The same lists and mappings, every leaf changed."""
    if isinstance(value, dict):
        return {key: _each(item, change) for key, item in value.items()}
    return [_each(item, change) for item in value] if isinstance(value, list) else change(value)


async def _tell(services: Services, story: Story, hashed: str) -> None:
    clock = FixedClock(services.clock.now())
    first = story.moments[0]["day"]
    async with _stamped(services, clock) as session:
        work = Work(session, clock, STRANGER, None, "demo")
        figures = await _figures(work, story.cut)
        commune = await communes_store.commune_by_cut(session, story.cut, lock=True)
        if commune is None:
            raise BadStory(f"{story.path.name}: no hay comuna con el código {story.cut}.")
        people = [await _person(work, each, hashed) for each in story.people]
        version = newest(services.guides)
        clock.move_to(_local(story, first))
        tenant = await open_workspace(
            work, cut=story.cut, slug=story.slug, name=story.name, guide_version=version, demo=True
        )
        actors = {
            each["key"]: await _enter(work, each, person) for each, person in zip(story.people, people, strict=True)
        }

    secretary = next(iter(actors.values()))
    scene = Scene(services, clock, work)
    for moment in story.moments:
        actor = actors[moment["by"]]
        async with _stamped(services, clock, tenant, actor) as session:
            scene.work = Work(session, clock, actor, tenant, "demo")
            await _keep_promises(scene, secretary, moment["day"])
            scene.wait_until(moment["day"], str(moment.get("at", "")))
            for done in moment["do"]:
                await _do(scene, story, moment, done, figures)
                clock.move_to(clock.now() + timedelta(minutes=6))
    last = services.clock.now().date()
    async with _stamped(services, clock, tenant, secretary) as session:
        scene.work = Work(session, clock, secretary, tenant, "demo")
        await _keep_promises(scene, secretary, last)


async def _do(
    scene: Scene, story: Story, moment: Mapping[str, Any], done: dict[str, Any], figures: Mapping[str, str]
) -> None:
    ((verb, said),) = done.items()
    try:
        await VERBS[verb](scene, _each(said, partial(_with_figures, figures=figures)))
    except Problem as refused:
        faults = "; ".join(f"{name}: {words}" for name, words in refused.fields.items()) or refused.message
        raise BadStory(f"{story.path.name}, {moment['day']}, {verb} ({said.get('key', '')}): {faults}") from refused


async def _keep_promises(scene: Scene, secretary: Actor, until: date) -> None:
    """Agreements are done on their own day, between one moment of the story and the next."""
    due = sorted(promise for promise in scene.promised if promise[0] <= until)
    scene.promised = [promise for promise in scene.promised if promise[0] > until]
    actor, scene.work.actor = scene.work.actor, secretary
    for day, agreement_id in due:
        scene.wait_until(day, "16:40")
        await finish_agreement(scene.work, agreement_id)
    scene.work.actor = actor


async def _figures(work: Work, cut: str) -> dict[str, str]:
    """Public figures of the commune by the names that stories call them."""
    known = await figures_of(work, cut)
    if known is None:
        raise BadStory(f"No hay cifras de la comuna {cut}: cargue antes el territorio.")
    first, second = (*known.shown, None, None)[:2]
    named = {f"origen_{place}": origin for place, origin in ((1, first), (2, second)) if origin}
    return {
        "{poblacion}": number(known.population),
        "{nacidas_en_el_exterior}": number(known.foreign_born),
        "{porcentaje}": number(known.share, 1),
        "{anio_censo}": str(known.year),
        **{f"{{{name}}}": origin.short_name for name, origin in named.items()},
        **{f"{{{name}_personas}}": number(origin.people or 0) for name, origin in named.items()},
    }


def _with_figures(value: Any, figures: Mapping[str, str]) -> Any:
    if isinstance(value, str) and "{" in value:
        for name, figure in figures.items():
            value = value.replace(name, figure)
    return value


async def _person(work: Work, said: Mapping[str, Any], hashed: str) -> Person:
    """The account with this e-mail as the demonstration gives it, whatever was done with it before."""
    person = await work.session.scalar(select(Person).where(Person.email == said["email"]))
    if person is None:
        person = Person(id=new_id(), email=said["email"], platform_roles=[])
        work.session.add(person)
    person.name, person.password_hash, person.disabled_at = said["name"], hashed, None
    await work.session.flush()
    return person


async def _enter(work: Work, said: Mapping[str, Any], person: Person) -> Actor:
    """Give somebody their place in the workspace, as if they had accepted an invitation."""
    roles = said["roles"]
    row = Membership(
        person_id=person.id,
        roles=roles,
        cargo=said["cargo"],
        unit=said.get("unit", ""),
        since=work.today(),
        **{name: said[name] for name in ("entity", "organisation", "tasks", "until") if name in said},
    )
    work.session.add(row)
    await work.session.flush()
    rights = rights_of(roles)
    actor = Actor(PersonId(person.id), person.name, person.email, roles=frozenset(roles), unit=row.unit, rights=rights)
    work.actor = actor
    opening = "secretary" in roles
    await audit.record(
        work,
        "municipality.opened" if opening else "invitation.accepted",
        f"abrió el espacio de demostración de {work.tenant.name}"
        if opening
        else f"aceptó la invitación y entró al espacio como {ROLES[roles[0]].title}",
        subject=row,
        after={"roles": roles, "cargo": row.cargo, "unit": row.unit},
    )
    return actor


@asynccontextmanager
async def _stamped(
    services: Services, clock: FixedClock, tenant: Tenant | None = None, actor: Actor = STRANGER
) -> AsyncIterator[TenantSession]:
    """A transaction whose rows bear the hour of the story, and not that of the machine."""

    def stamp(session: Session, _context: object, _instances: object) -> None:
        for row in session.new:
            if isinstance(row, TenantTable):
                row.created_at = row.updated_at = clock.now()
        for row in session.dirty:
            if isinstance(row, TenantTable) and session.is_modified(row):
                row.updated_at = clock.now()

    async with services.database.transaction(tenant=tenant, person=actor.person_id) as session:
        event.listen(session.sync_session, "before_flush", stamp)
        yield session


_TABLES = text(
    "select format('%I.%I', n.nspname, c.relname) from pg_class c join pg_namespace n on n.oid = c.relnamespace "
    "join pg_attribute a on a.attrelid = c.oid and a.attname = 'tenant_id' and not a.attisdropped "
    "where c.relkind in ('r', 'p') and n.nspname not in ('pg_catalog', 'information_schema') order by c.oid desc"
)


async def _erase(services: Services, tenant: Tenant) -> None:
    """Take a demonstration away whole, in one transaction, as the owner of the tables: nobody else may erase the book."""
    owner = Database(str(services.settings.database.owner_url), pool_size=1, name="acogida-demo")
    try:
        async with owner.transaction(tenant=tenant) as session:
            found = await session.scalar(
                select(Municipality).where(Municipality.id == tenant.id, Municipality.demo).with_for_update()
            )
            if found is None:
                raise WrongSetting(f"{tenant.name} no es una demostración: no se borra.")
            await session.execute(
                text("delete from jobs.procrastinate_jobs where args ->> 'tenant_id' = :tenant"),
                {"tenant": str(tenant.id)},
            )
            await forget_adoptions(session, tenant.id)
            await _erase_rows(session, tenant)
            await session.execute(delete(Publication).where(Publication.municipality_id == tenant.id))
            await session.execute(delete(Municipality).where(Municipality.id == tenant.id))
    finally:
        await owner.close()
    await services.files.sweep(tenant.id, "evidence", before=services.clock.now() + timedelta(days=1), keep=())


async def _erase_rows(session: TenantSession, tenant: Tenant) -> None:
    """Every row of the tenant in whatever table, also those of plugins: what others point at waits for its turn."""
    waiting = list(await session.scalars(_TABLES))
    while waiting:
        held = []
        for table in waiting:
            try:
                async with session.begin_nested():
                    await session.execute(
                        text(f"delete from {table} where tenant_id = :tenant"),  # noqa: S608 because the names are the catalogue's
                        {"tenant": tenant.id},
                    )
            except IntegrityError:
                held.append(table)
        if len(held) == len(waiting):
            raise BadStory(f"No se pudo borrar la demostración de {tenant.name}: {', '.join(held)}.")
        waiting = held


def _local(story: Story, day: date) -> datetime:
    """Nine in the morning of that day in the commune."""
    return datetime.combine(day, time(9), zone_of(story.cut))
