from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from app.core import replies
from app.core.values import Role
from app.engine import again, handle
from app.engine.handle import Engine
from app.engine.relay import Relay
from app.errors import Unavailable
from app.github.errors import RateLimited, ServerTrouble, Suspended
from app.store import deliveries, mirror, records
from app.store.database import Database
from app.store.deliveries import Delivery
from app.store.tables import audit
from tests.engine import letters
from tests.engine.fakes import (
    Clock,
    FakeDurable,
    FakeGitHub,
    FakeRepository,
    an_issue,
    filled,
    installation_info,
    services,
    widgets,
)
from tests.engine.letters import BOT, commented, push

TIM = {"id": 4, "login": "tim", "type": "User"}
BAD_GATEWAY = ServerTrouble("502", status=502, maybe_done=True)


class Office:
    """A relay and an engine over one database, driven by hand."""

    def __init__(self, database: Database, github: FakeGitHub) -> None:
        self.database, self.github, self.clock = database, github, Clock()
        self.durable = FakeDurable()
        self.services = services(database, github, self.clock)
        self.engine = self.build()
        self.relay = Relay(database, lambda conn, jobs: None, lambda: BOT)

    def build(self, database: Any = None) -> Engine:
        return Engine(replace(self.services, database=database or self.database), self.durable)

    async def arrive(self, *bodies: tuple[str, dict[str, Any]]) -> list[int]:
        """Deliveries arrive, and are handed over."""
        seqs = letters.put(self.database, *bodies)
        while await self.relay.turn() != (0, 0):
            pass
        return seqs

    async def comment(self, body: str, **about: Any) -> int:
        (seq,) = await self.arrive(("issue_comment", commented(body, **({"sender": TIM} | about))))
        return seq

    async def run(self, seq: int, engine: Engine | None = None) -> str:
        return await (engine or self.engine).run(seq, (await self.row(seq)).attempt)

    async def again(self, seq: int) -> None:
        """Hand over what was put back."""
        await self.database.run(lambda conn: deliveries.start(conn, [seq]))

    async def row(self, seq: int) -> Delivery:
        found = await self.database.read(lambda conn: deliveries.load(conn, seq))
        assert found is not None
        return found

    async def effects(self) -> list[tuple[int, int, str]]:
        found = await self.database.read(lambda conn: conn.execute(audit.select().order_by(audit.c.id)).all())
        return [(row.attempt, row.repository_id, row.action) for row in found]

    @property
    def labels(self) -> list[str]:
        return [label.name for label in self.github.repositories["acme/widgets"].issues[12].labels]


@pytest.fixture
async def office(database: Database) -> Office:
    made = Office(database, FakeGitHub(widgets()))
    await filled(made.services)
    return made


class Shaky:
    """A database that is away for some calls: those whose number `away` names."""

    def __init__(self, database: Database, away: Callable[[int], bool]) -> None:
        self._database, self._away, self.calls = database, away, 0

    async def read(self, work: Any) -> Any:
        self._call()
        return await self._database.read(work)

    async def look(self, work: Any) -> Any:
        self._call()
        return await self._database.look(work)

    async def run(self, work: Any) -> Any:
        self._call()
        return await self._database.run(work)

    def _call(self) -> None:
        self.calls += 1
        if self._away(self.calls):
            raise Unavailable("the database did not answer")


@pytest.fixture(autouse=True)
def _no_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    """The database is awaited without waiting."""

    async def now(_seconds: float) -> None:
        await asyncio.tasks.__sleep0()

    monkeypatch.setattr(again.at_last, "__defaults__", (now,))


async def test_a_command_is_done_recorded_and_answered(office):
    seq = await office.comment("/label bug")
    assert await office.run(seq) == "done"
    row = await office.row(seq)
    assert (row.state, row.reason, row.actor) == ("done", "label: done", "tim")
    assert office.labels == ["bug"]
    assert await office.effects() == [(1, 77, "AddLabels")]
    assert office.github.repositories["acme/widgets"].reactions == [("+1", 500, None)]
    plan = await office.database.read(lambda conn: records.plan_of(conn, seq, 1))
    assert plan is not None


async def test_what_is_not_its_turn_is_left_alone(office):
    seq = await office.comment("/label bug")
    assert await office.engine.run(seq, 2) == "stale"
    assert await office.engine.run(10_000, 1) == "stale"
    await office.run(seq)
    assert await office.engine.run(seq, 1) == "stale"
    assert office.github.asked("add_labels") == 1


