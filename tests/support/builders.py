"""Builders that say only what a test is about: everything they are not told is in order and synthetic.

Pure ones: `facts()`, `verification()`, `inspection()`, `party()`, `item()`, `parcel()`. For a use case on a database:
`open_shop()`, a shop with its staff, keys and a counter's caller, which verifies, inspects, screens and decides.
"""

import hashlib
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from itertools import count
from pathlib import Path
from typing import Any
from uuid import UUID

from acceptance_api.acceptance import (
    Acceptance,
    DecideParcel,
    DecidingDesk,
    Destination,
    Item,
    Organisation,
    Party,
    Reach,
    RuleDesk,
    SenderKind,
    SenderRefusal,
    Transport,
    decide_parcel,
)
from acceptance_api.acceptance.facts import Facts, GoodsFact, InspectionFact, MarkState, VerificationFact
from acceptance_api.access import Caller, get_client
from acceptance_api.demo.world import BEIJING_CHAOYANG, Credentials, World, make_world
from acceptance_api.identity import (
    Answer,
    Channel,
    DocumentType,
    Verification,
    VerifyingDesk,
    VerifySender,
    ask_about,
    draft_verification,
)
from acceptance_api.inspection import Answer as ChecklistAnswer
from acceptance_api.inspection import (
    AnswerValue,
    ContentsKind,
    DeclaredItem,
    Inspection,
    NotOpenedReason,
    Opening,
    RecordInspection,
    SeenItem,
    StoreEvidence,
    checklist_for,
    record_inspection,
    store_evidence,
)
from acceptance_api.kernel.clock import legal_day
from acceptance_api.kernel.database import Database
from acceptance_api.kernel.express import Lane, Reader, Writer, open_lane
from acceptance_api.kernel.ids import (
    AcceptanceId,
    AgreementId,
    ClerkId,
    ClientId,
    InspectionId,
    ScreeningId,
    VerificationId,
    new_uuid,
)
from acceptance_api.rulesets import Shelf
from acceptance_api.screening import RecordScreening, Screening, ScreeningDesk, ScreeningVerdict, draft_screening
from acceptance_api.sites import Roster
from acceptance_api.vault import FileKeyStore, Vault
from tests.support.authorities import MATCHING, NAME, PretendAuthority

NOON = datetime(2026, 11, 23, 4, 0, tzinfo=UTC)
"""Noon of a Monday in China."""
TODAY = date(2026, 11, 23)
SENDER = NAME
VERIFICATION_SERVES = timedelta(hours=2)
JPEG = b"\xff\xd8\xff"
SAME_CITY = Destination(country="CN", division="110108")
"""Near enough to the shop's outlet that nothing must be screened."""
ANOTHER_PROVINCE = Destination(country="CN", division="440305")
"""Far enough that it must be."""

_WAYBILLS = count(1)


def new_waybill() -> str:
    """A waybill nobody else has."""
    return f"EX{next(_WAYBILLS):012d}"


# --- facts: pure ------------------------------------------------------------------------------------------------------


def verification(
    *, status: str = "passed", failings: tuple[str, ...] = (), is_fresh: bool = True, name_agrees: bool = True
) -> VerificationFact:
    """What is known of a sender who was verified."""
    return VerificationFact(status=status, failings=failings, is_fresh=is_fresh, name_agrees=name_agrees)


def inspection(
    *,
    status: str = "passed",
    failed: tuple[str, ...] = (),
    objections: tuple[str, ...] = (),
    same_waybill: bool = True,
    same_contents: bool = True,
    mark: MarkState = MarkState.ISSUED,
    opened: bool = True,
) -> InspectionFact:
    """What is known of a parcel that was inspected and marked."""
    return InspectionFact(
        status=status,
        failed=failed,
        objections=objections,
        same_waybill=same_waybill,
        same_contents=same_contents,
        mark=mark,
        checklist="2025-06-01",
        opened=opened,
    )


_VERIFIED = verification()
_INSPECTED = inspection()


