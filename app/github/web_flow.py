"""Where a person goes to sign in with GitHub: the address of the App's web flow, with `state` and PKCE. Pure.

Rules: docs.github.com, generating-a-user-access-token-for-a-github-app: `redirect_uri` must match a registered callback
URL; PKCE takes S256 only (changelog, 14 July 2025).
"""

from __future__ import annotations

import hashlib
from base64 import urlsafe_b64encode
from urllib.parse import urlencode


def address(web_url: str, client_id: str, redirect_uri: str, state: str, verifier: str) -> str:
    """GitHub's page, which sends the browser back to `redirect_uri` with a `code` and the same `state`."""
    query = {
        "client_id": client_id,
        "redirect_uri": redirect_uri,
        "state": state,
        "code_challenge": challenge(verifier),
        "code_challenge_method": "S256",
        "allow_signup": "false",
    }
    return f"{web_url}/login/oauth/authorize?{urlencode(query)}"


def challenge(verifier: str) -> str:
    """What GitHub keeps of a verifier (RFC 7636, S256)."""
    return urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).decode().rstrip("=")
