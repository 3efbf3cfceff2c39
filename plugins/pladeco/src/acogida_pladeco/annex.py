"""What this plugin tells of the PLADECO: an annex of the Política, and what is true of the workspace."""

from acogida.sdk import DocumentBuilder, Fact, Work, hookimpl, long_date, plugin_settings
from acogida_pladeco import store
from acogida_pladeco.coverage import Branch, Coverage, coverage
from acogida_pladeco.forms import Settings
from acogida_pladeco.words import counted


@hookimpl
async def document_chapters(work: Work, builder: DocumentBuilder) -> None:
    """Writes how the policy answers the PLADECO, as the municipality has set it."""
    wanted = await plugin_settings(work, "pladeco", Settings)
    plan = await store.in_use(work)
    if plan is None or wanted.annex == "none":
        return
    found = await coverage(work, plan)

    builder.annex("Relación con el PLADECO")
    builder.p(
        "El Plan de Desarrollo Comunal es el instrumento rector del desarrollo de la comuna (Ley 18.695, artículo 7). "
        "Este anexo muestra a qué partes de él aporta cada iniciativa de la Política."
    )
    builder.facts(
        [
            ("Plan", plan.name),
            ("Años", plan.years),
            ("Aprobación", ", ".join(part for part in (plan.approval, long_date(plan.approved_on)) if part)),
            ("Publicado en", plan.url),
            ("Lineamientos con iniciativas", f"{found.covered} de {len(found.lines)}"),
            ("Iniciativas vinculadas", f"{len(found.linked)} de {len(found.initiatives)}"),
        ]
    )
    for sentence in found.horizon:
        builder.note("Años de ambos instrumentos", sentence, tone="plain")
    lines = [line for line in found.lines if line.initiatives or wanted.annex == "full"]
    if lines:
        builder.table(
            "Lineamientos del PLADECO e iniciativas que les aportan",
            ["Lineamiento", "Iniciativa", "A qué parte aporta", "Cómo aporta"],
            [row for line in lines for row in _rows(line, found)],
            weights=[4, 4, 4, 5],
            header_column=True,
        )
    if wanted.annex == "full":
        _outside(builder, found)


def _rows(line: Branch, found: Coverage) -> list[list[tuple[str]]]:
    """A row for each initiative. Titles go as they are: «1. Salud» in a cell would be read as a list."""
    if not line.initiatives:
        return [[(line.element.title,), ("Sin iniciativas en esta Política.",), ("",), ("",)]]
    mine = [branch for branch in line.walk() if branch.own]
    return [
        [
            (line.element.title,),
            (row.name,),
            ("; ".join(branch.element.title for branch in mine if row in branch.own),),
            (found.contribution(row.id),),
        ]
        for row in line.initiatives
    ]


def _outside(builder: DocumentBuilder, found: Coverage) -> None:
    if not found.proposed_or_outside:
        return
    builder.h(2, "Lo que el PLADECO no recoge", numbered=False)
    builder.table(
        "Iniciativas fuera del PLADECO o propuestas para su actualización",
        ["Iniciativa", "Lineamiento donde cabría", "Por qué incorporarla"],
        [[(row.name,), (found.proposed_line(row.id),), found.proposal(row.id)] for row in found.proposed_or_outside],
        weights=[5, 4, 5],
        header_column=True,
    )


async def facts(work: Work) -> dict[str, Fact]:
    plan = await store.in_use(work)
    if plan is None:
        return {"pladeco.registered": Fact(False), "pladeco.linked": Fact(False, "", 0)}
    found = await coverage(work, plan)
    linked = len(found.linked)
    shows = f"{counted(linked, 'iniciativa vinculada', 'iniciativas vinculadas')} al {plan.name}" if linked else ""
    return {
        "pladeco.registered": Fact(True, f"{plan.name}, {counted(len(found.lines), 'lineamiento', 'lineamientos')}"),
        "pladeco.linked": Fact(bool(linked), shows, linked),
    }
