"""The annex of the document: figures with their source, what was answered, and the table of communes."""

from acogida.sdk import DocumentBuilder, long_date, short_date
from acogida_macrozona_norte.looking import Looked, Tally
from acogida_macrozona_norte.standing import Kept
from acogida_macrozona_norte.words import BIRTHPLACE, HIDDEN, OURS, PLEDGE_STATES


def percent(value: float) -> str:
    """This function will write a share: `26,5 %`."""
    return f"{value:.1f}".replace(".", ",") + " %"


def whole(value: int) -> str:
    """This function will write a number with its points: `37.628`."""
    return f"{value:,}".replace(",", ".")


def people(cell: Tally) -> str:
    """This function will write a sum: its number, «al menos» where cells are missing, or that all were suppressed."""
    if not cell.known:
        return "Suprimido por INE"
    return f"al menos {whole(cell.people)}" if cell.hidden else whole(cell.people)


def write(builder: DocumentBuilder, looked: Looked | None, found: Kept, *, full: bool) -> None:
    """This function will write the annex; nothing where there is nothing to say."""
    if looked is None and not (full and found.anything):
        return
    builder.annex("Realidad de frontera y coordinación entre comunas")
    if looked:
        _figures(builder, looked)
    if full:
        _answers(builder, found)
        _table(builder, found)


def _figures(builder: DocumentBuilder, looked: Looked) -> None:
    here, region, north = looked.here, looked.region, looked.north
    builder.h(2, "La comuna junto a las tres regiones", numbered=False)
    builder.p(
        f"El Censo {here.year} contó {whole(here.population)} personas en {here.name}; {whole(here.foreign_born)} "
        f"({percent(here.share)}) nacieron fuera de Chile. En la Región de {region.name} son {percent(region.share)} y en las "
        f"tres regiones, {percent(north.share)}."
    )
    builder.table(
        "Personas nacidas fuera de Chile, por origen",
        ["Origen", here.name, region.name, "Las tres regiones"],
        [[(row.name,), people(row.here), people(row.region), people(row.north)] for row in looked.rows],
        weights=[4, 2, 2, 2],
        numeric=[1, 2, 3],
        header_column=True,
        source=here.source,
    )
    builder.note("Cómo se leen estas cifras", f"{BIRTHPLACE}\n\n{HIDDEN}\n\n{OURS}", tone="plain")


def _answers(builder: DocumentBuilder, found: Kept) -> None:
    if not found.answered:
        return
    builder.h(2, "Lo que la comuna responde", numbered=False)
    builder.p("Preguntas de Acogida para comunas de estas regiones, además de las de la guía.")
    for each in found.answered:
        row = found.answers[each.key]
        builder.h(3, each.question.text, numbered=False)
        builder.p(row.text)
        if row.source:
            builder.p(f"De dónde se sabe: {row.source}.")


def _table(builder: DocumentBuilder, found: Kept) -> None:
    if not (found.partners or found.encounters or found.pledges):
        return
    builder.h(2, found.table, numbered=False)
    if found.partners:
        builder.p(f"{found.home_name} se coordina con {', '.join(row.name for row in found.partners)}.")
    for row in reversed(found.held):
        builder.h(3, f"{row.title}, {long_date(row.takes_place_on)}", numbered=False)
        came = ", ".join(found.names.get(cut, cut) for cut in row.cuts)
        builder.facts([("Lugar o medio", row.place), ("Comunas que participaron", came)])
        if row.agreements:
            builder.p(row.agreements)
    rows = [row for row in found.pledges if row.state != "dropped"]
    if rows:
        builder.table(
            "Compromisos entre comunas",
            ["Compromiso", "Comuna", "Responsable", "Plazo", "Estado"],
            [
                [
                    (row.title,),
                    found.names.get(row.cut, row.cut),
                    (row.responsible,),
                    short_date(row.due_on),
                    PLEDGE_STATES[row.state],
                ]
                for row in rows
            ],
            weights=[5, 2, 3, 2, 2],
            header_column=True,
        )
