"""OAI-PMH 2.0: how libraries and repositories collect the catalogue, in Dublin Core. Stateless: a token says where to go on.

What was retired is told as deleted, and stays told (`deletedRecord` is `persistent`).
"""

import base64
import binascii
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from xml.etree import ElementTree as ET

from acogida.features.practices import citation, store
from acogida.features.practices.model import Practice, PracticeEdition
from acogida.features.practices.vocabulary import Taxonomy
from acogida.kernel.errors import NotFound
from acogida.kernel.work import Work

OAI = "http://www.openarchives.org/OAI/2.0/"
OAI_DC = "http://www.openarchives.org/OAI/2.0/oai_dc/"
DC = "http://purl.org/dc/elements/1.1/"
XSI = "http://www.w3.org/2001/XMLSchema-instance"
for prefix, space in (("oai_dc", OAI_DC), ("dc", DC), ("xsi", XSI)):
    ET.register_namespace(prefix, space)
BATCH = 50

_ARGUMENTS: Mapping[str, tuple[frozenset[str], frozenset[str]]] = {
    "Identify": (frozenset(), frozenset()),
    "ListMetadataFormats": (frozenset(), frozenset({"identifier"})),
    "ListSets": (frozenset(), frozenset({"resumptionToken"})),
    "GetRecord": (frozenset({"identifier", "metadataPrefix"}), frozenset()),
    "ListIdentifiers": (frozenset({"metadataPrefix"}), frozenset({"from", "until", "set"})),
    "ListRecords": (frozenset({"metadataPrefix"}), frozenset({"from", "until", "set"})),
}
"""Verb → what it needs, what it may carry."""

Record = tuple[Practice, PracticeEdition, datetime]


class Refused(Exception):
    """One of the errors of the protocol: its code and a sentence."""

    def __init__(self, code: str, words: str) -> None:
        self.code, self.words = code, words
        super().__init__(words)


@dataclass(frozen=True, slots=True)
class Host:
    """Where the catalogue lives and its lists."""

    site: str
    lists: Taxonomy
    dimensions: Mapping[str, str]

    @property
    def name(self) -> str:
        """The host as identifiers carry it."""
        return re.sub(r"^https?://|[:/].*$", "", self.site)

    def identifier(self, code: str) -> str:
        return f"oai:{self.name}:{code}"


@dataclass(frozen=True, slots=True)
class _Asked:
    """A list that was asked for; a resumption token is this, written down."""

    since: str = ""
    until: str = ""
    dimension: str = ""
    after: str = ""
    """Code of the last practice given."""
    given: int = 0

    def token(self) -> str:
        return base64.urlsafe_b64encode(json.dumps(asdict(self)).encode()).decode()

    @classmethod
    def of(cls, token: str) -> "_Asked":
        try:
            known = json.loads(base64.urlsafe_b64decode(token.encode()))
            asked = cls(**known)
            if not all(isinstance(each, str) for each in (asked.since, asked.until, asked.dimension, asked.after)):
                raise TypeError
            _moment(asked.since, last=False)
            _moment(asked.until, last=True)
        except (binascii.Error, ValueError, TypeError, Refused):
            raise Refused("badResumptionToken", "Ese testigo no es de este catálogo.") from None
        return asked


async def answer(work: Work, host: Host, pairs: Sequence[tuple[str, str]]) -> bytes:
    """This function will answer a request of the protocol; whatever is wrong with it is told as the protocol tells it."""
    root = ET.Element(
        "OAI-PMH",
        {"xmlns": OAI, f"{{{XSI}}}schemaLocation": f"{OAI} http://www.openarchives.org/OAI/2.0/OAI-PMH.xsd"},
    )
    ET.SubElement(root, "responseDate").text = _stamp(work.clock.now())
    asked = ET.SubElement(root, "request")
    asked.text = f"{host.site}/oai"
    try:
        verb, arguments = _read(pairs)
        asked.attrib.update({"verb": verb, **arguments})
        root.append(await _VERBS[verb](work, host, arguments))
    except Refused as refused:
        if refused.code in ("badVerb", "badArgument"):
            asked.attrib.clear()
        ET.SubElement(root, "error", code=refused.code).text = refused.words
    return ET.tostring(root, encoding="utf-8", xml_declaration=True)


