"""Sessions as people call, hold and write them."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from acogida.app.wiring import Services
from acogida.features.bodies import store
from acogida.features.bodies.actions import sessions, teams
from acogida.features.bodies.duties import duties
from acogida.features.bodies.facts import facts
from acogida.features.bodies.forms import AgreementRow, AttendeeRow, EditMeeting, EditMember, MeetingTerms
from acogida.features.bodies.model import Meeting
from acogida.features.bodies.public import validation_summary
from acogida.kernel.errors import AlreadyClosed, Rejected
from acogida.kernel.mailbox import OutgoingMail
from acogida.kernel.work import Work
from support import make_files as made
from support.make import make_municipality, make_person, work_as
from support.visitor import Visitor

YESTERDAY = date(2026, 11, 22)


async def hold(
    work: Work, kind: str, body_kind: str = "", *, minutes: str = "Se trató la tabla.", **more: object
) -> Meeting:
    """A session that was held, with its acta unless told otherwise."""
    terms = {"kind": kind, "body_kind": body_kind, "title": f"Sesión {kind}", "held_on": YESTERDAY}
    row = await sessions.plan_meeting(work, MeetingTerms(**terms))  # type: ignore[arg-type]
    attendees = more.pop("attendees", ())
    agreements = more.pop("agreements", ())
    wanted = EditMeeting(**terms, minutes=minutes, held=True, version=row.version, **more)  # type: ignore[arg-type]
    return await sessions.save_meeting(work, row.id, wanted, attendees=attendees, agreements=agreements)  # type: ignore[arg-type]


async def add(work: Work, kind: str, name: str, **more: object) -> None:
    await teams.add_member(work, kind, EditMember(name=name, cargo="Directora", **{"role": "member", **more}))  # type: ignore[arg-type]


async def test_a_session_is_called_held_and_written_from_one_page(services: Services, visitor: Visitor) -> None:
    """The nómina comes listed; attendance, minutes and agreements are saved together and read in the acta."""
    tenant = await make_municipality(services)
    await make_person(services, tenant)
    async with work_as(services, tenant) as work:
        await add(work, "executive_team", "Ana Soto", role="president")
        await add(work, "executive_team", "Luis Díaz")
    await visitor.sign_in("rosa@temuco.cl")

    form = await visitor.get("/m/temuco/sesiones/nueva?cuerpo=ejecutivo")
    planned = await visitor.post(
        "/m/temuco/sesiones/nueva",
        {
            "kind": "team",
            "body_kind": "executive_team",
            "title": "Segunda reunión",
            "held_on": "2026-11-20",
            "starts_at": "10:30",
        },
    )
    page = await visitor.get(planned.headers["location"])
    async with work_as(services, tenant) as work:
        row = (await store.meetings(work))[0][0]
        listed = {one.name: str(one.id) for one in await store.attendance(work, row.id)}
    saved = await visitor.post(
        planned.headers["location"],
        {
            "version": str(row.version),
            "kind": "team",
            "body_kind": "executive_team",
            "title": "Segunda reunión",
            "held_on": "2026-11-20",
            "minutes": "Se revisó el calendario.\n\n- Falta el catastro",
            "held": "yes",
            "attendee_key": [listed["Ana Soto"], listed["Luis Díaz"], "n0", "n1"],
            "attendee_name": ["Ana Soto", "Luis Díaz", "Eva Ríos", ""],
            "attendee_cargo": ["Directora", "Directora", "Vecina", ""],
            "attendee_organization": ["", "", "Junta de vecinos", ""],
            "attendee_present": [listed["Ana Soto"], "n0", "n1"],
            "agreement_key": ["n0", "n1"],
            "agreement_text": ["Pedir el catastro a Salud", ""],
            "agreement_responsible": ["Luis Díaz", ""],
            "agreement_due_on": ["2026-12-04", ""],
        },
    )
    acta = await visitor.get(f"{planned.headers['location']}/acta")

    assert "Avances desde la última reunión" in form.text
    assert "Ana Soto" in page.text
    assert saved.status_code == 303
    for words in (
        "Acta: Segunda reunión",
        "Se revisó el calendario.",
        "Eva Ríos",
        "Junta de vecinos",
        "Fueron convocadas y no asistieron: Luis Díaz.",
        "Pedir el catastro a Salud",
        "4 de diciembre de 2026",
    ):
        assert words in acta.text
    async with work_as(services, tenant) as work:
        owed = await duties(work)
    assert [(one.text, one.who, one.due_on) for one in owed] == [
        ("Pedir el catastro a Salud", "Luis Díaz", date(2026, 12, 4))
    ]


async def test_a_wrong_row_keeps_the_whole_page(services: Services, visitor: Visitor) -> None:
    """A bad date in an agreement loses neither the minutes nor the other rows, and nothing is saved."""
    tenant = await make_municipality(services)
    await make_person(services, tenant)
    async with work_as(services, tenant) as work:
        row = await sessions.plan_meeting(work, MeetingTerms(kind="other", title="Reunión", held_on=YESTERDAY))
    await visitor.sign_in("rosa@temuco.cl")

    answer = await visitor.post(
        f"/m/temuco/sesiones/{row.id}",
        {
            "version": str(row.version),
            "kind": "other",
            "title": "Reunión",
            "held_on": "2026-11-22",
            "minutes": "Lo que escribí del acta",
            "agreement_key": ["n0", "n1"],
            "agreement_text": ["Con mala fecha", ""],
            "agreement_responsible": ["", "Sin texto"],
            "agreement_due_on": ["31-02-2026", ""],
        },
    )

    assert answer.status_code == 422
    for words in (
        "Lo que escribí del acta",
        "Con mala fecha",
        "una fecha que exista",
        "Escriba qué se acordó",
        "Sin texto",
    ):
        assert words in answer.text
    async with work_as(services, tenant) as work:
        assert (await store.meeting(work, row.id)).minutes == ""


async def test_two_people_writing_at_once_see_both_texts_and_keep_all_rows(
    services: Services, visitor: Visitor
) -> None:
    """The second sees both minutes; once chosen, the agreements of both are there."""
    tenant = await make_municipality(services)
    await make_person(services, tenant)
    async with work_as(services, tenant) as work:
        row = await sessions.plan_meeting(work, MeetingTerms(kind="other", title="Reunión", held_on=YESTERDAY))
    await visitor.sign_in("rosa@temuco.cl")
    place = f"/m/temuco/sesiones/{row.id}"
    base = {"kind": "other", "title": "Reunión", "held_on": "2026-11-22", "version": str(row.version)}

    def agreement(text: str) -> dict[str, list[str]]:
        return {
            "agreement_key": ["n0"],
            "agreement_text": [text],
            "agreement_responsible": [""],
            "agreement_due_on": [""],
        }

    await visitor.post(place, {**base, "minutes": "De Ana", **agreement("Acuerdo de Ana")})
    mine = await visitor.post(place, {**base, "minutes": "Mío", **agreement("Acuerdo mío")})
    version = mine.text.split('name="version" value="')[1].split('"')[0]
    chosen = await visitor.post(place, {**base, "version": version, "minutes": "De ambas", **agreement("Acuerdo mío")})

    assert mine.status_code == 409
    for words in ("De Ana", "Mío", "Acuerdo mío"):
        assert words in mine.text
    assert chosen.status_code == 303
    async with work_as(services, tenant) as work:
        assert [one.text for one in await store.agreements(work, row.id)] == ["Acuerdo de Ana", "Acuerdo mío"]


async def test_rows_leave_only_when_told(services: Services) -> None:
    """An agreement that is not sent stays; one marked to be removed goes; one marked as done keeps its day."""
    tenant = await make_municipality(services)
    async with work_as(services, tenant) as work:
        row = await hold(
            work,
            "team",
            agreements=[
                AgreementRow(key="a", text="Uno"),
                AgreementRow(key="b", text="Dos"),
                AgreementRow(key="c", text="Tres"),
            ],
            attendees=[AttendeeRow(key="a", name="Ana", present=True), AttendeeRow(key="b", name="ÁNA", present=True)],
        )
        first, second, _ = await store.agreements(work, row.id)
        terms = EditMeeting(
            kind="team", title=row.title, held_on=YESTERDAY, minutes="x", held=True, version=row.version
        )
        await sessions.save_meeting(
            work,
            row.id,
            terms,
            agreements=[
                AgreementRow(key=str(first.id), text="Uno", done=True),
                AgreementRow(key=str(second.id), text="Dos", remove=True),
            ],
        )
        left = [(one.text, one.done_on) for one in await store.agreements(work, row.id)]
        people = [one.name for one in await store.attendance(work, row.id)]
        due = [one.text for one, _ in await store.agreements_due(work)]
    assert left == [("Uno", work.today()), ("Tres", None)]
    assert people == ["Ana"]
    assert due == ["Tres"]


async def test_the_future_has_not_happened(services: Services) -> None:
    """A session of tomorrow can't be left as held."""
    tenant = await make_municipality(services)
    async with work_as(services, tenant) as work:
        tomorrow = work.today() + timedelta(days=1)
        row = await sessions.plan_meeting(work, MeetingTerms(kind="team", title="Mañana", held_on=tomorrow))
        with pytest.raises(Rejected) as refused:
            await sessions.save_meeting(
                work, row.id, EditMeeting(kind="team", title="Mañana", held_on=tomorrow, held=True, version=row.version)
            )
    assert "futura" in refused.value.fields["held_on"]


