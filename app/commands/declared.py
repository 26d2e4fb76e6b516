"""Verbs declared in YAML: arguments and a list of actions. Source of the shape: docs/configuration.md."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from fnmatch import fnmatchcase

from app.commands import binding, canonical, milestones, people, scheduling, switches
from app.commands import type as type_
from app.commands.card import DEFAULT_WHO, Card, Command, Need, Told
from app.commands.conditions import holds, in_words
from app.commands.facts import Facts
from app.commands.labelling import existing, relabel
from app.commands.mistakes import Impossible, Misunderstood
from app.commands.retitle import titled
from app.commands.switches import switched
from app.config import schema
from app.core import arguments, mentions
from app.core.actions import Action, Assign, Close, Comment, RemoveLabels, Retitle, SetMilestone, Unassign
from app.core.invocation import Invocation
from app.core.mentions import quieted
from app.core.merge import differences
from app.core.names import fold
from app.core.references import reference
from app.core.template import render
from app.core.text import code, defang
from app.core.values import Milestone, Ref, Role

_GLOB = str.maketrans({"*": "[*]", "?": "[?]", "[": "[[]"})


def command(verb: str, declared: schema.Command) -> Command:
    """The verb of a declared command."""
    card = _card(verb, declared)

    def plan(invocation: Invocation, facts: Facts) -> tuple[Action, ...] | Told:
        if declared.if_ is not None and not holds(declared.if_, facts):
            raise Impossible(f"{code('/' + verb)} is for what {in_words(declared.if_)}.")
        values = binding.bind(card.usage, declared.args, invocation, facts)
        run = Run(invocation, facts, declared.args, values)
        actions = run.steps(declared.do)
        reply = run.words(declared.reply or "")
        if not reply or (actions and not differences(facts.issue, actions)):
            return actions
        return Told(reply, "done" if actions else "answer", actions)

    def mentions(invocation: Invocation) -> tuple[Ref, ...]:
        named = canonical.mentions(invocation) if any(a.type == "issue" for a in declared.args.values()) else ()
        fixed = [
            canonical.named(s.close.duplicate_of, invocation) for s in declared.do if s.close and s.close.duplicate_of
        ]
        return (*named, *(ref for ref in fixed if ref is not None))

    return Command(card, plan, mentions, needs(declared.do), on_locked=switches.unlocks(declared))


def needs(steps: Iterable[schema.Step]) -> frozenset[Need]:
    """What must be asked before these can be planned."""
    found = tuple(steps)
    typed: frozenset[Need] = frozenset({"type"}) if any(step.set_type is not None for step in found) else frozenset()
    return typed | switches.needs(found) | scheduling.needs(found)


def _card(verb: str, declared: schema.Command) -> Card:
    told = declared.help or "Declared in the configuration."
    only = f" Only for what {in_words(declared.if_)}." if declared.if_ is not None else ""
    usage = " ".join([f"/{verb}", *(_usage(name, argument) for name, argument in declared.args.items())])
    return Card(
        verb=verb,
        usage=usage,
        help=f"{told}{only}",
        who=declared.who if declared.who is not None else DEFAULT_WHO,
        examples=declared.examples,
        source="declared",
    )


def _usage(name: str, argument: schema.Argument) -> str:
    shown = {"person": f"@{name}", "issue": "#N", "reason": "because …", "choice": "|".join(argument.choices)}
    text = shown.get(argument.type, name)
    return f"[{text}]" if argument.optional or argument.type == "reason" else text


@dataclass(frozen=True, slots=True)
class Run:
    """One use of a declared command, or of a rule: then `rule` is its name, and `seen` what its templates see besides."""

    invocation: Invocation
    facts: Facts
    declared: Mapping[str, schema.Argument]
    arguments: Mapping[str, str]
    rule: str = ""
    seen: Mapping[str, str | Mapping[str, str]] = field(default_factory=dict)

    def steps(self, do: Sequence[schema.Step]) -> tuple[Action, ...]:
        """What is wanted, in order. Raises a Mistake where one step can't be done."""
        wanted = [(n, step) for n, step in enumerate(do) if step.if_ is None or holds(step.if_, self.facts)]
        return tuple(action for n, step in wanted for action in self.step(n, step))

    def step(self, n: int, step: schema.Step) -> tuple[Action, ...]:
        """The actions of the n-th step; none where an argument that it needs was left out."""
        if step.add_labels is not None:
            return relabel(self.facts, self._labels(step.add_labels))
        if step.remove_labels is not None:
            return self._without(step.remove_labels)
        if step.assign is not None or step.unassign is not None:
            return self._people(step)
        if step.set_milestone is not None or step.clear_milestone is not None:
            return self._milestone(step)
        if step.close is not None:
            return self._close(step.close)
        if step.set_type is not None:
            return self._type(step.set_type)
        if step.comment is not None:
            return self._comment(n, step.comment)
        return self._other(n, step)

    def _other(self, n: int, step: schema.Step) -> tuple[Action, ...]:
        if step.add_to_agenda is not None or step.add_todo is not None:
            return self._meeting(n, step)
        return self._retitle(step.retitle) if step.retitle is not None else switched(step, self.facts)

    def _meeting(self, n: int, step: schema.Step) -> tuple[Action, ...]:
        place = f"rule {self.rule}.{n}" if self.rule else str(n)
        if step.add_todo is not None:
            plain = scheduling.Plain(*map(self._plain, (step.add_todo.text, step.add_todo.due or "")))
            who = [word for source in step.add_todo.who for word in arguments.read(self._plain(source)).words]
            return scheduling.noted(plain, people.logins(who, self.facts), self.invocation, self.facts, place)
        name = "" if step.add_to_agenda is True else self._plain(step.add_to_agenda or "")
        return scheduling.listed(name, self.invocation, self.facts, place)

    def _retitle(self, source: str) -> tuple[Action, ...]:
        title = titled(self._plain(source))
        return (Retitle(self.facts.issue.ref, title),) if title else ()

    def _plain(self, source: str) -> str:
        """A name, made of what was typed as it was typed."""
        return render(source, {**self.seen, **self._places(), **self.arguments}).strip()

    def _places(self) -> dict[str, object]:
        issue = self.facts.issue
        return {
            "issue": f"#{issue.ref.number}",
            "sender": self.facts.sender.login,
            "repository": self.facts.repository.full_name,
        }

    def _labels(self, sources: tuple[str, ...]) -> tuple[str, ...]:
        names = existing(self.facts)
        wanted = [name for source in sources if (name := self._plain(source))]
        for name in wanted:
            if name not in names:
                raise self._lacks("label", name)
        return tuple(found for name in wanted if (found := names.find(name)) is not None)

    def _without(self, sources: tuple[str, ...]) -> tuple[Action, ...]:
        """Labels that don't exist are as good as removed."""
        names = existing(self.facts)
        found = tuple(name for source in sources if (name := names.find(self._plain(source))) is not None)
        return (RemoveLabels(self.facts.issue.ref, found),) if found else ()

    def _people(self, step: schema.Step) -> tuple[Action, ...]:
        texts = [self._plain(source) for source in (*(step.assign or ()), *(step.unassign or ()))]
        found = people.logins([word for text in texts for word in arguments.read(text).words], self.facts)
        if not found:
            return ()
        return (Assign(self.facts.issue.ref, found),) if step.assign else (Unassign(self.facts.issue.ref, found),)

    def _milestone(self, step: schema.Step) -> tuple[Action, ...]:
        if step.clear_milestone is not None:
            return (SetMilestone(self.facts.issue.ref, None),) if self._matches(step.clear_milestone) else ()
        title = self._plain(step.set_milestone or "")
        if not title:
            return ()
        found = self._found(title)
        return (SetMilestone(self.facts.issue.ref, found.number, found.title),)

    def _type(self, source: str) -> tuple[Action, ...]:
        name = self._plain(source)
        if not name:
            return ()
        type_.possible(self.facts)
        try:
            return type_.wanted(name, self.facts)
        except Misunderstood:
            raise self._lacks("issue type", name) from None

    def _found(self, title: str) -> Milestone:
        try:
            return milestones.find(title, self.facts)
        except Misunderstood:
            raise self._lacks("milestone", title) from None

    def _matches(self, condition: schema.ClearMilestone) -> bool:
        """A pattern of nothing but stars is one whose argument was left out: it matches nothing."""
        if condition.if_matches is None:
            return True
        typed = {name: value.translate(_GLOB) for name, value in self.arguments.items()}
        pattern = fold(render(condition.if_matches, {**self._places(), **typed}))
        title = milestones.titled(self.facts.issue.milestone, self.facts)
        return bool(pattern.strip("* ")) and fnmatchcase(fold(title), pattern)

    def _close(self, close: schema.CloseAction) -> tuple[Action, ...]:
        canonical_issue = self._plain(close.duplicate_of or "")
        if not canonical_issue:
            return (Close(self.facts.issue.ref, close.reason),)
        ref = reference(canonical_issue, self.facts.repository.full_name, self.invocation.web_url)
        if ref is None:
            raise Impossible(f"{code(canonical_issue)} names no issue.")
        return canonical.closing(ref, self.invocation, self.facts)

    def _comment(self, n: int, comment: schema.CommentAction) -> tuple[Action, ...]:
        if comment.if_ is not None and not self.arguments.get(comment.if_):
            return ()
        text = self.words(comment.text)
        key = f"rule {self.rule}" if self.rule else str(self.invocation.line)
        return (Comment(self.facts.issue.ref, text, f"{key}.{n}"),) if text else ()

    def words(self, source: str) -> str:
        """What Rounds says in its own name; people are mentioned only where the configuration or somebody trusted names them."""
        safe = {name: v if self._live(name) else defang(v) for name, v in self.arguments.items()}
        text = render(source, {**_defanged(self.seen), **self._places(), **safe}).strip()
        return quieted(text, mentions.named(source) | self._people_named())

    def _live(self, name: str) -> bool:
        """Whether the argument works in a comment; people are mentioned for those with the triage role only."""
        kind = self.declared[name].type
        trusted = self.facts.role is not None and self.facts.role >= Role.TRIAGE
        return kind in binding.LIVE and (kind != "person" or trusted)

    def _people_named(self) -> set[str]:
        people_named = {
            v for name, v in self.arguments.items() if self.declared[name].type == "person" and self._live(name)
        }
        return {self.facts.sender.login, *people_named, *([self.facts.issue.author.login] if self.rule else [])}

    def _lacks(self, kind: str, name: str) -> Impossible:
        what = "rule" if self.rule else "command"
        named = f"the rule {code(self.rule)}" if self.rule else code(f"/{self.invocation.verb}")
        return Impossible(
            f"{named} needs the {kind} {code(name)}, which this repository does not have. "
            f"Create it, or change the {what} in `.github/rounds.yml`."
        )


def _defanged(seen: Mapping[str, str | Mapping[str, str]]) -> dict[str, object]:
    return {
        name: defang(value) if isinstance(value, str) else {key: defang(text) for key, text in value.items()}
        for name, value in seen.items()
    }
