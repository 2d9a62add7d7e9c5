"""Verifications in SQL."""

from collections.abc import Iterable

from sqlalchemy import Row, select, tuple_

from acceptance_api.audit import Entry, append
from acceptance_api.identity.model import Answer, Assurance, Channel, DocumentType
from acceptance_api.identity.tables import verifications
from acceptance_api.identity.verification import Failing, Verification, VerificationKey, VerificationStatus
from acceptance_api.kernel.database import Tx, insert_new
from acceptance_api.kernel.ids import ClerkId, EnterpriseId, OutletId, VerificationId
from acceptance_api.kernel.problems import Kind, Problem


async def add(tx: Tx, verification: Verification, *, entry: Entry) -> None:
    """Record a verification and its audit entry.

    Raises:
        Problem: ID_CONFLICT, when the id was taken meanwhile.
    """
    if not await insert_new(tx, verifications, _row(verification)):
        raise Problem(Kind.ID_CONFLICT)
    await append(tx, entry)


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
        }
    )
