"""What every store of files holds to: names of ours alone, and the refusals that any of them may give.

A key is `folder/name` with an optional suffix after a point (`evidence/0192….thumb`): derived content lives and dies
with the key it was derived from. Anything else does not exist, whoever asks.
"""

import re
from uuid import UUID

from acogida.kernel.errors import NotFound, Problem
from acogida.kernel.tenancy import TenantId

_FOLDER = r"[a-z][a-z0-9_-]{0,40}"
_KEY = re.compile(rf"{_FOLDER}/[a-z0-9][a-z0-9_-]{{0,80}}(\.[a-z0-9]{{1,20}}){{0,2}}")


class StoreFull(Problem):
    """There is no room for another file; nothing was kept."""

    status = 507
    code = "store_full"
    sentence = "No queda espacio para guardar archivos. Lo demás quedó como estaba; avise a quien administra Acogida."


class Retained(Problem):
    """The content may not be erased yet: it is kept by its class or by a legal hold."""

    status = 409
    code = "retained"
    sentence = "Este archivo debe conservarse todavía y no se puede borrar."


class Damaged(Problem):
    """The store has other bytes than the ones that were sent or kept."""

    status = 503
    code = "damaged"
    sentence = (
        "El archivo llegó distinto de como salió y no lo guardamos. Pruebe otra vez; si se repite, avise a quien "
        "administra Acogida."
    )


def place_of(tenant: TenantId, key: str) -> tuple[str, str, str]:
    """This function will split a key into tenant, folder and name, or raise `NotFound` where it is not one of ours."""
    if not isinstance(tenant, UUID) or not _KEY.fullmatch(key):
        raise NotFound
    folder, name = key.split("/")
    return str(tenant), folder, name


def folder_of(tenant: TenantId, folder: str) -> tuple[str, str]:
    """This function will give tenant and folder, or raise `NotFound` where the folder is not one of ours."""
    if not isinstance(tenant, UUID) or not re.fullmatch(_FOLDER, folder):
        raise NotFound
    return str(tenant), folder


def stem_of(name: str) -> str:
    """This function will give the part of a name that everything derived from it shares."""
    return name.partition(".")[0]
