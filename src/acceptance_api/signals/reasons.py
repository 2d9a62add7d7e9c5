"""Why a signal showed itself, in one sentence with its numbers, in both languages."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from acceptance_api.signals.model import Noticed, Response, Signal


@dataclass(frozen=True, slots=True)
class Sentence:
    """A text in both languages; braces hold the numbers."""

    zh: str
    en: str

    def told(self, params: Mapping[str, int | str], *, language: str) -> str:
        """The sentence in `en`, else in Chinese."""
        return (self.en if language.startswith("en") else self.zh).format_map(params)


_LEVELS: Final = {
    "same_city": Sentence("同城另一网点", "another outlet of the city"),
    "same_province": Sentence("省内另一城市", "another city of the province"),
    "other_province": Sentence("另一省份", "another province"),
}
_BY_DISTANCE: Final = Sentence(
    "该证件 {minutes} 分钟前在 {kilometres} 公里外的网点寄件，"
    "按每小时 {km_per_hour} 公里计至少需要 {least_minutes} 分钟",
    "The document was used {minutes} minutes ago at an outlet {kilometres} km away;"
    " at {km_per_hour} km/h that takes {least_minutes} minutes at the least",
)
REASONS: Final[Mapping[Signal, Sentence]] = {
    Signal.CLERK_IS_SENDER: Sentence(
        "寄件人所用证件是经办收寄员本人的证件，登记身份的人不得作为寄件人",
        "The sender's document is the clerk's own; who registers an identity cannot be the sender",
    ),
    Signal.STAFF_IS_SENDER: Sentence(
        "寄件人所用证件是本企业从业人员的证件",
        "The sender's document is that of another member of the enterprise's staff",
    ),
    Signal.ONE_ID_MANY_PHONES: Sentence(
        "该证件今日登记了 {count} 个不同的寄件电话（达到 {at_least} 个即提示）",
        "The document came with {count} different telephones today; {at_least} are noticed",
    ),
    Signal.ONE_ID_MANY_NAMES: Sentence(
        "该证件今日以 {count} 个不符的姓名尝试登记（达到 {at_least} 个即提示）",
        "{count} names that are not the holder's were tried with the document today; {at_least} are noticed",
    ),
    Signal.IMPOSSIBLE_TRAVEL: Sentence(
        "该证件 {minutes} 分钟前在{level}寄件，至少需要 {least_minutes} 分钟",
        "The document was used {minutes} minutes ago in {level}; the way takes {least_minutes} minutes at the least",
    ),
    Signal.TOO_MANY_A_DAY: Sentence(
        "该证件今日已寄 {count} 件（达到 {at_least} 件即提示）",
        "The document has sent {count} parcels today; {at_least} are noticed",
    ),
    Signal.SENDER_PHONE_IS_ADDRESSEE_PHONE: Sentence(
        "寄件电话与收件电话相同", "Sender and addressee gave the same telephone"
    ),
    Signal.BURST_BEFORE_CLOSING: Sentence(
        "距打烊不足 {closing_minutes} 分钟，"
        "本网点最近 {window_minutes} 分钟已收寄 {count} 件（达到 {at_least} 件即提示）",
        "Within {closing_minutes} minutes of closing, {count} parcels were accepted here in {window_minutes} minutes;"
        " {at_least} are noticed",
    ),
    Signal.INSPECTION_TOO_SHORT: Sentence(
        "验视 {items} 项内件仅用 {seconds} 秒，至少需要 {least_seconds} 秒",
        "The inspection of {items} items took {seconds} seconds; it takes {least_seconds} at the least",
    ),
    Signal.PHOTO_REUSED: Sentence(
        "{count} 张验视照片已用于其他运单的验视（达到 {at_least} 张即提示）",
        "Photos of the inspection that another waybill's inspection had used: {count}; {at_least} are noticed",
    ),
}
RESPONSES: Final[Mapping[Response, Sentence]] = {
    Response.WARN: Sentence("请核实后继续", "Make sure, then go on"),
    Response.SECOND_CLERK: Sentence("须由另一名收寄员复核确认", "A second clerk has to look and confirm"),
    Response.REFUSE: Sentence("不得收寄", "Do not accept the parcel"),
}


def reason_of(noticed: Noticed, *, language: str) -> str:
    """Why the signal showed itself."""
    params = dict(noticed.params)
    if noticed.signal is not Signal.IMPOSSIBLE_TRAVEL:
        return REASONS[noticed.signal].told(params, language=language)
    if "kilometres" in params:
        return _BY_DISTANCE.told(params, language=language)
    level = _LEVELS[str(params["level"])].told({}, language=language)
    return REASONS[noticed.signal].told(params | {"level": level}, language=language)
