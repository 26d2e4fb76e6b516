"""Is this request GitHub's? Decided from the raw bytes and the headers alone, before anything is decoded.

Rules: docs.github.com, webhooks/using-webhooks/validating-webhook-deliveries: HMAC of the raw body, hex, SHA-256; compare in
constant time. The SHA-1 header exists for old receivers only and is not accepted: a sender that omits SHA-256 is not GitHub.
"""

from __future__ import annotations

import hmac
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

SIGNATURE = "x-hub-signature-256"
OLD_SIGNATURE = "x-hub-signature"
_SIGNATURE = re.compile(r"sha256=([0-9a-f]{64})")
_GUID = re.compile(r"[0-9A-Za-z-]{1,64}")
_EVENT = re.compile(r"[a-z_]{1,64}")


@dataclass(frozen=True, slots=True)
class Delivery:
    """A request that GitHub signed. `guid`: X-GitHub-Delivery, the same again when GitHub redelivers it."""

    guid: str
    event: str


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why not. `status`: of the HTTP answer; `reason`: short and stable, to be counted; tells a stranger nothing new."""

    status: int
    reason: str


def authenticate(body: bytes, headers: Mapping[str, str], secrets: Sequence[str]) -> Delivery | Refusal:
    """The delivery, or why it is refused.

    `headers`: lower-case names. `secrets`: all that are valid now (old and new while one is being changed); at least one,
    else ValueError, for without a secret anybody could speak as GitHub.
    """
    if not any(secrets):
        raise ValueError("no webhook secret is set")
    signature = headers.get(SIGNATURE)
    if signature is None:
        return _unsigned(headers)
    if not _signed(body, signature, secrets):
        return Refusal(401, "wrong signature")
    return _named(headers)


def _unsigned(headers: Mapping[str, str]) -> Refusal:
    return Refusal(401, "only a SHA-1 signature" if OLD_SIGNATURE in headers else "no signature")


def _signed(body: bytes, signature: str, secrets: Sequence[str]) -> bool:
    """Tries every secret, the right one or not, so that the time tells nothing."""
    match = _SIGNATURE.fullmatch(signature)
    given = bytes.fromhex(match[1]) if match else b""
    found = [hmac.compare_digest(hmac.digest(secret.encode(), body, "sha256"), given) for secret in secrets if secret]
    return any(found)


def _named(headers: Mapping[str, str]) -> Delivery | Refusal:
    guid, event = headers.get("x-github-delivery", ""), headers.get("x-github-event", "")
    if not _GUID.fullmatch(guid):
        return Refusal(400, "no X-GitHub-Delivery")
    if not _EVENT.fullmatch(event):
        return Refusal(400, "no X-GitHub-Event")
    return Delivery(guid, event)
