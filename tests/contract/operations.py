"""How each operation of the three documents is performed, what it needs, what of another tenant it can be asked about.

An operation that is missing here fails the contract tests: whoever adds one says here what protects it.
"""

import hashlib
from collections.abc import Callable, Mapping
from typing import Any

from acceptance_api.access import Permission
from acceptance_api.kernel.clock import SystemClock
from tests.contract import bodies, intercepting, rehearsing, rule_sets
from tests.contract.asking import Asked, Asking, Operation, get, post
from tests.contract.bodies import Body
from tests.contract.scenes import FAR_AWAY, Scene

P = Permission


def _photo(_own: Scene, _their: Scene) -> Asked:
    content = bodies.SOURCE_PHOTO + bodies.new_id().encode()
    return Asked(path=f"/counter/v1/evidence/{hashlib.sha256(content).hexdigest()}", method="PUT", content=content)


def _parcel(own: Scene, **changes: Any) -> Asked:  # noqa: ANN401 - JSON
    return post("/counter/v1/acceptances", bodies.parcel(division=own.same_city, **changes))


def _batch(own: Scene, *, clerk_id: str | None = None, **changes: Any) -> Asked:  # noqa: ANN401 - JSON
    at = SystemClock().now().isoformat()
    parcel = bodies.parcel(division=own.same_city, **changes)
    item = {"occurred_at": at, "sequence": 1, "clerk_id": clerk_id, "acceptance": parcel}
    return post("/counter/v1/acceptance-batches", {"device": {"sent_at": at}, "items": [item]})


def _agreement_parcel(own: Scene, their: Scene) -> Asked:
    body = bodies.parcel(division=own.same_city)
    del body["sender"]["verification_id"]
    body["sender"] |= {"kind": "agreement", "agreement_id": str(their.world.agreement_id)}
    return post("/counter/v1/acceptances", body)


def _resolution(their: Scene, **changes: Any) -> Asked:  # noqa: ANN401 - JSON
    return post(f"/counter/v1/acceptances/{their.held_id}/resolutions", {"id": bodies.new_id()} | changes)


def _correction(own: Scene, their: Scene, **changes: Any) -> Asked:  # noqa: ANN401 - JSON
    proofs = {"verification_id": own.verification_id, "inspection_id": own.inspection_id} | changes
    body = bodies.parcel(division=own.same_city, waybill=their.accepted_waybill, **proofs)
    return post(f"/counter/v1/acceptances/{their.accepted_id}/corrections", body | {"reason": "typing_error"})


def _scan(their: Scene) -> Asked:
    return post("/counter/v1/scans", bodies.scan(their.accepted_waybill))


def _requirements(_own: Scene, _their: Scene) -> Asked:
    body = {"sender_kind": "person", "contents_kind": "general", "destination": {"division": FAR_AWAY}}
    return post("/counter/v1/requirements", body)


def _by(scene: Scene, by: Body) -> Asked:
    return post("/regulator/v1/searches", {"case_id": scene.case_id, "by": by})


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
    return post("/regulator/v1/disclosures", body)


def _second_look(scene: Scene) -> Asked:
    body = {"id": bodies.new_id(), "conclusion": "clear", "reason": "harmless_contents"}
    return post(f"/counter/v1/screenings/{scene.spare['suspect']}/second-looks", body)


def _open_check(screening: Scene, second: Scene) -> Asked:
    body = {"conclusion": "clear", "reason": "matches_declaration", "second_clerk_id": second.spare["screener"]}
    path = f"/counter/v1/screenings/{screening.spare['unopened']}/open-checks"
    return post(path, {"id": bodies.new_id()} | body)


def _flag_closing(screening: Scene, second: Scene) -> Asked:
    body = {"conclusion": "false_alarm", "reason": "harmless_contents", "second_clerk_id": second.spare["screener"]}
    path = f"/counter/v1/screenings/{screening.spare['flagged']}/flag-closings"
    return post(path, {"id": bodies.new_id(), "flag": 0} | body)


def _write_off(scene: Scene) -> Asked:
    body = {"id": bodies.new_id(), "waybill": scene.spare["labelled_waybill"], "reason": "damaged"}
    return post(f"/counter/v1/screening-labels/{scene.spare['label']}/write-offs", body)


def _shift(scene: Scene) -> Asked:
    return post("/counter/v1/shifts", {"id": bodies.new_id(), "machine_id": str(scene.world.machine_id)})


