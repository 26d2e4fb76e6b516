"""What goes wrong on the way: repeated and lost deliveries, faults of GitHub, limits, suspended installations, old comments."""

from __future__ import annotations

from datetime import timedelta

import pytest

from app.sandbox.deliverer import Mischief
from app.sandbox.faults import Fault
from app.store import deliveries
from tests.journeys.town import CONFIG, REPO, Town, make_world


async def failed(town: Town) -> list[deliveries.Delivery]:
    return await town.database.read(lambda conn: deliveries.listing(conn, states=["failed"]))


async def test_ten_copies_of_a_delivery_are_one_command(town, issue):
    town.sandbox.deliverer.mischief = Mischief(duplicate=1.0, copies=9)
    await town.says(issue, "rita", "/greet")
    assert town.replies(issue) == ["Hello from Rounds."]


@pytest.mark.parametrize("times", [1, 3])
async def test_a_comment_whose_answer_was_lost_is_not_written_twice(town, issue, times):
    town.sandbox.faults.add(Fault(status=502, path="/comments$", method="POST", after_effect=True, times=times))
    comment = await town.says(issue, "rita", "/greet")
    assert town.replies(issue) == ["Hello from Rounds."]
    assert town.reactions(comment) == ["+1"]


async def test_a_reply_whose_answer_was_lost_is_not_written_twice(town, issue):
    town.sandbox.faults.add(Fault(reset=True, path="/comments$", method="POST", after_effect=True))
    await town.says(issue, "sam", "/label bug")
    assert len(town.replies(issue)) == 1


async def test_a_role_that_can_not_be_asked_for_is_asked_again(town, issue):
    town.sandbox.faults.add(Fault(status=502, path="/permission$", times=2))
    await town.says(issue, "tim", "/label bug")
    assert issue.label_names == ["bug"]
    assert await failed(town) == []


async def test_a_secondary_limit_is_waited_out_and_is_no_failure(town, issue):
    town.sandbox.faults.add(Fault.secondary(retry_after=1, path="/labels$", times=2))
    comment = await town.says(issue, "tim", "/label bug")
    assert issue.label_names == ["bug"]
    assert town.reactions(comment) == ["+1"]


async def test_what_github_refuses_for_good_is_said_and_not_repeated(town, issue):
    fault = town.sandbox.faults.add(Fault(status=403, path="/labels$", method="POST", message="No.", times=None))
    comment = await town.says(issue, "tim", "/label bug")
    assert town.reactions(comment) == ["confused"]
    assert fault.struck == 1
    assert len(town.replies(issue)) == 1


async def test_the_order_of_an_issue_is_kept_while_others_go_on(town, issue):
    other = town.world.open_issue(REPO, "Other", by="rita")
    town.sandbox.faults.add(Fault.secondary(retry_after=1, path=f"/{issue.number}/labels$"))
    town.world.post_comment(issue, "/label bug", by="tim")
    town.world.post_comment(issue, "/unlabel bug", by="tim")
    town.world.post_comment(other, "/label bug", by="tim")
    await town.settled()
    assert issue.label_names == []
    assert [event.kind for event in issue.timeline] == ["labeled", "unlabeled"]
    assert other.label_names == ["bug"]


async def test_what_came_while_nobody_listened_is_found_at_the_next_start(database_url):
    async with Town.open(database_url, begin=False) as town:
        town.world.app.webhook_url = "http://127.0.0.1:9/webhooks/github"
        issue = town.world.open_issue(REPO, "While away", by="rita")
        town.world.post_comment(issue, "/label bug", by="tim")
        town.world.post_comment(issue, "/label C#", by="tim")
        await town.sandbox.idle()
        await town.worker()
        await town.settled()
        assert issue.label_names == ["bug", "C#"]


async def test_a_comment_older_than_a_day_is_answered_and_not_run(database_url):
    world = make_world()
    real, late = world.clock, timedelta(hours=30)
    async with Town.open(database_url, world, begin=False) as town:
        world.app.webhook_url = "http://127.0.0.1:9/webhooks/github"
        issue = world.open_issue(REPO, "Old", by="rita")
        world.clock = lambda: real() - late
        comment = world.post_comment(issue, "/label bug", by="tim")
        await town.sandbox.idle()
        world.clock = real
        await town.worker()
        await town.settled()
        assert issue.label_names == []
        assert town.reactions(comment) == ["confused"]
        assert "day" in town.replies(issue)[0]


async def test_a_changed_configuration_holds_from_its_push_on(town, issue):
    changed = CONFIG.replace("Hello from Rounds.", "Good morning.")
    town.world.push_file(REPO, ".github/rounds.yml", changed, by="mia")
    await town.says(issue, "rita", "/greet")
    assert town.replies(issue) == ["Good morning."]


async def test_a_broken_configuration_leaves_the_last_good_one_working_and_is_told(town, issue):
    town.world.push_file(REPO, ".github/rounds.yml", "version: 1\ncomands: {}\n", by="mia")
    await town.says(issue, "rita", "/greet")
    assert town.replies(issue) == ["Hello from Rounds."]
    (delivery,) = await failed(town)
    assert "2:1" in delivery.reason
    assert "commands" in delivery.reason


async def test_without_a_file_of_its_own_a_repository_has_its_organizations(database_url):
    world = make_world()
    world.repository("acme/.github", labels=[], roles={"mia": "maintain"})
    world.push_file("acme/.github", ".github/rounds.yml", CONFIG.replace("greet", "welcome"), by="mia")
    async with Town.open(database_url, world) as town:
        gadget = world.open_issue("acme/gadgets", "Other", by="rita")
        await town.says(gadget, "sam", "/welcome")
        assert town.replies(gadget) == ["Hello from Rounds."]


async def test_a_suspended_installation_rests_and_goes_on_afterwards(town, issue):
    (installation,) = town.world.installations.values()
    town.world.suspend(installation)
    town.world.unsuspend(installation)
    await town.says(issue, "tim", "/label bug")
    assert issue.label_names == ["bug"]


async def test_a_failed_delivery_runs_again_when_it_is_told_to(town, issue):
    town.sandbox.faults.add(Fault(status=422, path="/permission$"))
    comment = await town.says(issue, "tim", "/label bug")
    (delivery,) = await failed(town)
    assert issue.label_names == []
    await town.database.run(lambda conn: deliveries.retry(conn, [delivery.seq]))
    await town.settled()
    assert issue.label_names == ["bug"]
    assert town.reactions(comment) == ["+1"]


async def test_a_renamed_label_between_comment_and_run_is_found_by_its_new_name_only(town, issue):
    town.world.edit_label(REPO, "bug", new_name="defect", by="mia")
    comment = await town.says(issue, "tim", "/label bug")
    assert issue.label_names == []
    assert town.reactions(comment) == ["confused"]
    await town.says(issue, "tim", "/label defect")
    assert issue.label_names == ["defect"]


async def test_work_that_has_to_wait_long_is_seen_with_eyes(town, issue):
    town.sandbox.faults.add(Fault(status=503, headers={"retry-after": "11"}, path="/labels$"))
    comment = town.world.post_comment(issue, "/label bug", by="tim")
    await town.sandbox.until(lambda: town.reactions(comment) == ["eyes"])
    assert issue.label_names == []