async def test_the_call_reaches_whoever_has_mail_and_is_on_the_list(services: Services, visitor: Visitor) -> None:
    """One letter each, with place, hour and table; without mail nobody is lost, and the page says so."""
    tenant = await make_municipality(services)
    await make_person(services, tenant)
    async with work_as(services, tenant) as work:
        await add(work, "mesa", "Ana Soto", email="ana@temuco.cl")
        await add(work, "mesa", "Luis Díaz")
        row = await sessions.plan_meeting(
            work,
            MeetingTerms(
                kind="first_mesa",
                body_kind="mesa",
                title="Primera sesión",
                held_on=date(2026, 12, 10),
                starts_at="15:00",
                place="Salón VIP",
                agenda="1. Revisión de la Política",
                scope="Se puede cambiar casi todo.",
            ),
        )
        lonely = await sessions.plan_meeting(
            work, MeetingTerms(kind="other", title="Sin nadie", held_on=date(2026, 12, 10))
        )
    await visitor.sign_in("rosa@temuco.cl")

    asked = await visitor.post(f"/m/temuco/sesiones/{row.id}/convocar")
    sent = await visitor.post(f"/m/temuco/sesiones/{row.id}/convocar", {"confirmed": "1"})
    nobody = await visitor.post(f"/m/temuco/sesiones/{lonely.id}/convocar", {"confirmed": "1"})
    said = await visitor.get(nobody.headers["location"])
    page = await visitor.get(sent.headers["location"])

    async with work_as(services, tenant) as work:
        mails = list(await work.session.scalars(select(OutgoingMail)))
    assert "¿Enviar la convocatoria de «Primera sesión»?" in asked.text
    assert [mail.to for mail in mails] == ["ana@temuco.cl"]
    for words in ("10 de diciembre de 2026, a las 15:00 horas", "Salón VIP", "Revisión de la Política", "casi todo"):
        assert words in mails[0].text
    assert "Nadie de la lista tiene correo" in said.text
    assert "Convocatoria enviada el 23-11-2026" in page.text