COUNTER: Mapping[str, Operation] = {
    "verify_sender": Operation(
        permission=P.COUNTER_VERIFICATION_RECORD,
        own=lambda _own, _their: post("/counter/v1/verifications", bodies.verification()),
        foreign={
            "id": lambda _own, their: post("/counter/v1/verifications", bodies.verification(id=their.verification_id))
        },
        trail="outlet",
    ),
    "scan": Operation(
        permission=P.COUNTER_SCAN_RECORD,
        own=lambda own, _their: _scan(own),
        foreign={"waybill": lambda _own, their: _scan(their)},
        trail="outlet",
    ),
    "read_scan": Operation(
        permission=P.COUNTER_SCAN_READ,
        own=lambda own, _their: get(f"/counter/v1/scans/{own.spare['scan']}"),
        foreign={"scan_id": lambda _own, their: get(f"/counter/v1/scans/{their.spare['scan']}")},
    ),
    "read_outlet_campaigns": Operation(
        permission=P.COUNTER_REQUIREMENT_READ, own=lambda _own, _their: get("/counter/v1/campaigns")
    ),
    "read_requirements": Operation(permission=P.COUNTER_REQUIREMENT_READ, own=_requirements),
    "read_policy_bundle": Operation(
        permission=P.COUNTER_REQUIREMENT_READ, own=lambda _own, _their: get("/counter/v1/policy-bundle")
    ),
    "record_an_inspection": Operation(
        permission=P.COUNTER_INSPECTION_RECORD,
        own=lambda own, _their: post("/counter/v1/inspections", bodies.inspection(own.photo)),
        foreign={"photos": lambda _own, their: post("/counter/v1/inspections", bodies.inspection(their.photo))},
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
        own=lambda own, _their: post(
            "/counter/v1/screenings", bodies.screening(own.accepted_waybill, own.world.machine_id)
        ),
        foreign={
            "machine_id": lambda own, their: post(
                "/counter/v1/screenings", bodies.screening(own.accepted_waybill, their.world.machine_id)
            )
        },
        trail="outlet",
    ),
    "read_a_screening": Operation(
        permission=P.COUNTER_SCREENING_READ,
        own=lambda own, _their: get(f"/counter/v1/screenings/{own.spare['suspect']}"),
        foreign={"screening_id": lambda _own, their: get(f"/counter/v1/screenings/{their.spare['suspect']}")},
    ),
    "record_a_second_look": Operation(
        permission=P.COUNTER_SCREENING_CLOSE,
        own=lambda _own, their: _second_look(their),
        foreign={"screening_id": lambda _own, their: _second_look(their)},
        trail="outlet",
    ),
    "record_an_open_check": Operation(
        permission=P.COUNTER_SCREENING_CLOSE,
        own=lambda own, _their: _open_check(own, own),
        foreign={
            "screening_id": lambda own, their: _open_check(their, own),
            "second_clerk_id": _open_check,
        },
        trail="outlet",
    ),
    "close_a_flag": Operation(
        permission=P.COUNTER_SCREENING_CLOSE,
        own=lambda own, _their: _flag_closing(own, own),
        foreign={
            "screening_id": lambda own, their: _flag_closing(their, own),
            "second_clerk_id": _flag_closing,
        },
        trail="outlet",
    ),
    "write_a_label_off": Operation(
        permission=P.COUNTER_SCREENING_LABEL,
        own=lambda own, _their: _write_off(own),
        foreign={"serial and waybill": lambda _own, their: _write_off(their)},
        trail="outlet",
    ),
    "sign_off_from_a_machine": Operation(
        permission=P.COUNTER_SHIFT_SIGN,
        own=lambda own, _their: Asked(path=f"/counter/v1/shifts/{own.spare['shift']}/ending"),
        foreign={"shift_id": lambda _own, their: Asked(path=f"/counter/v1/shifts/{their.spare['shift']}/ending")},
        trail="outlet",
    ),
    "sign_on_to_a_machine": Operation(
        permission=P.COUNTER_SHIFT_SIGN,
        own=lambda own, _their: _shift(own),
        foreign={"machine_id": lambda _own, their: _shift(their)},
        trail="outlet",
    ),
    "report_a_machine": Operation(
        permission=P.COUNTER_MACHINE_REPORT,
        own=lambda own, _their: Asked(path=f"/counter/v1/machines/{own.world.machine_id}/heartbeats"),
        foreign={
            "machine_id": lambda _own, their: Asked(path=f"/counter/v1/machines/{their.world.machine_id}/heartbeats")
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
        own=lambda own, _their: get(f"/counter/v1/acceptances/{own.accepted_id}"),
        foreign={"acceptance_id": lambda _own, their: get(f"/counter/v1/acceptances/{their.accepted_id}")},
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


def _edition(audience: str, layer: str, what: str, suffix: str = "", **said: str) -> Asking:
    """A request about a rule set or campaign of the second scene: reads it, or with `suffix` approves or rejects it."""
    base = f"/{audience}/v1/{'rule-sets' if audience == 'enterprise' else 'campaigns'}"

    def asking(_own: Scene, their: Scene) -> Asked:
        path = f"{base}/{their.spare[f'{layer} to {what}']}"
        return post(f"{path}/editions/1{suffix}", {"by": "S-2", **said}) if suffix else get(path)

    return asking


def _edition_content(audience: str, layer: str) -> Asking:
    path = _edition(audience, layer, "read")
    return lambda own, their: get(f"{path(own, their).path}/editions/1")


def _by_name(permission: Permission, asking: Asking, *, trail: str | None = None) -> Operation:
    return Operation(permission=permission, own=asking, foreign={"name": asking}, trail=trail)


def _regulated_figures(scene: Scene) -> str:
    return f"/regulator/v1/screening-statistics?outlet_id={scene.world.outlet_id}"


REGULATOR: Mapping[str, Operation] = {
    "list_campaigns": Operation(
        permission=P.REGULATOR_CAMPAIGN_READ, own=lambda _own, _their: get("/regulator/v1/campaigns")
    ),
    "propose_a_campaign": Operation(
        permission=P.REGULATOR_CAMPAIGN_PROPOSE,
        own=lambda _own, _their: post("/regulator/v1/campaigns", rule_sets.campaign()),
        trail="agency",
    ),
    "read_campaign": _by_name(P.REGULATOR_CAMPAIGN_READ, _edition("regulator", "campaign", "read")),
    "read_campaign_edition": _by_name(P.REGULATOR_CAMPAIGN_READ, _edition_content("regulator", "campaign")),
    "approve_a_campaign": _by_name(
        P.REGULATOR_CAMPAIGN_APPROVE, _edition("regulator", "campaign", "approve", "/approvals"), trail="agency"
    ),
    "reject_a_campaign": _by_name(
        P.REGULATOR_CAMPAIGN_APPROVE,
        _edition("regulator", "campaign", "reject", "/rejections", reason="sandbox"),
        trail="agency",
    ),
    "open_a_case": Operation(
        permission=P.REGULATOR_CASE_OPEN,
        own=lambda _own, _their: post("/regulator/v1/cases", bodies.case()),
        foreign={"id": lambda _own, their: post("/regulator/v1/cases", bodies.case(id=their.case_id))},
        trail="agency",
    ),
    "list_cases": Operation(permission=P.REGULATOR_CASE_READ, own=lambda _own, _their: get("/regulator/v1/cases")),
    "read_case": Operation(
        permission=P.REGULATOR_CASE_READ,
        own=lambda own, _their: get(f"/regulator/v1/cases/{own.case_id}"),
        foreign={"case_id": lambda _own, their: get(f"/regulator/v1/cases/{their.case_id}")},
    ),
    "close_a_case": Operation(
        permission=P.REGULATOR_CASE_OPEN,
        own=lambda own, _their: Asked(path=f"/regulator/v1/cases/{own.closable_case_id}/closing"),
        foreign={"case_id": lambda _own, their: Asked(path=f"/regulator/v1/cases/{their.closable_case_id}/closing")},
        trail="agency",
    ),
    "list_case_entries": Operation(
        permission=P.REGULATOR_AUDIT_READ,
        own=lambda own, _their: get(f"/regulator/v1/cases/{own.case_id}/entries"),
        foreign={"case_id": lambda _own, their: get(f"/regulator/v1/cases/{their.case_id}/entries")},
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
    "read_regulated_screening": Operation(
        permission=P.REGULATOR_SCREENING_READ,
        own=lambda own, _their: get(_regulated_figures(own)),
        foreign={"outlet_id": lambda _own, their: get(_regulated_figures(their))},
    ),
    "list_regulated_outlets": Operation(
        permission=P.REGULATOR_SITE_READ, own=lambda _own, _their: get("/regulator/v1/outlets")
    ),
}


def _figures(_own: Scene, their: Scene) -> Asked:
    return get(f"/enterprise/v1/screening-statistics?outlet_id={their.world.outlet_id}")


def _machine_papers(outlet: Scene, machine: Scene, body: Body | None = None) -> Asked:
    path = f"/enterprise/v1/outlets/{outlet.world.outlet_id}/machines/{machine.world.machine_id}/papers"
    return post(path, body) if body else get(path)


def _screener_papers(outlet: Scene, clerk: Scene, body: Body | None = None) -> Asked:
    path = f"/enterprise/v1/outlets/{outlet.world.outlet_id}/clerks/{clerk.spare['screener']}/screener-papers"
    return post(path, body) if body else get(path)


_TRAINED: Body = {"certificate_no": "SANDBOX-1", "valid_from": "2020-01-01", "valid_to": "2099-12-31"}
_CERTIFIED: Body = {
    **_TRAINED,
    "calibrated_on": "2020-01-01",
    "calibration_due_on": "2099-12-31",
    "networked": True,
}


def _papers(papers: Callable[..., Asked], thing: str, *, body: Body | None = None) -> Operation:
    """Reading or filing the papers of a thing of an outlet."""
    return Operation(
        permission=P.ENTERPRISE_SITE_MANAGE if body else P.ENTERPRISE_SITE_READ,
        own=lambda own, _their: papers(own, own, body),
        foreign={
            "outlet_id": lambda _own, their: papers(their, their, body),
            f"{thing} under an own outlet": lambda own, their: papers(own, their, body),
        },
        trail="outlet" if body else None,
    )


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
    return post("/enterprise/v1/clients", bodies.client(audience="counter", **places))


def _secret_end(client: Scene, secret: Scene) -> Asked:
    return Asked(path=f"/enterprise/v1/clients/{client.spare['client']}/secrets/{secret.spare['secret']}/revocation")


def _clerk_end(outlet: Scene, clerk: Scene) -> Asked:
    return Asked(path=f"/enterprise/v1/outlets/{outlet.world.outlet_id}/clerks/{clerk.spare['clerk']}/retirement")


def _clerk_number(outlet: Scene, clerk: Scene) -> Asked:
    path = f"/enterprise/v1/outlets/{outlet.world.outlet_id}/clerks/{clerk.world.clerk_id}/id-numbers"
    return post(path, {"id_number": bodies.SENDER.number})


def _details_body() -> Body:
    return {"latitude": 39.9, "longitude": 116.4, "closing_time": "21:30"}


def _of_agreement(what: str, body: Body | None = None) -> Asking:
    """A request about the agreement of the second scene."""

    def asking(_own: Scene, their: Scene) -> Asked:
        path = f"/enterprise/v1/agreements/{their.world.agreement_id}{what}"
        return post(path, body) if body else get(path)

    return asking


def _by_agreement(*, permission: Permission, asking: Asking, trail: str | None = None) -> Operation:
    return Operation(permission=permission, own=asking, foreign={"agreement_id": asking}, trail=trail)


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
    return Operation(permission=permission, own=lambda _own, _their: get(f"/enterprise/v1/{path}"))


ENTERPRISE: Mapping[str, Operation] = {
    "list_branches": _listed(P.ENTERPRISE_SITE_READ, "branches"),
    "add_a_branch": Operation(
        permission=P.ENTERPRISE_SITE_MANAGE,
        own=lambda _own, _their: post("/enterprise/v1/branches", {"name": "新分公司"}),
        foreign={
            "parent_id": lambda _own, their: post(
                "/enterprise/v1/branches", {"name": "新分公司", "parent_id": their.spare["branch"]}
            )
        },
        trail="enterprise",
    ),
    "list_outlets": _listed(P.ENTERPRISE_SITE_READ, "outlets"),
    "add_an_outlet": Operation(
        permission=P.ENTERPRISE_SITE_MANAGE,
        own=lambda own, _their: post("/enterprise/v1/outlets", {"name": "新网点", "division": own.division}),
        foreign={
            "branch_id": lambda own, their: post(
                "/enterprise/v1/outlets",
                {"name": "新网点", "division": own.division, "branch_id": their.spare["branch"]},
            )
        },
        trail="enterprise",
    ),
    "read_outlet": _by_outlet(permission=P.ENTERPRISE_SITE_READ, asking=_at_outlet("")),
    "read_outlet_details": _by_outlet(permission=P.ENTERPRISE_SITE_READ, asking=_at_outlet("/details")),
    "describe_an_outlet": _by_outlet(
        permission=P.ENTERPRISE_SITE_MANAGE, asking=_at_outlet("/details", "POST", _details_body), trail="outlet"
    ),
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
    "register_a_staff_number": Operation(
        permission=P.ENTERPRISE_SITE_MANAGE,
        own=lambda own, _their: _clerk_number(own, own),
        foreign={
            "outlet_id": lambda _own, their: _clerk_number(their, their),
            "clerk_id under an own outlet": _clerk_number,
        },
        trail="outlet",
    ),
    "list_machines": _by_outlet(permission=P.ENTERPRISE_SITE_READ, asking=_at_outlet("/machines")),
    "add_a_machine": _by_outlet(
        permission=P.ENTERPRISE_SITE_MANAGE, asking=_at_outlet("/machines", "POST", _machine_body), trail="outlet"
    ),
    "list_machine_papers": _papers(_machine_papers, "machine_id"),
    "file_a_machine_paper": _papers(_machine_papers, "machine_id", body=_CERTIFIED),
    "list_screener_papers": _papers(_screener_papers, "clerk_id"),
    "file_a_screener_paper": _papers(_screener_papers, "clerk_id", body=_TRAINED),
    "read_screening_statistics": _by_outlet(permission=P.ENTERPRISE_SCREENING_READ, asking=_figures),
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
        own=lambda own, _their: get(f"/enterprise/v1/clients/{own.spare['client']}"),
        foreign={"client_id": lambda _own, their: get(f"/enterprise/v1/clients/{their.spare['client']}")},
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
    "list_rule_sets": _listed(P.ENTERPRISE_RULE_READ, "rule-sets"),
    "propose_a_rule_set": Operation(
        permission=P.ENTERPRISE_RULE_PROPOSE,
        own=lambda _own, _their: post("/enterprise/v1/rule-sets", rule_sets.brand_set()),
        trail="enterprise",
    ),
    "read_rule_set": _by_name(P.ENTERPRISE_RULE_READ, _edition("enterprise", "brand", "read")),
    "read_rule_set_edition": _by_name(P.ENTERPRISE_RULE_READ, _edition_content("enterprise", "brand")),
    "approve_a_rule_set": _by_name(
        P.ENTERPRISE_RULE_APPROVE, _edition("enterprise", "brand", "approve", "/approvals"), trail="enterprise"
    ),
    "reject_a_rule_set": _by_name(
        P.ENTERPRISE_RULE_APPROVE,
        _edition("enterprise", "brand", "reject", "/rejections", reason="sandbox"),
        trail="enterprise",
    ),
    "list_agreements": _listed(P.ENTERPRISE_AGREEMENT_READ, "agreements"),
    "add_an_agreement": Operation(
        permission=P.ENTERPRISE_AGREEMENT_ADD,
        own=lambda _own, _their: post("/enterprise/v1/agreements", bodies.agreement()),
        foreign={
            "outlets": lambda _own, their: post(
                "/enterprise/v1/agreements", bodies.agreement(outlets=[str(their.world.outlet_id)])
            ),
            "supersedes": lambda _own, their: post(
                "/enterprise/v1/agreements", bodies.agreement(supersedes=str(their.world.agreement_id))
            ),
        },
        trail="enterprise",
    ),
    "read_agreement": _by_agreement(permission=P.ENTERPRISE_AGREEMENT_READ, asking=_of_agreement("")),
    "check_an_agreement": _by_agreement(
        permission=P.ENTERPRISE_AGREEMENT_ADD,
        asking=_of_agreement("/checks", {"checked_on": "2024-01-01"}),
        trail="enterprise",
    ),
    "end_an_agreement": _by_agreement(
        permission=P.ENTERPRISE_AGREEMENT_END,
        asking=_of_agreement("/endings", {"reason": "customer_left"}),
        trail="enterprise",
    ),
    "read_sampling": _by_agreement(permission=P.ENTERPRISE_AGREEMENT_READ, asking=_of_agreement("/sampling")),
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
        own=lambda own, _their: get(f"/enterprise/v1/audit-entries?outlet_id={own.world.outlet_id}"),
        foreign={
            "outlet_id": lambda _own, their: get(f"/enterprise/v1/audit-entries?outlet_id={their.world.outlet_id}")
        },
    ),
}

OPERATIONS: Mapping[str, Mapping[str, Operation]] = {
    "counter": {**COUNTER, **intercepting.COUNTER},
    "enterprise": {**ENTERPRISE, **intercepting.ENTERPRISE},
    "regulator": {**REGULATOR, **intercepting.REGULATOR, **rehearsing.REGULATOR},
}
OPEN = frozenset({"issue_token", "read_jwks"})
"""What anybody may ask: an exchange of credentials, and public keys."""
ALL = {name: operation for operations in OPERATIONS.values() for name, operation in operations.items()}
