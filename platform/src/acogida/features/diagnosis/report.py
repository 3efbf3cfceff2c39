"""The diagnosis as paper: the Informe de Diagnóstico Comunal de Migración and the pieces that other documents reuse.

`read` gathers everything once; the functions that add blocks take what it gave and ask nothing more. They add their
content under the caller's heading; `level` is that of the headings they open themselves. People who answer for an
organisation are named on the screen and in the spreadsheet, never in a report: paper travels further than its purpose.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from acogida.features.communes.public import CommuneFigures, figures_of
from acogida.features.diagnosis import store
from acogida.features.diagnosis.model import Evidence, Finding, InquiryDecision, Organization, Service, Source
from acogida.features.diagnosis.words import (
    DIRECTNESS_SHORT,
    EVIDENCE_KINDS,
    FINDING_GROUPS,
    FINDING_PLURALS,
    METHODS,
    OFFICE,
    ORGANIZATION_KINDS,
    REQUIRED_SECTIONS,
    SECTIONS,
    SOURCE_KINDS,
)
from acogida.features.methodology.model import Dimension, Guide
from acogida.features.workshops import public as workshops
from acogida.kernel import figures
from acogida.kernel.document import Document, DocumentBuilder, Drawing, ListItem, State, Text, item, thousands
from acogida.kernel.work import Work
from acogida.web.format import long_date, number

CENSUS = "INE, Censo de Población y Vivienda {year}. Personas nacidas fuera del país: es lugar de nacimiento, no nacionalidad."
SUPPRESSED_NOTE = (
    "INE no publica las casillas con 50 personas o menos; aquí aparecen como suprimidas y nadie las calcula."
)
OTHER_THEMES = "Otros temas"


@dataclass(frozen=True, slots=True)
class BackedFinding:
    """A finding with what backs it, each piece with its origin said in words."""

    row: Finding
    evidence: tuple[Evidence, ...]
    origins: Mapping[UUID, str]
    """By id of the evidence: the source, workshop or file that it comes from."""

    @property
    def id(self) -> UUID:
        return self.row.id

    @property
    def backed(self) -> bool:
        """Whether anything backs it (DIAG-2.4-10)."""
        return bool(self.evidence)


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """Everything that the diagnosis knows, read once."""

    commune: str
    home: str
    """Path of the workspace: where what is missing is written."""
    today: date
    demo: bool
    dimensions: tuple[Dimension, ...]
    figures: CommuneFigures | None
    sources: tuple[Source, ...]
    services: tuple[Service, ...]
    organizations: tuple[Organization, ...]
    inquiry: InquiryDecision | None
    findings: tuple[BackedFinding, ...]
    """The relevant ones: those that go into the report (DIAG-2.4-09)."""
    workshops: tuple[workshops.WorkshopRecord, ...]
    """Diagnosis workshops that were held, by date."""
    sections: Mapping[str, str]

    @property
    def unbacked(self) -> tuple[BackedFinding, ...]:
        """Claims of the report that nothing backs."""
        return tuple(finding for finding in self.findings if not finding.backed)

    @property
    def units(self) -> tuple[str, ...]:
        """Municipal units of the register, in order."""
        return tuple(dict.fromkeys(row.unit for row in self.services))

    @property
    def named_services(self) -> tuple[Service, ...]:
        """Services with a name; a unit may be in the register before its sheet arrives."""
        return tuple(row for row in self.services if row.name)

    def findings_of(self, dimension: str | None, kind: str | None = None) -> tuple[BackedFinding, ...]:
        """Findings of a dimension, or those of none (None); of one kind where given."""
        return tuple(
            finding
            for finding in self.findings
            if (dimension in finding.row.dimensions if dimension else not finding.row.dimensions)
            and (kind is None or finding.row.kind == kind)
        )


async def read(work: Work, guide: Guide) -> Diagnosis:
    """This function will gather the diagnosis of the work's municipality and cycle."""
    rows = await store.findings(work, relevant=True)
    return Diagnosis(
        commune=work.tenant.name,
        home=f"/m/{work.tenant.slug}",
        today=work.today(),
        demo=work.tenant.demo,
        dimensions=guide.dimensions,
        figures=await figures_of(work, work.tenant.cut),
        sources=tuple(await store.sources(work)),
        services=tuple(await store.services(work)),
        organizations=tuple(await store.organizations(work)),
        inquiry=await store.inquiry(work),
        findings=await backed(work, rows),
        workshops=await workshops.held(work, kinds=workshops.DIAGNOSIS),
        sections={key: row.text for key, row in (await store.sections(work)).items()},
    )


