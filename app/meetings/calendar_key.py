"""The key in the address of a calendar that not everybody may see: it can't be guessed, and says nothing of other series."""

from __future__ import annotations

import hashlib
import hmac

LENGTH = 32


def calendar_key(secret: str, source: str, series: str) -> str:
    """Of the series of that source (a repository's id), 32 hexadecimal digits; the same as long as the secret is."""
    said = f"meetings.ics {source} {series}".encode()
    return hmac.new(secret.encode(), said, hashlib.sha256).hexdigest()[:LENGTH]


def opens(given: str, secret: str, source: str, series: str) -> bool:
    """Whether that is the key, compared in constant time."""
    return hmac.compare_digest(given.encode(), calendar_key(secret, source, series).encode())
