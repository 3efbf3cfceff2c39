"""Anyone checks a document by its code: whether it is the approved one, by whom and when, and nothing more.

A copy is compared in the browser, by its fingerprint: the file itself is never sent.
"""

import re

from litestar import get
from litestar.response import Redirect, Template

from acogida.features.acts import sealing, store
from acogida.features.acts.words import WAY_NOTES, WAYS
from acogida.kernel.work import Work
from acogida.web.routing import PUBLIC, public
from acogida.web.view import View

_FINGERPRINT = re.compile(r"[0-9a-f]{64}")


@get("/verificar", permission=PUBLIC)
async def ask_code(work: Work, view: View, codigo: str = "") -> Template | Redirect:
    del work  # it is what opens the page
    if codigo.strip():
        return view.redirect(f"/verificar/{sealing.read_code(codigo) or 'x'}")
    return view.page("acts/verify_ask.html", code="", known=True)


@get("/verificar/{code:str}", permission=PUBLIC)
async def show_seal(work: Work, view: View, code: str, huella: str = "") -> Template:
    """`huella` is the fingerprint of a copy, typed where the browser could not work it out."""
    seal = await store.seal(work, sealing.read_code(code))
    if seal is None:
        return view.page("acts/verify_ask.html", status=404, code=code[:40], known=False)
    typed = re.sub(r"\s", "", huella).lower()
    same = typed == seal.sha256 if _FINGERPRINT.fullmatch(typed) else None
    return view.page(
        "acts/verify.html",
        seal=seal,
        way=WAYS[seal.way],
        note=WAY_NOTES[seal.way],
        typed=huella[:200],
        same=same,
        odd=bool(typed) and same is None,
    )


ROUTES = [public(ask_code, show_seal)]
