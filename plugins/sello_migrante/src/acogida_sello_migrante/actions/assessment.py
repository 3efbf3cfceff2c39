"""Measuring the municipality with the standard: rounds, answers, proofs, requirements of its own."""

from uuid import UUID

from acogida.sdk import NotFound, Rejected, Stale, Work, archive, audit, documents, draft_initiative, initiative
from acogida_sello_migrante import store
from acogida_sello_migrante.actions.writing import as_id, locked, set_fields
from acogida_sello_migrante.forms import AddProof, EditLocal, Judge, LinkInitiative, OpenAssessment
from acogida_sello_migrante.model import Action, Answer, Assessment, GapInitiative, LocalCriterion, Proof
from acogida_sello_migrante.standard import NEWEST, standards
from acogida_sello_migrante.standing import Assessed, Standing
from acogida_sello_migrante.words import PENDING, PROOFS, STATES

MOST_PROOFS = 40
MOST_LOCAL = 60
COPIED_PROOF = (
    "criterion",
    "kind",
    "name",
    "note",
    "url",
    "sha256",
    "file_id",
    "initiative_id",
    "dated_on",
    "added_by",
)


async def current(work: Work) -> Assessment:
    """This function will give the round in course to write on, or raise `Rejected` where the last one was closed.

    The first one begins by itself, with the newest standard.
    """
    found = await store.open_assessment(work, lock=True)
    if found:
        return found
    if await store.latest_assessment(work):
        raise Rejected("La autoevaluación está cerrada. Abra la próxima: empieza con las mismas respuestas.")
    return await _open(work, NEWEST)


async def _open(work: Work, standard: str) -> Assessment:
    row = Assessment(standard=standard, opened_on=work.today())
    work.session.add(row)
    await work.session.flush()
    title = standards()[standard].title
    await audit.record(work, "assessment.opened", f"abrió la autoevaluación del Sello Migrante ({title})", subject=row)
    return row


async def open_round(work: Work, wanted: OpenAssessment) -> Assessment:
    """This function will open a new round; it begins with the answers and proofs of the last one, to be looked at again."""
    work.require("planning:edit")
    if await store.open_assessment(work, lock=True):
        raise Rejected("Ya hay una autoevaluación abierta. Ciérrela antes de abrir otra.")
    closed = await store.closed_assessments(work)
    row = await _open(work, wanted.standard)
    if closed:
        known = {*standards()[wanted.standard].criteria, *(each.key for each in await store.local_criteria(work))}
        for given in (await store.answers(work, closed[0].id)).values():
            if given.criterion in known:
                work.session.add(
                    Answer(
                        assessment_id=row.id, criterion=given.criterion, state=given.state, statement=given.statement
                    )
                )
        for proof in await store.proofs(work, closed[0].id):
            if proof.criterion in known:
                work.session.add(Proof(assessment_id=row.id, **{name: getattr(proof, name) for name in COPIED_PROOF}))
        await work.session.flush()
    return row


async def use_standard(work: Work, wanted: OpenAssessment) -> Assessment:
    """This function will measure the round in course with another version; answers keep to their requirement."""
    work.require("planning:edit")
    row = await current(work)
    before = await set_fields(work, row, {"standard": wanted.standard})
    title = standards()[wanted.standard].title
    await audit.record(
        work,
        "assessment.standard_changed",
        f"eligió la versión «{title}» del Sello Migrante",
        subject=row,
        before=before,
        after={"standard": wanted.standard},
    )
    return row


async def close_round(work: Work, found: Assessed, document: documents.Document) -> Assessment:
    """This function will close the round in course with its report, which stays as it is from then on."""
    work.require("document:freeze")
    row = await store.open_assessment(work, lock=True)
    if row is None:
        raise Rejected("No hay una autoevaluación abierta.")
    kept = {
        "closed_on": work.today(),
        "closed_by": work.actor.name,
        "met": found.met,
        "total": found.total,
        "report": documents.to_json(document),
        "fingerprint": documents.fingerprint(document),
    }
    await set_fields(work, row, kept)
    await audit.record(
        work,
        "assessment.closed",
        f"cerró la autoevaluación del Sello Migrante con {found.met} de {found.total} requisitos cumplidos",
        subject=row,
        after={name: kept[name] for name in ("met", "total", "fingerprint")},
    )
    return row


