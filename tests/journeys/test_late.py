"""Deliveries that come late, or in another order, and show an issue as it was before what came after it."""

from __future__ import annotations

from datetime import timedelta

import pytest

from app.sandbox.deliverer import Delivery
from app.sandbox.things import Comment, Issue
from app.store import mirror
from tests.journeys.town import REPO, Town

NOWHERE = "http://127.0.0.1:9/webhooks/github"
READ = "GET /repos/{}/{}/issues/{}"


@pytest.fixture
async def still(town: Town, issue: Issue) -> Town:
    """The town, whose GitHub lives in one second until `passes`."""
    now = issue.updated_at + timedelta(seconds=1)
    town.world.clock = lambda: now
    return town


def passes(town: Town, seconds: int) -> None:
    now = town.world.clock() + timedelta(seconds=seconds)
    town.world.clock = lambda: now


async def lost(town: Town, issue: Issue, text: str) -> tuple[Comment, Delivery]:
    """A comment by tim whose delivery does not arrive."""
    address, town.world.app.webhook_url = town.world.app.webhook_url, NOWHERE
    comment = town.world.post_comment(issue, text, by="tim")
    await town.sandbox.idle()
    town.world.app.webhook_url = address
    return comment, town.sandbox.deliverer.log[-1]


async def arrives(town: Town, late: Delivery) -> None:
    town.sandbox.deliverer.redeliver(late)
    await town.settled()


async def mirrored(town: Town, issue: Issue, *, sure: bool = False) -> tuple[str, ...]:
    """The labels as the mirror has them. `sure`: () where it knows that only GitHub can tell."""

    def look(conn) -> tuple[str, ...]:
        known = mirror.repository_named(conn, REPO)
        found = mirror.issue(conn, known.repository.id, issue.number, sure=sure)
        return found.labels if found else ()

    return await town.database.read(look)


async def test_a_late_delivery_does_not_hide_what_was_done_in_the_same_second(still, issue):
    _, late = await lost(still, issue, "/priority high")
    await still.says(issue, "tim", "/priority low")
    assert issue.label_names == ["priority/low"]
    before = len(still.world.calls)
    await arrives(still, late)
    assert issue.label_names == ["priority/high"]
    assert still.calls_since(before).count(READ) == 1


@pytest.mark.parametrize("seconds", [0, 1, 3600])
async def test_a_late_delivery_that_asks_for_nothing_hides_nothing(still, issue, seconds):
    _, late = await lost(still, issue, "Thank you.")
    passes(still, seconds)
    await still.says(issue, "tim", "/priority low")
    await arrives(still, late)
    assert await mirrored(still, issue) == ("priority/low",)


async def test_what_is_certainly_older_costs_no_call(still, issue):
    _, late = await lost(still, issue, "/priority high")
    passes(still, 1)
    await still.says(issue, "tim", "/priority low")
    before = len(still.world.calls)
    await arrives(still, late)
    assert issue.label_names == ["priority/high"]
    assert READ not in still.calls_since(before)


async def test_a_person_who_undoes_our_write_in_the_same_second_wins(still, issue):
    await still.says(issue, "tim", "/label bug")
    still.world.remove_label(issue, "bug", by="mia")
    await still.settled()
    assert await mirrored(still, issue, sure=True) == ()
    await still.says(issue, "tim", "/label bug")
    assert issue.label_names == ["bug"]


async def test_a_person_who_undoes_our_write_wins_also_when_the_deliveries_change_places(still, issue):
    still.sandbox.deliverer.mischief.reorder = 4
    for login, label in (("mia", "bug"), ("wes", "confirmed")):
        comment = await still.says(issue, "tim", f"/label {label}")
        still.world.remove_label(issue, label, by=login)
        await still.settled()
        assert still.reactions(comment) == ["+1"]
    await still.says(issue, "tim", "/label bug")
    assert issue.label_names == ["bug"]
    await still.says(issue, "tim", "/unlabel bug")
    assert issue.label_names == []


async def test_a_redelivery_days_later_changes_nothing(still, issue):
    await still.says(issue, "tim", "/label bug")
    (old,) = [one for one in still.sandbox.deliverer.log if one.event == "issue_comment" and one.action == "created"]
    passes(still, 2 * 86_400)
    still.world.remove_label(issue, "bug", by="mia")
    await still.settled()
    before = len(still.world.calls)
    await arrives(still, old)
    assert issue.label_names == []
    assert await mirrored(still, issue) == ()
    assert still.calls_since(before) == []


async def test_who_closes_with_a_command_finds_it_closed_and_labelled(still, issue):
    still.world.post_comment(issue, "/label bug", by="tim")
    still.world.close_issue(issue, by="tim")
    await still.settled()
    await still.says(issue, "tim", "/reopen")
    assert (issue.state, issue.label_names) == ("open", ["bug"])
