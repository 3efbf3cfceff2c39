"""What this extension answers to the core: the annex, cards, duties, reminders, figures, and all that it keeps."""

import unicodedata
from collections.abc import Sequence
from uuid import UUID

from acogida.sdk import (
    Card,
    DocumentBuilder,
    Duty,
    Fact,
    Indicator,
    Table,
    Work,
    hookimpl,
    initiatives,
    plugin_settings,
    short_date,
)
from acogida_macrozona_norte import annex, store
from acogida_macrozona_norte.annex import people, percent, whole
from acogida_macrozona_norte.asking import QUESTIONS
from acogida_macrozona_norte.forms import Settings
from acogida_macrozona_norte.looking import look
from acogida_macrozona_norte.model import Pledge
from acogida_macrozona_norte.standing import Kept, kept
from acogida_macrozona_norte.words import ENCOUNTER_STATES, PLEDGE_STATES, counted

STEP_OF_GATE = {"GATE-2.1": "2.1", "GATE-2.3": "2.3", "GATE-2.4": "2.4"}
"""The gates of the diagnosis, with the step whose questions belong there."""


@hookimpl
async def document_chapters(work: Work, builder: DocumentBuilder) -> None:
    """Writes the annex as the municipality has set it."""
    wanted = (await plugin_settings(work, "macrozona_norte", Settings)).annex
    if wanted != "none":
        annex.write(builder, await look(work), await kept(work), full=wanted == "full")


@hookimpl
async def page_slot(work: Work, slot: str, subject_id: UUID | None) -> Card | None:
    """Shows the questions with the diagnosis, what is late on the board, and promises beside their initiative."""
    if slot == "stage.diagnosis":
        return _questions(await kept(work))
    if slot == "board":
        return _late(work, await kept(work))
    if slot == "initiative.sidebar" and subject_id:
        return await _of_initiative(work, subject_id)
    return None


def _questions(found: Kept) -> Card:
    said = [f"{each.question.text} {_short(found.text_of(each))}" for each in found.answered]
    left = [f"{each.question.text} Sin responder." for each in found.unanswered]
    return Card("Preguntas de frontera", tuple(said + left), (("Responder las preguntas", "preguntas"),))


