"""Rule sets at the operator's command: statutory sets come in here, and what a brand or agency cannot do itself."""

import json
import re
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any
from uuid import UUID

import typer
from pydantic import ValidationError

from acceptance_api.cli.administering import Lines, run
from acceptance_api.http.freezing import freezing_campaign
from acceptance_api.http.rule_set_documents import PARSERS
from acceptance_api.http.rule_set_wire import Slug
from acceptance_api.http.strict_json import require_strict
from acceptance_api.http.wire import In, Instant
from acceptance_api.kernel.database import Tx
from acceptance_api.kernel.problems import Fault, Kind, Problem
from acceptance_api.kernel.settings import Settings
from acceptance_api.rulesets import (
    INSTALLATION,
    Found,
    Layer,
    Proposal,
    ProposeRuleSet,
    RuleSetKey,
    Signature,
    approve_rule_set,
    digest_of,
    find_proposal,
    find_proposals,
    propose_rule_set,
    reject_rule_set,
)

rules = typer.Typer(help="Rule sets: proposed by one person, approved by another.", no_args_is_help=True)

_BY = re.compile(r"[A-Za-z0-9_.:-]{1,64}\Z")
_PAGE = 200


class _Document(In):
    """A file that proposes: the owner is an enterprise's or agency's id, and left out for a statutory set."""

    layer: Layer = Layer.STATUTORY
    owner_id: UUID = INSTALLATION
    kind: str
    name: Slug
    starts_at: Instant
    ends_at: Instant | None = None
    content: dict[str, Any]


def _code(value: str) -> str:
    if not _BY.match(value):
        raise typer.BadParameter("a staff number or officer code: 1 to 64 letters, digits and _.:-, no name")
    return value


def _owner(value: str) -> UUID:
    try:
        return INSTALLATION if value == "installation" else UUID(value)
    except ValueError:
        raise typer.BadParameter("the id of an enterprise or agency, or `installation`") from None


By = Annotated[str, typer.Option(help="Staff number or officer code of who does this; no name.", callback=_code)]
Owner = Annotated[UUID, typer.Argument(help="Enterprise's or agency's id, or `installation`.", parser=_owner)]
AnyOwner = Annotated[UUID | None, typer.Option(help="Only this owner's: an id, or `installation`.", parser=_owner)]


@rules.command("propose")
def propose(
    file: Annotated[Path, typer.Argument(exists=True, dir_okay=False, help="JSON: layer, owner_id, kind, name, …")],
    by: By,
) -> None:
    """Propose the next edition of a rule set; another person approves it."""

    async def act(tx: Tx, at: datetime) -> Lines:
        document = _read(file)
        request = ProposeRuleSet(
            layer=document.layer,
            owner_id=document.owner_id,
            kind=document.kind,
            name=document.name,
            starts_at=document.starts_at,
            ends_at=document.ends_at,
            content=document.content,
            by=by,
        )
        return _lines(await propose_rule_set(tx, None, request, parsers=PARSERS, at=at), at=at)

    run(act)


@rules.command("approve")
def approve(owner: Owner, name: str, edition: int, by: By) -> None:
    """Approve the newest edition of a rule set."""

    async def act(tx: Tx, at: datetime) -> Lines:
        key = RuleSetKey(owner_id=owner, name=name, edition=edition)
        frozen_by = await freezing_campaign(tx, owner, at=at)
        return _lines(await approve_rule_set(tx, None, key, by=by, frozen_by=frozen_by, at=at), at=at)

    run(act)


@rules.command("reject")
def reject(
    owner: Owner,
    name: str,
    edition: int,
    by: By,
    reason: Annotated[str, typer.Option(help="Why; it never names a person.")],
) -> None:
    """Reject an edition for good."""

    async def act(tx: Tx, at: datetime) -> Lines:
        key = RuleSetKey(owner_id=owner, name=name, edition=edition)
        return _lines(await reject_rule_set(tx, None, key, by=by, reason=reason[:_PAGE], at=at), at=at)

    run(act)


@rules.command("list")
def list_editions(
    owner: AnyOwner = None,
    state: Annotated[Found, typer.Option(help="All, those in force now, or those that begin later.")] = Found.ALL,
) -> None:
    """List editions, oldest first."""

    async def act(tx: Tx, at: datetime) -> Lines:
        lines: Lines = []
        after: UUID | None = None
        while found := await find_proposals(tx, owner, found=state, at=at, after=after, limit=_PAGE):
            lines += [(_told(one.rule_set.owner_id), f"{one.rule_set.version} {one.state.value}") for one in found]
            after = found[-1].id
        return lines

    run(act)


@rules.command("show")
def show(owner: Owner, name: str, edition: int) -> None:
    """Show an edition with its content, and whether it is still what its digest was made of."""

    async def act(tx: Tx, at: datetime) -> Lines:
        found = await find_proposal(tx, RuleSetKey(owner_id=owner, name=name, edition=edition))
        if found is None:
            raise Problem(Kind.NOT_FOUND)
        content = json.dumps(found.rule_set.content, ensure_ascii=False, indent=2)
        return [*_lines(found, at=at), ("content", content)]

    run(act)


def _read(file: Path) -> _Document:
    body = file.read_bytes()
    require_strict(body, depth_max=Settings().json_depth_max)
    try:
        return _Document.model_validate_json(body)
    except ValidationError as error:
        places = ("".join(f"/{step}" for step in one["loc"]) for one in error.errors(include_url=False))
        kinds = (str(one["type"]) for one in error.errors(include_url=False))
        raise Problem(Kind.INVALID, *map(Fault, places, kinds)) from None


def _lines(one: Proposal, *, at: datetime) -> Lines:
    rule_set = one.rule_set
    return [
        ("owner", _told(rule_set.owner_id)),
        ("layer", rule_set.layer.value),
        ("kind", rule_set.kind),
        ("version", rule_set.version),
        ("state", one.state.value + (", in force" if one.is_in_force(at) else "")),
        ("starts_at", rule_set.starts_at.isoformat()),
        ("ends_at", rule_set.ends_at.isoformat() if rule_set.ends_at else "open"),
        ("jurisdiction", rule_set.jurisdiction or "everywhere"),
        ("digest", rule_set.digest.hex()),
        ("intact", "yes" if digest_of(rule_set) == rule_set.digest else "NO: this is not what was proposed"),
        ("proposed", _signed(one.proposed)),
        *([(one.outcome.value, _signed(one.answered))] if one.outcome and one.answered else []),
        *([("reason", one.reason)] if one.reason else []),
    ]


def _signed(signature: Signature) -> str:
    client = f"client {signature.client_id}" if signature.client_id else "the operator's command"
    return f"{signature.at.isoformat()} by {signature.by} at {client}"


def _told(owner_id: UUID) -> str:
    return "installation" if owner_id == INSTALLATION else str(owner_id)
