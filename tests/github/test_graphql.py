from __future__ import annotations

import json

import httpx
import pytest

from app.github import errors
from app.github.client import GitHub
from app.github.limits import Limits
from tests.github.fake import Fake, answer, client, problem

QUERY = "query($owner: String!) { repositoryOwner(login: $owner) { id } }"
MUTATION = "mutation($id: ID!) { pinIssue(input: {issueId: $id}) { clientMutationId } }"


async def test_values_travel_as_variables(github: GitHub, fake: Fake) -> None:
    fake.instead.append(answer({"data": {"repositoryOwner": None}}))
    nasty = 'x") { id } } #'
    assert await github.installation(7).graphql(QUERY, owner=nasty, query="q", endpoint="https://evil.test/") == {
        "repositoryOwner": None
    }
    assert json.loads(fake.last.content) == {
        "query": QUERY,
        "variables": {"owner": nasty, "query": "q", "endpoint": "https://evil.test/"},
    }
    assert str(fake.last.url) == "https://api.github.test/graphql"


@pytest.mark.parametrize(
    ("found", "kind"),
    [
        ([{"type": "NOT_FOUND", "message": "Could not resolve"}], errors.NotFound),
        ([{"type": "FORBIDDEN", "message": "Resource not accessible"}], errors.Forbidden),
        ([{"type": "RATE_LIMITED", "message": "API rate limit exceeded"}], errors.RateLimited),
        ([{"message": "You have exceeded a secondary rate limit"}], errors.RateLimited),
        ([{"message": "Something went wrong while executing your query."}], errors.ServerTrouble),
        ([{"message": "Field 'x' doesn't exist"}], errors.Invalid),
        ([{"type": "MAX_NODE_LIMIT_EXCEEDED", "message": "too many"}], errors.Invalid),
    ],
)
async def test_errors_inside_200(github: GitHub, fake: Fake, found: object, kind: type[Exception]) -> None:
    fake.instead.append(answer({"data": {"some": "part"}, "errors": found}))
    with pytest.raises(kind):
        await github.installation(7).graphql(QUERY, owner="acme")


async def test_a_limit_inside_200_pauses(github: GitHub, fake: Fake) -> None:
    fake.instead.append(answer({"errors": [{"type": "RATE_LIMITED", "message": "API rate limit exceeded"}]}))
    for _ in range(2):
        with pytest.raises(errors.RateLimited) as caught:
            await github.installation(7).graphql(QUERY)
        assert caught.value.retry_after == 60
    assert len(fake.paths()) == 1


async def test_limits_and_trouble_by_status(github: GitHub, fake: Fake) -> None:
    fake.instead.extend([problem(502, ""), problem(502, ""), problem(403, "secondary", retry_after="9")])
    for query, maybe_done in ((QUERY, False), (MUTATION, True)):
        with pytest.raises(errors.ServerTrouble) as caught:
            await github.installation(7).graphql(query)
        assert caught.value.maybe_done is maybe_done
    fake.instead.appendleft(httpx.ReadTimeout(""))
    with pytest.raises(errors.Unreachable) as unreachable:
        await github.installation(7).graphql(QUERY)
    assert not unreachable.value.maybe_done
    with pytest.raises(errors.RateLimited) as limited:
        await github.installation(7).graphql(QUERY)
    assert limited.value.retry_after == 9


async def test_neither_data_nor_errors(github: GitHub, fake: Fake) -> None:
    fake.instead.extend([answer({"data": None}), httpx.Response(200, html="<h1>Unicorn!</h1>")])
    for _ in range(2):
        with pytest.raises(errors.ServerTrouble):
            await github.installation(7).graphql(QUERY)


async def test_queries_are_not_paced_as_writes_and_mutations_are(fake: Fake) -> None:
    github = client(fake, Limits.github())
    fake.instead.extend(answer({"data": {}}) for _ in range(26))
    for _ in range(20):
        await github.installation(7).graphql(QUERY)
    assert fake.clock.slept == []
    for _ in range(6):
        await github.installation(7).graphql(MUTATION)
    assert fake.clock.slept == [1]
