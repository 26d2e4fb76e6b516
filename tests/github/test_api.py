"""What stands around gidgethub: tokens, redirects, the host pin, conditional requests, faults."""

from __future__ import annotations

import asyncio
import re
import unicodedata
from urllib.parse import unquote

import httpx
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from app.errors import Permanent
from app.github import errors
from app.github.client import GitHub
from app.github.limits import Limits
from app.github.names import BadName
from tests.github.fake import API, Fake, answer, client, problem, redirect

REPO = "acme/widgets"
ISSUE = {
    "id": 9, "number": 5, "title": "It broke", "created_at": "2026-11-20T12:00:00Z", "updated_at": "2026-11-20T12:00:00Z",
}  # fmt: skip


async def test_every_request_says_who_what_and_which_version(github: GitHub, fake: Fake) -> None:
    await github.installation(7).add_labels(REPO, 5, ["bug"])
    sent = fake.last.headers
    assert sent["user-agent"].startswith("rounds/")
    assert sent["x-github-api-version"] == "2026-03-10"
    assert sent["accept"] == "application/vnd.github+json"
    assert fake.tokens[sent["authorization"].removeprefix("token ")] == 7
    assert "cookie" not in sent


async def test_one_token_serves_many_calls_of_its_installation_only(github: GitHub, fake: Fake) -> None:
    for installation in (7, 8, 7, 8):
        await github.installation(installation).labels(REPO)
    assert fake.minted == [7, 8]


async def test_the_token_is_opaque(github: GitHub, fake: Fake) -> None:
    await github.installation(7).labels(REPO)
    assert len(fake.last.headers["authorization"]) > 480


async def test_a_revoked_token_is_replaced_and_the_write_done_once(github: GitHub, fake: Fake) -> None:
    await github.installation(7).labels(REPO)
    fake.revoke()
    assert await github.installation(7).add_labels(REPO, 5, ["bug"]) == ("bug",)
    assert fake.minted == [7, 7]


async def test_401_again_is_given_up(github: GitHub, fake: Fake) -> None:
    fake.instead.extend([problem(401, "Bad credentials"), problem(401, "Bad credentials")])
    with pytest.raises(errors.Unauthorized):
        await github.installation(7).labels(REPO)
    assert len(fake.paths()) == 2


async def test_a_jwt_that_is_refused_is_not_tried_again(github: GitHub, fake: Fake) -> None:
    fake.instead.append(problem(401, "'Expiration time' claim ('exp') is too far in the future"))
    with pytest.raises(errors.Unauthorized, match="too far in the future"):
        await github.app()
    assert len(fake.seen) == 1


async def test_calls_are_counted_by_route_and_told(github: GitHub, fake: Fake) -> None:
    told: list[tuple[str, int]] = []
    github.on_call = lambda route, status, seconds: told.append((route, status))
    await github.installation(7).add_labels(REPO, 5, ["bug"])
    await github.installation(7).remove_label(REPO, 5, "nope")
    fake.instead.append(httpx.ReadTimeout(""))
    with pytest.raises(errors.Unreachable):
        await github.installation(7).labels(REPO)
    assert told == [
        ("POST /app/installations/{installation}/access_tokens", 201),
        ("POST /repos/{owner}/{repo}/issues/{number}/labels", 200),
        ("DELETE /repos/{owner}/{repo}/issues/{number}/labels/{name}", 404),
        ("GET /repos/{owner}/{repo}/labels", 0),
    ]
    assert sum(github.calls.values()) == len(fake.seen)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])  # one client for all names
@example("/.")
@example("a/..")
@example(".../.a")
@given(st.text(min_size=1, max_size=50).filter(lambda name: name.isprintable() and name not in {".", "..", "other"}))
async def test_any_label_is_one_part_of_the_path(github: GitHub, fake: Fake, name: str) -> None:
    fake.labels[7] = [name, "other"]
    sent = len(fake.seen)
    try:
        await github.installation(7).remove_label(REPO, 5, name)
    except BadName:  # a step in the path for somebody; then nothing is sent
        pieces = re.split(r"[/\\]", unicodedata.normalize("NFKC", name))
        assert {"", ".", ".."} & {piece.strip() for piece in pieces}
        assert len(fake.seen) == sent
        return
    head, _, last = fake.last.url.raw_path.decode().rpartition("/")
    assert (head, unquote(last)) == ("/repos/acme/widgets/issues/5/labels", name)
    assert fake.labels[7] == ["other"]


