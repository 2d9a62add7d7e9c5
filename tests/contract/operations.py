"""How each operation of the three documents is performed, what it needs, what of another tenant it can be asked about.

An operation that is missing here fails the contract tests: whoever adds one says here what protects it.
"""

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from acceptance_api.access import Permission
from acceptance_api.kernel.clock import SystemClock
from tests.contract import bodies
from tests.contract.bodies import Body
from tests.contract.scenes import FAR_AWAY, Scene

P = Permission


@dataclass(frozen=True, kw_only=True)
class Asked:
    """What is sent."""

    path: str
    method: str = "POST"
    body: Body | None = None
    content: bytes | None = None
    media_type: str = "image/jpeg"
    query: Mapping[str, str] = field(default_factory=dict)

    def arguments(self, headers: Mapping[str, str]) -> dict[str, Any]:
        """The arguments of httpx."""
        given = dict(headers)
        made: dict[str, Any] = {"method": self.method, "url": self.path, "headers": given}
        if self.query:
            made["params"] = dict(self.query)
        if self.content is not None:
            given["Content-Type"] = self.media_type
            return made | {"content": self.content}
        return made | ({"json": self.body} if self.body is not None else {})


Asking = Callable[[Scene, Scene], Asked]
"""A request by the first scene's tenant about something of the second scene's; about its own if both are one."""


@dataclass(frozen=True, kw_only=True)
class Operation:
    """An operation: the permission it needs, a request that succeeds, and requests about another tenant's things.

    `trail` is whose audit trail grows: the scene's outlet, enterprise or agency; None for what only reads.
    """

    permission: Permission
    own: Asking
    foreign: Mapping[str, Asking] = field(default_factory=dict)
    trail: str | None = None


def _get(path: str) -> Asked:
    return Asked(path=path, method="GET")


def _photo(_own: Scene, _their: Scene) -> Asked:
    content = bodies.SOURCE_PHOTO + bodies.new_id().encode()
    return Asked(path=f"/counter/v1/evidence/{hashlib.sha256(content).hexdigest()}", method="PUT", content=content)


def _post(path: str, body: Body | None = None) -> Asked:
    return Asked(path=path, body=body if body is not None else {})


def _parcel(own: Scene, **changes: Any) -> Asked:  # noqa: ANN401 - JSON
    return _post("/counter/v1/acceptances", bodies.parcel(division=own.same_city, **changes))


def _batch(own: Scene, *, clerk_id: str | None = None, **changes: Any) -> Asked:  # noqa: ANN401 - JSON
    at = SystemClock().now().isoformat()
    parcel = bodies.parcel(division=own.same_city, **changes)
    item = {"occurred_at": at, "sequence": 1, "clerk_id": clerk_id, "acceptance": parcel}
    return _post("/counter/v1/acceptance-batches", {"device": {"sent_at": at}, "items": [item]})


def _agreement_parcel(own: Scene, their: Scene) -> Asked:
    body = bodies.parcel(division=own.same_city)
    del body["sender"]["verification_id"]
    body["sender"] |= {"kind": "agreement", "agreement_id": str(their.world.agreement_id)}
    return _post("/counter/v1/acceptances", body)


def _resolution(their: Scene, **changes: Any) -> Asked:  # noqa: ANN401 - JSON
    return _post(f"/counter/v1/acceptances/{their.held_id}/resolutions", {"id": bodies.new_id()} | changes)


def _correction(own: Scene, their: Scene, **changes: Any) -> Asked:  # noqa: ANN401 - JSON
    proofs = {"verification_id": own.verification_id, "inspection_id": own.inspection_id} | changes
    body = bodies.parcel(division=own.same_city, waybill=their.accepted_waybill, **proofs)
    return _post(f"/counter/v1/acceptances/{their.accepted_id}/corrections", body | {"reason": "typing_error"})


def _requirements(_own: Scene, _their: Scene) -> Asked:
    body = {"sender_kind": "person", "contents_kind": "general", "destination": {"division": FAR_AWAY}}
    return _post("/counter/v1/requirements", body)


def _by(scene: Scene, by: Body) -> Asked:
    return _post("/regulator/v1/searches", {"case_id": scene.case_id, "by": by})


def _of_outlet(scene: Scene) -> Body:
    return {"kind": "outlet", "outlet_id": str(scene.world.outlet_id)}


