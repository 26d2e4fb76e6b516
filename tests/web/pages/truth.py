"""What the pages have to tell, counted from GitHub's side alone: from the things of the sandbox, by plain Python.

Nothing of app.core or app.store is used here.
"""

from __future__ import annotations

import math
import statistics
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any

from app.sandbox.things import Issue, Label, Milestone, Repository
from tests.web.pages.mirrored import Mirrored
from tests.web.pages.ruled import (
    DAY,
    QUEUES,
    WEEK,
    Queue,
    answered,
    by_name,
    is_open,
    maybe,
    monday,
    ms,
    row,
    there,
    triaged,
    waiting,
    whole,
    worn,
)

AGES = (7, 30, 90, 365)
Test = Callable[[Issue], bool]


def spread(lengths: Sequence[int]) -> list[int] | None:
    """How many, median, ninetieth percentile: the nearest rank."""
    if not lengths:
        return None
    ordered = sorted(lengths)
    return [len(ordered), *(ordered[math.ceil(len(ordered) * part / 100) - 1] for part in (50, 90))]


@dataclass
class Pages:
    """Every page as it has to be for who sees these repositories. `pulls`: pull requests are counted, not issues.

    `heard`: equals the moment when GitHub was last heard, milliseconds. `narrowed`: one repository was asked for.
    `since`: when the last meeting began, of the series "weekly". `me`: who looks.
    """

    made: Mirrored
    names: tuple[str, ...]
    pulls: bool = False
    heard: object = None
    narrowed: bool = False
    since: datetime | None = None
    me: str = ""

    @property
    def now(self) -> datetime:
        return self.made.now

    @property
    def repositories(self) -> list[Repository]:
        return self.made.repositories(self.names)

    def all(self) -> list[Issue]:
        found = [issue for one in self.repositories for issue in one.issues.values()]
        return sorted(found, key=lambda issue: (issue.created_at, issue.repository.id, issue.number))

    def those(self) -> list[Issue]:
        return [issue for issue in self.all() if (issue.pull is not None) is self.pulls]

    def open(self) -> list[Issue]:
        return [issue for issue in self.those() if issue.state == "open"]

    def weeks(self, count: int) -> list[datetime]:
        return [monday(self.now) - place * WEEK for place in reversed(range(count))]

    def focus(self) -> dict[str, Any]:
        clauses = [{"negated": False}] * (2 if self.narrowed else 1)
        return {"ids": [one.id for one in self.repositories], "fresh": [self.heard, 0], "filter": {"clauses": clauses}}

    # overview

    def overview(self) -> dict[str, Any]:
        then = self.since or self.now - WEEK
        earlier = then - (self.now - then)
        meeting = ["weekly", then.date().isoformat(), ms(then)] if self.since else None
        now, before = self._counted(self.now), self._counted(then)
        waits = [waiting(one)[1] for one in self.open() if waiting(one)[0] == "us"]
        return {
            "focus": self.focus(), "since": ms(then), "meeting": meeting, "now": now, "then": before,
            "waiting": [len(waits), sum(at > then for at in waits if at)],
            "opened": self._made(then, self.now), "closed": self._closed(then, self.now),
            "opened_before": self._made(earlier, then), "closed_before": self._closed(earlier, then),
            "weeks": self.flow(self.those(), 26), "ages": self.ages(self.open()),
            "labels": [one for one in self.labels()["labels"] if one["open"]][:12], "overdue": self._overdue(),
        }  # fmt: skip

    def _counted(self, at: datetime) -> dict[str, int]:
        open_ = [one for one in self.those() if there(one, at)]
        bare = [one for one in open_ if (when := triaged(one)) is None or when > at]
        due = [one for one in open_ if (day := self.made.due.get(one)) and day < at.date()]
        late = sum(one.created_at <= at - 2 * DAY for one in bare)
        return {"open": len(open_), "untriaged": len(bare), "late": late, "overdue": len(due)}

    def _made(self, first: datetime, end: datetime) -> int:
        return sum(first <= one.created_at < end or one.created_at == end == self.now for one in self.those())

    def _closed(self, first: datetime, end: datetime) -> int:
        at = [one.closed_at for one in self.those() if one.closed_at]
        return sum(first <= one < end or one == end == self.now for one in at)

    def _overdue(self) -> list[list[object]]:
        due = [(self.made.due[one], one) for one in self.open() if one in self.made.due]
        late = sorted(
            (day, one.repository.full_name, one.number, one.title) for day, one in due if day < self.now.date()
        )
        return [[name, number, title, day.isoformat()] for day, name, number, title in late]

    def flow(self, those: Sequence[Issue], count: int) -> list[list[int]]:
        """Week by week: opened, closed, open at its end."""
        found = []
        for start in self.weeks(count):
            made = sum(monday(one.created_at) == start for one in those)
            gone = sum(one.closed_at is not None and monday(one.closed_at) == start for one in those)
            still = sum(there(one, start + WEEK - timedelta(seconds=1)) for one in those)
            found.append([ms(start), made, gone, still])
        return found

    def ages(self, those: Sequence[Issue]) -> list[int]:
        bounds = [timedelta(0), *(days * DAY for days in AGES), timedelta.max]
        old = [self.now - one.created_at for one in those]
        return [sum(low <= age < high for age in old) for low, high in pairwise(bounds)]

    # labels

    def labels(self) -> dict[str, Any]:
        groups: dict[str, list[Label]] = {}
        for repository in self.repositories:
            for label in repository.labels.values():
                groups.setdefault(label.name.lower(), []).append(label)
        used = [self._used(group) for group in groups.values()]
        return {"focus": self.focus(), "labels": sorted(used, key=lambda one: (-one["open"], one["name"].lower()))}

    def _used(self, group: Sequence[Label]) -> dict[str, Any]:
        counts = {label.id: sum(label in one.labels for one in self.open()) for label in group}
        first = max(group, key=lambda label: (counts[label.id], -label.id))
        every = self._carrying(group)
        open_ = [one for one in every if one.state == "open"]
        return {
            "name": first.name, "id": first.id, "ids": [label.id for label in group], "open": len(open_),
            "color": first.color, "waiting": sum(waiting(one)[0] == "us" for one in open_),
            "stale": sum(one.updated_at < self.now - 90 * DAY for one in open_),
            "oldest": maybe(min((one.created_at for one in open_), default=None)),
            "weeks": [week[3] for week in self.flow(every, 26)],
        }  # fmt: skip

    def _carrying(self, group: Sequence[Label]) -> list[Issue]:
        return [one for one in self.those() if any(label in one.labels for label in group)]

    def label(self, name: str) -> dict[str, Any]:
        group = [one.labels[name.lower()] for one in self.repositories if name.lower() in one.labels]
        every = self._carrying(group)
        open_ = [one for one in every if one.state == "open"]
        used = next(one for one in self.labels()["labels"] if one["name"].lower() == name.lower())
        return {
            "focus": self.focus(), "now_week": ms(monday(self.now)), "label": used, "ages": self.ages(open_),
            "weeks": self.flow(every, 26), "times": self._times(group), "beside": self._beside(group, open_),
        }  # fmt: skip

    def _times(self, group: Sequence[Label]) -> dict[str, list[int] | None]:
        """How long they had it, by the week in which it was taken off."""
        lost: dict[datetime, list[int]] = {}
        for issue in self.those():
            for since, until, label in worn(issue):
                if until is not None and label in group and monday(until) in self.weeks(26):
                    lost.setdefault(monday(until), []).append(ms(until) - ms(since))
        return {str(ms(start)): spread(lengths) for start, lengths in lost.items()}

    def _beside(self, group: Sequence[Label], open_: Iterable[Issue]) -> list[dict[str, Any]]:
        on = [label for one in open_ for label in one.labels if label not in group]
        shared = Counter(label.name.lower() for label in on)
        first = {name: min((x for x in on if x.name.lower() == name), key=lambda x: x.id) for name in shared}
        return [
            {"name": first[name].name, "id": first[name].id, "shared": number}
            for name, number in sorted(shared.items(), key=lambda one: (-one[1], one[0]))
        ][:12]

    # hygiene

    def hygiene(self) -> dict[str, Any]:
        found: dict[str, list[dict[str, Any]]] = {
            key: [] for key in ("several", "none", "unknown", "unused", "drift", "alike", "never")
        }
        for repository in self.repositories:
            self._families(repository, found)
        everywhere = [(one, label) for one in self.repositories for label in one.labels.values()]
        everywhere.sort(key=lambda one: (one[1].name.lower(), one[0].full_name))
        for repository, label in everywhere:
            if not self._uses(repository, label):
                found["unused"].append({"repository": repository.full_name, "count": None, "labels": _shown([label])})
        for name in dict.fromkeys(label.name.lower() for _, label in everywhere):
            same = [label for _, label in everywhere if label.name.lower() == name]
            if len({label.color for label in same}) > 1:
                found["drift"].append({"about": same[0].name, "count": None, "labels": _shown(same)})
        for repository in self.repositories:
            if "rares" in repository.labels:
                both = [repository.labels["rare"], repository.labels["rares"]]
                found["alike"].append({"repository": repository.full_name, "count": None, "labels": _shown(both)})
            found["never"].append({"repository": repository.full_name, "about": "gone", "count": None})
        counts = {key: len(some) for key, some in found.items()}
        return {"focus": self.focus(), "total": sum(counts.values()), "counts": counts, "findings": found}

    def _families(self, repository: Repository, found: dict[str, list[dict[str, Any]]]) -> None:
        """Of bug and wip an issue shall have one; besides, rare, good first issue and area/… are known."""
        bug, wip = (repository.labels[name] for name in ("bug", "wip"))
        open_ = [one for one in repository.issues.values() if one.state == "open" and not one.pull]
        several = sum(bug in one.labels and wip in one.labels for one in open_)
        none = sum(bug not in one.labels and wip not in one.labels for one in open_)
        for key, count in (("several", several), ("none", none)):
            if count:
                told = {"repository": repository.full_name, "about": "kind", "count": count}
                found[key].append({**told, "labels": _shown([bug, wip])})
        for label in by_name(repository.labels.values()):
            if label.name.lower() in {"needs triage", "dusty", "rares"}:
                on = sum(label in one.labels and one.state == "open" for one in repository.issues.values())
                about = {"repository": repository.full_name, "about": label.name}
                found["unknown"].append({**about, "count": on, "labels": _shown([label])})

    def _uses(self, repository: Repository, label: Label) -> bool:
        """On something that is open, or put on or taken off within a year."""
        issues = repository.issues.values()
        if any(label in one.labels and one.state == "open" for one in issues):
            return True
        touched = [at for one in issues for since, until, what in worn(one) if what is label for at in (since, until)]
        return any(at is not None and at >= self.now - 365 * DAY for at in touched)

    # milestones

    def milestones(self) -> dict[str, Any]:
        found = [(one, stone) for one in self.repositories for stone in one.milestones.values()]
        found.sort(key=lambda pair: _due_first(*pair))
        return {"focus": self.focus(), "now": ms(self.now), "milestones": [self._stone(*pair) for pair in found]}

    def _stone(self, repository: Repository, stone: Milestone) -> dict[str, Any]:
        inside = [one for one in repository.issues.values() if one.milestone is stone]
        open_ = [one for one in inside if one.state == "open"]
        return {
            "repository": repository.full_name, "repository_id": repository.id, "number": stone.number,
            "title": stone.title, "open": stone.state == "open", "due_on": maybe(stone.due_on), "open_count": len(open_),
            "closed_count": len(inside) - len(open_), "unassigned": sum(not one.assignees for one in open_),
        }  # fmt: skip

    def milestone(self, name: str, number: int) -> dict[str, Any]:
        repository = self.made.life.world.find_repository(name)
        stone = repository.milestones[number]
        inside = [(one, _came(one)) for one in repository.issues.values() if one.milestone is stone]
        steps = self._steps(inside)
        return {
            "now": ms(self.now), "milestone": self._stone(repository, stone), "steps": steps, "fresh": [self.heard, 0],
            "forecast": _forecast(sum(one.state == "open" for one, _ in inside), len(inside), steps),
        }  # fmt: skip

    def _steps(self, inside: Sequence[tuple[Issue, datetime]]) -> list[list[int]]:
        first = min((since for _, since in inside), default=self.now)
        count = min(max(math.ceil((self.now - first) / WEEK), 1), 52)
        found = []
        for place in reversed(range(count + 1)):
            at = self.now - place * WEEK
            in_it = [one for one, since in inside if since <= at]
            done = sum(one.closed_at is not None and one.closed_at <= at for one in in_it)
            found.append([ms(at), len(in_it), done])
        return found

    # trends

    def trends(self) -> dict[str, Any]:
        those, starts = self.those(), self.weeks(52)
        moments = (answered, triaged, lambda one: one.closed_at)
        took: list[dict[datetime, list[int]]] = [{}, {}, {}]
        for issue in those:
            for of, moment in zip(took, moments, strict=True):
                if (at := moment(issue)) is not None:
                    of.setdefault(monday(at), []).append(ms(at) - ms(issue.created_at))
        times = [[ms(start), *(spread(of.get(start, [])) for of in took)] for start in starts]
        ages = sorted((self.now - one.created_at for one in self.open()), reverse=True)
        middle = ages[(len(ages) - 1) // 2] // timedelta(milliseconds=1) if ages else None
        return {"focus": self.focus(), "weeks": self.flow(those, 52), "times": times, "median_age": middle}

    # lists

    def queues(self) -> dict[str, Any]:
        mine = (
            Queue("assigned-to-you", (is_open, lambda one, _: self.me in {person.login for person in one.assignees})),
            Queue(
                "asked-of-you", (is_open, lambda one, _: one.author.login == self.me and waiting(one)[0] == "author")
            ),
        )
        return {
            "mine": [self._line(queue) for queue in mine] if self.me else [],
            "queues": [self._line(queue) for queue in QUEUES],
        }

    def _line(self, queue: Queue) -> dict[str, Any]:
        inside = self.inside(queue)
        low = queue.low_water is not None and len(inside) < queue.low_water
        oldest = row(inside[0]) if inside else None
        return {"id": queue.id, "count": len(inside), "low_water": queue.low_water, "low": low, "oldest": oldest}

    def inside(self, queue: Queue) -> list[Issue]:
        found = [one for one in self.all() if queue.holds(one, self.now)]
        return sorted(found, key=lambda one: (queue.order(one), one.repository.id, one.number))

    def queue(self, queue: Queue) -> dict[str, Any]:
        line = self._line(queue)
        told = {name: line[name] for name in ("id", "low_water", "low")}
        return told | {"total": line["count"], "issues": [row(one) for one in self.inside(queue)[:50]]}

    def issues(self, those: Test, chosen: Sequence[str] = ("Open",), newest: bool = False) -> dict[str, Any]:
        """`chosen`: names of the choices that the filter has made."""
        found = [one for one in self.all() if those(one)][:: -1 if newest else 1]
        orders = ["Newest first" if newest and place == 1 else None for place in range(7)]
        return {
            "total": len(found), "issues": [row(one) for one in found[:50]],
            "states": [{"name": name, "chosen": name in chosen, "count": None} for name in ("Open", "Closed", "All")],
            "sorts": [{"chosen": bool(name) or (not newest and not place), "count": None} for place, name in enumerate(orders)],
            "spread": {head: values for head, values in self._spread(found, chosen).items() if values},
        }  # fmt: skip

    def _spread(self, found: Sequence[Issue], chosen: Sequence[str]) -> dict[str, list[dict[str, Any]]]:
        named = {"us": "us", "author": "the author", "nobody": "nobody"}
        values = {
            "Repository": [one.repository.full_name for one in found],
            "Kind": ["pull requests" if one.pull else "issues" for one in found],
            "Waiting on": [named[waiting(one)[0]] for one in found],
            "Label": [label.name.lower() for one in found for label in one.labels],
            "Milestone": [one.milestone.title if one.milestone else "no milestone" for one in found],
            "Assigned to": [person.login for one in found for person in one.assignees],
        }
        on = sorted((label.id, label.name) for one in found for label in one.labels)
        spelled = {name.lower(): name for _, name in reversed(on)}
        told = {head: _choices(names, spelled if head == "Label" else {}, chosen) for head, names in values.items()}
        ages = zip(_AGES, self.ages(found), strict=True)
        return told | {"Age": [{"name": age, "count": count, "chosen": age in chosen} for age, count in ages if count]}

    def issue(self, issue: Issue) -> dict[str, Any]:
        """Its page."""
        due = self.made.due.get(issue)
        late = bool(due and issue.state == "open" and due < self.now.date())
        return {
            "issue": whole(issue), "due": due and due.isoformat(), "late": late,
            "queues": [self._in_queue(queue, issue) for queue in QUEUES],
            "acts": self.made.acts(issue), "mentions": [],
            "labels": [[x.id, x.name, x.color, ms(since), maybe(until)] for since, until, x in worn(issue)],
        }  # fmt: skip

    def _in_queue(self, queue: Queue, issue: Issue) -> dict[str, Any]:
        parts = [[None, test(issue, self.now)] for test in queue.tests]
        return {"id": queue.id, "holds": queue.holds(issue, self.now), "parts": parts}

    def todos(self) -> dict[str, Any]:
        today = self.now.date()
        mine = [
            (id_, one) for id_, one in enumerate(self.made.promises, 1) if one.said_in.repository in self.repositories
        ]
        mine.sort(key=lambda pair: (pair[1].due is None, pair[1].due or today, pair[1].at))
        groups: dict[str, list[dict[str, Any]]] = {}
        for id_, one in mine:
            about = f"{one.said_in.repository.full_name}#{one.said_in.number}"
            told = {"id": id_, "text": one.text, "due": one.due and one.due.isoformat(), "created_at": ms(one.at)}
            where = {"home": about, "about": about, "day": None, "number": None, "meetings": 0}
            groups.setdefault(one.owner, []).append({**told, **where, "owners": [one.owner]})
        late = sum(one.due is not None and one.due < today for _, one in mine)
        shown = [{"owners": [owner], "mine": owner == self.me, "todos": some} for owner, some in groups.items()]
        shown.sort(key=lambda group: not group["mine"])
        return {"total": len(mine), "overdue": late, "more": False, "today": today.isoformat(), "groups": shown}


_AGES = ("less than 7 days old", "7 to 30 days old", "30 to 90 days old", "90 to 365 days old", "at least 365 days old")


def _shown(labels: Iterable[Label]) -> list[list[object]]:
    return [[label.id, label.name] for label in labels][:12]


def _choices(names: Iterable[str], spelled: dict[str, str], chosen: Sequence[str]) -> list[dict[str, Any]]:
    """The most frequent first, at most twelve."""
    counts = sorted(Counter(names).items(), key=lambda one: (-one[1], one[0].lower()))
    return [
        {"name": spelled.get(name, name), "count": number, "chosen": name in chosen} for name, number in counts[:12]
    ]


def _due_first(repository: Repository, stone: Milestone) -> tuple[object, ...]:
    """Open ones by the day they are due, those without one last; then closed ones, the latest first."""
    closed, due = stone.state == "closed", maybe(stone.due_on) or 0
    return closed, stone.due_on is None, -due if closed else due, repository.full_name, stone.number


def _came(issue: Issue) -> datetime:
    """When it was last put into a milestone, or was opened if that is not known."""
    return max((one.created_at for one in issue.timeline if one.kind == "milestoned"), default=issue.created_at)


def _forecast(left: int, total: int, steps: Sequence[Sequence[int]]) -> list[int | None] | None:
    """The last eight full weeks go on, closed less added, within a range that holds eight of ten outcomes."""
    if not left:
        return [0, 0] if total else None
    lately = steps[-9:]
    less = [(b[2] - a[2]) - (b[1] - a[1]) for a, b in pairwise(lately)]
    if len(less) < 4:
        return None
    mean, wide = statistics.fmean(less), 1.2816 * statistics.stdev(less)
    found = []
    for sign in (1, -1):
        weeks = (week for week in range(261) if week * mean + sign * wide * math.sqrt(week) >= left)
        found.append(next(weeks, None))
    return found