async def test_only_a_session_with_its_acta_counts(services: Services, visitor: Visitor) -> None:
    """Held without an acta it says what is missing; with the acta as a file it counts."""
    tenant = await make_municipality(services)
    await make_person(services, tenant)
    async with work_as(services, tenant) as work:
        row = await hold(work, "validation", "extended_team", minutes="")
        before = (await facts(work))["bodies.extended_validation"]
    await visitor.sign_in("rosa@temuco.cl")

    bad = await visitor.post(
        f"/m/temuco/sesiones/{row.id}/archivos",
        {"kind": "minutes"},
        files={"file": ("acta.pdf", b"hola", "application/pdf")},
    )
    await visitor.post(
        f"/m/temuco/sesiones/{row.id}/archivos",
        {"kind": "minutes"},
        files={"file": ("acta.pdf", made.pdf(), "application/pdf")},
    )

    assert not before.met
    assert before.shows == "Sesión validation, 22 de noviembre de 2026: falta su acta"
    assert bad.status_code == 422
    assert "dice ser un PDF" in bad.text
    async with work_as(services, tenant) as work:
        assert (await facts(work))["bodies.extended_validation"].met


@pytest.mark.parametrize(
    ("kind", "body", "fact", "more"),
    [
        ("information", "", "bodies.information_meeting", {}),
        ("awareness", "", "bodies.awareness_meeting", {}),
        ("first_mesa", "mesa", "bodies.mesa_first_session", {}),
        ("concejo", "concejo", "bodies.concejo_presentation", {"presented_policy": True}),
        ("concejo", "concejo", "bodies.concejo_feedback", {"presented_policy": True, "feedback": "Sin observaciones."}),
        (
            "coordination",
            "",
            "bodies.coordination_meeting",
            {"attendees": [AttendeeRow(key="n", name="Ana", present=True)]},
        ),
        ("follow_up", "executive_team", "bodies.follow_up_meeting", {}),
    ],
)
async def test_each_kind_of_session_makes_its_fact_true(
    services: Services, kind: str, body: str, fact: str, more: dict[str, object]
) -> None:
    """And no other session does."""
    tenant = await make_municipality(services)
    async with work_as(services, tenant) as work:
        await hold(work, "other")
        before = (await facts(work))[fact].met
        await hold(work, kind, body, **more)
        after = (await facts(work))[fact].met
    assert (before, after) == (False, True)