def _disclosure(case: Scene, record: Scene, outlet: Scene | None = None) -> Asked:
    body = {
        "case_id": case.case_id,
        "outlet_id": str((outlet or record).world.outlet_id),
        "acceptance_id": record.accepted_id,
        "fields": ["sender_name"],
        "reason": "sandbox supervision",
    }
    return _post("/regulator/v1/disclosures", body)


COUNTER: Mapping[str, Operation] = {
    "verify_sender": Operation(
        permission=P.COUNTER_VERIFICATION_RECORD,
        own=lambda _own, _their: _post("/counter/v1/verifications", bodies.verification()),
        foreign={
            "id": lambda _own, their: _post("/counter/v1/verifications", bodies.verification(id=their.verification_id))
        },
        trail="outlet",
    ),
    "read_requirements": Operation(permission=P.COUNTER_REQUIREMENT_READ, own=_requirements),
    "read_policy_bundle": Operation(
        permission=P.COUNTER_REQUIREMENT_READ, own=lambda _own, _their: _get("/counter/v1/policy-bundle")
    ),
    "record_an_inspection": Operation(
        permission=P.COUNTER_INSPECTION_RECORD,
        own=lambda own, _their: _post("/counter/v1/inspections", bodies.inspection(own.photo)),
        foreign={"photos": lambda _own, their: _post("/counter/v1/inspections", bodies.inspection(their.photo))},
        trail="outlet",
    ),
    "issue_inspection_mark": Operation(
        permission=P.COUNTER_INSPECTION_RECORD,
        own=lambda own, _their: Asked(path=f"/counter/v1/inspections/{own.unmarked_id}/mark"),
        foreign={"inspection_id": lambda _own, their: Asked(path=f"/counter/v1/inspections/{their.unmarked_id}/mark")},
        trail="outlet",
    ),
    "store_photo": Operation(permission=P.COUNTER_EVIDENCE_STORE, own=_photo, trail="outlet"),
    "search_goods": Operation(
        permission=P.COUNTER_GOODS_READ,
        own=lambda _own, _their: Asked(path="/counter/v1/goods", method="GET", query={"q": "打火机"}),
    ),
    "record_a_screening": Operation(
        permission=P.COUNTER_SCREENING_RECORD,
        own=lambda own, _their: _post(
            "/counter/v1/screenings", bodies.screening(own.accepted_waybill, own.world.machine_id)
        ),
        foreign={
            "machine_id": lambda own, their: _post(
                "/counter/v1/screenings", bodies.screening(own.accepted_waybill, their.world.machine_id)
            )
        },
        trail="outlet",
    ),
    "decide_acceptance": Operation(
        permission=P.COUNTER_ACCEPTANCE_DECIDE,
        own=lambda own, _their: _parcel(own),
        foreign={
            "verification_id": lambda own, their: _parcel(own, verification_id=their.verification_id),
            "inspection_id": lambda own, their: _parcel(own, inspection_id=their.inspection_id),
            "agreement_id": _agreement_parcel,
            "waybill": lambda own, their: _parcel(own, waybill=their.accepted_waybill),
            "id": lambda own, their: _parcel(own, id=their.accepted_id),
        },
        trail="outlet",
    ),
    "receive_acceptances": Operation(
        permission=P.COUNTER_ACCEPTANCE_DECIDE,
        own=lambda own, _their: _batch(own),
        foreign={
            "clerk_id": lambda own, their: _batch(own, clerk_id=str(their.world.clerk_id)),
            "verification_id": lambda own, their: _batch(own, verification_id=their.verification_id),
            "inspection_id": lambda own, their: _batch(own, inspection_id=their.inspection_id),
            "waybill": lambda own, their: _batch(own, waybill=their.accepted_waybill),
            "id": lambda own, their: _batch(own, id=their.accepted_id),
        },
        trail="outlet",
    ),
    "read_acceptance": Operation(
        permission=P.COUNTER_ACCEPTANCE_READ,
        own=lambda own, _their: _get(f"/counter/v1/acceptances/{own.accepted_id}"),
        foreign={"acceptance_id": lambda _own, their: _get(f"/counter/v1/acceptances/{their.accepted_id}")},
    ),
    "resolve_acceptance": Operation(
        permission=P.COUNTER_ACCEPTANCE_RESOLVE,
        own=lambda own, _their: _resolution(own),
        foreign={
            "acceptance_id": lambda _own, their: _resolution(their),
            "verification_id": lambda own, their: _resolution(
                own, verification={"verification_id": their.verification_id, "sender_name": bodies.SENDER.name}
            ),
            "inspection_id": lambda own, their: _resolution(
                own,
                inspection={
                    "inspection_id": their.inspection_id,
                    "contents": [{"name": "毛衣", "quantity": 1}],
                },
            ),
        },
        trail="outlet",
    ),
    "correct_acceptance": Operation(
        permission=P.COUNTER_ACCEPTANCE_CORRECT,
        own=lambda own, _their: _correction(own, own),
        foreign={
            "acceptance_id": _correction,
            "verification_id": lambda own, their: _correction(own, own, verification_id=their.verification_id),
            "inspection_id": lambda own, their: _correction(own, own, inspection_id=their.inspection_id),
        },
        trail="outlet",
    ),
}

