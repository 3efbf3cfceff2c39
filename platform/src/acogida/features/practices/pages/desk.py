"""The curators' desk: what waits for whom, the card of each practice, its way to a new edition."""

from typing import Any

from litestar import Request, get, post
from litestar.datastructures import UploadFile
from litestar.response import Redirect, Template

from acogida.features.methodology.model import Guide
from acogida.features.practices import content, importing, store
from acogida.features.practices import forms as filled
from acogida.features.practices.actions import curation
from acogida.features.practices.actions.curation import CURATE
from acogida.features.practices.catalogue import REVIEW_EVERY
from acogida.features.practices.checks import checks
from acogida.features.practices.forms import EditPractice, GiveReason, Merge, Publish, SetDue, Translate
from acogida.features.practices.model import LANGUAGES, ORIGINS, STATES, TRANSLATION_STATES, Practice
from acogida.features.practices.pages.reading import dimension_titles
from acogida.features.practices.vocabulary import HasCatalogue, taxonomy
from acogida.kernel.clock import today
from acogida.kernel.errors import Problem, Rejected, Stale
from acogida.kernel.work import Work
from acogida.web import forms
from acogida.web.routing import public
from acogida.web.view import View

PAGE = 25


@get("/curaduria", permission=CURATE)
async def desk(
    work: Work, view: View, settings: HasCatalogue, estado: str = "", q: str = "", desde: str = ""
) -> Template:
    """Every practice with its state and the gravest of its checks; proposals that wait."""
    day = today(work.clock)
    lists = taxonomy(settings.catalogue)
    rows = await store.desk(
        work.session, state=estado if estado in STATES else "", words=q, today=day, after=desde, limit=PAGE + 1
    )
    proposals = await store.proposal_counts(work.session)
    shown = []
    for row in rows[:PAGE]:
        said = content.of(row.content)
        found = checks(said, lists, day, due_on=row.due_on if row.state == "published" else None)
        shown.append((row, said, [each for each in found if each.severity != "notice"], row.stands(day)))
    return view.page(
        "practices/desk.html",
        shown=shown,
        more=rows[PAGE - 1].code if len(rows) > PAGE else "",
        counts=await store.desk_counts(work.session, day),
        waiting=proposals.get("received", 0) + proposals.get("answered", 0),
        states=STATES,
        state=estado,
        words=q,
        lists=lists,
    )


@get("/curaduria/practicas/nueva", permission=CURATE)
async def new_practice(work: Work, view: View, settings: HasCatalogue, guides: dict[str, Guide]) -> Template:
    return await _card(work, view, settings, guides, None, forms.blank(EditPractice, country="CL", level="municipal"))


@post("/curaduria/practicas/nueva", permission=CURATE, status_code=200)
async def add_practice(work: Work, view: View, settings: HasCatalogue, guides: dict[str, Guide]) -> Template | Redirect:
    form = forms.read(EditPractice, await view.posted())
    if form.ok:
        try:
            row = await curation.add_practice(work, filled.to_content(form.data), taxonomy(settings.catalogue))
            return view.redirect(f"/curaduria/practicas/{row.code}", f"Guardamos el borrador. Su código es {row.code}.")
        except Rejected as problem:
            form.refuse(problem)
    return await _card(work, view, settings, guides, None, form, 422)


@get("/curaduria/practicas/{code:str}", permission=CURATE)
async def card(work: Work, view: View, settings: HasCatalogue, guides: dict[str, Guide], code: str) -> Template:
    row = await store.practice(work.session, code)
    return await _card(work, view, settings, guides, row, filled.from_content(content.of(row.content), row.version))


