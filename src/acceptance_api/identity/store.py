"""Verifications in SQL."""

from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, ColumnElement, Row, and_, literal_column, select, tuple_

from acceptance_api.audit import Entry, row_of
from acceptance_api.identity.model import Answer, Assurance, Channel, DocumentType
from acceptance_api.identity.tables import verifications
from acceptance_api.identity.verification import (
    Failing,
    Identified,
    Verification,
    VerificationKey,
    VerificationStatus,
)
from acceptance_api.kernel.database import Tx
from acceptance_api.kernel.express import Part, Record
from acceptance_api.kernel.ids import ClerkId, EnterpriseId, OutletId, VerificationId
from acceptance_api.sites import Staff


def record_of(verification: Verification, *, entry: Entry) -> Record:
    """A verification and its audit entry, to be committed together."""
    claims = frozenset({("verification", verification.outlet_id, verification.id)})
    return Record(((verifications, _row(verification)), row_of(entry)), claims)


def identified_part(
    outlet_id: ColumnElement[UUID], verification_id: ColumnElement[UUID], *, name: str = "verification"
) -> Part[Identified | None]:
    """What a decision asks of a verification, as a part of a question; a second one needs another `name`."""
    table = verifications.alias(name)
    names = ("id", "enterprise_id", "status", "failings", "recorded_at", "expires_at")
    tokens = ("number_token", "index_key_id", "name_commitment", "staff")
    return Part(
        columns=tuple(table.c[column] for column in (*names, *tokens)),
        read=_identified,
        joins=((table, and_(table.c.outlet_id == outlet_id, table.c.id == verification_id)),),
    )


def asked_number_token() -> ColumnElement[int]:
    """The token of the number in the verification that `identified_part` joins, for another part of that question."""
    return literal_column("verification.number_token", BigInteger())


async def find_verification(tx: Tx, outlet_id: OutletId, verification_id: VerificationId) -> Verification | None:
    """The verification with this id at this outlet; another outlet's serves nobody here."""
    query = select(verifications).where(verifications.c.outlet_id == outlet_id, verifications.c.id == verification_id)
    row = (await tx.execute(query)).first()
    return _verification(row) if row else None


async def find_verifications(tx: Tx, keys: Iterable[VerificationKey]) -> dict[VerificationKey, Verification]:
    """The verifications behind several records, by their keys."""
    wanted = sorted(set(keys))
    if not wanted:
        return {}
    query = select(verifications).where(tuple_(verifications.c.outlet_id, verifications.c.id).in_(wanted))
    found = [_verification(row) for row in await tx.execute(query)]
    return {verification.key: verification for verification in found}


def _row(verification: Verification) -> dict[str, object]:
    row = {name: getattr(verification, name) for name in Verification.__slots__}
    return row | {
        "document": verification.document.value,
        "channel": verification.channel.value,
        "status": verification.status.value,
        "failings": [failing.value for failing in verification.failings],
        "assurance": verification.assurance.value,
        "answer": verification.answer.value,
        "warnings": list(verification.warnings),
        "staff": verification.staff.value if verification.staff else None,
    }


def _verification(row: Row[tuple[object, ...]]) -> Verification:
    values = dict(row._mapping)  # noqa: SLF001 - SQLAlchemy's documented way to read a row by name
    return Verification(
        **values
        | {
            "id": VerificationId(row.id),
            "enterprise_id": EnterpriseId(row.enterprise_id),
            "outlet_id": OutletId(row.outlet_id),
            "clerk_id": ClerkId(row.clerk_id),
            "document": DocumentType(row.document),
            "channel": Channel(row.channel),
            "status": VerificationStatus(row.status),
            "failings": tuple(Failing(code) for code in row.failings),
            "assurance": Assurance(row.assurance),
            "answer": Answer(row.answer),
            "warnings": tuple(row.warnings),
            "staff": Staff(row.staff) if row.staff else None,
        }
    )


def _identified(values: Sequence[Any]) -> Identified | None:
    if values[0] is None:
        return None
    verification_id, enterprise_id, status, failings, recorded_at, expires_at, *tokens, staff = values
    token, index_key_id, commitment = tokens
    return Identified(
        id=VerificationId(verification_id),
        enterprise_id=EnterpriseId(enterprise_id),
        status=VerificationStatus(status),
        failings=tuple(map(Failing, failings)),
        recorded_at=recorded_at,
        expires_at=expires_at,
        number_token=token,
        index_key_id=index_key_id,
        name_commitment=commitment,
        staff=Staff(staff) if staff else None,
    )
