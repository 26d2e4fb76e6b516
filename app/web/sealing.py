"""What the session secret does: hides text, and makes marks that nobody else can make. One key for each purpose.

Whatever was sealed under another secret, for another purpose, or of another owner, does not open.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable

_NONCE = 12  # bytes, as AES-GCM wants


class Seal:
    """`secret`: asked for when it is first needed."""

    def __init__(self, secret: Callable[[], str]) -> None:
        self._secret = secret

    def close(self, purpose: str, text: str, owner: str = "") -> str:
        """The text, encrypted (AES-256-GCM), for `open` with the same purpose and owner."""
        from cryptography.hazmat.primitives.ciphers.aead import AESGCM

        nonce = secrets.token_bytes(_NONCE)
        hidden = AESGCM(self._key(purpose)).encrypt(nonce, text.encode(), owner.encode())
        return urlsafe_b64encode(nonce + hidden).decode()

    def open(self, purpose: str, sealed: str, owner: str = "") -> str | None:
        """What was sealed; None where anything about it was changed."""
        from cryptography.exceptions import InvalidTag
        from cryptography.hazmat.primitives.ciphers.aead import AESGCM

        try:
            raw = urlsafe_b64decode(sealed.encode("ascii"))
            return AESGCM(self._key(purpose)).decrypt(raw[:_NONCE], raw[_NONCE:], owner.encode()).decode()
        except (InvalidTag, ValueError):
            return None

    def mark(self, purpose: str, text: str) -> str:
        """64 hex digits that only who has the secret can make of this text."""
        return hmac.new(self._key(purpose), text.encode(), hashlib.sha256).hexdigest()

    def _key(self, purpose: str) -> bytes:
        return hmac.new(self._secret().encode(), f"rounds {purpose}".encode(), hashlib.sha256).digest()


def veiled(mark: str) -> str:
    """The mark, spelled anew each time: who sees how well a page with it packs learns nothing of it (BREACH, CVE-2013-3587)."""
    text = mark.encode()
    veil = secrets.token_bytes(len(text))
    return (veil + _crossed(veil, text)).hex()


def unveiled(spelled: str) -> str:
    """The mark of which that is a spelling; what is none is no mark."""
    try:
        raw = bytes.fromhex(spelled)
    except ValueError:
        return ""
    half = len(raw) // 2
    return _crossed(raw[:half], raw[half:]).decode(errors="replace")


def _crossed(one: bytes, other: bytes) -> bytes:
    return bytes(a ^ b for a, b in zip(one, other, strict=False))


def same(one: str, other: str) -> bool:
    """Whether they are equal, in a time that does not tell where they differ."""
    return hmac.compare_digest(one.encode(errors="replace"), other.encode(errors="replace"))
