"""Adding, rotating and revoking clients and their secrets, on a real database."""

from collections.abc import Awaitable, Callable
from datetime import timedelta
from uuid import UUID

import pytest

from acceptance_api.access import (
    AddClient,
    Audience,
    Permission,
    SecretId,
    add_agency,
    add_client,
    find_agency,
    find_client,
    find_clients,
    find_secrets,
    get_client,
    permissions_of,
    revoke_client,
    revoke_secret,
    rotate_secret,
)
from acceptance_api.audit import OPERATOR, Action, find_entries
from acceptance_api.kernel.database import Database, Tx
from acceptance_api.kernel.ids import AgencyId, ClientId, EnterpriseId, new_uuid
from acceptance_api.kernel.problems import Kind, Problem
from tests.access.conftest import NOON, Holder

DAY = timedelta(days=1)


async def actions(tx: Tx, stream_id: UUID | None) -> list[Action]:
    assert stream_id is not None
    return [entry.action for entry in await find_entries(tx, stream_id)]


async def test_a_client_is_found_as_it_was_added(database: Database, holder: Holder) -> None:
    async with database.read() as tx:
        assert await find_client(tx, holder.client.id) == holder.client
        assert await actions(tx, holder.client.enterprise_id) == [Action.CLIENT_ADDED]

    assert holder.client.permissions == permissions_of(Audience.COUNTER)


async def test_of_a_secret_only_the_digest_is_kept(database: Database, holder: Holder) -> None:
    async with database.read() as tx:
        (secret,) = await find_secrets(tx, holder.client.id)
        entries = await find_entries(tx, holder.client.enterprise_id or UUID(int=0))

    assert len(secret.digest) == 32
    assert holder.secret.encode() not in secret.digest
    assert holder.secret not in repr((secret, entries))
    assert repr(secret.digest) not in repr(secret)


async def test_a_regulators_client_takes_its_agencys_jurisdiction(database: Database) -> None:
    async with database.transaction() as tx:
        agency = await add_agency(tx, name="Guangdong", jurisdiction="44", actor=OPERATOR, at=NOON)
        request = AddClient(audience=Audience.REGULATOR, name="r", agency_id=agency.id)
        client, _ = await add_client(tx, request, actor=OPERATOR, at=NOON)
        narrow = AddClient(audience=Audience.REGULATOR, name="r", agency_id=agency.id, jurisdiction="4403")
        city, _ = await add_client(tx, narrow, actor=OPERATOR, at=NOON)

        assert await find_agency(tx, agency.id) == agency
        assert await find_agency(tx, AgencyId(new_uuid())) is None
        assert (client.jurisdiction, city.jurisdiction) == ("44", "4403")
        assert await find_client(tx, city.id) == city
        assert await actions(tx, agency.id) == [Action.AGENCY_ADDED, Action.CLIENT_ADDED, Action.CLIENT_ADDED]


async def test_a_client_that_may_not_exist_is_not_added(database: Database) -> None:
    async with database.transaction() as tx:
        agency = await add_agency(tx, name="Guangdong", jurisdiction="44", actor=OPERATOR, at=NOON)

        async def kind(**wanted: object) -> tuple[Kind, list[str]]:
            request = AddClient(name="x", **wanted)  # type: ignore[arg-type]  # the wanted fields differ in type
            with pytest.raises(Problem) as caught:
                await add_client(tx, request, actor=OPERATOR, at=NOON)
            return caught.value.kind, [fault.pointer for fault in caught.value.faults]

        assert await kind(audience=Audience.ENTERPRISE) == (Kind.INVALID, ["/enterprise_id"])
        unknown = {"audience": Audience.REGULATOR, "agency_id": AgencyId(new_uuid())}
        assert await kind(**unknown) == (Kind.REFERENCE_UNKNOWN, ["/agency_id"])
        beyond = {"audience": Audience.REGULATOR, "agency_id": agency.id, "jurisdiction": "11"}
        assert await kind(**beyond) == (Kind.INVALID, ["/jurisdiction"])
        with pytest.raises(Problem):
            await add_agency(tx, name="nowhere", jurisdiction="4", actor=OPERATOR, at=NOON)


async def test_an_enterprise_sees_its_own_clients_only(database: Database, holder: Holder) -> None:
    enterprise_id, other = holder.client.enterprise_id, EnterpriseId(new_uuid())
    assert enterprise_id is not None
    request = AddClient(
        audience=Audience.ENTERPRISE,
        name="e",
        enterprise_id=enterprise_id,
        permissions=frozenset({Permission.ENTERPRISE_SITE_READ}),
    )
    async with database.transaction() as tx:
        second, _ = await add_client(tx, request, actor=OPERATOR, at=NOON)

        assert await find_clients(tx, enterprise_id) == (holder.client, second)
        assert await find_clients(tx, enterprise_id, after=holder.client.id) == (second,)
        assert await find_clients(tx, other) == ()
        assert await get_client(tx, second.id, enterprise_id=None) == second
        assert await get_client(tx, second.id, enterprise_id=enterprise_id) == second


