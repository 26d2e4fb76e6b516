"""Who may call: JWTs, tokens, permissions; what is refused and in which words."""

from __future__ import annotations

import time
from datetime import timedelta
from typing import Any

import jwt
import pytest

from app.sandbox.rest.guard import TOKEN_LIFE
from tests.sandbox.conftest import Api

REPO = "/repos/acme/widgets"
EXPIRED = "'Expiration time' claim ('exp')"


async def with_claims(api: Api, **claims: Any) -> tuple[int, str]:
    answer = await api.client.get("/app", headers={"Authorization": f"Bearer {api.jwt(**claims)}"})
    return answer.status_code, answer.json().get("message", "")


async def test_client_id_and_app_id_are_both_issuers(api: Api) -> None:
    assert (await with_claims(api))[0] == 200
    assert (await with_claims(api, iss=str(api.world.app.id)))[0] == 200
    assert await with_claims(api, iss="somebody") == (404, "Integration not found")


@pytest.mark.parametrize(
    ("claim", "seconds", "words"),
    [
        ("exp", -5, EXPIRED),
        ("exp", 3600, f"{EXPIRED} is too far in the future"),
        ("iat", 600, "'Issued at' claim ('iat')"),
    ],
)
async def test_times_of_a_jwt(api: Api, claim: str, seconds: int, words: str) -> None:
    status, message = await with_claims(api, **{claim: int(time.time()) + seconds})
    assert status == 401
    assert message.startswith(words)


async def test_a_jwt_of_another_key_is_refused(api: Api) -> None:
    forged = jwt.encode({"iss": api.world.app.client_id, "exp": 9_999_999_999}, "x" * 32, algorithm="HS256")
    answer = await api.client.get("/app", headers={"Authorization": f"Bearer {forged}"})
    assert (answer.status_code, answer.json()["message"]) == (401, "A JSON web token could not be decoded")


async def test_a_token_is_no_jwt_and_a_jwt_no_token(api: Api) -> None:
    token = await api.login()
    assert (await api.client.get("/app", headers={"Authorization": f"Bearer {token}"})).status_code == 401
    assert (await api.app("GET", REPO)).status_code == 401


async def test_a_token_lives_for_an_hour(api: Api) -> None:
    assert (await api.call("GET", REPO)).status_code == 200
    begin = api.world.clock()
    api.world.clock = lambda: begin + TOKEN_LIFE + timedelta(seconds=1)
    answer = await api.call("GET", REPO)
    assert (answer.status_code, answer.json()["message"]) == (401, "Bad credentials")


async def test_without_a_token_the_public_may_be_read(api: Api) -> None:
    assert (await api.client.get(REPO)).status_code == 200
    assert (await api.client.get("/repos/acme/secret")).status_code == 404
    assert (await api.client.post(REPO + "/issues", json={"title": "x"})).status_code == 401
    assert (await api.client.get("/installation/repositories")).status_code == 401


async def test_a_repository_without_the_app(api: Api) -> None:
    api.world.repository("stranger/open")
    api.world.repository("stranger/closed", private=True)
    assert (await api.call("GET", "/repos/stranger/open")).status_code == 200
    assert (await api.call("GET", "/repos/stranger/closed")).status_code == 404
    refused = await api.call("POST", "/repos/stranger/open/issues", json={"title": "x"})
    assert (refused.status_code, refused.json()["message"]) == (403, "Resource not accessible by integration")


async def test_permissions_of_the_installation(api: Api) -> None:
    next(iter(api.world.installations.values())).permissions = {"metadata": "read", "issues": "read"}
    assert (await api.call("GET", REPO + "/issues")).status_code == 200
    assert (await api.call("POST", REPO + "/issues", json={"title": "x"})).status_code == 403
    assert (await api.call("GET", REPO + "/contents/.github/rounds.yml")).status_code == 403
    assert (await api.call("GET", "/orgs/acme/teams/helpers/memberships/tim")).status_code == 403


async def test_issues_do_not_reach_pull_requests(api: Api) -> None:
    pull = api.world.open_pull("acme/widgets", "Mend it", by="rob")
    comment = api.world.post_comment(pull, "Hello", by="rob")
    next(iter(api.world.installations.values())).permissions = {"metadata": "read", "issues": "write"}
    assert (await api.call("POST", f"{REPO}/issues/{pull.number}/labels", json=["bug"])).status_code == 403
    reaction = await api.call("POST", f"{REPO}/issues/comments/{comment.id}/reactions", json={"content": "+1"})
    assert reaction.status_code == 403


async def test_a_token_may_be_narrowed(api: Api) -> None:
    widgets = api.world.find_repository("acme/widgets").id
    api.token = await api.login(repository_ids=[widgets], permissions={"metadata": "read"})
    assert (await api.call("GET", "/repos/acme/secret")).status_code == 404
    assert (await api.call("GET", REPO)).status_code == 200
    assert (await api.call("GET", REPO + "/issues")).status_code == 403


@pytest.mark.parametrize("narrow", [{"permissions": {"issues": "admin"}}, {"repositories": ["nothing"]}])
async def test_a_token_cannot_be_widened(api: Api, narrow: dict[str, Any]) -> None:
    number = next(iter(api.world.installations))
    assert (await api.app("POST", f"/app/installations/{number}/access_tokens", json=narrow)).status_code == 422


async def test_a_suspended_installation(api: Api) -> None:
    installation = next(iter(api.world.installations.values()))
    await api.call("GET", REPO)
    api.world.suspend(installation)
    assert (await api.call("GET", REPO)).status_code == 403
    assert (await api.app("POST", f"/app/installations/{installation.id}/access_tokens")).status_code == 403
    api.world.unsuspend(installation)
    assert (await api.call("GET", REPO)).status_code == 200


async def test_an_uninstalled_app(api: Api) -> None:
    installation = next(iter(api.world.installations.values()))
    await api.call("GET", REPO)
    api.world.uninstall(installation)
    assert (await api.call("GET", REPO)).status_code == 401
    assert (await api.app("POST", f"/app/installations/{installation.id}/access_tokens")).status_code == 404


async def test_chosen_repositories(api: Api) -> None:
    installation = next(iter(api.world.installations.values()))
    api.world.choose_repositories(installation, remove=["acme/secret"])
    assert (await api.call("GET", "/repos/acme/secret")).status_code == 404
    mine = (await api.call("GET", "/installation/repositories")).json()
    assert (mine["total_count"], mine["repository_selection"]) == (1, "selected")


@pytest.mark.parametrize(
    ("login", "permission", "role"),
    [("boss", "admin", "admin"), ("tim", "read", "triage"), ("wendy", "write", "write"), ("stranger", "read", "read")],
)
async def test_roles(api: Api, login: str, permission: str, role: str) -> None:
    answer = (await api.call("GET", f"{REPO}/collaborators/{login}/permission")).json()
    assert (answer["permission"], answer["role_name"], answer["user"]["login"]) == (permission, role, login)


async def test_a_stranger_has_no_role_in_a_private_repository(api: Api) -> None:
    answer = await api.call("GET", "/repos/acme/secret/collaborators/stranger/permission")
    assert (answer.status_code, answer.json()["role_name"]) == (200, "none")
    assert (await api.call("GET", f"{REPO}/collaborators/nobody/permission")).status_code == 404
