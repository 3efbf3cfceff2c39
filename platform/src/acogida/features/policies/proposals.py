"""Texts that Acogida proposes for the written sections, made from what is registered. A person reads, mends and accepts."""

from collections import Counter
from collections.abc import Callable, Mapping

from acogida.features.policies.known import Known
from acogida.features.policies.prose import counted, listed, sentence, within
from acogida.web.format import long_date, number, pesos


def proposal(key: str, known: Known) -> str:
    """This function will propose the text of a section out of the data, or «» where there is nothing to say yet."""
    paragraphs = [text.strip() for text in _WRITERS[key](known)]
    return "\n\n".join(text for text in paragraphs if text)


def _presentation(known: Known) -> list[str]:
    figures = known.diagnosis.figures
    years = f" para el período {known.years}" if known.years else ""
    who = (
        f"En la comuna viven {number(figures.population)} personas, de las cuales {number(figures.foreign_born)} "
        f"({number(figures.share, 1)} %) nacieron fuera de Chile, según el Censo {figures.year}. "
        if figures
        else ""
    )
    explicit = sum(row.directness == "explicit" for row in known.initiatives)
    implicit = sum(row.directness == "implicit" for row in known.initiatives)
    kinds = (
        f" De ellas, {explicit} están pensadas para personas migrantes y refugiadas, y {implicit} son para toda la "
        "comuna y también las alcanzan."
        if explicit and implicit and explicit + implicit == len(known.initiatives)
        else ""
    )
    return [
        f"La Política Municipal de Migración de {known.commune} reúne{years} lo que la municipalidad hará con foco en las "
        "personas migrantes y refugiadas y en su convivencia con toda la comunidad. "
        f"{who}Esta Política parte de una idea sencilla: que toda persona que vive en la comuna, haya nacido donde haya "
        "nacido, acceda a los mismos derechos y servicios.",
        f"El documento expone un diagnóstico de la comuna, {_objectives_in_words(known)} y un plan de trabajo"
        + (
            f" de {counted(len(known.axes), 'eje', 'ejes')} y {counted(len(known.initiatives), 'iniciativa', 'iniciativas')}, "
            f"a cargo de {counted(len(known.units), 'unidad municipal', 'unidades municipales')}.{kinds}"
            if known.axes and known.initiatives
            else "."
        ),
        sentence(known.frame.scope) if known.frame and known.frame.scope else "",
        "Mira más allá de las urgencias de cada día: ordena los recursos que la municipalidad pone, dice quién responde "
        "por cada tarea y cómo se sabrá si se cumplió.",
    ]


def _objectives_in_words(known: Known) -> str:
    if known.general and known.specific:
        return f"un objetivo general con {counted(len(known.specific), 'objetivo específico', 'objetivos específicos')}"
    return "los objetivos que se persiguen"


def _process(known: Known) -> list[str]:
    found = [
        "La Política se elaboró siguiendo las etapas que proponen la Organización Internacional para las Migraciones y el "
        "Servicio Nacional de Migraciones en su guía para municipalidades: preparación, diagnóstico, planificación, y "
        "validación y difusión."
    ]
    letter = known.acts.get("commitment_letter")
    if letter and letter.status == "signed":
        found.append(
            "El proceso comenzó con el compromiso de la autoridad comunal"
            + (f", firmado el {long_date(letter.dated_on)}." if letter.dated_on else ".")
        )
    team = known.members.get("executive_team", ())
    if team:
        cargos = [within(member.cargo) for member in team if member.cargo and member.role != "adviser"]
        found.append(
            f"Lo condujo un equipo ejecutivo de {counted(len(team), 'integrante', 'integrantes')}"
            + (f": {listed(list(dict.fromkeys(cargos)))}." if cargos else ".")
            + (
                " Las decisiones estratégicas se tomaron con el equipo municipal ampliado."
                if known.members.get("extended_team")
                else ""
            )
        )
    if known.diagnosis.sources or known.diagnosis.services:
        found.append(
            "El diagnóstico revisó "
            + listed(
                [
                    part
                    for part in (
                        counted(len(known.diagnosis.sources), "fuente", "fuentes") if known.diagnosis.sources else "",
                        counted(len(known.diagnosis.named_services), "servicio municipal", "servicios municipales")
                        if known.diagnosis.named_services
                        else "",
                        counted(len(known.diagnosis.organizations), "organización", "organizaciones")
                        if known.diagnosis.organizations
                        else "",
                    )
                    if part
                ]
            )
            + "."
        )
    if known.workshops:
        found.append(
            f"Se realizaron {counted(len(known.workshops), 'taller participativo', 'talleres participativos')}"
            + (
                f", con {counted(known.people_heard, 'asistencia', 'asistencias')} en total"
                if known.people_heard
                else ""
            )
            + ": funcionarias y funcionarios, personas migrantes, organizaciones y comunidad de acogida dijeron qué les "
            "preocupa y qué proponen."
        )
    total = sum(known.observations.values())
    if total:
        taken = known.observations.get("incorporated", 0) + known.observations.get("partly", 0)
        found.append(
            f"Durante la validación se recibieron {counted(total, 'observación', 'observaciones')}. Todas se evaluaron y "
            f"{taken} se incorporaron, en todo o en parte."
        )
    return found