def _read(pairs: Sequence[tuple[str, str]]) -> tuple[str, dict[str, str]]:
    names = [name for name, _ in pairs]
    values = dict(pairs)
    verb = values.pop("verb", "")
    if verb not in _ARGUMENTS or names.count("verb") != 1:
        raise Refused("badVerb", "Falta el verbo, está repetido o no es del protocolo.")
    if len(names) != len(set(names)):
        raise Refused("badArgument", "Hay un argumento repetido.")
    needed, allowed = _ARGUMENTS[verb]
    if verb in ("ListIdentifiers", "ListRecords") and set(values) == {"resumptionToken"}:
        return verb, values
    if missing := needed - set(values):
        raise Refused("badArgument", f"Falta {', '.join(sorted(missing))}.")
    if strange := set(values) - needed - allowed:
        raise Refused("badArgument", f"No corresponde {', '.join(sorted(strange))}.")
    return verb, values


async def _identify(work: Work, host: Host, _arguments: Mapping[str, str]) -> ET.Element:
    first = await store.earliest(work.session)
    told = ET.Element("Identify")
    for name, value in (
        ("repositoryName", citation.COLLECTION),
        ("baseURL", f"{host.site}/oai"),
        ("protocolVersion", "2.0"),
        ("adminEmail", f"catalogo@{host.name}"),
        ("earliestDatestamp", f"{(first or work.clock.now().date()).isoformat()}T00:00:00Z"),
        ("deletedRecord", "persistent"),
        ("granularity", "YYYY-MM-DDThh:mm:ssZ"),
    ):
        ET.SubElement(told, name).text = value
    return told


async def _formats(work: Work, host: Host, arguments: Mapping[str, str]) -> ET.Element:
    if "identifier" in arguments:
        await _record(work, host, arguments["identifier"])
    told = ET.Element("ListMetadataFormats")
    one = ET.SubElement(told, "metadataFormat")
    ET.SubElement(one, "metadataPrefix").text = "oai_dc"
    ET.SubElement(one, "schema").text = "http://www.openarchives.org/OAI/2.0/oai_dc.xsd"
    ET.SubElement(one, "metadataNamespace").text = OAI_DC
    return told


async def _sets(_work: Work, host: Host, arguments: Mapping[str, str]) -> ET.Element:
    if "resumptionToken" in arguments:
        raise Refused("badResumptionToken", "La lista de conjuntos cabe entera: no hay testigo.")
    told = ET.Element("ListSets")
    for key, title in host.dimensions.items():
        one = ET.SubElement(told, "set")
        ET.SubElement(one, "setSpec").text = f"dimension:{key}"
        ET.SubElement(one, "setName").text = title
    return told


async def _one(work: Work, host: Host, arguments: Mapping[str, str]) -> ET.Element:
    _only_dublin_core(arguments)
    told = ET.Element("GetRecord")
    _put(told, host, await _record(work, host, arguments["identifier"]), whole=True)
    return told


async def _list(work: Work, host: Host, arguments: Mapping[str, str], *, whole: bool) -> ET.Element:
    if "resumptionToken" in arguments:
        asked = _Asked.of(arguments["resumptionToken"])
    else:
        _only_dublin_core(arguments)
        since, until = arguments.get("from", ""), arguments.get("until", "")
        if since and until and len(since) != len(until):
            raise Refused("badArgument", "Las dos fechas deben tener el mismo detalle.")
        asked = _Asked(since, until, _dimension(host, arguments.get("set", "")))
    since, until = _moment(asked.since, last=False), _moment(asked.until, last=True)
    if since and until and since > until:
        raise Refused("badArgument", "El comienzo es posterior al término.")
    rows = await store.harvested(
        work.session, since=since, until=until, dimension=asked.dimension, after=asked.after, limit=BATCH + 1
    )
    if not rows:
        raise Refused("noRecordsMatch", "Ninguna práctica cumple con lo pedido.")
    told = ET.Element("ListRecords" if whole else "ListIdentifiers")
    for row in rows[:BATCH]:
        _put(told, host, row, whole=whole)
    given = asked.given + len(rows[:BATCH])
    if len(rows) > BATCH:
        after = _Asked(asked.since, asked.until, asked.dimension, rows[BATCH - 1][0].code, given)
        ET.SubElement(told, "resumptionToken", cursor=str(asked.given)).text = after.token()
    elif asked.given:
        ET.SubElement(told, "resumptionToken", cursor=str(asked.given))
    return told


