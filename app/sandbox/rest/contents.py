"""Files, folders and branches, and pull requests from them. Source: docs, rest: repos/contents, git/refs, pulls/pulls.

A file that is there wants its `sha` (422 without, 409 with another one); for one that is not there it is ignored; no such branch
is 404. So it was measured: github.com/pome-sh/digital-twins, pull request 400.
"""

from __future__ import annotations

import hashlib
from base64 import b64decode, encodebytes
from typing import Any
from urllib.parse import quote

from app.sandbox.refused import Refused, not_found
from app.sandbox.rest.paging import paged
from app.sandbox.rest.table import Answer, Request, route
from app.sandbox.shapes.basics import node_id, time
from app.sandbox.shapes.pull import pull, short_pull
from app.sandbox.shapes.repository import page, url
from app.sandbox.things import Issue

REPO = "/repos/{owner}/{repo}"


@route("GET", REPO + "/contents/{path:path}", "contents:read")
def get_contents(request: Request) -> Answer:
    """A file of the default branch, or of a pull request's head, as base64 in JSON, or raw; a folder as a list."""
    repo, path = request.repository, request.params["path"].strip("/")
    files = repo.files_at(request.query.get("ref", repo.default_branch))
    if files is None:
        raise Refused(404, f"No commit found for the ref {request.query['ref']}")
    if path in files:
        return _file(request, path, files[path])
    inside = sorted({_child(path, name) for name in files if name.startswith(f"{path}/" if path else "")})
    if not inside:
        raise not_found()
    return Answer([_entry(request, child, files.get(child)) for child in inside])


@route("PUT", REPO + "/contents/{path:path}", "contents:write")
def put_contents(request: Request) -> Answer:
    """One commit on a branch."""
    repo, path = request.repository, request.params["path"].strip("/")
    message, encoded = request.text("message", required=True) or "", request.text("content", required=True) or ""
    branch = (request.text("branch") or repo.default_branch).removeprefix("refs/heads/")
    if branch != repo.default_branch and branch not in repo.branches:
        raise Refused(404, f"Branch {branch} not found")
    files = repo.files_at(branch) or {}
    there = files.get(path)
    _check_sha(path, there, request.text("sha"))
    try:
        text = b64decode(encoded).decode()
    except ValueError:
        raise Refused(422, "content is not valid Base64") from None
    before = repo.branches[branch].head if branch in repo.branches else repo.head
    commit = request.world.push_file(repo.full_name, path, text, by=request.actor, branch=branch, message=message)
    made = {"content": _entry(request, path, text), "commit": _commit(request, commit, before, message)}
    return Answer(made, 201 if there is None else 200)


def _check_sha(path: str, there: str | None, sha: str | None) -> None:
    if there is None:
        return
    if not sha:
        raise Refused(422, 'Invalid request.\n\n"sha" wasn\'t supplied.')
    if sha != blob_sha(there):
        raise Refused(409, f"{path} does not match {sha}")


def blob_sha(text: str) -> str:
    """As git names a file's content."""
    data = text.encode()
    return hashlib.sha1(b"blob %d\0" % len(data) + data, usedforsecurity=False).hexdigest()


def _commit(request: Request, sha: str, before: str, message: str) -> dict[str, Any]:
    root, html = f"{url(request.world, request.repository)}/git", page(request.world, request.repository)
    bot = request.bot
    who = {"name": bot.login, "email": f"{bot.login}@users.noreply.example", "date": time(request.world.clock())}
    parent = {"sha": before, "url": f"{root}/commits/{before}", "html_url": f"{html}/commit/{before}"}
    return {
        "sha": sha, "node_id": node_id("C", request.repository.id), "url": f"{root}/commits/{sha}",
        "html_url": f"{html}/commit/{sha}", "author": who, "committer": who, "message": message, "parents": [parent],
        "tree": {"sha": sha, "url": f"{root}/trees/{sha}"},
        "verification": {
            "verified": False, "reason": "unsigned", "signature": None, "payload": None, "verified_at": None,
        },
    }  # fmt: skip


def _child(folder: str, name: str) -> str:
    """The entry of the folder that the file is in, or is."""
    start = f"{folder}/" if folder else ""
    return start + name.removeprefix(start).partition("/")[0]


