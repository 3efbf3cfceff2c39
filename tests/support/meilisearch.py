"""A loopback double of Meilisearch, for the wire: strict about what it is sent, plain about what it answers.

Every request must fit the schemas written below, which say the part of the server's API that Acogida uses; and, where
Meilisearch's own OpenAPI document is at hand, that document too. Whatever does not fit is answered 400 and remembered in
`refused`, so that a test fails on it. Its searching is the simplest that can be called so (folded words, one slip for each
five letters): it proves nothing of Meilisearch's relevance or speed.
"""

import json
import os
import re
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import jsonschema

from acogida.adapters.search_words import fold

DOCUMENT = Path(__file__).resolve().parents[3] / "shared" / "meilisearch" / "openapi.json"
"""Meilisearch's own description, where this checkout has it beside; it is not ours to carry."""
KEY = "a-key-that-only-the-tests-know"

_TEXTS = {"type": "array", "items": {"type": "string"}}
_FILTER = {"type": "array", "items": {"anyOf": [{"type": "string"}, _TEXTS]}}
_QUERY = {
    "type": "object",
    "additionalProperties": False,
    "required": ["indexUid", "q", "filter", "page", "hitsPerPage", "facets"],
    "properties": {
        "indexUid": {"type": "string", "pattern": "^[A-Za-z0-9_-]+$"},
        "q": {"type": "string"},
        "filter": _FILTER,
        "sort": {"type": "array", "items": {"type": "string", "pattern": "^[a-z_]+:(asc|desc)$"}},
        "matchingStrategy": {"enum": ["last", "all", "frequency"]},
        "locales": {"type": "array", "items": {"enum": ["spa", "es"]}},
        "page": {"type": "integer", "minimum": 1},
        "hitsPerPage": {"type": "integer", "minimum": 1},
        "facets": _TEXTS,
        "attributesToRetrieve": _TEXTS,
        "attributesToHighlight": _TEXTS,
        "attributesToCrop": _TEXTS,
        "cropMarker": {"type": "string"},
        "highlightPreTag": {"type": "string"},
        "highlightPostTag": {"type": "string"},
    },
}
_SETTINGS = {
    "type": "object",
    "additionalProperties": False,
    "properties": {
        **dict.fromkeys(
            ("searchableAttributes", "filterableAttributes", "sortableAttributes", "rankingRules", "stopWords"), _TEXTS
        ),
        "synonyms": {"type": "object", "additionalProperties": _TEXTS},
        "localizedAttributes": {
            "type": "array",
            "items": {
                "type": "object",
                "additionalProperties": False,
                "required": ["attributePatterns", "locales"],
                "properties": {"attributePatterns": _TEXTS, "locales": _TEXTS},
            },
        },
        "pagination": {"type": "object", "properties": {"maxTotalHits": {"type": "integer"}}},
        "faceting": {"type": "object", "properties": {"maxValuesPerFacet": {"type": "integer"}}},
    },
}
_ONE = "/indexes/{index_uid}"
BODIES: Mapping[tuple[str, str], Any] = {
    ("GET", "/health"): None,
    ("GET", _ONE): None,
    ("DELETE", _ONE): None,
    ("GET", f"{_ONE}/stats"): None,
    ("GET", "/tasks/{task_id}"): None,
    ("POST", "/indexes"): {
        "type": "object",
        "additionalProperties": False,
        "required": ["uid", "primaryKey"],
        "properties": {"uid": {"type": "string"}, "primaryKey": {"const": "id"}},
    },
    ("PATCH", f"{_ONE}/settings"): _SETTINGS,
    ("POST", f"{_ONE}/documents"): {
        "type": "array",
        "items": {
            "type": "object",
            "required": ["id", "digest"],
            "properties": {"id": {"type": "string", "pattern": "^[A-Za-z0-9_-]{1,511}$"}},
        },
    },
    ("POST", f"{_ONE}/documents/delete"): {
        "type": "object",
        "additionalProperties": False,
        "required": ["filter"],
        "properties": {"filter": {"type": "string"}},
    },
    ("POST", f"{_ONE}/documents/fetch"): {
        "type": "object",
        "additionalProperties": False,
        "properties": {"offset": {"type": "integer"}, "limit": {"type": "integer"}, "fields": _TEXTS},
    },
    ("POST", "/swap-indexes"): {
        "type": "array",
        "items": {
            "type": "object",
            "additionalProperties": False,
            "required": ["indexes"],
            "properties": {"indexes": {"type": "array", "items": {"type": "string"}, "minItems": 2, "maxItems": 2}},
        },
    },
    ("POST", "/multi-search"): {
        "type": "object",
        "required": ["queries"],
        "properties": {"queries": {"type": "array", "items": _QUERY}, "federation": {"type": "null"}},
        "additionalProperties": False,
    },
}
"""(method, path) → what its body must be; None where it has none."""


