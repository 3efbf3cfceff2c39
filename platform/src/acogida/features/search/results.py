"""A thing found: what it is, where it lives, and the words around what was asked."""

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
    "workshop": ("Taller", "talleres/{id}"),
    "service": ("Servicio", "diagnostico/servicios"),
    "organization": ("Organización", "diagnostico/redes"),
    "source": ("Fuente", "diagnostico/fuentes"),
    "observation": ("Observación", "validacion/observaciones"),
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
    if len(fold(words)) < 2:
        return []
    return [
        Result(
            row.kind,
            KINDS[row.kind][0],
            row.id,
            row.title or KINDS[row.kind][0],
            snippet(row.body, words),
            KINDS[row.kind][1].format(id=row.id),
        )
        for row in await store.found(work, words)
    ]


def snippet(body: str, words: str) -> str:
    """This function will give the words around the first place where `words` stand, or the beginning."""
    flat = " ".join(body.split())
    place = flat.lower().find(words.lower())
    start = max(0, place - _AROUND // 2) if place >= 0 else 0
    piece = flat[start : start + 2 * _AROUND]
    return ("… " if start else "") + piece + (" …" if start + len(piece) < len(flat) else "")
