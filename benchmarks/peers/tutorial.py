"""Peer P1, the tutorial stack: what the tutorials of FastAPI, SQLAlchemy and SQLAlchemy-Utils add up to.

A session for each request from a `yield` dependency, ORM objects with relationships over five tables (eleven rows for a
parcel of six lines), `StringEncryptedType` columns, SELECT-then-INSERT idempotency, commit and refresh, a JWT verified
on every request and its client looked up, uvicorn as `uvicorn main:app` starts it, access log and all. Checks no
verification, inspection, screening, goods or agreement; cannot be searched.
`PEER_DATABASE_URL` names PostgreSQL (asyncpg) or SQLite (aiosqlite).
"""

# A peer is written as its users write it, and its libraries are not there where types are checked.
# ruff: noqa: ANN401, D101, D103, TID251
# mypy: ignore-errors

import hashlib
import os
import uuid
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import Annotated, Any

import jwt
from fastapi import Depends, FastAPI, Header, HTTPException, Request, Response
from fastapi.security import OAuth2PasswordBearer
from sqlalchemy import JSON, ForeignKey, String, Text, event, select
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker, create_async_engine
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, relationship, selectinload
from sqlalchemy_utils import StringEncryptedType
from sqlalchemy_utils.types.encrypted.encrypted_type import FernetEngine

from benchmarks.peers.bodies import AcceptanceIn, AcceptanceOut, DecisionOut, SenderOut

SECRET = os.environ["PEER_SECRET"]
CLIENT_ID = os.environ["PEER_CLIENT_ID"]
DATABASE_URL = os.environ["PEER_DATABASE_URL"]
IS_SQLITE = DATABASE_URL.startswith("sqlite")

engine = create_async_engine(DATABASE_URL, **({"connect_args": {"timeout": 60}} if IS_SQLITE else {}))
new_session = async_sessionmaker(engine, expire_on_commit=False)
oauth2 = OAuth2PasswordBearer(tokenUrl="token")
encrypted = StringEncryptedType(Text, SECRET, FernetEngine)


class Base(DeclarativeBase): ...


class Client(Base):
    __tablename__ = "clients"
    id: Mapped[str] = mapped_column(String(64), primary_key=True)
    name: Mapped[str] = mapped_column(String(64))


class Acceptance(Base):
    __tablename__ = "acceptances"
    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    waybill: Mapped[str] = mapped_column(String(40), unique=True)
    client_id: Mapped[str] = mapped_column(String(64))
    clerk_id: Mapped[str] = mapped_column(String(64))
    country: Mapped[str] = mapped_column(String(2))
    division: Mapped[str] = mapped_column(String(6))
    transport: Mapped[str] = mapped_column(String(24))
    contents_kind: Mapped[str] = mapped_column(String(24))
    weight_g: Mapped[int | None]
    verification_id: Mapped[uuid.UUID | None]
    inspection_id: Mapped[uuid.UUID | None]
    outcome: Mapped[str] = mapped_column(String(16))
    recorded_at: Mapped[str] = mapped_column(String(40), index=True)
    parties: Mapped[list["Party"]] = relationship()
    items: Mapped[list["Item"]] = relationship()


class Party(Base):
    __tablename__ = "parties"
    id: Mapped[int] = mapped_column(primary_key=True)
    acceptance_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("acceptances.id"), index=True)
    role: Mapped[str] = mapped_column(String(16))
    name: Mapped[str] = mapped_column(encrypted)
    phone: Mapped[str] = mapped_column(encrypted)
    address: Mapped[str] = mapped_column(encrypted)


class Item(Base):
    __tablename__ = "items"
    id: Mapped[int] = mapped_column(primary_key=True)
    acceptance_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("acceptances.id"), index=True)
    name: Mapped[str] = mapped_column(encrypted)
    quantity: Mapped[int]