@pytest.mark.parametrize("call", range(1, 9))
async def test_whenever_the_database_goes_away_the_delivery_ends_and_its_effect_is_one(office, call):
    """Each call to it once: nothing is lost, nothing is left running, nothing is done twice."""
    seq = await office.comment("/label bug\n/label nothing of the kind")
    shaky = Shaky(office.database, lambda number: number == call)
    state = await office.run(seq, office.build(shaky))
    if state == "waiting":
        await office.again(seq)
        state = await office.run(seq)
    assert shaky.calls >= call
    assert (state, (await office.row(seq)).state) == ("done", "done")
    assert office.labels == ["bug"]
    assert [effect[2] for effect in await office.effects()] == ["AddLabels"]
    assert len(office.github.repositories["acme/widgets"].comments) == 1


async def test_a_database_that_stays_away_for_long_is_awaited(office):
    seq = await office.comment("/label bug")
    shaky = Shaky(office.database, lambda number: 8 <= number < 60)
    state = await office.run(seq, office.build(shaky))
    assert (state, (await office.row(seq)).state) in {("done", "done"), ("waiting", "waiting")}


async def test_where_github_fails_while_looking_it_is_tried_again_and_then_given_up(office):
    seq = await office.comment("/label bug")
    office.github.faults["role"] = [BAD_GATEWAY] * 100
    for tries in range(1, handle.DECISIONS):
        assert await office.run(seq) == "waiting"
        row = await office.row(seq)
        assert (row.tries, row.attempt, row.reason) == (tries, tries + 1, "502")
        assert row.not_before == office.clock() + min(1000 * 2 ** (tries - 1), 300_000)
        await office.again(seq)
    assert await office.run(seq) == "failed"
    assert (await office.row(seq)).reason == f"gave up after {handle.DECISIONS} tries: 502"


async def test_a_dead_letter_that_is_retried_has_all_its_tries_again(office):
    seq = await office.comment("/label bug")
    office.github.faults["role"] = [BAD_GATEWAY] * (handle.DECISIONS + 1)
    while await office.run(seq) == "waiting":
        await office.again(seq)
    await office.database.run(lambda conn: deliveries.retry(conn, [seq]))
    await office.again(seq)
    assert await office.run(seq) == "waiting"
    await office.again(seq)
    assert await office.run(seq) == "done"
    assert office.labels == ["bug"]


async def test_limits_are_no_failures(office):
    seq = await office.comment("/label bug")
    office.github.faults["role"] = [RateLimited("the limit", 30.0)] * 20
    for _ in range(20):
        assert await office.run(seq) == "waiting"
        row = await office.row(seq)
        assert (row.tries, row.not_before) == (0, office.clock() + 30_000)
        await office.again(seq)
    assert await office.run(seq) == "done"


async def test_a_bug_ends_as_a_dead_letter_without_the_words_of_people(office):
    seq = await office.comment("/label bug")
    office.github.faults["role"] = [ZeroDivisionError("secret words")]
    assert await office.run(seq) == "failed"
    assert (await office.row(seq)).reason == "a fault of Rounds: ZeroDivisionError"


async def test_who_lost_the_delivery_to_another_process_records_nothing(office):
    seq = await office.comment("/label bug")
    office.github.faults["react"] = [ZeroDivisionError()]

    class Stolen(FakeDurable):
        async def step(self, name: str, work: Any) -> dict[str, Any]:
            result = await super().step(name, work)
            await office.database.run(lambda conn: deliveries.put_back(conn, seq, "taken over", 0))
            await office.database.run(lambda conn: deliveries.start(conn, [seq]))
            return result

    office.durable = Stolen()
    await office.run(seq, office.build())
    row = await office.row(seq)
    assert (row.state, row.attempt, row.reason) == ("running", 2, "taken over")


async def test_of_two_plans_for_one_attempt_the_first_is_performed(office):
    seq = await office.comment("/label bug")
    other = await office.comment("/label out of scope", number=12)
    await office.again(other)
    await office.run(other)
    first = await office.database.read(lambda conn: records.plan_of(conn, other, 1))

    class Racing(Shaky):
        """Another process stores its plan just before us."""

        async def run(self, work: Any) -> Any:
            await office.database.run(lambda conn: records.keep_plan(conn, seq, 1, first, 1))
            return await super().run(work)

    office.github.repositories["acme/widgets"].issues[12] = an_issue(12)
    await office.run(seq, office.build(Racing(office.database, lambda _: False)))
    assert office.labels == ["out of scope"]


