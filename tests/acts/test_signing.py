"""A letter signed electronically: by whom, in which turn, by which link, and what happens when it does not hold."""

import asyncio
import re
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

import pytest
from sqlalchemy import text

from acogida.adapters.signatures.examination import examine
from acogida.app.wiring import Services
from acogida.features.acts import actions, jobs, signing, store
from acogida.features.acts.facts import facts
from acogida.features.acts.forms import EditLetter, EditSigner
from acogida.features.acts.model import Act, ActSubmission, Signatory
from acogida.features.evidence.public import from_bytes
from acogida.features.people.model import OfficeTerm
from acogida.kernel.errors import AlreadyClosed, NotFound, Rejected
from acogida.kernel.signatures import Examination, SigningRefused, StateSignature, ToExamine, from_json
from acogida.kernel.tenancy import SYSTEM, Tenant
from acogida.kernel.work import Work
from support.make import make_municipality, make_person, make_token, work_as
from support.pki import AMANDA_RUN, LUIS_RUN, Identity, add_page, issue, pki, sign
from support.visitor import Visitor

PDF = b"%PDF-1.7\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj 2 0 obj<</Type/Pages/Kids[]/Count 0>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"


class Reader:
    """Examines in this process: starting one for each test would take most of its time."""

    ready = True

    async def examine(self, asked: ToExamine) -> Examination:
        return await asyncio.to_thread(examine, asked, [pki().root.asn1])


@dataclass
class Temuco:
    """A municipality with its letter written, for the mayor and one councillor to sign."""

    services: Services
    tenant: Tenant

    async def letter(self, *, ordered: bool = False) -> Act:
        async with work_as(self.services, self.tenant) as work:
            wanted = EditLetter(
                objectives="Acoger con orden",
                needs="Crecen las consultas",
                mayor="Amanda Ñancupil",
                mayor_cargo="Alcaldesa",
                councillors="Luis Vega",
            )
            act = await actions.edit_letter(work, wanted)
            for row, run in zip(await store.signatories(work, act.id), (AMANDA_RUN, LUIS_RUN), strict=True):
                known = EditSigner(run=run, email=f"{row.role}@temuco.cl", version=row.version)
                await signing.edit_signer(work, row.id, known)
            await signing.set_order(work, act.id, ordered)
            return act

    async def paper(self, act: Act) -> bytes:
        async with work_as(self.services, self.tenant) as work:
            document = jobs.papers.letter(
                self.tenant,
                act,
                await store.signatories(work, act.id),
                site=self.services.settings.public_url,
            )
            return await self.services.renderer.pdf(document)

    async def bring(self, act: Act, content: bytes) -> UUID:
        async with work_as(self.services, self.tenant) as work:
            row = await store.act(work, act.id)
            return (await signing.submit(work, self.services.files, row, from_bytes("carta.pdf", content))).id

    async def examine(self, submission_id: UUID) -> ActSubmission:
        async with self.as_worker() as work:
            await jobs.examine_signatures(self.services, work, submission_id)
            return await store.submission(work, submission_id)

    @asynccontextmanager
    async def as_worker(self) -> AsyncIterator[Work]:
        async with self.services.database.transaction(tenant=self.tenant) as session:
            yield Work(session, self.services.clock, SYSTEM, self.tenant)

    async def rows(self, act: Act) -> Sequence[Signatory]:
        async with work_as(self.services, self.tenant) as work:
            return await store.signatories(work, act.id)

    async def met(self, fact: str) -> bool:
        async with work_as(self.services, self.tenant) as work:
            return (await facts(work))[fact].met

    async def links(self) -> dict[str, str]:
        """Address → path of the last link that it was sent."""
        async with self.services.database.transaction() as session:
            rows = await session.execute(text('select "to", text from core.outgoing_mail order by created_at, id'))
        return {to: re.findall(r"/m/temuco/firmar/\S+", body)[0] for to, body in rows if "/firmar/" in body}

    async def invite(self, act: Act) -> list[Signatory]:
        async with work_as(self.services, self.tenant) as work:
            return await signing.invite(work, act.id)


