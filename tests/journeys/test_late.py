"""A delivery that comes late, and shows an issue as it was before what came after it."""

from __future__ import annotations

from tests.journeys.town import REPO, Town


async def test_a_late_delivery_does_not_hide_what_was_done_in_the_same_second(database_url):
    """GitHub's times have whole seconds: two people speak, the second one's delivery fails at first, the first one's is run."""
    async with Town.open(database_url) as town:
        now = town.world.clock()
        town.world.clock = lambda: now
        issue = town.world.open_issue(REPO, "It broke", by="rita")
        await town.settled()
        address, town.world.app.webhook_url = town.world.app.webhook_url, "http://127.0.0.1:9/webhooks/github"
        town.world.post_comment(issue, "/priority high", by="tim")
        (late,) = [one for one in town.sandbox.deliverer.log if one.event == "issue_comment"]
        await town.sandbox.idle()
        town.world.app.webhook_url = address
        await town.says(issue, "tim", "/priority low")
        assert issue.label_names == ["priority/low"]
        town.sandbox.deliverer.redeliver(late)
        await town.settled()
        assert issue.label_names == ["priority/high"]
