"""Sweeps, from the configuration to GitHub: what is found in the mirror, how much at a time, and what is done only once."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from datetime import timedelta

import pytest

from app import wiring
from app.config.schema import RepositoryConfig
from app.engine.sweeping import Sweeps
from app.sandbox.things import Issue
from app.store import deliveries, mirror
from app.store.mirror import KnownRepository
from tests.journeys.test_rules import audited, reasons, ruled
from tests.journeys.town import BOT, REPO, Town

STALE = """
rules:
  stale:
    every: day
    if: {labels: [needs info], no_labels: [confirmed], quiet: 14d}
    limit: 2
    do: [{comment: "Still waiting for @{{ author }}."}, {close: {reason: not_planned}}]
"""


@contextmanager
def long_ago(town: Town, days: float) -> Iterator[None]:
    """What happens on GitHub within the block happened so many days ago."""
    now = town.world.clock
    town.world.clock = lambda: now() - timedelta(days=days)
    try:
        yield
    finally:
        town.world.clock = now


async def opened(town: Town, count: int, *, days: float, labels: tuple[str, ...] = ("needs info",)) -> list[Issue]:
    with long_ago(town, days):
        issues = [town.world.open_issue(REPO, f"It broke {n}", by="tim", labels=labels) for n in range(count)]
        await town.settled()
    return issues


@asynccontextmanager
async def sweeping(town: Town) -> AsyncIterator[tuple[Sweeps, KnownRepository, RepositoryConfig]]:
    async with wiring.reach(town.settings) as parts:
        services = await wiring.services(parts)
        known = await town.database.read(lambda conn: mirror.repository_named(conn, REPO))
        assert known is not None
        yield Sweeps(services), known, await parts.configs.of(known.repository, known.installation_id)


async def swept(town: Town, name: str = "stale") -> None:
    """That sweep ran by hand, and all that it found is done."""
    async with sweeping(town) as (sweeps, known, config):
        await sweeps.begin(known, name, config.rules[name])
    await town.settled()


async def test_what_was_quiet_for_long_is_closed_a_few_at_a_time(town):
    await ruled(town, STALE)
    issues = await opened(town, 3, days=15)
    spared = await opened(town, 1, days=15, labels=("needs info", "confirmed"))
    young = await opened(town, 1, days=13)
    await swept(town)
    assert [issue.state for issue in issues] == ["closed", "closed", "open"]
    assert issues[0].state_reason == "not_planned"
    await swept(town)
    await swept(town)
    assert [issue.state for issue in [*issues, *spared, *young]] == ["closed"] * 3 + ["open"] * 2
    assert [town.replies(issue) for issue in issues] == [["Still waiting for @tim."]] * 3
    assert set(await audited(town)) == {(BOT, "rule stale", "Comment"), (BOT, "rule stale", "Close")}


async def test_the_second_run_is_empty(town):
    await ruled(town, STALE)
    await opened(town, 2, days=15)
    await swept(town)
    before = len(town.world.calls)
    await swept(town)
    assert [call for call in town.calls_since(before) if not call.startswith("GET")] == []


async def test_what_a_person_opened_again_is_not_closed_again(town):
    await ruled(town, STALE.replace("quiet: 14d", "age: 14d"))
    (issue,) = await opened(town, 1, days=15)
    await swept(town)
    assert issue.state == "closed"
    town.world.reopen_issue(issue, by="mia")
    await town.settled()
    await swept(town)
    assert issue.state == "open"
    assert len(town.replies(issue)) == 1


async def test_one_worker_begins_what_is_due_and_only_when_it_is_due(town):
    await ruled(town, STALE.replace("limit: 2", "limit: 1"))
    issues = await opened(town, 3, days=15)
    async with sweeping(town) as (first, *_), sweeping(town) as (second, *_):
        await first.look()
        await second.look()
        await first.look()
    await town.settled()
    assert [issue.state for issue in issues].count("closed") == 1


async def test_a_sweep_waits_while_the_budget_is_low(town):
    await ruled(town, STALE)
    issues = await opened(town, 1, days=15)
    async with sweeping(town) as (sweeps, known, _):
        sweeps._services.github.pace(known.installation_id).pause(60)
        await sweeps.look()
    await town.settled()
    assert issues[0].state == "open"


async def test_a_dry_run_says_what_would_be_done_and_does_nothing(town):
    await ruled(town, STALE)
    issues = await opened(town, 3, days=15)
    before = len(town.world.calls)
    async with sweeping(town) as (sweeps, known, config):
        found = [outcome async for outcome in sweeps.found(known, "stale", config.rules["stale"])]
    assert [outcome.target.number for outcome in found] == [issue.number for issue in issues[:2]]
    assert [type(action).__name__ for action in found[0].actions] == ["Comment", "Close"]
    assert [call for call in town.calls_since(before) if not call.startswith("GET")] == []
    assert await audited(town) == []


async def test_what_changed_since_it_was_found_is_left_alone(town):
    await ruled(town, STALE)
    (issue,) = await opened(town, 1, days=15)
    async with sweeping(town) as (sweeps, known, config):
        town.world.remove_label(issue, "needs info", by="tim")
        await town.sandbox.idle()
        await town.settled()
        await sweeps.begin(known, "stale", config.rules["stale"])
    await town.settled()
    assert (issue.state, town.replies(issue)) == ("open", [])


async def test_who_spoke_last_is_asked_for_where_no_delivery_told(town):
    rule = "{every: day, if: {labels: needs info, last_comment_by: author}, do: [{remove_labels: needs info}]}"
    (issue, other) = await opened(town, 2, days=3)
    town.world.post_comment(issue, "The newest one.", by="tim")
    town.world.post_comment(other, "Which version?", by="rita")
    await town.settled()
    await town.database.run(_forget_comments)
    await ruled(town, f"rules:\n  answered: {rule}\n")
    await swept(town, "answered")
    assert (issue.label_names, other.label_names) == ([], ["needs info"])


def _forget_comments(conn) -> None:
    from app.store.tables import last_comment

    conn.execute(last_comment.delete())


async def test_a_rule_that_lacks_its_label_changes_nothing(town):
    await ruled(town, STALE.replace("do: [", "do: [{add_labels: nowhere}, "))
    issues = await opened(town, 1, days=15)
    await swept(town)
    assert issues[0].state == "open"
    assert await audited(town) == []


@pytest.mark.parametrize("name", ["needs-info-reminder", "stale"])
async def test_rules_that_come_with_rounds_are_off_until_a_team_wants_them(town, name):
    issues = await opened(town, 1, days=100)
    async with sweeping(town) as (sweeps, _, config):
        assert not config.rules[name].enabled
        await sweeps.look()
    await town.settled()
    assert (issues[0].state, town.replies(issues[0])) == ("open", [])


async def test_a_reminder_comes_once_and_an_answer_takes_it_back(town):
    world = town.world
    world.create_label(REPO, "no reply", by="mia")
    await ruled(town, "rules: {needs-info-reminder: on, needs-info-close: on, needs-info-answered: on}\n")
    (issue,) = await opened(town, 1, days=20)
    await swept(town, "needs-info-reminder")
    await swept(town, "needs-info-reminder")
    await swept(town, "needs-info-close")
    assert (issue.state, sorted(issue.label_names)) == ("open", ["needs info", "no reply"])
    assert len(town.replies(issue)) == 1
    world.post_comment(issue, "It was 2.1.", by="tim")
    await town.settled()
    assert issue.label_names == []
    assert "rule needs-info-answered: done" in await reasons(town)


async def test_every_row_of_a_sweep_is_seen_among_the_deliveries(town):
    await ruled(town, STALE)
    await opened(town, 1, days=15)
    await swept(town)
    newest = await town.database.read(lambda conn: deliveries.listing(conn, limit=100))
    (row,) = [one for one in newest if one.event == "sweep"]
    assert (row.action, row.actor, row.state, row.reason) == ("stale", BOT, "done", "rule stale: done")