async def test_a_plan_that_was_made_before_a_crash_is_performed_and_not_made_again(office):
    seq = await office.comment("/greet me")
    plan = await office.database.read(lambda conn: records.plan_of(conn, seq, 1))
    assert plan is None
    other = await office.comment("/label bug", number=12)
    await office.again(other)
    await office.run(other)
    kept = await office.database.read(lambda conn: records.plan_of(conn, other, 1))
    await office.database.run(lambda conn: records.keep_plan(conn, seq, 1, kept, 1))
    office.github.calls.clear()
    assert await office.run(seq) == "done"
    assert office.github.asked("role") == 0
    assert office.github.asked("add_labels") == 1


async def test_what_took_effect_before_a_write_was_given_up_is_in_the_audit(office):
    seq = await office.comment("/label bug\n/close")
    office.github.faults["update_issue"] = [BAD_GATEWAY] * again.TRIES
    assert await office.run(seq) == "failed"
    assert "1 Close" in (await office.row(seq)).reason
    assert await office.effects() == [(1, 77, "AddLabels")]
    await office.database.run(lambda conn: deliveries.retry(conn, [seq]))
    await office.again(seq)
    assert await office.run(seq) == "done"
    assert await office.effects() == [(1, 77, "AddLabels"), (2, 77, "Close")]
    assert office.github.asked("add_labels") == 1


async def test_people_hear_of_a_write_that_was_given_up_and_of_its_end(office):
    seq = await office.comment("/label bug\n/close")
    office.github.faults["update_issue"] = [BAD_GATEWAY] * again.TRIES
    assert await office.run(seq) == "failed"
    repository = office.github.repositories["acme/widgets"]
    (said,) = [comment.body for comment in repository.comments.values()]
    assert "- `/label bug`: done" in said
    assert "- `/close`: failed: GitHub did not take it" in said
    assert repository.reactions == [("eyes", 500, None), ("confused", 500, None)]  # it had waited long
    await office.database.run(lambda conn: deliveries.retry(conn, [seq]))
    await office.again(seq)
    assert await office.run(seq) == "done"
    (said,) = [comment.body for comment in repository.comments.values()]
    assert replies.ALL_DONE in said


async def test_where_github_takes_no_answer_either_the_reason_is_that_of_the_write(office):
    seq = await office.comment("/close")
    office.github.faults["update_issue"] = [BAD_GATEWAY] * again.TRIES
    office.github.faults["create_comment"] = [BAD_GATEWAY] * again.TRIES
    assert await office.run(seq) == "failed"
    assert "0 Close" in (await office.row(seq)).reason


async def test_a_dead_letter_that_did_nothing_is_decided_anew(office):
    seq = await office.comment("/close")
    office.github.faults["update_issue"] = [BAD_GATEWAY] * again.TRIES
    assert await office.run(seq) == "failed"
    office.github.repositories["acme/widgets"].roles["tim"] = Role.READ  # meanwhile
    await office.database.run(lambda conn: deliveries.retry(conn, [seq]))
    office.clock.forward(minutes=2)
    await office.again(seq)
    assert await office.run(seq) == "done"
    assert await office.effects() == []


async def test_what_was_put_back_in_the_middle_is_finished_as_it_was_decided(office):
    """Decided anew, what is done already would be "already so"."""
    seq = await office.comment("/label bug\n/close\n/assign tim")
    repository = office.github.repositories["acme/widgets"]
    office.github.faults["update_issue"] = [Suspended(5)]
    assert await office.run(seq) == "waiting"
    assert await office.effects() == [(1, 77, "AddLabels"), (1, 77, "Assign")]
    repository.issues[12] = an_issue(12)  # a person took the label away while we could not go on
    await office.again(seq)
    assert await office.run(seq) == "done"
    assert await office.effects() == [(1, 77, "AddLabels"), (1, 77, "Assign"), (2, 77, "Close")]
    assert office.labels == []
    assert repository.comments == {}


