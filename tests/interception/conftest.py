"""A shop where something is found, on each database; each helper says only what a test is about."""

import hashlib
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from acceptance_api.access import Caller
from acceptance_api.interception import (
    Body,
    CaseFile,
    Instruction,
    OpenInterception,
    Person,
    PersonKind,
    RecordStep,
    Source,
    StepKind,
    StoreCaseEvidence,
    WaybillUnderWay,
    open_interception,
    record_step,
    store_case_evidence,
)
from acceptance_api.kernel.database import Database
from acceptance_api.kernel.ids import InterceptionId, new_uuid
from tests.support.builders import JPEG, NOON, Shop, new_waybill, open_shop

OFFICER = Person(
    kind=PersonKind.OFFICER, body=Body.PUBLIC_SECURITY, name="端木示例", certificate_number="示例警证000001"
)
COLLEAGUE = Person(
    kind=PersonKind.OFFICER, body=Body.PUBLIC_SECURITY, name="司徒示例", certificate_number="示例警证000002"
)
BYSTANDER = Person(kind=PersonKind.OTHER, name="皇甫示例")
SENDER = Person(kind=PersonKind.SENDER)
MINUTE = timedelta(minutes=1)
KNIFE, EXPLOSIVE, FAKE, UNKNOWN = "P02", "P03", "P16", "P19"
"""Classes of the catalogue: D1, D3, D6, D11."""
NEEDED: dict[StepKind, dict[str, Any]] = {
    StepKind.ISOLATE: {"is_evacuated": True},
    StepKind.REPORT: {"body": Body.PUBLIC_SECURITY, "reference": "R-1"},
    StepKind.INSTRUCT: {"body": Body.PUBLIC_SECURITY, "reference": "I-1", "instruction": Instruction.HAND_OVER},
    StepKind.HAND_OVER: {"holder": OFFICER},
    StepKind.RETURN: {"holder": SENDER},
    StepKind.DESTROY: {"witness": BYSTANDER},
}
"""What each kind of step needs, beside evidence."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Room:
    """The shop, and what is done in it with what was found."""

    shop: Shop

    async def open(  # noqa: PLR0913 - a test names the one it is about
        self,
        class_code: str = FAKE,
        *,
        waybill: str | None = None,
        interception_id: UUID | None = None,
        source: Source = Source.WAYBILL,
        source_id: UUID | None = None,
        goods_code: str | None = None,
        found_at: datetime | None = None,
        note: str | None = None,
        fingerprint: bytes = bytes(32),
        under_way: Sequence[WaybillUnderWay] = (),
        caller: Caller | None = None,
        at: datetime = NOON,
    ) -> CaseFile:
        """Open a case."""
        request = OpenInterception(
            id=InterceptionId(interception_id or new_uuid()),
            waybill=waybill or new_waybill(),
            source=source,
            source_id=source_id,
            goods_code=goods_code,
            class_code=None if goods_code else class_code,
            found_at=found_at,
            note=note,
            fingerprint=fingerprint,
        )
        async with self.shop.database.transaction() as tx:
            file, _ = await open_interception(
                self.shop.vault, tx, caller or self.shop.caller, request, under_way=under_way, at=at
            )
        return file

    async def photograph(self, file: CaseFile, content: bytes = JPEG + b"case", *, caller: Caller | None = None) -> str:
        """Store a photo with the case; its digest."""
        digest = hashlib.sha256(content).hexdigest()
        request = StoreCaseEvidence(
            outlet_id=file.interception.outlet_id,
            interception_id=file.interception.id,
            sha256=digest,
            content=content,
        )
        async with self.shop.database.transaction() as tx:
            await store_case_evidence(self.shop.vault, tx, caller or self.shop.caller, request, at=NOON)
        return digest

    async def step(
        self,
        file: CaseFile,
        kind: StepKind,
        *,
        caller: Caller | None = None,
        under_way: Sequence[WaybillUnderWay] = (),
        at: datetime | None = None,
        **changes: Any,  # noqa: ANN401 - parts of a request
    ) -> CaseFile:
        """Take the next step, with everything its kind needs; a minute after the last one."""
        given: dict[str, Any] = (
            {
                "id": new_uuid(),
                "outlet_id": file.interception.outlet_id,
                "interception_id": file.interception.id,
                "number": len(file.steps) + 1,
                "kind": kind,
                "actor": None,
                "evidence": await self.photograph(file),
                "fingerprint": bytes(32),
            }
            | NEEDED.get(kind, {})
            | changes
        )
        request = RecordStep(**given)
        at = at or file.steps[-1].recorded_at + MINUTE
        async with self.shop.database.transaction() as tx:
            after, _ = await record_step(
                self.shop.vault, tx, caller or self.shop.caller, request, under_way=under_way, at=at
            )
        return after

    async def walk(self, file: CaseFile, *kinds: StepKind, **changes: Any) -> CaseFile:  # noqa: ANN401 - parts of a request
        """Take several steps; `changes` are those of the last."""
        for kind in kinds[:-1]:
            file = await self.step(file, kind)
        return await self.step(file, kinds[-1], **changes)

    async def instructed(self, file: CaseFile, instruction: Instruction) -> CaseFile:
        """Isolate, report, and be instructed."""
        return await self.walk(file, StepKind.ISOLATE, StepKind.REPORT, StepKind.INSTRUCT, instruction=instruction)


@pytest.fixture
async def room(database: Database, tmp_path: Path) -> AsyncIterator[Room]:
    """A shop in a fresh database, with keys of its own."""
    async with open_shop(database, tmp_path) as shop:
        yield Room(shop=shop)