async def test_what_is_not_quite_it_does_not_count(services: Services) -> None:
    """A concejo that did not see the Policy, a mesa's follow-up, a coordination without people."""
    tenant = await make_municipality(services)
    async with work_as(services, tenant) as work:
        await hold(work, "concejo", "concejo", feedback="Bien")
        await hold(work, "follow_up", "mesa")
        await hold(work, "coordination")
        known = await facts(work)
    for key in ("concejo_presentation", "concejo_feedback", "follow_up_meeting", "coordination_meeting"):
        assert not known[f"bodies.{key}"].met, key


async def test_the_mesa_before_the_extended_team_is_noticed(services: Services) -> None:
    """The guide asks for the opposite order."""
    tenant = await make_municipality(services)
    async with work_as(services, tenant) as work:
        early = await hold(work, "first_mesa", "mesa")
        await hold(work, "validation", "extended_team")
        same_day = (await validation_summary(work)).mesa_came_first
        early.held_on = YESTERDAY - timedelta(days=3)
        await work.session.flush()
        summary = await validation_summary(work)
    assert not same_day
    assert summary.mesa_came_first


async def test_a_follow_up_asks_the_guides_questions_and_keeps_the_answers(
    services: Services, visitor: Visitor
) -> None:
    """The table brings them and the acta keeps what was answered."""
    tenant = await make_municipality(services)
    await make_person(services, tenant)
    await visitor.sign_in("rosa@temuco.cl")
    new = await visitor.get("/m/temuco/sesiones/nueva?tipo=seguimiento")
    async with work_as(services, tenant) as work:
        row = await hold(work, "follow_up", "executive_team")
    saved = await visitor.post(
        f"/m/temuco/sesiones/{row.id}",
        {
            "kind": "follow_up",
            "body_kind": "executive_team",
            "title": "Seguimiento",
            "held_on": "2026-11-22",
            "held": "yes",
            "minutes": "x",
            "version": str(row.version),
            "answer_key": ["IMPL-5.2-08", "IMPL-5.2-11"],
            "answer": ["Partieron tres iniciativas", "Falta presupuesto"],
        },
    )
    acta = await visitor.get(f"/m/temuco/sesiones/{row.id}/acta")

    assert "¿qué ha avanzado en cada iniciativa?" in new.text
    assert saved.status_code == 303
    assert "Partieron tres iniciativas" in acta.text
    assert "¿Con qué dificultades nos hemos topado" in acta.text


