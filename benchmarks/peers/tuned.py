"""Peer P2, the tuned stack: what an experienced team writes when the tutorial is too slow.

FastAPI and SQLAlchemy Core, cached AES-256-GCM keys with additional data, blind tokens by HMAC, one transaction of
seven statements, idempotency by a unique insert, tokens verified once and remembered. It writes rows like those our
service writes (eleven, in seven tables, indexed alike), but checks no verification, inspection, screening, goods or
agreement.
"""

# A peer is written as its users write it, and its libraries are not there where types are checked.
# ruff: noqa: ANN401, D103, SLF001, TID251
# mypy: ignore-errors

import hashlib
import hmac
import json
import os
import uuid
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import Annotated, Any

import jwt
import uuid_utils.compat
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from fastapi import Depends, FastAPI, Header, HTTPException, Request, Response
from sqlalchemy import JSON, BigInteger, Column, DateTime, Index, LargeBinary, MetaData, String, Table, Uuid, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import create_async_engine

from benchmarks.peers.bodies import AcceptanceIn, AcceptanceOut, DecisionOut, SenderOut

SECRET = os.environ["PEER_SECRET"]
CLIENT_ID = os.environ["PEER_CLIENT_ID"]
SEALING = AESGCM(hashlib.sha256(b"seal" + SECRET.encode()).digest())
BLINDING = hmac.new(hashlib.sha256(b"blind" + SECRET.encode()).digest(), digestmod="sha256")
SEALED = ("sender_name", "sender_phone", "sender_address", "addressee_name", "addressee_phone", "addressee_address")

engine = create_async_engine(os.environ["PEER_DATABASE_URL"], pool_size=20, max_overflow=0)
metadata = MetaData()


def key(name: str, kind: Any) -> Column[Any]:
    return Column(name, kind, primary_key=True)


def at(name: str) -> Column[datetime]:
    return Column(name, DateTime(timezone=True), nullable=False)


acceptances = Table(
    *("acceptances", metadata, key("outlet_id", Uuid), key("id", Uuid), at("recorded_at")),
    *(Column(name, String(40)) for name in ("clerk_id", "waybill", "division", "transport", "contents_kind")),
    Column("weight_g", BigInteger),
    *(Column(f"{name}_sealed", LargeBinary, nullable=False) for name in (*SEALED, "contents")),
    *(Index("by_time", "outlet_id", "recorded_at"), Index("by_division", "outlet_id", "division")),
)
decisions = Table(
    *("decisions", metadata, key("outlet_id", Uuid), key("acceptance_id", Uuid), at("decided_at")),
    *(Column("outcome", String(16)), Column("facts", JSON)),
    *(Column("verification_id", Uuid), Column("inspection_id", Uuid)),
)
waybills = Table(
    *("waybills", metadata, key("waybill", String(40)), key("acceptance_id", Uuid), at("recorded_at")),
    Index("uq_standing", "waybill", unique=True),
)
tokens = Table(
    *("tokens", metadata, key("token", BigInteger), key("outlet_id", Uuid), key("acceptance_id", Uuid)),
    *(key("role", String(32)), at("recorded_at")),
)
mark_uses = Table(
    *("mark_uses", metadata, key("outlet_id", Uuid), key("inspection_id", Uuid), Column("acceptance_id", Uuid))
)
audit_entries = Table(
    *("audit_entries", metadata, key("stream_id", Uuid), key("id", Uuid), at("at"), Column("subject_id", Uuid)),
    *(Column("action", String(64)), Column("client_id", String(64)), Column("detail", JSON)),
    *(Index("by_subject", "stream_id", "subject_id", "at"), Index("by_client", "stream_id", "client_id", "at")),
)
idempotency_keys = Table(
    *("idempotency_keys", metadata, key("client_id", String(64)), key("key", String(128))),
    *(Column("fingerprint", LargeBinary), Column("answer", LargeBinary)),
)
OUTLET = uuid.uuid5(uuid.NAMESPACE_URL, CLIENT_ID)
known_tokens: dict[str, tuple[str, float]] = {}


@asynccontextmanager
async def lifespan(_: FastAPI) -> AsyncIterator[None]:
    async with engine.begin() as connection:
        await connection.run_sync(metadata.create_all)
    yield
    await engine.dispose()


app = FastAPI(lifespan=lifespan)


async def current_client(authorization: Annotated[str, Header()] = "") -> str:
    found = known_tokens.get(authorization)
    if found is None or found[1] < datetime.now(UTC).timestamp():
        try:
            claims = jwt.decode(authorization.removeprefix("Bearer "), SECRET, algorithms=["HS256"])
        except jwt.InvalidTokenError:
            raise HTTPException(401) from None
        found = known_tokens[authorization] = claims["sub"], claims["exp"]
    return found[0]


def sealed(record: uuid.UUID, name: str, text: str) -> bytes:
    nonce = os.urandom(12)
    return nonce + SEALING.encrypt(nonce, text.encode(), name.encode() + record.bytes)


