"""The stage of validation: its overview, the units that validate by themselves, the concejo's term."""

from datetime import date, timedelta

import pytest

from acogida.app.wiring import Services
from acogida.features.acts import actions, store
from acogida.features.acts.facts import facts
from acogida.features.acts.forms import EditLetter, RecordAgreement, RecordOutside, RecordSigned, RecordTerm
from acogida.features.acts.validation import concejo_term
from acogida.features.bodies.actions import sessions
from acogida.features.bodies.forms import EditMeeting, MeetingTerms
from acogida.features.bodies.public import internal_validations
from acogida.features.evidence.public import from_bytes
from acogida.features.initiatives.model import Initiative
from acogida.kernel.clock import FixedClock
from acogida.kernel.errors import AlreadyClosed
from acogida.kernel.work import Work
from support import make_files as made
from support.make import make_municipality, make_person, work_as
from support.visitor import Visitor

LETTER = EditLetter(
    objectives="Acoger con orden",
    needs="Crecen las consultas",
    mayor="Amanda Ñancupil",
    mayor_cargo="Alcaldesa",
    councillors="Luis Vega\nMaría Huenchumán",
)


async def plan(work: Work, *units: str) -> None:
    """Initiatives, each with its responsible unit."""
    for number, unit in enumerate(units):
        work.session.add(Initiative(name=f"Iniciativa {number}", unit=unit))
    await work.session.flush()


async def present(work: Work, day: date) -> None:
    """The Policy was presented to the concejo that day, with its acta."""
    terms = {"kind": "concejo", "body_kind": "concejo", "title": "Sesión 31", "held_on": day}
    row = await sessions.plan_meeting(work, MeetingTerms(**terms))  # type: ignore[arg-type]
    wanted = EditMeeting(**terms, minutes="Se presentó.", presented_policy=True, held=True, version=row.version)  # type: ignore[arg-type]
    await sessions.save_meeting(work, row.id, wanted)


async def test_every_responsible_unit_validates_and_then_it_counts(services: Services, visitor: Visitor) -> None:
    """Units are those of the plan, however they are written; without a plan nothing counts (reading AMB-02)."""
    tenant = await make_municipality(services)
    await make_person(services, tenant)
    await visitor.sign_in("rosa@temuco.cl")
    validation = {
        "validated_by": "Ana Soto",
        "cargo": "Directora",
        "validated_on": "2026-11-20",
        "notes": "Subir la meta",
    }

    await visitor.post("/m/temuco/validacion/internas", {**validation, "unit": "Dideco"})
    async with work_as(services, tenant) as work:
        without_plan = (await facts(work))["bodies.internal_validations"]
        await plan(work, "Dideco", "Salud", "Dideco", "")
        half = (await facts(work))["bodies.internal_validations"]
    page = await visitor.get("/m/temuco/validacion/internas")
    twice = await visitor.post("/m/temuco/validacion/internas", {**validation, "unit": "DIDECO"})
    await visitor.post("/m/temuco/validacion/internas", {**validation, "unit": "salud"})
    overview = await visitor.get("/m/temuco/validacion")

    assert not without_plan.met
    assert (half.met, half.shows) == (False, "1 de 2 unidades responsables; faltan Salud")
    assert "Subir la meta" in page.text
    assert "1 de 2 unidades responsables han validado" in page.text
    assert twice.status_code == 422
    assert "ya tiene su validación registrada" in twice.text
    assert "todas las unidades responsables ya validaron" in overview.text
    async with work_as(services, tenant) as work:
        assert (await facts(work))["bodies.internal_validations"].met


