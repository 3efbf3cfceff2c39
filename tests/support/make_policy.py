"""A municipality with enough behind it to write its Política: every chapter has something to say."""

from datetime import date

from acogida.features.acts.model import Act, Signatory
from acogida.features.bodies.model import Agreement, Attendance, Body, BodyMember, Meeting
from acogida.features.diagnosis.model import Evidence, Finding, Organization, Service, Source
from acogida.features.initiatives.model import StrategicFrame
from acogida.features.policies.model import PolicySection
from acogida.features.workshops.model import Workshop, WorkshopEntry, WorkshopGroup
from acogida.kernel.work import Work
from support.make_plan import make_axis, make_initiative, make_objective

WRITTEN = {
    "presentation": "Ñuble, pingüinos y la Pacha: esta Política acoge a quien llega y a quien ya estaba.",
    "process": "La elaboración tomó once meses y se hizo conversando.",
    "monitoring": "El equipo ejecutivo revisará el avance cada mes.",
    "evaluation": "Cada año se preparará un reporte público.",
    "conclusions": "Una comuna que acoge es una comuna más fuerte.",
}


async def make_rich_policy(work: Work, *, written: bool = True) -> None:
    """Fill diagnosis, plan, workshops, teams and sessions; with `written`, also the sections that a draft asks for."""
    await _diagnosis(work)
    await _plan(work)
    await _workshop(work)
    await _team(work)
    if written:
        work.session.add_all(PolicySection(key=key, text=text) for key, text in WRITTEN.items())
    await work.session.flush()


async def make_mayor_approval(work: Work, *, dated_on: date = date(2026, 11, 20)) -> Act:
    """The mayor's signature, as the room of acts leaves it."""
    act = Act(
        kind="mayor_approval",
        title="Aprobación de la alcaldía",
        number="112",
        dated_on=dated_on,
        status="signed",
        way="record",
        standing="good",
        content={"signatory": "Elena Curiqueo", "cargo": "Alcaldesa", "years": "4"},
    )
    work.session.add(act)
    await work.session.flush()
    work.session.add(
        Signatory(act_id=act.id, name="Elena Curiqueo", cargo="Alcaldesa", role="mayor", signed_on=dated_on)
    )
    await work.session.flush()
    return act


async def _diagnosis(work: Work) -> None:
    source = Source(
        title="Plan de Desarrollo Comunal",
        kind="municipal",
        publisher="Municipalidad de Temuco",
        year=2024,
        reviewed_on=date(2026, 3, 1),
    )
    findings = [
        Finding(title="Barreras de idioma en los Cesfam", kind="challenge", dimensions=["dim_6"], group="users"),
        Finding(title="Emprendimientos migrantes en crecimiento", kind="opportunity", dimensions=["dim_5"], position=1),
    ]
    work.session.add_all([source, *findings])
    await work.session.flush()
    work.session.add_all(
        Evidence(finding_id=finding.id, kind="datum", text="Tres de cada diez consultas", source_id=source.id)
        for finding in findings
    )
    work.session.add_all(
        [
            Service(unit="Dideco", name="Oficina de Migración", description="Orienta y acompaña trámites"),
            Service(unit="Departamento de Salud", name="Vacunatorio", directness="implicit", dimensions=["dim_6"]),
            Organization(name="Colectivo Haití Temuco", kind="migrant", services="Clases de español"),
            Organization(name="Fundación Madre Josefa", kind="civil_society", services="Acogida"),
        ]
    )


async def _plan(work: Work) -> None:
    work.session.add(
        StrategicFrame(
            vision="Temuco será una comuna donde toda persona vive con los mismos derechos, venga de donde venga.",
            horizon_year=2036,
            scope="Abarca a todas las unidades municipales y a toda la comuna, urbana y rural.",
            pnme_alignment="Eje 10, objetivo específico 4.",
        )
    )
    welcome = await make_axis(work, "Acogida y derechos")
    jobs = await make_axis(work, "Trabajo y economía local", position=2)
    await make_objective(work, "Integrar a las personas migrantes a la vida de la comuna", kind="general", position=0)
    await make_objective(work, "Reducir las barreras de acceso a los servicios", axis_id=welcome.id)
    await make_objective(work, "Ampliar el trabajo formal", axis_id=jobs.id, position=2)
    for position, (axis, name, unit) in enumerate(
        (
            (welcome, "Ventanilla intercultural", "Departamento de Salud"),
            (welcome, "Escuela de líderes y lideresas", "Dideco"),
            (jobs, "Feria laboral intercultural", "OMIL"),
        )
    ):
        await make_initiative(
            work,
            name,
            axis_id=axis.id,
            unit=unit,
            description=f"{name}: lo que se hará y con quiénes.",
            target="60 personas al año",
            budget=8_200_000,
            starts_on=date(2027, 3, 1),
            ends_on=date(2028, 11, 30),
            position=position,
        )


async def _workshop(work: Work) -> None:
    workshop = Workshop(
        kind="diagnosis_mixed",
        title="Taller de diagnóstico en la sede de Amanecer",
        held_on=date(2026, 5, 14),
        status="held",
        conclusions="El idioma y la vivienda son lo que más preocupa.",
    )
    work.session.add(workshop)
    await work.session.flush()
    work.session.add_all(
        [
            WorkshopGroup(workshop_id=workshop.id, kind="users", people=18),
            WorkshopGroup(workshop_id=workshop.id, kind="officials", people=11),
            WorkshopEntry(
                workshop_id=workshop.id, kind="challenge", text="Arriendos sin contrato", group_name="Grupo 1"
            ),
        ]
    )


async def _team(work: Work) -> None:
    team = Body(kind="executive_team", name="Equipo ejecutivo")
    work.session.add(team)
    await work.session.flush()
    meeting = Meeting(
        body_id=team.id,
        kind="team",
        title="Primera reunión del equipo ejecutivo",
        held_on=date(2026, 2, 10),
        status="held",
        minutes="Se acordó el calendario.",
    )
    work.session.add_all(
        [
            BodyMember(
                body_id=team.id, name="Ana Huenchumán", cargo="Directora de Desarrollo Comunitario", role="president"
            ),
            BodyMember(body_id=team.id, name="Rosa Painemal", cargo="Encargada de Migración", role="secretary"),
            meeting,
        ]
    )
    await work.session.flush()
    work.session.add_all(
        [
            Attendance(meeting_id=meeting.id, name="Ana Huenchumán", present=True),
            Agreement(meeting_id=meeting.id, text="Convocar el taller de diagnóstico", responsible="Rosa Painemal"),
        ]
    )
