"""The attack on everything that can be asked, by whoever should not get it: see siege.py for the ground it is fought on.

`make test` tries a part, always the same; `make attack` tries all. The file goes from the door inwards: whoever is no
member, whoever is of the next municipality, whoever holds a lesser role, and last those who write with stolen ids.
"""

import json
import re
from collections.abc import AsyncIterator
from typing import Any
from uuid import UUID

import pytest

from acogida.app.worker import JOBS, work_in
from acogida.kernel.errors import Problem
from acogida.kernel.permissions import PLATFORM_PERMISSIONS, PLATFORM_ROLES, ROLES, rights_of
from acogida.web.routing import OPEN_WORKSPACE, PUBLIC, SIGNED_IN
from attack.planting import strayed
from attack.siege import FULL, NOBODY, NOWHERE, OTHER_NOBODY, Siege, contains, encoded, plain
from attack.surface import Door

pytestmark = [pytest.mark.asyncio(loop_scope="package"), pytest.mark.xdist_group("attack")]

DOORS = 320
"""How many doors each of the widest attacks tries in `make test`."""
LOUD = (
    {"x-tenant-id": "{tenant}", "x-tenant": "temuco"},
    {"x-forwarded-host": "temuco.acogida.test", "x-forwarded-prefix": "/m/temuco"},
    {"x-original-url": "/m/temuco", "x-rewrite-url": "/m/temuco"},
    {"x-http-method-override": "GET", "x-method-override": "GET"},
    {"cookie": "sesion={session}; municipio=temuco; tenant={tenant}"},
)
"""Headers that some servers obey, and ours must not."""
TWISTED = (
    "TEMUCO",
    "temuco ",
    "temuco.",
    "puente-alto/../temuco",
    "temuco;a",
    "temuco%00",
    "temuco\x00",
    "puente-alto%2f..%2ftemuco",
)
"""Ways of writing the name of a workspace that must not open it."""


async def test_every_door_and_every_table_is_attacked(siege: Siege) -> None:
    """A new route, table or hole in a path fails here until it says how to attack it."""
    for door in siege.doors:
        siege.path(door, siege.ours)
    assert siege.names <= set(siege.ours.ids)
    assert len(siege.inside) > 400
    assert len(siege.names) > 50


async def test_its_own_people_see_what_was_planted(siege: Siege) -> None:
    """The trap works: the secretary meets the word of the municipality on most pages, and no planted row breaks one."""
    seen = opened = tried = 0
    broken: list[str] = []
    for door in siege.some([door for door in siege.inside if not door.writes], 90, salt="control"):
        path = siege.path(door, siege.theirs)
        reply = await siege.as_role(door, siege.theirs, "secretary", path)
        tried += 1
        if reply.status >= 500:
            broken.append(str(door))
            continue
        siege.note_forms(path, reply)
        siege.check_silence(f"{door} of the next municipality", reply)
        opened += reply.status == 200
        seen += reply.status == 200 and contains(reply, siege.theirs.word)
    siege.check_untouched()
    siege.report()
    assert len(broken) <= tried * 0.04, f"Say in SHAPES (planting.py) what the columns behind these hold: {broken}"
    assert opened > tried * 0.75
    assert seen > opened * 0.6


