"""What GitHub may answer with 304: a 304 costs nothing of the hourly budget.

gidgethub's own cache is keyed by address only, which would hand one tenant's body to another; here the installation is part
of the key. Least recently used entries go first, when there are too many or they are too big together.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterator, MutableMapping
from typing import Any

Entry = tuple[str | None, str | None, Any, str | None]
"""etag, last-modified, text, address of the next page: gidgethub's form."""

_OVERHEAD = 400  # bytes of an entry besides its text, about


class Cache:
    """Entries of all installations of the process. `most`: entries, `size`: bytes in all, `largest`: bytes of one."""

    def __init__(self, *, most: int = 4096, size: int = 16 << 20, largest: int = 256 << 10) -> None:
        self._most, self._size, self._largest = most, size, largest
        self._entries: OrderedDict[tuple[int, str], Entry] = OrderedDict()
        self.size = 0

    def of(self, installation: int) -> MutableMapping[str, Entry]:
        """The part that belongs to one installation."""
        return _Part(self, installation)

    def __len__(self) -> int:
        return len(self._entries)

    def __iter__(self) -> Iterator[tuple[int, str]]:
        return iter(self._entries)

    def get(self, key: tuple[int, str]) -> Entry:
        """Raises KeyError."""
        entry = self._entries[key]
        self._entries.move_to_end(key)
        return entry

    def put(self, key: tuple[int, str], entry: Entry) -> None:
        self.drop(key)
        cost = _cost(key, entry)
        if cost > self._largest:
            return
        self._entries[key] = entry
        self.size += cost
        while len(self._entries) > self._most or self.size > self._size:
            oldest, dropped = self._entries.popitem(last=False)
            self.size -= _cost(oldest, dropped)

    def drop(self, key: tuple[int, str]) -> None:
        entry = self._entries.pop(key, None)
        if entry is not None:
            self.size -= _cost(key, entry)


class _Part(MutableMapping[str, Entry]):
    """One installation's entries by address."""

    def __init__(self, cache: Cache, installation: int) -> None:
        self._cache, self._installation = cache, installation

    def __getitem__(self, url: str) -> Entry:
        return self._cache.get((self._installation, url))

    def __setitem__(self, url: str, entry: Entry) -> None:
        self._cache.put((self._installation, url), entry)

    def __delitem__(self, url: str) -> None:
        self._cache.drop((self._installation, url))

    def __iter__(self) -> Iterator[str]:
        return (url for installation, url in self._cache if installation == self._installation)

    def __len__(self) -> int:
        return sum(1 for _ in self)


def _cost(key: tuple[int, str], entry: Entry) -> int:
    return _OVERHEAD + len(key[1]) + len(entry[2] or "")