REGULATOR: Mapping[str, Operation] = {
    "open_a_case": Operation(
        permission=P.REGULATOR_CASE_OPEN,
        own=lambda _own, _their: _post("/regulator/v1/cases", bodies.case()),
        foreign={"id": lambda _own, their: _post("/regulator/v1/cases", bodies.case(id=their.case_id))},
        trail="agency",
    ),
    "list_cases": Operation(permission=P.REGULATOR_CASE_READ, own=lambda _own, _their: _get("/regulator/v1/cases")),
    "read_case": Operation(
        permission=P.REGULATOR_CASE_READ,
        own=lambda own, _their: _get(f"/regulator/v1/cases/{own.case_id}"),
        foreign={"case_id": lambda _own, their: _get(f"/regulator/v1/cases/{their.case_id}")},
    ),
    "close_a_case": Operation(
        permission=P.REGULATOR_CASE_OPEN,
        own=lambda own, _their: Asked(path=f"/regulator/v1/cases/{own.closable_case_id}/closing"),
        foreign={"case_id": lambda _own, their: Asked(path=f"/regulator/v1/cases/{their.closable_case_id}/closing")},
        trail="agency",
    ),
    "list_case_entries": Operation(
        permission=P.REGULATOR_AUDIT_READ,
        own=lambda own, _their: _get(f"/regulator/v1/cases/{own.case_id}/entries"),
        foreign={"case_id": lambda _own, their: _get(f"/regulator/v1/cases/{their.case_id}/entries")},
    ),
    "search": Operation(
        permission=P.REGULATOR_RECORD_SEARCH,
        own=lambda own, _their: _by(own, _of_outlet(own)),
        foreign={
            "case_id": lambda own, their: _by(their, _of_outlet(own)),
            "outlet_id": lambda own, their: _by(own, _of_outlet(their)),
            "waybill searched for": lambda own, their: _by(own, {"kind": "waybill", "waybill": their.accepted_waybill}),
            "phone that both know": lambda own, _their: _by(own, {"kind": "phone", "phone": bodies.SENDER.phone}),
            "id_number that both know": lambda own, _their: _by(
                own, {"kind": "id_number", "id_number": bodies.SENDER.number}
            ),
        },
        trail="agency",
    ),
    "disclose": Operation(
        permission=P.REGULATOR_FIELD_DISCLOSE,
        own=lambda own, _their: _disclosure(own, own),
        foreign={
            "case_id": lambda own, their: _disclosure(their, own),
            "acceptance_id": _disclosure,
            "acceptance_id under an own outlet": lambda own, their: _disclosure(own, their, outlet=own),
        },
        trail="agency",
    ),
    "list_regulated_outlets": Operation(
        permission=P.REGULATOR_SITE_READ, own=lambda _own, _their: _get("/regulator/v1/outlets")
    ),
}


def _at_outlet(what: str, method: str = "GET", body: Callable[[], Body] | None = None) -> Asking:
    """A request about the outlet of the second scene."""

    def asking(_own: Scene, their: Scene) -> Asked:
        path = f"/enterprise/v1/outlets/{their.world.outlet_id}{what}"
        return Asked(path=path, method=method, body=body() if body else None)

    return asking