@pytest.mark.parametrize("name", ["", ".", ".."])
async def test_a_label_that_would_remove_all_labels(github: GitHub, fake: Fake, name: str) -> None:
    with pytest.raises(Permanent):
        await github.installation(7).remove_label(REPO, 5, name)
    assert fake.seen == []


@pytest.mark.parametrize(
    "location",
    ["https://evil.test/x", "http://api.github.test/x", "https://api.github.test.evil/x", "//evil.test/x",
     "https://api.github.test@evil.test/x", "https://api.github.test:444/x"],
)  # fmt: skip
async def test_a_redirect_to_another_host_gets_no_token(github: GitHub, fake: Fake, location: str) -> None:
    fake.instead.append(redirect(302, location))
    with pytest.raises(errors.ForeignAddress):
        await github.installation(7).labels(REPO)
    assert {request.url.host for request in fake.seen} == {"api.github.test"}
    assert len(fake.paths()) == 1


async def test_an_absolute_address_gets_no_token(github: GitHub, fake: Fake) -> None:
    pages = github.installation(7).issues(REPO, cursor="https://evil.test/repos/acme/widgets/issues")
    with pytest.raises(errors.ForeignAddress):
        await anext(pages)
    assert fake.paths() == []


@pytest.mark.parametrize("status", [301, 302, 307, 308])
async def test_a_renamed_repository_is_followed_by_the_same_method_with_the_body(
    github: GitHub, fake: Fake, status: int
) -> None:
    fake.instead.extend(
        [redirect(status, f"{API}/repositories/1/issues/5/labels"), answer({"id": 1, "full_name": "x/y"})]
    )
    assert await github.installation(7).add_labels(REPO, 5, ["bug"]) == ("bug",)
    assert fake.paths() == [
        "POST /repos/acme/widgets/issues/5/labels",
        "GET /repos/acme/widgets",
        "POST /repositories/1/issues/5/labels",
    ]


@pytest.mark.parametrize(
    "location", ["/repositories/2/issues/5/labels", "/repositories/1/issues/6/labels", "/repos/other/x/issues/5/labels"]
)
async def test_a_transferred_issue_is_not_followed(github: GitHub, fake: Fake, location: str) -> None:
    fake.instead.extend([redirect(301, f"{API}{location}"), answer({"id": 1, "full_name": REPO})])
    with pytest.raises(errors.Moved) as caught:
        await github.installation(7).add_labels(REPO, 5, ["bug"])
    assert caught.value.location == f"{API}{location}"
    assert fake.labels == {}


async def test_redirects_in_a_circle_end(github: GitHub, fake: Fake) -> None:
    fake.instead.extend(redirect(301, f"{API}/repositories/1/labels") for _ in range(10))
    with pytest.raises(errors.Refused):
        await github.installation(7).labels(REPO)
    assert len(fake.paths()) == 4


async def test_an_unchanged_answer_is_served_from_memory(github: GitHub, fake: Fake) -> None:
    fake.labels[7] = ["bug"]
    statuses: list[int] = []
    github.on_call = lambda route, status, seconds: statuses.append(status)
    first, second = await github.installation(7).labels(REPO), await github.installation(7).labels(REPO)
    assert first == second != []
    fake.labels[7].append("docs")
    assert len(await github.installation(7).labels(REPO)) == 2
    assert statuses == [201, 200, 304, 200]


async def test_memory_is_not_shared_between_installations(github: GitHub, fake: Fake) -> None:
    fake.labels = {7: ["secret"], 8: ["other"]}
    await github.installation(7).labels(REPO)
    assert [label.name for label in await github.installation(8).labels(REPO)] == ["other"]
    assert "if-none-match" not in fake.last.headers


@pytest.mark.parametrize(
    "limited",
    [
        problem(403, "API rate limit exceeded", x_ratelimit_remaining="0", x_ratelimit_reset="1795176059"),
        problem(429, "slow down", retry_after="60"),
        problem(403, "secondary", retry_after="60"),
        problem(403, "You have exceeded a secondary rate limit"),
        problem(429, ""),
    ],
)
async def test_a_limit_pauses_its_installation_and_no_other(
    github: GitHub, fake: Fake, limited: httpx.Response
) -> None:
    fake.instead.append(limited)
    with pytest.raises(errors.RateLimited) as caught:
        await github.installation(7).labels(REPO)
    assert caught.value.retry_after == pytest.approx(60, abs=1)
    with pytest.raises(errors.RateLimited):
        await github.installation(7).labels(REPO)
    assert len(fake.paths()) == 1
    await github.installation(8).labels(REPO)
    fake.clock.now += 61
    await github.installation(7).labels(REPO)


