"""The mirror against the world that it shows: after trouble with deliveries, and after a reading that was killed."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from random import Random
from typing import Any

import sqlalchemy as sa

from app import wiring
from app.core.facts import week_of
from app.engine.reconcile import Reconcile
from app.github.limits import Limits
from app.sandbox.things import Issue
from app.sandbox.world import World
from app.store import doubts, facts_read, mirror
from app.store import tables as t
from app.store.database import Database
from tests.cli.conftest import environment
from tests.journeys.town import REPO, Town, make_world
from tests.tree import ROOT

LABELS = ("bug", "C#", "confirmed", "help wanted", "requires triaging")
TABLES: dict[sa.Table, tuple[str, ...]] = {
    t.issue: (
        "number", "id", "pull_request", "open", "state_reason", "locked", "title", "author_id", "milestone", "comments",
        "created_at", "updated_at", "closed_at", "waiting_on", "waiting_since", "triaged_at", "first_response_at", "counted",
    ),
    t.issue_label: ("number", "label_id"),
    t.issue_assignee: ("number", "person_id"),
    t.issue_text: ("number", "title", "body"),
    t.issue_comment: ("number", "comment_id", "person_id", "bot", "at"),
    t.issue_event: ("number", "at", "kind", "label_id"),
    t.label_span: ("number", "label_id", "since", "until"),
    t.open_label: ("label_id", "number", "pull_request", "waiting_on", "created_at", "updated_at"),
    t.stat_week: ("label_id", "week", "pull_request", "opened", "closed"),
}  # fmt: skip
"""What the mirror shows of a repository, and what that is computed from."""


def there(issues: dict[int, Issue]) -> list[Issue]:
    return [issues[number] for number in sorted(issues)]


def busy(world: World, acts: int, issues_at_first: int = 12) -> None:
    """What happens in a repository of an evening."""
    random, open_, issues = Random(7), world.open_issue, world.find_repository(REPO).issues

    def some() -> Issue:
        return random.choice(there(issues))

    def comment(issue: Issue) -> None:
        world.post_comment(issue, "Thank you.", by=random.choice(("mia", "rita", "tim", "sam")))

    def uncomment(issue: Issue) -> None:
        if issue.comments:
            world.delete_comment(random.choice(issue.comments), by="mia")

    def label(issue: Issue) -> None:
        name = random.choice(LABELS)
        (world.remove_label if name in issue.label_names else world.add_labels)(
            issue, name if name in issue.label_names else [name], by="tim"
        )

    def turn(issue: Issue) -> None:
        (world.close_issue if issue.state == "open" else world.reopen_issue)(issue, by="tim")

    def vanish(issue: Issue) -> None:
        if len(issues) > 10:
            world.delete_issue(issue, by="ann")

    verbs: list[Callable[[Issue], Any]] = [
        comment, comment, uncomment, label, label, label, turn, turn, vanish,
        lambda issue: world.assign(issue, ["tim"], by="mia"),
        lambda issue: world.unassign(issue, ["tim"], by="mia"),
        lambda issue: world.set_milestone(issue, random.choice(("v1", None)), by="mia"),
        lambda issue: world.edit_issue(issue, by="mia", title=f"It broke {random.random()}"),
        lambda _: open_(REPO, "It broke", by="rita", labels=["requires triaging"] if random.random() < 0.5 else []),
        lambda _: world.open_pull(REPO, "Mends it", by="sam"),
    ]  # fmt: skip
    for _ in range(issues_at_first):
        open_(REPO, "It broke", "Since the last release.", by=random.choice(("rita", "sam", "mia")))
    for _ in range(acts):
        random.choice(verbs)(some())


async def known_of(database: Database) -> mirror.KnownRepository:
    known = await database.read(lambda conn: mirror.repository_named(conn, REPO))
    assert known is not None
    return known


def shown(database: Database, repository_id: int) -> dict[str, list[tuple[object, ...]]]:
    """Of what is there."""
    found = {}
    with database.reading() as conn:
        gone = conn.execute(sa.select(t.issue.c.number).where(t.issue.c.removed)).scalars().all()
        for table, names in TABLES.items():
            query = sa.select(*(table.c[name] for name in names)).where(table.c.repository_id == repository_id)
            query = query.where(table.c.number.not_in(gone)) if "number" in names else query
            query = query.where(table.c.gone.is_(False)) if table is t.issue_comment else query
            found[table.name] = sorted((tuple(row) for row in conn.execute(query)), key=repr)
    return found


def agrees(town: Town, repository_id: int) -> None:
    """The numbers of pages, counted in the world by plain Python."""
    issues = there(town.world.find_repository(REPO).issues)
    names = {label.id: label.name for label in town.world.find_repository(REPO).labels.values()}
    now = max(round(issue.updated_at.timestamp() * 1000) for issue in issues)
    with town.database.reading() as conn:
        of = t.open_label.c.label_id, sa.func.count()
        rows = conn.execute(sa.select(*of).where(t.open_label.c.repository_id == repository_id).group_by(of[0]))
        weeks = facts_read.weeks(conn, [repository_id], now, 2)
    carried = Counter(name for issue in issues if issue.state == "open" for name in issue.label_names)
    assert {names[row[0]]: row[1] for row in rows} == carried
    assert weeks[-1].start == week_of(now)
    assert sum(week.opened for week in weeks) == len(issues)
    assert sum(week.closed for week in weeks) == sum(issue.state == "closed" for issue in issues)
    assert weeks[-1].open_end == sum(issue.state == "open" for issue in issues)


async def read_anew(town: Town, folder: Path) -> Database:
    """Another mirror, which reads the world whole."""
    database = Database.open(f"sqlite:///{folder}/anew.db")
    database.migrate()
    settings = replace(town.settings, database_url=str(database.url))
    async with wiring.reach(settings, Limits.unlimited()) as parts:
        await parts.sync.installations()
        await parts.sync.repository(await known_of(database))
    return database


async def compared(town: Town) -> None:
    async with wiring.reach(town.settings, Limits.unlimited()) as parts:
        reconcile = Reconcile(parts.database, parts.github, parts.sync, parts.clock)
        assert (await reconcile.repository(await known_of(parts.database))).fault == ""


async def test_after_lost_doubled_and_reordered_deliveries_a_comparison_makes_the_mirror_the_world(town, tmp_path):
    mischief = town.sandbox.deliverer.mischief
    mischief.drop, mischief.duplicate, mischief.reorder = 0.3, 0.3, 6
    busy(town.world, 150)
    await town.settled()
    await compared(town)
    known = await known_of(town.database)
    anew = await read_anew(town, tmp_path)
    assert shown(town.database, known.repository.id) == shown(anew, known.repository.id)
    agrees(town, known.repository.id)
    assert await town.database.read(doubts.listing) == []
    anew.close()


async def test_a_reading_that_is_killed_again_and_again_goes_on_where_it_was(database_url, tmp_path):
    world = make_world()
    busy(world, 700, issues_at_first=150)
    async with Town.open(database_url, world, begin=False) as town:
        pages = len(world.find_repository(REPO).issues) // 100 + 1
        for stored in (1, pages + 1):
            assert await killed(town, stored) == -signal.SIGKILL
        assert await killed(town, 10_000) == 0
        asked = Counter(town.calls_since(0))
        assert asked["GET /repos/{}/{}/issues"] <= pages + 1  # the first that was killed had asked for the next page
        known = await known_of(town.database)
        anew = await read_anew(town, tmp_path)
        assert shown(town.database, known.repository.id) == shown(anew, known.repository.id)
        agrees(town, known.repository.id)
        anew.close()


async def killed(town: Town, pages: int) -> int:
    """How the child ended that is to be killed after so many pages."""
    own = {name: value for name, value in os.environ.items() if not name.startswith("ROUNDS_")}
    own |= {f"ROUNDS_{name}": value for name, value in environment(town.settings).items()}
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        str(ROOT / "tests/journeys/sync_child.py"),
        REPO,
        str(pages),
        env={**own, "PYTHONPATH": str(ROOT)},
    )
    return await process.wait()
