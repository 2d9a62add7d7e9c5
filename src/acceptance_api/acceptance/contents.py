"""What the catalogue knows of a parcel's declared contents."""

from acceptance_api.acceptance.facts import GoodsFact
from acceptance_api.acceptance.model import Item
from acceptance_api.acceptance.rules import Rules
from acceptance_api.kernel.problems import Fault, Kind, Problem


def goods_facts(contents: tuple[Item, ...], rules: Rules) -> tuple[GoodsFact, ...]:
    """The lines the catalogue knows: by the code the clerk chose, and by the very name of goods that a line carries.

    Both are judged, so a harmless code cannot hide what the name says: the strictest wins.

    Raises:
        Problem: INVALID, pointing at a code that the edition does not have.
    """
    facts, faults = [], []
    for i, item in enumerate(contents):
        if item.goods_code is not None and rules.catalogue.find(item.goods_code) is None:
            faults.append(Fault(f"/contents/{i}/goods_code", "not_in_the_catalogue"))
        facts += [
            GoodsFact(code=code, quantity=f"{item.quantity.normalize():f}", documents=item.documents)
            for code in codes_of(item, rules)
        ]
    if faults:
        raise Problem(Kind.INVALID, *faults)
    return tuple(facts)


def codes_of(item: Item, rules: Rules) -> tuple[str, ...]:
    """The codes of a line: the one the clerk chose, and those of all goods that bear the very name."""
    named = (goods.code for goods in rules.catalogue.find_all_named(item.name))
    return tuple(dict.fromkeys(filter(None, (item.goods_code, *named))))
