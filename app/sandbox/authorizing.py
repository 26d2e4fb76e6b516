"""The App's web flow: codes, tokens, and what GitHub says of wrong ones. Source: docs, generating a user access token; PKCE with
S256 (changelog, 14 July 2025). Refusals have status 200.
"""

from __future__ import annotations

import secrets
from base64 import urlsafe_b64encode
from collections.abc import Mapping
from datetime import timedelta
from hashlib import sha256
from typing import Literal
from urllib.parse import urlsplit

from app.sandbox.accounts import Account, Code, UserToken
from app.sandbox.state import State

ACCESS, REFRESH = timedelta(hours=8), timedelta(seconds=15_897_600)
_CODE = timedelta(minutes=10)
_HELP = "https://docs.github.com/apps/oauth-apps/maintaining-oauth-apps/troubleshooting-oauth-app-access-token-request-errors/"

Said = dict[str, str | int]


def fits(world: State, redirect_uri: str) -> bool:
    """Whether people may be sent there: to a registered address exactly, or where none is to loopback."""
    if world.app.callback_urls:
        return redirect_uri in world.app.callback_urls
    parts = urlsplit(redirect_uri)
    return parts.scheme == "http" and parts.hostname in {"127.0.0.1", "localhost", "::1"}


def allow(world: State, who: Account, redirect_uri: str, challenge: str) -> str:
    """A code, for ten minutes and one exchange."""
    code = secrets.token_hex(10)
    world.codes[code] = Code(who, redirect_uri, challenge, world.clock())
    return code


def exchange(world: State, said: Mapping[str, str]) -> Said:
    """What the token endpoint answers."""
    app = world.app
    if said.get("client_id") != app.client_id or said.get("client_secret") != app.client_secret:
        return _refused("incorrect_client_credentials", "The client_id and/or client_secret passed are incorrect.")
    if said.get("grant_type") == "refresh_token":
        old = world.user_tokens.pop(said.get("refresh_token", ""), None)
        if old is None or old.kind != "refresh" or old.expires_at <= world.clock():
            return _refused("bad_refresh_token", "The refresh token passed is incorrect or expired.")
        return _tokens(world, old.account)
    code = world.codes.pop(said.get("code", ""), None)
    if code is None or world.clock() - code.made_at > _CODE or not _proved(code, said.get("code_verifier", "")):
        return _refused("bad_verification_code", "The code passed is incorrect or expired.")
    if said.get("redirect_uri", code.redirect_uri) != code.redirect_uri:
        return _refused("redirect_uri_mismatch", "The redirect_uri MUST match the registered callback URL.")
    return _tokens(world, code.account)


def revoke(world: State, who: Account) -> None:
    """The person takes the authorization back, in their settings."""
    for text in [text for text, token in world.user_tokens.items() if token.account is who]:
        del world.user_tokens[text]
    world.emit("github_app_authorization", "revoked", None, who)


def _proved(code: Code, verifier: str) -> bool:
    made = urlsafe_b64encode(sha256(verifier.encode()).digest()).decode().rstrip("=")
    return not code.challenge or made == code.challenge.rstrip("=")


def _tokens(world: State, who: Account) -> Said:
    access, refresh = _token(world, who, "access", ACCESS), _token(world, who, "refresh", REFRESH)
    return {
        "access_token": access,
        "expires_in": int(ACCESS.total_seconds()),
        "refresh_token": refresh,
        "refresh_token_expires_in": int(REFRESH.total_seconds()),
        "token_type": "bearer",
        "scope": "",
    }


def _token(world: State, who: Account, kind: Literal["access", "refresh"], life: timedelta) -> str:
    text = ("ghu_" if kind == "access" else "ghr_") + secrets.token_urlsafe(40)
    world.user_tokens[text] = UserToken(who, kind, world.clock() + life)
    return text


def _refused(error: str, description: str) -> Said:
    return {"error": error, "error_description": description, "error_uri": f"{_HELP}#{error.replace('_', '-')}"}
