"""A thing found: what it is, where it lives, and the words around what was asked."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from acogida.features.communes.public import fold
from acogida.features.search import store
from acogida.kernel.work import Work

KINDS = {
    "finding": ("Hallazgo", "diagnostico/hallazgos/{id}"),
    "initiative": ("Iniciativa", "iniciativas/{id}"),
    "objective": ("Objetivo", "planificacion/objetivos/{id}"),
    "axis": ("Eje", "planificacion/ejes"),
    "meeting": ("Sesión", "sesiones/{id}"),
    "agreement": ("Acuerdo", "sesiones/{id}"),
    "workshop": ("Taller", "talleres/{id}"),
    "service": ("Servicio", "diagnostico/servicios"),
    "organization": ("Organización", "diagnostico/redes"),
    "source": ("Fuente", "diagnostico/fuentes"),
    "observation": ("Observación", "validacion/observaciones"),
    "progress": ("Avance", "seguimiento/{id}"),
    "adoption": ("Práctica adoptada", "iniciativas/{id}"),
    "file": ("Archivo", "archivo/{id}/ficha"),
}
"""Kind → its name on the screen and its page inside the workspace."""
_AROUND = 90


@dataclass(frozen=True)
class Result:
    kind: str
    kind_name: str
    id: UUID
    title: str
    snippet: str
    path: str


async def search(work: Work, words: str) -> list[Result]:
    """This function will find what holds these words in the workspace; fewer than two letters find nothing."""
    words = " ".join(words.split())[:100]
    asked = [word for word in fold(words).split() if len(word) > 1 or word.isdigit()][:8]
    if len(fold(words)) < 2 or not asked:
        return []
    return [
        Result(
            row.kind,
            KINDS[row.kind][0],
            row.id,
            row.title or KINDS[row.kind][0],
            snippet(row.body, asked),
            KINDS[row.kind][1].format(id=row.id),
        )
        for row in await store.found(work, asked)
    ]


def snippet(body: str, words: Sequence[str]) -> str:
    """This function will give the words around the first of `words` that stands in the text, or its beginning."""
    flat = " ".join(body.split())
    plain = fold(flat)
    places = [plain.find(word) for word in words if word in plain] if len(plain) == len(flat) else []
    start = max(0, min(places) - _AROUND // 2) if places else 0
    piece = flat[start : start + 2 * _AROUND]
    return ("… " if start else "") + piece + (" …" if start + len(piece) < len(flat) else "")