def _only_dublin_core(arguments: Mapping[str, str]) -> None:
    if arguments["metadataPrefix"] != "oai_dc":
        raise Refused("cannotDisseminateFormat", "Aquí sólo hay oai_dc.")


def _dimension(host: Host, wanted: str) -> str:
    key = wanted.removeprefix("dimension:")
    if wanted and (key == wanted or key not in host.dimensions):
        raise Refused("noRecordsMatch", "No hay un conjunto con ese nombre.")
    return key


def _moment(text: str, *, last: bool) -> datetime | None:
    """A day stands for its first instant, or for its last where it ends a period."""
    if not text:
        return None
    try:
        if re.fullmatch(r"\d{4}-\d\d-\d\d", text):
            day = datetime.fromisoformat(text).replace(tzinfo=UTC)
            return day + timedelta(days=1, microseconds=-1) if last else day
        if re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", text):
            moment = datetime.fromisoformat(text.replace("Z", "+00:00"))
            return moment + timedelta(seconds=1, microseconds=-1) if last else moment
    except ValueError:
        pass
    raise Refused("badArgument", f"«{text}» no es una fecha: use 2026-12-31 o 2026-12-31T23:59:59Z.")


async def _record(work: Work, host: Host, identifier: str) -> Record:
    code = identifier.removeprefix(f"oai:{host.name}:")
    try:
        if code == identifier:
            raise NotFound
        practice = await store.practice(work.session, code)
        edition = await store.edition(work.session, practice.id, practice.edition)
    except NotFound:
        raise Refused("idDoesNotExist", "No hay una práctica con ese identificador.") from None
    return practice, edition, practice.updated_at if practice.state == "retired" else edition.published_at


def _put(told: ET.Element, host: Host, row: Record, *, whole: bool) -> None:
    practice, edition, stamp = row
    holder = ET.SubElement(told, "record") if whole else told
    gone = practice.state == "retired"
    header = ET.SubElement(holder, "header", {"status": "deleted"} if gone else {})
    ET.SubElement(header, "identifier").text = host.identifier(practice.code)
    ET.SubElement(header, "datestamp").text = _stamp(stamp)
    for key in edition.content.get("dimensions", ()):
        ET.SubElement(header, "setSpec").text = f"dimension:{key}"
    if gone or not whole:
        return
    described = ET.SubElement(
        ET.SubElement(holder, "metadata"),
        f"{{{OAI_DC}}}dc",
        {f"{{{XSI}}}schemaLocation": f"{OAI_DC} http://www.openarchives.org/OAI/2.0/oai_dc.xsd"},
    )
    for name, value in citation.dublin_core(host.site, edition, host.lists, host.dimensions):
        ET.SubElement(described, f"{{{DC}}}{name}").text = value


def _stamp(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


async def _records(work: Work, host: Host, arguments: Mapping[str, str]) -> ET.Element:
    return await _list(work, host, arguments, whole=True)


async def _identifiers(work: Work, host: Host, arguments: Mapping[str, str]) -> ET.Element:
    return await _list(work, host, arguments, whole=False)


_VERBS = {
    "Identify": _identify,
    "ListMetadataFormats": _formats,
    "ListSets": _sets,
    "GetRecord": _one,
    "ListIdentifiers": _identifiers,
    "ListRecords": _records,
}
