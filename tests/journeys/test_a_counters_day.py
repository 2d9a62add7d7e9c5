"""A counter's day through a client that was generated from the committed document."""

import hashlib
from collections.abc import Callable, Mapping
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import Any

import httpx
import pytest

from acceptance_api.kernel.ids import new_uuid
from tests.contract import bodies
from tests.contract.clients import generated
from tests.contract.scenes import FAR_AWAY
from tests.support.service import Service, running_service

PHOTO = bodies.SOURCE_PHOTO


class Counter:
    """A counter app over the generated client."""

    def __init__(self, service: Service, client: Any) -> None:  # noqa: ANN401 - generated
        self._service = service
        self._client = client

    async def ask(self, operation: str, body: Any = None, **places: str) -> Any:  # noqa: ANN401 - generated
        """Ask with the arguments that the generated function has; the parsed answer."""
        function: Callable[..., Any] = _module(f"api.{operation}").asyncio_detailed
        accepted = function.__annotations__
        given: dict[str, Any] = {"client": self._client, "clerk_id": str(self._service.world.clerk_id), **places}
        if "idempotency_key" in accepted:
            given["idempotency_key"] = new_uuid().hex
        if body is not None:
            given["body"] = body
        answer = await function(**given)
        assert 200 <= answer.status_code < 300, answer.content
        return answer.parsed


@pytest.fixture(scope="module", autouse=True)
def package(tmp_path_factory: pytest.TempPathFactory) -> Any:  # noqa: ANN401 - a fixture that yields
    """The generated package `counter`, importable."""
    directory: Path = tmp_path_factory.mktemp("generated")
    assert generated("counter", directory) == ""
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(str(directory))
        yield


async def test_a_parcel_is_held_screened_and_accepted(database_url: str, tmp_path: Path) -> None:
    async with running_service(database_url, tmp_path) as service:
        counter = await _counter(service)
        required = await counter.ask(
            "requirements.read_requirements",
            _model("RequirementsIn", sender_kind="person", contents_kind="general", destination={"division": FAR_AWAY}),
        )
        assert required.screening.required
        verified = await counter.ask("verifications.verify_sender", _model("VerificationIn", **bodies.verification()))
        photo = hashlib.sha256(PHOTO).hexdigest()
        await counter.ask("inspections.store_photo", _module("types").File(payload=PHOTO), sha256=photo)
        inspected = await counter.ask(
            "inspections.record_an_inspection", _model("InspectionIn", **bodies.inspection(photo))
        )
        assert inspected.mark_serial
        parcel = bodies.parcel(
            division=FAR_AWAY,
            verification_id=str(verified.id),
            inspection_id=str(inspected.id),
            waybill=inspected.waybill,
        )
        held = await counter.ask("acceptances.decide_acceptance", _model("AcceptanceIn", **parcel))
        machine = str(service.world.machine_id)
        screening = _model("ScreeningIn", **bodies.screening(inspected.waybill, machine))
        await counter.ask("screenings.record_a_screening", screening)
        resolution = _model("ResolutionIn", id=bodies.new_id())
        resolved = await counter.ask("acceptances.resolve_acceptance", resolution, acceptance_id=str(held.id))
        read = await counter.ask("acceptances.read_acceptance", acceptance_id=str(held.id))

    assert [ground.code for ground in held.decision.grounds] == ["not_screened"]
    assert (held.decision.outcome, resolved.decision.outcome, read.decision.outcome) == ("held", "accepted", "accepted")
    assert (read.sequence, read.revision) == (held.sequence + 1, held.revision)


async def test_a_problem_is_parsed_too(database_url: str, tmp_path: Path) -> None:
    async with running_service(database_url, tmp_path) as service:
        counter = await _counter(service)
        read = _module("api.acceptances.read_acceptance").asyncio
        place = {"acceptance_id": bodies.new_id(), "clerk_id": str(service.world.clerk_id)}
        problem = await read(client=counter._client, **place)

    assert (problem.status, problem.code) == (404, "not_found")


async def _counter(service: Service) -> Counter:
    token = await service.token(service.world.counter)
    client = _module("client").AuthenticatedClient(base_url="http://service", token=token)
    transport = httpx.ASGITransport(app=service.app)
    over = httpx.AsyncClient(
        transport=transport, base_url="http://service", headers={"Authorization": f"Bearer {token}"}
    )
    return Counter(service, client.set_async_httpx_client(over))


def _module(name: str) -> ModuleType:
    return import_module(f"counter.{name}")


def _model(name: str, **values: Any) -> Any:  # noqa: ANN401 - generated
    made: Callable[[Mapping[str, Any]], Any] = getattr(_module("models"), name).from_dict
    return made(values)
