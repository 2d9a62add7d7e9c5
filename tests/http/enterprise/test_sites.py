"""Sites over HTTP: limits of names, and pages of outlets."""

import pytest

from tests.support.service import Service

BASE = "/enterprise/v1"


@pytest.mark.parametrize(
    ("path", "body", "field", "length_max"),
    [
        pytest.param("/branches", {}, "name", 120, id="branch"),
        pytest.param("/outlets", {"division": "110105"}, "name", 120, id="outlet"),
        pytest.param("/outlets/{outlet_id}/counters", {}, "name", 80, id="counter"),
        pytest.param("/outlets/{outlet_id}/clerks", {"name": "示例新人"}, "staff_no", 40, id="clerk"),
        pytest.param("/outlets/{outlet_id}/machines", {"certificate_no": "1"}, "serial", 40, id="machine's serial"),
        pytest.param("/outlets/{outlet_id}/machines", {"serial": "1"}, "certificate_no", 64, id="its certificate"),
        pytest.param("/clients", {"audience": "enterprise"}, "name", 80, id="client"),
        pytest.param(
            "/agreements",
            {
                "customer": "示例电商有限公司",
                "organisation_code": "91350100M000100Y43",
                "representative": "示例代表",
                "valid_from": "2026-01-01",
                "valid_to": "2026-12-31",
            },
            "filing_no",
            64,
            id="agreement",
        ),
    ],
)
async def test_a_text_is_as_long_as_its_column_at_most(
    service: Service, path: str, body: dict[str, str], field: str, length_max: int
) -> None:
    url = BASE + path.format(outlet_id=service.world.outlet_id)
    fits = await service.post(url, body | {field: "长" * length_max}, await service.as_enterprise())
    too_long = await service.post(url, body | {field: "长" * (length_max + 1)}, await service.as_enterprise())

    assert (fits.status_code, too_long.status_code) == (201, 422), too_long.text
    assert [fault["pointer"] for fault in too_long.json()["errors"]] == [f"/{field}"]


async def test_outlets_come_page_by_page_and_the_cursor_fits_nobody_else(service: Service) -> None:
    other = await service.another_world()
    for number in range(2):
        body = {"name": f"示例{number}", "division": "110105"}
        await service.post(f"{BASE}/outlets", body, await service.as_enterprise())
    first = await service.http.get(f"{BASE}/outlets?limit=2", headers=await service.as_enterprise())
    after = {"limit": "2", "cursor": first.json()["next_cursor"]}
    second = await service.http.get(f"{BASE}/outlets", params=after, headers=await service.as_enterprise())
    stolen = await service.http.get(f"{BASE}/outlets", params=after, headers=await service.as_enterprise(other))

    ids = [outlet["id"] for page in (first, second) for outlet in page.json()["data"]]
    assert (first.json()["has_more"], second.json()["has_more"], len(set(ids))) == (True, False, 3)
    assert (stolen.status_code, stolen.json()["code"]) == (400, "cursor_invalid")