async def judge(work: Work, standing: Standing, wanted: Judge) -> Answer:
    """This function will say how a requirement stands; an empty state leaves it to what the workspace shows."""
    work.require("planning:edit")
    assessment = await current(work)
    key = standing.criterion.id
    row = await store.answer(work, assessment.id, key, lock=True)
    if (row.version if row else 0) != wanted.version:
        raise Stale(row)

    if row is None:
        row = Answer(assessment_id=assessment.id, criterion=key)
        work.session.add(row)
        await work.session.flush()
    changes = wanted.changes()
    before = await set_fields(work, row, changes)
    said = STATES.get(wanted.state, "lo que muestra el espacio" if standing.shown_state else PENDING).lower()
    await audit.record(
        work,
        "answer.edited",
        f"evaluó {key} «{standing.criterion.title}» del Sello Migrante: {said}",
        subject=row,
        before=before,
        after=changes,
    )
    return row


async def add_proof(work: Work, standing: Standing, wanted: AddProof) -> Proof:
    """This function will put a file of the archive, an initiative, a link or words beside a requirement."""
    work.require("planning:edit")
    assessment = await current(work)
    if len(standing.proofs) >= MOST_PROOFS:
        raise Rejected(f"Un requisito admite hasta {MOST_PROOFS} respaldos. Quite los que ya no sirvan.")
    row = Proof(
        assessment_id=assessment.id,
        criterion=standing.criterion.id,
        kind=wanted.kind,
        name=wanted.name or wanted.url or wanted.note.splitlines()[0][:240] if wanted.kind in ("link", "note") else "",
        note=wanted.note,
        url=wanted.url if wanted.kind == "link" else "",
        dated_on=wanted.dated_on,
        added_by=work.actor.name,
    )
    if wanted.kind == "file":
        await _point_at_file(work, row, wanted.file_id)
    elif wanted.kind == "initiative":
        await _point_at_initiative(work, row, wanted.initiative_id)
    if any((row.kind, row.name, row.url) == (each.kind, each.name, each.url) for each in standing.proofs):
        raise Rejected("Este respaldo ya está en el requisito.")
    work.session.add(row)
    await work.session.flush()

    await audit.record(
        work,
        "proof.added",
        f"agregó a {standing.criterion.id} el respaldo «{row.name}» ({PROOFS[row.kind].lower()})",
        subject=row,
        after={"name": row.name, "note": row.note, "url": row.url, "sha256": row.sha256},
    )
    return row


async def _point_at_file(work: Work, row: Proof, given: str) -> None:
    file_id = as_id(given)
    try:
        found = await archive.file_row(work, file_id) if file_id else None
    except NotFound:
        found = None
    if found is None:
        raise Rejected(fields={"file_id": "Este archivo ya no está en el archivo del espacio. Elija otro."})
    row.file_id, row.name, row.sha256 = found.id, found.name, found.sha256
    row.dated_on = row.dated_on or found.dated_on


async def _point_at_initiative(work: Work, row: Proof, given: str) -> None:
    initiative_id = as_id(given)
    try:
        found = await initiative(work, initiative_id) if initiative_id else None
    except NotFound:
        found = None
    if found is None:
        raise Rejected(fields={"initiative_id": "Esta iniciativa ya no está en la Política. Elija otra."})
    row.initiative_id, row.name = found.id, found.name


async def link_initiative(work: Work, found: Assessed, initiative_id: UUID, wanted: LinkInitiative) -> list[str]:
    """This function will leave an initiative as a proof of exactly these requirements, and give them."""
    work.require("planning:edit")
    subject = await initiative(work, initiative_id)
    assessment = await current(work)
    chosen = [key for key in found.standings if key in wanted.criteria]
    if set(wanted.criteria) - set(chosen):
        raise Rejected(
            fields={"criteria": "Algo de lo que marcó ya no está en el estándar. Revise y vuelva a guardar."}
        )
    there = {row.criterion: row for row in await store.proofs_of_initiative(work, initiative_id)}
    for key in there.keys() - set(chosen):
        await store.erase(work, Proof, there[key].id)
    for key in chosen:
        if key not in there:
            work.session.add(
                Proof(
                    assessment_id=assessment.id,
                    criterion=key,
                    kind="initiative",
                    name=subject.name,
                    initiative_id=subject.id,
                    added_by=work.actor.name,
                )
            )
    await work.session.flush()
    if set(chosen) != set(there):
        await audit.record(
            work,
            "initiative.linked",
            f"dijo a qué requisitos del Sello Migrante responde «{subject.name}»: {', '.join(chosen) or 'ninguno'}",
            subject=assessment,
            before={"criteria": sorted(there)},
            after={"criteria": chosen},
        )
    return chosen