@post("/curaduria/practicas/{code:str}", permission=CURATE, status_code=200)
async def save(
    work: Work, view: View, settings: HasCatalogue, guides: dict[str, Guide], code: str
) -> Template | Redirect:
    row = await store.practice(work.session, code)
    form = forms.read(EditPractice, await view.posted())
    if form.ok:
        try:
            said = filled.to_content(form.data)
            saved = await curation.edit_practice(
                work, code, said, taxonomy(settings.catalogue), version=form.data.version
            )
            words = "Guardamos la ficha como borrador." if saved.state == "draft" else "No había cambios que guardar."
            return view.redirect(f"/curaduria/practicas/{code}", words)
        except Stale as stale:
            theirs: Any = stale.current
            return view.conflict(
                form,
                filled.from_content(content.of(theirs.content), theirs.version),
                title=row.title,
                back=f"/curaduria/practicas/{code}",
            )
        except Rejected as problem:
            form.refuse(problem)
    return await _card(work, view, settings, guides, row, form, 422)


async def _card(
    work: Work,
    view: View,
    settings: HasCatalogue,
    guides: dict[str, Guide],
    row: Practice | None,
    form: forms.Form[EditPractice],
    status: int = 200,
    *,
    publishing: forms.Form[Publish] | None = None,
) -> Template:
    day = today(work.clock)
    lists = taxonomy(settings.catalogue)
    published = row is not None and row.state == "published"
    return view.page(
        "practices/card.html",
        status=status,
        row=row,
        form=form,
        lists=lists,
        titles=dimension_titles(guides),
        levels=list(filled.LEVELS.items()),
        evidence=list(filled.EVIDENCE.items()),
        scales=list(filled.SCALES.items()),
        sources_hint=filled.SOURCES_HINT,
        state=row.stands(day) if row else "draft",
        states=STATES,
        origins=ORIGINS,
        checks=checks(content.of(row.content), lists, day, due_on=row.due_on if published else None) if row else (),
        publishing=publishing or forms.blank(Publish, due_on=day + REVIEW_EVERY, version=row.version if row else 0),
        events=await store.events(work.session, row.code, limit=12) if row else (),
        translations=await store.translations(work.session, row.id, row.edition) if row and row.edition else (),
        languages=LANGUAGES,
        translation_states=TRANSLATION_STATES,
    )


async def _moved(work: Work, view: View, code: str, verb: Any, words: str) -> Redirect:
    """Do it with the copy that the curator was looking at; a refusal is told on the card."""
    back = f"/curaduria/practicas/{code}"
    try:
        await verb(_version(await view.posted()))
    except (Rejected, Stale) as problem:
        work.doom()
        told = (
            "Otra persona cambió la ficha mientras usted la leía. Mírela de nuevo."
            if isinstance(problem, Stale)
            else problem.message
        )
        return view.redirect(back, told, kind="error")
    return view.redirect(back, words)


def _version(posted: dict[str, list[str]]) -> int:
    value = (posted.get("version") or ["0"])[-1]
    return int(value) if value.isdigit() and len(value) < 10 else 0


@post("/curaduria/practicas/{code:str}/enviar", permission=CURATE, status_code=200)
async def send(work: Work, view: View, code: str) -> Redirect:
    async def verb(version: int) -> object:
        return await curation.send_to_review(work, code, version=version)

    return await _moved(work, view, code, verb, "La enviamos a revisión.")


@post("/curaduria/practicas/{code:str}/revisada", permission=CURATE, status_code=200)
async def reviewed(work: Work, view: View, code: str) -> Redirect:
    async def verb(version: int) -> object:
        return await curation.review(work, code, version=version)

    return await _moved(work, view, code, verb, "Quedó anotado que usted la revisó.")


@post("/curaduria/practicas/{code:str}/aprobar", permission=CURATE, status_code=200)
async def approve(work: Work, view: View, settings: HasCatalogue, code: str) -> Redirect:
    async def verb(version: int) -> object:
        return await curation.approve(work, code, taxonomy(settings.catalogue), version=version)

    return await _moved(work, view, code, verb, "La aprobó. Falta publicarla.")


@post("/curaduria/practicas/{code:str}/descartar", permission=CURATE, status_code=200)
async def discard(work: Work, view: View, code: str) -> Redirect:
    async def verb(version: int) -> object:
        return await curation.discard_changes(work, code, version=version)

    return await _moved(work, view, code, verb, "La ficha volvió a ser la de su edición vigente.")


