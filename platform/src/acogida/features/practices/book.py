"""The book of the catalogue: no tenant owns a practice, so what happens to it is written here and not in a workspace's audit.

`app` may add and read, never change nor delete (grants of migration 0002). Anybody reads the entries of a published
practice on its page of history.
"""

from collections.abc import Mapping
from typing import Any

from acogida.features.practices.model import PracticeEvent
from acogida.kernel.db import new_id
from acogida.kernel.work import Work


def entry(
    work: Work,
    code: str,
    tag: str,
    sentence: str,
    *,
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
) -> dict[str, Any]:
    """This function will give an entry as a row: who, what and which values changed from what to what."""
    old, new = before or {}, after or {}
    changes = {name: [old.get(name), new.get(name)] for name in sorted({*old, *new}) if old.get(name) != new.get(name)}
    return {
        "id": new_id(),
        "at": work.clock.now(),
        "code": code,
        "actor_id": work.actor.person_id,
        "actor_name": work.actor.name,
        "tag": tag,
        "sentence": sentence,
        "changes": changes,
        "request_id": work.request_id,
    }


async def note(
    work: Work,
    code: str,
    tag: str,
    sentence: str,
    *,
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
) -> None:
    """This function will write down what happened to a practice or a proposal, in the caller's transaction."""
    work.session.add(PracticeEvent(**entry(work, code, tag, sentence, before=before, after=after)))
    await work.session.flush()
