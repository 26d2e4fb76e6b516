"""Our two cookies: of a session, and of a sign-in that is under way.

Behind TLS their names begin with `__Host-`: browsers then take them only from this very host, over TLS, for all paths, so that
no neighbour can plant one. Plain HTTP, which is for a machine's own address, has plain names.
"""

from __future__ import annotations

from collections.abc import Iterable


class Cookie:
    """`seconds`: how long a browser keeps it."""

    def __init__(self, name: str, public_url: str, seconds: int) -> None:
        self._secure = public_url.startswith("https://")
        self._seconds = seconds
        self.name = f"__Host-{name}" if self._secure else name

    def of(self, headers: Iterable[tuple[bytes, bytes]]) -> str:
        """What the browser sent, "" for nothing, also where there are two: one of them was planted."""
        found = [
            value.strip().strip('"')
            for header, line in headers
            if header == b"cookie"
            for name, _, value in (part.partition("=") for part in line.decode("latin-1").split(";"))
            if name.strip() == self.name
        ]
        return found[0] if len(found) == 1 else ""

    def put(self, value: str) -> str:
        """The header that sets it. Lax: sent along when somebody follows a link to us, never with others' forms."""
        return self._line(value, self._seconds)

    def drop(self) -> str:
        """The header that takes it away."""
        return self._line("", 0)

    def _line(self, value: str, seconds: int) -> str:
        secure = "; Secure" if self._secure else ""
        return f"{self.name}={value}; Path=/; Max-Age={seconds}; HttpOnly; SameSite=Lax{secure}"