@pytest.fixture
async def temuco(services: Services) -> Temuco:
    services.signatures = Reader()
    return Temuco(services, await make_municipality(services))


async def signed(content: bytes, who: Identity, **how: object) -> bytes:
    return await asyncio.to_thread(sign, content, who, **how)  # type: ignore[arg-type]


async def test_an_advanced_signature_carries_the_letter_through_the_gate(
    temuco: Temuco, visitor: Visitor, worker_services: Services
) -> None:
    """Uploaded by hand, examined by the worker with its own rights, and only then it counts; the page says each check."""
    act = await temuco.letter()
    await make_person(temuco.services, temuco.tenant)
    await visitor.sign_in("rosa@temuco.cl")
    content = await signed(await temuco.paper(act), pki().amanda)

    sent = await visitor.post(
        "/m/temuco/preparacion/carta/firmada", {}, files={"file": ("carta.pdf", content, "application/pdf")}
    )
    waiting = await visitor.get("/m/temuco/preparacion/carta")
    before = await temuco.met("acts.letter_signed_by_mayor")
    worker_services.signatures = Reader()
    async with Temuco(worker_services, temuco.tenant).as_worker() as work:
        (submission,) = await store.submissions(work, act.id)
        await jobs.examine_signatures(worker_services, work, submission.id)
    page = await visitor.get(f"/m/temuco/actos/{act.id}")

    assert sent.status_code == 303
    assert "Comprobando las firmas" in waiting.text
    assert not before
    assert await temuco.met("acts.letter_signed_by_mayor")
    assert not await temuco.met("acts.letter_signed_by_councillors")
    assert "El texto firmado es el que se escribió en Acogida, byte por byte." in page.text
    assert "Falta la firma de Luis Vega." in page.text
    assert "Firma electrónica avanzada" in page.text


@pytest.mark.parametrize("fault", ["changed", "stranger"])
async def test_a_letter_that_does_not_hold_is_explained_and_does_not_count(
    temuco: Temuco, visitor: Visitor, fault: str
) -> None:
    """A page added, or another person's signature: the reason stands on the page and in the book; the gate stays shut."""
    act = await temuco.letter()
    await make_person(temuco.services, temuco.tenant)
    await visitor.sign_in("rosa@temuco.cl")
    whole = await signed(await temuco.paper(act), pki().amanda if fault == "changed" else pki().of("ana", _ana))

    submission = await temuco.examine(await temuco.bring(act, add_page(whole) if fault == "changed" else whole))
    page = (await visitor.get("/m/temuco/preparacion/carta")).text
    book = (await visitor.get("/m/temuco/actividad")).text

    said = (
        "Se agregó o se cambió contenido" if fault == "changed" else "no es de ninguna de las personas que deben firmar"
    )
    assert submission.state == "refused"
    assert said in page
    assert "no valen" in book
    assert not await temuco.met("acts.letter_signed_by_mayor")


def _ana() -> Identity:
    return issue("Ana Soto Díaz", by=pki().issuing, run="11111111-1")


async def test_a_file_that_lost_a_verified_signature_does_not_take_its_place(temuco: Temuco, visitor: Visitor) -> None:
    """The councillor signed a clean copy: the mayor's file stays in force, and the receipt tells both."""
    act = await temuco.letter()
    paper = await temuco.paper(act)
    first = await temuco.examine(await temuco.bring(act, await signed(paper, pki().amanda)))

    second = await temuco.examine(await temuco.bring(act, await signed(paper, pki().luis)))

    assert first.state == "good"
    assert from_json(second.examination).verdict == "signature_lost"
    async with work_as(temuco.services, temuco.tenant) as work:
        assert (await store.act(work, act.id)).file_id == first.file_id
    await make_person(temuco.services, temuco.tenant)
    await visitor.sign_in("rosa@temuco.cl")
    receipt = await visitor.get(f"/m/temuco/actos/{act.id}/constancia")
    assert "A este archivo le falta una firma que ya estaba verificada" in receipt.text
    assert receipt.text.count("Autoridad Firma Avanzada de Prueba") >= 2