def facts(  # noqa: PLR0913 - facts are many; a test names the one it is about
    *,
    on: date = TODAY,
    origin: str = BEIJING_CHAOYANG,
    sender_kind: SenderKind = SenderKind.PERSON,
    contents_kind: str = "general",
    transport: Transport = Transport.GROUND,
    reach: Reach = Reach.SAME_CITY,
    goods: tuple[GoodsFact, ...] = (),
    weight_g: int | None = 1_000,
    sides_mm: tuple[int, int, int] | None = (300, 200, 100),
    sender_refusal: SenderRefusal | None = None,
    verification: VerificationFact | None = _VERIFIED,
    agreement_in_force: bool | None = None,
    inspection: InspectionFact | None = _INSPECTED,
    screenings: tuple[str, ...] = (),
    **rarer: Any,  # noqa: ANN401 - what most parcels do not have
) -> Facts:
    """The facts of a parcel that is accepted: a walk-in's, within the city, verified, inspected and marked."""
    return Facts(
        on=on,
        origin=origin,
        sender_kind=sender_kind,
        contents_kind=contents_kind,
        transport=transport,
        reach=reach,
        goods=goods,
        weight_g=weight_g,
        sides_mm=sides_mm,
        sender_refusal=sender_refusal,
        verification=verification,
        agreement_in_force=agreement_in_force,
        inspection=inspection,
        screenings=screenings,
        **rarer,
    )


# --- what a counter asks: pure ----------------------------------------------------------------------------------------


def party(*, name: str = SENDER, phone: str = "13800138000", address: str = "北京市朝阳区示例路1号2单元301室") -> Party:
    """A sender."""
    return Party(name=name, phone=phone, address=address)


def item(
    name: str = "毛衣",
    quantity: Decimal | int = 1,
    *,
    goods_code: str | None = None,
    documents: tuple[str, ...] = (),
) -> Item:
    """One line of the contents."""
    return Item(name=name, quantity=Decimal(quantity), goods_code=goods_code, documents=documents)


_CONTENTS = (item(),)
_SENDER = party()
_ADDRESSEE = party(name="李秀英", phone="13900139000", address="北京市海淀区示例街8号")


def parcel(  # noqa: PLR0913 - a parcel has these parts; a test names the one it is about
    *,
    acceptance_id: UUID | None = None,
    waybill: str | None = None,
    sender_kind: SenderKind = SenderKind.PERSON,
    sender: Party = _SENDER,
    organisation: Organisation | None = None,
    addressee: Party = _ADDRESSEE,
    destination: Destination = SAME_CITY,
    transport: Transport = Transport.GROUND,
    contents_kind: str = "general",
    contents: tuple[Item, ...] = _CONTENTS,
    weight_g: int | None = 1_000,
    verification: Verification | None = None,
    inspection: Inspection | None = None,
    agreement_id: AgreementId | None = None,
    sender_refusal: SenderRefusal | None = None,
    fingerprint: bytes = bytes(32),
) -> DecideParcel:
    """A walk-in's parcel within the city; its waybill is that of its inspection, else a new one."""
    return DecideParcel(
        id=AcceptanceId(acceptance_id or new_uuid()),
        waybill=waybill or (inspection.waybill if inspection else new_waybill()),
        sender_kind=sender_kind,
        sender=sender,
        organisation=organisation,
        addressee=addressee,
        destination=destination,
        transport=transport,
        contents_kind=contents_kind,
        contents=contents,
        weight_g=weight_g,
        sides_mm=(300, 200, 100),
        verification_id=verification.id if verification else None,
        inspection_id=inspection.id if inspection else None,
        agreement_id=agreement_id,
        sender_refusal=sender_refusal,
        fingerprint=fingerprint,
    )


