"""The document as each reader meets it: the team its draft, the concejo what it would be given, the public what is approved."""

from dataclasses import dataclass

from acogida.features.methodology.model import Guide
from acogida.features.policies import store
from acogida.features.policies.document import clean_copy, compose
from acogida.features.policies.known import gather
from acogida.features.policies.summary import compose_summary
from acogida.features.policies.words import MILESTONES
from acogida.kernel.document import Document, State, from_json
from acogida.kernel.work import Work
from acogida.web.format import long_date

READERS = {"borrador": "Borrador", "concejo": "Como lo verá el concejo", "publico": "Como lo verá el público"}


@dataclass(frozen=True, slots=True)
class Reading:
    """The document and its summary for one reader. `note` says which version this is and why."""

    reader: str
    document: Document
    summary: Document
    note: str

    @property
    def file_mark(self) -> str:
        """What tells its files apart by name."""
        return self.document.version or "borrador"


async def read_as(work: Work, guide: Guide, reader: str) -> Reading:
    """This function will give the document as this reader would have it today; an unknown reader gets the draft.

    The concejo reads the last version kept; the public, the last one approved. Where there is none yet, both are shown
    today's text without the notes of the draft.
    """
    if reader not in READERS or reader == "borrador":
        known = await gather(work, guide)
        return Reading("borrador", await compose(work, known), compose_summary(known), "")
    kept = await store.newest_version(work, ["approved"] if reader == "publico" else ())
    if kept:
        return Reading(
            reader,
            from_json(kept.content),
            from_json(kept.summary),
            f"{MILESTONES[kept.milestone]}: versión {kept.number}, guardada el {long_date(kept.frozen_at, work.zone)}.",
        )
    known = await gather(work, guide)
    lacking = "una versión aprobada" if reader == "publico" else "una versión guardada"
    return Reading(
        reader,
        clean_copy(await compose(work, known), state=State.FROZEN),
        clean_copy(compose_summary(known), state=State.FROZEN),
        f"Todavía no hay {lacking}: así se vería el texto de hoy, sin las notas del borrador.",
    )