async def test_a_units_validation_is_corrected_and_removed(services: Services, visitor: Visitor) -> None:
    """Two people at once see both versions; removing asks first."""
    tenant = await make_municipality(services)
    await make_person(services, tenant)
    await visitor.sign_in("rosa@temuco.cl")
    said = {"unit": "Dideco", "validated_by": "Ana Soto", "cargo": "Directora", "validated_on": "2026-11-20"}
    await visitor.post("/m/temuco/validacion/internas", said)
    async with work_as(services, tenant) as work:
        row = (await internal_validations(work))[0]
    place = f"/m/temuco/validacion/internas/{row.id}"

    await visitor.post(place, {**said, "notes": "De otra persona", "version": str(row.version)})
    mine = await visitor.post(place, {**said, "notes": "Lo mío", "version": str(row.version)})
    asked = await visitor.post(f"{place}/quitar")
    await visitor.post(f"{place}/quitar", {"confirmed": "1"})

    assert mine.status_code == 409
    assert "De otra persona" in mine.text
    assert "Lo mío" in mine.text
    assert "¿Quitar la validación de Dideco?" in asked.text
    async with work_as(services, tenant) as work:
        assert await internal_validations(work) == []


async def test_the_concejos_term_runs_from_the_presentation(services: Services, clock: FixedClock) -> None:
    """Twenty days; it stands only if the municipality says that it runs, and nobody voted."""
    tenant = await make_municipality(services)
    async with work_as(services, tenant) as work:
        assert await concejo_term(work) is None
        await present(work, date(2026, 11, 10))
        unsaid = await concejo_term(work)
        await actions.answer_term(work, RecordTerm(applies=True, notes="Informe jurídico 12"))
        running = await concejo_term(work)
        clock.move_to(clock.now() + timedelta(days=10))
        passed = await concejo_term(work)
        await actions.answer_term(work, RecordTerm(applies=False))
        not_running = await concejo_term(work)
    assert unsaid is not None and unsaid.applies is None and not unsaid.stands
    assert (
        running is not None and running.due_on == date(2026, 11, 30) and running.days_left == 7 and not running.stands
    )
    assert passed is not None and passed.stands
    assert not_running is not None and not not_running.stands


async def test_the_municipality_says_whether_the_term_runs(services: Services, visitor: Visitor) -> None:
    """On the page of approval; a vote makes the clock go."""
    tenant = await make_municipality(services)
    await make_person(services, tenant)
    async with work_as(services, tenant) as work:
        await present(work, date(2026, 11, 10))
    await visitor.sign_in("rosa@temuco.cl")

    before = await visitor.get("/m/temuco/validacion/aprobacion")
    blank = await visitor.post("/m/temuco/validacion/aprobacion/plazo", {})
    await visitor.post("/m/temuco/validacion/aprobacion/plazo", {"applies": "yes", "notes": "Informe 12"})
    after = await visitor.get("/m/temuco/validacion/aprobacion")
    await visitor.post(
        "/m/temuco/validacion/aprobacion/votacion",
        {
            "number": "77",
            "dated_on": "2026-11-20",
            "declared_by": "Berta Salas",
            "result": "rejected",
            "in_favour": "2",
            "against": "6",
            "abstentions": "0",
        },
        files={"file": ("v.pdf", made.pdf(), "application/pdf")},
    )
    voted = await visitor.get("/m/temuco/validacion/aprobacion")

    assert "La municipalidad debe decir si corre" in before.text
    assert blank.status_code == 422
    assert "El plazo corre: se cumple el 30 de noviembre de 2026" in after.text
    assert "Informe 12" in after.text
    assert "El plazo de veinte días" not in voted.text
    async with work_as(services, tenant) as work:
        assert not (await facts(work))["acts.concejo_vote"].met


async def test_a_record_is_corrected_without_its_file_again(services: Services, visitor: Visitor) -> None:
    """The form comes filled; the signed file stays unless another is brought; both records are in the book."""
    tenant = await make_municipality(services)
    await make_person(services, tenant)
    await visitor.sign_in("rosa@temuco.cl")
    approval = {
        "signatory": "Amanda Ñancupil",
        "cargo": "Alcaldesa",
        "dated_on": "2026-11-01",
        "declared_by": "Berta Salas",
        "years": "4",
        "number": "12",
    }
    await visitor.post(
        "/m/temuco/validacion/aprobacion", approval, files={"file": ("a.pdf", made.pdf(), "application/pdf")}
    )

    page = await visitor.get("/m/temuco/validacion/aprobacion")
    saved = await visitor.post("/m/temuco/validacion/aprobacion", {**approval, "number": "21", "years": "3"})
    after = await visitor.get("/m/temuco/validacion/aprobacion")

    assert "Corregir este registro" in page.text
    assert saved.status_code == 303
    assert "hasta el 31 de octubre de 2029" in after.text
    async with work_as(services, tenant) as work:
        act = await store.newest(work, "mayor_approval")
    assert act is not None
    assert (act.number, act.file_id is not None) == ("21", True)


