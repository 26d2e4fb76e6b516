"""Files of a pull request, and check runs. Source: docs, rest: pulls/list-files, checks/{create, update, list-for-ref}."""

from __future__ import annotations

from typing import Any

from app.sandbox.refused import Refused, not_found
from app.sandbox.rest.paging import asked, link, paged
from app.sandbox.rest.table import Answer, Request, route
from app.sandbox.shapes.basics import Json
from app.sandbox.shapes.check_run import changed_file, check_run
from app.sandbox.things import CheckRun, Repository

RUNS = "/repos/{owner}/{repo}/check-runs"
MOST_ANNOTATIONS = 50
_NEEDED = ("path", "start_line", "end_line", "annotation_level", "message")
_LEVELS = ("notice", "warning", "failure")
_CONCLUSIONS = (
    "action_required", "cancelled", "failure", "neutral", "success", "skipped", "stale", "timed_out",
)  # fmt: skip


@route("GET", "/repos/{owner}/{repo}/pulls/{pull_number}/files", "pull_requests:read")
def list_files(request: Request) -> Answer:
    issue = request.issue
    if issue.pull is None:
        raise not_found()
    files = sorted(issue.pull.files)
    return paged(request, files, lambda path: changed_file(request.world, issue, path))


@route("POST", RUNS, "checks:write")
def create_check_run(request: Request) -> Answer:
    repo, world = request.repository, request.world
    name, sha = request.text("name", required=True) or "", request.text("head_sha", required=True) or ""
    if not _known(repo, sha):
        raise Refused(422, f"No commit found for SHA: {sha}")
    run = CheckRun(world.new_id("check_run"), name, sha, world.clock())
    _change(request, run)
    repo.check_runs.append(run)
    return Answer(check_run(world, repo, run), 201)


@route("PATCH", RUNS + "/{check_run_id}", "checks:write")
def update_check_run(request: Request) -> Answer:
    wanted = request.number("check_run_id")
    run = next((one for one in request.repository.check_runs if one.id == wanted), None)
    if run is None:
        raise not_found()
    run.name = request.text("name") or run.name
    _change(request, run)
    return Answer(check_run(request.world, request.repository, run))


@route("GET", "/repos/{owner}/{repo}/commits/{ref}/check-runs", "checks:read")
def list_check_runs(request: Request) -> Answer:
    """`filter` is always `latest` here: the newest of each name, the newest first."""
    name, newest = request.query.get("check_name"), dict[str, CheckRun]()
    for run in request.repository.check_runs:
        if run.sha == request.params["ref"] and name in {None, run.name}:
            newest[run.name] = run
    runs = sorted(newest.values(), key=lambda run: run.id, reverse=True)
    page, size = asked(request)
    shown = [check_run(request.world, request.repository, run) for run in runs[(page - 1) * size : page * size]]
    headers = link(request, page, -(-len(runs) // size))
    return Answer({"total_count": len(runs), "check_runs": shown}, headers=headers)


def _known(repo: Repository, sha: str) -> bool:
    return sha == repo.head or any(issue.pull and issue.pull.sha == sha for issue in repo.issues.values())


def _change(request: Request, run: CheckRun) -> None:
    """Annotations come to those that are there; a conclusion completes."""
    status, conclusion = request.text("status"), request.text("conclusion")
    if conclusion not in {None, *_CONCLUSIONS}:
        raise Refused(422, f"Invalid request.\n\n{conclusion} is not a conclusion.")
    if status == "completed" and conclusion is None:
        raise Refused(422, 'Invalid request.\n\n"conclusion" wasn\'t supplied.')
    _put_output(run, request.body.get("output"))
    run.external_id = request.text("external_id") or run.external_id
    run.status = "completed" if conclusion else status or run.status
    run.conclusion = conclusion or (None if status else run.conclusion)
    run.completed_at = request.world.clock() if run.status == "completed" else None
    request.world.feed.touch()


def _put_output(run: CheckRun, output: Any) -> None:
    if output is None:
        return
    if not isinstance(output, dict) or not {"title", "summary"} <= output.keys():
        raise Refused(422, 'Invalid request.\n\n"title", "summary" weren\'t supplied.')
    annotations = output.get("annotations", [])
    if len(annotations) > MOST_ANNOTATIONS or not all(map(_good, annotations)):
        raise Refused(422, "Invalid request.\n\nAnnotations are invalid.")
    run.title, run.summary = output["title"], output["summary"]
    run.annotations += annotations


def _good(annotation: Json) -> bool:
    """Columns only within one line."""
    if any(name not in annotation for name in _NEEDED) or annotation["annotation_level"] not in _LEVELS:
        return False
    columns = {"start_column", "end_column"} & annotation.keys()
    return 0 < annotation["start_line"] <= annotation["end_line"] and (
        not columns or annotation["start_line"] == annotation["end_line"]
    )