async def test_concluding_twice_changes_nothing(temuco: Temuco) -> None:
    """The queue may deliver a job again: one line in the register."""
    act = await temuco.letter()
    submission_id = await temuco.bring(act, await signed(await temuco.paper(act), pki().amanda))

    await temuco.examine(submission_id)
    await temuco.examine(submission_id)

    async with work_as(temuco.services, temuco.tenant) as work:
        assert [entry.event for entry in await store.entries(work, act.id)] == ["verified"]


async def test_links_open_in_turn_and_close_behind(temuco: Temuco, visitor: Visitor) -> None:
    """The councillor's link comes when the mayor has signed; out of turn and unknown links say the same nothing."""
    act = await temuco.letter(ordered=True)
    called = await temuco.invite(act)
    (mayor_link,) = (await temuco.links()).values()
    opened = await visitor.get(mayor_link)
    paper = (await visitor.get(f"{mayor_link}/documento.pdf")).content
    sent = await visitor.post(
        mayor_link, {}, files={"file": ("carta.pdf", await signed(paper, pki().amanda), "application/pdf")}
    )
    checking = await visitor.get(mayor_link)
    async with work_as(temuco.services, temuco.tenant) as work:
        (submission,) = await store.submissions(work, act.id)
    await temuco.examine(submission.id)
    closed, unknown = await visitor.get(mayor_link), await visitor.get("/m/temuco/firmar/no-existe")
    links = await temuco.links()
    second = await visitor.get(links["councillor@temuco.cl"])
    with_hers = (await visitor.get(f"{links['councillor@temuco.cl']}/documento.pdf")).content

    assert [row.name for row in called] == ["Amanda Ñancupil"]
    assert "Acoger con orden" in opened.text and sent.status_code == 303
    assert "estamos comprobando su firma" in checking.text
    assert (closed.status_code, closed.text) == (404, unknown.text.replace("no-existe", mayor_link.rsplit("/")[-1]))
    assert "Acoger" not in closed.text
    assert "Ya firmó Amanda Ñancupil" in second.text
    assert with_hers.startswith(paper) and len(with_hers) > len(paper)

    both = await signed(with_hers, pki().luis, name="Firma2")
    async with temuco.as_worker() as work:
        secret = links["councillor@temuco.cl"].rsplit("/")[-1]
        last = await signing.submit_by_link(work, temuco.services.files, secret, from_bytes("carta.pdf", both))
    assert (await temuco.examine(last.id)).state == "good"
    assert await temuco.met("acts.letter_signed_by_councillors")


async def test_out_of_turn_nothing_opens_even_with_the_secret(temuco: Temuco) -> None:
    """A link that was sent while the order was free stops opening once there is an order and it is another's turn."""
    act = await temuco.letter()
    await temuco.invite(act)
    secret = (await temuco.links())["councillor@temuco.cl"].rsplit("/")[-1]
    async with work_as(temuco.services, temuco.tenant) as work:
        await signing.behind_link(work, secret)
        await signing.set_order(work, act.id, True)

        with pytest.raises(NotFound):
            await signing.behind_link(work, secret)


async def test_by_link_only_electronic_signatures_come_in(temuco: Temuco, visitor: Visitor) -> None:
    """A scan is for the secretaría municipal to record; the page says so, and nothing is kept."""
    act = await temuco.letter()
    await temuco.invite(act)
    link = (await temuco.links())["mayor@temuco.cl"]

    scanned = await visitor.post(link, {}, files={"file": ("carta.pdf", PDF, "application/pdf")})
    nothing = await visitor.post(link, {})

    assert (scanned.status_code, nothing.status_code) == (422, 422)
    assert "no trae ninguna firma electrónica" in scanned.text
    async with work_as(temuco.services, temuco.tenant) as work:
        assert not await store.submissions(work, act.id)


