"""`/propose-close`: asks the next meeting whether the issue can be closed."""

from __future__ import annotations

from app.commands import agenda, meetings
from app.commands.card import Card, Told
from app.commands.close import said
from app.commands.facts import Facts
from app.commands.labelling import existing
from app.commands.mistakes import Impossible, nothing_more
from app.core import arguments
from app.core.actions import Action, AddLabels
from app.core.invocation import Invocation
from app.core.names import fold
from app.core.text import clip, code

CARD = Card(
    verb="propose-close",
    usage="/propose-close [because …]",
    help="Ask the next meeting whether this can be closed: the label `proposed close`, where there is one, and the agenda.",
    examples=("/propose-close", "/propose-close because nobody could reproduce it"),
)
LABEL = "proposed close"


def plan(invocation: Invocation, facts: Facts) -> tuple[Action, ...] | Told:
    """The label suffices where it can't be told which series is meant."""
    read = arguments.read(invocation.arguments)
    if read.words:
        nothing_more(invocation)
    if not facts.issue.open:
        raise Impossible("it is closed already.")
    label = existing(facts).find(LABEL)
    found = meetings.near(facts)
    if label is None and len(found) != 1:
        raise _lacking(facts)
    new = label is not None and fold(label) not in map(fold, facts.issue.labels)
    labels: tuple[Action, ...] = (AddLabels(facts.issue.ref, (label,)),) if label is not None and new else ()
    listed = agenda.added(found[0], invocation, facts, "1", _words(read.reason)) if len(found) == 1 else ()
    text, actions = (listed.text, listed.actions) if isinstance(listed, Told) else ("", listed)
    if not labels and not actions:
        return ()
    wanted = (*said("proposed to close", read, invocation, facts), *labels, *actions)
    return Told(text, "done", wanted) if text else wanted


def _words(reason: str | None) -> str:
    return clip(f"can we close it? {reason or ''}".strip(), agenda.LONGEST)


def _lacking(facts: Facts) -> Impossible:
    try:
        meetings.series("", facts)
    except Impossible as none:
        why = str(none)
    else:
        why = ""
    return Impossible(f"this repository has no label {code(LABEL)}, and {why or 'there are several series.'}")