# -- installations ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("method", ["role", "add_labels", "create_comment"])
async def test_a_suspended_installation_rests_with_all_that_waits(office, method):
    seq = await office.comment("/label bug\n/label nothing like it")
    office.github.faults[method] = [Suspended(5)]
    assert await office.run(seq) == "waiting"
    await office.comment("/close", number=13)
    row = await office.row(seq)
    assert (row.tries, row.not_before) == (0, office.clock() + handle.REST)
    assert await office.relay.turn() == (0, 0)
    known = await office.database.read(lambda conn: mirror.repository(conn, 77))
    assert known.suspended


async def test_only_the_installation_that_is_suspended_rests(office):
    """A line about somebody else's repository must not stop the repository where it was written."""
    office.github.repositories["evil/trap"] = FakeRepository(666, "evil/trap", issues={1: an_issue(1)})
    office.github.installed[13] = ["evil/trap"]
    office.github.listed.append(installation_info(13, "evil"))
    await filled(office.services)
    seq = await office.comment("evil/trap#1 /label bug\n/label bug")
    office.github.faults["role"] = [Suspended(13)]
    assert await office.run(seq) == "waiting"
    assert not (await office.database.read(lambda conn: mirror.repository(conn, 77))).suspended
    assert (await office.database.read(lambda conn: mirror.repository(conn, 666))).suspended
    await office.again(seq)
    assert await office.run(seq) == "done"
    assert office.labels == ["bug"]


async def test_what_comes_of_a_repository_that_is_in_no_installation_is_ignored(office):
    gone = await office.comment("/label bug")
    await office.database.run(lambda conn: mirror.drop_repository(conn, 77))
    assert await office.run(gone) == "ignored"
    stray = letters.letter(
        "created",
        repository=letters.REPOSITORY | {"id": 500, "full_name": "acme/stray"},
        issue=letters.issue(),
        comment=letters.comment(),
        sender=TIM,
    )
    del stray["installation"]
    (seq,) = await office.arrive(("issue_comment", stray))
    assert await office.run(seq) == "ignored"
    assert office.github.asked("role") == 0


async def test_a_repository_that_was_renamed_meanwhile_is_written_by_its_new_name(office):
    seq = await office.comment("#12 #13 /label bug")
    here = office.github.repositories.pop("acme/widgets")
    here.full_name = "acme/gizmos"
    here.issues[13] = an_issue(13)
    office.github.repositories["acme/gizmos"] = here
    office.github.installed[5] = ["acme/gizmos"]
    renamed = letters.letter("renamed", repository=letters.REPOSITORY | {"full_name": "acme/gizmos"})
    await office.arrive(("repository", renamed))
    assert await office.run(seq) == "done"
    assert [label.name for label in here.issues[12].labels] == ["bug"]
    assert [label.name for label in here.issues[13].labels] == ["bug"]


async def test_a_locked_issue_is_left_alone(office):
    seq = await office.comment("/label bug", issue=letters.issue(locked=True, updated_at="2026-11-23T00:00:00Z"))
    assert await office.run(seq) == "ignored"
    assert office.github.asked("react") == 0


# -- configuration ---------------------------------------------------------------------------------------------


async def test_a_push_brings_the_configuration_at_once(office):
    office.github.repositories["acme/widgets"].files[".github/rounds.yml"] = "version: 1\nforeign_commands: [lgtm]"
    (seq,) = await office.arrive(("push", push(".github/rounds.yml")))
    assert await office.run(seq) == "done"
    assert (await office.row(seq)).reason == "configuration read from acme/widgets"


async def test_also_when_somebody_who_was_late_stored_the_old_one_in_between(office):
    (seq,) = await office.arrive(("push", push(".github/rounds.yml")))
    known = await office.database.read(lambda conn: mirror.repository(conn, 77))
    await office.services.configs.load(known.repository, 5)
    office.github.repositories["acme/widgets"].files[".github/rounds.yml"] = "version: 1"
    await office.run(seq)
    assert (await office.row(seq)).reason == "configuration read from acme/widgets"


async def test_a_broken_one_is_a_dead_letter_that_names_every_mistake(office):
    text = "version: 1\ncomands: {}\nfamilys: {}\n"
    office.github.repositories["acme/widgets"].files[".github/rounds.yml"] = text
    (seq,) = await office.arrive(("push", push(".github/rounds.yml")))
    assert await office.run(seq) == "failed"
    reason = (await office.row(seq)).reason
    assert reason.startswith("configuration not taken over, 2 mistakes:\n.github/rounds.yml:2:1: ")
    assert ".github/rounds.yml:3:1: " in reason
