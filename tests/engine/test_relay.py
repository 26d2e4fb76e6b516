from __future__ import annotations

from collections.abc import Mapping, Sequence

import pytest
import sqlalchemy as sa

from app.engine import relay as module
from app.engine.relay import Caps, Relay
from app.errors import Unavailable
from app.rules.triggers import Triggers
from app.store import configs, deliveries, freshness, mirror
from app.store.configs import ConfigFile
from app.store.database import Database
from app.store.deliveries import Job
from tests.engine import letters
from tests.engine.fakes import statements
from tests.engine.letters import ANN, BOT, OURS, commented, issue, letter, push, states

HUGE = 2**70


class Handed:
    """Takes what the relay hands over, within its transaction."""

    def __init__(self) -> None:
        self.jobs: list[Job] = []

    def __call__(self, conn: sa.Connection, jobs: Sequence[Job]) -> None:
        self.jobs += jobs


@pytest.fixture
def handed() -> Handed:
    return Handed()


@pytest.fixture
def relay(database: Database, handed: Handed) -> Relay:
    return Relay(database, handed, lambda: BOT)


async def until_idle(relay: Relay) -> None:
    while await relay.turn() != (0, 0):
        pass


async def test_what_needs_effects_is_handed_over_and_the_rest_is_done(database, relay, handed):
    seqs = letters.put(
        database,
        ("issue_comment", commented("/label bug")),
        ("issue_comment", commented("Thanks!", 13)),
        ("issue_comment", commented("/label bug", 14, sender=OURS)),
        ("issues", letter("labeled", issue=issue(15))),
        ("push", push(".github/rounds.yml")),
        ("push", push("README.md")),
        ("star", letter("created")),
        ("issues", {"action": "opened"}),
    )
    await until_idle(relay)
    assert states(database) == ["running", "done", "done", "done", "running", "done", "ignored", "ignored"]
    assert handed.jobs == [Job(seqs[0], 1, "77#12"), Job(seqs[4], 1, "77#0")]


async def test_what_may_set_off_a_rule_is_handed_over_and_what_can_not_is_done(database, handed):
    on = {"issue.opened": (), "issue.labeled": ("kind/*",)}
    asked: list[dict[int, str]] = []

    def rules(_conn: sa.Connection, repositories: Mapping[int, str]) -> dict[int, Triggers | None]:
        asked.append(dict(repositories))
        return {77: Triggers(on), 78: None}

    relay = Relay(database, handed, lambda: BOT, rules=rules)
    kind, bug = {"id": 1, "name": "Kind/bug"}, {"id": 2, "name": "bug"}
    other = letters.REPOSITORY | {"id": 78, "full_name": "acme/gadgets"}
    letters.put(
        database,
        ("issues", letter("opened", issue=issue(1))),
        ("issues", letter("labeled", issue=issue(2), label=kind)),
        ("issues", letter("labeled", issue=issue(3), label=bug)),
        ("issues", letter("opened", issue=issue(4), sender=OURS)),
        ("issues", letter("closed", issue=issue(5))),
        ("issues", letter("closed", issue=issue(6), repository=other)),
        ("issues", letter("edited", issue=issue(7), repository=other)),
    )
    await until_idle(relay)
    assert states(database) == ["running", "running", "done", "done", "done", "running", "done"]
    assert asked == [{77: "acme/widgets", 78: "acme/gadgets"}]


async def test_every_delivery_says_who_sent_it_and_why_it_ended(database, relay):
    letters.put(database, ("issue_comment", commented("Thanks!")), ("star", letter("created")))
    await until_idle(relay)
    newest, oldest = await database.read(deliveries.listing)
    assert (oldest.actor, oldest.reason, oldest.handled_at is not None) == ("ann", "mirrored", True)
    assert newest.reason == "unknown event star"


async def test_a_delivery_about_our_own_write_is_known_as_ours(database, relay):
    """Of one second: somebody's title stands against ours, which was sent before it, and nothing is in doubt."""
    by_us = letter("labeled", issue=issue(12, title="Before"), sender={"id": 99, "login": BOT, "type": "Bot"})
    letters.put(database, ("issues", letter("edited", issue=issue(12, title="After"))), ("issues", by_us))
    await until_idle(relay)
    found = await database.read(lambda conn: mirror.issue(conn, 77, 12, sure=True))
    assert found is not None
    assert found.title == "After"


async def test_the_mirror_knows_what_the_deliveries_told(database, relay):
    letters.put(database, ("issues", letter("opened", issue=issue(12, title="It broke again"))))
    await until_idle(relay)
    known = await database.read(lambda conn: mirror.repository(conn, 77))
    found = await database.read(lambda conn: mirror.issue(conn, 77, 12))
    assert known is not None
    assert (known.repository.full_name, known.installation_id) == ("acme/widgets", 5)
    assert found is not None
    assert (found.title, found.author.login) == ("It broke again", "ann")


async def test_each_repository_knows_when_its_last_delivery_came(database, relay):
    letters.put(database, ("issues", letter("opened", issue=issue(12))), ("star", letter("created")))
    await until_idle(relay)
    with database.reading() as conn:
        newest = conn.execute(sa.select(sa.func.max(deliveries.inbox.c.received_at))).scalar_one()
        assert freshness.of(conn, [77]) == (newest, 1)
        assert freshness.of(conn, [78]) == (None, 0)