async def test_reminders_go_to_whoever_has_not_signed(temuco: Temuco) -> None:
    """Once some days have passed, with a fresh link; whoever signed hears nothing more."""
    act = await temuco.letter()
    await temuco.invite(act)
    first = await temuco.links()
    await temuco.examine(await temuco.bring(act, await signed(await temuco.paper(act), pki().amanda)))
    temuco.services.clock = _Later(temuco.services.clock.now() + timedelta(days=4))

    async with temuco.as_worker() as work:
        await jobs.remind_signatories(temuco.services, work, act.id)
    second = await temuco.links()
    async with temuco.as_worker() as work:
        again = await signing.remind(work, act.id)
        waiting = await work.session.scalar(
            text("select count(*) from jobs.procrastinate_jobs where args->>'listener' = 'remind_signatories'")
        )

    assert second["mayor@temuco.cl"] == first["mayor@temuco.cl"]
    assert second["councillor@temuco.cl"] != first["councillor@temuco.cl"]
    assert again == []
    assert waiting == 1


class _Later:
    """A clock some days ahead."""

    def __init__(self, moment: datetime) -> None:
        self._moment = moment

    def now(self) -> datetime:
        return self._moment


async def test_an_order_is_set_before_anybody_signs(temuco: Temuco) -> None:
    """One moves a place up; after a signature the order stands."""
    act = await temuco.letter(ordered=True)
    luis = (await temuco.rows(act))[1]
    async with work_as(temuco.services, temuco.tenant) as work:
        await signing.set_order(work, act.id, True, luis.id)
    order = [row.name for row in await temuco.rows(act)]
    first = await temuco.examine(await temuco.bring(act, await signed(await temuco.paper(act), pki().amanda)))

    assert order == ["Luis Vega", "Amanda Ñancupil"]
    assert from_json(first.examination).verdict == "wrong_order"
    async with work_as(temuco.services, temuco.tenant) as work:
        await signing.set_order(work, act.id, False)
    await temuco.examine(await temuco.bring(act, await signed(await temuco.paper(act), pki().luis)))
    async with work_as(temuco.services, temuco.tenant) as work:
        with pytest.raises(AlreadyClosed):
            await signing.set_order(work, act.id, True)


class State:
    """Plays FirmaGob: signs with the mayor's certificate when the code is right."""

    async def sign(self, content: bytes, *, name: str, run: str, code: str, now: datetime) -> StateSignature:
        if code != "227083":
            raise SigningRefused("El código de un solo uso no es correcto o ya venció.")
        return StateSignature(await signed(content, pki().amanda), "4711")


async def test_firmagob_signs_by_the_link_and_is_called_by_its_name(temuco: Temuco, visitor: Visitor) -> None:
    """Off, the page does not offer it; on, a wrong code keeps the page and a right one brings a file to examine."""
    act = await temuco.letter()
    await temuco.invite(act)
    link = (await temuco.links())["mayor@temuco.cl"]
    off = await visitor.get(link)
    off_post = await visitor.post(f"{link}/firmagob", {"run": AMANDA_RUN, "code": "227083"})

    temuco.services.state_signing = State()
    offered = await visitor.get(link)
    other = await visitor.post(f"{link}/firmagob", {"run": LUIS_RUN, "code": "227083"})
    wrong = await visitor.post(f"{link}/firmagob", {"run": AMANDA_RUN, "code": "000000"})
    right = await visitor.post(f"{link}/firmagob", {"run": AMANDA_RUN, "code": "227083"})
    async with work_as(temuco.services, temuco.tenant) as work:
        (submission,) = await store.submissions(work, act.id)
    done = await temuco.examine(submission.id)

    assert "FirmaGob" not in off.text and off_post.status_code == 404
    assert "el Estado no la ha certificado" in offered.text
    assert "es de otra persona" in other.text
    assert "código de un solo uso no es correcto" in wrong.text and "000000" not in wrong.text
    assert right.status_code == 303
    assert (done.way, done.state, done.reference, done.submitted_by) == ("firmagob", "good", "4711", "Amanda Ñancupil")
    assert await temuco.met("acts.letter_signed_by_mayor")


