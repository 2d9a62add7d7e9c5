"""Who may look at cases and record in them: a counter those of its outlet, an enterprise those of its outlets."""

from acceptance_api.access import Audience, Caller, Permission, require
from acceptance_api.interception import store
from acceptance_api.interception.model import CaseFile, Interception
from acceptance_api.kernel.database import Tx
from acceptance_api.kernel.ids import InterceptionId, OutletId
from acceptance_api.kernel.problems import Kind, Problem

_READING = {
    Audience.COUNTER: Permission.COUNTER_INTERCEPTION_READ,
    Audience.ENTERPRISE: Permission.ENTERPRISE_INTERCEPTION_READ,
}
_RECORDING = {
    Audience.COUNTER: Permission.COUNTER_INTERCEPTION_RECORD,
    Audience.ENTERPRISE: Permission.ENTERPRISE_INTERCEPTION_RECORD,
}


def require_reader(caller: Caller) -> None:
    """Let a counter or an enterprise look.

    Raises:
        Problem: NOT_PERMITTED.
    """
    _require(caller, _READING)


def require_recorder(caller: Caller) -> None:
    """Let a counter or an enterprise record.

    Raises:
        Problem: NOT_PERMITTED.
    """
    _require(caller, _RECORDING)


async def get_own(tx: Tx, caller: Caller, outlet_id: OutletId, interception_id: InterceptionId) -> CaseFile:
    """The caller's own case, with its steps and obligations; another's looks missing.

    Raises:
        Problem: NOT_FOUND.
    """
    file = await store.find_file(tx, outlet_id, interception_id)
    if file is None or not is_own(caller, file.interception):
        raise Problem(Kind.NOT_FOUND)
    return file


def is_own(caller: Caller, case: Interception) -> bool:
    """Whether a case is of the caller's outlet, or of an outlet of its enterprise."""
    if caller.client.audience is Audience.COUNTER:
        return case.outlet_id == caller.outlet_id
    return case.enterprise_id == caller.enterprise_id


def _require(caller: Caller, permissions: dict[Audience, Permission]) -> None:
    permission = permissions.get(caller.client.audience)
    if permission is None:
        raise Problem(Kind.NOT_PERMITTED)
    require(caller, permission)
