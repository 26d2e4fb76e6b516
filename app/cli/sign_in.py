"""What signing in to the dashboard needs, for `rounds doctor`: client ID and secret, TLS, a secret for sessions."""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import urlsplit

from app.cli.finding import Finding
from app.errors import Fault
from app.settings import Settings

_CLIENT_ID = re.compile(r"Iv\d+[.A-Za-z0-9]{8,40}")
_CLIENT_SECRET = re.compile(r"[0-9a-f]{40}")
_SHORT = 32
"""Characters of a session secret: whoever guesses it reads private calendars."""
_NO_CODE = "rounds-doctor"
_COPY = "Copy both from the App's settings, under “General”."


async def findings(settings: Settings) -> list[Finding]:
    """What GitHub would only say when somebody signs in. Where only one of the two is set, the settings have warned."""
    callback = f"{settings.public_url}/login/callback"
    if not settings.github_client_id and not settings.github_client_secret:
        mend = f"Set ROUNDS_GITHUB_CLIENT_ID and ROUNDS_GITHUB_CLIENT_SECRET; the App's callback URL is {callback}."
        return [Finding("look", "Sign-in: not set up, so that the dashboard shows only what is open to all", mend)]
    found = [*_address(callback), *_session_secret(settings)]
    wrong = [*_client(settings)]
    if wrong:
        return [Finding("bad", f"Sign-in: {'; '.join(wrong)}", _COPY), *found]
    return [await _asked(settings, callback), *found] if settings.github_client_secret else found


async def _asked(settings: Settings, callback: str) -> Finding:
    """GitHub refuses a code that it never gave; if it refuses ID or secret before that, those are wrong."""
    from app.github.users import SignInRefused, Users

    users = Users(
        api_url=settings.github_api_url,
        web_url=settings.github_web_url,
        client_id=settings.github_client_id,
        client_secret=settings.github_client_secret,
    )
    good = f"the App's callback URL must be {callback}"
    try:
        await users.exchange(_NO_CODE, callback, "")
    except SignInRefused as refused:
        if refused.code == "bad_verification_code":
            return Finding("good", f"Sign-in: GitHub takes client ID and secret; {good}")
        return Finding("bad", f"Sign-in: GitHub does not take client ID and secret ({refused.code})", _COPY)
    except Fault as fault:
        return Finding("look", f"Sign-in: client ID and secret look right; {good}", f"GitHub did not say more: {fault}")
    finally:
        await users.aclose()
    return Finding("good", f"Sign-in: {good}")


def _address(callback: str) -> Iterator[Finding]:
    if urlsplit(callback).scheme == "http" and urlsplit(callback).hostname not in {"localhost", "127.0.0.1", "::1"}:
        what = "Sign-in: ROUNDS_PUBLIC_URL is not https, so that others can read cookies on their way"
        yield Finding("bad", what, "Put a proxy with TLS in front, and set ROUNDS_PUBLIC_URL to its https:// address.")


def _session_secret(settings: Settings) -> Iterator[Finding]:
    secret = settings.configured_session_secret
    if secret and len(secret) < _SHORT:
        mend = f"Set ROUNDS_SESSION_SECRET to at least {_SHORT} random characters: `openssl rand -hex 32` makes some."
        yield Finding("bad", "Sign-in: the session secret is short enough to be guessed", mend)
    if not secret and settings.sqlite_path is None:
        what = "Sign-in: each machine makes a session secret of its own"
        yield Finding(
            "look", what, "Where several serve the dashboard, set the same ROUNDS_SESSION_SECRET on all of them."
        )


def _client(settings: Settings) -> Iterator[str]:
    """GitHub's client IDs of Apps begin with `Iv`, those of OAuth apps do not; secrets have 40 hexadecimal digits."""
    client_id, secret = settings.github_client_id, settings.github_client_secret
    if client_id and not _CLIENT_ID.fullmatch(client_id):
        yield "ROUNDS_GITHUB_CLIENT_ID is not the client ID of a GitHub App, which begins with Iv"
    if secret and not _CLIENT_SECRET.fullmatch(secret):
        yield "ROUNDS_GITHUB_CLIENT_SECRET is not a client secret, which has 40 hexadecimal digits"
    if settings.github_app_id.startswith("Iv") and client_id.startswith("Iv") and settings.github_app_id != client_id:
        yield "ROUNDS_GITHUB_APP_ID and ROUNDS_GITHUB_CLIENT_ID name different Apps"
