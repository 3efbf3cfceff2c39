"""Writing the document, keeping versions of it, making it public and taking it back."""

from uuid import UUID

from acogida.features.acts import public as acts
from acogida.features.cycles import public as cycles
from acogida.features.methodology.model import Guide
from acogida.features.policies import store
from acogida.features.policies.document import approved_copy, clean_copy, compose
from acogida.features.policies.events import PolicyPublished
from acogida.features.policies.forms import FreezeVersion, WithdrawPolicy, WriteSection
from acogida.features.policies.known import Known, gather
from acogida.features.policies.model import PolicySection, PolicyVersion, Publication
from acogida.features.policies.prose import counted, listed
from acogida.features.policies.sealed import code_of
from acogida.features.policies.sections import BY_KEY
from acogida.features.policies.summary import compose_summary
from acogida.features.policies.words import MILESTONES, SCOPE_KEY, TITLE
from acogida.kernel import audit, outbox
from acogida.kernel.document import Document, State, fingerprint, from_json, to_json
from acogida.kernel.errors import NotFound, Rejected, Stale
from acogida.kernel.work import Work

SCOPE_TITLE = "lo que los comentarios pueden cambiar"


async def write_section(work: Work, key: str, wanted: WriteSection) -> PolicySection:
    """This function will set the text of a section; the first time it makes it. Raises `NotFound` for an unknown key."""
    work.require("document:edit")
    if key not in BY_KEY and key != SCOPE_KEY:
        raise NotFound
    row = await store.section(work, key, lock=True)
    before = row.text if row else ""
    if row is None:
        row = PolicySection(key=key, text="")
        work.session.add(row)
    elif row.version != wanted.version:
        raise Stale(row)

    row.text = wanted.text
    await work.session.flush()

    name = BY_KEY[key].title if key in BY_KEY else SCOPE_TITLE
    await audit.record(
        work,
        "policy_section.written",
        f"escribió «{name}» en el documento",
        subject=row,
        before={"text": before},
        after={"text": row.text},
    )
    return row


async def freeze(work: Work, guide: Guide, wanted: FreezeVersion) -> PolicyVersion:
    """This function will keep the document and its summary as they are today; what is kept never changes.

    Raises `Rejected` on `milestone` where the guide asks for something first: the first version holds diagnosis,
    objectives and initiatives (PLAN-3.2-04); the final one follows the answer to every observation (VAL-4.3-01); the
    approved one follows the mayor's approval and is the text of the final one (VAL-4.3-04).
    """
    work.require("document:freeze")
    await store.one_version_at_a_time(work)
    kept = await store.versions(work)
    known = await gather(work, guide)
    _refuse_early(wanted.milestone, kept, known)

    number = kept[0].number + 1 if kept else 1
    document, summary = await _copies(work, known, wanted.milestone, number)
    row = PolicyVersion(
        number=number,
        milestone=wanted.milestone,
        label=wanted.label or MILESTONES[wanted.milestone],
        frozen_at=work.clock.now(),
        frozen_by=work.actor.name,
        content=to_json(document),
        summary=to_json(summary),
        sha256=fingerprint(document),
        published_at=None,
    )
    work.session.add(row)
    await work.session.flush()

    await audit.record(
        work,
        "policy_version.frozen",
        f"guardó la versión {number} de la Política («{row.label}»)",
        subject=row,
        after={"number": number, "milestone": row.milestone, "label": row.label, "sha256": row.sha256},
    )
    return row


def _refuse_early(milestone: str, kept: list[store.VersionRow], known: Known) -> None:
    milestones = {row.milestone for row in kept}
    if milestone == "first":
        if "first" in milestones:
            raise Rejected(fields={"milestone": "La primera versión ya existe: guarde ésta como revisada."})
        lacking = [
            words
            for words, there in (
                ("los hallazgos del diagnóstico", known.diagnosis.findings),
                ("el objetivo general", known.general),
                ("los objetivos específicos", known.specific),
                ("las iniciativas", known.initiatives),
            )
            if not there
        ]
        if lacking:
            raise Rejected(
                fields={
                    "milestone": "La primera versión reúne por lo menos diagnóstico, objetivos e iniciativas (guía 3.2). "
                    f"Falta escribir {listed(lacking)}."
                }
            )
    pending = known.observations.get("pending", 0)
    if milestone == "final" and pending:
        raise Rejected(
            fields={
                "milestone": f"Falta responder {counted(pending, 'observación', 'observaciones')}: la versión final "
                "recoge la retroalimentación recibida (guía 4.3)."
            }
        )
    if milestone == "approved":
        approval = known.acts.get("mayor_approval")
        if approval is None or approval.status != "signed":
            raise Rejected(
                fields={
                    "milestone": "Falta la aprobación firmada por la alcaldesa o el alcalde (mínimo de la guía, 4.3)."
                }
            )
        if "final" not in milestones:
            raise Rejected(
                fields={"milestone": "Primero guarde la versión final: lo que se aprueba es ese texto (guía 4.3)."}
            )


async def _copies(work: Work, known: Known, milestone: str, number: int) -> tuple[Document, Document]:
    """The document and its summary as they will be kept."""
    version = f"Versión {number}"
    if milestone == "approved":
        final = await store.newest_version(work, ["final"])
        if final is None:
            raise NotFound
        document = approved_copy(
            from_json(final.content),
            known,
            number=number,
            final_number=final.number,
            frozen_at=final.frozen_at,
            zone=work.zone,
        )
        summary = clean_copy(
            from_json(final.summary), state=State.APPROVED, version=version, day=document.date, period=document.period
        )
        return document, summary
    document = clean_copy(await compose(work, known, version=version), state=State.FROZEN)
    return document, clean_copy(compose_summary(known, version=version), state=State.FROZEN)


async def publish(work: Work, version_id: UUID) -> Publication:
    """This function will make an approved version public, whole, in the place of the one that was public before."""
    work.require("document:publish")
    version = await store.version(work, version_id, lock=True)
    if version.milestone != "approved":
        raise Rejected("Sólo se publica una versión aprobada por la alcaldía (guía 4.4).")

    vigencia = await cycles.vigencia(work)
    page = await store.own_publication(work, lock=True)
    if page is None:
        page = Publication(municipality_id=work.tenant.id)
        work.session.add(page)
    page.slug, page.municipality_name, page.cut = work.tenant.slug, work.tenant.name, work.tenant.cut
    page.title, page.demo = TITLE, work.tenant.demo
    page.version_number, page.published_at = version.number, work.clock.now()
    page.valid_from, page.valid_until = vigencia or (None, None)
    page.content, page.summary, page.sha256 = version.content, version.summary, version.sha256
    for other in await store.published_versions(work):
        other.published_at = None
    version.published_at = page.published_at
    await work.session.flush()

    await audit.record(
        work,
        "policy.published",
        f"publicó la versión {version.number} de la Política",
        subject=version,
        after={"number": version.number, "sha256": version.sha256},
    )
    await outbox.publish(work, PolicyPublished(version.id))
    return page


async def withdraw(work: Work, wanted: WithdrawPolicy) -> None:
    """This function will take the policy off the public pages; its versions stay in the workspace."""
    work.require("document:publish")
    page = await store.own_publication(work, lock=True)
    if page is None:
        raise NotFound
    for version in await store.published_versions(work):
        version.published_at = None
    await acts.withdraw_document(work, code_of(page))
    await work.session.flush()
    await store.withdraw(work)

    await audit.record(
        work,
        "policy.withdrawn",
        "retiró la Política de las páginas públicas",
        before={"number": page.version_number, "sha256": page.sha256},
        after={"reason": wanted.reason},
    )
