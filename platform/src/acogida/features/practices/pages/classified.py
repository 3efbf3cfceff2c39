"""The catalogue by its lists: the eight dimensions, and the guide's categories with what it recommends in each."""

from typing import Annotated

from litestar import get
from litestar.params import Parameter
from litestar.response import Template

from acogida.features.methodology.model import Guide
from acogida.features.practices import content, store
from acogida.features.practices.vocabulary import HasCatalogue, taxonomy
from acogida.kernel.errors import NotFound
from acogida.kernel.work import Work
from acogida.web.routing import PUBLIC, public
from acogida.web.view import View

PAGE = 50
Number = Annotated[int, Parameter(query="pagina", ge=1, le=2000)]


@get("/buenas-practicas/dimensiones", permission=PUBLIC)
async def dimensions(work: Work, view: View, guides: dict[str, Guide]) -> Template:
    guide = guides[max(guides)]
    return view.page("practices/dimensions.html", guide=guide, counts=await store.published_by_dimension(work.session))


@get("/buenas-practicas/dimensiones/{number:int}", permission=PUBLIC)
async def dimension(
    work: Work, view: View, settings: HasCatalogue, guides: dict[str, Guide], number: int, page: Number = 1
) -> Template:
    guide = guides[max(guides)]
    here = next((each for each in guide.dimensions if each.number == number), None)
    if here is None:
        raise NotFound
    rows = await store.published_list(work.session, dimension=str(number), limit=PAGE, offset=PAGE * (page - 1))
    count = await store.how_many_published(work.session, dimensions=[str(number)])
    return view.page(
        "practices/dimension.html",
        guide=guide,
        here=here,
        count=count,
        page=page,
        pages=-(-count // PAGE),
        previous=next((each for each in guide.dimensions if each.number == number - 1), None),
        following=next((each for each in guide.dimensions if each.number == number + 1), None),
        lists=taxonomy(settings.catalogue),
        practices=[(practice, content.of(edition.content)) for practice, edition in rows],
        adopted=await store.adopted(work.session, [practice.code for practice, _ in rows]),
    )


@get("/buenas-practicas/categorias", permission=PUBLIC)
async def categories(work: Work, view: View, settings: HasCatalogue) -> Template:
    counts = await store.published_by_subcategory(work.session)
    return view.page("practices/categories.html", lists=taxonomy(settings.catalogue), counts=counts)


@get("/buenas-practicas/categorias/{key:str}", permission=PUBLIC)
async def category(
    work: Work, view: View, settings: HasCatalogue, guides: dict[str, Guide], key: str, page: Number = 1
) -> Template:
    """A category (`1`) or a subcategory (`1.a`), with its recommendation and its practices."""
    lists = taxonomy(settings.catalogue)
    here = lists.category(key.partition(".")[0])
    sub = lists.subcategories.get(key)
    if here is None or ("." in key and sub is None):
        raise NotFound
    rows = await store.published_list(work.session, category=key, limit=PAGE, offset=PAGE * (page - 1))
    count = await store.how_many_published(work.session, **{"subcategory" if sub else "category": key})
    guide = guides[max(guides)]
    row = sub and next((each for each in guide.rows if each.id == sub.row), None)
    return view.page(
        "practices/category.html",
        lists=lists,
        here=here,
        sub=sub,
        row=row,
        page=page,
        pages=-(-count // PAGE),
        practices=[(practice, content.of(edition.content)) for practice, edition in rows],
        adopted=await store.adopted(work.session, [practice.code for practice, _ in rows]),
    )


ROUTES = [public(dimensions, dimension, categories, category)]
