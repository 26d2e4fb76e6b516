"""The two kinds of failure.

RoundsError
 ├── Mistake            a person's: becomes a sentence in an answer, on the terminal or on a page; never retried
 └── Fault              ours or GitHub's: a log line, and a retry where one can help
      ├── Unavailable   the database or GitHub did not answer: try again later
      └── Permanent     trying again can't help: a dead letter with its reason
"""

from __future__ import annotations


class RoundsError(Exception):
    """Base of all that Rounds raises on purpose."""


class Mistake(RoundsError):
    """Something a person did; `str()` is a whole sentence that says what to do."""


class Fault(RoundsError):
    """Something that is not the person's doing."""


class Unavailable(Fault):
    """A part did not answer; the same call may succeed later. `retry_after`: seconds, if the part said so."""

    def __init__(self, reason: str, retry_after: float | None = None) -> None:
        super().__init__(reason)
        self.retry_after = retry_after


class Permanent(Fault):
    """Repeating can't help: ends in a dead letter whose reason is `str()`."""