async def test_writes_are_paced_and_headers_are_read(fake: Fake) -> None:
    github = client(fake, Limits.github())
    for _ in range(7):
        await github.installation(7).add_labels(REPO, 5, ["bug"])
    assert fake.clock.slept == [1, 1]
    fake.instead.append(answer([], x_ratelimit="1"))
    fake.instead[0].headers.update({"x-ratelimit-remaining": "3", "x-ratelimit-reset": "9999999999"})
    await github.installation(7).labels(REPO)
    budget = github.pace(7).budget()
    assert budget is not None
    assert budget.remaining == 3


async def test_a_share_reaches_every_pace_and_the_gate(github: GitHub, fake: Fake) -> None:
    github.installation(7)
    github.share = 1 / 30
    assert (github.share, github.pace(7).share, github.pace(8).share) == (1 / 30, 1 / 30, 1 / 30)
    await asyncio.gather(*(github.installation(number).labels(REPO) for number in range(1, 20)))
    assert fake.most_inside == 3


@pytest.mark.parametrize(
    ("trouble", "kind", "maybe_done"),
    [
        (problem(502, "Server Error"), errors.ServerTrouble, True),
        (httpx.Response(200, html="<h1>Unicorn!</h1>"), errors.ServerTrouble, True),
        (httpx.Response(200, content=b'[{"id": 1, "na', headers={"content-type": "application/json"}),
         errors.ServerTrouble, True),
        (httpx.Response(200, content=b"", headers={"content-type": "application/json"}), errors.ServerTrouble, True),
        (httpx.ReadTimeout(""), errors.Unreachable, True),
        (httpx.RemoteProtocolError(""), errors.Unreachable, True),
        (ConnectionResetError(), errors.Unreachable, True),
        (httpx.ConnectError(""), errors.Unreachable, False),
    ],
)  # fmt: skip
async def test_a_write_whose_answer_is_lost(
    github: GitHub, fake: Fake, trouble: httpx.Response | Exception, kind: type[Exception], maybe_done: bool
) -> None:
    fake.instead.append(trouble)
    with pytest.raises(kind) as caught:
        await github.installation(7).add_labels(REPO, 5, ["bug"])
    assert caught.value.maybe_done is maybe_done


async def test_json_of_another_shape_will_not_get_better(github: GitHub, fake: Fake) -> None:
    fake.instead.append(answer({"labels": "none"}))
    with pytest.raises(Permanent, match="another shape"):
        await github.installation(7).labels(REPO)


async def test_suspended_and_uninstalled_installations(github: GitHub, fake: Fake) -> None:
    fake.instead.append(problem(403, "This installation has been suspended"))
    with pytest.raises(errors.Suspended):
        await github.installation(7).labels(REPO)
    fake.refuse = problem(403, "This installation has been suspended")
    with pytest.raises(errors.Suspended):
        await github.installation(8).labels(REPO)
    fake.refuse = problem(404, "Not Found")
    with pytest.raises(errors.Uninstalled):
        await github.installation(9).labels(REPO)


async def test_enterprise_server_addresses(fake: Fake) -> None:
    github = client(fake, api_url="https://ghe.test/api/v3")
    await github.installation(7).labels(REPO)
    assert str(fake.last.url) == "https://ghe.test/api/v3/repos/acme/widgets/labels?per_page=100"
    fake.instead.append(answer({"data": {}}))
    await github.installation(7).graphql("query { viewer { login } }")
    assert str(fake.last.url) == "https://ghe.test/api/graphql"
    link = '<https://ghe.test/api/v3/repositories/1/issues?page=2>; rel="next"'
    fake.instead.extend([answer([ISSUE], link=link), answer([])])
    assert len([page async for page in github.installation(7).issues(REPO)]) == 2
    assert str(fake.last.url) == "https://ghe.test/api/v3/repositories/1/issues?page=2"
