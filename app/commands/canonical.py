"""The issue of which another one is a duplicate."""

from __future__ import annotations

from app.commands.facts import Facts
from app.commands.mistakes import Impossible, Misunderstood
from app.core import arguments
from app.core.actions import Action, Close, Comment
from app.core.arguments import Word
from app.core.invocation import Invocation
from app.core.references import reference, same, shown
from app.core.text import code
from app.core.values import Issue, Ref
from app.errors import Mistake


def mentions(invocation: Invocation) -> tuple[Ref, ...]:
    """The references among the arguments, at most five; a reason's are prose."""
    try:
        words = arguments.read(invocation.arguments).words
    except Mistake:
        return ()
    found = (named(word.text, invocation) for word in words)
    return tuple(dict.fromkeys(ref for ref in found if ref is not None))[:5]


def named(text: str, invocation: Invocation) -> Ref | None:
    """The issue that a word names, read where the command was typed."""
    return reference(text.rstrip(".;!"), invocation.home, invocation.web_url)


def looked_up(ref: Ref, facts: Facts) -> Issue:
    """The issue; raises Impossible where there is none."""
    found = next((issue for known, issue in facts.issues.items() if same(known, ref)), None)
    if found is None:
        raise Impossible(f"{code(str(ref))} does not exist, or I can't see it.")
    return found


def duplicate(words: tuple[Word, ...], invocation: Invocation, facts: Facts) -> tuple[Action, ...]:
    """Close as a duplicate of the issue that `words` (`#12`, `of #12`) name."""
    rest = words[1:] if words and words[0].text.casefold() == "of" else words
    ref = named(rest[0].text, invocation) if len(rest) == 1 else None
    if ref is None:
        raise Misunderstood(f"name the one issue that this is a duplicate of, as in {code('/duplicate #12')}.")
    return closing(ref, invocation, facts)


def closing(ref: Ref, invocation: Invocation, facts: Facts) -> tuple[Action, ...]:
    """On a pull request GitHub knows no reasons: there the words "Duplicate of" in a comment make the link."""
    target = facts.issue.ref
    if same(ref, target):
        raise Impossible("an issue can't be a duplicate of itself.")
    found = looked_up(ref, facts)
    if facts.issue.pull_request:
        text = f"Duplicate of {shown(found.ref, target.repository)}"
        return (Comment(target, text, f"{invocation.line}.duplicate"), Close(target))
    return (Close(target, "duplicate", found.ref, found.id or None),)
