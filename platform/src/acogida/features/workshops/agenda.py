"""The agenda of a workshop: the guide's moments to begin with, then whatever the team makes of them (TPL-08, TPL-14).

People write it as lines, «25 Identificar desafíos»; it is kept as moments.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from acogida.features.methodology.model import Guide, Row, Template

_LINE = re.compile(r"^\s*(\d{1,3})(?!\d)\s*(?:min(?:utos)?\.?)?\s*[·|:,;.–-]?\s*(\S.*)$", re.IGNORECASE)
_MOMENT = re.compile(r"^Momento (\d+),[^.]*\. ")
_MARK = re.compile(r"^\s*(?:[-*•–]|\d{1,3}[.)])\s+")
_MOST_MOMENTS = 30


@dataclass(frozen=True, slots=True)
class Moment:
    """A stretch of the workshop, with what the guide advises for it and the hours between which it happens."""

    title: str
    minutes: int
    begins: str = ""
    ends: str = ""
    advice: tuple[str, ...] = ()


def lines_of(text: str) -> list[str]:
    """This function will give the lines of a pasted text, without blank ones nor the marks of a list."""
    return [found for line in text.splitlines() if (found := _MARK.sub("", line).strip())]


def read_moments(text: str) -> list[dict[str, Any]]:
    """This function will read «minutes title» lines; raises `ValueError` with the Spanish sentence for the first wrong one."""
    found: list[dict[str, Any]] = []
    for line in filter(str.strip, text.splitlines()):
        read = _LINE.match(line)
        if read is None:
            raise ValueError(
                f"Cada línea lleva los minutos y el nombre del momento, como «10 Presentación». Revise «{line.strip()[:60]}»."
            )
        if not 1 <= int(read[1]) <= 480:
            raise ValueError(f"Los minutos de «{read[2].strip()[:60]}» deben estar entre 1 y 480.")
        found.append({"minutes": int(read[1]), "title": read[2].strip()[:200]})
    if len(found) > _MOST_MOMENTS:
        raise ValueError(f"La pauta admite hasta {_MOST_MOMENTS} momentos.")
    return found


def written_moments(moments: Sequence[dict[str, Any]]) -> str:
    """This function will write moments as the lines that people edit."""
    return "\n".join(f"{moment['minutes']} {moment['title']}" for moment in moments)


def read_groups(text: str) -> list[dict[str, Any]]:
    """This function will read «Grupo 1: eje; eje» lines; a line without a colon is a group without ejes."""
    found: list[dict[str, Any]] = []
    for line in lines_of(text):
        name, _, axes = line.partition(":")
        found.append(
            {"name": name.strip()[:120], "axes": [axis.strip()[:200] for axis in axes.split(";") if axis.strip()]}
        )
    return found


def written_groups(groups: Sequence[dict[str, Any]]) -> str:
    """This function will write working groups as the lines that people edit."""
    return "\n".join(
        f"{group['name']}: {'; '.join(group['axes'])}" if group["axes"] else group["name"] for group in groups
    )


def proposed_moments(guide: Guide, kind: str) -> list[dict[str, Any]]:
    """This function will give the guide's agenda for a workshop of this kind: its moments add up to 90 minutes."""
    return [{"minutes": field.minutes or 10, "title": field.label} for field in _template(guide, kind).fields]


