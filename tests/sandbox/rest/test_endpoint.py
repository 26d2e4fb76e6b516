"""What goes for every request: headers, ETags, limits, versions, renamed repositories, files, GraphQL."""

from __future__ import annotations

import base64
from datetime import timedelta

import httpx

from tests.sandbox.conftest import Api

REPO = "/repos/acme/widgets"


async def test_an_unchanged_answer_is_304_and_costs_nothing(api: Api) -> None:
    first = await api.call("GET", REPO)
    again = await api.call("GET", REPO, headers={"If-None-Match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert again.headers["x-ratelimit-remaining"] == first.headers["x-ratelimit-remaining"]


async def test_a_changed_answer_is_new(api: Api) -> None:
    first = await api.call("GET", REPO + "/labels")
    api.world.create_label("acme/widgets", "new", by="wendy")
    again = await api.call("GET", REPO + "/labels", headers={"If-None-Match": first.headers["etag"]})
    assert again.status_code == 200


async def test_the_limit_runs_out_and_comes_back(api: Api) -> None:
    api.sandbox.limits.core = 2
    answers = [await api.call("GET", REPO) for _ in range(3)]
    assert [answer.status_code for answer in answers] == [200, 200, 403]
    assert answers[-1].headers["x-ratelimit-remaining"] == "0"
    assert "rate limit exceeded" in answers[-1].json()["message"]
    begin = api.world.clock()
    assert int(answers[-1].headers["x-ratelimit-reset"]) > begin.timestamp()
    assert (await api.call("GET", "/rate_limit")).json()["resources"]["core"]["remaining"] == 0
    api.world.clock = lambda: begin + timedelta(hours=1, seconds=1)
    api.token = await api.login()
    assert (await api.call("GET", REPO)).status_code == 200


async def test_secondary_limits_where_they_are_wanted(api: Api) -> None:
    api.world.open_issue("acme/widgets", "It broke", by="rob")
    await api.call("GET", REPO)
    begin, api.sandbox.limits.content_a_minute = api.world.clock(), 2
    comments = REPO + "/issues/1/comments"
    answers = [await api.call("POST", comments, json={"body": "x"}) for _ in range(3)]
    assert [answer.status_code for answer in answers] == [201, 201, 403]
    assert answers[-1].headers["retry-after"] == "60"
    assert (await api.call("GET", comments)).status_code == 403
    api.world.clock = lambda: begin + timedelta(seconds=90)
    assert (await api.call("POST", comments, json={"body": "x"})).status_code == 201
    api.sandbox.limits.points_a_minute = 10
    answers = [await api.call("GET", REPO) for _ in range(6)]
    assert [answer.status_code for answer in answers] == [200] * 5 + [403]


async def test_a_user_agent_is_demanded(api: Api) -> None:
    assert (await api.call("GET", REPO, headers={"User-Agent": ""})).status_code == 403


async def test_versions(api: Api) -> None:
    api.world.open_issue("acme/widgets", "It broke", by="rob")
    new = await api.call("GET", REPO + "/issues/1")
    old = await api.call("GET", REPO + "/issues/1", headers={"X-GitHub-Api-Version": "2022-11-28"})
    assert "assignee" not in new.json()
    assert "assignee" in old.json()
    assert (await api.call("GET", REPO, headers={"X-GitHub-Api-Version": "2019-01-01"})).status_code == 400


async def test_a_renamed_repository_moved(api: Api) -> None:
    api.world.rename_repository("acme/widgets", "gadgets", by="boss")
    answer = await api.call("GET", REPO + "/labels?per_page=3")
    assert (answer.status_code, answer.json()["message"]) == (301, "Moved Permanently")
    followed = await api.call("GET", answer.headers["location"])
    assert len(followed.json()) == 3
    assert (await api.call("POST", REPO + "/issues", json={"title": "x"})).status_code == 307
    assert (await api.call("GET", "/repos/acme/gadgets")).json()["full_name"] == "acme/gadgets"


async def test_names_of_repositories_ignore_case(api: Api) -> None:
    assert (await api.call("GET", "/repos/ACME/Widgets")).json()["full_name"] == "acme/widgets"


async def test_the_addresses_of_an_enterprise_server(api: Api) -> None:
    assert (await api.call("GET", "/api/v3" + REPO)).status_code == 200
    assert (await api.call("POST", "/api/graphql", json={"query": "{viewer{login}}"})).status_code == 200


async def test_other_hosts_are_refused(api: Api) -> None:
    assert (await api.client.get("/", headers={"Host": "rounds.example"})).status_code == 421


async def test_a_path_that_is_not_there(api: Api) -> None:
    assert (await api.call("GET", "/repos/acme/widgets/nothing")).status_code == 404
    assert (await api.call("GET", "/repos/acme/widgets/issues/abc")).status_code == 404


async def test_a_file_in_both_forms(api: Api) -> None:
    api.world.push_file("acme/widgets", ".github/rounds.yml", "version: 1 # ü\n", by="wendy")
    path = REPO + "/contents/.github/rounds.yml"
    assert base64.b64decode((await api.call("GET", path)).json()["content"]).decode() == "version: 1 # ü\n"
    raw = await api.call("GET", path, headers={"Accept": "application/vnd.github.raw+json"})
    assert raw.text == "version: 1 # ü\n"


async def test_files_that_are_not_there(api: Api) -> None:
    api.world.push_file("acme/widgets", "docs/a/b.md", "b", by="wendy")
    path = REPO + "/contents/"
    assert (await api.call("GET", path + ".github/rounds.yml")).status_code == 404
    assert (await api.call("GET", path + "docs/a/b.md?ref=elsewhere")).status_code == 404
    assert [entry["path"] for entry in (await api.call("GET", path + "docs")).json()] == ["docs/a"]


async def graphql(api: Api, query: object) -> httpx.Response:
    return await api.call("POST", "/graphql", json={"query": query})


async def test_graphql_knows_viewer_and_rate_limit(api: Api) -> None:
    answer = await graphql(api, "query($n: Int) { viewer { login } rateLimit(dryRun: false) { cost remaining } }")
    data = answer.json()["data"]
    assert data["viewer"] == {"login": "rounds[bot]"}
    assert data["rateLimit"]["cost"] == 1


async def test_graphql_mistakes_are_in_an_answer_of_200(api: Api) -> None:
    answer = await graphql(api, "{ viewer { nonsense } }")
    assert (answer.status_code, answer.json()["errors"][0]["extensions"]["code"]) == (200, "undefinedField")
    answer = await graphql(api, '{ repository(owner: "acme", name: "nothing") { id } }')
    assert answer.json()["errors"][0]["type"] == "NOT_FOUND"
    assert "errors" in (await graphql(api, "{ viewer { secrets } }")).json()
    assert "errors" in (await graphql(api, "{ viewer { login ")).json()
    assert (await graphql(api, 7)).status_code == 400
    assert (await api.client.post("/graphql", json={"query": "{viewer{login}}"})).status_code == 401


async def test_the_hook_is_configured(api: Api) -> None:
    changed = await api.app("PATCH", "/app/hook/config", json={"url": "http://127.0.0.1:1/x", "secret": "new"})
    assert changed.json()["url"] == "http://127.0.0.1:1/x"
    assert "new" not in (await api.app("GET", "/app/hook/config")).text
    assert api.world.app.webhook_secret == "new"
