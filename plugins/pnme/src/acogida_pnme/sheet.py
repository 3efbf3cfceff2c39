"""The alignment as a spreadsheet: a sheet for each framework and one with what is not linked."""

from acogida.sdk import spreadsheet
from acogida_pnme.looking import Looked

Sheet, Column = spreadsheet.Sheet, spreadsheet.Column


def sheets(looked: dict[str, Looked], *, commune: str) -> list[spreadsheet.Sheet]:
    """This function will give them all."""
    return [*(_framework(each, commune) for each in looked.values()), _outside(looked)]


def _framework(each: Looked, commune: str) -> spreadsheet.Sheet:
    framework = each.known.framework
    rows = [
        [branch.node.code, branch.node.title, subject.words, subject.title, each.found.note(subject)]
        for top in each.found.branches
        for _, branch in top.walk()
        for subject in branch.own
    ]
    return Sheet(
        each.key.upper(),
        [
            Column("Código", width=12),
            Column("Parte", width=48),
            Column("Qué es", width=14),
            Column("De la Política", width=60),
            Column("Cómo aporta", width=50),
        ],
        rows,
        heading=f"{framework.title} · Municipalidad de {commune}",
        notes=(framework.version, framework.summary),
    )


def _outside(looked: dict[str, Looked]) -> spreadsheet.Sheet:
    return Sheet(
        "Sin vínculo",
        [Column("Marco", width=44), Column("Qué es", width=14), Column("De la Política", width=70)],
        [
            [each.known.framework.title, subject.words, subject.title]
            for each in looked.values()
            for subject in each.found.outside
        ],
    )