async def test_whoever_has_no_session_or_a_spent_one_gets_nothing(siege: Siege) -> None:
    """No session, one that expired, was closed or never was, a person who left or was disabled: all are strangers."""
    for door in siege.some(siege.inside, DOORS, salt="nobody"):
        path = siege.path(door, siege.ours)
        nothing = await siege.ask(door.method, path)
        unknown = await siege.ask(door.method, path, key="unallavequenuncaexistio") if door.api else nothing
        siege.count("sin sesión")
        siege.check_silence(f"{door} without session", nothing)
        if nothing.status not in (303, 401):
            siege.hole(f"{door} without session: answered {nothing.status}")
        spent = siege.ours.keys if door.api else siege.ours.sessions
        kinds = [kind for kind in ("expired", "renewed", "closed", "revoked", "garbage", "long") if kind in spent]
        for kind in siege.some(kinds, 1, salt=f"spent {door}"):
            who = {"key": spent[kind]} if door.api else {"session": spent[kind]}
            siege.count("sesiones y llaves gastadas")
            siege.check_same(f"{door} with a {kind} secret", await siege.ask(door.method, path, **who), unknown)
        for kind in siege.some(["left", "disabled"], 0 if not FULL else 2, salt=f"gone {door}"):
            who = {"key": spent[kind]} if door.api else {"session": spent[kind]}
            reply = await siege.ask(door.method, path, **who)
            siege.count("sesiones y llaves gastadas")
            siege.check_silence(f"{door} with the secret of somebody {kind}", reply)
            if reply.status not in (303, 401, 404):
                siege.hole(f"{door} with the secret of somebody {kind}: answered {reply.status}")
        if door.api:  # a browser's cookie is no key: pages of other sites can't make it write
            siege.count("galleta en vez de llave")
            siege.check_same(
                f"{door} with a cookie",
                await siege.ask(door.method, path, session=siege.ours.sessions["secretary"]),
                nothing,
            )
    siege.check_untouched()
    siege.report()


async def test_the_next_municipality_gets_what_a_workspace_that_does_not_exist_gives(siege: Siege) -> None:
    """Same status, same headers, same page, whoever asks from next door and whatever headers they add."""
    insiders = [*ROLES, *PLATFORM_ROLES]
    for door in siege.some(siege.inside, DOORS, salt="next"):
        path = siege.path(door, siege.ours)
        nowhere = path.replace("/m/temuco", f"/m/{NOWHERE}", 1)
        for role in siege.some(insiders, 1, salt=f"next {door}"):
            got = await siege.as_role(door, siege.theirs, role, path)
            none = await siege.as_role(door, siege.theirs, role, nowhere)
            siege.count("otra municipalidad")
            siege.check_same(f"{door} by a {role} of the next", got, none, ("temuco", "·"), (NOWHERE, "·"))
            if got.status not in (401, 404):
                siege.hole(f"{door} by a {role} of the next: answered {got.status}")
        for number in siege.some(range(len(LOUD)), 0 if not FULL else len(LOUD)):
            headers = {
                name: value.format(tenant=siege.ours.tenant_id, session=siege.theirs.sessions["secretary"])
                for name, value in LOUD[number].items()
            }
            got = await siege.as_role(door, siege.theirs, "secretary", path, headers=headers)
            siege.count("encabezados")
            siege.check_silence(f"{door} with {sorted(headers)}", got)
            if got.status not in (401, 403, 404):
                siege.hole(f"{door} with {sorted(headers)}: answered {got.status}")
        for twisted in siege.some(TWISTED, 1 if FULL else 0, salt=str(door)):
            got = await siege.as_role(door, siege.theirs, "secretary", path.replace("/m/temuco", f"/m/{twisted}", 1))
            siege.count("nombres torcidos")
            siege.check_silence(f"{door} as «{twisted}»", got)
            if got.status < 400 and got.status != 303:
                siege.hole(f"{door} as «{twisted}»: answered {got.status}")
    siege.check_untouched()
    siege.report()


async def test_headers_and_twisted_names_open_nothing(siege: Siege) -> None:
    """What some servers obey, tried on a few pages in every run and on all of them in `make attack`."""
    for door in siege.some([door for door in siege.inside if not door.holes and not door.writes], 6, salt="loud"):
        path = siege.path(door, siege.theirs)
        quiet = await siege.as_role(door, siege.theirs, "secretary", path)
        if quiet.status >= 500:
            continue
        for headers in LOUD:
            given = {
                name: value.format(tenant=siege.ours.tenant_id, session=siege.theirs.sessions["secretary"])
                for name, value in headers.items()
            }
            got = await siege.as_role(door, siege.theirs, "secretary", path, headers=given)
            siege.count("encabezados")
            siege.check_same(f"{door} with {sorted(headers)}", got, quiet)
        for twisted in TWISTED:
            got = await siege.as_role(
                door, siege.theirs, "secretary", path.replace("/m/puente-alto", f"/m/{twisted}", 1)
            )
            siege.count("nombres torcidos")
            siege.check_silence(f"{door} as «{twisted}»", got)
    siege.report()


