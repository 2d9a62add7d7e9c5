"""Opening the identity authority that the settings name, behind its limits."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import httpx

from acceptance_api.identity.alibaba_http import ALIBABA_URL, AlibabaAuthority
from acceptance_api.identity.authority import IdentityAuthority, StructuralAuthority
from acceptance_api.identity.resilience import Guarded
from acceptance_api.identity.signing import Credentials
from acceptance_api.identity.tencent_http import TENCENT_URL, TencentAuthority
from acceptance_api.kernel.clock import Clock
from acceptance_api.kernel.settings import AuthorityKind, Settings


@asynccontextmanager
async def open_authority(settings: Settings, clock: Clock) -> AsyncIterator[IdentityAuthority]:
    """The authority, with its connections, for as long as the process serves."""
    if settings.authority is AuthorityKind.STRUCTURAL:
        yield StructuralAuthority()
        return
    # Proxies of the environment are not trusted with names and numbers.
    async with httpx.AsyncClient(trust_env=False, follow_redirects=False) as client:
        yield Guarded(
            _vendor(settings, client, clock),
            timeout_s=settings.authority_timeout_s,
            daily_calls_max=settings.authority_daily_calls_max,
            clock=clock,
        )


def _vendor(settings: Settings, client: httpx.AsyncClient, clock: Clock) -> IdentityAuthority:
    credentials = Credentials(key_id=settings.authority_key_id, secret=settings.authority_secret.get_secret_value())
    timeout_s = settings.authority_timeout_s
    if settings.authority is AuthorityKind.ALIBABA:
        url = settings.authority_url or ALIBABA_URL
        return AlibabaAuthority(client, credentials, clock=clock, url=url, timeout_s=timeout_s)
    url = settings.authority_url or TENCENT_URL
    return TencentAuthority(client, credentials, clock=clock, url=url, timeout_s=timeout_s)
