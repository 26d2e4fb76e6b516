"""The web face by HTTP: what pages show, what forms do, what is refused."""

from __future__ import annotations

import re
from typing import Any

import httpx
import pytest

from app.sandbox.things import Issue
from app.sandbox.web.live import Live
from tests.sandbox.conftest import Api

ISSUES = "/acme/widgets/issues"
ORIGIN = {"Origin": "http://127.0.0.1"}


@pytest.fixture
def issue(api: Api) -> Issue:
    return api.world.open_issue("acme/widgets", "It <b>broke</b>", "Look\n\n<!-- rounds: hidden -->", by="rob")


async def page(api: Api, path: str, status: int = 200) -> str:
    answer = await api.client.get(path)
    assert answer.status_code == status, answer.text
    return answer.text


async def post(api: Api, path: str, headers: dict[str, str] = ORIGIN, **fields: Any) -> httpx.Response:
    form = {name.rstrip("_"): value for name, value in fields.items()}
    return await api.client.post(path, data=form, headers=headers)


@pytest.mark.parametrize("path", ["/", ISSUES, f"{ISSUES}/1", f"{ISSUES}/new", "/deliveries"])
async def test_every_page_forbids_what_is_not_its_own(api: Api, issue: Issue, path: str) -> None:
    answer = await api.client.get(path)
    assert answer.status_code == 200
    assert "default-src 'self'" in answer.headers["content-security-policy"]
    assert not re.search(r"<script(?! src=\"/static/)|<style|\sstyle=|\son\w+=|https?://(?!127\.0\.0\.1)", answer.text)


async def test_the_list_tells_what_one_must_know(api: Api, issue: Issue) -> None:
    api.world.add_labels(issue, ["UX/UI"], by="tim")
    api.world.set_milestone(issue, "v1", by="tim")
    api.world.post_comment(issue, "Hello", by="tim")
    html = await page(api, ISSUES)
    assert "It &lt;b&gt;broke&lt;/b&gt;" in html
    assert 'class="chip c-d4c5f9" href="?label=UX/UI"' in html
    assert "v1" in html
    assert 'aria-label="1 comments"' in html


async def test_lists_are_filtered(api: Api, issue: Issue) -> None:
    other = api.world.open_issue("acme/widgets", "Another", by="tim", labels=["bug"])
    assert "Another" in await page(api, ISSUES + "?label=bug")
    assert "broke" not in await page(api, ISSUES + "?label=bug")
    api.world.close_issue(other, by="tim", reason="not_planned")
    assert "Another" in await page(api, ISSUES + "?state=closed")
    assert "Another" not in await page(api, ISSUES)


async def test_the_list_has_pages(api: Api) -> None:
    for number in range(30):
        api.world.open_issue("acme/widgets", f"Number {number}.", by="rob")
    assert "Number 29." in await page(api, ISSUES)
    second = await page(api, ISSUES + "?page=2")
    assert "Number 4." in second
    assert "Number 5." not in second


async def test_a_story_is_told_in_order(api: Api, issue: Issue) -> None:
    world = api.world
    comment = world.post_comment(issue, "/label bug", by="tim")
    world.add_labels(issue, ["bug", "C#"], by="rounds[bot]")
    world.react(comment, "+1", by="rounds[bot]")
    world.set_milestone(issue, "v1", by="tim")
    world.close_issue(issue, by="tim", reason="not_planned")
    world.lock(issue, by="wendy")
    html = await page(api, f"{ISSUES}/1")
    text = " ".join(re.sub(r"<[^>]+>", " ", html).split())
    told = ["/label bug", "1 by rounds[bot]", "rounds[bot] Bot added bug C#", "added this to the milestone v1",
            "closed this as not planned", "locked the conversation"]  # fmt: skip
    places = [text.index(words) for words in told]
    assert places == sorted(places)
    assert "rounds: hidden" not in html


async def test_a_lock_and_a_pin_are_seen_on_the_page_and_in_the_list(api: Api, issue: Issue) -> None:
    world = api.world
    for path in (f"{ISSUES}/1", ISSUES):
        assert not re.search(r"Locked|Pinned<|pinned-\d|locked</span>", await page(api, path))
    world.pin(world.lock(issue, by="wendy", reason="too heated"), by="wendy")
    text = " ".join(re.sub(r"<[^>]+>", " ", await page(api, f"{ISSUES}/1")).split())
    for words in ("Locked as too heated", "Pinned", "locked the conversation as too heated", "pinned this issue"):
        assert words in text
    listed = await page(api, ISSUES)
    assert f'id="pinned-{issue.id}"' in listed
    assert "· <svg" in listed
    assert "locked</span>" in listed


async def test_a_pull_request_has_githubs_address(api: Api) -> None:
    pull = api.world.open_pull("acme/widgets", "Mend it", by="rob")
    answer = await api.client.get(f"{ISSUES}/{pull.number}")
    assert (answer.status_code, answer.headers["location"]) == (307, f"/acme/widgets/pull/{pull.number}")
    assert "Mend it" in await page(api, answer.headers["location"])


