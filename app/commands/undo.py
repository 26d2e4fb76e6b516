"""`/undo`: takes back what the sender's last command did, or what the commands of a linked comment did."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from app.commands import linking, permission
from app.commands.card import Card, Command, Told
from app.commands.facts import Facts
from app.commands.inverse import inverse
from app.commands.mistakes import Impossible, Misunderstood
from app.core import actions as a
from app.core.effect import Effect
from app.core.invocation import Invocation
from app.core.references import reference
from app.core.text import code, listed
from app.core.values import Ref

CARD = Card(
    verb="undo",
    usage="/undo [link to your comment]",
    help="Take back your last command on this issue, or those of the linked comment, where nobody changed it since.",
    who=("anyone",),
    examples=("/undo", "#12 /undo", "/undo https://github.com/octo/cat/issues/12#issuecomment-345"),
)
NOTHING = "no command of yours is left here to take back."
_COMMENT = re.compile(r"#issuecomment-([1-9][0-9]{0,18})$")
_BODY = re.compile(r"#issue-[0-9]+$")


@dataclass(frozen=True, slots=True)
class Link:
    """The text whose commands are meant: a comment by its id, or the issue's own (`comment_id` None)."""

    ref: Ref
    comment_id: int | None

    @property
    def source(self) -> str:
        """As of a Source and of the audit."""
        return f"issue {self.ref.number}" if self.comment_id is None else f"comment {self.comment_id}"


def linked(invocation: Invocation) -> Link | None:
    """The link in the arguments, None without arguments. Raises Misunderstood for anything else."""
    typed = invocation.arguments.strip("<>").rstrip(".;!")
    if not typed:
        return None
    ref, comment, body = reference(typed, "", invocation.web_url), _COMMENT.search(typed), _BODY.search(typed)
    if ref is None or not (comment or body):
        raise Misunderstood(
            f"{code(invocation.arguments)} links to no comment. Write `/undo` for your last command here, `#12 /undo` for "
            "that on another issue, or put the link to your comment behind it (`…/issues/12#issuecomment-345`)."
        )
    return Link(ref, int(comment[1]) if comment else None)


def command(others: Mapping[str, Command]) -> Command:
    """`/undo` of each of the `others`: of each, only who may use it may take it back."""

    def plan(invocation: Invocation, facts: Facts) -> Told | tuple[a.Action, ...]:
        linked(invocation)
        effects = facts.undoing.effects
        if not effects:
            raise Impossible(facts.undoing.why or NOTHING)
        for verb in dict.fromkeys(effect.command for effect in effects):
            permission.check(others[verb].card if verb in others else _gone(verb), facts)
        return _taken_back(effects, facts)

    return Command(CARD, plan)


def _gone(verb: str) -> Card:
    """Of a command that the configuration does not have any more: the rule that holds where nothing else is said."""
    return Card(verb=verb, usage=f"/{verb}", help="")


def _others(action: a.Action) -> tuple[Ref, ...]:
    """The other issues that an action changes."""
    match action:
        case a.SetParent(parent=parent, former=former):
            return tuple(link.ref for link in (parent, former) if link is not None)
        case a.AddBlocking(others=others) | a.RemoveBlocking(others=others):
            return tuple(other.ref for other in others)
        case _:
            return ()


def _taken_back(effects: Sequence[Effect], facts: Facts) -> Told | tuple[a.Action, ...]:
    found = inverse(effects, facts)
    linking.may_change([ref for action in found.actions for ref in _others(action)], facts)
    named = tuple(dict.fromkeys(f"/{effect.command}" for effect in effects))
    verbs, is_ = listed(named), "is" if len(named) == 1 else "are"
    if found.left and not found.actions:
        raise Impossible(f"{verbs} can't be taken back: {'; '.join(found.left)}.")
    if found.left:
        return Told(f"{verbs} {is_} taken back, but {'; '.join(found.left)}.", "partly", tuple(found.actions))
    said = sum(isinstance(effect.action, a.Comment | a.Mention) for effect in effects)
    if said:
        what = "the comment that it wrote stays" if said == 1 else "the comments that it wrote stay"
        return Told(f"{verbs} {is_} taken back; {what}, for people have read it.", "done", tuple(found.actions))
    return tuple(found.actions)
