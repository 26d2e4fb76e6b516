"""What happened in a repository, as lists: issue events and all comments."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from tests.sandbox.conftest import Api

EVENTS = "/repos/acme/widgets/issues/events"
COMMENTS = "/repos/acme/widgets/issues/comments"


async def test_events_come_with_the_newest_first_and_name_their_issue(api: Api) -> None:
    issue = api.world.open_issue("acme/widgets", "It broke", by="rob")
    api.world.add_labels(issue, ["bug"], by="tim")
    api.world.close_issue(issue, by="tim")
    found = (await api.call("GET", EVENTS)).json()
    assert [(one["event"], one["issue"]["number"]) for one in found] == [("closed", 1), ("labeled", 1)]
    assert found[1]["label"]["name"] == "bug"
    assert found[1]["actor"]["login"] == "tim"


async def test_all_comments_of_a_repository_since_a_moment(api: Api) -> None:
    now = datetime(2026, 11, 1, tzinfo=UTC)
    for hours, title in ((0, "One"), (2, "Two")):
        api.world.clock = lambda hours=hours: now + timedelta(hours=hours)
        api.world.post_comment(api.world.open_issue("acme/widgets", title, by="rob"), f"About {title}", by="tim")
    query = "?sort=updated&direction=asc"
    found = (await api.call("GET", COMMENTS + query)).json()
    assert [(one["body"], one["issue_url"][-2:]) for one in found] == [("About One", "/1"), ("About Two", "/2")]
    found = (await api.call("GET", f"{COMMENTS}{query}&since=2026-11-01T01:00:00Z")).json()
    assert [one["body"] for one in found] == ["About Two"]
    found = (await api.call("GET", f"{COMMENTS}?sort=created&direction=desc&per_page=1")).json()
    assert [one["body"] for one in found] == ["About Two"]
