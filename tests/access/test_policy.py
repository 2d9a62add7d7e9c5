"""Which clients may exist, and what a caller may do."""

import pytest

from acceptance_api.access import policy
from acceptance_api.access.model import (
    AddClient,
    Agency,
    Audience,
    Caller,
    Client,
    Permission,
    is_within,
    owner_of,
    permissions_of,
    require,
    trail_of,
)
from acceptance_api.kernel.ids import AgencyId, ClerkId, ClientId, CounterId, EnterpriseId, OutletId, new_uuid
from acceptance_api.kernel.problems import Kind, Problem
from tests.access.conftest import NOON

ENTERPRISE, OUTLET, AGENCY = EnterpriseId(new_uuid()), OutletId(new_uuid()), AgencyId(new_uuid())
COUNTER = AddClient(audience=Audience.COUNTER, name="c", enterprise_id=ENTERPRISE, outlet_id=OUTLET)
REGULATOR = AddClient(audience=Audience.REGULATOR, name="r", agency_id=AGENCY, jurisdiction="44")


@pytest.mark.parametrize(
    ("request_", "faults"),
    [
        pytest.param(COUNTER, [], id="a counter's client in its outlet"),
        pytest.param(AddClient(audience=Audience.ENTERPRISE, name="e", enterprise_id=ENTERPRISE), [], id="enterprise"),
        pytest.param(REGULATOR, [], id="a regulator's client in its agency"),
        pytest.param(
            AddClient(audience=Audience.COUNTER, name="c"),
            [("/enterprise_id", "required"), ("/outlet_id", "required")],
            id="a counter's client nowhere",
        ),
        pytest.param(
            AddClient(
                audience=Audience.ENTERPRISE, name="e", enterprise_id=ENTERPRISE, counter_id=CounterId(new_uuid())
            ),
            [("/counter_id", "not_of_audience")],
            id="an enterprise's client at a counter",
        ),
        pytest.param(
            AddClient(audience=Audience.REGULATOR, name="r", agency_id=AGENCY, enterprise_id=ENTERPRISE),
            [("/enterprise_id", "not_of_audience")],
            id="a regulator's client in an enterprise",
        ),
        pytest.param(
            AddClient(
                audience=Audience.ENTERPRISE,
                name="e",
                enterprise_id=ENTERPRISE,
                permissions=frozenset({Permission.REGULATOR_FIELD_DISCLOSE}),
            ),
            [("/permissions", "not_of_audience")],
            id="a permission of another audience",
        ),
        pytest.param(
            AddClient(
                audience=Audience.ENTERPRISE,
                name="e",
                enterprise_id=ENTERPRISE,
                permissions=frozenset({Permission.ENTERPRISE_AUDIT_READ}),
            ),
            [],
            id="fewer permissions than the audience has",
        ),
    ],
)
def test_a_client_stands_in_the_place_of_its_audience(request_: AddClient, faults: list[tuple[str, str]]) -> None:
    assert [(fault.pointer, fault.code) for fault in policy.faults_of(request_)] == faults


@pytest.mark.parametrize("jurisdiction", ["", "44", "4403", "440305"])
def test_a_jurisdiction_is_a_prefix_of_a_division_code(jurisdiction: str) -> None:
    assert policy.jurisdiction_faults(jurisdiction) == ()


@pytest.mark.parametrize("jurisdiction", ["4", "440", "44030501", "x4", "\uff14\uff14", "44\n"])
def test_anything_else_is_no_jurisdiction(jurisdiction: str) -> None:
    assert [fault.pointer for fault in policy.jurisdiction_faults(jurisdiction)] == ["/jurisdiction"]


@pytest.mark.parametrize(
    ("of_agency", "within"),
    [("", True), ("44", True), ("4403", False), ("11", False)],
    ids=["national", "same province", "only a city of it", "another province"],
)
def test_a_regulator_looks_no_further_than_its_agency(of_agency: str, *, within: bool) -> None:
    agency = Agency(id=AGENCY, name="a", jurisdiction=of_agency, created_at=NOON)

    assert (policy.reach_faults(REGULATOR, agency) == ()) is within


def client(audience: Audience, **place: object) -> Client:
    made = AddClient(audience=audience, name="c", **place)  # type: ignore[arg-type]  # places differ in type
    return Client(
        id=ClientId(new_uuid()),
        audience=audience,
        name="c",
        permissions=permissions_of(audience),
        enterprise_id=made.enterprise_id,
        outlet_id=made.outlet_id,
        agency_id=made.agency_id,
    )


def test_each_permission_belongs_to_one_audience() -> None:
    assert set(Permission) == frozenset().union(*map(permissions_of, Audience))
    assert sum(len(permissions_of(audience)) for audience in Audience) == len(Permission)


def test_a_caller_without_the_permission_does_not_pass() -> None:
    caller = Caller(client=client(Audience.ENTERPRISE, enterprise_id=ENTERPRISE))

    require(caller, Permission.ENTERPRISE_AUDIT_READ)
    with pytest.raises(Problem) as caught:
        require(caller, Permission.COUNTER_ACCEPTANCE_DECIDE)

    assert caught.value.kind is Kind.NOT_PERMITTED


def test_a_caller_says_where_it_stands() -> None:
    counter = Caller(
        client=client(Audience.COUNTER, enterprise_id=ENTERPRISE, outlet_id=OUTLET), clerk_id=ClerkId(new_uuid())
    )
    regulator = Caller(client=client(Audience.REGULATOR, agency_id=AGENCY))

    assert (counter.enterprise_id, counter.outlet_id, regulator.agency_id) == (ENTERPRISE, OUTLET, AGENCY)
    assert counter.named_clerk_id == counter.clerk_id
    assert (counter.actor.client_id, counter.actor.clerk_id) == (counter.client.id, counter.clerk_id)
    with pytest.raises(Problem):
        _ = regulator.outlet_id


@pytest.mark.parametrize(
    ("place", "owner", "trail"),
    [
        pytest.param({"enterprise_id": ENTERPRISE, "outlet_id": OUTLET}, OUTLET, ENTERPRISE, id="counter"),
        pytest.param({"enterprise_id": ENTERPRISE}, ENTERPRISE, ENTERPRISE, id="enterprise"),
        pytest.param({"agency_id": AGENCY}, AGENCY, AGENCY, id="regulator"),
    ],
)
def test_acts_and_credentials_have_their_trails(place: dict[str, object], owner: object, trail: object) -> None:
    made = client(Audience.COUNTER, **place)

    assert (owner_of(Caller(client=made)), trail_of(made)) == (owner, trail)


@pytest.mark.parametrize(
    ("division", "jurisdiction", "within"),
    [("440305", "", True), ("440305", "44", True), ("440305", "4403", True), ("440305", "11", False)],
)
def test_an_outlet_lies_in_a_jurisdiction_by_its_prefix(division: str, jurisdiction: str, *, within: bool) -> None:
    assert is_within(division, jurisdiction) is within
