"""Filters, order and pages of lists; the link header."""

from __future__ import annotations

import re

import pytest

from tests.sandbox.conftest import Api


@pytest.fixture
async def many(api: Api) -> Api:
    """Seven issues; 2 is closed, 3 has a label, 4 a milestone, 5 an assignee, 6 is a pull request, 7 has a comment."""
    world = api.world
    issues = [world.open_issue("acme/widgets", f"Issue {n}", by="rob") for n in range(1, 6)]
    world.open_pull("acme/widgets", "Issue 6", by="rob")
    last = world.open_issue("acme/widgets", "Issue 7", by="rob")
    world.close_issue(issues[1], by="tim")
    world.add_labels(issues[2], ["bug", "C#"], by="tim")
    world.set_milestone(issues[3], "v1", by="tim")
    world.assign(issues[4], ["tim"], by="tim")
    world.post_comment(last, "Hello", by="rob")
    return api


async def numbers(api: Api, query: str) -> list[int]:
    answer = await api.call("GET", f"/repos/acme/widgets/issues?{query}")
    assert answer.status_code == 200, answer.text
    return [issue["number"] for issue in answer.json()]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("", [7, 6, 5, 4, 3, 1]),
        ("state=closed", [2]),
        ("state=all&direction=asc", [1, 2, 3, 4, 5, 6, 7]),
        ("labels=bug,c%23", [3]),
        ("labels=bug,out%20of%20scope", []),
        ("milestone=1", [4]),
        ("milestone=none&state=all", [7, 6, 5, 3, 2, 1]),
        ("assignee=tim", [5]),
        ("assignee=*", [5]),
        ("since=2999-01-01T00:00:00Z", []),
        ("sort=comments", [7, 6, 5, 4, 3, 1]),
    ],
)
async def test_the_list_of_issues(many: Api, query: str, expected: list[int]) -> None:
    assert await numbers(many, query) == expected


async def test_pages_are_followed_by_links_and_tell_no_last(many: Api) -> None:
    seen: list[int] = []
    address: str | None = "/repos/acme/widgets/issues?state=all&per_page=3"
    while address:
        answer = await many.call("GET", address)
        seen += [issue["number"] for issue in answer.json()]
        link = answer.headers.get("link", "")
        assert 'rel="last"' not in link
        assert "/repos/" not in link
        found = re.search(r'<([^>]+)>; rel="next"', link)
        address = found[1] if found else None
    assert seen == [7, 6, 5, 4, 3, 2, 1]


async def test_other_lists_have_pages_by_number(many: Api) -> None:
    answer = await many.call("GET", "/repos/acme/widgets/labels?per_page=3&page=2")
    assert [label["name"] for label in answer.json()] == ["UX/UI"]
    assert 'page=1>; rel="first"' in answer.headers["link"]
    first = await many.call("GET", "/repos/acme/widgets/labels?per_page=3")
    assert 'page=2>; rel="last"' in first.headers["link"]


async def test_nonsense_counts_as_the_default(many: Api) -> None:
    assert len(await numbers(many, "per_page=900&page=x")) == 6


async def test_closed_milestones_are_asked_for(many: Api) -> None:
    world = many.world
    world.close_milestone("acme/widgets", world.milestone("acme/widgets", "v1"), by="wendy")
    open_ones = (await many.call("GET", "/repos/acme/widgets/milestones")).json()
    assert [one["title"] for one in open_ones] == ["OTF security work"]
    assert len((await many.call("GET", "/repos/acme/widgets/milestones?state=all")).json()) == 2