def verifying(
    *,
    verification_id: UUID | None = None,
    name: str = SENDER,
    number: str = MATCHING,
    document: DocumentType = DocumentType.RESIDENT_ID,
    channel: Channel = Channel.CHIP_READER,
    person_matches: bool = True,
    valid_until: date | None = None,
    fingerprint: bytes = bytes(32),
) -> VerifySender:
    """A resident's card, read by its chip, shown by its holder."""
    return VerifySender(
        id=VerificationId(verification_id or new_uuid()),
        document=document,
        number=number,
        name=name,
        channel=channel,
        person_matches=person_matches,
        valid_until=valid_until,
        notice_version="2026-01",
        fingerprint=fingerprint,
    )


def inspecting(  # noqa: PLR0913 - what a counter says of one inspection
    *,
    inspection_id: UUID | None = None,
    waybill: str | None = None,
    contents_kind: ContentsKind = ContentsKind.GENERAL,
    contents: Iterable[Item] = _CONTENTS,
    seen: Iterable[Item] | None = None,
    unanswered: Iterable[str] = (),
    failed: Iterable[str] = (),
    opening: Opening = Opening.OPENED,
    not_opened_reason: NotOpenedReason | None = None,
    photos: tuple[str, ...] = (),
    issue_mark: bool = True,
    at: datetime = NOON,
    fingerprint: bytes = bytes(32),
) -> RecordInspection:
    """An inspection in which everything was asked and passed; what was seen is what was declared."""
    contents, unanswered, failed = tuple(contents), frozenset(unanswered), frozenset(failed)
    checklist = checklist_for(contents_kind, on=legal_day(at))
    return RecordInspection(
        id=InspectionId(inspection_id or new_uuid()),
        waybill=waybill or new_waybill(),
        contents_kind=contents_kind,
        answers=tuple(
            ChecklistAnswer(item=one.code, value=AnswerValue.FAIL if one.code in failed else AnswerValue.PASS)
            for one in checklist.items
            if one.code not in unanswered
        ),
        opening=opening,
        not_opened_reason=not_opened_reason,
        declared=tuple(DeclaredItem(name=one.name, quantity=one.quantity) for one in contents),
        seen=tuple(
            SeenItem(name=one.name, quantity=one.quantity) for one in (contents if seen is None else tuple(seen))
        ),
        photos=photos,
        issue_mark=issue_mark,
        fingerprint=fingerprint,
    )


def photo(number: int = 0) -> StoreEvidence:
    """A photo, different for each number."""
    content = JPEG + number.to_bytes(8, "big")
    return StoreEvidence(sha256=hashlib.sha256(content).hexdigest(), content=content, media_type="image/jpeg")


def screening_of(
    waybill: str, world: World, *, verdict: ScreeningVerdict = ScreeningVerdict.CLEAR, fingerprint: bytes = bytes(32)
) -> RecordScreening:
    """A pass of a parcel through the world's machine."""
    return RecordScreening(
        id=ScreeningId(new_uuid()),
        waybill=waybill,
        machine_id=world.machine_id,
        verdict=verdict,
        fingerprint=fingerprint,
    )


