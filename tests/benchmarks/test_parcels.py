"""The load is what counters send."""

import json
from itertools import islice
from typing import Any

import pytest
from pydantic import ValidationError

from acceptance_api.http.counter.acceptance_wire import AcceptanceIn
from acceptance_api.identity import DocumentType, check_document
from acceptance_api.kernel.clock import SystemClock, legal_day
from benchmarks.exchange import Kind, Request
from benchmarks.parcels import mixed, unprepared
from benchmarks.people import visits

HEADERS = {"Authorization": "Bearer a token", "Clerk-Id": "a clerk"}


def body_of(request: bytes) -> Any:  # noqa: ANN401 - JSON
    return json.loads(request.partition(b"\r\n\r\n")[2])


def key_of(request: bytes) -> str:
    return next(
        line.partition(": ")[2] for line in request.decode().split("\r\n") if line.startswith("Idempotency-Key")
    )


@pytest.fixture(scope="module")
def load() -> list[Request]:
    return list(mixed(HEADERS, unprepared(visits(), range(5_000))))


def test_four_hundred_people_send_and_each_has_a_number_in_form() -> None:
    senders = {visit.sender.id_number for visit in visits()}
    today = legal_day(SystemClock().now())

    assert len(senders) == len(visits()) == 400
    assert not any(check_document(DocumentType.RESIDENT_ID, number, on=today).faults for number in senders)


def test_a_parcel_is_sent_once_under_a_key_and_a_waybill_of_its_own(load: list[Request]) -> None:
    good = [request for kind, request in load if kind is Kind.GOOD]

    assert len(good) == 5_000
    assert len({key_of(request) for request in good}) == len({body_of(one)["waybill"] for one in good}) == 5_000
    assert 1_300 < sum(len(request.partition(b"\r\n\r\n")[2]) for request in good) / len(good) < 1_500


def test_our_service_understands_each_good_body_and_no_invalid_one(load: list[Request]) -> None:
    for kind, request in load:
        if kind is Kind.REPEAT:
            continue
        body = request.partition(b"\r\n\r\n")[2]
        if kind is Kind.INVALID:
            with pytest.raises(ValidationError):
                AcceptanceIn.model_validate_json(body)
        else:
            AcceptanceIn.model_validate_json(body)


def test_one_in_fifty_is_a_repeat_and_one_in_a_hundred_is_invalid(load: list[Request]) -> None:
    kinds = [kind for kind, _ in load]

    assert kinds.count(Kind.REPEAT) == pytest.approx(100, rel=0.4)
    assert kinds.count(Kind.INVALID) == pytest.approx(50, rel=0.5)


def test_the_same_people_stand_at_every_contestants_counter() -> None:
    first, second = (list(islice(unprepared(visits(), range(10)), 10)) for _ in range(2))

    assert [parcel.visit for parcel in first] == [parcel.visit for parcel in second]