def _population(known: Known) -> list[str]:
    figures = known.diagnosis.figures
    if figures is None:
        return []
    first = known.countries[:3]
    if not first or not figures.foreign_born:
        return []
    share = 100 * sum(origin.people or 0 for origin in first) / figures.foreign_born
    names = listed([origin.short_name for origin in first])
    if len(first) == 1:
        return [
            f"{number(share)} de cada cien personas nacidas fuera de Chile que viven en la comuna vienen de {names}."
        ]
    return [
        f"Las comunidades más numerosas de la comuna son las nacidas en {names}: juntas suman {number(share)} de cada cien "
        "personas nacidas fuera de Chile. Detrás de estas cifras hay familias con trayectorias, permisos y necesidades "
        "distintas; por eso el análisis que sigue escucha también a sus protagonistas."
    ]


def _situation(known: Known) -> list[str]:
    findings = known.diagnosis.findings
    if not findings:
        return []
    kinds = Counter(finding.row.kind for finding in findings)
    told = [
        counted(kinds[kind], one, many)
        for kind, one, many in (
            ("challenge", "desafío", "desafíos"),
            ("opportunity", "oportunidad", "oportunidades"),
            ("strength", "fortaleza", "fortalezas"),
        )
        if kinds[kind]
    ]
    themes = Counter(key for finding in findings for key in finding.row.dimensions)
    titles = {dimension.key: dimension.short for dimension in known.diagnosis.dimensions}
    most = [within(titles[key]) for key, _ in themes.most_common(3) if key in titles]
    return [
        f"El diagnóstico reconoció {listed(told)}, ordenados según las dimensiones de la guía y cada uno con la evidencia "
        "que lo respalda." + (f" Las dimensiones con más hallazgos son {listed(most)}." if len(most) > 1 else "")
    ]


def _services(known: Known) -> list[str]:
    rows = known.diagnosis.named_services
    if not rows:
        return []
    explicit = sum(row.directness == "explicit" for row in rows)
    units = len({row.unit for row in rows})
    return [
        f"Antes de esta Política la municipalidad ya atendía a personas migrantes: {counted(units, 'unidad', 'unidades')} "
        f"{'suma' if units == 1 else 'suman'} {counted(len(rows), 'servicio', 'servicios')}, {explicit} de ellos pensados "
        "para esta población. Son la base sobre la que se construye el plan."
    ]


def _objectives(known: Known) -> list[str]:
    if not known.general and not known.specific:
        return []
    answered = len(known.diagnosis.findings)
    return [
        "Los objetivos dicen qué cambio busca la Política y en cuánto tiempo."
        + (f" Responden a los {answered} hallazgos del diagnóstico." if answered > 1 else "")
        + " Sobre ellos está la visión: la comuna que se quiere alcanzar, que puede mirar más lejos que los años de vigencia."
    ]


def _planning(known: Known) -> list[str]:
    if not known.initiatives:
        return []
    money = (
        f" Su presupuesto estimado suma {pesos(known.budget)}, entre recursos comprometidos y por conseguir."
        if known.budget
        else ""
    )
    years = f" Se ejecutará entre {known.years.replace('–', ' y ')}." if "–" in known.years else ""
    return [
        f"El plan se ordena en {counted(len(known.axes), 'eje de trabajo', 'ejes de trabajo')} y reúne "
        f"{counted(len(known.initiatives), 'iniciativa', 'iniciativas')} de "
        f"{counted(len(known.units), 'unidad municipal', 'unidades municipales')}.{years}{money} Cada iniciativa tiene su "
        "meta, quien responde por ella, sus alianzas y sus plazos."
    ]


