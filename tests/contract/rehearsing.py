"""How each operation about rehearsals is performed; see operations.py."""

from collections.abc import Mapping

from acceptance_api.access import Permission
from tests.contract.asking import Asked, Asking, Operation, get, post
from tests.contract.rehearsed import rehearsal
from tests.contract.scenes import Scene


def _path(campaign: Scene) -> str:
    return f"/regulator/v1/campaigns/{campaign.spare['campaign to read']}/editions/1/rehearsals"


def _rehearse(_own: Scene, their: Scene) -> Asked:
    return post(_path(their), rehearsal())


def _listed(_own: Scene, their: Scene) -> Asked:
    return get(_path(their))


def _one(campaign: Scene, rehearsal: Scene, what: str = "") -> Asked:
    return get(f"{_path(campaign)}/{rehearsal.spare['rehearsal']}{what}")


def _read(what: str = "") -> Operation:
    named: Mapping[str, Asking] = {
        "name": lambda _own, their: _one(their, their, what),
        "rehearsal_id under an own campaign": lambda own, their: _one(own, their, what),
    }
    return Operation(
        permission=Permission.REGULATOR_CAMPAIGN_READ, own=lambda own, _their: _one(own, own, what), foreign=named
    )


REGULATOR: Mapping[str, Operation] = {
    "rehearse_a_campaign": Operation(
        permission=Permission.REGULATOR_CAMPAIGN_REHEARSE, own=_rehearse, foreign={"name": _rehearse}, trail="agency"
    ),
    "list_campaign_rehearsals": Operation(
        permission=Permission.REGULATOR_CAMPAIGN_READ, own=_listed, foreign={"name": _listed}
    ),
    "read_rehearsal": _read(),
    "draw_rehearsal": _read("/chart"),
}