@post("/curaduria/practicas/{code:str}/restituir", permission=CURATE, status_code=200)
async def restore(work: Work, view: View, code: str) -> Redirect:
    async def verb(version: int) -> object:
        return await curation.restore(work, code, version=version)

    return await _moved(work, view, code, verb, "La devolvió al catálogo.")


@post("/curaduria/practicas/{code:str}/publicar", permission=CURATE, status_code=200)
async def publish(
    work: Work, view: View, settings: HasCatalogue, guides: dict[str, Guide], code: str
) -> Template | Redirect:
    row = await store.practice(work.session, code)
    form = forms.read(Publish, await view.posted())
    if form.ok:
        try:
            edition = await curation.publish(work, code, form.data)
            return view.redirect(f"/curaduria/practicas/{code}", f"Publicó la edición {edition.number}.")
        except Stale:
            form.faults[""] = "Otra persona cambió la ficha mientras usted la leía. Mírela de nuevo antes de publicar."
        except Rejected as problem:
            form.refuse(problem)
    kept = filled.from_content(content.of(row.content), row.version)
    return await _card(work, view, settings, guides, row, kept, 422, publishing=form)


@post("/curaduria/practicas/{code:str}/plazo", permission=CURATE, status_code=200)
async def set_due(work: Work, view: View, code: str) -> Redirect:
    form = forms.read(SetDue, await view.posted())

    async def verb(_version: int) -> object:
        if not form.ok:
            raise Rejected(form.error("due_on"))
        return await curation.set_due(work, code, form.data)

    return await _moved(work, view, code, verb, "Guardamos la fecha de su próxima revisión.")


async def _with_reason(work: Work, view: View, code: str, kind: str) -> Template | Redirect:
    """Go back or retire: the reason is asked on a page of its own, which is also the confirmation."""
    row = await store.practice(work.session, code)
    form = forms.read(GiveReason, await view.posted())
    if form.ok:
        try:
            await (curation.send_back if kind == "return" else curation.retire)(work, code, form.data)
            words = "La devolvió a borrador." if kind == "return" else "La retiró del catálogo. Su página se conserva."
            return view.redirect(f"/curaduria/practicas/{code}", words)
        except Stale:
            form.faults[""] = "Otra persona cambió la ficha mientras usted escribía. Mírela de nuevo."
        except Rejected as problem:
            form.refuse(problem)
    return view.page("practices/reason.html", status=422, form=form, row=row, kind=kind)


@get("/curaduria/practicas/{code:str}/devolver", permission=CURATE)
async def ask_return(work: Work, view: View, code: str) -> Template:
    row = await store.practice(work.session, code)
    return view.page("practices/reason.html", form=forms.blank(GiveReason, version=row.version), row=row, kind="return")


@post("/curaduria/practicas/{code:str}/devolver", permission=CURATE, status_code=200)
async def send_back(work: Work, view: View, code: str) -> Template | Redirect:
    return await _with_reason(work, view, code, "return")


@get("/curaduria/practicas/{code:str}/retirar", permission=CURATE)
async def ask_retire(work: Work, view: View, code: str) -> Template:
    row = await store.practice(work.session, code)
    return view.page("practices/reason.html", form=forms.blank(GiveReason, version=row.version), row=row, kind="retire")


@post("/curaduria/practicas/{code:str}/retirar", permission=CURATE, status_code=200)
async def retire(work: Work, view: View, code: str) -> Template | Redirect:
    return await _with_reason(work, view, code, "retire")


@get("/curaduria/practicas/{code:str}/unir", permission=CURATE)
async def ask_merge(work: Work, view: View, code: str) -> Template:
    row = await store.practice(work.session, code)
    return view.page("practices/merge.html", form=forms.blank(Merge, version=row.version), row=row)


