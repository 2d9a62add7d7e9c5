"""Problems: what can go wrong with a request, said once, without a word about transport.

A decision to refuse a parcel is not a problem: decisions are values and are committed; problems are exceptions and are
rolled back. `http/problems.py` gives each nature its status; `docs/problems.md` is generated from this table.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum, StrEnum, auto, unique
from typing import Any


class Nature(StrEnum):
    """What sort of trouble it is; the edge maps it to its transport."""

    MALFORMED = auto()
    UNAUTHENTICATED = auto()
    FORBIDDEN = auto()
    MISSING = auto()
    METHOD = auto()
    CONFLICT = auto()
    TOO_LARGE = auto()
    MEDIA_TYPE = auto()
    INVALID = auto()
    INTERNAL = auto()
    UNAVAILABLE = auto()


@dataclass(frozen=True, slots=True)
class Description:
    """A kind of problem in both languages, and what each reader of it should do."""

    nature: Nature
    zh: str
    en: str
    clerk: str
    developer: str
    on_call: str = "Nothing."
    retryable: bool = False
    retry_after_s: int | None = None


_D, _N = Description, Nature
_TELL_IT = "Show the request id to your IT desk."


@unique
class Kind(Enum):
    """Every kind of problem. The member's name in lower case is its public, stable code."""

    MALFORMED_JSON = _D(
        _N.MALFORMED, "请求不是合法的 JSON", "The body is not valid JSON", _TELL_IT, "Send RFC 8259 JSON in UTF-8."
    )
    IDEMPOTENCY_KEY_MISSING = _D(
        _N.MALFORMED,
        "缺少 Idempotency-Key",
        "Idempotency-Key is missing",
        _TELL_IT,
        "Mint a key before the first send, keep it, and send it with every retry: 1 to 128 visible ASCII characters.",
    )
    CLERK_MISSING = _D(
        _N.MALFORMED,
        "缺少 Clerk-Id",
        "Clerk-Id is missing",
        "Sign in to the counter app.",
        "Name the clerk of each request in the Clerk-Id header (a UUID).",
    )
    CURSOR_INVALID = _D(
        _N.MALFORMED,
        "翻页游标无效",
        "The cursor is invalid",
        "Search again.",
        "Send back next_cursor unchanged, with the same filter.",
    )
    GRANT_INVALID = _D(
        _N.MALFORMED,
        "令牌请求无效",
        "The token request is invalid",
        _TELL_IT,
        "POST grant_type=client_credentials with client_id and client_secret as a form.",
    )
    CREDENTIALS_INVALID = _D(
        _N.UNAUTHENTICATED,
        "客户端凭证无效",
        "The client credentials are invalid",
        _TELL_IT,
        "Check client_id and client_secret; a rotated secret stops working after its overlap.",
        "A burst of these from one address is a guessing attempt.",
    )
    TOKEN_INVALID = _D(
        _N.UNAUTHENTICATED,
        "访问令牌无效或已过期",
        "The access token is missing, invalid or expired",
        "Sign in again.",
        "Ask POST /oauth/token for a new token; each audience needs its own client.",
    )
    NOT_PERMITTED = _D(
        _N.FORBIDDEN,
        "无权执行此操作",
        "The caller may not do this",
        "Ask the outlet's manager.",
        "The client's permissions do not hold the one this operation needs.",
    )
    CLERK_NOT_OF_OUTLET = _D(
        _N.FORBIDDEN,
        "该收寄员不属于本网点",
        "The clerk does not belong to this outlet",
        "Ask the outlet's manager to add you.",
        "Clerk-Id must name an active clerk of the outlet of this credential.",
    )
    SECOND_PERSON_REQUIRED = _D(
        _N.FORBIDDEN,
        "须由另一人复核",
        "Another person has to approve or reject",
        _TELL_IT,
        "Whoever answers differs from the proposer in client and in the staff number or officer code given as `by`.",
    )
    CASE_NOT_OPEN = _D(
        _N.FORBIDDEN,
        "案件不存在、已到期或已关闭",
        "The case is unknown, expired or closed",
        "Open a case first.",
        "case_id must name an open case of the calling agency.",
    )
    NOT_FOUND = _D(
        _N.MISSING,
        "未找到",
        "Not found",
        "Check the number.",
        "The resource does not exist, or the caller may not know that it does.",
    )
    METHOD_NOT_ALLOWED = _D(_N.METHOD, "不支持该方法", "The method is not allowed", _TELL_IT, "See Allow.")
    WAYBILL_ALREADY_DECIDED = _D(
        _N.CONFLICT,
        "该运单已收寄或暂扣",
        "This waybill stands accepted or held",
        "Do not accept the parcel twice.",
        "An accepted or held waybill cannot be decided again: resolve a held one, correct an accepted one.",
    )
    ID_CONFLICT = _D(
        _N.CONFLICT,
        "该 id 已用于其他内容",
        "This id is already used for other content",
        _TELL_IT,
        "Mint a new UUIDv7 for a new record; resend the same body to repeat a request.",
    )
    NOT_HELD = _D(
        _N.CONFLICT,
        "该邮件快件不处于暂扣状态",
        "The parcel is not held",
        "Nothing to resolve.",
        "Only a held acceptance can be resolved.",
    )
    NOT_STANDING = _D(
        _N.CONFLICT,
        "该收寄未成立，不能更正",
        "The acceptance does not stand",
        "Present the parcel again.",
        "A refused acceptance is not corrected; present the parcel again.",
    )
    CHANGED_MEANWHILE = _D(
        _N.CONFLICT,
        "记录已被他人更改",
        "The record changed meanwhile",
        "Look at it again, then repeat.",
        "Read the record again and decide anew.",
        retryable=True,
        retry_after_s=1,
    )
    IDEMPOTENCY_IN_PROGRESS = _D(
        _N.CONFLICT,
        "同一请求正在处理",
        "The same request is still running",
        "Wait a moment.",
        "Retry with the same key after Retry-After.",
        retryable=True,
        retry_after_s=1,
    )
    ALREADY_EXISTS = _D(
        _N.CONFLICT,
        "已存在",
        "It already exists",
        "Use the existing one.",
        "A unique value of the body is already taken.",
    )
    ALREADY_INTERCEPTED = _D(
        _N.CONFLICT,
        "该运单已有未结的截留案件",
        "This waybill has an open interception",
        "Follow the safety card; add to the open case.",
        "One interception of a waybill is open at a time: record steps in it, reclassify it if the goods are others.",
    )
    STEP_NOT_ALLOWED = _D(
        _N.CONFLICT,
        "案件当前状态不允许此步骤",
        "The case does not allow this step now",
        "Look at the case: do what it still asks for first.",
        "Read the case again: allowed_steps says what may follow, and errors what stands in the way.",
    )
    RULE_SET_SETTLED = _D(
        _N.CONFLICT,
        "该版本规则已批准或驳回",
        "This edition was approved or rejected before",
        _TELL_IT,
        "An edition is answered once; repeat a request with its Idempotency-Key, propose a new edition to change it.",
    )
    RULE_SET_SUPERSEDED = _D(
        _N.CONFLICT,
        "已有更新的版本提出",
        "A newer edition has been proposed",
        _TELL_IT,
        "Only the newest edition of a name can be approved.",
    )
    RULES_FROZEN = _D(
        _N.CONFLICT,
        "重点管控期间冻结规则变更",
        "A campaign freezes changes of the rules",
        _TELL_IT,
        "`errors` names the version of the campaign in force; approve when it has ended.",
    )
    BODY_TOO_LARGE = _D(
        _N.TOO_LARGE,
        "请求体过大",
        "The body is too large",
        "Take a smaller photo.",
        "See the limits in the documentation.",
    )
    MEDIA_TYPE_UNSUPPORTED = _D(
        _N.MEDIA_TYPE,
        "不支持的媒体类型",
        "The media type is not supported",
        _TELL_IT,
        "Send application/json, imports as application/x-ndjson; photos are image/jpeg, image/png or image/webp.",
    )
    INVALID = _D(
        _N.INVALID,
        "请求内容不符合要求",
        "The request does not fit its schema",
        "Correct the marked fields.",
        "`errors` points at each fault (RFC 6901); values are never repeated.",
    )
    IDEMPOTENCY_KEY_REUSED = _D(
        _N.INVALID,
        "Idempotency-Key 已用于其他请求",
        "The Idempotency-Key was used for another request",
        _TELL_IT,
        "A key belongs to one request: same method, path, clerk and body.",
    )
    REFERENCE_UNKNOWN = _D(
        _N.INVALID,
        "引用的记录不存在",
        "A referenced record does not exist",
        "Do the missing step first.",
        "The pointer names an id that this outlet does not have.",
    )
    DIGEST_MISMATCH = _D(
        _N.INVALID,
        "内容与摘要不符",
        "The content does not match its digest",
        "Send the photo again.",
        "The path names the SHA-256 of the exact bytes of the body.",
        retryable=True,
    )
    MARK_NOT_DUE = _D(
        _N.CONFLICT,
        "验视未完成，不得加盖验视标识",
        "The checklist is not complete: no inspection mark",
        "Complete the inspection.",
        "A mark is issued only for a complete inspection without a failed item.",
    )
    STEP_NOT_DUE = _D(
        _N.CONFLICT,
        "安检记录当前状态不允许该步骤",
        "The screening stands where this step may not follow",
        "Look at the pass again: somebody may have done the step already.",
        "See docs/states.md for what may follow what; read the screening for where it stands.",
    )
    INTERNAL = _D(
        _N.INTERNAL,
        "服务内部错误",
        "Internal error",
        _TELL_IT,
        "Retry with the same Idempotency-Key; then report the request id.",
        "Find the request id in the log: the event names the exception's type and frames.",
        retryable=True,
    )
    OVERLOADED = _D(
        _N.UNAVAILABLE,
        "系统繁忙",
        "The service is busy",
        "Wait a moment; nothing is lost.",
        "Retry with the same key after Retry-After.",
        "Load is above what this machine serves.",
        retryable=True,
        retry_after_s=1,
    )
    DATABASE_UNAVAILABLE = _D(
        _N.UNAVAILABLE,
        "数据库暂不可用",
        "The database is unavailable",
        "Wait a moment; nothing is lost.",
        "Retry with the same key after Retry-After.",
        "See /readyz and the database's own log.",
        retryable=True,
        retry_after_s=2,
    )
    KEYS_UNAVAILABLE = _D(
        _N.UNAVAILABLE,
        "密钥暂不可用",
        "The keys are unavailable",
        "Wait a moment; nothing is lost.",
        "Retry with the same key after Retry-After.",
        "See /readyz: the key store does not answer, or a key is gone.",
        retryable=True,
        retry_after_s=5,
    )
    SEALED_DATA_DAMAGED = _D(
        _N.INTERNAL,
        "加密数据已损坏或被篡改",
        "Sealed data are damaged or were tampered with",
        _TELL_IT,
        "Report the request id.",
        "A stored value fails its authentication: the log names table, column and record.",
    )

    @property
    def code(self) -> str:
        """The public, stable code."""
        return self.name.lower()


@dataclass(frozen=True, slots=True)
class Fault:
    """One place in the request that is wrong: where (RFC 6901 pointer) and why (a code), never the value."""

    pointer: str
    code: str
    params: Mapping[str, Any] = field(default_factory=dict)


class Problem(Exception):  # noqa: N818 - the field's word is problem (RFC 9457)
    """A request cannot be served. Carries a kind and pointers; never personal data."""

    def __init__(self, kind: Kind, *faults: Fault) -> None:
        """Say what kind of problem it is, and where."""
        super().__init__(kind.code)
        self.kind = kind
        self.faults = faults
