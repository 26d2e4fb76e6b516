"""`rounds rules`: what there is, and a sweep by hand, first without doing anything."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.journeys.town import CONFIG, REPO

STALE = """
rules:
  triaged: on
  tidy:
    help: Closes what nobody touches.
    every: day
    limit: 1
    if: {labels: needs info, quiet: 14d}
    do: [{close: {reason: not_planned}}]
"""


@pytest.fixture
async def issues(town):
    """Two that were quiet for long, in a repository with a sweep."""
    town.world.push_file(REPO, ".github/rounds.yml", CONFIG + STALE, by="mia")
    now = town.world.clock
    town.world.clock = lambda: now() - timedelta(days=15)
    opened = [town.world.open_issue(REPO, "It broke", by="tim", labels=["needs info"]) for _ in range(2)]
    town.world.clock = now
    await town.settled()
    return opened


def test_the_servers_own_rules_are_listed_without_any_set_up(rounds):
    said = rounds("rules", "list")
    assert said.status == 0
    rows = {line.split()[0]: line.split()[1] for line in said.out.splitlines() if len(line.split()) > 1}
    assert rows["needs-triage"] == "off"
    assert "every day, at most 20" in said.out


@pytest.mark.usefixtures("issues")
async def test_the_rules_of_a_repository(rounds, town):
    said = await rounds.later("rules", "list", REPO)
    rows = {line.split()[0]: line.split()[1] for line in said.out.splitlines() if len(line.split()) > 1}
    assert (rows["tidy"], rows["triaged"], rows["stale"]) == ("on", "on", "off")
    assert "Closes what nobody touches." in said.out


async def test_a_dry_run_says_what_would_be_done(rounds, town, issues):
    said = await rounds.later("rules", "run", "tidy", REPO, "--dry-run")
    assert said.status == 0
    assert said.out.splitlines() == [
        f"{REPO}: tidy would change 1 issue, as many as it may at a time (1)",
        f"  {REPO}#{issues[0].number}: close as not planned",
    ]
    await town.settled()
    assert [issue.state for issue in issues] == ["open", "open"]


async def test_a_run_hands_what_it_finds_to_the_workers(rounds, town, issues):
    said = await rounds.later("rules", "run", "tidy")
    assert said.out.splitlines() == [f"{REPO}: 1 issue handed to the workers."]
    await town.settled()
    assert [issue.state for issue in issues] == ["closed", "open"]


@pytest.mark.usefixtures("issues")
async def test_a_rule_that_is_off_can_be_tried_and_not_run(rounds, town):
    tried = await rounds.later("rules", "run", "stale", REPO, "--dry-run")
    assert tried.out.splitlines() == [f"{REPO}: stale would change 0 issues (the rule is off)"]
    run = await rounds.later("rules", "run", "stale", REPO)
    assert (run.status, run.out) == (1, "")
    assert "stale is off: write `rules: {stale: on}`" in run.err


@pytest.mark.usefixtures("issues")
@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (["triaged", REPO], "triaged is no sweep: it runs when issue.labeled happens."),
        (["tydi", REPO], "No repository has a sweep tydi that is on"),
        (["tidy", "nobody/nothing"], "nobody/nothing is not in the mirror"),
    ],
)
async def test_what_can_not_be_run(rounds, town, words, expected):
    said = await rounds.later("rules", "run", *words)
    assert said.status == 1
    assert said.err.startswith(expected)
