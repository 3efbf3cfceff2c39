"""The catalogue for machines: what search engines, libraries, data portals and readers of news come for."""

import csv
import json
from io import StringIO

from litestar import HttpMethod, Request, Response, get, route

from acogida.features.methodology.model import Guide
from acogida.features.practices import content, exports, oai, store
from acogida.features.practices.pages.reading import dimension_titles
from acogida.features.practices.vocabulary import HasCatalogue, taxonomy
from acogida.kernel.errors import NotFound
from acogida.kernel.work import Work
from acogida.web.routing import PUBLIC, public

XML = "application/xml; charset=utf-8"


def _cached(body: str | bytes, media_type: str, *, name: str = "") -> Response[str | bytes]:
    headers = {"cache-control": "public, max-age=300", "access-control-allow-origin": "*"}
    if name:
        headers["content-disposition"] = f'attachment; filename="{name}"'
    return Response(body, media_type=media_type, headers=headers)


@get("/robots.txt", permission=PUBLIC, sync_to_thread=False)
def robots(settings: HasCatalogue) -> Response[str | bytes]:
    """Anybody may index what anybody may read; workspaces, accounts and the desk are of no use to an engine."""
    return _cached(exports.robots(settings.public_url), "text/plain; charset=utf-8")


@get("/sitemap.xml", permission=PUBLIC)
async def sitemap(work: Work, settings: HasCatalogue) -> Response[str | bytes]:
    rows = await store.published_index(work.session)
    return _cached(exports.sitemap(settings.public_url, rows, taxonomy(settings.catalogue)), XML)


@get("/buenas-practicas/novedades.atom", permission=PUBLIC)
async def news(work: Work, settings: HasCatalogue) -> Response[str | bytes]:
    rows = await store.published_list(work.session, newest=True, limit=50)
    feed = exports.atom(
        settings.public_url,
        rows,
        path="/buenas-practicas/novedades.atom",
        title="Buenas prácticas",
        page="/buenas-practicas",
    )
    return _cached(feed, "application/atom+xml; charset=utf-8")


@get("/buenas-practicas/dimensiones/{number:int}/novedades.atom", permission=PUBLIC)
async def news_of_dimension(
    work: Work, settings: HasCatalogue, guides: dict[str, Guide], number: int
) -> Response[str | bytes]:
    title = dimension_titles(guides).get(str(number))
    if title is None:
        raise NotFound
    rows = await store.published_list(work.session, dimension=str(number), newest=True, limit=50)
    place = f"/buenas-practicas/dimensiones/{number}"
    feed = exports.atom(
        settings.public_url, rows, path=f"{place}/novedades.atom", title=f"Buenas prácticas: {title}", page=place
    )
    return _cached(feed, "application/atom+xml; charset=utf-8")


@get("/buenas-practicas/catalogo.jsonld", permission=PUBLIC)
async def dcat(work: Work, settings: HasCatalogue, guides: dict[str, Guide]) -> Response[str | bytes]:
    rows = await store.published_index(work.session)
    first = await store.earliest(work.session)
    told = exports.dcat(settings.public_url, rows, dimension_titles(guides), first=first)
    return _cached(json.dumps(told, ensure_ascii=False, indent=1), "application/ld+json; charset=utf-8")


@get("/buenas-practicas/catalogo.json", permission=PUBLIC)
async def everything(work: Work, settings: HasCatalogue) -> Response[str | bytes]:
    """Every published practice, whole."""
    told = exports.everything(settings.public_url, await store.published_texts(work.session))
    return _cached(told, "application/json; charset=utf-8", name="buenas-practicas.json")


@get("/buenas-practicas/catalogo.csv", permission=PUBLIC)
async def spreadsheet(work: Work, settings: HasCatalogue) -> Response[str | bytes]:
    """The same, a row each, for a spreadsheet: with the mark that tells Excel it is UTF-8, and no cell that is a formula."""
    text = StringIO()
    writer = csv.DictWriter(text, fieldnames=exports.COLUMNS)
    writer.writeheader()
    for _, edition in await store.published_list(work.session):
        writer.writerow(exports.flat(settings.public_url, edition.code, edition.number, content.of(edition.content)))
    return _cached("\ufeff" + text.getvalue(), "text/csv; charset=utf-8", name="buenas-practicas.csv")


@route(
    "/oai", http_method=[HttpMethod.GET, HttpMethod.POST], permission=PUBLIC, status_code=200, exclude_from_csrf=True
)
async def harvest(
    request: Request, work: Work, settings: HasCatalogue, guides: dict[str, Guide]
) -> Response[str | bytes]:
    """OAI-PMH 2.0, by GET or POST as the protocol asks: whoever collects catalogues comes here."""
    pairs = list(request.query_params.multi_items())
    if request.method == "POST":
        pairs += [(name, value) for name, value in (await request.form()).multi_items() if isinstance(value, str)]
    host = oai.Host(settings.public_url, taxonomy(settings.catalogue), dimension_titles(guides))
    return Response(await oai.answer(work, host, pairs), media_type="text/xml; charset=utf-8")


ROUTES = [public(robots, sitemap, news, news_of_dimension, dcat, everything, spreadsheet, harvest)]
