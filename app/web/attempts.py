"""How often somebody may try to sign in: what failed counts, so that nobody can guess, or make us ask GitHub without end."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable

from cachetools import TTLCache

MINUTE = 60.0
MOST = 20
"""Failures of one address in a minute."""
MOST_OF_ALL = 300


class Attempts:
    """Counts for a minute from the first failure on."""

    def __init__(self) -> None:
        self._failed: TTLCache[str, int] = TTLCache(maxsize=10_000, ttl=MINUTE)

    def may(self, address: str) -> bool:
        return self._failed.get(address, 0) < MOST and self._failed.get("", 0) < MOST_OF_ALL

    def failed(self, address: str) -> None:
        for key in {address, ""}:
            self._failed[key] = self._failed.get(key, 0) + 1


def address(peer: str, headers: Iterable[tuple[bytes, bytes]]) -> str:
    """Whose request it is: the peer, or whom a proxy beside us names last, which is what the proxy itself saw.

    A peer from elsewhere could name anybody, so its word is not taken.
    """
    named = [value.decode("latin-1") for name, value in headers if name == b"x-forwarded-for"]
    return named[-1].rpartition(",")[2].strip() or peer if named and _is_near(peer) else peer


def _is_near(peer: str) -> bool:
    try:
        found = ipaddress.ip_address(peer)
    except ValueError:
        return True  # a socket file
    return found.is_loopback or found.is_private