async def test_a_long_backlog_goes_in_batches_and_in_order(database, relay, handed):
    bodies = [("issue_comment", commented("/label bug", number)) for number in range(1, 101)]
    seqs = letters.put(database, *bodies)
    assert await relay.turn() == (module.BATCH, module.AT_ONCE)
    assert await relay.turn() == (100 - module.BATCH, 8)  # 24 of one installation at most
    assert await relay.turn() == (0, 0)
    assert [job.seq for job in handed.jobs] == seqs[:24]


async def test_large_deliveries_go_in_several_transactions_of_one_turn(database, relay, monkeypatch):
    """A turn that looked at fewer than a batch has looked at all there were: the worker waits then."""
    monkeypatch.setattr(module, "ROOM", 1_500)
    letters.put(database, *(("issue_comment", commented("x" * 1_000, number)) for number in range(1, 6)))
    with statements(database, ["UPDATE inbox"]) as seen:
        assert await relay.turn() == (5, 0)
    assert len(seen) == 5
    assert states(database) == ["done"] * 5


async def test_the_caps_grow_with_the_workers(database, handed):
    relay = Relay(database, handed, lambda: BOT, caps=Caps(total=4, per_installation=2))
    letters.put(database, *(("issue_comment", commented("/label bug", number)) for number in range(1, 10)))
    await until_idle(relay)
    assert len(handed.jobs) == 2
    relay.workers = 3
    await until_idle(relay)
    assert len(handed.jobs) == 6


async def test_a_push_makes_the_configuration_stale_in_the_same_moment(database, relay):
    file = ConfigFile(77, ".github/rounds.yml", "sha", "version: 1", "version: 1", "", read_at=5)
    await database.run(lambda conn: configs.put(conn, file))
    letters.put(database, ("push", push("README.md")))
    await until_idle(relay)
    kept = await database.read(lambda conn: configs.get(conn, 77, ".github/rounds.yml"))
    assert kept is not None
    assert not kept.stale
    letters.put(database, ("push", push(".github/rounds.yml")))
    await until_idle(relay)
    kept = await database.read(lambda conn: configs.get(conn, 77, ".github/rounds.yml"))
    assert kept is not None
    assert kept.stale


async def test_what_could_not_be_handed_over_still_waits(database):
    def away(conn: sa.Connection, jobs: Sequence[Job]) -> None:
        raise Unavailable("the engine is away")

    letters.put(database, ("issue_comment", commented()))
    with pytest.raises(Unavailable):
        await Relay(database, away, lambda: BOT).turn()
    assert states(database) == ["waiting"]


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
async def test_on_postgresql_one_relay_works_at_a_time(database, relay, handed):
    letters.put(database, ("issue_comment", commented()))
    with database.transaction() as other:
        other.execute(sa.select(sa.func.pg_advisory_xact_lock(module.LOCK)))
        assert await relay.turn() == (0, 0)
        assert states(database) == ["new"]
    assert await relay.turn() == (1, 1)
    assert len(handed.jobs) == 1


@pytest.mark.parametrize(
    "poison",
    [
        ("issues", letter("opened", issue=issue(13, milestone={"id": HUGE, "number": 1, "title": "v1"}))),
        ("issues", letter("opened", issue=issue(13, comments=2**40))),
        ("issues", letter("opened", issue=issue(13), sender={"id": HUGE, "login": "ann"})),
        ("label", letter("created", label={"id": -HUGE, "name": "bug"})),
        ("installation", {"action": "deleted", "installation": {"id": HUGE, "account": {"id": 1}}, "sender": ANN}),
    ],
    ids=["milestone", "count", "sender", "label", "alone"],
)
async def test_a_delivery_that_the_mirror_can_not_take_fails_alone(database, relay, handed, poison):
    letters.put(
        database, ("issue_comment", commented("/label bug")), poison, ("issues", letter("opened", issue=issue(14)))
    )
    await until_idle(relay)
    first, second, third = states(database)
    assert (first, third) == ("running", "done")
    assert len(handed.jobs) == 1
    if poison[1].get("issue", {}).get("comments") and database.is_sqlite:
        assert second == "done"  # SQLite's integers are all of 64 bits
        return
    (failed,) = await database.read(lambda conn: deliveries.listing(conn, states=["failed"]))
    assert second == "failed"
    assert "mirror" in failed.reason
    assert await database.read(lambda conn: mirror.issue(conn, 77, 14)) is not None


@pytest.mark.parametrize("text", ["a\0b", "\ud83d\ude00 \u202etitle", "x" * 70_000])
async def test_strange_texts_are_no_poison(database, relay, text):
    body = commented(text, issue=issue(12, title=text), sender=ANN | {"login": text[:40]})
    letters.put(database, ("issue_comment", body))
    await until_idle(relay)
    assert states(database) == ["done"]


async def test_half_a_surrogate_is_a_payload_of_another_shape(database, relay):
    body = letters.text(commented()).replace(b"It broke", b"It \\ud800 broke")
    letters.store(database, [{"body": body}])
    await until_idle(relay)
    assert states(database) == ["ignored"]
