"""The staff of a shop that screens: a second screener, a clerk who is none, and what each does."""

from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from acceptance_api.access import Caller
from acceptance_api.audit import OPERATOR
from acceptance_api.kernel.ids import ClerkId, ScreeningId, new_uuid
from acceptance_api.screening import (
    CheckOpen,
    CloseFlag,
    LookAgain,
    PassHistory,
    Screening,
    ScreeningVerdict,
    WriteOffLabel,
    check_open,
    close_flag,
    draft_screening,
    look_again,
    write_off_label,
)
from acceptance_api.screening.model import (
    CheckConclusion,
    Flag,
    FlagConclusion,
    LookConclusion,
    StepReason,
    WriteOffReason,
)
from acceptance_api.sites import (
    AddClerk,
    ClerkRole,
    FileMachinePaper,
    FileScreenerPaper,
    add_clerk,
    file_machine_paper,
    file_screener_paper,
)
from tests.support.builders import NOON, TODAY, Shop, screening_of

KNIFE = Flag(code="knife", confidence=0.75)
LATER = date(2099, 12, 31)
BEFORE = date(2020, 1, 1)


@dataclass(frozen=True, kw_only=True)
class Staff:
    """A shop, its first screener (the shop's caller), another one, and a clerk who is no screener."""

    shop: Shop
    other: Caller
    clerk: Caller

    @property
    def first(self) -> Caller:
        """The screener who records the passes."""
        return self.shop.caller

    async def screen(
        self,
        waybill: str,
        verdict: ScreeningVerdict = ScreeningVerdict.SUSPECT,
        *,
        flags: tuple[Flag, ...] = (),
        at: datetime = NOON,
        **changes: Any,  # noqa: ANN401 - parts of a request
    ) -> Screening:
        """Record a pass."""
        request = replace(screening_of(waybill, self.shop.world, verdict=verdict), flags=flags, **changes)
        screening, record = await draft_screening(self.shop.screening, self.first, request, at=at)
        await self.shop.writer.add(record)
        return screening

    async def look(
        self,
        screening_id: ScreeningId,
        conclusion: LookConclusion = LookConclusion.CLEAR,
        *,
        by: Caller | None = None,
        at: datetime = NOON,
    ) -> PassHistory:
        """Have another screener look again."""
        request = LookAgain(
            id=new_uuid(),
            screening_id=screening_id,
            conclusion=conclusion,
            reason=StepReason.OPAQUE_PICTURE,
            fingerprint=new_uuid().bytes,
        )
        async with self.shop.database.transaction() as tx:
            history, _ = await look_again(tx, by or self.other, request, at=at)
        return history

    async def open(
        self,
        screening_id: ScreeningId,
        conclusion: CheckConclusion = CheckConclusion.CLEAR,
        *,
        by: Caller | None = None,
        second: ClerkId | None = None,
        photo: str | None = None,
        at: datetime = NOON,
    ) -> PassHistory:
        """Have two persons open the parcel."""
        request = CheckOpen(
            id=new_uuid(),
            screening_id=screening_id,
            second_clerk_id=second or self.other.named_clerk_id,
            conclusion=conclusion,
            reason=StepReason.MATCHES_DECLARATION,
            photo=photo,
            fingerprint=new_uuid().bytes,
        )
        async with self.shop.database.transaction() as tx:
            history, _ = await check_open(tx, by or self.clerk, request, at=at)
        return history

    async def close(
        self,
        screening_id: ScreeningId,
        flag: int = 0,
        conclusion: FlagConclusion = FlagConclusion.FALSE_ALARM,
        *,
        by: Caller | None = None,
        second: ClerkId | None = None,
        at: datetime = NOON,
    ) -> PassHistory:
        """Close a flag."""
        request = CloseFlag(
            id=new_uuid(),
            screening_id=screening_id,
            flag=flag,
            conclusion=conclusion,
            reason=StepReason.HARMLESS_CONTENTS,
            second_clerk_id=second,
            fingerprint=new_uuid().bytes,
        )
        async with self.shop.database.transaction() as tx:
            history, _ = await close_flag(tx, by or self.other, request, at=at)
        return history

    async def write_off(self, serial: str, waybill: str, *, at: datetime = NOON) -> PassHistory:
        """Write a label off."""
        request = WriteOffLabel(
            id=new_uuid(),
            serial=serial,
            waybill=waybill,
            reason=WriteOffReason.DAMAGED,
            fingerprint=new_uuid().bytes,
        )
        async with self.shop.database.transaction() as tx:
            history, _ = await write_off_label(tx, self.first, request, at=at)
        return history

    async def certify(self, *, at: datetime = NOON, **changes: Any) -> None:  # noqa: ANN401 - parts of a paper
        """File a paper of the machine; unless told otherwise, one that is in order."""
        world = self.shop.world
        paper = FileMachinePaper(
            certificate_no="X-1",
            valid_from=BEFORE,
            valid_to=LATER,
            calibrated_on=BEFORE,
            calibration_due_on=LATER,
            is_networked=True,
        )
        async with self.shop.database.transaction() as tx:
            await file_machine_paper(
                tx,
                world.outlet_id,
                world.machine_id,
                replace(paper, **changes),
                enterprise_id=world.enterprise_id,
                actor=OPERATOR,
                at=at,
            )

    async def train(self, *, at: datetime = NOON, **changes: Any) -> None:  # noqa: ANN401 - parts of a paper
        """File a paper of the first screener; unless told otherwise, one that is in order."""
        world = self.shop.world
        paper = FileScreenerPaper(certificate_no="S-1", valid_from=BEFORE, valid_to=LATER, background_checked_on=TODAY)
        async with self.shop.database.transaction() as tx:
            await file_screener_paper(
                tx,
                world.outlet_id,
                self.first.named_clerk_id,
                replace(paper, **changes),
                enterprise_id=world.enterprise_id,
                actor=OPERATOR,
                at=at,
            )


async def staff_of(shop: Shop) -> Staff:
    """Engage a second screener and a clerk who is none."""
    callers = []
    for number, roles in enumerate(({ClerkRole.SCREENER}, {ClerkRole.CLERK}), start=2):
        async with shop.database.transaction() as tx:
            clerk = await add_clerk(
                tx,
                shop.vault,
                shop.world.outlet_id,
                AddClerk(staff_no=f"{number:04d}", name="示例", roles=frozenset(roles)),
                enterprise_id=shop.world.enterprise_id,
                actor=OPERATOR,
                at=NOON,
            )
        callers.append(replace(shop.caller, clerk_id=clerk.id))
    return Staff(shop=shop, other=callers[0], clerk=callers[1])
