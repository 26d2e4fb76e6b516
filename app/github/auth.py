"""Who Rounds is to GitHub: the App by a signed JWT, an installation by a token that the App asks for.

Rules: docs.github.com, apps/creating-github-apps/authenticating-with-a-github-app: RS256; `iat` a minute in the past against
clock drift; `exp` at most ten minutes ahead; a token lives an hour and is to be kept. Tokens are opaque: their form and
length changed in 2026.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from functools import lru_cache
from typing import Any, Protocol, TypedDict, cast

import jwt
from jwt.algorithms import RSAAlgorithm

from app.errors import Mistake, Permanent, Unavailable
from app.github.answers import Token
from app.github.errors import Forbidden, Suspended
from app.github.limits import Clock

_DRIFT = 60
_LIFE = 9 * 60  # seconds from `iat`, below GitHub's ten minutes
_JWT_MARGIN = 60
_TOKEN_MARGIN = 300

Mint = Callable[[int], Awaitable[Token]]


class Credentials(TypedDict, total=False):
    """As gidgethub takes them: one of the two."""

    jwt: str
    oauth_token: str


class AppKey:
    """Signs for the App. `app_id`: client ID or App ID, as configured."""

    def __init__(self, app_id: str, private_key: str, clock: Clock) -> None:
        """Raises Mistake when the key can't be read."""
        self._key = _private(private_key)
        self._app_id, self._clock = app_id, clock
        self._jwt, self._expires = "", 0.0

    def jwt(self) -> str:
        """A JWT that is valid for another minute at least; signed anew only when the last one is old."""
        now = self._clock()
        if self._expires - now < _JWT_MARGIN:
            issued = int(now) - _DRIFT
            claims = {"iat": issued, "exp": issued + _LIFE, "iss": self._app_id}
            self._jwt, self._expires = jwt.encode(claims, self._key, algorithm="RS256"), issued + _LIFE
        return self._jwt


@lru_cache(maxsize=1)  # reading a key costs 40 ms, for its numbers are checked
def _private(pem: str) -> Any:
    """The key; tried at once, for a public key or half a file would fail only at the first call."""
    try:
        key = RSAAlgorithm(RSAAlgorithm.SHA256).prepare_key(pem)
        jwt.encode({}, cast("Any", key), algorithm="RS256")
    except (ValueError, TypeError, AttributeError, jwt.InvalidKeyError):
        raise Mistake(
            "The App's private key can't be read: ROUNDS_GITHUB_PRIVATE_KEY must hold the whole PEM file from GitHub."
        ) from None
    return key


class Tokens:
    """Installation tokens, kept until five minutes before they expire; one request at a time for each installation."""

    def __init__(self, mint: Mint, clock: Clock) -> None:
        self._mint, self._clock = mint, clock
        self._held: dict[int, Token] = {}
        self._minting: dict[int, asyncio.Task[Token]] = {}

    async def of(self, installation: int) -> str:
        """Raises Suspended, Uninstalled and what any call raises."""
        token = self._held.get(installation)
        if token is not None and token.expires_at.timestamp() - self._clock() > _TOKEN_MARGIN:
            return token.token
        # shielded: one caller's cancellation must not fail the others who wait for the same token
        return (await asyncio.shield(self._shared(installation))).token

    def drop(self, installation: int, token: str) -> None:
        """GitHub does not accept `token` any more; a newer one stays."""
        held = self._held.get(installation)
        if held is not None and held.token == token:
            del self._held[installation]

    def _shared(self, installation: int) -> asyncio.Task[Token]:
        task = self._minting.get(installation)
        if task is None:
            task = self._minting[installation] = asyncio.ensure_future(self._renew(installation))
            task.add_done_callback(_look)
        return task

    async def _renew(self, installation: int) -> Token:
        try:
            token = self._held[installation] = await self._mint(installation)
        finally:
            del self._minting[installation]
        return token


def _look(task: asyncio.Task[Token]) -> None:
    """Marks the outcome as seen: all who waited for it may have been cancelled."""
    if not task.cancelled():
        task.exception()


class Identity(Protocol):
    """As whom calls are made."""

    async def credentials(self) -> Credentials: ...

    def renew(self, used: Credentials) -> bool:
        """After a 401: whether there may be better credentials than those `used`."""

    def explain(self, fault: Unavailable | Permanent) -> Unavailable | Permanent:
        """A refusal in the light of who asked."""


class AsApp:
    """The App itself: /app/…"""

    def __init__(self, key: AppKey) -> None:
        self._key = key

    async def credentials(self) -> Credentials:
        return {"jwt": self._key.jwt()}

    def renew(self, used: Credentials) -> bool:  # noqa: ARG002 - a JWT that is refused once is refused again
        return False

    def explain(self, fault: Unavailable | Permanent) -> Unavailable | Permanent:
        return fault


class AsInstallation:
    """The App in one account's repositories."""

    def __init__(self, tokens: Tokens, installation: int) -> None:
        self._tokens, self._installation = tokens, installation

    async def credentials(self) -> Credentials:
        return {"oauth_token": await self._tokens.of(self._installation)}

    def renew(self, used: Credentials) -> bool:
        self._tokens.drop(self._installation, used["oauth_token"])
        return True

    def explain(self, fault: Unavailable | Permanent) -> Unavailable | Permanent:
        """GitHub answers 403 "This installation has been suspended" while an old token lives."""
        if isinstance(fault, Forbidden) and "suspended" in fault.message.lower():
            return Suspended(self._installation)
        return fault
