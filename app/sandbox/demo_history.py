"""The demo's past year and more: what was reported, talked about, triaged and closed before the issues that one meets by name.

The same at every start but for the day it begins with. All of it was triaged, so that the next call's agenda stays short.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import product
from random import Random

from app.sandbox.things import Issue
from app.sandbox.world import World

REPORTERS = ("theo", "lena")
TEAM = ("ines", "noor", "samir")
WEEKS = 66
LATEST = 1
"""Days before now when the last of it was opened."""
SETTLED = timedelta(weeks=10)
"""Since then hardly anything was put into a milestone: what is in them is being finished."""

SUBJECTS = (
    ("Search", ("bug :bug:", "UX/UI")),
    ("The upload page", ("kind/bug",)),
    ("The JSON API", ("APIs/feeds", "kind/bug")),
    ("The feed of new releases", ("APIs/feeds",)),
    ("Signing in", ("kind/bug", "priority/high")),
    ("The list of tokens", ("tokens", "UX/UI")),
    ("The page of a project", ("UX/UI", "kind/bug")),
    ("The menu", ("accessibility", "UX/UI")),
    ("The mail about a new owner", ("kind/feature",)),
    ("Downloading a release", ("kind/support",)),
    ("The form for a new project", ("accessibility", "kind/bug")),
    ("The audit log", ("kind/feature", "tokens")),
    ("The list of collaborators", ("UX/UI", "kind/bug")),
    ("Statistics of a project", ("kind/feature", "APIs/feeds")),
    ("The second factor", ("kind/support", "priority/high")),
    ("The classifier list", ("kind/bug", "priority/low")),
    ("The help page", ("kind/support", "help wanted")),
    ("Renaming a project", ("kind/feature", "confirmed")),
    ("The table of files", ("accessibility", "kind/bug")),
    ("The simple index", ("APIs/feeds", "priority/critical")),
    ("Withdrawing a release", ("kind/bug", "needs info")),
    ("The page of an organization", ("kind/feature", "UX/UI")),
    ("Trusted publishing", ("kind/support", "tokens", "confirmed")),
    ("The upload limit", ("kind/support", "cannot reproduce")),
    ("The file hashes", ("APIs/feeds", "kind/bug", "help needed")),
    ("The dark theme", ("accessibility", "UX/UI")),
)
TROUBLES = (
    (
        "shows an error after a name with a plus sign",
        "I tried it three times, and each time the page said that something went wrong.",
    ),
    ("takes half a minute on slow lines", "On a train it takes so long that the browser gives up."),
    ("can't be used with the keyboard", "The tab key goes past it. With the mouse it works."),
    ("forgets what was chosen", "After going back and forth the choice is gone, and one begins anew."),
    ("does not say why it refuses", "It says that this is not allowed. It should say what to do instead."),
    ("counts releases that were withdrawn", "Two were withdrawn last week, and still they are counted."),
    ("is cut off on a phone", "In portrait the last column can't be reached."),
    ("shows times without a zone", "I was an hour early. A zone, or the reader's own time, would help."),
    ("should offer a plain text version", "For scripts a page without markup would be much easier to read."),
    ("stays empty right after a release", "For ten minutes there is nothing to see. Then it appears by itself."),
    ("has too little contrast in the dark", "Grey on dark grey: I can't read it in the evening."),
    ("breaks when a description holds an emoji", "With a rocket in the description the rest of the line is missing."),
)
QUESTIONS = (
    "Which browser is that, and does it happen in a private window too?",
    "Thank you. Could you say what you typed, word for word?",
    "I can see it here as well. It came with the last release.",
    "Would it help if the page said so before one sends the form?",
)
ANSWERS = (
    "The same in both browsers that I have.",
    "Yes, that would be enough for me.",
    "It is gone since yesterday, thank you!",
    "Still there after the update.",
)


@dataclass(frozen=True, slots=True)
class Anchor:
    """An issue of a known number, and how many days ago it was opened: those of the past get numbers in between."""

    days: float
    number: int


def live(world: World, repository: str, now: datetime, anchors: Sequence[Anchor], milestones: Sequence[str]) -> None:
    """The time before `now` in a repository: some five issues a week, most of them closed by now."""
    random = Random(f"rounds {repository}")  # noqa: S311  (what was reported is no secret; it must repeat)
    cases = list(product(SUBJECTS, TROUBLES))
    random.shuffle(cases)
    for place, (subject, trouble) in enumerate(cases):
        days = LATEST + (len(cases) - place) / len(cases) * (WEEKS * 7 - LATEST) + random.uniform(0, 2)
        free = _number(world, repository, days, anchors)
        _Case(world, random, now, now - timedelta(days=days)).act(repository, free, subject, trouble, milestones)


def _number(world: World, repository: str, days: float, anchors: Iterable[Anchor]) -> int:
    """A free number after that of whatever was opened before."""
    taken = world.find_repository(repository).issues
    younger = min((anchor.number for anchor in anchors if anchor.days < days), default=10**9)
    older = [anchor.number for anchor in anchors if anchor.days >= days and anchor.number < younger]
    number = max(older, default=0) + 1
    while number in taken:
        number += 1
    return number


@dataclass(slots=True)
class _Case:
    """One issue, from when it was opened to now."""

    world: World
    random: Random
    end: datetime
    at: datetime

    def act(
        self, repository: str, number: int, subject: tuple[str, tuple[str, ...]], trouble: tuple[str, str],
        milestones: Sequence[str],
    ) -> None:  # fmt: skip
        random = self.random
        author = random.choice(REPORTERS if random.random() < 0.75 else TEAM)
        self._then(0)
        open_it = self.world.open_pull if author in TEAM and random.random() < 0.6 else self.world.open_issue
        issue = open_it(repository, f"{subject[0]} {trouble[0]}", trouble[1], by=author, number=number)
        self._triaged(issue, subject[1], milestones)
        for _ in range(random.choice((0, 1, 1, 2, 3))):
            self._said(issue, author)
        if random.random() < (0.97 if issue.milestone else 0.9):
            self._closed(issue)

    def _triaged(self, issue: Issue, labels: Sequence[str], milestones: Sequence[str]) -> None:
        random, world = self.random, self.world
        world.add_labels(issue, ["requires triaging"], by="samir")
        self._then(random.expovariate(1 / 40))
        world.remove_label(issue, "requires triaging", by="samir")
        world.add_labels(issue, labels, by="samir")
        if random.random() < (0.5 if self.end - self.at > SETTLED else 0.03):
            world.set_milestone(issue, random.choice(milestones), by="ines")
        if random.random() < 0.4:
            world.assign(issue, [random.choice(("ines", "noor"))], by="ines")

    def _said(self, issue: Issue, author: str) -> None:
        self._then(self.random.expovariate(1 / 60))
        self.world.post_comment(issue, self.random.choice(QUESTIONS), by=self.random.choice(TEAM))
        if self.random.random() < 0.45:
            self._then(self.random.expovariate(1 / 50))
            self.world.post_comment(issue, self.random.choice(ANSWERS), by=author)

    def _closed(self, issue: Issue) -> None:
        """If the time for it has come."""
        hours = self.random.lognormvariate(7.5, 0.3) if issue.milestone else self.random.lognormvariate(5.7, 1.2)
        after = timedelta(hours=hours)
        if self.at + after < self.end:
            self._then(after.total_seconds() / 3600)
            self.world.close_issue(
                issue, by="ines", reason=self.random.choice(("completed", "completed", "not_planned"))
            )

    def _then(self, hours: float) -> None:
        """So much later, but not after the end."""
        then = self.at = min(self.at + timedelta(hours=hours), self.end)
        self.world.clock = lambda: then
