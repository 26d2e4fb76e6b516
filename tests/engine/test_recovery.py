from __future__ import annotations

import json
from datetime import datetime, timedelta
from typing import Any

import pytest

from app.engine import recovery as module
from app.engine.recovery import Recovery
from app.errors import Unavailable
from app.github.answers import DeliveryRow
from app.github.errors import NotFound, ServerTrouble
from app.store import deliveries, records
from app.store.inbox import Arrival, Inbox
from tests.engine.fakes import NOW, Clock, FakeGitHub
from tests.engine.letters import commented


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def github() -> FakeGitHub:
    return FakeGitHub()


@pytest.fixture
async def inbox(database):
    opened = Inbox.open(database)
    yield opened
    await opened.close()


@pytest.fixture
def recovery(database, github, inbox, clock) -> Recovery:
    return Recovery(database, github, inbox, clock)


def sent(
    github: FakeGitHub,
    id_: int,
    guid: str,
    *,
    ago: timedelta = timedelta(minutes=30),
    ok: bool = False,
    payload: bytes | Exception | None = None,
    event: str = "issue_comment",
) -> DeliveryRow:
    status = "OK" if ok else "timed out"
    row = DeliveryRow(id=id_, guid=guid, delivered_at=NOW - ago, status=status, event=event)
    github.sent.append(row)
    github.payloads[id_] = payload if payload is not None else json.dumps(commented(f"/label {guid}")).encode()
    return row


async def found(database) -> list[deliveries.Delivery]:
    rows = await database.read(deliveries.listing)
    return [await database.read(lambda conn, seq=row.seq: deliveries.load(conn, seq)) for row in reversed(rows)]


async def test_what_was_missed_is_stored_as_if_it_had_been_posted(database, github, recovery):
    sent(github, 1, "a")
    assert await recovery.look() == 1
    (row,) = await found(database)
    about = (row.guid, row.event, row.action, row.installation_id, row.repository_id, row.repository, row.number)
    assert about == ("a", "issue_comment", "created", 5, 77, "acme/widgets", 12)
    assert (row.recovered, row.state) == (True, "new")
    assert json.loads(row.body)["comment"]["body"] == "/label a"


async def test_an_attempt_that_went_well_is_enough_whichever_it_was(database, github, recovery):
    sent(github, 1, "first well", ok=True, ago=timedelta(minutes=50))
    sent(github, 2, "first well", ago=timedelta(minutes=40))
    sent(github, 3, "last well", ago=timedelta(minutes=50))
    sent(github, 4, "last well", ok=True, ago=timedelta(minutes=40))
    assert await recovery.look() == 0
    assert github.asked("delivery") == 0


async def test_of_several_failed_attempts_one_is_fetched(github, recovery):
    for id_ in (1, 2, 3):
        sent(github, id_, "a", ago=timedelta(minutes=50 - id_))
    assert await recovery.look() == 1
    assert [about for method, about in github.calls if method == "delivery"] == [1]


async def test_the_oldest_is_stored_first(database, github, recovery):
    sent(github, 3, "third", ago=timedelta(minutes=10))
    sent(github, 1, "first", ago=timedelta(minutes=30))
    sent(github, 2, "second", ago=timedelta(minutes=20))
    sent(github, 9, "first", ago=timedelta(minutes=5))  # tried once more
    sent(github, 5, "same time, later", ago=timedelta(minutes=10))
    await recovery.look()
    assert [row.guid for row in await found(database)] == ["first", "second", "third", "same time, later"]


@pytest.mark.parametrize("state", ["new", "done", "failed"])
async def test_what_is_in_the_inbox_is_not_fetched_whatever_became_of_it(database, github, inbox, recovery, state):
    await inbox.accept(Arrival("a", "issue_comment", body=b"{}"))
    (row,) = await found(database)
    await database.run(lambda conn: deliveries.finish(conn, row.seq, state, "", now=1, milliseconds=1))
    sent(github, 1, "a")
    assert await recovery.look() == 0
    assert github.asked("delivery") == 0