async def test_a_letter_signed_elsewhere_counts(services: Services, visitor: Visitor) -> None:
    """With its file and who signed it; there is nothing to download for signing and nothing to rewrite."""
    tenant = await make_municipality(services)
    await make_person(services, tenant)
    await visitor.sign_in("rosa@temuco.cl")
    said = {
        "mayor": "Amanda Ñancupil",
        "mayor_cargo": "Alcaldesa",
        "councillors": "Luis Vega",
        "signed_on": "2026-10-01",
        "declared_by": "Berta Salas",
    }

    no_file = await visitor.post("/m/temuco/preparacion/carta/externa", said)
    saved = await visitor.post(
        "/m/temuco/preparacion/carta/externa", said, files={"file": ("carta.jpg", made.JPEG, "image/jpeg")}
    )
    page = await visitor.get("/m/temuco/preparacion/carta")

    assert no_file.status_code == 422
    assert saved.status_code == 303
    assert "Esta carta se escribió y se firmó fuera de Acogida." in page.text
    assert "No es una firma electrónica" in page.text
    assert (await visitor.get("/m/temuco/preparacion/carta.pdf")).status_code == 404
    async with work_as(services, tenant) as work:
        known = await facts(work)
        assert known["acts.letter_signed_by_councillors"].met
        with pytest.raises(AlreadyClosed):
            await actions.edit_letter(work, LETTER)
        with pytest.raises(AlreadyClosed):
            wanted = RecordOutside("Otra", "Alcaldesa", "", date(2026, 11, 1))
            await actions.record_outside_letter(work, services.files, wanted, from_bytes("b.pdf", made.pdf()))


async def test_signatures_already_recorded_are_not_lost_by_an_edit(services: Services) -> None:
    """A councillor may sign before the mayor: from then on the text stands."""
    tenant = await make_municipality(services)
    async with work_as(services, tenant) as work:
        letter = await actions.edit_letter(work, LETTER)
        councillor = (await store.signatories(work, letter.id))[1]
        signed = RecordSigned(signed_on=date(2026, 11, 20), signed=(str(councillor.id),), declared_by="Berta Salas")
        await actions.record_signed_letter(work, services.files, signed, from_bytes("c.pdf", made.pdf()))
        known = await facts(work)
        with pytest.raises(AlreadyClosed):
            await actions.edit_letter(work, EditLetter(**{**LETTER.changes(), "version": letter.version}))
        left = [row.signed_on for row in await store.signatories(work, letter.id)]
    assert not known["acts.letter_signed_by_mayor"].met
    assert left == [None, date(2026, 11, 20), None]


async def test_an_agreement_leans_on_the_mayors_signature_wherever_it_is(services: Services) -> None:
    """Alone it meets nothing; with the letter signed by the mayor it meets minimum and ideal (reading AMB-16)."""
    tenant = await make_municipality(services)
    async with work_as(services, tenant) as work:
        agreement = RecordAgreement(number="41", dated_on=date(2026, 11, 10), declared_by="Berta Salas")
        await actions.record_agreement(work, services.files, agreement, from_bytes("a.pdf", made.pdf()))
        alone = await facts(work)
        letter = await actions.edit_letter(work, LETTER)
        mayor = (await store.signatories(work, letter.id))[0]
        signed = RecordSigned(signed_on=date(2026, 11, 20), signed=(str(mayor.id),), declared_by="Berta Salas")
        await actions.record_signed_letter(work, services.files, signed, from_bytes("c.pdf", made.pdf(text="carta")))
        both = await facts(work)
    assert alone["acts.concejo_agreement"].met
    assert not alone["acts.letter_signed_by_mayor"].met
    assert both["acts.letter_signed_by_mayor"].met
    assert both["acts.letter_signed_by_councillors"].met