def _monitoring(known: Known) -> list[str]:
    plan = known.plan
    found = [
        "El equipo ejecutivo es responsable de que esta Política se cumpla. Cada unidad informará el avance de sus "
        "iniciativas en una planilla común, que compara la meta con lo logrado, el plazo y el gasto, y deja ver a tiempo lo "
        "que se atrasa."
    ]
    internal = (
        f"{plan.internal_instance} ({within(plan.internal_frequency)})"
        if plan and plan.internal_instance
        else "la reunión de coordinación del equipo ejecutivo, cada mes"
    )
    second = (
        f"{plan.second_instance} ({within(plan.second_frequency)})"
        if plan and plan.second_instance
        else "la mesa comunal de migración, cada tres meses, con participación de organizaciones, servicios y empresas"
    )
    found.append(
        f"El avance se revisará en dos instancias:\n\n- Interna: {internal}.\n- Intersectorial: {second}.\n\n"
        "En cada una se responderán cinco preguntas: qué avanzó, en qué medida se cumplen las metas, qué se aprendió, qué "
        "dificultades aparecieron y cómo superarlas. Lo acordado quedará en acta, con responsables y fechas."
    )
    if plan and plan.data_collection:
        found.append(sentence(plan.data_collection))
    return found


def _evaluation(known: Known) -> list[str]:
    plan = known.plan
    until = f" ({long_date(known.vigencia.valid_until)})" if known.vigencia else ""
    return [
        sentence(plan.evaluation)
        if plan and plan.evaluation
        else "Una vez al año el equipo ejecutivo preparará un reporte con los principales logros, el avance respecto de los "
        "objetivos y metas, y los desafíos y aprendizajes. El reporte se comentará en una sesión con los actores clave, que "
        "acordará los ajustes a las iniciativas.",
        "La evaluación mirará si lo hecho fue pertinente, eficiente y eficaz, qué cambios produjo y si podrán sostenerse. La "
        "visión y los objetivos se mantienen durante la vigencia, salvo que la realidad migratoria de la comuna cambie de "
        "manera importante.",
        f"Al término de la vigencia{until} la municipalidad actualizará esta Política: revisará el diagnóstico, las "
        "evaluaciones de cada año y las iniciativas que conviene continuar.",
    ]


def _conclusions(known: Known) -> list[str]:
    vision = f"La comuna se propone una visión: {within(known.vision)}." if known.vision else ""
    goal = (
        f" Para avanzar hacia ella, su objetivo general es {within(known.general.statement)}." if known.general else ""
    )
    axes = [within(axis.name) for axis in known.axes]
    return [
        f"{vision}{goal}".strip(),
        f"El trabajo se ordena en {counted(len(axes), 'eje', 'ejes')}: {listed(axes)}. Son "
        f"{counted(len(known.initiatives), 'iniciativa', 'iniciativas')} con responsables, plazos y metas conocidas."
        if axes and known.initiatives
        else "",
        f"Esta Política importa a toda {known.commune}, y no sólo a quienes llegaron de otro país. Una municipalidad que "
        "atiende mejor a quienes encuentran más barreras atiende mejor a todas las personas; una comuna donde vecinas y "
        "vecinos se conocen es más segura, más activa y más justa. El compromiso es cumplir lo que aquí está escrito, "
        "informarlo con transparencia y corregirlo cuando haga falta.",
    ]


def _annexes(known: Known) -> list[str]:
    return [
        "Los anexos guardan lo que respalda esta Política: lo que se dijo en los talleres y las sesiones, los actos de las "
        "autoridades, el marco normativo y la matriz completa de planificación."
    ]


def _summary(known: Known) -> list[str]:
    figures = known.diagnosis.figures
    start = (
        f"En {known.commune} viven {number(figures.foreign_born)} personas nacidas fuera de Chile: {number(figures.share, 1)} "
        f"de cada cien habitantes (Censo {figures.year}). "
        if figures
        else ""
    )
    years = f" para los años {known.years.replace('–', ' a ')}" if known.years else ""
    return [
        f"{start}Con esta Política la municipalidad ordena{years} lo que hará para que quienes llegan y quienes ya estaban "
        "vivan, trabajen y participen en igualdad."
        + (
            f" Se construyó conversando: {counted(len(known.workshops), 'taller', 'talleres')} con "
            f"{counted(known.people_heard, 'asistencia', 'asistencias')}, junto con los equipos municipales."
            if known.people_heard
            else ""
        )
    ]


_WRITERS: Mapping[str, Callable[[Known], list[str]]] = {
    "presentation": _presentation,
    "process": _process,
    "population": _population,
    "situation": _situation,
    "services": _services,
    "objectives": _objectives,
    "planning": _planning,
    "monitoring": _monitoring,
    "evaluation": _evaluation,
    "conclusions": _conclusions,
    "annexes": _annexes,
    "executive_summary": _summary,
}
