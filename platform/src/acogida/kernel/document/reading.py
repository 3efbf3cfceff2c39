"""A document as plain text."""

from collections.abc import Iterator
from dataclasses import replace

from acogida.kernel.document.model import (
    Block,
    BulletList,
    Cell,
    Document,
    Figure,
    Heading,
    KeyValues,
    Missing,
    Note,
    NumberedList,
    PageBreak,
    Paragraph,
    Quote,
    Runs,
    Signature,
    Table,
    Text,
)


def run_text(value: Runs) -> str:
    """This function will give the words of some runs, without marks. Footnotes come in brackets."""
    return "".join(run.text if isinstance(run, Text) else f" [{run.text}]" for run in value)


def block_lines(block: Block) -> tuple[str, ...]:
    """This function will give a block as lines of plain text: one for each paragraph, item or table row."""
    match block:
        case Heading():
            return (block.label,)
        case Paragraph():
            return (run_text(block.runs),)
        case BulletList() | NumberedList():
            return tuple(_list_lines(block))
        case Table():
            rows = (block.head, *block.rows)
            tail = (f"Fuente: {block.source}",) if block.source else ()
            return (block.label, *(" | ".join(_cell_text(entry) for entry in row) for row in rows), *tail)
        case Figure():
            tail = (f"Fuente: {block.source}",) if block.source else ()
            return (block.label, block.alt, *(block_lines(block.data)[1:] if block.data else ()), *tail)
        case Missing():
            return (f"Por completar: {block.text}",)
        case Note():
            inside = tuple(line for part in block.blocks for line in block_lines(part))
            return (block.title, *inside) if block.title else inside
        case Quote():
            return (run_text(block.runs) + (f" — {block.source}" if block.source else ""),)
        case Signature():
            return tuple(line for line in (block.name, block.cargo, block.detail) if line)
        case KeyValues():
            return tuple(f"{fact.name}: {run_text(fact.runs)}" for fact in block.items)
        case PageBreak():
            return ()


def figure_data(document: Document) -> tuple[Table, ...]:
    """This function will give the tables behind the figures, named after them: what paper prints at the end
    and a screen keeps folded under each figure."""
    figures = (block for block in document.blocks if isinstance(block, Figure))
    return tuple(
        replace(
            figure.data,
            caption=f"Datos de la figura {figure.number}. {figure.caption}" if figure.number else figure.data.caption,
            number=0,
            anchor="",
            landscape=False,
        )
        for figure in figures
        if figure.data
    )


def plain_text(document: Document) -> str:
    """This function will give the document as plain text, one line for each paragraph, item or row; notes
    of what is missing are left out, for they are not part of what is said."""
    front = (document.title, document.subtitle, document.author, document.period)
    lines = [line for line in front if line]
    for block in document.blocks:
        if not isinstance(block, Missing):
            lines.extend(block_lines(block))
    return "\n".join(lines) + "\n"


def _list_lines(block: BulletList | NumberedList) -> Iterator[str]:
    for at, entry in enumerate(block.items, 1):
        yield (f"{at}. " if isinstance(block, NumberedList) else "- ") + run_text(entry.runs)
        for child in entry.children:
            yield "  - " + run_text(child.runs)


def _cell_text(value: Cell) -> str:
    return " / ".join(line.replace("\n", " / ") for block in value.blocks for line in block_lines(block))