@cache
def official() -> dict[str, Any] | None:
    """Meilisearch's document with its one known fault mended, or None.

    `AttributePatterns` is an object there; the service takes a list, as its own examples of `facets` show.
    """
    if not DOCUMENT.exists():
        return None
    document = json.loads(DOCUMENT.read_text())
    document["components"]["schemas"]["AttributePatterns"] = _TEXTS
    return document


class Fault(Exception):
    """An answer of the service that is not a success."""

    def __init__(self, status: int, code: str, message: str = "") -> None:
        self.status, self.code, self.message = status, code, message or code


class Meilisearch:
    """The state of one double, and what a test does to it."""

    def __init__(self) -> None:
        self.indexes: dict[str, dict[str, dict[str, Any]]] = {}
        self.settings: dict[str, dict[str, Any]] = {}
        self.tasks: list[dict[str, Any]] = []
        self.refused: list[str] = []
        self.asked: list[tuple[str, str]] = []
        self.failing: int = 0
        """Status that it answers to everything; 0 is health."""
        self.delay: float = 0
        self.next_task_fails_with = ""
        self.lock = threading.Lock()
        self.url = ""

    def restart_empty(self) -> None:
        """As if its disk had been lost."""
        with self.lock:
            self.indexes, self.settings, self.tasks = {}, {}, []

    def answer(self, method: str, path: str, query: Mapping[str, list[str]], body: Any) -> tuple[int, Any]:
        time.sleep(self.delay)
        if self.failing:
            raise Fault(self.failing, "internal")
        template, named = _template(method, path)
        self._hold(method, template, query, body)
        with self.lock:
            self.asked.append((method, template))
            return self._do(method, template, named, body)

    def _hold(self, method: str, template: str, query: Mapping[str, list[str]], body: Any) -> None:
        """Refuse what does not fit our schemas or the official ones."""
        try:
            ours = BODIES[method, template]
            if ours is not None:
                jsonschema.validate(body, ours)
            if document := official():
                described = document["paths"][template][method.lower()]
                known = {one["name"] for one in described.get("parameters", ()) if one["in"] == "query"}
                if unknown := set(query) - known:
                    raise jsonschema.ValidationError(f"unknown parameters {unknown}")
                if "requestBody" in described:
                    schema = described["requestBody"]["content"]["application/json"]["schema"]
                    jsonschema.Draft202012Validator({**schema, "components": document["components"]}).validate(body)
        except jsonschema.ValidationError as error:
            self.refused.append(f"{method} {template}: {error.message[:200]}")
            raise Fault(400, "bad_request", error.message[:200]) from error

    def _do(self, method: str, template: str, named: Mapping[str, str], body: Any) -> tuple[int, Any]:
        uid = named.get("index_uid", "")
        if method == "GET" and template == "/health":
            return 200, {"status": "available"}
        if template == "/tasks/{task_id}":
            return 200, self.tasks[int(named["task_id"])]
        if template == "/multi-search":
            return 200, {"results": [self._search(one) for one in body["queries"]]}
        if method == "GET" and template == _ONE:
            self._index(uid)
            return 200, {"uid": uid, "primaryKey": "id", "createdAt": _now(), "updatedAt": _now()}
        if template == f"{_ONE}/stats":
            return 200, {
                "numberOfDocuments": len(self._index(uid)),
                "isIndexing": False,
                "fieldDistribution": {},
                **dict.fromkeys(("indexSize", "usedIndexSize", "rawDocumentDbSize", "avgDocumentSize"), 0),
            }
        if template == f"{_ONE}/documents/fetch":
            rows = list(self._index(uid).values())
            part = rows[body.get("offset", 0) :][: body.get("limit", 20)]
            picked = [{name: row[name] for name in body.get("fields") or row} for row in part]
            return 200, {"results": picked, "offset": body.get("offset", 0), "limit": body["limit"], "total": len(rows)}
        return 202, self._begin(method, template, uid, body)

    def _index(self, uid: str) -> dict[str, dict[str, Any]]:
        if uid not in self.indexes:
            raise Fault(404, "index_not_found", f"Index `{uid}` not found.")
        return self.indexes[uid]

    def _begin(self, method: str, template: str, uid: str, body: Any) -> dict[str, Any]:
        """Writes are tasks: done at once here, and told as the service tells them."""
        kinds = {
            ("POST", "/indexes"): "indexCreation",
            ("DELETE", _ONE): "indexDeletion",
            ("PATCH", f"{_ONE}/settings"): "settingsUpdate",
            ("POST", f"{_ONE}/documents"): "documentAdditionOrUpdate",
            ("POST", f"{_ONE}/documents/delete"): "documentDeletion",
            ("POST", "/swap-indexes"): "indexSwap",
        }
        kind = kinds[method, template]
        error = None
        try:
            if self.next_task_fails_with:
                code, self.next_task_fails_with = self.next_task_fails_with, ""
                raise Fault(400, code)
            self._write(kind, uid or (body["uid"] if isinstance(body, dict) else ""), body)
        except Fault as fault:
            error = {"message": fault.message, "code": fault.code, "type": "invalid_request", "link": ""}
        told = {
            "uid": len(self.tasks),
            "indexUid": uid or None,
            "status": "failed" if error else "succeeded",
            "type": kind,
        }
        times = {"enqueuedAt": _now(), "startedAt": _now(), "finishedAt": _now(), "duration": "PT0.01S"}
        self.tasks.append({**told, **times, "error": error, "details": {}, "canceledBy": None})
        return {
            "taskUid": told["uid"],
            "indexUid": uid or None,
            "status": "enqueued",
            "type": kind,
            "enqueuedAt": _now(),
        }

    def _write(self, kind: str, uid: str, body: Any) -> None:
        if kind == "indexCreation":
            if uid in self.indexes:
                raise Fault(409, "index_already_exists")
            self.indexes[uid] = {}
        elif kind == "indexDeletion":
            self._index(uid)
            del self.indexes[uid]
            self.settings.pop(uid, None)
        elif kind == "settingsUpdate":
            self.settings.setdefault(uid, {}).update(body)
            self.indexes.setdefault(uid, {})
        elif kind == "documentAdditionOrUpdate":
            self.indexes.setdefault(uid, {}).update({row["id"]: row for row in body})
        elif kind == "documentDeletion":
            for each in re.findall(r'"((?:[^"\\]|\\.)*)"', body["filter"]):
                self._index(uid).pop(each, None)
        else:
            for swap in body:
                one, other = swap["indexes"]
                self._index(one), self._index(other)
                for held in (self.indexes, self.settings):
                    held[one], held[other] = held.get(other, {}), held.get(one, {})

    def _search(self, query: Mapping[str, Any]) -> dict[str, Any]:
        rows, settings = self._index(query["indexUid"]), self.settings.get(query["indexUid"], {})
        for group in query["filter"]:
            for said in [group] if isinstance(group, str) else group:
                if said.split(" = ")[0] not in settings.get("filterableAttributes", ()):
                    raise Fault(400, "invalid_search_filter", said)
        found = [row for row in rows.values() if all(_passes(row, group) for group in query["filter"])]
        words = [
            word for word in re.findall(r"[a-z0-9]+", fold(query["q"])) if word not in settings.get("stopWords", ())
        ]
        asked = [_ways(word, settings.get("synonyms", {})) for word in words]
        scored = [(row, _score(row, asked, settings.get("searchableAttributes", ()))) for row in found]
        kept = [(row, score) for row, score in scored if score > 0 or not asked]
        kept.sort(key=lambda pair: -pair[1])
        for rule in reversed(query.get("sort", [])):
            name, _, way = rule.partition(":")
            kept.sort(key=lambda pair, name=name: pair[0][name], reverse=way == "desc")
        size, page = query["hitsPerPage"], query["page"]
        hits = [_drawn(row, asked, query) for row, _ in kept[(page - 1) * size : page * size]]
        counts: dict[str, dict[str, int]] = {name: {} for name in query["facets"]}
        for name, told in counts.items():
            for row, _ in kept:
                for value in row[name] if isinstance(row[name], list) else [row[name]]:
                    if value:
                        told[value] = told.get(value, 0) + 1
        return {
            "indexUid": query["indexUid"],
            "hits": hits,
            "query": query["q"],
            "processingTimeMs": 1,
            "page": page,
            "hitsPerPage": size,
            "totalHits": len(kept),
            "totalPages": -(-len(kept) // size),
            "facetDistribution": counts,
            "facetStats": {},
        }


def _template(method: str, path: str) -> tuple[str, dict[str, str]]:
    for known_method, template in BODIES:
        pattern = re.sub(r"\{(\w+)\}", r"(?P<\1>[^/]+)", template)
        if known_method == method and (found := re.fullmatch(pattern, path)):
            return template, found.groupdict()
    raise Fault(404, "not_found", f"{method} {path} is no part of what Acogida uses")


def _now() -> str:
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def _passes(row: Mapping[str, Any], group: str | list[str]) -> bool:
    for said in [group] if isinstance(group, str) else group:
        name, _, value = said.partition(" = ")
        held = row[name] if isinstance(row[name], list) else [row[name]]
        if json.loads(value) in held:
            return True
    return False


def _ways(word: str, synonyms: Mapping[str, list[str]]) -> list[list[str]]:
    """A word and every way of saying it, each as the words it needs."""
    others = next((others for said, others in synonyms.items() if fold(said) == word), [])
    return [[word], *([piece for piece in fold(other).split() if len(piece) > 1] for other in others)]


def _matches(wanted: str, word: str) -> bool:
    return word.startswith(wanted) or _far(wanted, word, len(wanted) // 5) <= len(wanted) // 5


def _far(one: str, other: str, most: int) -> int:
    if abs(len(one) - len(other)) > most:
        return most + 1
    row = list(range(len(other) + 1))
    for i, a in enumerate(one, 1):
        before, row[0] = row[0], i
        for j, b in enumerate(other, 1):
            before, row[j] = row[j], min(row[j] + 1, row[j - 1] + 1, before + (a != b))
    return row[-1]


def _score(row: Mapping[str, Any], asked: list[list[list[str]]], searchable: list[str]) -> float:
    texts = [re.findall(r"[a-z0-9]+", fold(str(row[name]))) for name in searchable]
    total = 0.0
    for ways in asked:
        best = 0.0
        for way in ways:
            places = [
                min((n for n, text in enumerate(texts) if any(_matches(w, t) for t in text)), default=-1) for w in way
            ]
            if all(place >= 0 for place in places):
                best = max(best, 10 - max(places))
        if not best:
            return 0
        total += best
    return total


def _drawn(row: Mapping[str, Any], asked: list[list[list[str]]], query: Mapping[str, Any]) -> dict[str, Any]:
    wanted = [word for ways in asked for way in ways for word in way]

    def mark(found: re.Match[str]) -> str:
        hit = any(_matches(word, fold(found[0])) for word in wanted)
        return f"{query['highlightPreTag']}{found[0]}{query['highlightPostTag']}" if hit else found[0]

    shown = {name: row[name] for name in query.get("attributesToRetrieve", row)}
    if names := query.get("attributesToHighlight"):
        shown["_formatted"] = {**shown, **{name: re.sub(r"\w+", mark, row[name]) for name in names}}
    return shown


@contextmanager
def running() -> Iterator[Meilisearch]:
    """A double that listens on this machine until the block ends."""
    double = Meilisearch()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def _serve(self) -> None:
            where = urlsplit(self.path)
            raw = self.rfile.read(int(self.headers.get("content-length") or 0))
            try:
                if self.headers.get("authorization") != f"Bearer {KEY}":
                    raise Fault(403, "invalid_api_key")
                body = json.loads(raw) if raw and self.command in ("POST", "PATCH", "PUT") else None
                status, answer = double.answer(self.command, where.path, parse_qs(where.query), body)
            except Fault as fault:
                status = fault.status
                answer = {"message": fault.message, "code": fault.code, "type": "invalid_request", "link": ""}
            sent = json.dumps(answer).encode()
            try:
                self.send_response(status)
                self.send_header("content-type", "application/json")
                self.send_header("content-length", str(len(sent)))
                self.end_headers()
                self.wfile.write(sent)
            except BrokenPipeError:
                return  # whoever asked had no more patience

        do_GET = do_POST = do_PATCH = do_PUT = do_DELETE = _serve

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    double.url = f"http://127.0.0.1:{server.server_port}"
    try:
        yield double
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def real() -> tuple[str, str] | None:
    """Address and key of a real server, where whoever runs the tests has one."""
    url = os.environ.get("ACOGIDA_MEILI_URL", "")
    return (url, os.environ.get("ACOGIDA_MEILI_KEY", "")) if url else None