def _short(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= 160 else f"{line[:159].rstrip()}…"


def _late(work: Work, found: Kept) -> Card | None:
    """Nothing while nothing presses."""
    late = [row for row in found.open if row.due_on < work.today()]
    lines = [
        f"{found.names.get(row.cut, row.cut)}: {row.title}. Venció el {short_date(row.due_on)}." for row in late[:5]
    ]
    return Card(found.table, tuple(lines), (("Ver la mesa", "mesa"),)) if lines else None


async def _of_initiative(work: Work, initiative_id: UUID) -> Card:
    found = await kept(work)
    lines = tuple(
        f"{found.names.get(row.cut, row.cut)}: {row.title} ({PLEDGE_STATES[row.state].lower()}, {short_date(row.due_on)})"
        for row in await store.pledges(work, initiative_id=initiative_id)
    )
    link = ("Anotar un compromiso", f"mesa/compromisos/nuevo?iniciativa={initiative_id}")
    links = (link,) if work.actor.may("planning:edit") else ()
    return Card(found.table, lines or ("Ningún compromiso entre comunas la acompaña.",), links)


@hookimpl
async def duties(work: Work) -> Sequence[Duty]:
    """Tells the sessions that were called and what each commune has promised."""
    found = await kept(work)
    me = {_fold(work.actor.name), _fold(work.actor.unit)} - {""}
    sessions = [
        Duty(f"{found.table}: {row.title}", "", f"mesa/sesiones/{row.id}", row.takes_place_on)
        for row in found.encounters
        if row.state == "called"
    ]
    return [
        *sessions,
        *(
            Duty(
                row.title,
                _who(found, row),
                f"mesa/compromisos/{row.id}",
                row.due_on,
                mine=row.cut == work.tenant.cut and _fold(row.responsible) in me,
            )
            for row in found.open
        ),
    ]


def _who(found: Kept, row: Pledge) -> str:
    """Ours by its office alone; those of others with the name of the commune."""
    if row.cut == found.home_cut:
        return row.responsible
    commune = found.names.get(row.cut, row.cut)
    return f"{commune}, {row.responsible}" if row.responsible else commune


def _fold(text: str) -> str:
    plain = unicodedata.normalize("NFD", " ".join(text.split()))
    return "".join(letter for letter in plain if not unicodedata.combining(letter)).casefold()


@hookimpl
async def gate_problems(work: Work, gate: str) -> Sequence[str]:
    """Reminds of the questions of that step that nobody has answered, where the municipality wants it."""
    step = STEP_OF_GATE.get(gate)
    if step is None or not (await plugin_settings(work, "macrozona_norte", Settings)).remind:
        return ()
    left = [each for each in (await kept(work)).unanswered if each.question.step == step]
    return (f"Responder {counted(len(left), 'pregunta', 'preguntas')} de frontera.",) if left else ()


@hookimpl
async def indicators(work: Work) -> Sequence[Indicator]:
    """Gives who was born abroad and where, and how the table goes."""
    looked, found = await look(work), await kept(work)
    figures = ()
    if looked:
        here, near = looked.here, looked.neighbours.here
        figures = (
            Indicator(
                key="macrozona_norte.foreign_born",
                label="Personas nacidas fuera de Chile",
                value=here.share,
                unit="%",
                text=f"{whole(here.foreign_born)} de {whole(here.population)}; lugar {looked.north.place_of(here)} de "
                f"{len(looked.north.communes)} en las tres regiones",
                source=here.source,
                shared=True,
            ),
            Indicator(
                key="macrozona_norte.neighbours",
                label="Nacidas en países limítrofes, entre las nacidas fuera de Chile",
                value=round(near.share_of(here.foreign_born), 1) if near.known else None,
                unit="%",
                text=f"{people(near)} de {whole(here.foreign_born)}",
                source=here.source,
                shared=True,
            ),
        )
    return (
        *figures,
        Indicator(
            key="macrozona_norte.pledges_kept",
            label="Compromisos entre comunas cumplidos",
            value=len(found.done),
            unit="compromisos",
            text=f"{len(found.done)} de {len(found.done) + len(found.open)}",
            source="Lo que anota la municipalidad",
            shared=True,
        ),
    )


@hookimpl
async def export(work: Work) -> Sequence[Table]:
    """Gives everything that is kept."""
    return await tables(work)


async def tables(work: Work) -> tuple[Table, ...]:
    """This function will give all that is kept as tables that anybody can read."""
    found = await kept(work)
    titles = {row.id: row.title for row in found.encounters}
    names = {row.id: row.name for row in await initiatives(work)}
    communes = found.names
    return (
        Table(
            "Preguntas de frontera",
            ("Pregunta", "Respuesta", "De dónde se sabe", "Respondida"),
            [
                (QUESTIONS[key].question.text if key in QUESTIONS else key, row.text, row.source, row.answered_on)
                for key, row in found.answers.items()
            ],
        ),
        Table("Comunas de la mesa", ("CUT", "Comuna"), [(row.cut, row.name) for row in found.partners]),
        Table(
            "Sesiones",
            ("Sesión", "Fecha", "Lugar o medio", "Estado", "Temas", "Acuerdos", "Comunas que participaron"),
            [
                (
                    *(row.title, row.takes_place_on, row.place, ENCOUNTER_STATES[row.state]),
                    *(row.topics, row.agreements, ", ".join(communes.get(cut, cut) for cut in row.cuts)),
                )
                for row in found.encounters
            ],
        ),
        Table(
            "Compromisos",
            (
                *("Compromiso", "Comuna", "Responsable", "Plazo", "Estado", "Cumplido el", "Qué resultó"),
                *("Sesión", "Iniciativa"),
            ),
            [
                (
                    *(row.title, communes.get(row.cut, row.cut), row.responsible, row.due_on),
                    *(PLEDGE_STATES[row.state], row.done_on, row.result),
                    titles.get(row.encounter_id, "") if row.encounter_id else "",
                    names.get(row.initiative_id, "De otro ciclo") if row.initiative_id else "",
                )
                for row in found.pledges
            ],
        ),
    )


@hookimpl
async def shred(work: Work) -> int:
    """Erases everything that is kept."""
    return await store.erase_everything(work)


async def facts(work: Work) -> dict[str, Fact]:
    """Tells how many questions were answered and whether the table has met."""
    looked, found = await look(work), await kept(work)
    answered, held = len(found.answered), len(found.held)
    share = f"{percent(looked.here.share)} nació fuera de Chile" if looked else ""
    return {
        "macrozona_norte.census": Fact(looked is not None, share),
        "macrozona_norte.answers": Fact(
            bool(answered), f"{answered} de {len(QUESTIONS)} preguntas respondidas", answered
        ),
        "macrozona_norte.table": Fact(bool(held), counted(held, "sesión realizada", "sesiones realizadas"), held),
    }