def _counter_body() -> Body:
    return {"name": bodies.new_id()}


def _machine_body() -> Body:
    return {"serial": bodies.new_id(), "certificate_no": "SANDBOX-2"}


def _counter_client(outlet: Scene, counter: Scene) -> Asked:
    places = {"outlet_id": str(outlet.world.outlet_id), "counter_id": str(counter.world.counter_id)}
    return _post("/enterprise/v1/clients", bodies.client(audience="counter", **places))


def _secret_end(client: Scene, secret: Scene) -> Asked:
    return Asked(path=f"/enterprise/v1/clients/{client.spare['client']}/secrets/{secret.spare['secret']}/revocation")


def _clerk_end(outlet: Scene, clerk: Scene) -> Asked:
    return Asked(path=f"/enterprise/v1/outlets/{outlet.world.outlet_id}/clerks/{clerk.spare['clerk']}/retirement")


def _file(own: Scene, their: Scene) -> Asked:
    """Lines about the outlet of the second scene. What is wrong with a line is told later, not to the request."""
    content = bodies.import_file(their.world, division=own.same_city)
    return Asked(path="/enterprise/v1/imports", content=content, media_type="application/x-ndjson")


def _import(what: str = "", method: str = "GET") -> Asking:
    """A request about the import of the second scene."""
    return lambda _own, their: Asked(path=f"/enterprise/v1/imports/{their.spare['import']}{what}", method=method)


def _by_import(*, permission: Permission, asking: Asking, trail: str | None = None) -> Operation:
    return Operation(permission=permission, own=asking, foreign={"import_id": asking}, trail=trail)


def _by_outlet(*, permission: Permission, asking: Asking, trail: str | None = None) -> Operation:
    return Operation(permission=permission, own=asking, foreign={"outlet_id": asking}, trail=trail)


def _listed(permission: Permission, path: str) -> Operation:
    return Operation(permission=permission, own=lambda _own, _their: _get(f"/enterprise/v1/{path}"))


