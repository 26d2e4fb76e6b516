"""JSON of check runs, and of the files that a pull request changes."""

from __future__ import annotations

import hashlib
from urllib.parse import quote

from app.sandbox.shapes import installation
from app.sandbox.shapes.basics import Json, node_id, time
from app.sandbox.shapes.repository import page, url
from app.sandbox.state import State
from app.sandbox.things import CheckRun, Issue, Repository


def check_run(world: State, repo: Repository, run: CheckRun) -> Json:
    """As every answer about check runs has it; annotations are only counted."""
    root = f"{url(world, repo)}/check-runs/{run.id}"
    return {
        "id": run.id,
        "node_id": node_id("CR", run.id),
        "head_sha": run.sha,
        "external_id": run.external_id,
        "url": root,
        "html_url": f"{page(world, repo)}/runs/{run.id}",
        "details_url": page(world, repo),
        "status": run.status,
        "conclusion": run.conclusion,
        "started_at": time(run.started_at),
        "completed_at": time(run.completed_at),
        "output": {
            "title": run.title,
            "summary": run.summary,
            "text": None,
            "annotations_count": len(run.annotations),
            "annotations_url": f"{root}/annotations",
        },
        "name": run.name,
        "check_suite": {"id": run.id},
        "app": installation.integration(world),
        "pull_requests": [],
    }


def changed_file(world: State, issue: Issue, path: str) -> Json:
    """One of `pull.files`."""
    assert issue.pull is not None
    repo, text = issue.repository, issue.pull.files[path]
    status = "removed" if text is None else "modified" if path in repo.files else "added"
    lines = len((text or "").splitlines())
    blob = f"{page(world, repo)}/blob/{issue.pull.sha}/{quote(path)}"
    return {
        "sha": hashlib.sha1((text or "").encode(), usedforsecurity=False).hexdigest(),
        "filename": path,
        "status": status,
        "additions": lines,
        "deletions": 0,
        "changes": lines,
        "blob_url": blob,
        "raw_url": blob.replace("/blob/", "/raw/"),
        "contents_url": f"{url(world, repo)}/contents/{quote(path)}?ref={issue.pull.sha}",
    }