async def test_rotating_mints_a_secret_and_lets_the_old_one_run_out(database: Database, holder: Holder) -> None:
    async with database.transaction() as tx:
        fresh, text = await rotate_secret(
            tx, holder.client.id, enterprise_id=None, overlap=DAY, actor=OPERATOR, at=NOON
        )
        secrets = await find_secrets(tx, holder.client.id)

        assert {secret.id: secret.expires_at for secret in secrets if secret.id != fresh.id}.popitem()[1] == NOON + DAY
        assert text != holder.secret
        assert await actions(tx, holder.client.enterprise_id) == [Action.CLIENT_ADDED, Action.SECRET_ROTATED]


async def test_rotating_again_never_prolongs_a_secret(database: Database, holder: Holder) -> None:
    async with database.transaction() as tx:
        for overlap in (timedelta(), DAY):
            await rotate_secret(tx, holder.client.id, enterprise_id=None, overlap=overlap, actor=OPERATOR, at=NOON)
        secrets = await find_secrets(tx, holder.client.id)

    expiries = sorted(secret.expires_at for secret in secrets if secret.expires_at is not None)
    assert expiries == [NOON, NOON + DAY]
    assert sum(secret.is_live(NOON) for secret in secrets) == 2


async def test_a_secret_is_revoked_once(database: Database, holder: Holder) -> None:
    async with database.transaction() as tx:
        (secret,) = await find_secrets(tx, holder.client.id)
        for _ in range(2):
            await revoke_secret(tx, holder.client.id, secret.id, enterprise_id=None, actor=OPERATOR, at=NOON)
        (revoked,) = await find_secrets(tx, holder.client.id)

        assert (revoked.revoked_at, revoked.is_live(NOON)) == (NOON, False)
        assert await actions(tx, holder.client.enterprise_id) == [Action.CLIENT_ADDED, Action.SECRET_REVOKED]


async def test_a_client_is_revoked_once_and_for_good(database: Database, holder: Holder) -> None:
    async with database.transaction() as tx:
        client = await revoke_client(tx, holder.client.id, enterprise_id=None, actor=OPERATOR, at=NOON)
        again = await revoke_client(tx, holder.client.id, enterprise_id=None, actor=OPERATOR, at=NOON + DAY)

        assert again == client
        assert client.revoked_at == NOON
        assert await find_client(tx, holder.client.id) == client
        assert await actions(tx, holder.client.enterprise_id) == [Action.CLIENT_ADDED, Action.CLIENT_REVOKED]
        with pytest.raises(Problem) as caught:
            await rotate_secret(tx, client.id, enterprise_id=None, overlap=DAY, actor=OPERATOR, at=NOON)

    assert caught.value.kind is Kind.NOT_FOUND


async def rotate(tx: Tx, client_id: ClientId, enterprise_id: EnterpriseId) -> None:
    await rotate_secret(tx, client_id, enterprise_id=enterprise_id, overlap=DAY, actor=OPERATOR, at=NOON)


async def revoke(tx: Tx, client_id: ClientId, enterprise_id: EnterpriseId) -> None:
    await revoke_client(tx, client_id, enterprise_id=enterprise_id, actor=OPERATOR, at=NOON)


async def revoke_one(tx: Tx, client_id: ClientId, enterprise_id: EnterpriseId) -> None:
    secret_id = (await find_secrets(tx, client_id))[0].id
    await revoke_secret(tx, client_id, secret_id, enterprise_id=enterprise_id, actor=OPERATOR, at=NOON)


@pytest.mark.parametrize("act", [rotate, revoke, revoke_one])
async def test_another_enterprises_client_looks_missing(
    database: Database, holder: Holder, act: Callable[[Tx, ClientId, EnterpriseId], Awaitable[None]]
) -> None:
    async with database.transaction() as tx:
        with pytest.raises(Problem) as caught:
            await act(tx, holder.client.id, EnterpriseId(new_uuid()))

        assert caught.value.kind is Kind.NOT_FOUND
        assert await find_client(tx, holder.client.id) == holder.client


async def test_an_unknown_client_or_secret_is_missing(database: Database, holder: Holder) -> None:
    async with database.transaction() as tx:
        with pytest.raises(Problem):
            await get_client(tx, ClientId(new_uuid()), enterprise_id=None)
        with pytest.raises(Problem):
            await revoke_secret(tx, holder.client.id, SecretId(new_uuid()), enterprise_id=None, actor=OPERATOR, at=NOON)