async def test_a_stolen_id_answers_as_one_that_does_not_exist(siege: Siege) -> None:
    """In a path of one's own workspace: the id of the neighbour's record and one of nobody are the same nothing."""
    for door in siege.some(siege.inside, DOORS, salt="stolen"):
        pointed = door.tables(siege.names)
        if not pointed and "job_id" not in door.path:
            continue
        stolen = {table: siege.ours.ids[table] for table in pointed}
        job = {"job_id": str(siege.ours.job_id)}, {"job_id": "999999999"}
        ways = [(stolen, dict.fromkeys(pointed, NOBODY))]
        if len(set(pointed)) > 1:
            ways += [({table: siege.ours.ids[table]}, {table: NOBODY}) for table in set(pointed)]
        bodies = await _bodies(siege, door)
        for index, (with_theirs, with_none) in enumerate(siege.some(ways, 1, salt=f"ways {door}")):
            for body in siege.some(bodies, 1, salt=f"body {door} {index}"):
                got = await siege.as_role(
                    door, siege.theirs, "secretary", siege.path(door, siege.theirs, with_theirs, **job[0]), **body
                )
                none = await siege.as_role(
                    door, siege.theirs, "secretary", siege.path(door, siege.theirs, with_none, **job[1]), **body
                )
                siege.count("id ajeno en la dirección")
                swaps = ((f"/{siege.ours.job_id}/", "/·/"), ("/999999999/", "/·/")) if "job_id" in door.path else ()
                siege.check_same(f"{door} with a stolen id", got, none, *swaps)
    siege.check_untouched()
    siege.report()


async def test_a_lesser_role_may_only_what_the_matrix_says(siege: Siege) -> None:
    """Each role of the same municipality at each door whose right it lacks; offices of the platform and outsiders too."""
    for door in siege.some(siege.inside, DOORS, salt="lesser"):
        lesser = [role for role in ROLES if door.permission not in rights_of([role])]
        for role in siege.some(lesser, 1, salt=f"lesser {door}"):
            got = await siege.as_role(door, siege.ours, role, siege.path(door, siege.ours))
            siege.count("rol menor")
            if got.status not in (403, 404):
                siege.hole(f"{door} as {role}: answered {got.status}")
    for door in siege.doors:
        if door.permission in PLATFORM_PERMISSIONS:
            for role in ROLES:
                got = await siege.as_role(door, siege.ours, role, siege.path(door, siege.ours))
                siege.count("oficinas de la plataforma")
                if got.status != 404:
                    siege.hole(f"{door} as {role}: answered {got.status}")
    siege.check_untouched(but={"core.outsider_look"})
    siege.report()


async def test_a_page_of_another_site_can_write_nothing(siege: Siege) -> None:
    """Every page that writes asks for the token of this browser: none, a made-up one and another browser's are refused."""
    other = await siege.ask("GET", "/ingresar", csrf=False)
    foreign = re.search(r"csrf=([^;]+)", " ".join(value for name, value in other.headers if name == "set-cookie"))
    assert foreign is not None
    secretary = siege.ours.sessions["secretary"]
    writing = [door for door in siege.doors if door.writes and not door.api]
    assert len(writing) > 150
    for door in writing:
        path = siege.path(door, siege.ours)
        ways: list[dict[str, Any]] = [
            {"csrf": False},
            {"csrf": False, "headers": {"x-csrftoken": siege.csrf}},
            {"headers": {"x-csrftoken": "0" * len(siege.csrf)}},
            {"headers": {"x-csrftoken": foreign[1]}},
            {"csrf": False, "body": b'{"_csrf_token": ""}', "kind": "application/json"},
            {"csrf": False, "body": b"_csrf_token=" + siege.csrf.encode(), "kind": "text/plain"},
        ]
        for way in siege.some(ways, 1, salt=f"forged {door}"):
            got = await siege.ask(door.method, path, session=secretary, **way)
            siege.count("formularios falsos")
            if got.status != 403 and not (door.path == "/oai" and got.status == 200):
                siege.hole(f"{door} with a forged form: answered {got.status}")
    siege.check_untouched()
    siege.report()


