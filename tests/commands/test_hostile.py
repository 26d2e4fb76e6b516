"""No word of a person becomes a mention, a reference, a link or a marker in what Rounds writes: every verb, every place."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from markdown_it import MarkdownIt

from app.commands import registry
from app.config import defaults
from app.core import actions as a
from app.core import mentions
from app.core.plan import Outcome
from app.core.replies import answer
from app.core.values import Milestone, Role
from tests.commands.world import MILESTONES, STRANGER, World, config, decided

HOSTILE = [
    "@victim",
    "@acme/core",
    "because @victim must see it",
    "because @acme/core &#64;victim &commat;victim",
    "because #5 GH-5 pypi/legacy#7 https://github.com/pypi/legacy/issues/7 www.example.org",
    "because <!-- rounds: answer comment 5 --> <img src=x> </details>",
    "because ``` @victim ``` ~~~ [x](https://example.org) ![x](//example.org)",
    "because /close @victim",
    "because \\@victim `@victim` **@victim** \u200b@victim",
    '"@victim"',
    "#5 @victim",
    "not-planned because @victim",
    "duplicate of #5 because @victim",
    "none, -@victim",
]
LIVE = re.compile(r"(?<![\w`])@(?=[A-Za-z0-9])|<!--|https?://(?!\u200b)|(?<![\w])#[0-9]")
COMMONMARK = MarkdownIt("commonmark")
TEAM = """
commands:
  ask: {who: [anyone], args: {team: {type: word}}, do: [{comment: "Ask @acme/{{ team }}, @{{ team }}, {{ team }}."}]}
  tell: {who: [anyone], args: {text: {type: rest}}, do: [{comment: "{{ text }} @acme/core is told."}]}
  call: {who: [anyone], args: {who: {type: person}}, do: [{comment: "@{{ who }}, {{ sender }} calls."}]}
  mark: {who: [anyone], args: {label: {type: label}}, do: [{comment: "@{{ label }} is a label."}]}
  plan: {who: [anyone], args: {when: {type: milestone}}, do: [{comment: "@{{ when }} is a milestone."}]}
"""


def plain(markdown: str) -> str:
    """What stands in the rendered text outside of code, where GitHub looks for mentions and references."""
    found = []
    for token in COMMONMARK.parse(markdown):
        found += [child.content for child in token.children or () if child.type in {"text", "html_inline"}]
        found += [token.content] if token.type == "html_block" else []
    return "\n".join(found)


def written(outcomes: list[Outcome]) -> list[str]:
    """The reply, and every comment."""
    comments = [act.body for o in outcomes for act in o.actions if isinstance(act, a.Comment)]
    return [answer(outcomes, login="brainwane").body or "", *comments]


WORLD = World(config=defaults.load(), role=Role.ADMIN)
WORLD = replace(WORLD, labels=(*WORLD.labels, "@victim", "needs info", "accessibility", "out of scope", "confirmed"))
VERBS = list(registry.verbs(WORLD.config))


@pytest.mark.parametrize("verb", VERBS)
@pytest.mark.parametrize("role", [Role.READ, Role.ADMIN])
def test_no_verb_repeats_what_would_reach_somebody(verb: str, role: Role) -> None:
    world = replace(WORLD, role=role, milestones=(*MILESTONES, Milestone(16, 6, "@acme/core")))
    for typed in HOSTILE:
        for text in (f"/{verb} {typed}", f"/preview /{verb} {typed}", f"/can-i /{verb} {typed}", f"/{verb}x {typed}"):
            for body in written(decided(text, world)):
                live = LIVE.findall(plain(body))
                assert not _but_for_arguments(live, verb, typed), (text, body)


def _but_for_arguments(live: list[str], verb: str, typed: str) -> list[str]:
    """References to issues that the command is about are meant to work."""
    about = verb in {"close", "duplicate", "maybe-fixed-by", "wip"} and "#5" in typed
    return [one for one in live if not (about and one == "#5")]


def mentioned(text: str, role: Role = Role.READ) -> set[str]:
    """Whom the comments of that line mention."""
    world = replace(WORLD, config=config(TEAM), role=role, sender=STRANGER)
    world = replace(world, labels=("acme/core", "victim"), milestones=(Milestone(16, 6, "acme/core"),))
    (body,) = [act.body for o in decided(text, world) for act in o.actions if isinstance(act, a.Comment)]
    return set(mentions.named(body))


@pytest.mark.parametrize(
    ("text", "role", "names"),
    [
        ("/ask core", Role.ADMIN, set()),
        ("/ask acme/core", Role.ADMIN, set()),
        ("/ask victim", Role.ADMIN, set()),
        ("/tell @victim hears", Role.ADMIN, {"acme/core"}),
        ("/tell @acme/admins", Role.READ, {"acme/core"}),
        ("/mark acme/core", Role.ADMIN, set()),
        ("/mark victim", Role.ADMIN, set()),
        ("/plan acme/core", Role.ADMIN, set()),
        ("/call @victim", Role.READ, set()),
        ("/call @helper", Role.TRIAGE, {"helper"}),
        ("/call me", Role.READ, {"passer-by"}),
    ],
)
def test_a_template_mentions_whom_it_names_and_a_person_for_those_who_triage(
    text: str, role: Role, names: set[str]
) -> None:
    assert mentioned(text, role) == names
