"""How each operation about intercepted goods is performed; see operations.py."""

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from acceptance_api.access import Permission
from tests.contract.asking import Asked, Asking, Operation, get, post
from tests.contract.bodies import Body, new_id
from tests.contract.intercepted import OFFICER, interception, paper
from tests.contract.scenes import Scene

P = Permission
Base = Callable[[Scene], str]
"""Where the cases of a scene's outlet stand."""


def _at_counter(_scene: Scene) -> str:
    return "/counter/v1/interceptions"


def _at_headquarters(scene: Scene) -> str:
    return f"/enterprise/v1/outlets/{scene.world.outlet_id}/interceptions"


def _opened(**changes: Any) -> Asked:  # noqa: ANN401 - JSON
    return post("/counter/v1/interceptions", interception(**changes))


def _found_in(kind: str, waybill: str, record_id: str) -> Asked:
    return _opened(waybill=waybill, source={"kind": kind, "id": record_id})


def _case(base: Base, what: str = "") -> Asking:
    """Reading the case of the second scene, or something of it."""
    return lambda _own, their: get(f"{base(their)}/{their.spare['case']}{what}")


def _step(path: str, scene: Scene, case: str, **changes: Any) -> Asked:  # noqa: ANN401 - JSON
    """The goods are put aside; `case` says which of the scene's."""
    body = {"id": new_id(), "number": 2, "kind": "isolate", "evidence": scene.spare[f"paper of {case}"]}
    return post(f"{path}/{scene.spare[case]}/steps", body | changes)


def _clerk(scene: Scene) -> Body:
    return {"kind": "clerk", "clerk_id": str(scene.world.clerk_id)}


def _third_step(base: Base, own: Scene, **changes: Any) -> Asked:  # noqa: ANN401 - JSON
    """The officer who has the goods does something more with them, and names a thing of another tenant."""
    return _step(base(own), own, "case", **{"number": 3, "actor": OFFICER} | changes)


def _things_named_in_a_step(base: Base) -> Mapping[str, Asking]:
    return {
        "evidence": lambda own, their: _third_step(base, own, evidence=their.spare["paper of case"]),
        "actor's clerk_id": lambda own, their: _third_step(base, own, actor=_clerk(their)),
        "holder's clerk_id": lambda own, their: _third_step(base, own, kind="transfer", holder=_clerk(their)),
        "witness's clerk_id": lambda own, their: _third_step(base, own, witness=_clerk(their)),
    }


def _evidence(base: Base) -> Asking:
    """A document for the case of the second scene."""

    def asking(_own: Scene, their: Scene) -> Asked:
        content = paper()
        path = f"{base(their)}/{their.spare['case']}/evidence/{hashlib.sha256(content).hexdigest()}"
        return Asked(path=path, method="PUT", content=content, media_type="application/pdf")

    return asking


def _examination(flagged: Scene, what: str, inspection: Scene) -> Asked:
    body = {"waybill": flagged.spare[what], "inspection_id": inspection.spare["examination"]}
    return post("/counter/v1/cascade-examinations", body)


def _release(scene: Scene, what: str) -> Asked:
    return post("/enterprise/v1/cascade-releases", {"waybill": scene.spare[what], "by": "S-2"})


def _look(scene: Scene) -> Asked:
    return get(f"/regulator/v1/interceptions?case_id={scene.case_id}")


def _by_case(permission: Permission, asking: Asking, *, trail: str | None = None) -> Operation:
    return Operation(permission=permission, own=asking, foreign={"interception_id": asking}, trail=trail)


def _under_an_outlet(permission: Permission, asking: Asking, *, trail: str | None = None) -> Operation:
    """The outlet stands in the path: it can be another's, or the own one, with a case that is another's."""

    def mixed(own: Scene, their: Scene) -> Asked:
        asked = asking(own, their)
        return replace(asked, path=asked.path.replace(str(their.world.outlet_id), str(own.world.outlet_id)))

    return Operation(
        permission=permission,
        own=asking,
        foreign={"outlet_id": asking, "interception_id under an own outlet": mixed},
        trail=trail,
    )