class AuditEntry(Base):
    __tablename__ = "audit_entries"
    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[str] = mapped_column(String(40))
    action: Mapped[str] = mapped_column(String(64))
    client_id: Mapped[str] = mapped_column(String(64))
    subject_id: Mapped[uuid.UUID] = mapped_column(index=True)
    detail: Mapped[dict[str, Any]] = mapped_column(JSON)


class IdempotencyKey(Base):
    __tablename__ = "idempotency_keys"
    key: Mapped[str] = mapped_column(String(128), primary_key=True)
    fingerprint: Mapped[str] = mapped_column(String(64))
    answer: Mapped[str] = mapped_column(Text)


@asynccontextmanager
async def lifespan(_: FastAPI) -> AsyncIterator[None]:
    async with engine.begin() as connection:
        await connection.run_sync(Base.metadata.create_all)
    async with new_session() as session:
        session.add(Client(id=CLIENT_ID, name="counter"))
        await session.commit()
    yield
    await engine.dispose()


app = FastAPI(lifespan=lifespan)


if IS_SQLITE:

    @event.listens_for(engine.sync_engine, "connect")
    def configure(connection: Any, _record: object) -> None:
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("PRAGMA synchronous=FULL")


async def get_session() -> AsyncIterator[AsyncSession]:
    async with new_session() as session:
        yield session


SessionDep = Annotated[AsyncSession, Depends(get_session)]


async def get_client(token: Annotated[str, Depends(oauth2)], session: SessionDep) -> Client:
    try:
        claims = jwt.decode(token, SECRET, algorithms=["HS256"])
    except jwt.InvalidTokenError:
        raise HTTPException(401, "Could not validate credentials") from None
    return await session.get_one(Client, claims["sub"])


@app.post("/counter/v1/acceptances", status_code=201, response_model=AcceptanceOut)
async def create_acceptance(
    body: AcceptanceIn,
    request: Request,
    session: SessionDep,
    client: Annotated[Client, Depends(get_client)],
    idempotency_key: Annotated[str, Header()],
    clerk_id: Annotated[str, Header()],
) -> AcceptanceOut | Response:
    fingerprint = hashlib.sha256(await request.body()).hexdigest()
    known = await session.scalar(select(IdempotencyKey).where(IdempotencyKey.key == idempotency_key))
    if known is not None:
        if known.fingerprint != fingerprint:
            raise HTTPException(422, "The key was used for another request")
        return Response(known.answer, status_code=201, media_type="application/json")
    now = datetime.now(UTC).isoformat()
    acceptance = Acceptance(
        **body.model_dump(include={"id", "waybill", "transport", "contents_kind", "weight_g", "inspection_id"}),
        **body.destination.model_dump(),
        client_id=client.id,
        clerk_id=clerk_id,
        verification_id=body.sender.verification_id,
        outcome="accepted",
        recorded_at=now,
        parties=[
            Party(role="sender", name=body.sender.name, phone=body.sender.phone, address=body.sender.address),
            Party(role="addressee", **body.addressee.model_dump()),
        ],
        items=[Item(**item.model_dump()) for item in body.contents],
    )
    answer = AcceptanceOut(id=body.id, waybill=body.waybill, decision=DecisionOut(outcome="accepted"), recorded_at=now)
    session.add(acceptance)
    detail = answer.decision.model_dump()
    session.add(AuditEntry(at=now, action="acceptance.decided", client_id=client.id, subject_id=body.id, detail=detail))
    session.add(IdempotencyKey(key=idempotency_key, fingerprint=fingerprint, answer=answer.model_dump_json()))
    await session.commit()
    await session.refresh(acceptance)
    return answer


@app.get("/counter/v1/acceptances/{acceptance_id}/sender", dependencies=[Depends(get_client)])
async def read_sender(acceptance_id: uuid.UUID, session: SessionDep) -> SenderOut:
    found = await session.get_one(Acceptance, acceptance_id, options=[selectinload(Acceptance.parties)])
    sender = next(party for party in found.parties if party.role == "sender")
    return SenderOut(name=sender.name, phone=sender.phone, address=sender.address)


@app.get("/healthz")
async def health() -> dict[str, str]:
    return {"status": "ok"}
