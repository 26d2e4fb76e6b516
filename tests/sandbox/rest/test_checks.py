from __future__ import annotations

from typing import Any

import pytest
from githubkit_schemas.v2026_03_10 import models as m
from pydantic import TypeAdapter

from app.sandbox.things import Issue
from tests.sandbox.conftest import Api

RUNS = "/repos/acme/widgets/check-runs"
OUTPUT = {"title": "All is well", "summary": "Nothing to say"}
NOTE = {"path": "a.yml", "start_line": 2, "end_line": 2, "annotation_level": "failure", "message": "No"}


@pytest.fixture
def pull(api: Api) -> Issue:
    files = {"a.yml": "x: 1\n", "gone.md": None}
    return api.world.open_pull("acme/widgets", "Mend it", by="rob", files=files)


def sha(pull: Issue) -> str:
    assert pull.pull is not None
    return pull.pull.sha


async def made(api: Api, pull: Issue, **more: Any) -> Any:
    return await api.call("POST", RUNS, json={"name": "Look", "head_sha": sha(pull), "output": OUTPUT} | more)


async def test_answers_have_githubs_shape(api: Api, pull: Issue) -> None:
    answer = await made(api, pull, status="in_progress", output=OUTPUT | {"annotations": [NOTE]})
    assert answer.status_code == 201
    run = TypeAdapter(m.CheckRun).validate_json(answer.content)
    assert (run.status, run.conclusion, run.output.annotations_count) == ("in_progress", None, 1)
    more = {"conclusion": "failure", "output": OUTPUT | {"annotations": [NOTE]}}
    updated = await api.call("PATCH", f"{RUNS}/{run.id}", json=more)
    run = TypeAdapter(m.CheckRun).validate_json(updated.content)
    assert (run.status, run.conclusion, run.output.annotations_count) == ("completed", "failure", 2)
    listed = await api.call("GET", f"/repos/acme/widgets/commits/{sha(pull)}/check-runs?check_name=Look")
    assert listed.json() == {"total_count": 1, "check_runs": [updated.json()]}
    other = await api.call("GET", f"/repos/acme/widgets/commits/{sha(pull)}/check-runs?check_name=Other")
    assert other.json()["total_count"] == 0


async def test_files_of_a_pull_request(api: Api, pull: Issue) -> None:
    answer = await api.call("GET", f"/repos/acme/widgets/pulls/{pull.number}/files")
    files = TypeAdapter(list[m.DiffEntry]).validate_json(answer.content)
    assert [(file.filename, file.status) for file in files] == [("a.yml", "added"), ("gone.md", "removed")]
    for ref in (sha(pull), f"refs/pull/{pull.number}/head"):
        found = await api.call("GET", f"/repos/acme/widgets/contents/a.yml?ref={ref}")
        assert (found.status_code, found.json()["size"]) == (200, 5)
    assert (await api.call("GET", "/repos/acme/widgets/contents/a.yml")).status_code == 404


@pytest.mark.parametrize(
    "more",
    [
        {"head_sha": "f" * 40},
        {"output": {"title": "No summary"}},
        {"output": OUTPUT | {"annotations": [NOTE] * 51}},
        {"output": OUTPUT | {"annotations": [NOTE | {"start_line": 0}]}},
        {"output": OUTPUT | {"annotations": [NOTE | {"end_line": 3, "start_column": 1}]}},
        {"output": OUTPUT | {"annotations": [NOTE | {"annotation_level": "error"}]}},
        {"status": "completed"},
        {"conclusion": "good"},
    ],
)
async def test_what_github_does_not_take(api: Api, pull: Issue, more: dict[str, Any]) -> None:
    assert (await made(api, pull, **more)).status_code == 422
    assert api.world.find_repository("acme/widgets").check_runs == []


async def test_the_permission_is_needed(api: Api, pull: Issue) -> None:
    api.token = await api.login(permissions={"contents": "read", "pull_requests": "read", "checks": "read"})
    assert (await made(api, pull)).status_code == 403
    path = f"/repos/acme/widgets/commits/{sha(pull)}/check-runs"
    assert (await api.call("GET", path)).status_code == 200


async def test_the_page_of_the_pull_request_shows_it(api: Api, pull: Issue) -> None:
    note = NOTE | {"start_column": 3, "end_column": 3, "message": "<b>No</b>"}
    await made(api, pull, conclusion="failure", output=OUTPUT | {"annotations": [note]})
    text = (await api.client.get(f"/acme/widgets/pull/{pull.number}")).text
    assert "Look: All is well" in text
    assert "<code>a.yml:2:3</code> &lt;b&gt;No&lt;/b&gt;" in text