async def backed(work: Work, rows: Sequence[Finding]) -> tuple[BackedFinding, ...]:
    """This function will put beside each finding what backs it."""
    pieces = await store.evidence(work, [row.id for row in rows])
    titles = {row.id: row.title + (f" ({row.year})" if row.year else "") for row in await store.sources(work)}
    entries = await workshops.entries_with(
        work, [piece.workshop_entry_id for piece in pieces if piece.workshop_entry_id]
    )

    def origin(piece: Evidence) -> str:
        if piece.source_id:
            return titles.get(piece.source_id, "")
        if piece.workshop_entry_id in entries:
            entry, workshop = entries[piece.workshop_entry_id]
            return workshop.title + (f", {entry.group_name}" if entry.group_name else "")
        return ""

    origins = {piece.id: origin(piece) for piece in pieces}
    return tuple(
        BackedFinding(row, tuple(piece for piece in pieces if piece.finding_id == row.id), origins) for row in rows
    )


# --- Pieces that other documents reuse -----------------------------------------------------------


def characterisation(builder: DocumentBuilder, known: Diagnosis) -> None:
    """This function will add the main figures of migration in the commune, each with its source (IDX-2.1)."""
    facts = known.figures
    if facts is None:
        builder.missing("No hay cifras públicas de esta comuna en Acogida.", f"{known.home}/diagnostico/fuentes")
    else:
        builder.p(headline(facts))
        builder.p(standing(facts))
        builder.figure(
            origins_chart(facts),
            caption=f"Personas nacidas fuera de Chile que viven en {facts.name}, según lugar de nacimiento, {facts.year}",
            source=CENSUS.format(year=facts.year) + (f" {SUPPRESSED_NOTE}" if facts.suppressed else ""),
        )
        if facts.estimates:
            builder.table(
                f"Personas extranjeras residentes habituales estimadas en {facts.name}, al 31 de diciembre",
                ["Año", "Personas"],
                [(str(estimate.year), estimate.residents) for estimate in facts.estimates],
                numeric=[1],
                header_column=True,
                source=(
                    f"{facts.estimates[-1].source}. Es otra medida que el Censo (nacionalidad y registros administrativos): "
                    "las dos cifras no se comparan ni se suman."
                ),
            )
    if known.sections.get("figures", "").strip():
        builder.p(known.sections["figures"])


def situation(builder: DocumentBuilder, known: Diagnosis, *, level: int = 2, evidence: bool = True) -> None:
    """This function will add challenges, opportunities and strengths by dimension, each with its evidence (IDX-2.2).

    Each dimension with findings gets a heading of `level`. With `evidence=False` only the claims are said.
    """
    if known.sections.get("analysis", "").strip():
        builder.p(known.sections["analysis"])
    if not known.findings:
        builder.missing("Todavía no hay hallazgos escritos.", f"{known.home}/diagnostico/hallazgos")
        return
    for title, found in _themes(known):
        builder.h(level, title)
        for kind in FINDING_PLURALS:
            of_kind = [finding for finding in found if finding.row.kind == kind]
            if of_kind:
                builder.p(Text(FINDING_PLURALS[kind], bold=True))
                builder.bullets(_claim(finding, evidence=evidence) for finding in of_kind)
                for finding in of_kind:
                    if not finding.backed:
                        builder.missing(
                            f"El hallazgo «{finding.row.title}» no tiene evidencia.",
                            f"{known.home}/diagnostico/hallazgos/{finding.id}",
                        )


def perceptions(builder: DocumentBuilder, known: Diagnosis) -> None:
    """This function will tell what officials, users and organisations said, workshop by workshop (DIAG-2.4-04)."""
    if known.workshops:
        workshops.perceptions(builder, known.workshops)
    else:
        builder.missing("Todavía no hay un taller de diagnóstico realizado.", f"{known.home}/talleres")
    if known.inquiry and known.inquiry.results:
        builder.p(
            Text("Entrevistas y encuestas", bold=True),
            Text(f" ({long_date(known.inquiry.applied_on)})." if known.inquiry.applied_on else "."),
        )
        builder.p(known.inquiry.results)