def _entry(request: Request, path: str, content: str | None) -> dict[str, Any]:
    repo = request.repository
    root = f"{url(request.world, repo)}/contents/{quote(path)}?ref={repo.default_branch}"
    data = b"" if content is None else content.encode()
    sha = blob_sha(content or "")
    kind, html = "dir" if content is None else "file", f"{page(request.world, repo)}/blob/{repo.default_branch}/{path}"
    git = f"{url(request.world, repo)}/git/blobs/{sha}"
    links = {"self": root, "git": git, "html": html}
    names = {"type": kind, "name": path.rpartition("/")[2], "path": path, "sha": sha, "size": len(data)}
    return names | {"url": root, "html_url": html, "git_url": git, "download_url": None, "_links": links}


def _file(request: Request, path: str, text: str) -> Answer:
    data = text.encode()
    if "raw" in request.headers.get("accept", ""):
        return Answer(raw=data, headers={"content-type": "application/vnd.github.raw+json; charset=utf-8"})
    content = {"encoding": "base64", "content": encodebytes(data).decode()}
    return Answer(_entry(request, path, text) | content)


# -- branches --------------------------------------------------------------------------------------------------


@route("GET", REPO + "/git/ref/heads/{branch:path}", "contents:read")
def get_branch(request: Request) -> Answer:
    repo, name = request.repository, request.params["branch"]
    if name == repo.default_branch:
        return Answer(_ref(request, name, repo.head))
    if name not in repo.branches:
        raise not_found()
    return Answer(_ref(request, name, repo.branches[name].head))


@route("POST", REPO + "/git/refs", "contents:write")
def create_ref(request: Request) -> Answer:
    ref, sha = request.text("ref", required=True) or "", request.text("sha", required=True) or ""
    if not ref.startswith("refs/heads/") or not ref.removeprefix("refs/heads/"):
        raise Refused(422, "Reference name must start with 'refs/' and have at least two slashes.")
    name = ref.removeprefix("refs/heads/")
    request.world.create_branch(request.repository.full_name, name, sha, by=request.actor)
    return Answer(_ref(request, name, sha), 201)


def _ref(request: Request, name: str, sha: str) -> dict[str, Any]:
    root = f"{url(request.world, request.repository)}/git"
    at = {"sha": sha, "type": "commit", "url": f"{root}/commits/{sha}"}
    address = f"{root}/refs/heads/{quote(name)}"
    return {"ref": f"refs/heads/{name}", "node_id": node_id("REF", request.repository.id), "url": address, "object": at}


# -- pull requests ---------------------------------------------------------------------------------------------


@route("GET", REPO + "/pulls", "pull_requests:read")
def list_pulls(request: Request) -> Answer:
    """`state` (open), `head` as "owner:branch", `base`; newest first."""
    found = [one for one in request.repository.issues.values() if _is_wanted(request, one)]
    found.sort(key=lambda one: (one.created_at, one.number), reverse=True)
    return paged(request, found, lambda one: short_pull(request.world, one))


def _is_wanted(request: Request, one: Issue) -> bool:
    repo, query = request.repository, request.query
    return (
        one.pull is not None
        and query.get("state", "open") in {"all", one.state}
        and query.get("head") in {None, f"{repo.owner.login}:{one.pull.head}"}
        and query.get("base") in {None, repo.default_branch}
    )


@route("POST", REPO + "/pulls", "pull_requests:write")
def create_pull(request: Request) -> Answer:
    """From a branch of the same repository into the default branch."""
    repo = request.repository
    head, base = request.text("head", required=True) or "", request.text("base", required=True) or ""
    title, body = request.text("title", required=True) or "", request.text("body")
    if base != repo.default_branch:
        raise _invalid_side("base")
    branch = head.removeprefix(f"{repo.owner.login}:")
    if branch not in repo.branches:
        raise _invalid_side("head")
    made = request.world.open_pull_from(repo.full_name, branch, title, body, by=request.actor)
    return Answer(pull(request.world, made), 201)


def _invalid_side(field: str) -> Refused:
    return Refused(422, "Validation Failed", ({"resource": "PullRequest", "field": field, "code": "invalid"},))
