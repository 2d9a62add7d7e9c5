"""Signals over HTTP: what was noticed is in the answer, in one sentence with its numbers; a second clerk confirms."""

import pytest

from acceptance_api.kernel.ids import ClerkId
from tests.acceptance.places import Site, another_clerk
from tests.support.journeys import SENDER, Body, Somebody, inspect, new_id, parcel_of, photograph, prepare, verify
from tests.support.service import Service

WARNING = {
    "zh-CN": "寄件电话与收件电话相同",
    "en": "Sender and addressee gave the same telephone",
}
REUSED = {
    "zh-CN": "1 张验视照片已用于其他运单的验视（达到 1 张即提示）",
    "en": "Photos of the inspection that another waybill's inspection had used: 1; 1 are noticed",
}
MYSELF = Somebody(name="诸葛青禾", address="上海市黄浦区示例街8号楼5层", phone="+86 138 0013 8000")


async def decided(service: Service, body: Body, language: str) -> Body:
    headers = await service.as_counter(None, **{"Accept-Language": language})
    answer = await service.post("/counter/v1/acceptances", body, headers)
    assert answer.status_code == 201, answer.text
    made: Body = answer.json()
    return made


async def with_a_photo_of_another(service: Service) -> Body:
    """A parcel whose inspection shows the photo of another one."""
    photos = [await photograph(service)]
    await inspect(service, photos=photos)
    inspected = await inspect(service, photos=photos)
    verified = await verify(service)
    return parcel_of(verification_id=verified["id"], inspection_id=inspected["id"], waybill=inspected["waybill"])


@pytest.mark.parametrize("language", WARNING)
async def test_a_warning_is_told_and_changes_nothing(service: Service, language: str) -> None:
    made = await decided(service, await prepare(service, addressee=MYSELF), language)

    assert made["decision"]["outcome"] == "accepted"
    assert made["decision"]["grounds"] == []
    assert made["decision"]["signals"] == [
        {"code": "sender_phone_is_addressee_phone", "response": "warn", "reason": WARNING[language]}
    ]


@pytest.mark.parametrize("language", REUSED)
async def test_a_signal_that_holds_is_told_with_its_numbers(service: Service, language: str) -> None:
    made = await decided(service, await with_a_photo_of_another(service), language)
    read = await service.http.get(
        f"/counter/v1/acceptances/{made['id']}",
        headers=await service.as_counter(None, **{"Accept-Language": language}),
    )

    assert made["decision"]["outcome"] == "held"
    assert [(one["code"], one["about"]) for one in made["decision"]["grounds"]] == [
        ("second_clerk_required", "photo_reused")
    ]
    (signal,) = made["decision"]["signals"]
    assert (signal["code"], signal["response"], signal["reason"]) == ("photo_reused", "second_clerk", REUSED[language])
    assert read.json() == made


async def test_no_signal_tells_who_sends(service: Service) -> None:
    made = await decided(service, await prepare(service, addressee=MYSELF), "zh-CN")

    assert not any(secret in str(made) for secret in (*SENDER.secrets(), *MYSELF.secrets()))


async def test_a_second_clerk_confirms_and_the_first_cannot(service: Service) -> None:
    held = await decided(service, await with_a_photo_of_another(service), "en")
    path = f"/counter/v1/acceptances/{held['id']}/resolutions"
    site = Site(service.office.database, service.office.vault, service.world)

    async def confirm(clerk_id: ClerkId) -> Body:
        body = {"id": new_id(), "signals_confirmed": True}
        answer = await service.post(path, body, await service.as_counter(None, **{"Clerk-Id": str(clerk_id)}))
        return {"status": answer.status_code, **answer.json()}

    first = await confirm(service.world.clerk_id)
    second = await confirm(await another_clerk(site))

    assert (first["status"], first["code"]) == (403, "second_person_required")
    assert [one["pointer"] for one in first["errors"]] == ["/signals_confirmed"]
    assert (second["status"], second["decision"]["outcome"]) == (201, "accepted")
    assert [one["code"] for one in second["decision"]["signals"]] == ["photo_reused"]