def networks_chapter(builder: DocumentBuilder, known: Diagnosis, *, level: int = 2, table: bool = True) -> None:
    """This function will add the map of networks, drawn and (with `table`) as a table for each group (TPL-05)."""
    if known.sections.get("networks", "").strip():
        builder.p(known.sections["networks"])
    if not known.organizations:
        builder.missing("El mapa de redes todavía no tiene organizaciones.", f"{known.home}/diagnostico/redes")
        return
    builder.figure(
        networks_drawing(known.organizations),
        caption=f"Mapa de redes de {known.commune} en torno a la migración",
        source="Elaboración municipal a partir de sus registros y de actores clave de la comuna.",
    )
    if not table:
        return
    for kind, label in ORGANIZATION_KINDS.items():
        found = [row for row in known.organizations if row.kind == kind]
        if found:
            builder.h(level, label)
            builder.table(
                label,
                ["Organización", "Qué hace", "Dirección y contacto"],
                [
                    (
                        row.name,
                        row.services,
                        "\n".join(filter(None, (row.address, row.phone, row.email, row.website))),
                    )
                    for row in found
                ],
                weights=[3, 4, 3],
                header_column=True,
            )


def services_chapter(builder: DocumentBuilder, known: Diagnosis) -> None:
    """This function will add the register of municipal services by unit: what already exists (TPL-03, IDX-2.3)."""
    if known.sections.get("services", "").strip():
        builder.p(known.sections["services"])
    if not known.services:
        builder.missing("El registro de servicios está vacío.", f"{known.home}/diagnostico/servicios")
        return
    builder.p(services_summary(known))
    pending = [unit for unit in known.units if not any(row.unit == unit and row.name for row in known.services)]
    if pending:
        builder.missing(f"Falta la ficha de servicios de: {', '.join(pending)}.", f"{known.home}/diagnostico/servicios")
    if known.named_services:
        titles = {dimension.key: dimension.short for dimension in known.dimensions}
        builder.table(
            "Registro de servicios e iniciativas municipales para la población migrante",
            ["Unidad", "Servicio o iniciativa", "Descripción", "Protocolo de atención", "Tipo", "Dimensiones"],
            [
                (
                    row.unit,
                    row.name,
                    row.description,
                    row.protocol or "Sin protocolo escrito",
                    DIRECTNESS_SHORT[row.directness],
                    ", ".join(titles.get(key, key) for key in row.dimensions),
                )
                for row in known.named_services
            ],
            weights=[2.2, 2.6, 4, 2.6, 1.3, 2],
            header_column=True,
            landscape=True,
            source=f"Registro de servicios municipales al {long_date(known.today)}.",
        )


def sources_chapter(builder: DocumentBuilder, known: Diagnosis) -> None:
    """This function will list the sources reviewed, by kind, with their addresses."""
    if not known.sources:
        builder.missing("No hay fuentes revisadas.", f"{known.home}/diagnostico/fuentes")
        return
    for kind, label in SOURCE_KINDS.items():
        found = [row for row in known.sources if row.kind == kind]
        if found:
            builder.p(Text(label, bold=True))
            builder.bullets(_cited(row) for row in found)


def method(builder: DocumentBuilder, known: Diagnosis) -> None:
    """This function will tell how the diagnosis was made, counting what the registers hold (IDX-1.2)."""
    people = sum(record.people for record in known.workshops)
    builder.bullets(
        filter(
            None,
            (
                f"Revisión de {_counted(len(known.sources), 'fuente', 'fuentes')} de información."
                if known.sources
                else "",
                f"Registro de servicios: {services_summary(known)}" if known.services else "",
                f"Mapa de redes con {_counted(len(known.organizations), 'organización', 'organizaciones')}."
                if known.organizations
                else "",
                _decision(known.inquiry) if known.inquiry else "",
                f"{_counted(len(known.workshops), 'taller de diagnóstico', 'talleres de diagnóstico')} con "
                f"{_counted(people, 'participante', 'participantes')}."
                if known.workshops
                else "",
            ),
        )
    )


# --- The report ----------------------------------------------------------------------------------


