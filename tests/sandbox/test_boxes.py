"""Boxes of task lists: which there are, what ticking makes of the text, who may."""

from __future__ import annotations

import pytest

from app.sandbox.refused import Refused
from app.sandbox.things import Comment, Issue
from app.sandbox.web import boxes
from app.sandbox.web.prose import render
from tests.sandbox.conftest import Api
from tests.sandbox.test_web import page, post

LIST = "I read:\r\n\r\n" + (
    "- [x] one <!-- rounds: a -->\n- [ ] **two** `x`\n  1. [X] three\n\n> - [ ] four\n\n- [] no\n- [ ]no\n[ ] no\n"
)


def test_every_box_of_a_list_can_be_ticked_and_nothing_else() -> None:
    html = render(LIST.replace("\r\n", "\n"), "f")
    assert html.count('role="checkbox"') == 4
    assert 'name="line" value="2" role="checkbox" aria-checked="true" aria-label="one"' in html
    assert 'value="3" role="checkbox" aria-checked="false" aria-label="two x"' in html
    assert render("- [x] one").count('class="tick" role="img" aria-label="done"') == 1


def test_a_label_is_text() -> None:
    html = render('- [ ] <b onclick="x">"y"', "f")
    assert "<b " not in html
    assert 'aria-label="&quot;y&quot;"' in html


@pytest.mark.parametrize(
    ("line", "now"),
    [("2", "- [ ] one <!-- rounds: a -->"), ("3", "- [x] **two** `x`"), ("4", "  1. [ ] three"), ("6", "> - [x] four")],
)
def test_one_box_is_turned_and_all_else_stays(line: str, now: str) -> None:
    old, new = LIST.split("\n"), boxes.toggled(LIST, line).split("\n")
    assert [(a, b) for a, b in zip(old, new, strict=True) if a != b] == [(old[int(line)], now)]
    assert boxes.toggled("\n".join(new), line).lower() == LIST.lower()


@pytest.mark.parametrize("line", ["0", "8", "9", "99", "-1", "x", "", "²"])
def test_a_box_that_is_not_there(line: str) -> None:
    with pytest.raises(Refused, match="no box in that line"):
        boxes.toggled(LIST, line)


@pytest.fixture
def issue(api: Api) -> Issue:
    return api.world.open_issue("acme/widgets", "Call", "- [ ] agenda", by="rounds[bot]")


@pytest.fixture
def comment(api: Api, issue: Issue) -> Comment:
    return api.world.post_comment(issue, "- [ ] a\n- [x] b", by="rounds[bot]")


async def test_a_maintainer_ticks_what_the_app_wrote(api: Api, issue: Issue, comment: Comment) -> None:
    assert f'form="boxes-issuecomment-{comment.id}" name="line" value="1"' in await page(
        api, f"/acme/widgets/issues/{issue.number}"
    )
    path = f"/acme/widgets/comments/{comment.id}/boxes"
    told = []
    api.world.listeners.append(told.append)
    assert (await post(api, path, as_="wendy", line="0")).status_code == 303
    assert comment.body == "- [x] a\n- [x] b"
    assert [(one.action, one.sender.login, one.about["changes"]) for one in told] == [
        ("edited", "wendy", {"body": {"from": "- [ ] a\n- [x] b"}})
    ]
    assert (await post(api, path, as_="rob", line="0")).status_code == 403
    assert (await post(api, path, as_="wendy", line="7")).status_code == 422
    other = path.replace("widgets", "secret")
    assert (await post(api, other, as_="wendy", line="0")).status_code == 404
    assert (await post(api, path, headers={}, as_="wendy", line="0")).status_code == 403
    assert comment.body == "- [x] a\n- [x] b"


async def test_a_box_of_the_description(api: Api, issue: Issue) -> None:
    path = f"/acme/widgets/issues/{issue.number}/boxes"
    assert (await post(api, path, as_="wendy", line="0")).status_code == 303
    assert issue.body == "- [x] agenda"
    assert (await post(api, path, as_="rob", line="0")).status_code == 403
