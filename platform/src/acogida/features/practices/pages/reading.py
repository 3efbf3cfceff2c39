"""A practice as anybody reads it: its newest edition, each earlier one at its own address, its citations, its history."""

import json
import re
from collections.abc import Mapping, Sequence
from typing import Any

from litestar import Response, get
from litestar.response import Redirect, Template

from acogida.features.methodology.model import Guide
from acogida.features.practices import citation, content, store
from acogida.features.practices.likeness import similar
from acogida.features.practices.model import (
    LANGUAGES,
    ORIGINS,
    TRANSLATION_STATES,
    Practice,
    PracticeEdition,
    PracticeTranslation,
)
from acogida.features.practices.vocabulary import HasCatalogue, Taxonomy, language, taxonomy
from acogida.kernel.errors import NotFound
from acogida.kernel.work import Work
from acogida.web.routing import PUBLIC, public
from acogida.web.view import View

HOME = "/buenas-practicas"
_CODE = re.compile(r"BP-\d{3,5}", re.IGNORECASE)
_EDITION = re.compile(r"v(\d{1,4})", re.IGNORECASE)


def dimension_titles(guides: Mapping[str, Guide]) -> Mapping[str, str]:
    """This function will give number → title of the eight dimensions, as the newest version of the guide says them."""
    return {str(each.number): each.title for each in guides[max(guides)].dimensions}


async def found(work: Work, code: str) -> Practice:
    """This function will give a practice that has been published, retired or not; `NotFound` for every other code."""
    if not _CODE.fullmatch(code):
        raise NotFound
    practice = await store.practice(work.session, code.upper())
    if practice.edition == 0 and practice.merged_into is None:
        raise NotFound
    return practice


async def found_edition(work: Work, code: str, edition: str) -> tuple[Practice, PracticeEdition]:
    """This function will give one edition by its address, `v2`."""
    practice = await found(work, code)
    number = _EDITION.fullmatch(edition)
    if number is None:
        raise NotFound
    return practice, await store.edition(work.session, practice.id, int(number[1]))


@get("/buenas-practicas/{code:str}", permission=PUBLIC)
async def newest(
    work: Work, view: View, settings: HasCatalogue, guides: dict[str, Guide], code: str, idioma: str = ""
) -> Template | Redirect:
    """The newest edition. The code of a practice that another took in leads to that one."""
    practice = await found(work, code)
    if practice.merged_into:
        return Redirect(f"{HOME}/{practice.merged_into}", status_code=301)
    if code != practice.code:
        return Redirect(f"{HOME}/{practice.code}", status_code=301)
    edition = await store.edition(work.session, practice.id, practice.edition)
    return await _show(work, view, settings, guides, practice, edition, idioma)


@get("/buenas-practicas/{code:str}/{edition:str}", permission=PUBLIC)
async def one_edition(
    work: Work, view: View, settings: HasCatalogue, guides: dict[str, Guide], code: str, edition: str, idioma: str = ""
) -> Template:
    """An edition at the address by which it was cited: it answers for ever, whatever happened to the practice since."""
    practice, row = await found_edition(work, code, edition)
    return await _show(work, view, settings, guides, practice, row, idioma)


async def _show(
    work: Work,
    view: View,
    settings: HasCatalogue,
    guides: dict[str, Guide],
    practice: Practice,
    edition: PracticeEdition,
    wanted: str,
) -> Template:
    lists = taxonomy(settings.catalogue)
    titles = dimension_titles(guides)
    said = content.of(edition.content)
    translations = await store.translations(work.session, practice.id, edition.number)
    latest = edition.number == practice.edition
    data = citation.json_ld(settings.public_url, edition, lists, titles, latest=latest)
    adopted = (await store.adopted(work.session, [practice.code])).get(practice.code, store.Adopted())
    return view.page(
        "practices/practice.html",
        practice=practice,
        edition=edition,
        said=said,
        latest=latest,
        lists=lists,
        titles=titles,
        spoken=", ".join(map(language, said.languages)),
        where=citation.where(said),
        years=_years(said),
        adopted=adopted,
        alike=await _alike(work, practice.code, said, lists),
        editions=await store.editions(work.session, practice.id),
        translations=translations,
        translation=_translation(translations, wanted),
        languages=LANGUAGES,
        translation_states=TRANSLATION_STATES,
        took_in=await store.merged_into(work.session, practice.code),
        origins=ORIGINS,
        apa=citation.apa(settings.public_url, edition),
        address=citation.address(settings.public_url, edition),
        canonical=f"{settings.public_url}{HOME}/{practice.code}",
        data_block=citation.data_block(data),
    )


def _years(said: content.Content) -> str:
    if said.start_year is None:
        return f"hasta {said.end_year}" if said.end_year else ""
    return f"{said.start_year} a {said.end_year}" if said.end_year else f"desde {said.start_year}"


def _translation(kept: Sequence[PracticeTranslation], wanted: str) -> PracticeTranslation | None:
    return next((each for each in kept if each.language == wanted), None)


async def _alike(work: Work, code: str, said: content.Content, lists: Taxonomy) -> Sequence[Any]:
    rows = await store.alike(work.session, code=code, subcategory=said.subcategory, themes=said.themes)
    return similar(said, [(edition, content.of(edition.content)) for _, edition in rows], lists)


@get("/buenas-practicas/{code:str}/historia", permission=PUBLIC)
async def history(work: Work, view: View, code: str) -> Template:
    """Each edition with who reviewed and approved it, and what the book says of the practice."""
    practice = await found(work, code)
    return view.page(
        "practices/history.html",
        practice=practice,
        editions=await store.editions(work.session, practice.id),
        events=await store.events(work.session, practice.code),
        took_in=await store.merged_into(work.session, practice.code),
    )


@get("/buenas-practicas/{code:str}/{edition:str}/cita.bib", permission=PUBLIC)
async def cite_bibtex(work: Work, settings: HasCatalogue, code: str, edition: str) -> Response[str]:
    _, row = await found_edition(work, code, edition)
    return _file(citation.bibtex(settings.public_url, row), "application/x-bibtex", f"{row.code}-v{row.number}.bib")


@get("/buenas-practicas/{code:str}/{edition:str}/cita.json", permission=PUBLIC)
async def cite_csl(work: Work, settings: HasCatalogue, code: str, edition: str) -> Response[str]:
    _, row = await found_edition(work, code, edition)
    told = json.dumps(citation.csl(settings.public_url, row), ensure_ascii=False, indent=2)
    return _file(told, "application/vnd.citationstyles.csl+json", f"{row.code}-v{row.number}.csl.json")


@get("/buenas-practicas/{code:str}/{edition:str}/ficha.jsonld", permission=PUBLIC)
async def linked_data(
    work: Work, settings: HasCatalogue, guides: dict[str, Guide], code: str, edition: str
) -> Response[str]:
    """The same description that the page carries inside."""
    practice, row = await found_edition(work, code, edition)
    lists = taxonomy(settings.catalogue)
    latest = row.number == practice.edition
    told = citation.json_ld(settings.public_url, row, lists, dimension_titles(guides), latest=latest)
    return _file(
        json.dumps(told, ensure_ascii=False, indent=2), "application/ld+json", f"{row.code}-v{row.number}.jsonld"
    )


def _file(text: str, media_type: str, name: str) -> Response[str]:
    return Response(
        text,
        media_type=f"{media_type}; charset=utf-8",
        headers={"content-disposition": f'attachment; filename="{name}"'},
    )


ROUTES = [public(newest, one_edition, history, cite_bibtex, cite_csl, linked_data)]
