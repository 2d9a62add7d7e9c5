"""Sealing a parcel's personal data: envelopes bound to their row, tokens to find it by, commitments to compare with."""

import json
from dataclasses import replace
from decimal import Decimal
from uuid import UUID

from acceptance_api.acceptance.fields import (
    ADDRESSEE_ADDRESS,
    ADDRESSEE_NAME,
    ADDRESSEE_PHONE,
    CONTENTS,
    INDEXED,
    NAME_AND_PHONE_ROLE,
    ORGANISATION_CODE,
    ORGANISATION_NAME,
    PHONE_ROLE,
    SENDER_ADDRESS,
    SENDER_ID_NUMBER,
    SENDER_NAME,
    SENDER_PHONE,
)
from acceptance_api.acceptance.model import DecideParcel, Item, SealedRecord, Token
from acceptance_api.identity import Identified
from acceptance_api.kernel.spelling import normal_name
from acceptance_api.vault import Field, Scope

SENDER_NAME_COMMITMENT = "acceptance/sender_name/1"
CONTENTS_COMMITMENT = "acceptance/contents/1"


def sealed_record(
    scope: Scope,
    request: DecideParcel,
    *,
    statement: str,
    record_id: UUID,
    verification: Identified | None,
    name_agrees: bool = True,
    is_sighting: bool = False,
) -> SealedRecord:
    """Everything personal of one revision, sealed for the row `record_id`. Synchronous: no I/O.

    A sighting tells when and where the document was shown: not a parcel that is recorded late, nor a correction.
    """
    values = values_of(request)
    return SealedRecord(
        record_id=record_id,
        seal_key_id=scope.key_id,
        envelopes=scope.seal_record(record_id, values),
        sender_name_commitment=scope.commit(SENDER_NAME_COMMITMENT, record_id, normal_name(request.sender.name)),
        contents_commitment=scope.commit(CONTENTS_COMMITMENT, record_id, statement),
        tokens=_tokens(scope, values, record_id, verification, name_agrees=name_agrees, is_sighting=is_sighting),
    )


def values_of(request: DecideParcel) -> dict[Field, str | None]:
    """Every personal value of a request, by its field."""
    organisation = request.organisation
    return {
        SENDER_NAME.field: request.sender.name,
        SENDER_PHONE.field: request.sender.phone,
        SENDER_ADDRESS.field: request.sender.address,
        ORGANISATION_NAME.field: organisation.name if organisation else None,
        ORGANISATION_CODE.field: organisation.code if organisation else None,
        ADDRESSEE_NAME.field: request.addressee.name,
        ADDRESSEE_PHONE.field: request.addressee.phone,
        ADDRESSEE_ADDRESS.field: request.addressee.address,
        CONTENTS.field: json.dumps([_line(item) for item in request.contents], ensure_ascii=False),
    }


def _tokens(
    scope: Scope,
    values: dict[Field, str | None],
    record_id: UUID,
    verification: Identified | None,
    *,
    name_agrees: bool,
    is_sighting: bool,
) -> tuple[Token, ...]:
    made = [
        Token(
            role=indexed.role,
            value=scope.token(indexed.index, *(values[personal.field] or "" for personal in indexed.fields)),
            index_key_id=scope.index_key_id,
            source_id=record_id,
        )
        for indexed in INDEXED
    ]
    if verification is None:
        return tuple(made)
    number = token_of(verification)
    if is_sighting:
        values_by_role = {token.role: token.value for token in made}
        name = None if name_agrees else values_by_role[NAME_AND_PHONE_ROLE]
        number = replace(number, phone_token=values_by_role[PHONE_ROLE], refused_name_token=name)
    return (*made, number)


def token_of(verification: Identified) -> Token:
    """The token that finds a record by the sender's ID number: made with the verification, which holds the number."""
    return Token(
        role=SENDER_ID_NUMBER.role,
        value=verification.number_token,
        index_key_id=verification.index_key_id,
        source_id=verification.id,
    )


def _line(item: Item) -> dict[str, object]:
    quantity = f"{Decimal(item.quantity).normalize():f}"
    return {"name": item.name, "quantity": quantity, "goods_code": item.goods_code}