def token(kind: str, *values: str) -> int:
    digest = BLINDING.copy()
    digest.update("\0".join((kind, *values)).encode())
    return int.from_bytes(digest.digest()[:8], "big", signed=True)


def tokens_of(body: AcceptanceIn, now: datetime) -> list[dict[str, Any]]:
    sender, addressee = body.sender, body.addressee
    made = {
        "sender_id_number": token("id_number", str(sender.verification_id)),
        "sender_phone": token("phone", sender.phone),
        "sender_name_and_phone": token("name_and_phone", sender.name, sender.phone[-4:]),
        "addressee_phone": token("phone", addressee.phone),
        "addressee_name_and_phone": token("name_and_phone", addressee.name, addressee.phone[-4:]),
    }
    same = {"outlet_id": OUTLET, "acceptance_id": body.id, "recorded_at": now}
    return [{"token": value, "role": role, **same} for role, value in made.items()]


def acceptance_of(body: AcceptanceIn, clerk_id: str, now: datetime) -> dict[str, Any]:
    personal = {f"sender_{name}": getattr(body.sender, name) for name in ("name", "phone", "address")}
    personal |= {f"addressee_{name}": getattr(body.addressee, name) for name in ("name", "phone", "address")}
    personal["contents"] = json.dumps([[item.name, item.quantity] for item in body.contents], ensure_ascii=False)
    plain = {"outlet_id": OUTLET, "clerk_id": clerk_id, "division": body.destination.division, "recorded_at": now}
    same = body.model_dump(include={"id", "waybill", "transport", "contents_kind", "weight_g"})
    return plain | same | {f"{name}_sealed": sealed(body.id, name, text) for name, text in personal.items()}


@app.post("/counter/v1/acceptances", status_code=201)
async def create_acceptance(
    body: AcceptanceIn,
    request: Request,
    client_id: Annotated[str, Depends(current_client)],
    idempotency_key: Annotated[str, Header()],
    clerk_id: Annotated[str, Header()],
) -> Response:
    now, fingerprint = datetime.now(UTC), hashlib.sha256(await request.body()).digest()
    answer = AcceptanceOut(
        id=body.id, waybill=body.waybill, decision=DecisionOut(outcome="accepted"), recorded_at=now.isoformat()
    ).model_dump_json()
    claim = {"client_id": client_id, "key": idempotency_key}
    decision = {"outlet_id": OUTLET, "acceptance_id": body.id, "outcome": "accepted", "facts": facts_of(body)}
    references = {"verification_id": body.sender.verification_id, "inspection_id": body.inspection_id}
    entry = {"stream_id": OUTLET, "id": uuid_utils.compat.uuid7(), "at": now, "action": "acceptance.decided"}
    about = {"client_id": client_id, "subject_id": body.id, "detail": {"outcome": "accepted"}}
    async with engine.begin() as tx:
        kept = claim | {"fingerprint": fingerprint, "answer": answer.encode()}
        if not (await tx.execute(insert(idempotency_keys).values(kept).on_conflict_do_nothing())).rowcount:
            query = select(idempotency_keys).where(*(idempotency_keys.c[name] == claim[name] for name in claim))
            stored = (await tx.execute(query)).one()
            if stored.fingerprint != fingerprint:
                raise HTTPException(422)
            return Response(stored.answer, status_code=201, media_type="application/json")
        await tx.execute(insert(acceptances), acceptance_of(body, clerk_id, now))
        await tx.execute(insert(waybills), {"waybill": body.waybill, "acceptance_id": body.id, "recorded_at": now})
        await tx.execute(insert(tokens).values(tokens_of(body, now)))
        await tx.execute(insert(decisions), decision | references | {"decided_at": now})
        use = {"outlet_id": OUTLET, "inspection_id": body.inspection_id, "acceptance_id": body.id}
        await tx.execute(insert(mark_uses), use)
        await tx.execute(insert(audit_entries), entry | about)
    return Response(answer, status_code=201, media_type="application/json")


def facts_of(body: AcceptanceIn) -> dict[str, Any]:
    return body.model_dump(include={"destination", "transport", "contents_kind", "weight_g", "measures"})


@app.get("/counter/v1/acceptances/{acceptance_id}/sender")
async def read_sender(acceptance_id: uuid.UUID, _: Annotated[str, Depends(current_client)]) -> SenderOut:
    query = select(acceptances).where(acceptances.c.outlet_id == OUTLET, acceptances.c.id == acceptance_id)
    async with engine.connect() as connection:
        row = (await connection.execute(query)).one()._mapping
    opened = {
        name: SEALING.decrypt(
            row[f"sender_{name}_sealed"][:12],
            row[f"sender_{name}_sealed"][12:],
            f"sender_{name}".encode() + acceptance_id.bytes,
        ).decode()
        for name in ("name", "phone", "address")
    }
    return SenderOut(**opened)


@app.get("/healthz")
async def health() -> dict[str, str]:
    return {"status": "ok"}
