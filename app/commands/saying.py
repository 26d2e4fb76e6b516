"""What the verbs of a meeting's minutes have in common: issues at the beginning of a text, and whether it was said already."""

from __future__ import annotations

from app.commands import canonical, meetings
from app.commands.facts import Facts
from app.commands.mistakes import missing
from app.core.actions import Action
from app.core.invocation import Invocation
from app.core.meeting_actions import Record, RecordKind
from app.core.names import fold
from app.core.references import same
from app.core.text import clip, one_line
from app.core.values import Ref

LONGEST = 1_000
"""Characters of one record; a line of a comment has no more."""
MOST = 10
"""Issues that may stand before a text."""


def mentions(invocation: Invocation) -> tuple[Ref, ...]:
    """The issues that stand before the text."""
    return leading(invocation)[0]


def record(kind: RecordKind, invocation: Invocation, facts: Facts, example: str) -> tuple[Action, ...]:
    """The text into the minutes, with the issues that it is about: those before the verb, and those before the text."""
    here = meetings.sitting(facts, invocation.verb)
    named, text = leading(invocation)
    if not text.strip(" .,:;"):
        raise missing("what was said", example)
    about = () if meetings.in_meeting(facts) else (facts.issue.ref,)
    refs = (*about, *(canonical.looked_up(ref, facts).ref for ref in named))
    once = tuple(ref for n, ref in enumerate(refs) if not any(same(ref, earlier) for earlier in refs[:n]))
    text = clip(text, LONGEST)
    if (kind, heard(text, once)) in here.recorded:
        return ()
    return (Record(facts.issue.ref, here.id, kind, facts.sender.login, f"{invocation.line}.0", text, once),)


def heard(text: str, refs: tuple[Ref, ...]) -> str:
    """By what two records are the same."""
    return f"{' '.join(sorted(str(ref).lower() for ref in refs))} {fold(text)}".strip()


def leading(invocation: Invocation) -> tuple[tuple[Ref, ...], str]:
    """The issues at the beginning of the arguments, each once, and the rest."""
    words = one_line(invocation.arguments).split(" ")
    found: list[Ref] = []
    for word in words[:MOST]:
        ref = canonical.named(word.rstrip(",:"), invocation)
        if ref is None:
            break
        found.append(ref)
    return tuple(dict.fromkeys(found)), " ".join(words[len(found) :])
