"""When sweeps begin, what they find, and what they leave for later."""

from __future__ import annotations

from datetime import timedelta

import pytest
import sqlalchemy as sa

from app.core.values import Label
from app.engine.gather import Services
from app.engine.sweeping import SOON, Sweeps
from app.errors import Unavailable
from app.store import sweep_read
from app.store.mirror import KnownRepository
from app.store.tables import inbox, repository
from tests.engine.fakes import NOW, Clock, FakeGitHub, an_issue, filled, services, widgets
from tests.engine.test_deciding import CONFIG

OLD = {"created_at": NOW - timedelta(days=30), "updated_at": NOW - timedelta(days=20)}
TIDY = "rules: {tidy: {every: day, limit: 2, if: {quiet: 14d}, do: [{add_labels: bug}]}}"


def old(number: int, **more: object):
    from msgspec.structs import replace

    return replace(an_issue(number), **OLD, **more)


@pytest.fixture
def github() -> FakeGitHub:
    issues = {n: old(n) for n in range(1, 6)} | {6: an_issue(6), 7: old(7, state="closed"), 8: old(8, locked=True)}
    return FakeGitHub(widgets(labels=[Label(1, "bug"), Label(2, "seen")], issues=issues))


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def known(database, github, clock) -> Services:
    return services(database, github, clock)


@pytest.fixture
async def home(known, github) -> KnownRepository:
    github.repositories["acme/widgets"].files[CONFIG] = f"version: 1\n{TIDY}"
    return await filled(known)


async def rows(known: Services) -> list[tuple[str, int]]:
    def look(conn: sa.Connection) -> list[tuple[str, int]]:
        found = conn.execute(sa.select(inbox.c.action, inbox.c.number).where(inbox.c.event == "sweep"))
        return [tuple(row) for row in found]

    return await known.database.read(look)


async def begun(known: Services, home: KnownRepository, rules: str = TIDY) -> list[int]:
    """Which issues the only sweep of these rules finds."""
    config = await reconfigured(known, home, rules)
    ((name, rule),) = config.rules.items()
    return [outcome.target.number async for outcome in Sweeps(known).found(home, name, rule)]


async def reconfigured(known: Services, home: KnownRepository, rules: str):
    known.github.repositories["acme/widgets"].files[CONFIG] = f"version: 1\nextends: none\n{rules}"
    await known.configs.refresh(home.repository, home.installation_id)
    return await known.configs.of(home.repository, home.installation_id)


async def test_what_is_due_is_handed_to_the_engine_once(known, home, clock):
    sweeps = Sweeps(known)
    await sweeps.look()
    await sweeps.look()
    assert await rows(known) == [("tidy", 1), ("tidy", 2)]
    clock.forward(hours=23)
    await sweeps.look()
    assert len(await rows(known)) == 2
    clock.forward(hours=2)
    await sweeps.look()
    assert len(await rows(known)) == 4


async def test_a_row_says_whose_it_is(known, home):
    await Sweeps(known).look()
    with known.database.reading() as conn:
        row = conn.execute(sa.select(inbox).limit(1)).one()
    assert (row.state, row.event, row.installation_id, row.repository_id) == ("waiting", "sweep", 5, 77)
    assert (row.repository, row.body) == ("acme/widgets", b'{"rule": "tidy"}')


async def test_nothing_is_asked_of_github_for_what_the_mirror_knows(known, home, github):
    await Sweeps(known).look()
    assert github.calls == []


@pytest.mark.parametrize("limit", [1, 4, 5, 20])
async def test_at_most_as_many_as_the_rule_says(known, home, limit):
    found = await begun(known, home, TIDY.replace("limit: 2", f"limit: {limit}"))
    assert found == list(range(1, 6))[:limit]


@pytest.mark.parametrize(
    ("if_", "expected"),
    [
        ("{state: closed}", [7]),
        ("{age: 30d}", [1, 2, 3, 4, 5]),
        ("{age: 31d}", []),
        ("{quiet: 14d, title: '*broke'}", [1, 2, 3, 4, 5]),
        ("{state: open}", [1, 2, 3, 4, 5, 6]),
        ("{quiet: 14d, is: locked}", [8]),
        ("{labels: bug}", []),
    ],
)
async def test_what_is_found(known, home, if_, expected):
    rules = f"rules: {{tidy: {{every: day, if: {if_}, do: [{{add_labels: bug}}]}}}}"
    assert await begun(known, home, rules) == expected


async def test_a_sweep_goes_on_over_many_pages(known, home, monkeypatch):
    whole = sweep_read.page
    monkeypatch.setattr(sweep_read, "PAGE", 2)
    monkeypatch.setattr(sweep_read, "page", lambda *about, **more: whole(*about, **more)[:2])
    assert await begun(known, home, TIDY.replace("limit: 2", "limit: 20")) == [1, 2, 3, 4, 5]


async def test_a_rule_that_is_off_or_waits_for_events_is_no_sweep(known, home):
    await reconfigured(known, home, TIDY.replace("every", "enabled: false, every"))
    await Sweeps(known).look()
    await reconfigured(known, home, "rules: {see: {on: issue.opened, do: [{add_labels: seen}]}}")
    await Sweeps(known).look()
    assert await rows(known) == []


async def test_while_the_budget_is_low_nothing_begins(known, home, github):
    github.room = False
    await Sweeps(known).look()
    assert await rows(known) == []
    github.room = True
    await Sweeps(known).look()
    assert len(await rows(known)) == 2


@pytest.mark.parametrize("column", ["archived", "removed"])
async def test_an_archived_repository_is_left_alone(known, home, column):
    await known.database.run(lambda conn: conn.execute(sa.update(repository).values({column: True})))
    await Sweeps(known).look()
    assert await rows(known) == []


async def test_one_that_was_never_read_whole_waits(known, home):
    await known.database.run(lambda conn: conn.execute(sa.update(repository).values(issues_at=None)))
    await Sweeps(known).look()
    assert await rows(known) == []


async def test_what_github_can_not_tell_now_is_tried_again_soon(known, home, github, clock):
    rules = "rules: {tidy: {every: day, if: {author_role: {below: triage}}, do: [{add_labels: bug}]}}"
    await reconfigured(known, home, rules)
    github.faults["role"] = [Unavailable("502")]
    await Sweeps(known).look()
    assert await rows(known) == []
    await Sweeps(known).look()
    assert await rows(known) == []
    clock.forward(seconds=SOON / 1000 + 1)
    await Sweeps(known).look()
    assert len(await rows(known)) == 6


async def test_a_sweep_that_must_ask_does_not_ask_for_ever(known, home, github):
    rules = "rules: {tidy: {every: day, limit: 1, if: {author_role: {at_least: admin}}, do: [{add_labels: bug}]}}"
    assert await begun(known, home, rules) == []
    assert github.asked("role") <= 5