def proposed_groups(guide: Guide, kind: str, axes: Sequence[str]) -> list[dict[str, Any]]:
    """This function will give three groups; in a planning workshop each takes its part of the ejes, the guide's examples if none."""
    names = [f"Grupo {number}" for number in (1, 2, 3)]
    if kind != "planning":
        return [{"name": name, "axes": []} for name in names]
    shared = list(axes) or [axis.title for axis in guide.suggested_axes]
    size = -(-len(shared) // len(names))
    return [{"name": name, "axes": shared[at * size : (at + 1) * size]} for at, name in enumerate(names)]


def moments(guide: Guide, kind: str, kept: Sequence[dict[str, Any]], starts_at: str) -> tuple[Moment, ...]:
    """This function will give the agenda with its hours and, where a moment keeps the guide's name, the guide's advice."""
    advice = _advice(guide, kind)
    clock = _minutes_of(starts_at)
    found = []
    for moment in kept:
        until = clock + moment["minutes"] if clock is not None else None
        found.append(
            Moment(moment["title"], moment["minutes"], _hour(clock), _hour(until), advice.get(moment["title"], ()))
        )
        clock = until
    return tuple(found)


def facilitation(guide: Guide, kind: str) -> tuple[Row, ...]:
    """This function will give the guide's rows on how to facilitate and record, beyond the moments themselves."""
    tool, step = ("HERR-4.2-", "3.1") if kind == "planning" else ("HERR-3.3-", "2.3")
    of_moments = set(_template(guide, kind).rows)
    who = {"facilitators", "recorder"}
    return tuple(
        row
        for row in guide.tools_of(step)
        if row.id.startswith(tool) and row.id not in of_moments and who & set(row.who)
    )


def purposes(guide: Guide, kind: str) -> tuple[Row, ...]:
    """This function will give what the workshop is for, as the guide says it."""
    ids = ("HERR-4.2-01", "HERR-4.2-02") if kind == "planning" else ("HERR-3.3-18", "DIAG-2.3-05")
    return tuple(guide.row(row_id) for row_id in ids)


def questions(guide: Guide, kind: str) -> tuple[Row, ...]:
    """This function will give the questions that the guide puts to the participants of a planning workshop."""
    return guide.questions_of("3.1") if kind == "planning" else ()


def proposed_invitation(commune: str, kind: str) -> str:
    """This function will give a text of invitation to begin with: a proposal of Acogida, to be edited."""
    planning = kind == "planning"
    about = (
        "revisar juntos la propuesta de objetivos y ejes, y proponer iniciativas para cada eje"
        if planning
        else "conversar los desafíos, las fortalezas y las oportunidades de la integración en nuestra comuna"
    )
    process = (
        "Llegamos a este taller después de un diagnóstico que reunió datos, registros y la voz de quienes participaron en él. "
        "Con lo que usted aporte completaremos el plan de la Política."
        if planning
        else "Ya reunimos datos, servicios y organizaciones de la comuna. Ahora necesitamos su mirada para completar ese "
        "diagnóstico, del que saldrán los objetivos y las iniciativas de la Política."
    )
    return (
        f"La Municipalidad de {commune} está elaborando su Política Municipal de Migración y queremos contar con usted.\n\n"
        f"Le invitamos a un taller de una hora y media para {about}.\n\n"
        f"{process}\n\n"
        "No necesita preparar nada. Lo que se diga se anotará sin nombres y el resultado se compartirá con quienes asistan."
    )


def _template(guide: Guide, kind: str) -> Template:
    return guide.template("TPL-14" if kind == "planning" else "TPL-08")


def _advice(guide: Guide, kind: str) -> dict[str, tuple[str, ...]]:
    """By name of the moment: the rows of the template follow its moments, «Momento 1, …» opening each."""
    template = _template(guide, kind)
    by_number: dict[int, list[str]] = {}
    current = 0
    for row_id in template.rows:
        text = guide.row(row_id).text
        if opening := _MOMENT.match(text):
            current = int(opening[1])
        by_number.setdefault(current, []).append(_MOMENT.sub("", text))
    return {field.label: tuple(by_number.get(at, ())) for at, field in enumerate(template.fields, 1)}


def _minutes_of(starts_at: str) -> int | None:
    if not starts_at:
        return None
    hours, _, minutes = starts_at.partition(":")
    return int(hours) * 60 + int(minutes)


def _hour(minutes: int | None) -> str:
    return "" if minutes is None else f"{minutes // 60 % 24:02d}:{minutes % 60:02d}"