COUNTER: Mapping[str, Operation] = {
    "read_safety_card": Operation(
        permission=P.COUNTER_INTERCEPTION_READ, own=lambda _own, _their: get("/counter/v1/safety-cards/D3")
    ),
    "open_an_interception": Operation(
        permission=P.COUNTER_INTERCEPTION_RECORD,
        own=lambda _own, _their: _opened(),
        foreign={
            "source acceptance": lambda _own, their: _found_in("acceptance", their.accepted_waybill, their.accepted_id),
            "source inspection": lambda _own, their: _found_in(
                "inspection", their.accepted_waybill, their.inspection_id
            ),
            "source screening": lambda _own, their: _found_in(
                "screening", their.spare["labelled_waybill"], their.spare["labelled"]
            ),
            "waybill": lambda _own, their: _opened(waybill=their.accepted_waybill),
            "id": lambda _own, their: _opened(id=their.spare["case"]),
        },
        trail="outlet",
    ),
    "list_interceptions": Operation(
        permission=P.COUNTER_INTERCEPTION_READ, own=lambda _own, _their: get("/counter/v1/interceptions")
    ),
    "read_interception": _by_case(P.COUNTER_INTERCEPTION_READ, _case(_at_counter)),
    "make_an_interception_report": _by_case(P.COUNTER_INTERCEPTION_READ, _case(_at_counter, "/report"), trail="outlet"),
    "record_an_interception_step": Operation(
        permission=P.COUNTER_INTERCEPTION_RECORD,
        own=lambda own, _their: _step(_at_counter(own), own, "counter's case"),
        foreign={
            "interception_id": lambda own, their: _step(_at_counter(own), their, "counter's case"),
            **_things_named_in_a_step(_at_counter),
        },
        trail="outlet",
    ),
    "store_interception_evidence": _by_case(P.COUNTER_INTERCEPTION_RECORD, _evidence(_at_counter), trail="outlet"),
    "examine_a_flagged_parcel": Operation(
        permission=P.COUNTER_INTERCEPTION_RECORD,
        own=lambda own, _their: _examination(own, "to examine", own),
        foreign={
            "waybill": lambda own, their: _examination(their, "to look at", own),
            "inspection_id": lambda own, their: _examination(own, "to look at", their),
        },
        trail="outlet",
    ),
}
"""A counter opens cases and takes steps; both reports are looks."""

ENTERPRISE: Mapping[str, Operation] = {
    "list_enterprise_interceptions": Operation(
        permission=P.ENTERPRISE_INTERCEPTION_READ, own=lambda _own, _their: get("/enterprise/v1/interceptions")
    ),
    "read_enterprise_interception": _under_an_outlet(P.ENTERPRISE_INTERCEPTION_READ, _case(_at_headquarters)),
    "make_an_enterprise_report": _under_an_outlet(
        P.ENTERPRISE_INTERCEPTION_READ, _case(_at_headquarters, "/report"), trail="enterprise"
    ),
    "record_an_enterprise_step": Operation(
        permission=P.ENTERPRISE_INTERCEPTION_RECORD,
        own=lambda own, _their: _step(_at_headquarters(own), own, "headquarters' case", actor=_clerk(own)),
        foreign={
            "outlet_id": lambda own, their: _step(_at_headquarters(their), their, "case", actor=_clerk(own)),
            "interception_id under an own outlet": lambda own, their: _step(
                _at_headquarters(own), their, "case", actor=_clerk(own)
            ),
            **_things_named_in_a_step(_at_headquarters),
        },
        trail="outlet",
    ),
    "store_enterprise_evidence": _under_an_outlet(
        P.ENTERPRISE_INTERCEPTION_RECORD, _evidence(_at_headquarters), trail="outlet"
    ),
    "release_a_flagged_parcel": Operation(
        permission=P.ENTERPRISE_INTERCEPTION_RECORD,
        own=lambda own, _their: _release(own, "to release"),
        foreign={"waybill": lambda _own, their: _release(their, "to look at")},
        trail="enterprise",
    ),
}

REGULATOR: Mapping[str, Operation] = {
    "list_regulated_interceptions": Operation(
        permission=P.REGULATOR_INTERCEPTION_READ,
        own=lambda own, _their: _look(own),
        foreign={
            "case_id": lambda _own, their: _look(their),
            "cases of other jurisdictions": lambda own, _their: _look(own),
        },
        trail="agency",
    ),
}
