"""Which class of the catalogue goods are of, and what is to be done with that class."""

from dataclasses import dataclass
from datetime import date

from acceptance_api.goods import Disposal, Edition, edition_on
from acceptance_api.kernel.problems import Fault, Kind, Problem


@dataclass(frozen=True, slots=True, kw_only=True)
class Classed:
    """Goods as the catalogue of the day knows them."""

    goods_code: str | None
    class_code: str
    disposal: Disposal
    goods_version: str


def classed(goods_code: str | None, class_code: str | None, *, on: date) -> Classed:
    """The class of goods, by their own code or else by the code of the class.

    What has no disposal of its own (restricted goods, everyday goods that are suspect) is treated as other prohibited
    goods, D11: the competent authority is asked.

    Raises:
        Problem: INVALID (neither code, or two that contradict each other) or REFERENCE_UNKNOWN.
    """
    edition = edition_on(on)
    of_class = next((one for one in edition.classes if one.code == class_code), None)
    if class_code is not None and of_class is None:
        raise Problem(Kind.REFERENCE_UNKNOWN, Fault("/class_code", "unknown"))
    if goods_code is None:
        if of_class is None:
            raise Problem(Kind.INVALID, Fault("/goods_code", "required"))
        return _classed(edition, None, of_class.code, of_class.disposal)
    goods = edition.find(goods_code)
    if goods is None:
        raise Problem(Kind.REFERENCE_UNKNOWN, Fault("/goods_code", "unknown"))
    if of_class is not None and of_class.code != goods.class_code:
        raise Problem(Kind.INVALID, Fault("/class_code", "not_of_these_goods"))
    return _classed(edition, goods.code, goods.class_code, goods.disposal)


def _classed(edition: Edition, goods_code: str | None, class_code: str, disposal: Disposal | None) -> Classed:
    return Classed(
        goods_code=goods_code,
        class_code=class_code,
        disposal=disposal or Disposal.D11,
        goods_version=edition.version,
    )
