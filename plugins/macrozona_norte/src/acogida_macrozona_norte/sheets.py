"""Spreadsheets: the figures by origin, and the table of communes."""

from acogida.sdk import Table, spreadsheet
from acogida_macrozona_norte.looking import Area, Looked, Tally
from acogida_macrozona_norte.words import BIRTHPLACE, HIDDEN, OURS

Sheet, Column = spreadsheet.Sheet, spreadsheet.Column


def figure_sheets(looked: Looked) -> list[spreadsheet.Sheet]:
    """This function will give origins and communes as two sheets. A sum where a cell was suppressed says so beside it."""
    places = (looked.here.name, looked.region.name, "Las tres regiones")
    notes = (f"Fuente: {looked.source}.", BIRTHPLACE, HIDDEN, OURS)
    return [
        Sheet(
            "Por origen",
            [
                Column("Origen", width=40),
                *(
                    column
                    for place in places
                    for column in (Column(place, "number", 20), Column(f"{place}: casillas suprimidas", "number", 20))
                ),
            ],
            [
                [row.name, *(value for cell in (row.here, row.region, row.north) for value in _cells(cell))]
                for row in (*looked.rows, looked.neighbours)
            ],
            heading=f"Personas nacidas fuera de Chile, Censo {looked.here.year}",
            notes=notes,
        ),
        Sheet(
            "Por comuna",
            [
                Column("CUT", width=8),
                Column("Comuna", width=28),
                Column("Región", width=24),
                Column("Población", "number", 14),
                Column("Nacidas fuera de Chile", "number", 22),
                Column("% de la población", "number", 18),
            ],
            [
                [each.cut, each.name, each.region, each.population, each.foreign_born, each.share]
                for each in looked.north.communes
            ]
            + [_sum(area) for area in (*looked.regions, looked.north)],
            heading=f"Comunas de las tres regiones, Censo {looked.here.year}",
            notes=notes,
        ),
    ]


def _cells(cell: Tally) -> list[int | None]:
    return [cell.people if cell.known else None, cell.hidden]


def _sum(area: Area) -> list[str | int | float]:
    return ["", "Total", area.name, area.population, area.foreign_born, round(area.share, 2)]


def table_sheets(tables: tuple[Table, ...]) -> list[spreadsheet.Sheet]:
    """This function will give what is kept, a sheet for each table."""
    return [
        Sheet(each.title, [Column(title, width=28) for title in each.columns], [list(row) for row in each.rows])
        for each in tables
    ]
