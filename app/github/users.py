"""People by their own tokens: the exchange of a code, the renewal, who they are, what GitHub lets them read.

A user's token can do what both the App and the person may. Rules: docs.github.com, generating and refreshing user access
tokens: refusals of the token endpoint come with status 200 and `error` in the body; an access token lives eight hours, a
refresh token six months and counts once, unless the App's owner turned expiry off: then there is neither.
"""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlencode

import msgspec

from app.core.events import User
from app.core.values import Granted
from app.errors import Permanent, Unavailable
from app.github import errors, routes
from app.github.api import Api, parse
from app.github.auth import Credentials
from app.github.limits import Clock, Limits, Pace
from app.github.names import number
from app.github.transport import Transport, user_agent

if TYPE_CHECKING:
    import httpx

_PER_PAGE = 100
_MOST = 20_000
"""Repositories that are listed of one person; the App's own are far fewer."""
_AT_ONCE = 8
_TRIAGE = ("triage", "push", "maintain", "admin")
"""Of `permissions`: any of them is the triage role or above."""


class SignInRefused(Permanent):
    """GitHub gives no token. `code`: its word, as `bad_verification_code` or `bad_refresh_token`."""

    def __init__(self, code: str) -> None:
        super().__init__(f"GitHub gave no token: {code}")
        self.code = code


@dataclass(frozen=True, slots=True)
class Grant:
    """Tokens as GitHub gave them. Seconds; None where they do not expire."""

    access: str
    access_seconds: int | None
    refresh: str | None
    refresh_seconds: int | None

    def __repr__(self) -> str:
        return "Grant(***)"


class _Answer(msgspec.Struct, frozen=True):
    access_token: str = ""
    expires_in: int | None = None
    refresh_token: str | None = None
    refresh_token_expires_in: int | None = None
    error: str = ""


class _Id(msgspec.Struct, frozen=True):
    id: int


class _Installations(msgspec.Struct, frozen=True):
    installations: list[_Id]


class _Repository(msgspec.Struct, frozen=True):
    """`permissions`: of the person, as `{"pull": true, "triage": false, …}`."""

    id: int
    permissions: dict[str, bool] = {}


class _Repositories(msgspec.Struct, frozen=True):
    repositories: list[_Repository]


_answer = msgspec.json.Decoder(_Answer)
_user = msgspec.json.Decoder(User)
_installations = msgspec.json.Decoder(_Installations)
_repositories = msgspec.json.Decoder(_Repositories)


class Users:
    """`web_url`: GitHub's web and OAuth root. Close with `aclose`."""

    def __init__(
        self,
        *,
        api_url: str,
        web_url: str,
        client_id: str,
        client_secret: str,
        clock: Clock = time.time,
        network: httpx.AsyncBaseTransport | None = None,
    ) -> None:
        """`network`: None is the real one."""
        self._client = {"client_id": client_id, "client_secret": client_secret}
        self._clock = clock
        self._api = Transport(api_url, concurrency=_AT_ONCE, network=network)
        self._web = Transport(web_url, concurrency=_AT_ONCE, network=network)

    async def aclose(self) -> None:
        await self._api.aclose()
        await self._web.aclose()

    async def exchange(self, code: str, redirect_uri: str, verifier: str) -> Grant:
        """The tokens for a code that came back. Raises SignInRefused where it is wrong, used or ten minutes old."""
        return await self._token({"code": code, "redirect_uri": redirect_uri, "code_verifier": verifier})

    async def renew(self, refresh: str) -> Grant:
        """New tokens for a refresh token, which counts once. Raises SignInRefused."""
        return await self._token({"grant_type": "refresh_token", "refresh_token": refresh})

    async def person(self, access: str) -> User:
        """Whose token it is. Raises Unauthorized where it was revoked."""
        return await self._as(access).get(routes.SELF, {}, _user)

    async def granted(self, access: str) -> Granted:
        """The repositories, among those of the App's installations, that the person has explicit access to."""
        api, found = self._as(access), list[_Repository]()
        pages = api.pages(routes.SELF_INSTALLATIONS, {"per_page": str(_PER_PAGE)}, _installations)
        installations = [one.id async for page, _ in pages for one in page.installations]
        for installation in installations:
            found += await self._of(api, installation)
            if len(found) > _MOST:
                break
        triage = frozenset(one.id for one in found if any(one.permissions.get(name) for name in _TRIAGE))
        admin = frozenset(one.id for one in found if one.permissions.get("admin"))
        return Granted(frozenset(one.id for one in found), triage, admin)

    async def _of(self, api: Api, installation: int) -> list[_Repository]:
        """One that is suspended, or that was left meanwhile, shows nothing."""
        variables = {"installation": str(number(installation)), "per_page": str(_PER_PAGE)}
        try:
            pages = api.pages(routes.SELF_REPOSITORIES, variables, _repositories)
            return [one async for page, _ in pages for one in page.repositories]
        except (errors.Forbidden, errors.NotFound):
            return []

    def _as(self, access: str) -> Api:
        pace = Pace(Limits.github(), clock=self._clock, sleep=asyncio.sleep, share=1.0)
        return Api(self._api, _AsUser(access), pace, clock=self._clock, meter=_nobody_counts)

    async def _token(self, said: dict[str, str]) -> Grant:
        """Never logged, neither what is sent nor what comes back; a refusal carries GitHub's short word only."""
        headers = {
            "accept": "application/json",
            "content-type": "application/x-www-form-urlencoded",
            "user-agent": user_agent(),
        }
        route, body = routes.USER_TOKEN, urlencode(self._client | said).encode()
        answer = await self._web.send(route.method, f"{self._web.base_url}{route.template}", headers, body)
        if answer.status != 200:
            raise errors.read(route.name, *answer, write=True, now=self._clock())
        found = parse(route, _answer, answer.body.decode(errors="replace"))
        if found.error or not found.access_token:
            raise SignInRefused(found.error[:60] or "no_token")
        return Grant(found.access_token, found.expires_in, found.refresh_token, found.refresh_token_expires_in)


class _AsUser:
    """A person, by a token that is not renewed here: the session's tokens are its own affair."""

    def __init__(self, access: str) -> None:
        self._access = access

    async def credentials(self) -> Credentials:
        return {"oauth_token": self._access}

    def renew(self, used: Credentials) -> bool:  # noqa: ARG002 - there is no other
        return False

    def explain(self, fault: Unavailable | Permanent) -> Unavailable | Permanent:
        return fault


def _nobody_counts(_route: str, _status: int, _seconds: float) -> None:
    """The App's own calls are counted, in the worker."""