# --- a shop in a database ---------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Shop:
    """An enterprise's outlet with its counter, clerk and machine, and an agency; each step in a transaction."""

    database: Database
    lane: Lane
    reader: Reader
    writer: Writer
    vault: Vault
    world: World
    caller: Caller
    """The clerk at the counter."""

    @property
    def deciding(self) -> DecidingDesk:
        """What deciding needs, with a roster that knows nothing yet."""
        return DecidingDesk(
            database=self.database,
            reader=self.reader,
            roster=self._roster,
            rules=RuleDesk(Shelf(self.database, lag_s=0)),
            vault=self.vault,
            writer=self.writer,
        )

    @property
    def screening(self) -> ScreeningDesk:
        """What recording a pass needs, with a roster that knows nothing yet."""
        return ScreeningDesk(database=self.database, reader=self.reader, roster=self._roster)

    @property
    def _roster(self) -> Roster:
        return Roster(self.reader, lag_s=0)

    async def caller_of(self, credentials: Credentials, *, clerk_id: ClerkId | None = None) -> Caller:
        """A caller with what a client of this world may do."""
        return await caller_of(self.database, credentials, clerk_id=clerk_id)

    async def verify(
        self, request: VerifySender | None = None, *, answer: Answer = Answer.MATCH, at: datetime = NOON
    ) -> Verification:
        """Verify a sender; the authority says what the test wants."""
        authority = PretendAuthority()
        authority.script = (authority.said(answer),)
        desk = VerifyingDesk(authority=authority, vault=self.vault, lifetime=VERIFICATION_SERVES)
        question = await ask_about(desk, self.caller, request or verifying(), at=at)
        verification, record = await draft_verification(desk, self.caller, question, at=at)
        await self.writer.add(record)
        return verification

    async def photograph(self, photos: int) -> tuple[str, ...]:
        """Store photos; their digests."""
        taken = tuple(photo(new_uuid().int >> 64) for _ in range(photos))
        async with self.database.transaction() as tx:
            for one in taken:
                await store_evidence(self.vault, tx, self.caller, one, at=NOON)
        return tuple(one.sha256 for one in taken)

    async def inspect(
        self,
        *,
        waybill: str | None = None,
        contents_kind: ContentsKind = ContentsKind.GENERAL,
        contents: Iterable[Item] = _CONTENTS,
        unanswered: Iterable[str] = (),
        issue_mark: bool = True,
        at: datetime = NOON,
    ) -> Inspection:
        """Inspect a parcel and mark it."""
        checklist = checklist_for(contents_kind, on=legal_day(at))
        due = max(checklist.photos_min, sum(one.photo_required for one in checklist.items))
        request = inspecting(
            waybill=waybill,
            contents_kind=contents_kind,
            contents=contents,
            unanswered=unanswered,
            photos=await self.photograph(due),
            issue_mark=issue_mark,
            at=at,
        )
        async with self.database.transaction() as tx:
            recorded, _ = await record_inspection(self.vault, tx, self.caller, request, at=at)
        return recorded

    async def screen(
        self, waybill: str, verdict: ScreeningVerdict = ScreeningVerdict.CLEAR, *, at: datetime = NOON
    ) -> Screening:
        """Pass a parcel through the machine."""
        request = screening_of(waybill, self.world, verdict=verdict)
        recorded, record = await draft_screening(self.screening, self.caller, request, at=at)
        await self.writer.add(record)
        return recorded

    async def decide(self, request: DecideParcel, *, at: datetime = NOON) -> Acceptance:
        """Decide a parcel."""
        decided, _ = await decide_parcel(self.deciding, self.caller, request, at=at)
        return decided

    async def ready(self, *, destination: Destination = SAME_CITY) -> DecideParcel:
        """A parcel of a verified sender, inspected and marked: nothing speaks against it but a missing screening."""
        return parcel(verification=await self.verify(), inspection=await self.inspect(), destination=destination)


@asynccontextmanager
async def open_shop(
    database: Database, directory: Path, *, division: str = BEIJING_CHAOYANG, at: datetime = NOON
) -> AsyncIterator[Shop]:
    """Open a shop in a migrated database, with a key store of its own in a directory of the test."""
    vault = Vault(FileKeyStore(directory / "keys"))
    world = await make_world(database, vault, division=division, at=at)
    caller = await caller_of(database, world.counter, clerk_id=world.clerk_id)
    lane = open_lane(database)
    yield Shop(
        database=database,
        lane=lane,
        reader=Reader(lane, together_max=128, waiting_max=512),
        writer=Writer(lane, together_max=128, waiting_max=512, lanes=lane.writers),
        vault=vault,
        world=world,
        caller=caller,
    )
    await lane.close()


async def caller_of(database: Database, credentials: Credentials, *, clerk_id: ClerkId | None = None) -> Caller:
    """A caller with what a client may do: counter (with its clerk), enterprise or regulator."""
    async with database.read() as tx:
        client = await get_client(tx, ClientId(UUID(credentials.client_id)), enterprise_id=None)
    return Caller(client=client, clerk_id=clerk_id, request_id="test")
