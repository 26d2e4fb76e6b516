"""A small repository to decide in: `decided` reads and decides a comment the way the engine does, without any I/O."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

import yaml

from app.commands import decide, registry
from app.commands.facts import Facts
from app.config.schema import RepositoryConfig
from app.core import grammar, merge, replies
from app.core.actions import Action, Mention
from app.core.meeting import NO_MEETINGS, MeetingFacts
from app.core.plan import Outcome
from app.core.values import Issue, Label, Milestone, Person, Ref, Repository, Role

NAME = "pypi/warehouse"
HERE = Ref(NAME, 12)
SUMANA, ERNEST, STRANGER = Person(1, "brainwane"), Person(2, "ewdurbin"), Person(3, "passer-by")
REPOSITORY = Repository(100, NAME, owner_is_organization=True)
LABELS = (
    *(
        "accessibility",
        "a11y",
        "bug :bug:",
        "good first issue",
        "out of scope",
        "requires triaging",
        "UX/UI",
        "APIs/feeds",
        "C#",
    ),
    *(
        "priority/high",
        "priority/low",
        "kind/bug",
        "kind/feature",
        "area/api",
        "area/docs",
        "needs: info",
        "v1.0",
        "👩\u200d💻",
        "+1",
    ),
)
ISSUE = Issue(HERE, 999, "Tokens", STRANGER, labels=("requires triaging",))
MILESTONES = (
    Milestone(11, 1, "OTF security work", due_on=datetime(2019, 9, 1, tzinfo=UTC)),
    Milestone(12, 2, "Accessibility", due_on=datetime(2019, 8, 1, tzinfo=UTC)),
    Milestone(13, 3, "OTF audit logs"),
    Milestone(14, 4, "Beta", open=False, due_on=datetime(2018, 1, 1, tzinfo=UTC)),
    Milestone(15, 5, "Someday, maybe"),
)
CONFIG = """
families:
  priority: {labels: [priority/critical, priority/high, priority/low], exclusive: true}
  kind: {prefix: "kind/", exclusive: true}
  area: {prefix: "area/", who: [anyone]}
  empty: {prefix: "nothing/"}
permissions:
  reopen: [author]
foreign_commands: [rebase, lgtm]
"""


def config(text: str = CONFIG) -> RepositoryConfig:
    """A configuration of YAML, with nothing beneath it."""
    return RepositoryConfig.model_validate(yaml.safe_load(text) or {})


@dataclass(frozen=True)
class World:
    """Everything that facts are made of; `where` changes the issue, `replace` the rest."""

    config: RepositoryConfig = field(default_factory=config)
    home: Repository = REPOSITORY
    repository: Repository = REPOSITORY
    issue: Issue = ISSUE
    others: tuple[Issue, ...] = (
        Issue(Ref(NAME, 5), 555, "Older", ERNEST),
        Issue(Ref("pypi/legacy", 7), 777, "There", ERNEST),
    )
    sender: Person = SUMANA
    role: Role | None = Role.TRIAGE
    labels: tuple[str, ...] = LABELS
    milestones: tuple[Milestone, ...] = MILESTONES
    teams: frozenset[str] = frozenset()
    now: datetime = datetime(2026, 11, 22, 10, tzinfo=UTC)
    types: tuple[str, ...] = ()
    roles: Mapping[str, Role | None] = field(default_factory=dict)
    people: Mapping[str, Role | None] = field(default_factory=dict)
    repositories: Mapping[str, Repository | None] = field(default_factory=dict)
    meeting: MeetingFacts = NO_MEETINGS
    page: str = ""

    def where(self, **changes: object) -> World:
        """The same with another state of the issue."""
        return replace(self, issue=replace(self.issue, **changes))

    def facts(self, issue: Issue, earlier: Iterable[Outcome] = ()) -> Facts:
        labels = tuple(Label(n, name) for n, name in enumerate(self.labels))
        known = {other.ref: other for other in self.others}
        return Facts(
            self.config,
            self.home,
            self.repository,
            issue,
            self.sender,
            self.role,
            labels,
            self.milestones,
            self.teams,
            known,
            now=self.now,
            types=self.types,
            roles=self.roles,
            people=self.people,
            repositories=self.repositories,
            mentioned=tuple(
                (action.target, login)
                for outcome in earlier
                for action in outcome.actions
                if isinstance(action, Mention)
                for login in action.logins
            ),
            locking=issue.locked and not self.issue.locked,
            meeting=self.meeting,
            page=self.page,
        )


def decided(text: str, world: World) -> list[Outcome]:
    """What becomes of each line that concerns us; the second sees what the first did."""
    issue, outcomes = world.issue, list[Outcome]()
    for invocation in grammar.parse(text, world.home.full_name, "rounds[bot]"):
        if decide.concerns(invocation, world.config):
            outcomes.append(decide.decide(invocation, world.facts(issue, outcomes), issue.ref))
            issue = merge.apply(issue, outcomes[-1].actions)
    return outcomes


def one(text: str, world: World) -> Outcome:
    """The outcome of the only line that concerns us."""
    (outcome,) = decided(text, world)
    return outcome


def done(text: str, world: World) -> tuple[Action, ...]:
    """The actions of a comment all of whose commands succeed."""
    outcomes = decided(text, world)
    assert [o.text for o in outcomes if o.status not in {"done", "already"}] == []
    return tuple(action for outcome in outcomes for action in outcome.actions)


def told(text: str, world: World) -> str:
    """Why the only line was not done."""
    outcome = one(text, world)
    assert outcome.status in {"refused", "misunderstood"}, outcome
    assert outcome.actions == ()
    return outcome.text


def reply(outcomes: Iterable[Outcome]) -> replies.Answer:
    return replies.answer(tuple(outcomes), login="brainwane")


def verbs(world: World) -> list[str]:
    return list(registry.verbs(world.config))
