"""Adding agencies and clients."""

from datetime import datetime

from acceptance_api.access import policy, store
from acceptance_api.access.minting import mint_secret
from acceptance_api.access.model import AddClient, Agency, Client, permissions_of, trail_of
from acceptance_api.audit import Action, Actor, Entry
from acceptance_api.kernel.database import Tx
from acceptance_api.kernel.ids import AgencyId, ClientId, new_uuid
from acceptance_api.kernel.problems import Fault, Kind, Problem


async def add_agency(tx: Tx, *, name: str, jurisdiction: str, actor: Actor, at: datetime) -> Agency:
    """Add an agency; its jurisdiction is a prefix of a GB/T 2260 code, "" for the whole country.

    Raises:
        Problem: INVALID.
    """
    if faults := policy.jurisdiction_faults(jurisdiction):
        raise Problem(Kind.INVALID, *faults)
    agency = Agency(id=AgencyId(new_uuid()), name=name, jurisdiction=jurisdiction, created_at=at)
    entry = Entry(
        action=Action.AGENCY_ADDED,
        actor=actor,
        at=at,
        stream_id=agency.id,
        subject_id=agency.id,
        detail={"jurisdiction": jurisdiction},
    )
    await store.add_agency(tx, agency, entry=entry)
    return agency


async def add_client(tx: Tx, request: AddClient, *, actor: Actor, at: datetime) -> tuple[Client, str]:
    """Add a client; its first secret is shown here and never again.

    Whether the outlet and the counter are the enterprise's own is for the caller to know: sites lie above this room.

    Raises:
        Problem: INVALID, or REFERENCE_UNKNOWN (the agency).
    """
    if faults := policy.faults_of(request):
        raise Problem(Kind.INVALID, *faults)
    client = _client(request, jurisdiction=await _jurisdiction(tx, request))
    secret, text = mint_secret(client.id, at=at)
    entry = Entry(
        action=Action.CLIENT_ADDED,
        actor=actor,
        at=at,
        stream_id=trail_of(client),
        subject_id=client.id,
        detail={
            "audience": client.audience.value,
            "permissions": sorted(permission.value for permission in client.permissions),
            "secret_id": str(secret.id),
        },
    )
    await store.add_client(tx, client, secret, entry=entry)
    return client, text


async def _jurisdiction(tx: Tx, request: AddClient) -> str:
    if request.agency_id is None:
        return ""
    agency = await store.find_agency(tx, request.agency_id)
    if agency is None:
        raise Problem(Kind.REFERENCE_UNKNOWN, Fault("/agency_id", "unknown"))
    if faults := policy.reach_faults(request, agency):
        raise Problem(Kind.INVALID, *faults)
    return agency.jurisdiction if request.jurisdiction is None else request.jurisdiction


def _client(request: AddClient, *, jurisdiction: str) -> Client:
    wanted = request.permissions
    return Client(
        id=ClientId(new_uuid()),
        audience=request.audience,
        name=request.name,
        permissions=permissions_of(request.audience) if wanted is None else wanted,
        enterprise_id=request.enterprise_id,
        outlet_id=request.outlet_id,
        counter_id=request.counter_id,
        agency_id=request.agency_id,
        jurisdiction=jurisdiction,
    )
