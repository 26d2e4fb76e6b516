"""Our one comment on an issue that names the related ones: read, and rewritten in place.

GitHub's own "relates to" can't be set through its API. The comment's hidden mark holds the references; it counts only in the
comment whose id we kept, and only as long as that is ours.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from app.core.references import reference, shown
from app.core.values import Ref
from app.engine.services import Services
from app.engine.writing import Writing, comment_once
from app.github.client import Installation
from app.store import kept

_MARK = re.compile(r"<!-- rounds: related((?: \S+#[0-9]+)*) -->\s*\Z")


@dataclass(frozen=True, slots=True)
class Related:
    """`comment_id`: None while there is no such comment."""

    comment_id: int | None = None
    refs: tuple[Ref, ...] = ()


async def read(services: Services, github: Installation, repository_id: int, target: Ref) -> Related:
    """What the comment says, if it still stands."""
    id_ = await services.database.look(lambda conn: kept.related(conn, repository_id, target.number))
    comment = await github.comment(target.repository, id_) if id_ is not None else None
    if comment is None or comment.user_login != services.bot_login:
        return Related()
    return Related(comment.id, _refs(comment.body))


async def rewrite(
    services: Services, writing: Writing, target: Ref, change: Callable[[tuple[Ref, ...]], tuple[Ref, ...]]
) -> tuple[Ref, ...]:
    """The references afterwards. Made with the first, deleted with the last; to do it again changes nothing."""
    github, repository_id = writing.installation, writing.known.repository.id
    present = await read(services, github, repository_id, target)
    refs = change(present.refs)
    id_ = await _put(writing, target, present, refs)
    await services.database.run(lambda conn: kept.put_related(conn, repository_id, target.number, id_))
    return refs


async def _put(writing: Writing, target: Ref, present: Related, refs: tuple[Ref, ...]) -> int | None:
    """The comment's id."""
    id_ = present.comment_id
    if not refs:
        if id_ is not None:
            await writing.installation.delete_comment(target.repository, id_)
        return None
    body, mark = _body(target, refs)
    if id_ is None:
        return await comment_once(writing, target, body, mark)
    if refs != present.refs:
        await writing.installation.edit_comment(target.repository, id_, body)
    return id_


def _body(target: Ref, refs: tuple[Ref, ...]) -> tuple[str, str]:
    """The comment, and the mark at its end."""
    names = [shown(ref, target.repository) for ref in refs]
    listed = " and ".join([", ".join(names[:-1]), names[-1]] if names[1:] else names)
    mark = f"<!-- rounds: related {' '.join(map(str, refs))} -->"
    return f"Related to {listed}.\n\n{mark}", mark


def _refs(body: str) -> tuple[Ref, ...]:
    match = _MARK.search(body)
    found = (reference(word, "", "") for word in match[1].split()) if match else ()
    return tuple(ref for ref in found if ref is not None)