def report(known: Diagnosis, *, state: State = State.DRAFT, version: str = "") -> Document:
    """This function will write the Informe de Diagnóstico Comunal de Migración (TPL-12, DIAG-2.4-03…06)."""
    builder = _cover(known, "Informe de Diagnóstico Comunal de Migración", state=state, version=version, toc=True)
    builder.h(1, SECTIONS["presentation"], numbered=False)
    _written(builder, known, "presentation")
    if known.sources or known.services or known.organizations or known.inquiry or known.workshops:
        builder.h(2, "Cómo se hizo este diagnóstico", numbered=False)
        method(builder, known)
    builder.h(1, "Principales cifras")
    characterisation(builder, known)
    builder.h(1, "Principales desafíos y oportunidades")
    situation(builder, known)
    builder.h(2, "Percepciones recogidas")
    perceptions(builder, known)
    builder.h(1, "Mapa de organizaciones")
    networks_chapter(builder, known)
    builder.h(1, "Registro de iniciativas existentes")
    services_chapter(builder, known)
    builder.h(1, SECTIONS["conclusions"], numbered=False)
    _written(builder, known, "conclusions")
    builder.h(1, "Fuentes revisadas", numbered=False)
    sources_chapter(builder, known)
    if known.workshops:
        builder.annex("Talleres de diagnóstico")
        workshops.documentation(builder, known.workshops)
    return builder.build()


def summary(known: Diagnosis, *, state: State = State.DRAFT, version: str = "") -> Document:
    """This function will write the short version of the report, for people with two minutes (AMB-11, DIAG-2.4-08)."""
    builder = _cover(known, "Diagnóstico Comunal de Migración: versión resumida", state=state, version=version)
    _written(builder, known, "presentation")
    builder.h(1, "Principales cifras")
    if known.figures:
        builder.p(headline(known.figures))
        builder.p(standing(known.figures))
    builder.h(1, "Principales desafíos y oportunidades")
    if not known.findings:
        builder.missing("Todavía no hay hallazgos escritos.", f"{known.home}/diagnostico/hallazgos")
    for kind in FINDING_PLURALS:
        found = [finding.row.title for finding in known.findings if finding.row.kind == kind]
        if found:
            builder.h(2, FINDING_PLURALS[kind])
            builder.bullets(found)
    builder.h(1, "Redes y servicios")
    if known.organizations:
        counts = Counter(row.kind for row in known.organizations)
        builder.p(
            f"El mapa de redes reúne {_counted(len(known.organizations), 'organización', 'organizaciones')}: "
            + "; ".join(
                f"{label.lower()}, {counts[kind]}" for kind, label in ORGANIZATION_KINDS.items() if counts[kind]
            )
            + "."
        )
    else:
        builder.missing("El mapa de redes todavía no tiene organizaciones.", f"{known.home}/diagnostico/redes")
    if known.services:
        builder.p(f"El registro municipal suma {services_summary(known)}")
    else:
        builder.missing("El registro de servicios está vacío.", f"{known.home}/diagnostico/servicios")
    builder.h(1, SECTIONS["conclusions"])
    _written(builder, known, "conclusions")
    return builder.build()


def _cover(known: Diagnosis, title: str, *, state: State, version: str, toc: bool = False) -> DocumentBuilder:
    return DocumentBuilder(
        title,
        author=f"Municipalidad de {known.commune}",
        kind="Informe de diagnóstico",
        date=known.today,
        subtitle=f"Comuna de {known.commune}",
        version=version,
        state=state,
        notice="Datos de demostración" if known.demo else "",
        cover=toc,
        toc=toc,
    )


def _written(builder: DocumentBuilder, known: Diagnosis, key: str) -> None:
    if key in REQUIRED_SECTIONS:
        builder.p_or_missing(
            known.sections.get(key),
            missing=f"Falta escribir «{SECTIONS[key]}».",
            link=f"{known.home}/diagnostico/informe/texto/{key}",
        )
    elif known.sections.get(key, "").strip():
        builder.p(known.sections[key])


# --- Words and drawings --------------------------------------------------------------------------


def headline(facts: CommuneFigures) -> str:
    """`El Censo 2024 contó 227.251 personas en Temuco; 9.123 (4,0 %) nacieron fuera de Chile.`"""
    return (
        f"El Censo {facts.year} contó {_counted(facts.population, 'persona', 'personas')} en {facts.name}; "
        f"{thousands(facts.foreign_born)} ({number(facts.share, 1)} %) nacieron fuera de Chile."
    )


def standing(facts: CommuneFigures) -> str:
    """Where the commune stands in its region and in the country, by share of people born abroad."""
    return (
        f"Esa proporción es el lugar {facts.rank_in_region} entre las {facts.communes_in_region} comunas de la {facts.region}, "
        f"donde llega a {number(facts.region_share, 1)} %; en el país es {number(facts.country_share, 1)} %."
    )