async def test_a_scan_needs_somebody_to_answer_for_it(temuco: Temuco, visitor: Visitor) -> None:
    """Without a name beside the field it is refused and nothing is kept; with it, it is a record and says so."""
    act = await temuco.letter()
    await make_person(temuco.services, temuco.tenant)
    await visitor.sign_in("rosa@temuco.cl")
    mayor = str((await temuco.rows(act))[0].id)
    sent = {"signed": mayor, "signed_on": "2026-11-20"}
    file = {"file": ("carta.pdf", PDF, "application/pdf")}

    alone = await visitor.post("/m/temuco/preparacion/carta/firmada", sent, files=file)
    named = await visitor.post(
        "/m/temuco/preparacion/carta/firmada", {**sent, "declared_by": "Berta Salas"}, files=file
    )
    page = await visitor.get("/m/temuco/preparacion/carta")

    assert alone.status_code == 422 and "El archivo no trae firma electrónica" in alone.text
    assert named.status_code == 303
    assert "No es una firma electrónica (Ley 19.799)" in page.text
    assert "Declara que es copia fiel: Berta Salas" in page.text
    assert await temuco.met("acts.letter_signed_by_mayor")


async def test_what_was_recorded_before_waits_for_its_declaration(temuco: Temuco, visitor: Visitor) -> None:
    """As an installation of the version before has it: kept, not counted, and one field away from counting."""
    act = await temuco.letter()
    await make_person(temuco.services, temuco.tenant)
    await visitor.sign_in("rosa@temuco.cl")
    mayor = str((await temuco.rows(act))[0].id)
    await visitor.post(
        "/m/temuco/preparacion/carta/firmada",
        {"signed": mayor, "signed_on": "2026-11-20", "declared_by": "Berta Salas"},
        files={"file": ("carta.pdf", PDF, "application/pdf")},
    )
    async with work_as(temuco.services, temuco.tenant) as work:
        row = await store.act(work, act.id)
        row.standing = "undeclared"
        (submission,) = await store.submissions(work, act.id)
        submission.state, submission.declared_by = "undeclared", ""
    before = await temuco.met("acts.letter_signed_by_mayor")

    page = await visitor.get(f"/m/temuco/actos/{act.id}")
    empty = await visitor.post(f"/m/temuco/actos/{act.id}/declarar", {"declared_by": ""})
    done = await visitor.post(f"/m/temuco/actos/{act.id}/declarar", {"declared_by": "Berta Salas"})
    twice = await visitor.post(f"/m/temuco/actos/{act.id}/declarar", {"declared_by": "Berta Salas"})

    assert not before
    assert "Declarar copia fiel" in page.text
    assert (empty.status_code, done.status_code, twice.status_code) == (422, 303, 409)
    assert await temuco.met("acts.letter_signed_by_mayor")


async def test_a_wrong_run_is_refused_and_a_change_of_mail_ends_the_link(temuco: Temuco) -> None:
    """The data of who signs is held to its rules."""
    act = await temuco.letter()
    await temuco.invite(act)
    row = (await temuco.rows(act))[0]
    async with work_as(temuco.services, temuco.tenant) as work:
        with pytest.raises(Rejected):
            await signing.edit_signer(work, row.id, EditSigner(run="12.345.678-0", version=row.version))
        changed = await signing.edit_signer(work, row.id, EditSigner(email="otra@temuco.cl", version=row.version))
        assert changed.token_hash is None


async def test_roles_and_strangers(temuco: Temuco, visitor: Visitor) -> None:
    """A councillor reads and changes nothing; the next municipality finds nothing."""
    act = await temuco.letter()
    row = (await temuco.rows(act))[0]
    other = await make_municipality(temuco.services, cut="13201", name="Puente Alto", slug="puente-alto")
    await make_person(temuco.services, temuco.tenant, email="luis@temuco.cl", roles=("councillor",))
    await make_person(temuco.services, other, email="juan@puentealto.cl")
    pages = ("", "/constancia", f"/firmantes/{row.id}", "/orden", "/enlaces", "/declarar", "/publicar", "/retirar")

    await visitor.sign_in("luis@temuco.cl")
    read = [(await visitor.get(f"/m/temuco/actos/{act.id}{page}")).status_code for page in pages[:2]]
    wrote = [(await visitor.post(f"/m/temuco/actos/{act.id}{page}", {})).status_code for page in pages[2:]]
    assert read == [200, 200]
    assert set(wrote) == {403}

    await visitor.http.aclose()
    async with Visitor(temuco.services) as stranger:
        await stranger.sign_in("juan@puentealto.cl")
        assert (await stranger.get(f"/m/puente-alto/actos/{act.id}")).status_code == 404
        assert (await stranger.get(f"/m/temuco/actos/{act.id}")).status_code == 404
        assert (await stranger.post(f"/m/puente-alto/actos/{act.id}/publicar", {})).status_code == 404


