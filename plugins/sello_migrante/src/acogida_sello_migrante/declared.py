"""The standard as it is declared to the core, which shows it before the extension is enabled: what is asked, with its source."""

from acogida import sdk
from acogida_sello_migrante.standard import Commitment, Criterion, Standard, sources, standards


def _source(keys: tuple[str, ...], *, whole: bool = True, url: bool = True) -> sdk.Source:
    found = [sources()[key] for key in keys]
    text = "; ".join(f"{each.title}{f' ({each.note.lower()})' if each.note else ''}" for each in found)
    return sdk.Source(text=text, url=found[0].url if url else "", state="verified" if whole else "partial")


def _criterion(each: Criterion) -> sdk.Criterion:
    """One fact is named where one alone shows it; where several do, they are weighed on the extension's own pages."""
    needed = [drawn for drawn in each.drawn if drawn.needed]
    alone = needed[0] if len(needed) == 1 else None
    return sdk.Criterion(
        code=each.id,
        text=f"{each.title}. {each.text}",
        fact=alone.fact if alone else "",
        screen=alone.path if alone else "",
        required=each.counts,
        source=_source(each.sources, whole=each.state == "verified"),
    )


def _requirement(each: Commitment) -> sdk.Requirement:
    return sdk.Requirement(
        code=each.id,
        title=each.name,
        text=" ".join(part for part in (each.text, each.unknown) if part),
        criteria=tuple(map(_criterion, each.criteria)),
        source=_source(each.sources),
    )


def _standard(each: Standard) -> sdk.Standard:
    return sdk.Standard(
        key=f"sello_{each.key.replace('-', '_')}",
        title=f"Sello Migrante. {each.title}",
        version=each.key,
        requirements=tuple(map(_requirement, each.commitments)),
        source=_source(each.sources, whole=False),
    )


STANDARDS = tuple(map(_standard, standards().values()))