@post("/curaduria/practicas/{code:str}/unir", permission=CURATE, status_code=200)
async def merge(work: Work, view: View, code: str) -> Template | Redirect:
    row = await store.practice(work.session, code)
    form = forms.read(Merge, await view.posted())
    if form.ok:
        try:
            merged = await curation.merge(work, code, form.data)
            return view.redirect(
                f"/curaduria/practicas/{merged.merged_into}", f"{code} quedó unida aquí: su código lleva a ésta."
            )
        except Stale:
            form.faults[""] = "Otra persona cambió la ficha mientras usted escribía. Mírela de nuevo."
        except Rejected as problem:
            form.refuse(problem)
    return view.page("practices/merge.html", status=422, form=form, row=row)


@get("/curaduria/practicas/{code:str}/traducciones/{tongue:str}", permission=CURATE)
async def translation(work: Work, view: View, code: str, tongue: str) -> Template:
    return await _translation(work, view, code, tongue, None)


@post("/curaduria/practicas/{code:str}/traducciones/{tongue:str}", permission=CURATE, status_code=200)
async def translate(work: Work, view: View, code: str, tongue: str) -> Template | Redirect:
    form = forms.read(Translate, {**await view.posted(), "language": [tongue]})
    if form.ok:
        try:
            await curation.translate(work, code, form.data)
            return view.redirect(f"/curaduria/practicas/{code}", "Guardamos la traducción.")
        except Stale:
            form.faults[""] = "Otra persona cambió esta traducción. Ábrala en otra ventana y compare antes de guardar."
        except Rejected as problem:
            form.refuse(problem)
    return await _translation(work, view, code, tongue, form)


async def _translation(work: Work, view: View, code: str, tongue: str, form: forms.Form[Translate] | None) -> Template:
    row = await store.practice(work.session, code)
    edition = await store.edition(work.session, row.id, row.edition)
    kept = await store.translation(work.session, row.id, row.edition, tongue)
    start = forms.blank(Translate, language=tongue, state="machine")
    if kept:
        start = forms.filled(
            Translate, kept, how_it_works="\n".join(kept.how_it_works), results="\n".join(kept.results)
        )
    return view.page(
        "practices/translation.html",
        status=422 if form else 200,
        row=row,
        edition=edition,
        said=content.of(edition.content),
        form=form or start,
        tongue=LANGUAGES.get(tongue, tongue),
        states=list(TRANSLATION_STATES.items()),
    )


@get("/curaduria/importar", permission=CURATE)
async def import_page(view: View) -> Template:
    return view.page("practices/import.html", faults=(), refused="", labels=content.LABELS)


@post("/curaduria/importar", permission=CURATE, status_code=200)
async def import_file(
    request: Request[Any, Any, Any], work: Work, view: View, settings: HasCatalogue
) -> Template | Redirect:
    """All or nothing: every fault of every row is told at once."""
    lists = taxonomy(settings.catalogue)
    sent = (await request.form()).get("file")
    if not isinstance(sent, UploadFile) or not sent.filename:
        return view.page(
            "practices/import.html", status=422, faults=(), refused="Elija un archivo.", labels=content.LABELS
        )
    try:
        found = importing.read(sent.filename, await sent.read(), lists)
        if found.faults:
            return view.page(
                "practices/import.html", status=422, faults=found.faults, refused="", labels=content.LABELS
            )
        brought = await curation.add_many(work, found.practices, lists)
    except Problem as problem:
        told = " ".join(problem.fields.values()) or problem.message
        return view.page("practices/import.html", status=422, faults=(), refused=told, labels=content.LABELS)
    words = (
        f"Entraron {len(brought)} prácticas al escritorio."
        if len(brought) != 1
        else "Entró una práctica al escritorio."
    )
    return view.redirect("/curaduria?estado=draft", words)


ROUTES = [
    public(
        desk,
        new_practice,
        add_practice,
        card,
        save,
        send,
        reviewed,
        approve,
        discard,
        restore,
        publish,
        set_due,
        ask_return,
        send_back,
        ask_retire,
        retire,
        ask_merge,
        merge,
        translation,
        translate,
        import_page,
        import_file,
    )
]
