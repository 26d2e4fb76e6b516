"""What a pull request changes, and check runs on its head commit. A part of Installation.

Sources: docs.github.com/en/rest/pulls/pulls (list files), docs.github.com/en/rest/checks/runs. GitHub takes at most 50
annotations a request, and those of an update are added to the ones before: they can't be taken back.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

import msgspec

from app.github import names, routes
from app.github.addresses import issue, repository
from app.github.answers import ChangedFile, CheckRun
from app.github.api import Api, parse

PER_PAGE = 100
MOST_ANNOTATIONS = 50

_files = msgspec.json.Decoder(list[ChangedFile])
_run = msgspec.json.Decoder(CheckRun)


class _Runs(msgspec.Struct, frozen=True):
    check_runs: list[CheckRun]


_runs = msgspec.json.Decoder(_Runs)


@dataclass(frozen=True, slots=True)
class Annotation:
    """One place of one file. `line` and `column` count from 1."""

    path: str
    line: int
    column: int
    level: Literal["notice", "warning", "failure"]
    message: str

    def json(self) -> dict[str, Any]:
        """As GitHub takes it; columns may only be given where both lines are the same."""
        lines, columns = ("start_line", "end_line"), ("start_column", "end_column")
        place = dict.fromkeys(lines, self.line) | dict.fromkeys(columns, self.column)
        return {"path": self.path, **place, "annotation_level": self.level, "message": self.message}


@dataclass(frozen=True, slots=True)
class CheckOutput:
    """What a check run shows now. `conclusion`: None while more annotations follow. `external_id`: ours, to know it again."""

    name: str
    external_id: str
    conclusion: Literal["success", "failure"] | None
    title: str
    summary: str
    annotations: Sequence[Annotation] = ()

    def json(self) -> dict[str, Any]:
        output = {"title": self.title, "summary": self.summary, "annotations": [one.json() for one in self.annotations]}
        state = {"status": "completed", "conclusion": self.conclusion} if self.conclusion else {"status": "in_progress"}
        return {"name": self.name, "external_id": self.external_id, **state, "output": output}


class Checks:
    """`repo` is always "owner/name". All methods raise what app.github.errors draws."""

    _api: Api

    async def changed_files(self, repo: str, number: int) -> list[ChangedFile]:
        """Of a pull request; GitHub lists 3,000 at most."""
        pages = self._api.pages(routes.CHANGED_FILES, issue(repo, number) | {"per_page": PER_PAGE}, _files)
        return [file async for page, _ in pages for file in page]

    async def check_runs(self, repo: str, sha: str, name: str) -> list[CheckRun]:
        """Those of that name on the commit, of all Apps; the latest of each."""
        variables = repository(repo) | {"sha": names.part(sha), "check_name": name, "per_page": PER_PAGE}
        return (await self._api.get(routes.CHECK_RUNS, variables, _runs)).check_runs

    async def create_check_run(self, repo: str, sha: str, output: CheckOutput) -> CheckRun:
        """Forbidden where the App may not write checks."""
        data = {"head_sha": sha, **output.json()}
        text = await self._api.call(routes.CREATE_CHECK_RUN, repository(repo), data=data)
        return parse(routes.CREATE_CHECK_RUN, _run, text)

    async def update_check_run(self, repo: str, run_id: int, output: CheckOutput) -> CheckRun:
        """The annotations come to those that are there."""
        variables = repository(repo) | {"run": names.number(run_id)}
        return parse(
            routes.UPDATE_CHECK_RUN, _run, await self._api.call(routes.UPDATE_CHECK_RUN, variables, data=output.json())
        )