ENTERPRISE: Mapping[str, Operation] = {
    "list_branches": _listed(P.ENTERPRISE_SITE_READ, "branches"),
    "add_a_branch": Operation(
        permission=P.ENTERPRISE_SITE_MANAGE,
        own=lambda _own, _their: _post("/enterprise/v1/branches", {"name": "新分公司"}),
        foreign={
            "parent_id": lambda _own, their: _post(
                "/enterprise/v1/branches", {"name": "新分公司", "parent_id": their.spare["branch"]}
            )
        },
        trail="enterprise",
    ),
    "list_outlets": _listed(P.ENTERPRISE_SITE_READ, "outlets"),
    "add_an_outlet": Operation(
        permission=P.ENTERPRISE_SITE_MANAGE,
        own=lambda own, _their: _post("/enterprise/v1/outlets", {"name": "新网点", "division": own.division}),
        foreign={
            "branch_id": lambda own, their: _post(
                "/enterprise/v1/outlets",
                {"name": "新网点", "division": own.division, "branch_id": their.spare["branch"]},
            )
        },
        trail="enterprise",
    ),
    "read_outlet": _by_outlet(permission=P.ENTERPRISE_SITE_READ, asking=_at_outlet("")),
    "list_counters": _by_outlet(permission=P.ENTERPRISE_SITE_READ, asking=_at_outlet("/counters")),
    "add_a_counter": _by_outlet(
        permission=P.ENTERPRISE_SITE_MANAGE, asking=_at_outlet("/counters", "POST", _counter_body), trail="outlet"
    ),
    "list_clerks": _by_outlet(permission=P.ENTERPRISE_SITE_READ, asking=_at_outlet("/clerks")),
    "add_a_clerk": _by_outlet(
        permission=P.ENTERPRISE_SITE_MANAGE, asking=_at_outlet("/clerks", "POST", bodies.clerk), trail="outlet"
    ),
    "retire_a_clerk": Operation(
        permission=P.ENTERPRISE_SITE_MANAGE,
        own=lambda own, _their: _clerk_end(own, own),
        foreign={
            "outlet_id": lambda _own, their: _clerk_end(their, their),
            "clerk_id under an own outlet": _clerk_end,
        },
        trail="outlet",
    ),
    "list_machines": _by_outlet(permission=P.ENTERPRISE_SITE_READ, asking=_at_outlet("/machines")),
    "add_a_machine": _by_outlet(
        permission=P.ENTERPRISE_SITE_MANAGE, asking=_at_outlet("/machines", "POST", _machine_body), trail="outlet"
    ),
    "list_clients": _listed(P.ENTERPRISE_CLIENT_READ, "clients"),
    "add_a_client": Operation(
        permission=P.ENTERPRISE_CLIENT_MANAGE,
        own=lambda own, _their: _counter_client(own, own),
        foreign={
            "outlet_id": lambda _own, their: _counter_client(their, their),
            "counter_id under an own outlet": _counter_client,
        },
        trail="enterprise",
    ),
    "read_client": Operation(
        permission=P.ENTERPRISE_CLIENT_READ,
        own=lambda own, _their: _get(f"/enterprise/v1/clients/{own.spare['client']}"),
        foreign={"client_id": lambda _own, their: _get(f"/enterprise/v1/clients/{their.spare['client']}")},
    ),
    "rotate_a_secret": Operation(
        permission=P.ENTERPRISE_CLIENT_MANAGE,
        own=lambda own, _their: Asked(path=f"/enterprise/v1/clients/{own.spare['client']}/secrets"),
        foreign={
            "client_id": lambda _own, their: Asked(path=f"/enterprise/v1/clients/{their.spare['client']}/secrets")
        },
        trail="enterprise",
    ),
    "revoke_a_secret": Operation(
        permission=P.ENTERPRISE_CLIENT_MANAGE,
        own=lambda own, _their: _secret_end(own, own),
        foreign={
            "client_id": lambda _own, their: _secret_end(their, their),
            "secret_id under an own client": _secret_end,
        },
        trail="enterprise",
    ),
    "revoke_a_client": Operation(
        permission=P.ENTERPRISE_CLIENT_MANAGE,
        own=lambda own, _their: Asked(path=f"/enterprise/v1/clients/{own.spare['doomed']}/revocation"),
        foreign={
            "client_id": lambda _own, their: Asked(path=f"/enterprise/v1/clients/{their.spare['doomed']}/revocation")
        },
        trail="enterprise",
    ),
    "list_agreements": _listed(P.ENTERPRISE_AGREEMENT_READ, "agreements"),
    "add_an_agreement": Operation(
        permission=P.ENTERPRISE_AGREEMENT_ADD,
        own=lambda _own, _their: _post("/enterprise/v1/agreements", bodies.agreement()),
        foreign={
            "outlets": lambda _own, their: _post(
                "/enterprise/v1/agreements", bodies.agreement(outlets=[str(their.world.outlet_id)])
            )
        },
        trail="enterprise",
    ),
    "list_outlet_acceptances": _by_outlet(
        permission=P.ENTERPRISE_ACCEPTANCE_READ, asking=_at_outlet("/acceptances"), trail="enterprise"
    ),
    "receive_an_import": Operation(
        permission=P.ENTERPRISE_IMPORT_MANAGE,
        own=_file,
        foreign={"outlet_id of a line": _file},
        trail="enterprise",
    ),
    "read_import": _by_import(permission=P.ENTERPRISE_IMPORT_READ, asking=_import()),
    "list_import_faults": _by_import(permission=P.ENTERPRISE_IMPORT_READ, asking=_import("/faults")),
    "cancel_an_import": _by_import(
        permission=P.ENTERPRISE_IMPORT_MANAGE, asking=_import(method="DELETE"), trail="enterprise"
    ),
    "list_audit_entries": Operation(
        permission=P.ENTERPRISE_AUDIT_READ,
        own=lambda own, _their: _get(f"/enterprise/v1/audit-entries?outlet_id={own.world.outlet_id}"),
        foreign={
            "outlet_id": lambda _own, their: _get(f"/enterprise/v1/audit-entries?outlet_id={their.world.outlet_id}")
        },
    ),
}

OPERATIONS: Mapping[str, Mapping[str, Operation]] = {
    "counter": COUNTER,
    "enterprise": ENTERPRISE,
    "regulator": REGULATOR,
}
OPEN = frozenset({"issue_token", "read_jwks"})
"""What anybody may ask: an exchange of credentials, and public keys."""
ALL = {name: operation for operations in OPERATIONS.values() for name, operation in operations.items()}