async def test_what_was_held_stays_in_the_record(services: Services, visitor: Visitor) -> None:
    """A planned session can be taken off, after asking; a held one, or one with files, can't."""
    tenant = await make_municipality(services)
    await make_person(services, tenant)
    async with work_as(services, tenant) as work:
        held = await hold(work, "team")
        planned = await sessions.plan_meeting(work, MeetingTerms(kind="team", title="Otra", held_on=date(2026, 12, 1)))
        with pytest.raises(AlreadyClosed):
            await sessions.remove_meeting(work, held.id)
    await visitor.sign_in("rosa@temuco.cl")

    asked = await visitor.post(f"/m/temuco/sesiones/{planned.id}/quitar")
    await visitor.post(f"/m/temuco/sesiones/{planned.id}/quitar", {"confirmed": "1"})
    calendar = await visitor.get("/m/temuco/sesiones")

    assert "¿Quitar «Otra» del calendario?" in asked.text
    assert "Sesión team" in calendar.text
    assert f"/sesiones/{planned.id}" not in calendar.text


async def test_the_acta_comes_as_pdf_and_word(services: Services, visitor: Visitor) -> None:
    """Both are real files of their kind."""
    tenant = await make_municipality(services)
    await make_person(services, tenant)
    async with work_as(services, tenant) as work:
        row = await hold(
            work, "team", attendees=[AttendeeRow(key="n", name="Ana Soto", cargo="Directora", present=True)]
        )
    await visitor.sign_in("rosa@temuco.cl")

    pdf = await visitor.get(f"/m/temuco/sesiones/{row.id}/acta.pdf")
    docx = await visitor.get(f"/m/temuco/sesiones/{row.id}/acta.docx")

    assert pdf.content.startswith(b"%PDF-")
    assert docx.content.startswith(b"PK")
    assert "acta-2026-11-22.pdf" in pdf.headers["content-disposition"]


async def test_who_only_reads_sees_the_acta_and_no_form(services: Services, visitor: Visitor) -> None:
    """A councillor reads the session; the next municipality finds nothing."""
    tenant = await make_municipality(services)
    other = await make_municipality(services, cut="13201", name="Puente Alto", slug="puente-alto")
    await make_person(services, tenant, email="ana@temuco.cl", name="Ana Soto", roles=["councillor"])
    await make_person(services, other, email="juan@puentealto.cl")
    async with work_as(services, tenant) as work:
        row = await hold(work, "concejo", "concejo", minutes="Lo que se dijo")
    await visitor.sign_in("ana@temuco.cl")

    page = await visitor.get(f"/m/temuco/sesiones/{row.id}")
    write = await visitor.post(f"/m/temuco/sesiones/{row.id}", {"title": "x"})
    await visitor.sign_in("juan@puentealto.cl")
    stranger = await visitor.get(f"/m/puente-alto/sesiones/{row.id}")

    assert "Lo que se dijo" in page.text
    assert "Guardar sesión" not in page.text
    assert write.status_code == 403
    assert stranger.status_code == 404


async def test_the_calendar_parts_what_comes_from_what_was(services: Services, visitor: Visitor) -> None:
    """Next first, what nobody closed, what is owed, and what was held; filters narrow it."""
    tenant = await make_municipality(services)
    await make_person(services, tenant)
    async with work_as(services, tenant) as work:
        held = await hold(work, "team", "executive_team", agreements=[AgreementRow(key="n", text="Llamar a Salud")])
        await sessions.plan_meeting(
            work, MeetingTerms(kind="mesa", body_kind="mesa", title="La que viene", held_on=date(2026, 12, 1))
        )
        await sessions.plan_meeting(work, MeetingTerms(kind="other", title="La olvidada", held_on=date(2026, 11, 1)))
        agreement = (await store.agreements(work, held.id))[0]
    await visitor.sign_in("rosa@temuco.cl")

    everything = (await visitor.get("/m/temuco/sesiones")).text
    mesa = (await visitor.get("/m/temuco/sesiones?cuerpo=mesa")).text
    done = await visitor.post(f"/m/temuco/sesiones/acuerdos/{agreement.id}/cumplido")
    after = (await visitor.get("/m/temuco/sesiones")).text

    order = [everything.index(words) for words in ("La olvidada", "La que viene", "Llamar a Salud", "Realizadas")]
    assert order == sorted(order)
    assert "La que viene" in mesa
    assert "La olvidada" not in mesa
    assert done.status_code == 303
    assert "Acuerdos por cumplir" not in after
