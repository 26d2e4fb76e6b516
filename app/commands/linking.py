"""Other issues among the arguments of a command that links them: which are meant, and whether they may be linked."""

from __future__ import annotations

from collections.abc import Sequence

from app.commands import canonical
from app.commands.facts import Facts
from app.commands.mistakes import Impossible, Misunderstood, Refused, missing
from app.core import arguments
from app.core.arguments import Word
from app.core.invocation import Invocation
from app.core.names import fold
from app.core.references import same, shown
from app.core.text import code
from app.core.values import Issue, Linked, Ref, Role
from app.errors import Mistake

MOST = 10
"""Issues that one line links; each may have to be looked up."""
_FILLERS = frozenset({"and", "&"})


def mentions(invocation: Invocation) -> tuple[Ref, ...]:
    """The references among the arguments, as many as may be linked at once."""
    try:
        words = arguments.read(invocation.arguments).words
    except Mistake:
        return ()
    found = (canonical.named(word.text, invocation) for word in words)
    return tuple(dict.fromkeys(ref for ref in found if ref is not None))[:MOST]


def is_none(words: Sequence[Word]) -> bool:
    """Whether only `none` was typed."""
    return len(words) == 1 and not words[0].quoted and fold(words[0].text).rstrip(".") == "none"


def named(invocation: Invocation, facts: Facts, example: str) -> tuple[tuple[Issue, ...], tuple[Issue, ...]]:
    """The issues to link, and those with a minus. Raises a Mistake where one of them can't be meant, or seen."""
    read = arguments.read(invocation.arguments)
    words = [word for word in read.words if fold(word.text) not in _FILLERS]
    if not words:
        raise missing("an issue", example)
    if len(words) > MOST:
        raise Impossible(f"one line links {MOST} issues at most, and these are {len(words)}.")
    adds = [_issue(word, invocation, facts) for word in words if word.sign != "-"]
    removes = [_issue(word, invocation, facts) for word in words if word.sign == "-"]
    for issue in adds:
        if any(same(issue.ref, other.ref) for other in removes):
            raise Misunderstood(f"{code(_short(issue, facts))} can't be both added and taken off.")
    return tuple(adds), tuple(removes)


def only_issues(issues: Sequence[Issue], facts: Facts, feature: str) -> None:
    """Raises Impossible where one of them, or the target, is a pull request, which has no `feature` on GitHub."""
    for issue in (facts.issue, *issues):
        if issue.pull_request:
            raise Impossible(f"{code(_short(issue, facts))} is a pull request; on GitHub only issues have {feature}.")


def one_account(issues: Sequence[Issue], facts: Facts, feature: str) -> None:
    """Raises Impossible for an issue of another account: an App acts for one account at a time."""
    for issue in issues:
        if issue.ref.repository.partition("/")[0].lower() != facts.repository.owner.lower():
            raise Impossible(f"{code(str(issue.ref))} belongs to another account; {feature} stay within one.")


def may_change(refs: Sequence[Ref], facts: Facts) -> None:
    """Raises Refused where one of them lies in another repository in which the sender has not the triage role.

    The App could write there all the same: it must not lend its rights. Source: docs.github.com, sub-issues, dependencies.
    """
    for ref in refs:
        here = ref.repository.lower() == facts.repository.full_name.lower()
        role = facts.role if here else facts.roles.get(ref.repository.lower())
        if not here and (role or Role.NONE) < Role.TRIAGE:
            raise Refused(
                "refused: that changes an issue of another repository, where you need the triage role or above."
            )


def linked(issues: Sequence[Issue]) -> tuple[Linked, ...]:
    """As GitHub links them."""
    return tuple(Linked(issue.ref, issue.id) for issue in issues)


def _issue(word: Word, invocation: Invocation, facts: Facts) -> Issue:
    ref = canonical.named(word.text, invocation)
    if ref is None:
        raise Misunderstood(f"{code(word.typed)} names no issue; write it as `#12`.")
    if same(ref, facts.issue.ref):
        raise Impossible("an issue can't be linked with itself.")
    return canonical.looked_up(ref, facts)


def _short(issue: Issue, facts: Facts) -> str:
    return shown(issue.ref, facts.repository.full_name)