async def remove_proof(work: Work, proof_id: UUID) -> Proof:
    """This function will take a proof away from the round in course; what it pointed at stays where it is."""
    work.require("planning:edit")
    row = await store.one(work, Proof, proof_id, lock=True)
    assessment = await store.open_assessment(work)
    if assessment is None or row.assessment_id != assessment.id:
        raise Rejected("Este respaldo es de una autoevaluación cerrada y no se puede quitar.")
    await store.erase(work, Proof, proof_id)
    await audit.record(
        work,
        "proof.removed",
        f"quitó de {row.criterion} el respaldo «{row.name}»",
        subject=row,
        before={"name": row.name, "note": row.note, "url": row.url},
    )
    return row


async def add_local(work: Work, wanted: EditLocal) -> LocalCriterion:
    """This function will add a requirement that Sermig has told the municipality, with where it says so."""
    work.require("planning:edit")
    number = await store.last_number(work) + 1
    if number > MOST_LOCAL:
        raise Rejected(f"Se admiten hasta {MOST_LOCAL} requisitos agregados.")
    row = LocalCriterion(number=number, **wanted.changes())
    work.session.add(row)
    await work.session.flush()
    await audit.record(
        work,
        "criterion.added",
        f"agregó el requisito {row.key} «{row.title}» a {row.commitment} del Sello Migrante",
        subject=row,
        after=wanted.changes(),
    )
    return row


async def edit_local(work: Work, row_id: UUID, wanted: EditLocal) -> LocalCriterion:
    """This function will correct a requirement that the municipality had added."""
    work.require("planning:edit")
    row = await locked(work, LocalCriterion, row_id, wanted.version)
    before = await set_fields(work, row, wanted.changes())
    await audit.record(
        work,
        "criterion.edited",
        f"corrigió el requisito {row.key} «{row.title}» del Sello Migrante",
        subject=row,
        before=before,
        after=wanted.changes(),
    )
    return row


async def remove_local(work: Work, row_id: UUID) -> LocalCriterion:
    """This function will take away a requirement that the municipality had added, with its answer and proofs."""
    work.require("planning:edit")
    row = await store.one(work, LocalCriterion, row_id, lock=True)
    assessment = await store.open_assessment(work)
    await store.forget_criterion(work, row.key, assessment.id if assessment else None)
    await store.erase(work, LocalCriterion, row_id)
    await audit.record(
        work,
        "criterion.removed",
        f"quitó el requisito {row.key} «{row.title}» del Sello Migrante",
        subject=row,
        before={"title": row.title, "description": row.description, "source": row.source},
    )
    return row


# --- From a gap to what is done about it ---------------------------------------------------------


async def propose_initiative(work: Work, found: Assessed, standing: Standing) -> UUID:
    """This function will turn a gap into a draft of an initiative of the Política, which remembers where it comes from."""
    work.require("initiative:edit")
    criterion = standing.criterion
    if standing.born:
        raise Rejected("Esta brecha ya tiene una iniciativa. Ábrala para completarla.")
    dimensions = {"SM-1": ["dim_1"], "SM-2": ["dim_1"], "SM-4": ["dim_2"], "SM-5": ["dim_8"]}
    commitment = found.commitment_of(criterion.id)
    initiative_id = await draft_initiative(
        work,
        criterion.gap.name if criterion.gap else criterion.title,
        description="\n\n".join(
            part
            for part in (
                criterion.gap.text if criterion.gap else criterion.text,
                f"Nace de una brecha del Sello Migrante: {criterion.id}, {criterion.title} ({commitment.short}).",
            )
            if part
        ),
        dimensions=dimensions.get(commitment.id, []),
    )
    row = GapInitiative(
        criterion=criterion.id,
        criterion_title=criterion.title,
        standard=found.standard.key,
        found_on=work.today(),
        initiative_id=initiative_id,
    )
    work.session.add(row)
    await work.session.flush()
    await audit.record(
        work,
        "gap.proposed",
        f"llevó a la Política una iniciativa por la brecha {criterion.id} «{criterion.title}» del Sello Migrante",
        subject=row,
        after={"initiative_id": initiative_id, "criterion": criterion.id},
    )
    return initiative_id


async def propose_action(work: Work, standing: Standing) -> Action:
    """This function will turn a gap into an action of the work plan, for people to say who answers for it and until when."""
    work.require("planning:edit")
    criterion = standing.criterion
    row = Action(
        criterion=criterion.id,
        title=(criterion.gap.name if criterion.gap else criterion.title)[:240],
        detail=criterion.gap.text if criterion.gap else criterion.text,
        initiative_id=standing.born[0].initiative_id if standing.born else None,
    )
    work.session.add(row)
    await work.session.flush()
    await audit.record(
        work,
        "action.added",
        f"agregó al plan de trabajo del Sello Migrante «{row.title}», por la brecha {criterion.id}",
        subject=row,
        after={"title": row.title, "criterion": row.criterion},
    )
    return row