async def test_public_pages_and_ones_own_tell_nothing_of_a_municipality(siege: Siege) -> None:
    """What anybody may open, and what belongs to an account, carries no word of the workspace next door."""
    for door in siege.doors:
        if door.permission not in (PUBLIC, SIGNED_IN, OPEN_WORKSPACE, *PLATFORM_PERMISSIONS) or door.writes:
            continue
        for session in ("", siege.theirs.sessions["secretary"], siege.theirs.sessions["operator"]):
            got = await siege.ask(door.method, siege.path(door, siege.ours), session=session)
            siege.count("páginas de cualquiera")
            siege.check_silence(str(door), got)
    for path in (
        "/comunas?q={}",
        "/comunas/sugerencias?q={}",
        "/api/v1/comunas?q={}",
        "/buscar?q={}",
        "/buenas-practicas?q={}",
        "/politicas?q={}",
    ):
        nothing = await siege.ask("GET", path.format("palabraquenadieescribio"))
        got = await siege.ask("GET", path.format(siege.ours.word))
        siege.count("búsquedas")
        if plain(got, (siege.ours.word, "·")) != plain(nothing, ("palabraquenadieescribio", "·")):
            siege.hole(f"{path}: finds what a municipality wrote")
    siege.report()


async def test_what_one_reads_is_the_same_after_the_other_has_read(siege: Siege) -> None:
    """Nothing kept in memory, in a header or in a cookie carries a page, a paper or a search from one to the other."""
    reading = [door for door in siege.inside if not door.writes]
    for door in siege.some(reading, 50, salt="cache"):
        path = siege.path(door, siege.theirs)
        first = await siege.as_role(door, siege.theirs, "secretary", path)
        if first.status >= 500:
            continue  # a planted row that the page does not expect: the first test counts them
        await siege.as_role(door, siege.ours, "secretary", siege.path(door, siege.ours))
        again = await siege.as_role(door, siege.theirs, "secretary", path)
        siege.count("memoria compartida")
        siege.check_silence(str(door), again)
        if again.media_type in ("text/html", "application/json") and plain(first) != plain(again):
            siege.hole(f"{door}: reads otherwise after the neighbour read it")
        if "public" in again.header("cache-control") or (
            again.status == 200
            and not door.api
            and not {"no-store", "private"} & set(re.split(r"[, ]+", again.header("cache-control")))
        ):
            siege.hole(f"{door}: others may keep it: «{again.header('cache-control')}»")
    for word in (siege.ours.word, siege.ours.word.upper(), siege.ours.word[:5]):
        for path, key in (
            (f"/m/puente-alto/buscar?q={word}", ""),
            (f"/api/v1/m/puente-alto/buscar?q={word}", siege.theirs.keys["secretary"]),
        ):
            got = await siege.ask("GET", path, session="" if key else siege.theirs.sessions["secretary"], key=key)
            siege.count("búsquedas")
            body = got.body.replace(word.encode(), b"")
            if got.status != 200 or b"core." in body or siege.ours.word.encode() in body:
                siege.hole(f"{path}: finds what the neighbour wrote, or answered {got.status}")
    siege.check_untouched()
    siege.report()


