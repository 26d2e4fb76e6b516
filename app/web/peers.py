"""Whose request it is: who speaks with us, or whom a proxy beside us names."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable

Headers = Iterable[tuple[bytes, bytes]]


def address(peer: str, headers: Headers) -> str:
    """The peer, or whom a proxy beside us names last, which is what the proxy itself saw.

    A peer from elsewhere could name anybody, so its word is not taken.
    """
    named = [value.decode("latin-1") for name, value in headers if name == b"x-forwarded-for"]
    return named[-1].rpartition(",")[2].strip() or peer if named and is_near(peer) else peer


def is_near(peer: str) -> bool:
    """Whether that address is of this machine or a private network."""
    found = _parsed(peer)
    return found is None or found.is_loopback or found.is_private  # None: a socket file


def network(peer: str) -> str:
    """To whom an address belongs: itself, or of IPv6 the /64, of which one machine has all addresses."""
    found = _parsed(peer)
    if isinstance(found, ipaddress.IPv6Address):
        return str(found.ipv4_mapped or ipaddress.ip_network((found, 64), strict=False))
    return peer


def _parsed(peer: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    try:
        return ipaddress.ip_address(peer)
    except ValueError:
        return None
