"""Which practices are alike, and which suit a commune: a sum of reasons that are shown, never a hidden number."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from acogida.features.practices.content import Content
from acogida.features.practices.model import PracticeEdition
from acogida.features.practices.vocabulary import Taxonomy
from acogida.web.format import number


@dataclass(frozen=True, slots=True)
class Alike:
    """A practice with why it is shown. More weight comes first; the reasons are all that the weight is made of."""

    edition: PracticeEdition
    said: Content
    weight: int
    reasons: tuple[str, ...]


def among(words: Sequence[str]) -> str:
    """This function will join words as people say them: «a, b y c»."""
    if len(words) < 2:
        return "".join(words)
    joint = "e" if words[-1][:1].lower() == "i" or words[-1][:2].lower() == "hi" else "y"
    return f"{', '.join(words[:-1])} {joint} {words[-1]}"


def similar(
    here: Content, others: Iterable[tuple[PracticeEdition, Content]], taxonomy: Taxonomy, *, most: int = 4
) -> list[Alike]:
    """This function will give the practices most like this one, each with what they share."""
    found = []
    for edition, said in others:
        weight, reasons = 0, []
        if here.subcategory and said.subcategory == here.subcategory:
            weight += 3
            reasons.append(f"es de la misma subcategoría, {taxonomy.label('subcategories', here.subcategory).lower()}")
        if themes := [each for each in here.themes if each in said.themes]:
            weight += 2 * len(themes)
            reasons.append(f"trata de {among([taxonomy.label('themes', each).lower() for each in themes])}")
        if specific := [
            each for each in here.targets if each in said.targets and each not in ("migrantes", "comunidad")
        ]:
            weight += 2 * len(specific)
            reasons.append(f"llega a {among([taxonomy.label('targets', each).lower() for each in specific])}")
        if here.region and said.region == here.region:
            weight += 2
            reasons.append("es de la misma región")
        elif here.country and said.country == here.country:
            weight += 1
            reasons.append("es del mismo país")
        if here.scale and said.scale == here.scale:
            weight += 1
            reasons.append("es de una comuna de tamaño parecido")
        if weight >= 3:
            found.append(Alike(edition, said, weight, tuple(reasons)))
    return sorted(found, key=lambda each: (-each.weight, each.edition.code))[:most]


@dataclass(frozen=True, slots=True)
class Commune:
    """What is known of a commune that decides which practices suit it. `gaps` are dimensions with findings and no initiative."""

    name: str
    cut: str
    region: str
    region_name: str
    population: int
    foreign_share: float
    gaps: Mapping[str, Sequence[str]]
    """Dimension (`1` to `8`) → titles of its findings that nothing answers yet; none where the dimension has nothing."""


MANY_FOREIGN_BORN = 10.0
"""Per cent of the population born abroad from which a commune is told that a practice comes from one like it."""


@dataclass(frozen=True, slots=True)
class Origin:
    """The commune where a practice is done, as the census tells it."""

    name: str
    population: int
    foreign_share: float


def scale_of(population: int) -> str:
    """This function will give the size of a commune as the catalogue sorts it (taxonomy/facets.yaml)."""
    return (
        "small"
        if population <= 20_000
        else "medium"
        if population <= 100_000
        else "large"
        if population <= 250_000
        else "metropolitan"
    )


def suited(
    commune: Commune,
    practices: Iterable[tuple[PracticeEdition, Content]],
    origins: Mapping[str, Origin],
    titles: Mapping[str, str],
    *,
    taken: Collection[str] = (),
    most: int = 8,
) -> list[Alike]:
    """This function will give the practices that answer a gap of this commune, each with every reason spelled out.

    Only practices of a dimension with a gap are given, and none that is this very commune's: the likeness of the communes
    only puts them in order, and a finding without an answer weighs more than a dimension without initiatives. `origins`
    is the census of the communes of the practices, by CUT; `titles` is dimension → words; `taken` are codes already adopted.
    """
    found = []
    for edition, said in practices:
        answered = [key for key in said.dimensions if key in commune.gaps]
        if not answered or edition.code in taken or said.communes == (commune.cut,):
            continue
        answered.sort(key=lambda key: -len(commune.gaps[key]))
        weight = sum(5 if commune.gaps[key] else 2 for key in answered)
        reasons = [_gap(commune, key, titles) for key in answered[:2]]
        if said.region and said.region == commune.region:
            weight += 3
            reasons.append(f"Se hace en su misma región, {commune.region_name}.")
        elif said.country == "CL":
            weight += 1
            reasons.append("Se hace en Chile, con las mismas leyes y competencias municipales.")
        if said.scale and said.scale == scale_of(commune.population):
            weight += 3
            reasons.append(
                f"{said.place} es de un tamaño parecido al de {commune.name} ({number(commune.population)} habitantes)."
            )
        near = [origins[cut] for cut in said.communes if cut in origins and _near(commune, origins[cut])]
        if near:
            weight += 2
            reasons.append(
                f"En {near[0].name} el {number(near[0].foreign_share, 1)} % de la población nació en el extranjero; "
                f"en {commune.name}, el {number(commune.foreign_share, 1)} %."
            )
        if said.evidence == "evaluated":
            weight += 1
            reasons.append("La evaluó alguien distinto de quien la realiza.")
        found.append(Alike(edition, said, weight, tuple(reasons)))
    return sorted(found, key=lambda each: (-each.weight, each.edition.code))[:most]


def _gap(commune: Commune, key: str, titles: Mapping[str, str]) -> str:
    findings = commune.gaps[key]
    if not findings:
        return f"{titles.get(key, key)}: su plan todavía no tiene iniciativas en esta dimensión."
    more = f" y {len(findings) - 1} más" if len(findings) > 1 else ""
    return f"{titles.get(key, key)}: nada responde todavía al hallazgo «{findings[0]}»{more}."


def _near(commune: Commune, other: Origin) -> bool:
    """Whether both communes have a share of people born abroad of the same order: within a half, or both high."""
    both = (commune.foreign_share, other.foreign_share)
    if not all(both):
        return False
    return min(both) >= MANY_FOREIGN_BORN or max(both) / min(both) <= 1.5
