"""Short names of entries, made of all that they say: the same words give the same key wherever they stand, other words another.

So a tick is about exactly the words that were shown. A key is 60 bits of SHA-256: nobody finds other words for it.
"""

from __future__ import annotations

import base64
import hashlib
import json
from collections import Counter
from collections.abc import Iterator

from app.meetings.minutes.entries import Carried, Decision, Entry, Minutes, Note, Proposal, Todo

LENGTH = 12


def keyed(minutes: Minutes) -> Iterator[tuple[str, Entry]]:
    """Each entry with its key; the second of the same words gets `-2`."""
    seen: Counter[str] = Counter()
    groups = (minutes.proposals, minutes.decisions, minutes.todos, minutes.carried, minutes.notes)
    for group in groups:
        for entry in group:
            made = _key(entry)
            seen[made] += 1
            yield made if seen[made] == 1 else f"{made}-{seen[made]}", entry


def _key(entry: Entry) -> str:
    told = [type(entry).__name__, " ".join(entry.text.split()), sorted(map(str, entry.refs)), *_more(entry)]
    digest = hashlib.sha256(json.dumps(told, ensure_ascii=False).encode(errors="surrogatepass")).digest()
    return base64.b32encode(digest).decode().lower()[:LENGTH]


def _more(entry: Entry) -> tuple[object, ...]:
    match entry:
        case Todo():
            due = entry.due.isoformat() if entry.due else ""
            return sorted(owner.folded for owner in entry.owners), due, entry.done, entry.listed
        case Note():
            return (entry.kind,)
        case Carried():
            return (entry.until,)
        case Proposal():
            steps = [step.model_dump_json(exclude_none=True) for step in entry.do]
            return str(entry.ref), entry.phrase, entry.command, steps, sorted(entry.values.items())
        case Decision() | _:
            return ()