async def test_the_api_tells_the_same(temuco: Temuco, visitor: Visitor) -> None:
    """Signatory, order, links, submissions with each check."""
    act = await temuco.letter()
    person = await make_person(temuco.services, temuco.tenant)
    headers = {"authorization": f"Bearer {await make_token(temuco.services, temuco.tenant, person)}"}
    home = f"/api/v1/m/temuco/actos/{act.id}"
    row = (await temuco.rows(act))[0]

    known = await visitor.http.put(
        f"{home}/firmantes/{row.id}",
        json={"run": AMANDA_RUN, "email": "amanda@temuco.cl", "acting": True, "version": row.version},
        headers=headers,
    )
    ordered = await visitor.http.put(f"{home}/orden", json={"ordered": True}, headers=headers)
    links = await visitor.http.post(f"{home}/enlaces", headers=headers)
    await temuco.examine(await temuco.bring(act, await signed(await temuco.paper(act), pki().amanda)))
    listed = await visitor.http.get(f"{home}/archivos", headers=headers)
    undeclared = await visitor.http.post(f"{home}/declaracion", json={"declared_by": "Yo"}, headers=headers)

    assert (known.status_code, known.json()["signatories"][0]["acting"]) == (200, True)
    assert ordered.json()["ordered"] is True
    assert links.status_code == 200
    (one,) = listed.json()
    assert (one["state"], one["verdict"], one["way"]) == ("good", "good", "advanced")
    assert one["signatures"][0]["person"] == str(row.id)
    assert {check["key"] for check in one["signatures"][0]["checks"]} >= {"content", "coverage", "certificate"}
    assert undeclared.status_code == 409


async def test_whoever_stands_in_for_the_mayor_is_proposed_and_written_down(temuco: Temuco, visitor: Visitor) -> None:
    """The forms begin with who exercises each office today, and the act says that it was as subrogante."""
    await make_person(temuco.services, temuco.tenant)
    since, until = date(2026, 11, 1), date(2026, 12, 31)
    async with work_as(temuco.services, temuco.tenant) as work:
        work.session.add_all(
            [
                OfficeTerm(office="alcaldia", title="Alcaldesa", kind="holder", name="Amanda Ñancupil", since=since),
                OfficeTerm(
                    office="alcaldia", title="Alcaldesa", kind="substitute", name="Inés Mella", since=since, until=until
                ),
                OfficeTerm(
                    office="secretaria_municipal", title="Secretaria", kind="holder", name="Berta Salas", since=since
                ),
            ]
        )
    await visitor.sign_in("rosa@temuco.cl")

    letter = (await visitor.get("/m/temuco/preparacion/carta")).text
    approval = (await visitor.get("/m/temuco/validacion/aprobacion")).text
    await visitor.post(
        "/m/temuco/validacion/aprobacion",
        {
            "signatory": "Inés Mella",
            "cargo": "Alcaldesa (S)",
            "dated_on": "2026-11-20",
            "years": "4",
            "declared_by": "Berta Salas",
        },
        files={"file": ("aprobacion.pdf", PDF, "application/pdf")},
    )
    async with work_as(temuco.services, temuco.tenant) as work:
        act = await store.standing_act(work, "mayor_approval")
        assert act is not None
        (row,) = await store.signatories(work, act.id)

    for page in (letter, approval):
        assert 'value="Inés Mella"' in page
        assert '<option value="Alcaldesa (S)" selected>' in page
        assert 'value="Berta Salas"' in page
    assert (row.name, row.cargo, row.acting) == ("Inés Mella", "Alcaldesa (S)", True)