async def test_a_file_of_one_is_not_in_the_store_of_the_other(siege: Siege) -> None:
    """The content that one municipality keeps is not found under the other's name, however its key is written."""
    files = siege.services.files
    content = siege.ours.word.encode()
    key = f"evidence/{siege.ours.ids['core.file']}"

    async def pieces() -> AsyncIterator[bytes]:
        yield content

    await files.put(siege.ours.tenant_id, key, pieces(), limit=1000)
    assert b"".join([piece async for piece in files.get(siege.ours.tenant_id, key)]) == content
    for name in (
        key,
        f"../{siege.ours.tenant_id}/{key}",
        f"{siege.ours.tenant_id}/{key}",
        f"evidence/../../{siege.ours.tenant_id}/{key}",
        f"{key}.thumb",
    ):
        siege.count("archivos")
        try:
            found = b"".join([piece async for piece in files.get(siege.theirs.tenant_id, name)])
        except Problem:
            continue
        siege.hole(f"the store gave {len(found)} bytes for «{name}» of the next municipality")
    siege.report()


async def test_a_job_of_one_never_touches_the_other(siege: Siege) -> None:
    """Every job of the worker, run in the next municipality with the ids of this one's records."""
    assert JOBS
    for name, job in JOBS.items():
        for table in siege.some(sorted(siege.names), 6, salt=name):
            siege.count("tareas")
            try:
                async with work_in(siege.services, siege.theirs.slug) as work:
                    await job(siege.services, work, siege.ours.ids[table])
            except Exception as error:  # noqa: BLE001 because any refusal will do, and only a change of the other's rows would not
                if siege.ours.word in str(error):
                    siege.hole(f"job {name}: failed with words of the neighbour")
    siege.check_untouched()
    siege.report()


async def test_stolen_ids_inside_what_is_sent_lead_nowhere(siege: Siege) -> None:
    """Every form and every JSON body of one's own workspace, with the neighbour's ids where ids go: nothing of theirs comes
    back, nothing of theirs changes, and no row of one's own points at it."""
    for door in (door for door in siege.inside if door.writes):
        for fields in siege.some(await _swapped(siege, door), 2, salt=f"swap {door}"):
            path = siege.path(door, siege.theirs)
            got = await siege.as_role(door, siege.theirs, "secretary", path, **_sent(door, fields(siege.ours.ids)))
            none = await siege.as_role(door, siege.theirs, "secretary", path, **_sent(door, fields({})))
            siege.count("id ajeno en lo enviado")
            siege.check_silence(f"{door} with a stolen id inside", got)
            if 400 <= got.status < 500 and none.status != got.status:
                siege.hole(
                    f"{door} with a stolen id inside: answered {got.status}, and {none.status} for one of nobody"
                )
    siege.check_untouched()
    for table in strayed(siege.owner, siege.tables, word=siege.ours.word, into=siege.theirs):
        siege.hole(f"{table}: a row of the next municipality carries the word of this one")
    for table, column in _pointing(siege):
        siege.hole(f"{table}.{column}: a row of the next municipality points at a record of this one")
    siege.report()


async def test_the_attempts_are_enough(siege: Siege) -> None:
    """In full, no fewer than twenty thousand. A sample may be shared between processes: each makes its part."""
    total = sum(siege.attempts.values())
    assert total > (20_000 if FULL else 300), dict(siege.attempts)


_SCHEMA: dict[str, Any] = {}


async def _schema(siege: Siege) -> dict[str, Any]:
    if not _SCHEMA:
        _SCHEMA.update(json.loads((await siege.ask("GET", "/api/v1/openapi.json")).body))
    return _SCHEMA


async def _filled(siege: Siege, door: Door) -> dict[str, Any]:
    """What may be sent to this door and be taken: the form as its page offers it, or a body of the described shape."""
    if door.api:
        schema = await _schema(siege)
        path = re.sub(r"\{(\w+):\w+\}", r"{\1}", door.path)
        described = schema["paths"].get(path, {}).get(door.method.lower(), {})
        content = described.get("requestBody", {}).get("content", {}).get("application/json", {}).get("schema", {})
        made = _example(schema, content)
        return made if isinstance(made, dict) else {}
    path = siege.path(door, siege.theirs)
    offered = siege.forms.get(path, {})
    return {
        name: next((value for value in values if value), "x")
        for name, values in offered.items()
        if name != "_csrf_token"
    }