async def test_the_letter_is_seen_as_it_is_written(services: Services, visitor: Visitor) -> None:
    """The preview answers with what is in the fields, wrong or right, and keeps nothing."""
    tenant = await make_municipality(services)
    await make_person(services, tenant)
    await visitor.sign_in("rosa@temuco.cl")

    seen = await visitor.post(
        "/m/temuco/preparacion/carta/vista",
        {
            "objectives": "Acoger <b>bien</b>",
            "dated_on": "31-02-2026",
            "mayor": "Amanda Ñancupil",
            "councillors": "Luis Vega",
        },
    )

    assert seen.status_code == 200
    assert "Acoger &lt;b&gt;bien&lt;/b&gt;" in seen.text
    assert "Luis Vega" in seen.text
    assert "<html" not in seen.text
    async with work_as(services, tenant) as work:
        assert await store.acts(work) == []


async def test_the_overview_shows_each_instance_in_order(services: Services, visitor: Visitor) -> None:
    """Inside, mesa, concejo, authority; what exists is linked, what does not has its verb."""
    tenant = await make_municipality(services)
    await make_person(services, tenant)
    async with work_as(services, tenant) as work:
        await present(work, date(2026, 11, 10))
    await visitor.sign_in("rosa@temuco.cl")

    page = (await visitor.get("/m/temuco/validacion")).text

    order = [
        page.index(words)
        for words in ("Dentro de la municipalidad", "Primera sesión de la mesa", "Sesión 31", "Decreto")
    ]
    assert order == sorted(order)
    assert "Anotar su respuesta" in page
    assert "los veinte días se cumplen el 30 de noviembre de 2026" in page


async def test_the_next_municipality_finds_no_act(services: Services, visitor: Visitor) -> None:
    """Neither its page, nor its file, nor its list."""
    tenant = await make_municipality(services)
    other = await make_municipality(services, cut="13201", name="Puente Alto", slug="puente-alto")
    await make_person(services, other, email="juan@puentealto.cl")
    async with work_as(services, tenant) as work:
        wanted = RecordOutside("Amanda", "Alcaldesa", "", date(2026, 11, 1), "Berta Salas")
        act = await actions.record_outside_letter(work, services.files, wanted, from_bytes("b.pdf", made.pdf()))
    await visitor.sign_in("juan@puentealto.cl")

    assert (await visitor.get(f"/m/puente-alto/actos/{act.id}")).status_code == 404
    assert (await visitor.get(f"/m/puente-alto/archivo/{act.file_id}")).status_code == 404
    assert (await visitor.get(f"/m/temuco/actos/{act.id}")).status_code == 404
    assert "Amanda" not in (await visitor.get("/m/puente-alto/preparacion/carta")).text


async def test_a_file_that_backs_an_act_can_not_be_removed(services: Services, visitor: Visitor) -> None:
    """The signed letter stays in the archive."""
    tenant = await make_municipality(services)
    await make_person(services, tenant)
    async with work_as(services, tenant) as work:
        wanted = RecordOutside("Amanda", "Alcaldesa", "", date(2026, 11, 1), "Berta Salas")
        act = await actions.record_outside_letter(work, services.files, wanted, from_bytes("b.pdf", made.pdf()))
    await visitor.sign_in("rosa@temuco.cl")

    answer = await visitor.post(f"/m/temuco/archivo/{act.file_id}/quitar", {"confirmed": "1"})

    assert answer.status_code == 409
    assert "respalda un acto" in answer.text
    assert (await visitor.get(f"/m/temuco/archivo/{act.file_id}")).content == made.pdf()
