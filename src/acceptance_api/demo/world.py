"""The sandbox world: one enterprise with an outlet, a counter and its staff, and one regulator."""

from dataclasses import dataclass
from datetime import date, datetime

from acceptance_api.access import AddClient, Audience, add_agency, add_client
from acceptance_api.agreements import AddAgreement, add_agreement
from acceptance_api.audit import OPERATOR
from acceptance_api.kernel.database import Database, Tx
from acceptance_api.kernel.ids import AgencyId, AgreementId, ClerkId, CounterId, EnterpriseId, MachineId, OutletId
from acceptance_api.sites import (
    AddClerk,
    AddOutlet,
    ClerkRole,
    add_branch,
    add_clerk,
    add_counter,
    add_enterprise,
    add_machine,
    add_outlet,
)
from acceptance_api.vault import Vault

BEIJING_CHAOYANG = "110105"


@dataclass(frozen=True, slots=True, kw_only=True)
class Credentials:
    """A client's id and secret. The secret is shown once."""

    client_id: str
    client_secret: str

    def __repr__(self) -> str:
        """Show no secret."""
        return f"<credentials of {self.client_id}>"


@dataclass(frozen=True, slots=True, kw_only=True)
class World:
    """Everything a counter's day needs."""

    enterprise_id: EnterpriseId
    outlet_id: OutletId
    counter_id: CounterId
    clerk_id: ClerkId
    machine_id: MachineId
    agreement_id: AgreementId
    agency_id: AgencyId
    counter: Credentials
    enterprise: Credentials
    regulator: Credentials


async def make_world(
    database: Database,
    vault: Vault,
    *,
    at: datetime,
    name: str = "示例快递",
    division: str = BEIJING_CHAOYANG,
    jurisdiction: str = "",
) -> World:
    """Make an enterprise with an outlet and its staff, and an agency, and give each a client."""
    async with database.transaction() as tx:
        enterprise = await add_enterprise(tx, name=name, brand=name, actor=OPERATOR, at=at)
        branch = await add_branch(tx, enterprise.id, name="总部", parent_id=None, actor=OPERATOR, at=at)
        outlet = await add_outlet(
            tx,
            enterprise.id,
            AddOutlet(name="示例营业部", division=division, branch_id=branch.id),
            actor=OPERATOR,
            at=at,
        )
        counter_id, clerk_id, machine_id = await _staffed(tx, vault, enterprise.id, outlet.id, at=at)
        agreement_id = await _agreement(tx, vault, enterprise.id, at=at)
        agency = await add_agency(tx, name="示例邮政管理局", jurisdiction=jurisdiction, actor=OPERATOR, at=at)
        counter = await _client(
            tx,
            AddClient(
                audience=Audience.COUNTER,
                name="sandbox counter",
                enterprise_id=enterprise.id,
                outlet_id=outlet.id,
                counter_id=counter_id,
            ),
            at=at,
        )
        headquarters = await _client(
            tx, AddClient(audience=Audience.ENTERPRISE, name="sandbox IT", enterprise_id=enterprise.id), at=at
        )
        regulator = await _client(
            tx, AddClient(audience=Audience.REGULATOR, name="sandbox regulator", agency_id=agency.id), at=at
        )
    return World(
        enterprise_id=enterprise.id,
        outlet_id=outlet.id,
        counter_id=counter_id,
        clerk_id=clerk_id,
        machine_id=machine_id,
        agreement_id=agreement_id,
        agency_id=agency.id,
        counter=counter,
        enterprise=headquarters,
        regulator=regulator,
    )


async def _staffed(
    tx: Tx, vault: Vault, enterprise_id: EnterpriseId, outlet_id: OutletId, *, at: datetime
) -> tuple[CounterId, ClerkId, MachineId]:
    roles = frozenset({ClerkRole.CLERK, ClerkRole.SCREENER})
    counter = await add_counter(tx, outlet_id, enterprise_id=enterprise_id, name="1", actor=OPERATOR, at=at)
    clerk = await add_clerk(
        tx,
        vault,
        outlet_id,
        AddClerk(staff_no="0001", name="示例收寄员", roles=roles),
        enterprise_id=enterprise_id,
        actor=OPERATOR,
        at=at,
    )
    machine = await add_machine(
        tx,
        outlet_id,
        enterprise_id=enterprise_id,
        serial="XR-0001",
        certificate_no="SANDBOX-0001",
        actor=OPERATOR,
        at=at,
    )
    return counter.id, clerk.id, machine.id


async def _agreement(tx: Tx, vault: Vault, enterprise_id: EnterpriseId, *, at: datetime) -> AgreementId:
    agreement = await add_agreement(
        tx,
        vault,
        enterprise_id,
        AddAgreement(
            filing_no="SANDBOX-1",
            customer="示例电商有限公司",
            uscc="91350100M000100Y43",
            representative="示例代表",
            outlets=(),
            contents_kinds=frozenset(),
            valid_from=date(2020, 1, 1),
            valid_to=date(2099, 12, 31),
        ),
        actor=OPERATOR,
        at=at,
    )
    return agreement.id


async def _client(tx: Tx, request: AddClient, *, at: datetime) -> Credentials:
    client, secret = await add_client(tx, request, actor=OPERATOR, at=at)
    return Credentials(client_id=str(client.id), client_secret=secret)
