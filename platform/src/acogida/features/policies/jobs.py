"""What the worker does with a published policy: writes down the fingerprint that anyone may compare a copy with."""

import hashlib
from typing import Protocol
from uuid import UUID

from acogida.features.acts import public as acts
from acogida.features.policies import store
from acogida.features.policies.events import PolicyPublished
from acogida.features.policies.sealed import HasAddress, code_of, with_code
from acogida.kernel.document import from_json
from acogida.kernel.ports import DocumentRenderer
from acogida.kernel.work import Work


class Neighbours(Protocol):
    renderer: DocumentRenderer
    settings: HasAddress


async def seal_policy(services: Neighbours, work: Work, version_id: UUID) -> None:
    """This job will seal the PDF of the public policy, as the public page gives it. A withdrawn one it leaves."""
    page = await store.own_publication(work)
    version = await store.version(work, version_id)
    if page is None or page.version_number != version.number:
        return
    code = code_of(page)
    content = await services.renderer.pdf(with_code(from_json(page.content), services.settings.public_url, code))
    approval = (await acts.current_acts(work)).get("mayor_approval")
    said = approval.content if approval else {}
    await acts.seal_document(
        work,
        code=code,
        title=f"{page.title}, versión {page.version_number}",
        dated_on=approval.dated_on if approval else None,
        approved_by=", ".join(filter(None, (str(said.get("signatory", "")), str(said.get("cargo", ""))))),
        sha256=hashlib.sha256(content).hexdigest(),
    )


JOBS = {"seal_policy": seal_policy}
LISTENERS_OF = {PolicyPublished: ["seal_policy"]}
