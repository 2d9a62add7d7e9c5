"""Who may do what: audiences, permissions, callers."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import NewType, TypeVar
from uuid import UUID

from acceptance_api.audit.model import Actor
from acceptance_api.kernel.ids import AgencyId, CaseId, ClerkId, ClientId, CounterId, EnterpriseId, OutletId
from acceptance_api.kernel.problems import Kind, Problem

SecretId = NewType("SecretId", UUID)

_T = TypeVar("_T")


class Audience(StrEnum):
    """Whom a client serves. A token of one audience opens nothing of another."""

    COUNTER = "counter"
    ENTERPRISE = "enterprise"
    REGULATOR = "regulator"


class Permission(StrEnum):
    """`<audience>:<subject>:<act>`, in alphabetical order."""

    COUNTER_ACCEPTANCE_CORRECT = "counter:acceptance:correct"
    COUNTER_ACCEPTANCE_DECIDE = "counter:acceptance:decide"
    COUNTER_ACCEPTANCE_READ = "counter:acceptance:read"
    COUNTER_ACCEPTANCE_RESOLVE = "counter:acceptance:resolve"
    COUNTER_EVIDENCE_STORE = "counter:evidence:store"
    COUNTER_GOODS_READ = "counter:goods:read"
    COUNTER_INSPECTION_RECORD = "counter:inspection:record"
    COUNTER_INTERCEPTION_READ = "counter:interception:read"
    COUNTER_INTERCEPTION_RECORD = "counter:interception:record"
    COUNTER_MACHINE_REPORT = "counter:machine:report"
    COUNTER_REQUIREMENT_READ = "counter:requirement:read"
    COUNTER_SCAN_READ = "counter:scan:read"
    COUNTER_SCAN_RECORD = "counter:scan:record"
    COUNTER_SCREENING_CLOSE = "counter:screening:close"
    COUNTER_SCREENING_LABEL = "counter:screening:label"
    COUNTER_SCREENING_READ = "counter:screening:read"
    COUNTER_SCREENING_RECORD = "counter:screening:record"
    COUNTER_SHIFT_SIGN = "counter:shift:sign"
    COUNTER_VERIFICATION_RECORD = "counter:verification:record"
    ENTERPRISE_ACCEPTANCE_READ = "enterprise:acceptance:read"
    ENTERPRISE_AGREEMENT_ADD = "enterprise:agreement:add"
    ENTERPRISE_AGREEMENT_END = "enterprise:agreement:end"
    ENTERPRISE_AGREEMENT_READ = "enterprise:agreement:read"
    ENTERPRISE_AUDIT_READ = "enterprise:audit:read"
    ENTERPRISE_CLIENT_MANAGE = "enterprise:client:manage"
    ENTERPRISE_CLIENT_READ = "enterprise:client:read"
    ENTERPRISE_IMPORT_MANAGE = "enterprise:import:manage"
    ENTERPRISE_IMPORT_READ = "enterprise:import:read"
    ENTERPRISE_INTERCEPTION_READ = "enterprise:interception:read"
    ENTERPRISE_INTERCEPTION_RECORD = "enterprise:interception:record"
    ENTERPRISE_RULE_APPROVE = "enterprise:rule:approve"
    ENTERPRISE_RULE_PROPOSE = "enterprise:rule:propose"
    ENTERPRISE_RULE_READ = "enterprise:rule:read"
    ENTERPRISE_SCREENING_READ = "enterprise:screening:read"
    ENTERPRISE_SITE_MANAGE = "enterprise:site:manage"
    ENTERPRISE_SITE_READ = "enterprise:site:read"
    REGULATOR_AUDIT_READ = "regulator:audit:read"
    REGULATOR_CAMPAIGN_APPROVE = "regulator:campaign:approve"
    REGULATOR_CAMPAIGN_PROPOSE = "regulator:campaign:propose"
    REGULATOR_CAMPAIGN_READ = "regulator:campaign:read"
    REGULATOR_CAMPAIGN_REHEARSE = "regulator:campaign:rehearse"
    REGULATOR_CASE_OPEN = "regulator:case:open"
    REGULATOR_CASE_READ = "regulator:case:read"
    REGULATOR_FIELD_DISCLOSE = "regulator:field:disclose"
    REGULATOR_INTERCEPTION_READ = "regulator:interception:read"
    REGULATOR_RECORD_SEARCH = "regulator:record:search"
    REGULATOR_SCREENING_READ = "regulator:screening:read"
    REGULATOR_SITE_READ = "regulator:site:read"


def permissions_of(audience: Audience) -> frozenset[Permission]:
    """Everything a client of this audience can be given; what it gets unless told otherwise."""
    return frozenset(p for p in Permission if p.value.startswith(f"{audience.value}:"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Client:
    """A program that may ask for tokens, and where it stands."""

    id: ClientId
    audience: Audience
    name: str
    permissions: frozenset[Permission]
    enterprise_id: EnterpriseId | None = None
    outlet_id: OutletId | None = None
    counter_id: CounterId | None = None
    agency_id: AgencyId | None = None
    jurisdiction: str = ""
    """Prefix of a GB/T 2260 code a regulator may look into: "" national, 2 digits a province, 4 a city."""
    revoked_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Secret:
    """One of a client's secrets, known by its digest only."""

    id: SecretId
    client_id: ClientId
    digest: bytes = field(repr=False)
    created_at: datetime
    expires_at: datetime | None = None
    revoked_at: datetime | None = None

    def is_live(self, at: datetime) -> bool:
        """Whether the secret works at this moment; its expiry is exclusive."""
        return self.revoked_at is None and (self.expires_at is None or at < self.expires_at)


