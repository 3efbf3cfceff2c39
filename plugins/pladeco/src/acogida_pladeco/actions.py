"""Writing down the PLADECO, and saying what each initiative has to do with it."""

from collections.abc import Iterable, Sequence
from uuid import UUID

from sqlalchemy.orm.attributes import flag_modified

from acogida.sdk import Rejected, Stale, Work, audit, initiative, new_id
from acogida_pladeco import store
from acogida_pladeco.forms import Align, EditElement, EditPladeco
from acogida_pladeco.model import Alignment, Element, InitiativeLink, Pladeco
from acogida_pladeco.sheet import Row
from acogida_pladeco.words import LEVELS, UNDER, counted, fold

MOST_ELEMENTS = 2000


async def add_pladeco(work: Work, wanted: EditPladeco) -> Pladeco:
    """This function will register a PLADECO."""
    work.require("planning:edit")
    row = Pladeco(**wanted.changes())
    work.session.add(row)
    await work.session.flush()

    await audit.record(work, "pladeco.added", f"registró el {row.name}", subject=row, after=wanted.changes())
    return row


async def edit_pladeco(work: Work, pladeco_id: UUID, wanted: EditPladeco) -> Pladeco:
    """This function will correct the data of a PLADECO."""
    work.require("planning:edit")
    row = await store.pladeco(work, pladeco_id, lock=True)
    if row.version != wanted.version:
        raise Stale(row)

    before = {name: getattr(row, name) for name in wanted.changes()}
    for name, value in wanted.changes().items():
        setattr(row, name, value)
    await work.session.flush()

    await audit.record(
        work, "pladeco.edited", f"corrigió los datos del {row.name}", subject=row, before=before, after=wanted.changes()
    )
    return row


async def remove_pladeco(work: Work, pladeco_id: UUID) -> str:
    """This function will take a PLADECO away with its elements and their links, and give its name."""
    work.require("planning:edit")
    row = await store.pladeco(work, pladeco_id, lock=True)
    held = await store.elements(work, pladeco_id)
    await store.erase_pladeco(work, pladeco_id)

    await audit.record(
        work,
        "pladeco.removed",
        f"quitó el {row.name}, con {counted(len(held), 'elemento', 'elementos')}",
        subject=row,
        before={"name": row.name, "lineamientos": [each.title for each in held if each.level == "line"]},
    )
    return row.name


async def add_element(work: Work, pladeco_id: UUID, wanted: EditElement) -> Element:
    """This function will write down a lineamiento, or what hangs from `wanted.parent`."""
    work.require("planning:edit")
    await store.pladeco(work, pladeco_id, lock=True)
    parent = await _parent(work, pladeco_id, wanted.parent)
    held = await store.elements(work, pladeco_id)
    if len(held) >= MOST_ELEMENTS:
        raise Rejected(f"Un PLADECO admite hasta {MOST_ELEMENTS} elementos.")
    if any(each.parent_id == (parent.id if parent else None) and fold(each.name) == fold(wanted.name) for each in held):
        raise Rejected(fields={"name": "Ya hay uno con este nombre en el mismo lugar."})

    row = Element(
        pladeco_id=pladeco_id,
        parent_id=parent.id if parent else None,
        level=UNDER[parent.level] if parent else "line",
        position=max((each.position for each in held), default=0) + 1,
        **wanted.changes(without=("version", "parent")),
    )
    work.session.add(row)
    await work.session.flush()

    await audit.record(
        work,
        "element.added",
        f"agregó al PLADECO el {LEVELS[row.level].lower()} «{row.title}»",
        subject=row,
        after=wanted.changes(without=("version", "parent")),
    )
    return row


async def _parent(work: Work, pladeco_id: UUID, wanted: str) -> Element | None:
    if not wanted:
        return None
    found = _as_id(wanted)
    parent = await store.element(work, found) if found else None
    if parent is None or parent.pladeco_id != pladeco_id or parent.level not in UNDER:
        raise Rejected(fields={"parent": "Elija un lineamiento o un objetivo de este PLADECO."})
    return parent


async def edit_element(work: Work, element_id: UUID, wanted: EditElement) -> Element:
    """This function will correct an element where it stands."""
    work.require("planning:edit")
    row = await store.element(work, element_id, lock=True)
    if row.version != wanted.version:
        raise Stale(row)

    changes = wanted.changes(without=("version", "parent"))
    before = {name: getattr(row, name) for name in changes}
    for name, value in changes.items():
        setattr(row, name, value)
    await work.session.flush()

    words = f"corrigió el {LEVELS[row.level].lower()} «{row.title}» del PLADECO"
    await audit.record(work, "element.edited", words, subject=row, before=before, after=changes)
    return row


async def remove_element(work: Work, element_id: UUID) -> Element:
    """This function will take an element away, with what hangs from it and the links that led there."""
    work.require("planning:edit")
    row = await store.element(work, element_id, lock=True)
    lost = under(row, await store.elements(work, row.pladeco_id))
    links = await store.links_into(work, [each.id for each in lost])
    await store.erase_element(work, element_id)

    lose = f", y se perdió {counted(links, 'vínculo', 'vínculos')} con iniciativas" if links else ""
    await audit.record(
        work,
        "element.removed",
        f"quitó del PLADECO el {LEVELS[row.level].lower()} «{row.title}»{lose}",
        subject=row,
        before={"name": row.name, "description": row.description, "también": [each.title for each in lost[1:]]},
    )
    return row


