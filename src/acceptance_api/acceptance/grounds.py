"""The grounds of a decision: a public registry, each with its weight and the duty from which its citation follows."""

from dataclasses import dataclass
from enum import Enum, StrEnum, unique

from acceptance_api.law import Duty


class Weight(StrEnum):
    """What a ground does to the outcome."""

    REFUSE = "refuse"
    HOLD = "hold"


@dataclass(frozen=True, slots=True)
class Meaning:
    """A ground in both languages, what it weighs, and the duty it comes from."""

    weight: Weight
    duty: Duty
    zh: str
    en: str


_R, _H, _M = Weight.REFUSE, Weight.HOLD, Meaning


@unique
class Ground(Enum):
    """Every ground on which a parcel can be refused or held. The name in lower case is the public, stable code.

    Unique, because two grounds that meant the same would silently become one.
    """

    SENDER_NOT_VERIFIED = _M(_R, Duty.IDENTITY_CHECK, "寄件人未经实名查验", "The sender's identity was not verified")
    VERIFICATION_EXPIRED = _M(_R, Duty.IDENTITY_CHECK, "实名查验已过有效时间", "The verification is no longer fresh")
    PERSON_MISMATCH = _M(_R, Duty.IDENTITY_CHECK, "人证不符", "The person is not the document's holder")
    DOCUMENT_EXPIRED = _M(_R, Duty.IDENTITY_CHECK, "证件已过有效期", "The identity document has expired")
    IDENTITY_MISMATCH = _M(
        _R, Duty.IDENTITY_CHECK, "身份信息核验不一致", "The authority says name and number do not match"
    )
    IDENTITY_UNCONFIRMED = _M(
        _H, Duty.IDENTITY_CHECK, "身份信息暂未核实", "The authority could not confirm the identity"
    )
    NAME_MISMATCH = _M(
        _R, Duty.IDENTITY_CHECK, "运单寄件人与证件不符", "The waybill names another sender than the document"
    )
    REGISTRATION_REFUSED = _M(_R, Duty.IDENTITY_CHECK, "寄件人拒绝登记身份信息", "The sender refuses to be registered")
    ADDRESSEE_NOT_VERIFIED = _M(
        _H, Duty.IDENTITY_CHECK, "重大活动期间收件人身份未登记", "A campaign asks for the addressee's identity too"
    )
    AGREEMENT_SAMPLE_NOT_OPENED = _M(
        _H, Duty.AGREEMENT, "协议客户抽检件未开箱验视", "This parcel of an agreement customer was chosen to be opened"
    )
    AGREEMENT_NOT_IN_FORCE = _M(
        _R, Duty.AGREEMENT, "安全协议未生效或不适用", "No safety agreement in force covers this parcel"
    )
    NOT_INSPECTED = _M(_R, Duty.INSPECTION, "未当面验视内件", "The contents were not inspected")
    INSPECTION_OF_ANOTHER_WAYBILL = _M(
        _R, Duty.INSPECTION, "验视记录属于其他运单", "The inspection is of another waybill"
    )
    INSPECTION_INCOMPLETE = _M(_H, Duty.INSPECTION, "验视清单未完成", "The inspection checklist is not complete")
    INSPECTION_FAILED = _M(_R, Duty.INSPECTION, "验视未通过", "An item of the checklist failed")
    OPENING_REFUSED = _M(_R, Duty.INSPECTION, "寄件人拒绝开箱验视", "The sender refuses to open the parcel")
    NOT_OPENED = _M(_R, Duty.INSPECTION, "应当开箱而未开箱", "The parcel had to be opened and was not")
    DECLARATION_MISMATCH = _M(_R, Duty.INSPECTION, "内件与申报不符", "The contents differ from what was declared")
    UNIDENTIFIABLE_SUBSTANCE = _M(
        _R, Duty.INSPECTION, "无法确认安全的粉末或液体", "An unidentified powder or liquid without proof of safety"
    )
    MARK_MISSING = _M(_H, Duty.INSPECTION_MARK, "缺少收寄验视标识", "The inspection mark is missing")
    MARK_ALREADY_USED = _M(_R, Duty.INSPECTION_MARK, "验视标识已被使用", "The inspection mark was already used")
    PROHIBITED_GOODS = _M(_R, Duty.PROHIBITED_GOODS, "内含禁寄物品", "The parcel contains prohibited goods")
    RESTRICTED_OVER_LIMIT = _M(_R, Duty.PROHIBITED_GOODS, "限寄物品超出限量", "Restricted goods exceed their limit")
    RESTRICTED_OVER_DAILY_LIMIT = _M(
        _R,
        Duty.PROHIBITED_GOODS,
        "当日累计超出限寄数量",
        "The sender has sent more of restricted goods today than allowed",
    )
    CONDITION_UNMET = _M(_H, Duty.PROHIBITED_GOODS, "缺少应当提交的证明", "A document that the goods need is missing")
    GOODS_NOT_BY_AIR = _M(_R, Duty.GOODS_RULES, "该物品不得航空运输", "These goods may not travel by air")
    GOODS_NOT_BY_TRANSPORT = _M(_R, Duty.GOODS_RULES, "该物品不得以此方式运输", "These goods may not travel this way")
    GOODS_NOT_TO_DESTINATION = _M(
        _R, Duty.GOODS_RULES, "该物品不得寄往此目的地", "These goods may not go to this destination"
    )
    GOODS_FORBIDDEN_BY_CAMPAIGN = _M(
        _R, Duty.GOODS_RULES, "重大活动期间禁止寄递的物品", "A campaign forbids these goods for its time"
    )
    NOT_SCREENED = _M(_H, Duty.SCREENING, "应当过机安检而未安检", "A required screening is missing")
    SCREENING_SUSPECT = _M(_H, Duty.SCREENING, "安检发现可疑", "Screening found something suspect")
    SCREENING_PROHIBITED = _M(_R, Duty.SCREENING, "安检发现禁寄物品", "Screening found prohibited goods")
    SCREENING_FLAG_OPEN = _M(
        _H, Duty.SCREENING, "安检机报警未处置", "A flag of the screening machine was not closed by anybody"
    )
    SCREENING_RESERVED = _M(
        _H, Duty.SCREENING, "安检机或安检员资质存疑", "The machine or the screener of the pass was not fit for it"
    )
    SCREENING_NOT_VALID = _M(
        _R,
        Duty.SCREENING,
        "安检机或安检员不合格, 安检无效",
        "The pass does not count: machine or screener were not allowed",
    )
    SCREENING_MARK_MISSING = _M(
        _H, Duty.SCREENING_MARK, "缺少逐件安检标识", "A campaign asks for a screening mark on this very parcel"
    )
    INTERCEPTED = _M(_H, Duty.PROHIBITED_GOODS, "该件已被截留", "The parcel is intercepted")
    SENDER_UNDER_EXAMINATION = _M(
        _H,
        Duty.PROHIBITED_GOODS,
        "同一寄件人的其他邮件快件已被截留",
        "Another parcel of the sender was intercepted and this one was not examined yet",
    )
    SECOND_CLERK_REQUIRED = _M(
        _H, Duty.IDENTITY_CHECK, "存在异常信号, 须第二名收寄员确认", "A signal asks for a second clerk to confirm"
    )
    SIGNAL_REFUSED = _M(_R, Duty.IDENTITY_CHECK, "存在不得收寄的异常信号", "A signal forbids to accept the parcel")
    TOO_LARGE_OR_HEAVY = _M(
        _R, Duty.PARCEL_DIMENSIONS, "超出包裹规格", "The parcel exceeds the size or weight of a parcel"
    )

    @property
    def code(self) -> str:
        """The public, stable code."""
        return self.name.lower()

    @classmethod
    def of(cls, code: str) -> "Ground":
        """The ground with this code."""
        return cls[code.upper()]
