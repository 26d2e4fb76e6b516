"""Files, folders and branches of a repository. A part of Installation.

Sources: docs.github.com/en/rest/repos/contents, docs.github.com/en/rest/git/refs. Where that is silent others measured it
(github.com/pome-sh/digital-twins, pull request 400): for a file that is there no `sha` is 422 and another one 409, no such
branch is 404, and a `sha` for a file that is not there is ignored.
"""

from __future__ import annotations

import base64
import binascii
from dataclasses import dataclass

import msgspec

from app.errors import Permanent
from app.github import answers, names, routes
from app.github.addresses import repository
from app.github.answers import FileContent
from app.github.api import Api, parse
from app.github.errors import Conflict, Invalid, NotFound

LARGEST_FILE = 256 << 10


class Entry(msgspec.Struct, frozen=True, kw_only=True):
    """One of what GET …/contents/{path} lists in a folder. `type`: file, dir, symlink, submodule; `sha`: of the blob."""

    name: str
    path: str
    sha: str = ""
    size: int = 0
    type: str = "file"


class _Sha(msgspec.Struct, frozen=True, kw_only=True):
    sha: str


class Put(msgspec.Struct, frozen=True, kw_only=True):
    """PUT …/contents/{path}."""

    content: _Sha
    commit: _Sha


@dataclass(frozen=True, slots=True)
class PutFile:
    """What a write to a file made. `sha`: of the blob, as FileContent has it; `commit`: the head of the branch now."""

    sha: str
    commit: str


class GitRef(msgspec.Struct, frozen=True, kw_only=True):
    """GET …/git/ref/heads/{branch}."""

    object: _Sha


_content = msgspec.json.Decoder(answers.Content | list[Entry])
_put = msgspec.json.Decoder(Put)
_ref = msgspec.json.Decoder(GitRef)
_THERE = "reference already exists"


class Changed(Permanent):
    """The file is not as it was read: nothing was written."""

    def __init__(self, path: str) -> None:
        super().__init__(f"{path} was changed by somebody else meanwhile")


class Contents:
    """`repo` is always "owner/name". All methods raise what app.github.errors draws.

    Writing needs the permission `contents: write`, without which all of it is Forbidden.
    """

    _api: Api

    async def file(self, repo: str, path: str, *, ref: str | None = None) -> FileContent | None:
        """A text file of the default branch (or of `ref`); None when there is none, or it is no file.

        Permanent when it is larger than 256 KiB or not UTF-8.
        """
        found = await self._content(repo, path, ref)
        if found is None or isinstance(found, list) or found.type != "file":
            return None
        return _text(path, found)

    async def folder(self, repo: str, path: str, *, ref: str | None = None) -> tuple[Entry, ...]:
        """What is in a folder, not below it, by name; nothing where there is no such folder. A thousand entries at most."""
        found = await self._content(repo, path, ref)
        return tuple(found) if isinstance(found, list) else ()

    async def branch(self, repo: str, name: str) -> str | None:
        """The commit at its head; None when there is no such branch."""
        variables = repository(repo) | {"branch": names.path(name)}
        try:
            found = await self._api.get(routes.BRANCH_HEAD, variables, _ref)
        except NotFound:
            return None
        return found.object.sha

    async def create_branch(self, repo: str, name: str, commit: str) -> bool:
        """Whether it is new: one that is there stays where it is."""
        names.path(name)
        data = {"ref": f"refs/heads/{name}", "sha": commit}
        try:
            await self._api.call(routes.CREATE_REF, repository(repo), data=data)
        except Invalid as refusal:
            if _THERE not in str(refusal).lower():
                raise
            return False
        return True

    async def put_file(
        self, repo: str, path: str, text: str, *, message: str, branch: str, sha: str | None = None
    ) -> PutFile:
        """One commit on `branch`. `sha`: of the blob that is replaced, None for a new file.

        Raises Changed when there is another file than `sha` says (or one at all, without it), NotFound without the branch.
        """
        data = {"message": message, "content": base64.b64encode(text.encode()).decode(), "branch": branch}
        variables = repository(repo) | {"path": names.path(path)}
        try:
            answer = await self._api.call(routes.PUT_FILE, variables, data=data | ({"sha": sha} if sha else {}))
        except Conflict:
            raise Changed(path) from None
        except Invalid as refusal:
            if sha is None and '"sha"' in str(refusal):
                raise Changed(path) from None
            raise
        made = parse(routes.PUT_FILE, _put, answer)
        return PutFile(made.content.sha, made.commit.sha)

    async def _content(self, repo: str, path: str, ref: str | None) -> answers.Content | list[Entry] | None:
        variables = repository(repo) | {"path": names.path(path)} | ({"ref": ref} if ref else {})
        try:
            return await self._api.get(routes.FILE, variables, _content)
        except NotFound:
            return None


def _text(path: str, found: answers.Content) -> FileContent:
    if found.size > LARGEST_FILE or found.encoding != "base64":
        raise Permanent(f"{path} is too large: {found.size} bytes, at most {LARGEST_FILE} are read")
    try:
        return FileContent(base64.b64decode("".join(found.content.split()), validate=True).decode(), found.sha)
    except (binascii.Error, UnicodeDecodeError):
        raise Permanent(f"{path} is not UTF-8 text") from None
