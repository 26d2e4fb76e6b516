"""Who calls, and may they: the App's JWT, installation tokens, permissions. Source: docs, authenticating as a GitHub App."""

from __future__ import annotations

import secrets
import time
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import jwt

from app.sandbox.accounts import Account, Installation
from app.sandbox.refused import Refused, not_found
from app.sandbox.rest.table import Request, Route
from app.sandbox.things import Repository
from app.sandbox.world import World

TOKEN_LIFE = timedelta(hours=1)
_LEVELS = {"read": 1, "write": 2, "admin": 3}


@dataclass(slots=True, frozen=True)
class Token:
    """An installation token: whose, until when, for which permissions and repositories (ids; None: all)."""

    installation_id: int
    expires_at: datetime
    permissions: dict[str, str]
    repositories: frozenset[int] | None = None


@dataclass(slots=True)
class Guard:
    """Tokens that were given out, by their text."""

    world: World
    tokens: dict[str, Token] = field(default_factory=dict)

    def issue_token(self, installation: Installation, permissions: dict[str, str], only: frozenset[int] | None) -> str:
        """Long and with dots, as GitHub's since April 2026: clients must not look into it."""
        text = f"ghs_{self.world.app.id}_" + ".".join(secrets.token_urlsafe(n) for n in (60, 250, 64))
        self.tokens[text] = Token(installation.id, self.world.clock() + TOKEN_LIFE, permissions, only)
        return text

    def admit(self, request: Request, route: Route) -> None:
        """Sets `request.installation`, or raises 401, 403 or 404 as GitHub does."""
        credential = request.headers.get("authorization", "")
        if route.needs == "app":
            self._check_jwt(credential)
        elif route.needs == "user":
            request.person = self._person(credential)
        elif not credential:
            self._anonymous(request, route)
        else:
            self._installation_call(request, route, self._token(credential))

    def _check_jwt(self, credential: str) -> None:
        scheme, _, text = credential.partition(" ")
        if scheme.lower() != "bearer" or text.count(".") != 2 or text.startswith("ghs_"):
            raise Refused(401, "A JSON web token could not be decoded")
        claims = self._claims(text)
        if str(claims.get("iss")) not in {str(self.world.app.id), self.world.app.client_id}:
            raise Refused(404, "Integration not found")

    def _claims(self, text: str) -> dict[str, Any]:
        """RS256, `iat` in the past, `exp` at most ten minutes ahead, by the real clock: a world's own may have left it."""
        try:
            options: Any = {"verify_exp": False, "verify_iat": False, "verify_aud": False}
            claims: dict[str, Any] = jwt.decode(text, self.world.app.public_key, algorithms=["RS256"], options=options)
        except jwt.PyJWTError:
            raise Refused(401, "A JSON web token could not be decoded") from None
        now, expires, issued = time.time(), claims.get("exp"), claims.get("iat")
        if not isinstance(expires, int | float) or expires <= now:
            raise Refused(
                401,
                "'Expiration time' claim ('exp') must be a numeric value representing the future time at which the "
                "assertion expires",
            )
        if expires > now + 600 + 60:
            raise Refused(401, "'Expiration time' claim ('exp') is too far in the future")
        if not isinstance(issued, int | float) or issued > now + 1:
            raise Refused(
                401, "'Issued at' claim ('iat') must be an Integer representing the time that the assertion was issued"
            )
        return claims

    def _token(self, credential: str) -> Token:
        scheme, _, text = credential.partition(" ")
        token = self.tokens.get(text)
        if scheme.lower() not in {"bearer", "token"} or token is None or token.expires_at <= self.world.clock():
            raise Refused(401, "Bad credentials")
        if token.installation_id not in self.world.installations:
            raise Refused(401, "Bad credentials")
        return token

    def _person(self, credential: str) -> Account:
        """Whose token it is. Only the routes about oneself take one here; the rest is the App's own."""
        scheme, _, text = credential.partition(" ")
        token = self.world.user_tokens.get(text)
        if scheme.lower() not in {"bearer", "token"} or token is None or token.kind != "access":
            raise Refused(401, "Bad credentials" if credential else "Requires authentication")
        if token.expires_at <= self.world.clock():
            raise Refused(401, "Bad credentials")
        return token.account

    def _anonymous(self, request: Request, route: Route) -> None:
        if "repo" in request.params and request.repository.private:
            raise not_found()
        if request.method != "GET" or route.template.startswith("/installation"):
            raise Refused(401, "Requires authentication")

    def _installation_call(self, request: Request, route: Route, token: Token) -> None:
        installation = self.world.installations[token.installation_id]
        if installation.suspended_at:
            raise Refused(403, "This installation has been suspended")
        request.installation = installation
        if "repo" in request.params:
            self._repository(request, route, token)
        elif route.needs:
            self._permission(token, route.needs)

    def _repository(self, request: Request, route: Route, token: Token) -> None:
        """What the App is not installed on: readable if public, else as if it were not there."""
        repo = request.repository
        if not self._covered(repo, token):
            if repo.private:
                raise not_found()
            if request.method == "GET":
                return
            raise Refused(403, "Resource not accessible by integration")
        self._permission(token, self._need(request, repo, route))

    def _covered(self, repo: Repository, token: Token) -> bool:
        installation = self.world.installation_of(repo)
        return (
            installation is not None
            and installation.id == token.installation_id
            and (token.repositories is None or repo.id in token.repositories)
        )

    def _need(self, request: Request, repo: Repository, route: Route) -> str:
        """The permission for issues does not reach pull requests."""
        number = request.params.get("issue_number", "")
        issue = repo.issues.get(int(number)) if number.isascii() and number.isdigit() else None
        if "comment_id" in request.params and route.needs.startswith("issues:"):
            comment_id = request.params["comment_id"]
            comment = self.world.comments.get(int(comment_id)) if comment_id.isdigit() else None
            issue = comment.issue if comment else None
        return route.needs.replace("issues:", "pull_requests:") if issue and issue.pull else route.needs

    def _permission(self, token: Token, need: str) -> None:
        name, _, level = need.partition(":")
        if name and _LEVELS.get(token.permissions.get(name, ""), 0) < _LEVELS[level]:
            raise Refused(403, "Resource not accessible by integration")
