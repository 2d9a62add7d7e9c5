"""Looking goods up in the catalogue."""

from typing import Annotated

from fastapi import APIRouter, Query

from acceptance_api.access import Permission, require
from acceptance_api.goods import Goods, edition_on
from acceptance_api.http.callers import CounterCaller
from acceptance_api.http.office import OfficeDep
from acceptance_api.http.problems import documented
from acceptance_api.http.standard import CLERK, READING
from acceptance_api.http.wire import Out
from acceptance_api.kernel.clock import legal_day

router = APIRouter(tags=["goods"])


class GoodsOut(Out):
    """An entry of the catalogue and what the rules say of it."""

    code: str
    class_code: str
    name_zh: str
    name_en: str
    verdict: str
    unit: str | None
    max_per_parcel: str | None
    required_documents: list[str]
    verified: bool
    source: str


class GoodsFoundOut(Out):
    """What a search found, the best match first."""

    catalogue: str
    data: list[GoodsOut]


@router.get("/goods", responses=documented(*CLERK, *READING))
async def search_goods(
    q: Annotated[
        str, Query(min_length=1, max_length=60, description="Chinese, pinyin (or initials), English or a code.")
    ],
    caller: CounterCaller,
    office: OfficeDep,
    limit: Annotated[int, Query(ge=1, le=50)] = 20,
) -> GoodsFoundOut:
    """Search the catalogue in force today. Never put a person's data into `q`."""
    require(caller, Permission.COUNTER_GOODS_READ)
    edition = edition_on(legal_day(office.clock.now()))
    matches = edition.search(q, limit=limit)
    return GoodsFoundOut(catalogue=edition.version, data=[goods_out(match.goods) for match in matches])


def goods_out(goods: Goods) -> GoodsOut:
    """An entry as the counter sees it."""
    return GoodsOut(
        code=goods.code,
        class_code=goods.class_code,
        name_zh=goods.name_zh,
        name_en=goods.name_en,
        verdict=goods.verdict.value,
        unit=goods.unit,
        max_per_parcel=f"{goods.max_per_item}" if goods.max_per_item is not None else None,
        required_documents=sorted(document.value for document in goods.required_documents),
        verified=goods.verified,
        source=goods.source,
    )
