"""Reading an owner's rule sets: the same for an enterprise and an agency."""

from uuid import UUID

from acceptance_api.http.office import Office
from acceptance_api.http.pages import open_cursor, seal_cursor
from acceptance_api.http.rule_set_wire import EditionPage, EditionsOut, RuleSetOut, edition_out, rule_set_out
from acceptance_api.kernel.problems import Kind, Problem
from acceptance_api.rulesets import Found, RuleSetKey, find_editions, find_proposal, find_proposals


async def page_of_editions(
    office: Office, owner_id: UUID, *, found: Found, limit: int, cursor: str | None
) -> EditionPage:
    """A page of the owner's editions, oldest first.

    Raises:
        Problem: CURSOR_INVALID.
    """
    at = office.clock.now()
    filters = ["rule-sets", owner_id, found.value]
    place = open_cursor(office.cursor_key, cursor, filters=filters)
    after = place[1] if place else None
    async with office.database.read() as tx:
        editions = await find_proposals(tx, owner_id, found=found, at=at, after=after, limit=limit + 1)
    end = (None, editions[limit - 1].id) if len(editions) > limit else None
    return EditionPage(
        data=[edition_out(one, at=at) for one in editions[:limit]],
        has_more=end is not None,
        next_cursor=seal_cursor(office.cursor_key, end, filters=filters),
    )


async def editions_of(office: Office, owner_id: UUID, name: str) -> EditionsOut:
    """The editions of one name, the newest first.

    Raises:
        Problem: NOT_FOUND.
    """
    at = office.clock.now()
    async with office.database.read() as tx:
        editions = await find_editions(tx, owner_id, name)
    if not editions:
        raise Problem(Kind.NOT_FOUND)
    return EditionsOut(name=name, data=[edition_out(one, at=at) for one in editions])


async def edition_of(office: Office, key: RuleSetKey) -> RuleSetOut:
    """One edition with its content.

    Raises:
        Problem: NOT_FOUND.
    """
    async with office.database.read() as tx:
        found = await find_proposal(tx, key)
    if found is None:
        raise Problem(Kind.NOT_FOUND)
    return rule_set_out(found, at=office.clock.now())
