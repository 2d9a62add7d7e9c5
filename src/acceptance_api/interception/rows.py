"""Between rows and words: the only place that knows how a case is spread over columns."""

from typing import Any
from uuid import UUID

from sqlalchemy import Row

from acceptance_api.goods import Disposal
from acceptance_api.interception.fields import OF_A_STEP
from acceptance_api.interception.model import (
    Body,
    CascadeFlag,
    CascadeState,
    Instruction,
    Interception,
    Obligation,
    Person,
    PersonKind,
    Source,
    State,
    Step,
    StepKind,
    Urgency,
)
from acceptance_api.kernel.ids import AcceptanceId, ClerkId, ClientId, EnterpriseId, InterceptionId, OutletId

_ENUMS = ("source", "disposal", "state")
_OF_AN_OBLIGATION = ("number", "due_at", "told_at", "told_in")
_PLAIN_OF_A_STEP = (
    "outlet_id",
    "interception_id",
    "number",
    "id",
    "holder_since",
    "reference",
    "is_evacuated",
    "evidence",
    "happened_at",
    "recorded_at",
    "client_id",
    "seal_key_id",
    "fingerprint",
)


def interception_row(interception: Interception) -> dict[str, object]:
    """The row of a case."""
    row = {name: getattr(interception, name) for name in Interception.__slots__}
    return row | {name: row[name].value for name in _ENUMS}


def interception_of(row: Row[tuple[object, ...]]) -> Interception:
    """The case of a row."""
    values = dict(row._mapping)  # noqa: SLF001 - SQLAlchemy's documented way to read a row by name
    return Interception(
        **values
        | {
            "outlet_id": OutletId(row.outlet_id),
            "id": InterceptionId(row.id),
            "enterprise_id": EnterpriseId(row.enterprise_id),
            "source": Source(row.source),
            "disposal": Disposal(row.disposal),
            "state": State(row.state),
        }
    )


def step_row(step: Step) -> dict[str, object]:
    """The row of a step."""
    persons = {"actor": step.actor, "holder": step.holder, "witness": step.witness}
    return {name: getattr(step, name) for name in _PLAIN_OF_A_STEP} | {
        "kind": step.kind.value,
        "state": step.state.value,
        "disposal": step.disposal.value,
        "persons": {role: _person_json(person) for role, person in persons.items() if person},
        "body": step.body.value if step.body else None,
        "instruction": step.instruction.value if step.instruction else None,
        **{field.sealed_name: step.sealed[field.sealed_name] for field in OF_A_STEP},
    }


def step_of(row: Row[tuple[object, ...]]) -> Step:
    """The step of a row."""
    values = dict(row._mapping)  # noqa: SLF001 - SQLAlchemy's documented way to read a row by name
    persons = {role: _person_of(stored) for role, stored in values["persons"].items()}
    plain = {name: values[name] for name in _PLAIN_OF_A_STEP}
    return Step(
        **plain
        | {
            "outlet_id": OutletId(row.outlet_id),
            "interception_id": InterceptionId(row.interception_id),
            "client_id": ClientId(row.client_id),
            "kind": StepKind(row.kind),
            "state": State(row.state),
            "disposal": Disposal(row.disposal),
            "actor": persons["actor"],
            "holder": persons["holder"],
            "witness": persons.get("witness"),
            "body": Body(row.body) if row.body else None,
            "instruction": Instruction(row.instruction) if row.instruction else None,
            "sealed": {field.sealed_name: values[field.sealed_name] for field in OF_A_STEP},
        }
    )


def obligation_row(interception: Interception, obligation: Obligation) -> dict[str, object]:
    """The row of an obligation."""
    return {name: getattr(obligation, name) for name in _OF_AN_OBLIGATION} | {
        "outlet_id": interception.outlet_id,
        "interception_id": interception.id,
        "disposal": obligation.disposal.value,
        "bodies": [body.value for body in obligation.bodies],
        "urgency": obligation.urgency.value,
    }


def obligation_of(row: Row[tuple[object, ...]]) -> Obligation:
    """The obligation of a row."""
    return Obligation(
        number=row.number,
        disposal=Disposal(row.disposal),
        bodies=tuple(map(Body, row.bodies)),
        urgency=Urgency(row.urgency),
        due_at=row.due_at,
        told_at=row.told_at,
        told_in=row.told_in,
    )


def flag_row(flag: CascadeFlag) -> dict[str, object]:
    """The row of a flag."""
    return {name: getattr(flag, name) for name in CascadeFlag.__slots__} | {"state": flag.state.value}


def flag_of(row: Row[tuple[object, ...]]) -> CascadeFlag:
    """The flag of a row."""
    values = dict(row._mapping)  # noqa: SLF001 - SQLAlchemy's documented way to read a row by name
    settled_at_outlet: UUID | None = row.settled_outlet_id
    return CascadeFlag(
        **values
        | {
            "enterprise_id": EnterpriseId(row.enterprise_id),
            "interception_id": InterceptionId(row.interception_id),
            "outlet_id": OutletId(row.outlet_id),
            "accepted_at_outlet_id": OutletId(row.accepted_at_outlet_id),
            "acceptance_id": AcceptanceId(row.acceptance_id),
            "state": CascadeState(row.state),
            "settled_outlet_id": OutletId(settled_at_outlet) if settled_at_outlet else None,
        }
    )


def _person_json(person: Person) -> dict[str, str]:
    known: dict[str, str] = {"kind": person.kind.value}
    if person.clerk_id is not None:
        known["clerk_id"] = str(person.clerk_id)
    if person.body is not None:
        known["body"] = person.body.value
    return known


def _person_of(stored: dict[str, Any]) -> Person:
    return Person(
        kind=PersonKind(stored["kind"]),
        clerk_id=ClerkId(UUID(stored["clerk_id"])) if "clerk_id" in stored else None,
        body=Body(stored["body"]) if "body" in stored else None,
    )
