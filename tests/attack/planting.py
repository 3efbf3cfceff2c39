"""Two municipalities with a real row in every table that has a tenant, each text with a word that only its owner knows.

Columns are filled by what the database says of them. Where a column holds one of a few values and not free text, its
value stands in `SHAPES`; a table that can't be planted fails with the words of what to add.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid5

import psycopg
from psycopg import sql
from psycopg.types.json import Jsonb

from acogida.kernel.document import DocumentBuilder
from acogida.kernel.document.stored import to_json
from attack.surface import OPEN, Column, NotCovered, Table

NOW = datetime(2026, 11, 23, 15, 0, tzinfo=UTC)

SHAPES: dict[str, Any] = {
    "core.access_request.status": "pending",
    "core.act.kind": "commitment_letter",
    "core.act.organ": "",
    "core.act.status": "signed",
    "core.act.way": "record",
    "core.act.standing": "good",
    "core.act_entry.event": "recorded",
    "core.act_entry.content": Jsonb([1, NOW.isoformat(), "recorded", *[""] * 8, [], "", "", ""]),
    "core.practice_proposal.content": lambda town: Jsonb({"title": f"{town.word} propuesta"}),
    "core.workshop_entry.region": Jsonb({"left": 0.1, "top": 0.1, "width": 0.5, "height": 0.5}),
    "plugin_biblioteca.material.kind": "book",
    "core.practice_proposal.kind": "municipality",
    "core.practice_proposal.state": "received",
    "core.practice_proposal_message.kind": "question",
    "core.practice_proposal_message.side": "curator",
    "core.act_submission.state": "good",
    "core.act_submission.way": "record",
    "core.alignment_link.objective_id": None,
    "core.alignment_link.initiative_id": None,
    "core.alignment_link.plugin": "sello_migrante",
    "core.alignment_link.framework": "sello_2025_03",
    "core.alignment_link.node": "SM-1.1",
    "core.audit_entry.seq": 900_001,
    "core.audit_entry.actor_kind": "person",
    "core.audit_entry.tag": "initiative.edited",
    "core.audit_entry.subject_type": "initiative",
    "core.body.kind": "executive_team",
    "core.body_member.role": "member",
    "core.body_member.suggested_role": "",
    "core.body_member.adviser_kind": "",
    "core.contact.body_kind": "executive_team",
    "core.cycle.guide_version": "2025.04",
    "core.diffusion_action.kind": "launch",
    "core.diffusion_plan.level": "wide",
    "core.draft.key": "carta",
    "core.evidence.kind": "datum",
    "core.extension.name": "extension_que_se_fue",
    "core.extension.enabled": False,
    "core.extension_copy.plugin": "extension_que_se_fue",
    "core.extension_value.plugin": "extension_que_se_fue",
    "core.file.kind": "other",
    "core.file.media_type": "text/plain",
    "core.file.state": "ready",
    "core.file.subject_type": "workspace",
    "core.file.subject_id": None,
    "core.finding.kind": "challenge",
    "core.finding.group": "users",
    "core.gate_closing.gate": "GATE-1.2",
    "core.initiative.directness": "explicit",
    "core.initiative.funding_state": "needed",
    "core.initiative.competence": "",
    "core.inquiry_decision.needed": True,
    "core.invitation.entity": "",
    "core.invitation.roles": ["observer"],
    "core.meeting.kind": "team",
    "core.meeting.status": "held",
    "core.meeting.starts_at": "10:00",
    "core.membership.entity": "",
    "core.membership.roles": ["observer"],
    "core.objective.kind": "specific",
    "core.observation.about": "other",
    "core.observation.instance": "concejo",
    "core.observation.status": "pending",
    "core.office_term.office": "mayor",
    "core.office_term.kind": "holder",
    "core.office_term.gives_role": "",
    "core.organization.kind": "migrant",
    "core.outsider_look.through": "page",
    "core.policy_section.key": "presentation",
    "core.policy_version.milestone": "first",
    "core.progress_update.status": "in_progress",
    "core.report_section.key": "presentation",
    "core.service.directness": "explicit",
    "core.signatory.role": "mayor",
    "core.source.kind": "municipal",
    "core.stage_date.stage": "preparation",
    "core.workshop.kind": "diagnosis_mixed",
    "core.workshop.status": "held",
    "core.workshop.starts_at": "10:00",
    "core.workshop_entry.kind": "challenge",
    "core.workshop_group.kind": "users",
    "plugin_macrozona_norte.answer.question": "arrivals",
    "plugin_macrozona_norte.encounter.state": "held",
    "plugin_macrozona_norte.partner.cut": "15101",
    "plugin_macrozona_norte.pledge.cut": "15101",
    "plugin_macrozona_norte.pledge.state": "open",
    "plugin_pladeco.element.level": "line",
    "plugin_pladeco.element.parent_id": None,
    "plugin_pladeco.alignment.proposal": "",
    "plugin_sello_migrante.answer.state": "met",
    "plugin_sello_migrante.answer.criterion": "SM-1.1",
    "plugin_sello_migrante.assessment.standard": "2025-03",
    "plugin_sello_migrante.course.kind": "talk",
    "plugin_sello_migrante.course.modality": "online",
    "plugin_sello_migrante.gap_initiative.criterion": "SM-1.1",
    "plugin_sello_migrante.gap_initiative.standard": "2025-03",
    "plugin_sello_migrante.local_criterion.commitment": "SM-1",
    "plugin_sello_migrante.action.criterion": "SM-1.1",
    "plugin_sello_migrante.proof.criterion": "SM-1.1",
    "plugin_sello_migrante.step.step": "application",
    "plugin_sello_migrante.proof.kind": "note",
    "plugin_sello_migrante.plan.kind": "work",
    "plugin_sello_migrante.action.state": "planned",
    "plugin_sello_migrante.course.state": "planned",
    "plugin_sello_migrante.step.state": "pending",
    "plugin_sello_migrante.recognition.kind": "granted",
}
"""What stands in a column that is no free text."""

_LISTS = frozenset({"core.act_entry.content", "core.extension_copy.tables", "core.gate_closing.missing"})
EXPIRES = frozenset({"expires_at"})
_NAMES = UUID("7d8c6f8e-5a5f-4b4e-9d0a-2f5d0f7c9b11")


@dataclass(slots=True)
class Town:
    """A planted municipality: its word, the id of its row in each table and the secrets of its people."""

    word: str
    slug: str
    tenant_id: UUID
    cycle_id: UUID
    person_id: UUID
    ids: dict[str, Any] = field(default_factory=dict)
    sessions: dict[str, str] = field(default_factory=dict)
    """Role → secret of a session; also `expired`, `renewed`, `closed`, `left` and `disabled`."""
    keys: dict[str, str] = field(default_factory=dict)
    """Role → key to the API; also `expired`, `revoked` and `left`."""
    job_id: int = 0


def _paper(word: str) -> dict[str, Any]:
    doc = DocumentBuilder(f"{word} documento", author=word, kind="policy", date=date(2026, 11, 23))
    doc.h(1, f"{word} capítulo")
    doc.p(f"{word} párrafo")
    return to_json(doc.build())


def _value(town: Town, table: Table, column: Column, others: Mapping[str, UUID]) -> Any:
    name = f"{table.name}.{column.name}"
    if name in SHAPES:
        return SHAPES[name](town) if callable(SHAPES[name]) else SHAPES[name]
    if column.one_of:
        return column.one_of
    if not table.owner and column.name == "code":
        return "BP-901"  # shared: both municipalities refer to the same
    if column.name == table.owner:
        return town.tenant_id
    if name == "core.practice_proposal.folio":
        return f"P-2026-9{town.tenant_id.int % 1000:03}"  # it stands in addresses, which whoever asks already knows
    if column.name == "cycle_id" and "cycle_id" in table.keys:
        return town.cycle_id
    if column.name == "id":
        return uuid5(_NAMES, f"{town.slug} {table.name}")
    target = table.keys.get(column.name)
    if target is not None:
        if target == table.name:
            return None
        return town.person_id if target == "core.person" else others.get(target)
    return _by_type(town, name, column)


def _by_type(town: Town, name: str, column: Column) -> Any:
    kind = column.type
    if kind in ("text", "character varying", "character", "citext"):
        if column.name in ("url", "website"):
            return f"https://{town.word}.cl/{name}"
        return f"{town.word} {name}"
    if kind == "uuid":
        return (
            town.person_id
            if column.name in ("person_id", "actor_id")
            else None
            if not column.needed
            else uuid5(_NAMES, name)
        )
    if kind in ("smallint", "integer", "bigint", "numeric"):
        return 2027 if "year" in column.name else 1
    if kind == "boolean":
        return False
    if kind == "date":
        return NOW.date() if column.needed else None
    if kind.startswith("timestamp"):
        if column.name in EXPIRES:
            return NOW + timedelta(days=30)
        return NOW if column.needed else None
    if kind == "bytea":
        return hashlib.sha256(f"{town.word}{name}".encode()).digest()
    if kind == "jsonb":
        if name == "core.report_version.content":
            return Jsonb({"report": _paper(town.word), "summary": _paper(town.word)})
        if name in ("core.policy_version.content", "core.policy_version.summary"):
            return Jsonb(_paper(town.word))
        return Jsonb([] if column.default.startswith("'[") or name in _LISTS else {})
    if kind.endswith("[]"):
        return []
    raise NotCovered(
        f"{name} is a «{kind}» and nothing says how to fill it: add it to SHAPES in tests/attack/planting.py."
    )


def plant(connection: psycopg.Connection[Any], found: Mapping[str, Table], town: Town) -> None:
    """This function will put one row of this town in every table with a tenant, and what those refer to that is shared."""
    untold: list[str] = []
    for table in found.values():
        if table.name in town.ids or table.name in OPEN or not (table.owner or table.name in _shared(found)):
            continue
        values = {column.name: _value(town, table, column, town.ids) for column in table.columns}
        kept = {
            name: value
            for name, value in values.items()
            if name not in _LEFT and not (value is None and table.has_default(name))
        }
        again = sql.SQL("" if table.owner else " on conflict do nothing")
        try:
            connection.execute(
                sql.SQL("insert into {} ({}) values ({}){}").format(
                    _name(table.name),
                    sql.SQL(", ").join(map(sql.Identifier, kept)),
                    sql.SQL(", ").join(sql.Placeholder() * len(kept)),
                    again,
                ),
                list(kept.values()),
            )
        except psycopg.Error as error:
            untold.append(f"{table.name}: {error}".splitlines()[0])
        town.ids[table.name] = values.get("folio") or values.get("id" if table.owner else "code") or town.tenant_id
    if untold:
        raise NotCovered(
            "No row could be planted in these tables. Say what their columns hold in SHAPES of tests/attack/planting.py: "
            "without a row of two municipalities nobody has tried to steal one.\n" + "\n".join(untold)
        )
    row = connection.execute(
        "insert into jobs.procrastinate_jobs (queue_name, task_name, status, args) values ('default', 'deliver', 'failed', %s) returning id",
        [
            Jsonb(
                {
                    "tenant_id": str(town.tenant_id),
                    "slug": town.slug,
                    "listener": "drop_file",
                    "id": str(town.ids["core.file"]),
                }
            )
        ],
    ).fetchone()
    assert row is not None
    town.job_id = row[0]


_LEFT = frozenset({"created_at", "updated_at", "version"})
_KNOWN = frozenset({"core.person", "core.municipality"})


def _shared(found: Mapping[str, Table]) -> frozenset[str]:
    """Tables of no tenant that tables with one refer to."""
    return frozenset(
        target
        for table in found.values()
        if table.owner
        for target in table.keys.values()
        if target in found and not found[target].owner and target not in _KNOWN
    )


def _name(table: str) -> sql.Identifier:
    return sql.Identifier(*table.split("."))


def fingerprints(
    connection: psycopg.Connection[Any], found: Mapping[str, Table], town: Town, *, but: frozenset[str] = frozenset()
) -> dict[str, str]:
    """This function will sum up every row that a town owns, table by table: equal sums, nothing changed."""
    sums = {}
    for table in found.values():
        if table.owner and table.name not in but:
            row = connection.execute(
                sql.SQL(
                    "select coalesce(md5(string_agg(md5(t::text), '' order by t::text)), '') from {} t where {} = %s"
                ).format(_name(table.name), sql.Identifier(table.owner)),
                [town.tenant_id],
            ).fetchone()
            sums[table.name] = row[0] if row else ""
    row = connection.execute(
        "select md5(string_agg(md5(p::text), '' order by p.id)) from core.person p where name like %s",
        [f"{town.word}%"],
    ).fetchone()
    sums["core.person"] = str(row[0]) if row else ""
    row = connection.execute("select md5(m::text) from core.municipality m where id = %s", [town.tenant_id]).fetchone()
    sums["core.municipality"] = str(row[0]) if row else ""
    row = connection.execute(
        "select md5(string_agg(j.id::text || j.status::text, ',' order by j.id)) from jobs.procrastinate_jobs j where args->>'tenant_id' = %s",
        [str(town.tenant_id)],
    ).fetchone()
    sums["jobs"] = str(row[0]) if row else ""
    return sums


def strayed(connection: psycopg.Connection[Any], found: Mapping[str, Table], *, word: str, into: Town) -> list[str]:
    """This function will name the tables where a row of one town carries the word of the other."""
    return [
        table.name
        for table in found.values()
        if table.owner
        and connection.execute(
            sql.SQL("select 1 from {} t where {} = %s and t::text like %s limit 1").format(
                _name(table.name), sql.Identifier(table.owner)
            ),
            [into.tenant_id, f"%{word}%"],
        ).fetchone()
    ]
