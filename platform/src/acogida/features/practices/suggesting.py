"""What the catalogue suggests to a workspace: practices that answer what its plan does not, each with its reasons."""

from collections.abc import Mapping, Sequence

from acogida.features.communes import public as communes
from acogida.features.diagnosis import public as diagnosis
from acogida.features.diagnosis.public import Finding
from acogida.features.initiatives import public as initiatives
from acogida.features.practices import content, store
from acogida.features.practices.likeness import Alike, Commune, Origin, suited
from acogida.kernel.work import Work


async def gaps(work: Work) -> Mapping[str, Sequence[str]]:
    """This function will give the dimensions that the plan leaves open: with findings that nothing answers, or with nothing.

    Dimension (`1` to `8`) → titles of those findings.
    """
    plan = await initiatives.initiatives(work)
    answered = {each for found in (await initiatives.findings_of_initiatives(work)).values() for each in found}
    covered = {key for row in plan for key in row.dimensions}
    open_ones: dict[str, list[str]] = {str(number): [] for number in range(1, 9) if f"dim_{number}" not in covered}
    for row in await diagnosis.findings(work):
        if row.id not in answered:
            for key in row.dimensions:
                open_ones.setdefault(key.removeprefix("dim_"), []).append(row.title)
    return open_ones


async def suggestions(
    work: Work, titles: Mapping[str, str], *, dimension: str = "", finding: Finding | None = None, most: int = 8
) -> tuple[list[Alike], Commune | None]:
    """This function will give the practices that suit this commune and what it was compared by; nothing without its figures.

    Narrowed to the dimensions of a finding, or to one dimension, where one is given.
    """
    figures = await communes.figures_of(work, work.tenant.cut)
    if figures is None:
        return [], None
    found = await gaps(work)
    if finding:
        found = {key.removeprefix("dim_"): [finding.title] for key in finding.dimensions}
    elif dimension:
        found = {dimension: found.get(dimension, [])}
    commune = Commune(
        name=work.tenant.name,
        cut=work.tenant.cut,
        region=figures.region_code,
        region_name=figures.region_short,
        population=figures.population,
        foreign_share=figures.share,
        gaps=found,
    )
    rows = [(edition, content.of(edition.content)) for _, edition in await store.published_list(work.session)]
    cuts = sorted({cut for _, said in rows for cut in said.communes})
    origins = {
        row.cut: Origin(row.name, row.population, row.share) for row in await communes.censuses(work.session, cuts)
    }
    taken = {row.practice_code for row in await store.adoptions(work)}
    return suited(commune, rows, origins, titles, taken=taken, most=most), commune