def origins_chart(facts: CommuneFigures) -> Drawing:
    """This function will draw where people born abroad come from; suppressed cells are said together in one row."""
    total = facts.foreign_born or 1
    bars = [
        figures.Bar(plain_country(origin.name), origin.people, f"{number(100 * (origin.people or 0) / total, 1)} %")
        for origin in facts.shown
        if origin.people
    ]
    if facts.suppressed:
        bars.append(figures.Bar(_suppressed_label(facts), None))
    return figures.bar_chart(
        bars, f"Lugar de nacimiento de las personas nacidas fuera de Chile en {facts.name}", "personas"
    )


def _suppressed_label(facts: CommuneFigures) -> str:
    if len(facts.suppressed) == 1:
        return plain_country(facts.suppressed[0].name)
    return f"Otros {len(facts.suppressed)} orígenes (cada uno con 50 personas o menos)"


def plain_country(name: str) -> str:
    """`Venezuela (República Bolivariana de)` as people say it: `Venezuela`."""
    return name.partition(" (")[0]


def networks_drawing(rows: Sequence[Organization]) -> Drawing:
    """This function will draw the office in the middle and the five groups of the guide around it (TPL-05)."""
    return figures.network_map(
        OFFICE, [(label, [row.name for row in rows if row.kind == kind]) for kind, label in ORGANIZATION_KINDS.items()]
    )


def services_summary(known: Diagnosis) -> str:
    """`12 servicios de 5 unidades: 4 pensados para población migrante y 8 que la atienden sin ser su foco; 3 con protocolo.`"""
    rows = known.named_services
    explicit = sum(row.directness == "explicit" for row in rows)
    with_protocol = sum(bool(row.protocol) for row in rows)
    return (
        f"{_counted(len(rows), 'servicio', 'servicios')} de {_counted(len(known.units), 'unidad', 'unidades')}: "
        f"{_counted(explicit, 'pensado', 'pensados')} para población migrante y {len(rows) - explicit} que la "
        f"{'atiende' if len(rows) - explicit == 1 else 'atienden'} sin ser su foco; {with_protocol} con protocolo escrito."
    )


def _themes(known: Diagnosis) -> list[tuple[str, tuple[BackedFinding, ...]]]:
    """Dimensions that have findings, in the guide's order. A finding of two dimensions is told under its first."""
    first: dict[UUID, str] = {}
    for finding in known.findings:
        own = [dimension.key for dimension in known.dimensions if dimension.key in finding.row.dimensions]
        first[finding.id] = own[0] if own else ""
    themes = [(dimension.title, dimension.key) for dimension in known.dimensions] + [(OTHER_THEMES, "")]
    grouped = [(title, tuple(f for f in known.findings if first[f.id] == key)) for title, key in themes]
    return [(title, found) for title, found in grouped if found]


def _claim(finding: BackedFinding, *, evidence: bool) -> ListItem:
    row = finding.row
    words = [Text(row.title + ("" if row.title.endswith((".", "?", "!")) else "."), bold=True)]
    if row.statement:
        words.append(Text(f" {row.statement}"))
    if row.group:
        words.append(Text(f" Lo dicen: {FINDING_GROUPS[row.group].lower()}.", italic=True))
    if not evidence:
        return item(words)
    return item(words, *(_piece(piece, finding.origins.get(piece.id, "")) for piece in finding.evidence))


def _piece(piece: Evidence, origin: str) -> list[Text | str]:
    said = piece.text if piece.text.endswith((".", "?", "!")) else f"{piece.text}."
    words: list[Text | str] = [Text(f"{EVIDENCE_KINDS[piece.kind]}: ", italic=True), said]
    return [*words, Text(f" {origin}.", italic=True)] if origin else words


def _cited(row: Source) -> list[Text | str]:
    head = ", ".join(filter(None, (row.publisher, str(row.year) if row.year else "")))
    words: list[Text | str] = [Text(row.title, bold=True, link=row.url), f" ({head})." if head else "."]
    return [*words, f" {row.summary}"] if row.summary else words


def _decision(decision: InquiryDecision) -> str:
    if not decision.needed:
        return f"Información adicional: se decidió no levantar más. {decision.reason}"
    methods = ", ".join(METHODS[key].lower() for key in decision.methods)
    return f"Información adicional: se decidió levantarla con {methods}. {decision.reason}"


def _counted(count: int, one: str, many: str) -> str:
    return f"{thousands(count)} {one if count == 1 else many}"
