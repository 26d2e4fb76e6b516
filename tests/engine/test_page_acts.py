"""What was said on a page of ours, decided and performed as a comment is; it is answered there and nowhere else."""

from __future__ import annotations

import pytest

from app.core.values import Role
from app.engine.handle import Engine
from app.store import acts, deliveries, mirror, records
from app.store.acts import Act, Actor, Became
from app.store.database import Database
from app.store.tables import audit
from tests.engine.fakes import Clock, FakeDurable, FakeGitHub, an_issue, filled, services, widgets

TIM = Actor(4, "tim")


class Desk:
    """An engine over one database, and people at pages."""

    def __init__(self, database: Database, github: FakeGitHub) -> None:
        self.database, self.clock = database, Clock()
        self.services = services(database, github, self.clock)
        self.engine = Engine(self.services, FakeDurable())

    async def does(self, text: str, *, event: str = "web", once: str = "a", **told: object) -> Became:
        guid = f"web {TIM.person_id} {once}"

        def put(conn) -> int:
            known = mirror.repository_named(conn, "acme/widgets")
            acts.put(
                conn, Act(event, guid, 12 if event == "web" else 0, TIM, {"text": text, **told}), known, self.clock()
            )
            row = deliveries.find(conn, guid)
            deliveries.start(conn, [row.seq])
            return row.seq

        await self.engine.run(await self.database.run(put), 1)
        return await self.database.read(lambda conn: acts.became(conn, guid, TIM.person_id))


@pytest.fixture
def github() -> FakeGitHub:
    return FakeGitHub(widgets(issues={12: an_issue(12)}, roles={"tim": Role.TRIAGE}))


@pytest.fixture
async def desk(database: Database, github: FakeGitHub) -> Desk:
    made = Desk(database, github)
    await filled(made.services)
    return made


async def test_a_line_is_done_and_answered_on_the_page(desk: Desk, github: FakeGitHub):
    found = await desk.does("/label bug")
    assert (found.state, found.answer, found.reason) == ("done", "Done.", "label: done")
    assert (github.asked("add_labels"), github.asked("react"), github.asked("create_comment")) == (1, 0, 0)
    with desk.database.reading() as conn:
        (row,) = conn.execute(audit.select())
    assert (row.actor, row.actor_id, row.command, row.source) == ("tim", 4, "label", f"web {row.seq}")


async def test_what_is_refused_says_why_on_the_page(desk: Desk, github: FakeGitHub):
    found = await desk.does("/label nosuch")
    assert "nosuch" in found.answer
    assert (github.asked("add_labels"), github.asked("react"), github.asked("create_comment")) == (0, 0, 0)


@pytest.mark.parametrize(("role", "state"), [(Role.ADMIN, "done"), (Role.MAINTAIN, "ignored"), (Role.NONE, "ignored")])
async def test_only_an_administrator_lets_a_delivery_run_again(desk: Desk, github: FakeGitHub, role: Role, state: str):
    await desk.does("/label bug")
    github.repositories["acme/widgets"].roles["tim"] = role
    desk.clock.forward(seconds=61)  # roles are asked for once a minute
    seq = await desk.database.run(_failed)
    found = await desk.does("again", event="web_retry", once="b", delivery="web 4 a")
    assert found.state == state
    assert str(seq) not in found.reason.split()
    row = await desk.database.read(lambda conn: deliveries.load(conn, seq))
    assert row.state == ("waiting" if state == "done" else "failed")


def _failed(conn) -> int:
    (row,) = [one for one in deliveries.listing(conn, limit=10) if one.event == "web"]
    deliveries.finish(conn, row.seq, "failed", "by hand", now=1, milliseconds=1)
    return row.seq


async def test_nobody_else_is_told(desk: Desk):
    await desk.does("/label bug")
    with desk.database.reading() as conn:
        assert acts.became(conn, "web 4 a", 5) is None
        assert records.answer_to(conn, 1, "comment 1") is None