async def test_somebody_comments(api: Api, issue: Issue) -> None:
    answer = await post(api, f"{ISSUES}/1/comments", as_="tim", body="/label bug\r\nplease")
    comment = issue.comments[0]
    assert (comment.author.login, comment.body) == ("tim", "/label bug\r\nplease")
    assert (answer.status_code, answer.headers["location"]) == (303, f"{ISSUES}/1#issuecomment-{comment.id}")
    assert '<option value="tim" selected>' in await page(api, f"{ISSUES}/1")


async def test_somebody_edits_their_comment(api: Api, issue: Issue) -> None:
    comment = api.world.post_comment(issue, "/labl bug", by="tim")
    await post(api, f"/acme/widgets/comments/{comment.id}", as_="tim", body="/label bug")
    assert comment.body == "/label bug"
    refused = await post(api, f"/acme/widgets/comments/{comment.id}", as_="rob", body="mine")
    assert (refused.status_code, comment.body) == (403, "/label bug")
    elsewhere = await post(api, f"/acme/secret/comments/{comment.id}", as_="tim", body="x")
    assert elsewhere.status_code == 404


async def test_somebody_opens_an_issue(api: Api) -> None:
    answer = await post(api, ISSUES, as_="stranger", title="New", body="")
    assert answer.headers["location"] == f"{ISSUES}/1"
    assert api.world.issue("acme/widgets", 1).author.login == "stranger"


async def test_the_configuration_is_pushed(api: Api) -> None:
    path = "/acme/widgets/blob/main/.github/rounds.yml"
    assert "wendy – Write" in await page(api, path)
    assert (await post(api, path, as_="wendy", text="version: 1\n")).status_code == 303
    assert api.world.find_repository("acme/widgets").files[".github/rounds.yml"] == "version: 1\n"
    assert (await post(api, path, as_="tim", text="mine")).status_code == 403
    assert (await post(api, "/acme/widgets/blob/other/.github/rounds.yml", as_="wendy", text="x")).status_code == 404
    await page(api, "/acme/widgets/blob/main/secret.txt", 404)


async def test_a_refusal_is_a_page_in_githubs_words(api: Api, issue: Issue) -> None:
    blank = await post(api, f"{ISSUES}/1/comments", as_="tim", body=" ")
    assert (blank.status_code, "Body cannot be blank" in blank.text) == (422, True)
    await page(api, f"{ISSUES}/99", 404)
    await page(api, "/acme/nothing/issues", 404)
    await page(api, "/static/../server.py", 404)
    api.world.delete_issue(issue, by="boss")
    assert "This issue was deleted" in await page(api, f"{ISSUES}/1", 410)


@pytest.mark.parametrize("login", ["rounds[bot]", "acme", "ghost", "nobody", ""])
async def test_only_people_act_here(api: Api, issue: Issue, login: str) -> None:
    assert (await post(api, f"{ISSUES}/1/comments", as_=login, body="x")).status_code == 422
    assert issue.comments == []


@pytest.mark.parametrize(
    "headers",
    [{}, {"Origin": "https://evil.example"}, {"Origin": "null"}, {"Sec-Fetch-Site": "cross-site"},
     {"Origin": "http://127.0.0.1", "Sec-Fetch-Site": "same-site"}],
)  # fmt: skip
async def test_forms_come_from_our_own_pages(api: Api, issue: Issue, headers: dict[str, str]) -> None:
    assert (await post(api, f"{ISSUES}/1/comments", headers, as_="tim", body="x")).status_code == 403
    assert issue.comments == []


async def test_a_form_has_a_limit(api: Api, issue: Issue) -> None:
    assert (await post(api, f"{ISSUES}/1/comments", as_="tim", body="x" * 1_000_001)).status_code == 413


async def test_colours_of_labels_are_in_a_style_sheet(api: Api) -> None:
    assert ".c-d4c5f9{background:#d4c5f9;color:#000000" in await page(api, "/label-colors.css")


async def test_pictures_are_drawn_here(api: Api) -> None:
    who = api.world.account("tim")
    assert ">T</text>" in await page(api, f"/avatars/u/{who.id}")
    await page(api, "/avatars/u/1", 404)


async def test_deliveries_are_listed_and_sent_again(api: Api, issue: Issue) -> None:
    one = api.sandbox.deliverer.send("issues", b'{"action": "opened"}')
    assert one.guid in await page(api, "/deliveries")
    detail = await page(api, f"/deliveries/{one.id}")
    assert "&#34;action&#34;: &#34;opened&#34;" in detail
    assert "X-Hub-Signature" not in detail
    assert (await post(api, f"/deliveries/{one.id}/attempts")).status_code == 303
    assert [each.guid for each in api.sandbox.deliverer.log] == [one.guid, one.guid]
    await page(api, "/deliveries/1", 404)


async def test_an_open_page_is_told_of_a_change(api: Api, issue: Issue) -> None:
    events = Live(api.world.feed)._events(api.world.feed.version)
    assert await anext(events) == "retry: 1000\n\n"
    api.world.post_comment(issue, "Hello", by="tim")
    assert await anext(events) == f"data: {api.world.feed.version}\n\n"
    api.world.feed.close()
    assert await anext(events, "the end") == "the end"
