"""A GitHub with a past of a year: people, a bot, three repositories of which one is private; made by chance, of a seed."""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from app.sandbox.things import Issue, Repository
from app.sandbox.world import World

BEGAN = datetime(2025, 6, 2, 7, tzinfo=UTC)
ONE, TWO, SECRET = "acme/one", "acme/two", "acme/secret"
ASKING = frozenset({"needs triage", "requires triaging"})
LABELS = ("bug", "Area/API", "wip", "needs triage", "rare", "good first issue")
MILESTONES = ("v1", "v2", "someday")
TEAM = ("ann", "tim", "mia")
OTHERS = ("rita", "sam", "ci[bot]")
COLORS = {ONE: "d73a4a", TWO: "0e8a16", SECRET: "ededed"}
CONFIG = """
version: 1
visibility: {dashboard: public}
families: {kind: {labels: [bug, wip], exclusive: true, required: true}}
labels: [{name: rare}, {name: Good First Issue}, {name: never made}]
rules: {gone: {on: issue.opened, if: {labels: ["lost*"]}, do: [{pin: true}]}}
queues:
  supply: {title: For beginners, filter: 'label:"good first issue" no:assignee', low_water: 9, resolution: Take one.}
"""
VERBS = {
    "open": 20, "pull": 8, "label": 24, "unlabel": 14, "plan": 8, "unplan": 2, "assign": 7, "unassign": 3, "close": 13,
    "reopen": 4, "say": 30, "unsay": 2, "delete": 1, "retitle": 2, "merge": 3,
}  # fmt: skip


@dataclass
class Life:
    """`now`: the world's time, in whole seconds."""

    world: World
    chance: random.Random
    now: datetime = BEGAN

    def live(self, steps: int, hours: float) -> None:
        """So many things happen, one after `hours` on the average, none in the same second as another."""
        for _ in range(steps):
            self.now += timedelta(seconds=1 + int(self.chance.expovariate(1 / (hours * 3600))))
            verb = self.chance.choices(list(VERBS), list(VERBS.values()))[0]
            repository = self.world.find_repository(self.chance.choice((ONE, ONE, TWO, SECRET)))
            issues = list(repository.issues.values())
            if verb in {"open", "pull"}:
                self._open(repository, verb == "pull")
            elif issues:
                getattr(self, f"_{verb}")(self.chance.choice(issues))

    def applaud(self) -> None:
        """Reactions, of which GitHub tells nobody: only who reads it anew knows of them."""
        for repository in self.world.repositories.values():
            for issue in list(repository.issues.values())[::3]:
                self.world.react(issue, self.chance.choice(("+1", "heart")), by="ann")

    def _open(self, repository: Repository, pull: bool) -> None:
        by, title = self._somebody(repository), f"Case {repository.last_number + 1} of {repository.name}"
        body = self.chance.choice(("It broke", "Could it be quicker?", None))
        first = self.chance.sample(LABELS[:4], self.chance.choice((0, 0, 1, 2))) if by in TEAM else []
        if pull:
            draft = self.chance.random() < 0.3
            self.world.open_pull(repository.full_name, title, body, by=by, labels=first, draft=draft)
        else:
            stone = self.chance.choice((*MILESTONES, None, None, None)) if by in TEAM else None
            self.world.open_issue(repository.full_name, title, body, by=by, labels=first, milestone=stone)

    def _label(self, issue: Issue) -> None:
        self.world.add_labels(issue, [self.chance.choice(LABELS)], by="tim")

    def _unlabel(self, issue: Issue) -> None:
        if issue.labels:
            self.world.remove_label(issue, self.chance.choice(issue.label_names), by=self.chance.choice(("tim", "ann")))

    def _plan(self, issue: Issue) -> None:
        self.world.set_milestone(issue, self.chance.choice(MILESTONES), by="ann")

    def _unplan(self, issue: Issue) -> None:
        self.world.set_milestone(issue, None, by="ann")

    def _assign(self, issue: Issue) -> None:
        self.world.assign(issue, [self.chance.choice(TEAM)], by="tim")

    def _unassign(self, issue: Issue) -> None:
        self.world.unassign(issue, [person.login for person in issue.assignees[:1]], by="ann")

    def _close(self, issue: Issue) -> None:
        self.world.close_issue(issue, by="tim", reason=self.chance.choice(("completed", "not_planned")))

    def _reopen(self, issue: Issue) -> None:
        if issue.pull is None or issue.pull.merged_at is None:
            self.world.reopen_issue(issue, by="ann")

    def _merge(self, issue: Issue) -> None:
        if issue.pull is not None and issue.state == "open":
            self.world.merge_pull(issue, by="ann")

    def _say(self, issue: Issue) -> None:
        by = issue.author.login if self.chance.random() < 0.3 else self._somebody(issue.repository)
        self.world.post_comment(issue, self.chance.choice(("Same here.", "Thank you!", "Which version?")), by=by)

    def _unsay(self, issue: Issue) -> None:
        if issue.comments:
            self.world.delete_comment(self.chance.choice(issue.comments), by="ann")

    def _delete(self, issue: Issue) -> None:
        """Not one that was closed long ago: that it is gone only its delivery tells, which here may be lost for good."""
        if issue.state == "open" or issue.updated_at > self.now - timedelta(days=20):
            self.world.delete_issue(issue, by="ann")

    def _retitle(self, issue: Issue) -> None:
        self.world.edit_issue(issue, by="tim", title=f"{issue.title}, again")

    def _somebody(self, repository: Repository) -> str:
        return self.chance.choice(TEAM if repository.private else (*TEAM, *OTHERS, *OTHERS))


def begin(seed: int) -> Life:
    """Nothing happened yet."""
    world = World()
    life = Life(world, random.Random(seed))
    world.clock = lambda: life.now
    for login in (*TEAM, "rita", "sam"):
        world.user(login)
    world.robot("ci")
    world.organization("acme", admins=["ann"])
    for name in (ONE, TWO, SECRET):
        roles = {"tim": "triage", "mia": "write"} if name != TWO else {"tim": "triage", "mia": "read"}
        names = [one.lower() for one in LABELS] if name == TWO else [*LABELS, "dusty", "Rares"]
        labels = [(one, COLORS[name], "") for one in names]
        world.repository(name, private=name == SECRET, labels=labels, milestones=MILESTONES, roles=roles)
        world.push_file(name, ".github/rounds.yml", CONFIG, by="ann")
    for days, name in ((100, ONE), (500, TWO)):
        stone = world.milestone(name, "v1")
        world.edit_milestone(name, stone, by="ann", due_on=BEGAN + timedelta(days=days))
    world.close_milestone(ONE, world.milestone(ONE, "someday"), by="ann")
    world.install("acme")
    return life
