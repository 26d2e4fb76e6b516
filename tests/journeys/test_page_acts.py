"""What people do on pages of ours goes the way of comments: with their own role, into the minutes, audited, undone by them."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from app.sandbox.things import Issue
from app.store import acts, deliveries, minutes, mirror, records
from app.store.acts import Act, Actor
from tests.journeys.hall import REPO, Hall
from tests.journeys.test_minutes import BEGINS, FILES, OPENS
from tests.journeys.town import Town


@pytest.fixture
async def hall(database_url: str) -> AsyncIterator[Hall]:
    async with Hall.open(database_url) as opened:
        yield opened


async def does(
    town: Town, issue: Issue, login: str, text: str, once: str = "a", event: str = "web", **told: object
) -> acts.Became:
    """Somebody sends a line from a page, about that issue; what the page then shows."""
    actor = Actor(town.world.user(login).id, login)
    guid = f"web {actor.person_id} {once}"

    def put(conn) -> bool:
        known = mirror.repository_named(conn, REPO)
        act = Act(event, guid, issue.number if event == "web" else 0, actor, {"text": text, **told})
        return acts.put(conn, act, known, int(town.world.clock().timestamp() * 1000))

    await town.database.run(put)
    await town.settled()
    found = await town.database.read(lambda conn: acts.became(conn, guid, actor.person_id))
    assert found is not None
    return found


async def test_a_line_for_an_item_of_the_meeting(hall):
    town, topic = hall.town, await hall.triage("It broke")
    await hall.push(FILES)
    await hall.until(OPENS)
    (issue,) = hall.issues()
    await hall.until(BEGINS)
    done = await does(town, issue, "tim", f"{REPO}#{topic.number} /label bug")
    assert (done.state, done.answer) == ("done", "Done.")
    assert "bug" in topic.label_names
    meeting = await hall.meeting()
    (said,) = await town.database.read(lambda conn: minutes.of(conn, meeting.key))
    assert (said.kind, said.text, said.by_login) == ("command", "/label bug", "tim")
    assert said.origin.startswith(f"{town.settings.github_web_url}/{REPO}/issues/{issue.number}#web-")
    assert not any(reaction.user.login == "rounds[bot]" for reaction in issue.reactions)
    undone = await does(town, topic, "tim", "/undo", once="b")
    assert undone.state == "done"
    assert "bug" not in topic.label_names


async def test_the_role_of_who_sends_it_counts(town, issue):
    refused = await does(town, issue, "rita", "/label bug")
    assert "is for the triage role or above" in refused.answer
    assert (issue.label_names, town.replies(issue), issue.reactions) == ([], [], [])


async def test_the_same_form_sent_twice_is_one_act(town, issue):
    await does(town, issue, "tim", "/label bug")
    await does(town, issue, "tim", "/unlabel bug")
    assert issue.label_names == ["bug"]
    rows = await town.database.read(lambda conn: deliveries.listing(conn, limit=100))
    assert [row.event for row in rows].count("web") == 1


async def test_nobody_else_is_told_what_became_of_it(town, issue):
    await does(town, issue, "tim", "/label bug")
    tim, rita = town.world.user("tim").id, town.world.user("rita").id
    look = lambda who: town.database.read(lambda conn: acts.became(conn, f"web {tim} a", who))  # noqa: E731 - as short as that
    assert await look(rita) is None
    assert await look(tim) is not None


@pytest.mark.parametrize(("login", "runs"), [("ann", True), ("mia", False), ("rita", False)])
async def test_who_administers_the_repository_lets_a_failed_delivery_run_again(town, issue, login: str, runs: bool):
    await does(town, issue, "tim", "/label bug")
    town.world.remove_label(issue, "bug", by="mia")
    await town.settled()

    def fail(conn) -> str:
        (row,) = [row for row in deliveries.listing(conn, limit=100) if row.event == "web"]
        deliveries.finish(conn, row.seq, "failed", "by hand", now=1, milliseconds=1)
        conn.execute(records.audit.delete().where(records.audit.c.seq == row.seq))
        return row.guid

    guid = await town.database.run(fail)
    asked = await does(town, issue, login, "again", once="c", event="web_retry", delivery=guid)
    assert (asked.state == "done") is runs
    assert issue.label_names == (["bug"] if runs else [])
