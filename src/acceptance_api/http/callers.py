"""From credentials to a caller: one function for each audience."""

from typing import Annotated
from uuid import UUID

from fastapi import Depends, Header, Request
from fastapi.openapi.models import OAuthFlowClientCredentials, OAuthFlows
from fastapi.security import OAuth2

from acceptance_api.access import Audience, Caller, Client
from acceptance_api.http.office import Office, OfficeDep
from acceptance_api.kernel.ids import ClerkId
from acceptance_api.kernel.problems import Kind, Problem

_flows = OAuthFlows(clientCredentials=OAuthFlowClientCredentials(tokenUrl="/oauth/token", scopes={}))
_scheme = OAuth2(flows=_flows, scheme_name="client_credentials", auto_error=False)
Authorization = Annotated[str | None, Depends(_scheme)]


async def counter_caller(
    request: Request,
    office: OfficeDep,
    authorization: Authorization,
    clerk_id: Annotated[UUID, Header(description="The clerk who makes this request; must belong to the outlet.")],
) -> Caller:
    """A counter's client and the clerk it names.

    Raises:
        Problem: TOKEN_INVALID, or CLERK_NOT_OF_OUTLET for an unknown, foreign or retired clerk.
    """
    return await counter_of(office, authorization, clerk_id, request_id=request_id_of(request))


async def counter_of(office: Office, authorization: str | None, clerk_id: UUID, *, request_id: str) -> Caller:
    """The same from the headers' values.

    Raises:
        Problem: TOKEN_INVALID, or CLERK_NOT_OF_OUTLET for an unknown, foreign or retired clerk.
    """
    client = await _client(office, authorization, Audience.COUNTER)
    if client.outlet_id is None:
        raise Problem(Kind.NOT_PERMITTED)
    return await with_clerk(office, Caller(client=client, request_id=request_id), clerk_id)


async def with_clerk(office: Office, caller: Caller, clerk_id: UUID) -> Caller:
    """The same client, with another clerk of its outlet.

    Raises:
        Problem: CLERK_NOT_OF_OUTLET for an unknown, foreign or retired clerk.
    """
    clerk = await office.roster.clerk(caller.outlet_id, ClerkId(clerk_id), at=office.clock.now())
    if clerk is None or clerk.retired_at is not None:
        raise Problem(Kind.CLERK_NOT_OF_OUTLET)
    return Caller(client=caller.client, clerk_id=clerk.id, request_id=caller.request_id)


async def enterprise_caller(request: Request, office: OfficeDep, authorization: Authorization) -> Caller:
    """An enterprise's client.

    Raises:
        Problem: TOKEN_INVALID.
    """
    client = await _client(office, authorization, Audience.ENTERPRISE)
    return Caller(client=client, request_id=request_id_of(request))


async def regulator_caller(request: Request, office: OfficeDep, authorization: Authorization) -> Caller:
    """A regulator's client.

    Raises:
        Problem: TOKEN_INVALID.
    """
    client = await _client(office, authorization, Audience.REGULATOR)
    return Caller(client=client, request_id=request_id_of(request))


def request_id_of(request: Request) -> str:
    """The id of this request, from the middleware."""
    return str(request.scope.get("state", {}).get("request_id", ""))


async def _client(office: Office, authorization: str | None, audience: Audience) -> Client:
    scheme, _, token = (authorization or "").partition(" ")
    if scheme.lower() != "bearer" or not token:
        raise Problem(Kind.TOKEN_INVALID)
    return await office.verifier.verify(token, audience=audience, at=office.clock.now())


CounterCaller = Annotated[Caller, Depends(counter_caller)]
EnterpriseCaller = Annotated[Caller, Depends(enterprise_caller)]
RegulatorCaller = Annotated[Caller, Depends(regulator_caller)]
