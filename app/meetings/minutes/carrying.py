"""What is left for a later meeting, and what was moved out of the public: the words that say so."""

from __future__ import annotations

from app.core.phrase import Pattern, Word, parse
from app.core.phrase_hits import Hit, Lexicon

_NEXT = "next week|weeks|week's|weeks'|meeting|meetings|meeting's|call|time|agenda|month|session"
_CARRY = (
    "carry this|it|that|item|over|forward",
    "carry ... to [the|our] " + _NEXT,
    "carried over|forward to",
    "push|pushed|pushing|punt|punted|bump|bumped|move|moved|postpone|postponed ... to [the|our] " + _NEXT,
    "defer|deferred|deferring|postpone|postponed|postponing this|it|that|until|till",
    "defer|deferred|deferring|postpone|postponed ... to [the|our] " + _NEXT,
    "defer|deferred|deferring to later|monday|tuesday|wednesday|thursday|friday",
    "deferred|postponed",
    "come|get|circle back to this|it|that " + _NEXT,
    "discuss|revisit|continue [it|this|that] " + _NEXT,
    "discuss|revisit|continue [it|this|that] in|at [the|our] " + _NEXT,
    "out of time",
)
"""Not "defer to somebody"."""
_PRIVATE = (
    "move|moved|moving|moves|taken|take ... to [a|the|our] private",
    "move|moved|moving|moves to [a|the|our] private",
    "discussed|decided|continued|continue|discuss|discussion in [a|the|our] private",
    "off the record",
)

CARRY = tuple(parse(source, {}) for source in _CARRY)
PRIVATE = tuple(parse(source, {}) for source in _PRIVATE)


class Leavings:
    """Both vocabularies, with what a team adds to them."""

    def __init__(self, carry: tuple[Pattern, ...] = (), private: tuple[Pattern, ...] = ()) -> None:
        self._carry = Lexicon((*CARRY, *carry))
        self._private = Lexicon((*PRIVATE, *private))

    def carries(self, said: tuple[Word, ...]) -> bool:
        """Whether a line says that its topic is for a later meeting."""
        return any(_alone(hit, said) and not denied(hit, said) for hit in self._carry.find(said))

    def hides(self, said: tuple[Word, ...]) -> bool:
        """Whether from here on nothing more of the topic is for the public; a denial does not count, to be careful."""
        return bool(self._private.find(said))


_NO = "not no never isn't aren't wasn't don't doesn't didn't won't can't cannot couldn't shouldn't wouldn't nobody without"
_DENIALS = frozenset(_NO.split())
_NEAR = 3


def denied(hit: Hit, said: tuple[Word, ...]) -> bool:
    """Whether a "not" stands before what was said, within three words of its clause."""
    for word in reversed(said[max(0, hit.start - _NEAR) : hit.start]):
        if word.ends:
            return False
        if word.plain in _DENIALS:
            return True
    return False


def _alone(hit: Hit, said: tuple[Word, ...]) -> bool:
    return hit.pattern.source not in {"deferred|postponed"} or len(said) <= _NEAR