@dataclass(frozen=True, slots=True, kw_only=True)
class Agency:
    """A postal administration, or another body that may look into records (邮政管理部门)."""

    id: AgencyId
    name: str
    jurisdiction: str
    created_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class AddClient:
    """A client somebody asks for; what it may do is everything of its audience unless `permissions` says less."""

    audience: Audience
    name: str
    permissions: frozenset[Permission] | None = None
    enterprise_id: EnterpriseId | None = None
    outlet_id: OutletId | None = None
    counter_id: CounterId | None = None
    agency_id: AgencyId | None = None
    jurisdiction: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AccessToken:
    """A bearer token, and for how many seconds it lives."""

    token: str = field(repr=False)
    expires_in_s: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Caller:
    """A client in one request."""

    client: Client
    clerk_id: ClerkId | None = None
    case_id: CaseId | None = None
    request_id: str = ""
    actor: Actor = field(init=False)

    def __post_init__(self) -> None:
        """Derive the actor of the audit entries."""
        actor = Actor(
            client_id=self.client.id, clerk_id=self.clerk_id, case_id=self.case_id, request_id=self.request_id
        )
        object.__setattr__(self, "actor", actor)

    @property
    def enterprise_id(self) -> EnterpriseId:
        """The enterprise of a counter or enterprise client."""
        return _present(self.client.enterprise_id)

    @property
    def outlet_id(self) -> OutletId:
        """The outlet of a counter client."""
        return _present(self.client.outlet_id)

    @property
    def named_clerk_id(self) -> ClerkId:
        """The clerk that a counter named in this request."""
        return _present(self.clerk_id)

    @property
    def agency_id(self) -> AgencyId:
        """The agency of a regulator client."""
        return _present(self.client.agency_id)


def _present(value: _T | None) -> _T:
    if value is None:
        raise Problem(Kind.NOT_PERMITTED)
    return value


def require(caller: Caller, permission: Permission) -> None:
    """Let the caller pass, or not.

    Raises:
        Problem: NOT_PERMITTED.
    """
    if permission not in caller.client.permissions:
        raise Problem(Kind.NOT_PERMITTED)


def is_within(division: str, jurisdiction: str) -> bool:
    """Whether an outlet's GB/T 2260 code lies in a jurisdiction."""
    return division.startswith(jurisdiction)


def owner_of(caller: Caller) -> UUID:
    """Whose trail a caller's own acts belong to: its outlet, else its enterprise, else its agency."""
    client = caller.client
    owner = client.outlet_id or client.enterprise_id or client.agency_id
    return _present(owner)


def trail_of(client: Client) -> UUID:
    """Whose trail tells of a client's credentials: granting them is an act of its enterprise or agency."""
    return _present(client.enterprise_id or client.agency_id)