async def test_the_first_look_goes_three_days_back_and_no_further(github, recovery):
    sent(github, 1, "too old", ago=timedelta(hours=72, seconds=1))
    sent(github, 2, "old", ago=timedelta(hours=71, minutes=59))
    assert await recovery.look() == 1
    assert github.calls[0] == ("deliveries", NOW - timedelta(hours=72))


async def test_the_next_look_begins_where_the_last_began_and_a_little_before(github, recovery, clock):
    await recovery.look()
    clock.forward(minutes=10)
    await recovery.look()
    assert [about for method, about in github.calls if method == "deliveries"][1] == NOW - module.OVERLAP


async def test_after_a_month_away_no_look_goes_back_further_than_github_does(github, recovery, clock):
    await recovery.look()
    clock.forward(days=30)
    await recovery.look()
    assert github.calls[-1] == ("deliveries", NOW + timedelta(days=27))


@pytest.mark.parametrize("method", ["deliveries", "delivery"])
async def test_a_look_that_failed_is_not_remembered(database, github, recovery, clock, method):
    sent(github, 1, "a")
    github.faults[method] = [ServerTrouble("502", status=502, maybe_done=False)]
    with pytest.raises(Unavailable):
        await recovery.look()
    assert await database.read(lambda conn: records.fact(conn, module.FACT)) is None
    clock.forward(minutes=10)
    assert await recovery.look() == 1
    assert len(await found(database)) == 1


@pytest.mark.parametrize(
    "payload", [b"null", b"[]", b"{", b"", b'{"issue": {"number": "x"}}', b"[" * 100_000, NotFound("GET", 404, "")],
    ids=["null", "list", "half", "nothing", "shape", "deep", "forgotten by GitHub"],
)  # fmt: skip
async def test_one_that_can_not_be_read_holds_up_nobody(database, github, recovery, payload):
    sent(github, 1, "bad", ago=timedelta(hours=71), payload=payload)
    sent(github, 2, "good")
    await recovery.look()
    assert [row.guid for row in await found(database)] == ["good"]
    assert await database.read(lambda conn: records.fact(conn, module.FACT)) is not None


async def test_events_of_the_app_itself_have_no_repository(database, github, recovery):
    payload = b'{"action": "created", "installation": {"id": 5}}'
    sent(github, 1, "a", event="installation", payload=payload)
    await recovery.look()
    (row,) = await found(database)
    assert (row.event, row.installation_id, row.repository_id, row.number) == ("installation", 5, 0, 0)


async def test_an_inbox_that_is_away_leaves_the_rest_for_the_next_look(database, github, clock, inbox):
    class Full:
        """Takes one, then is away."""

        def __init__(self) -> None:
            self.taken = 0

        async def accept(self, arrival: Arrival) -> Any:
            self.taken += 1
            if self.taken == 2:
                raise Unavailable("away")
            return await inbox.accept(arrival)

    sent(github, 1, "a", ago=timedelta(minutes=40))
    sent(github, 2, "b")
    full: Any = Full()
    recovery = Recovery(database, github, full, clock)
    with pytest.raises(Unavailable):
        await recovery.look()
    assert await recovery.look() == 1
    assert [row.guid for row in await found(database)] == ["a", "b"]


async def test_after_an_outage_of_days_tens_of_thousands_are_asked_for_at_once(database, github, recovery):
    """More GUIDs than one statement takes."""
    at = datetime.fromisoformat("2026-11-21T00:00:00+00:00")
    guids = [f"g{number}" for number in range(40_000)]
    github.sent = [
        DeliveryRow(id=n, guid=guid, delivered_at=at, status="timed out", event="x") for n, guid in enumerate(guids, 1)
    ]
    github.payloads = {n: NotFound("GET", 404, "") for n in range(1, 40_001)}
    assert await recovery.look() == 40_000
