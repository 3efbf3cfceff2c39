"""What acts show of a workspace (GATE-1.1, GATE-4.1-3).

It also tells `bodies.internal_validations`: the bodies do not know which units answer for initiatives.
"""

from acogida.features.acts import store
from acogida.features.acts.model import Act
from acogida.features.acts.validation import internal_progress
from acogida.features.cycles.public import stage_dates
from acogida.kernel.facts import Fact
from acogida.kernel.work import Work
from acogida.web.format import long_date

_WRITTEN_HERE = ("commitment_letter", "project_document", "concejo_term")
"""Of every other kind only a good file counts: signatures that were verified, or a record with its declaration."""


async def facts(work: Work) -> dict[str, Fact]:
    newest: dict[str, Act] = {}
    for act in await store.acts(work):
        if act.kind in _WRITTEN_HERE or act.standing == "good":
            newest[act.kind] = act
    rows = await store.signatories(work)
    letter, agreement = newest.get("commitment_letter"), newest.get("concejo_agreement")
    signers = [row for row in rows if letter and row.act_id == letter.id]
    mayor = (
        next((row for row in signers if row.role == "mayor" and row.signed_on), None)
        if letter and letter.standing == "good"
        else None
    )
    councillors = [row for row in signers if row.role == "councillor"]
    # The mayor may have signed the agreement itself or the letter (reading AMB-16).
    by_agreement = bool(agreement and (agreement.content.get("mayor_signed") or mayor))
    agreed = f"Acuerdo del concejo N.º {agreement.number}, {long_date(agreement.dated_on)}" if agreement else ""
    waiting = _waiting(letter)
    all_signed = bool(mayor and councillors and all(row.signed_on for row in councillors))
    pending = [row.name for row in councillors if not row.signed_on]
    vote = newest.get("concejo_vote")
    approved = bool(vote and vote.content.get("result") == "approved")
    project = newest.get("project_document")
    spans = await stage_dates(work) if project else {}
    drafted = "Carta escrita fuera de Acogida" if letter and letter.content.get("outside") else "Carta redactada"
    inside = await internal_progress(work)

    return {
        "bodies.internal_validations": Fact(inside.complete, inside.words, len(inside.done)),
        "acts.letter_drafted": Fact(bool(letter and letter.status != "draft"), drafted if letter else ""),
        "acts.letter_signed_by_mayor": Fact(
            bool(mayor) or by_agreement,
            f"Carta firmada por {mayor.name} el {long_date(mayor.signed_on)}"
            if mayor
            else agreed
            if by_agreement
            else waiting
            if waiting
            else "Carta lista para firmar"
            if letter and letter.status == "issued"
            else "",
        ),
        "acts.letter_signed_by_councillors": Fact(
            all_signed or by_agreement,
            f"Firmaron {len(councillors)} concejalas y concejales"
            if all_signed
            else agreed
            if by_agreement
            else f"Falta la firma de {', '.join(pending)}"
            if mayor and pending
            else "",
            len([row for row in councillors if row.signed_on]),
        ),
        "acts.concejo_agreement": Fact(bool(agreement), agreed),
        "acts.project_document": Fact(
            bool(project and spans),
            ""
            if project is None
            else _shown(project, "Documento del proyecto").shows
            if spans
            else "Falta fijar los plazos",
        ),
        "acts.mayor_approval": _shown(newest.get("mayor_approval"), "Aprobada"),
        "acts.concejo_vote": Fact(
            approved,
            f"Acuerdo N.º {vote.number}, {long_date(vote.dated_on)}: {vote.content.get('in_favour')} a favor"
            if vote
            else "",
        ),
        "acts.decree": _shown(newest.get("decree"), "Decreto"),
    }


def _waiting(letter: Act | None) -> str:
    """Why a letter with a file does not count yet."""
    return "Falta que alguien declare fiel la copia de la carta" if letter and letter.standing == "undeclared" else ""


def _shown(act: Act | None, name: str) -> Fact:
    if act is None:
        return Fact(False)
    number = f" N.º {act.number}" if act.number else ""
    return Fact(True, f"{name}{number}, {long_date(act.dated_on)}" if act.dated_on else name)
