"""The approved rule sets of an enterprise, as the database had them a short while ago: every parcel asks."""

from collections import OrderedDict
from datetime import datetime
from functools import partial
from typing import Final
from weakref import WeakValueDictionary

from acceptance_api.kernel.database import Database
from acceptance_api.kernel.ids import EnterpriseId
from acceptance_api.kernel.lagged import Lagged
from acceptance_api.rulesets import store
from acceptance_api.rulesets.model import RuleSet
from acceptance_api.rulesets.policy import ordered
from acceptance_api.rulesets.store import Key

_ENTRIES_MAX: Final = 5_000


class Shelf:
    """Approved editions no older than the lag; what was approved counts at the latest after it.

    Editions never change, so an edition is read once by a process, and shared by all enterprises it concerns.
    """

    def __init__(self, database: Database, *, lag_s: float) -> None:
        """Look in this database."""
        self._database = database
        self._lagged: Lagged[EnterpriseId, tuple[RuleSet, ...]] = Lagged(lag_s=lag_s, entries_max=_ENTRIES_MAX)
        self._last: OrderedDict[EnterpriseId, tuple[RuleSet, ...]] = OrderedDict()
        self._editions: WeakValueDictionary[Key, RuleSet] = WeakValueDictionary()

    async def of(self, enterprise_id: EnterpriseId, *, at: datetime) -> tuple[RuleSet, ...]:
        """Every approved edition of the statutory sets, this enterprise's sets and all campaigns, superseded ones too.

        It is the very same tuple while nothing was approved, so what was read out of it can be kept by its identity.
        `policy.in_force` tells which bind at a moment.

        Raises:
            Problem: DATABASE_UNAVAILABLE or OVERLOADED, when it has to look and cannot.
        """
        return await self._lagged.get(enterprise_id, partial(self._look, enterprise_id), at=at)

    async def _look(self, enterprise_id: EnterpriseId) -> tuple[RuleSet, ...]:
        last = self._last.get(enterprise_id, ())
        async with self._database.read() as tx:
            keys = await store.find_approved_keys(tx, enterprise_id)
            known = {key: one for key in keys if (one := self._editions.get(key)) is not None}
            read = await store.find_rule_sets(tx, keys - known.keys()) if keys - known.keys() else ()
        for one in read:
            # Two enterprises may have looked for it at once: one edition is one object all the same.
            known[_key(one)] = self._editions.setdefault(_key(one), one)
        if keys != {_key(one) for one in last}:
            last = ordered(known.values())
        self._keep(enterprise_id, last)
        return last

    def _keep(self, enterprise_id: EnterpriseId, found: tuple[RuleSet, ...]) -> None:
        self._last[enterprise_id] = found
        self._last.move_to_end(enterprise_id)
        if len(self._last) > _ENTRIES_MAX:
            self._last.popitem(last=False)


def _key(one: RuleSet) -> Key:
    return one.owner_id, one.name, one.edition