def _example(schema: dict[str, Any], part: dict[str, Any], depth: int = 0) -> Any:
    if "$ref" in part:
        part = schema["components"]["schemas"][part["$ref"].rpartition("/")[2]]
    if "enum" in part:
        return part["enum"][0]
    if "oneOf" in part or "anyOf" in part:
        choices = part.get("oneOf") or part["anyOf"]
        return _example(schema, next((one for one in choices if one.get("type") != "null"), choices[0]), depth + 1)
    kind = part.get("type")
    if isinstance(kind, list):
        kind = next(one for one in kind if one != "null")
    if kind == "object" and depth < 5:
        return {name: _example(schema, each, depth + 1) for name, each in part.get("properties", {}).items()}
    if kind == "array":
        return [_example(schema, part.get("items", {}), depth + 1)] if depth < 5 else []
    if kind == "string":
        return {
            "uuid": str(OTHER_NOBODY),
            "date": "2026-11-23",
            "date-time": "2026-11-23T15:00:00Z",
            "email": "a@temuco.cl",
        }.get(part.get("format", ""), "Texto de prueba")
    return {"integer": 1, "number": 1, "boolean": True}.get(str(kind))


async def _bodies(siege: Siege, door: Door) -> list[dict[str, Any]]:
    """Nothing, and what would be taken if the path were one's own."""
    if not door.writes:
        return [{}]
    filled = await _filled(siege, door)
    return [_sent(door, filled)] if filled and not FULL else [{}, _sent(door, filled)] if filled else [{}]


def _sent(door: Door, fields: dict[str, Any]) -> dict[str, Any]:
    if door.api:
        return {"body": json.dumps(fields).encode(), "kind": "application/json"}
    return {"body": encoded({name: str(value) for name, value in fields.items()})}


async def _swapped(siege: Siege, door: Door) -> list[Any]:
    """Ways of sending the ids of another in the fields that hold ids: each takes ids by table, of nobody where it has none."""
    filled = await _filled(siege, door)
    back = {str(value): table for table, value in siege.theirs.ids.items()}
    ways = []
    for name, value in filled.items():
        holds_id = isinstance(value, str) and (value in back or value == str(OTHER_NOBODY))
        many = isinstance(value, list) and value == [str(OTHER_NOBODY)]
        if not holds_id and not many and not re.search(r"(_id|_ids)$", name):
            continue
        stem = re.sub(r"_ids?$", "", name)
        likely = [back[value]] if isinstance(value, str) and value in back else []
        likely += [
            table
            for table in sorted(siege.names)
            if table.partition(".")[2] in (stem, f"{stem}_entry", stem.rstrip("s"))
        ]
        if not likely or FULL:
            likely += siege.some(sorted(siege.names), 1, salt=f"{door} {name}") if not FULL else sorted(siege.names)
        ways.extend(_way(filled, name, table, many=many) for table in dict.fromkeys(likely))
    return ways


def _way(filled: dict[str, Any], name: str, table: str, *, many: bool) -> Any:
    def fields(ids: dict[str, Any]) -> dict[str, Any]:
        one = str(ids.get(table, NOBODY))
        return {**filled, name: [one] if many else one}

    return fields


def _pointing(siege: Siege) -> list[tuple[str, str]]:
    """Columns of ids where a row of the next municipality holds an id of this one."""
    ids = [value for table, value in siege.ours.ids.items() if table in siege.names and isinstance(value, UUID)]
    found = []
    for table in siege.tables.values():
        if not table.tenant:
            continue
        for column in table.columns:
            if column.type == "uuid" and column.name not in ("tenant_id", "id"):
                schema, name = table.name.split(".")
                if siege.owner.execute(
                    f'select 1 from "{schema}"."{name}" where tenant_id = %s and "{column.name}" = any(%s) limit 1',  # type: ignore[arg-type]
                    [siege.theirs.tenant_id, ids],
                ).fetchone():
                    found.append((table.name, column.name))
    return found