def under(row: Element, held: Sequence[Element]) -> list[Element]:
    """This function will list an element and everything that hangs from it."""
    found, edge = [row], {row.id}
    while edge:
        children = [each for each in held if each.parent_id in edge]
        found += children
        edge = {each.id for each in children}
    return found


async def bring(work: Work, pladeco_id: UUID, rows: Iterable[Row]) -> dict[str, int]:
    """This function will write the rows of a spreadsheet into a PLADECO and count what it added, by level, and `changed`.

    What is there already, by its name in its place, is completed with what the row says; nothing is taken away.
    """
    work.require("planning:edit")
    row = await store.pladeco(work, pladeco_id, lock=True)
    held = await store.elements(work, pladeco_id)
    there = {each.id for each in held}
    known = {(each.parent_id, fold(each.name)): each for each in held}
    position = max((each.position for each in held), default=0)
    done = {**dict.fromkeys(LEVELS, 0), "changed": 0}
    for given in rows:
        parent: Element | None = None
        for level, (code, name) in given.path:
            key = (parent.id if parent else None, fold(name))
            found = known.get(key)
            if found is None:
                position += 1
                found = Element(
                    id=new_id(),
                    pladeco_id=pladeco_id,
                    parent_id=key[0],
                    level=level,
                    code=code,
                    name=name,
                    position=position,
                )
                work.session.add(found)
                known[key] = found
                done[level] += 1
            elif code and not found.code:
                found.code = code
            parent = found
        if parent:
            done["changed"] += _complete(parent, given) and parent.id in there
    if len(known) > MOST_ELEMENTS:
        raise Rejected(f"Un PLADECO admite hasta {MOST_ELEMENTS} elementos y con esta planilla serían {len(known)}.")
    await work.session.flush()

    await audit.record(work, "pladeco.brought", f"trajo una planilla al {row.name}: {told(done)}", subject=row)
    return done


def told(done: dict[str, int]) -> str:
    """This function will say what a spreadsheet brought."""
    names = {
        "line": ("lineamiento nuevo", "lineamientos nuevos"),
        "objective": ("objetivo nuevo", "objetivos nuevos"),
        "program": ("programa nuevo", "programas nuevos"),
        "changed": ("elemento completado", "elementos completados"),
    }
    return ", ".join(counted(done[name], *words) for name, words in names.items() if done[name]) or "todo ya estaba"


def _complete(element: Element, given: Row) -> bool:
    changed = False
    for name, value in given.details.items():
        if value not in ("", None) and getattr(element, name) != value:
            setattr(element, name, value)
            changed = True
    return changed


async def align(work: Work, initiative_id: UUID, wanted: Align) -> Alignment:
    """This function will say what an initiative contributes to in the PLADECO in use, and whether the next should take it in."""
    work.require("initiative:edit")
    subject = await initiative(work, initiative_id)
    plan = await store.in_use(work)
    if plan is None:
        raise Rejected("Registre primero el PLADECO de la comuna.")
    row = await store.alignment(work, initiative_id, lock=True)
    if (row.version if row else 0) != wanted.version:
        raise Stale(row)
    elements = {each.id: each for each in await store.elements(work, plan.id)}
    chosen = _chosen(wanted.elements, elements)
    line_id = _as_id(wanted.proposed_under)
    line = elements.get(line_id) if line_id else None
    if wanted.proposed_under and (line is None or line.level != "line"):
        raise Rejected(fields={"proposed_under": "Elija un lineamiento del PLADECO en uso."})

    had = set((await store.links(work, plan.id)).get(initiative_id, ()))
    before = _told(row, [elements[each] for each in elements if each in had], elements)
    if row is None:
        row = Alignment(initiative_id=initiative_id)
        work.session.add(row)
    else:  # the links are part of what was seen: changing only them makes a new version too
        flag_modified(row, "contribution")
    row.contribution, row.proposal = wanted.contribution, wanted.proposal
    row.proposed_under_id = line.id if line else None
    await store.unlink(work, initiative_id, had - set(chosen))
    work.session.add_all(
        InitiativeLink(initiative_id=initiative_id, element_id=each) for each in chosen if each not in had
    )
    await work.session.flush()

    await audit.record(
        work,
        "alignment.edited",
        f"dijo a qué del PLADECO aporta «{subject.name}»",
        subject=row,
        before=before,
        after=_told(row, [elements[each] for each in chosen], elements),
    )
    return row


def _chosen(wanted: Sequence[str], elements: dict[UUID, Element]) -> list[UUID]:
    found = {_as_id(each) for each in wanted}
    if found - set(elements):
        raise Rejected(fields={"elements": "Algo de lo que marcó ya no está en el PLADECO. Revise y vuelva a guardar."})
    return [each for each in elements if each in found]


def _told(row: Alignment | None, linked: Sequence[Element], elements: dict[UUID, Element]) -> dict[str, object]:
    line = elements.get(row.proposed_under_id) if row and row.proposed_under_id else None
    return {
        "elements": [each.title for each in linked],
        "contribution": row.contribution if row else "",
        "proposed_under": line.title if line else "",
        "proposal": row.proposal if row else "",
    }


def _as_id(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
