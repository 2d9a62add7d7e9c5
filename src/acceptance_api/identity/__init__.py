"""Is the sender who they say they are? Documents, names, and the authorities that can be asked about them."""

from acceptance_api.identity.alibaba_http import ALIBABA_URL, AlibabaAuthority
from acceptance_api.identity.authority import IdentityAuthority, StructuralAuthority
from acceptance_api.identity.documents import check_document, check_name
from acceptance_api.identity.fields import DOCUMENT_NUMBER, NAME_COMMITMENT
from acceptance_api.identity.model import Answer, Assurance, Channel, DocumentType
from acceptance_api.identity.opening_http import open_authority
from acceptance_api.identity.organisation_code import check_organisation_code
from acceptance_api.identity.resilience import Breaker, Guarded
from acceptance_api.identity.sandbox_http import DEMO_CREDENTIALS, create_sandbox
from acceptance_api.identity.signing import Credentials
from acceptance_api.identity.store import asked_number_token, find_verification, find_verifications, identified_part
from acceptance_api.identity.tencent_http import TENCENT_URL, TencentAuthority
from acceptance_api.identity.verification import (
    Failing,
    Identified,
    Verification,
    VerificationKey,
    VerificationStatus,
    VerifySender,
)
from acceptance_api.identity.verifying import Question, VerifyingDesk, ask_about, draft_verification, require_unused

__all__ = [
    "ALIBABA_URL",
    "DEMO_CREDENTIALS",
    "DOCUMENT_NUMBER",
    "NAME_COMMITMENT",
    "TENCENT_URL",
    "AlibabaAuthority",
    "Answer",
    "Assurance",
    "Breaker",
    "Channel",
    "Credentials",
    "DocumentType",
    "Failing",
    "Guarded",
    "Identified",
    "IdentityAuthority",
    "Question",
    "StructuralAuthority",
    "TencentAuthority",
    "Verification",
    "VerificationKey",
    "VerificationStatus",
    "VerifySender",
    "VerifyingDesk",
    "ask_about",
    "asked_number_token",
    "check_document",
    "check_name",
    "check_organisation_code",
    "create_sandbox",
    "draft_verification",
    "find_verification",
    "find_verifications",
    "identified_part",
    "open_authority",
    "require_unused",
]
