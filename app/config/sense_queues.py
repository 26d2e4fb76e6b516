"""The filters of queues: every mistake in one, at its place in the text."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from collections.abc import Set as AbstractSet
from typing import Any

from app.config.finding import Finding, section
from app.config.nearest import did_you_mean
from app.config.schema import OFF, RepositoryConfig
from app.core.clause import ME
from app.core.filter import from_words

MOST_QUEUES = 100
"""Queues of one file: each is counted whenever the list of them is shown."""


def findings(root: Mapping[str, Any], base: RepositoryConfig | None) -> Iterator[Finding]:
    """All that is wrong in `queues`. `base`: the configuration that the file extends, where that is known."""
    queues = section(root, "queues")
    yield from _switched_off(queues, RepositoryConfig() if root.get("extends") == "none" else base)
    if len(queues) > MOST_QUEUES:
        yield Finding(("queues",), f"there are {len(queues)} queues, at most {MOST_QUEUES} are allowed")
        return
    for name, queue in queues.items():
        text = queue.get("filter") if isinstance(queue, Mapping) else None
        if isinstance(text, str):
            yield from _one(("queues", name, "filter"), text, queue)


def _switched_off(queues: Mapping[str, Any], base: RepositoryConfig | None) -> Iterator[Finding]:
    """`name: off` is about the queues of what the file extends."""
    known: AbstractSet[str] = base.queues.keys() if base else set()
    for name, value in queues.items():
        if value == OFF and base is None:
            message = f"no queue `{name[:60]}` here; right only if the server's configuration has it"
            yield Finding(("queues", name), message, severity="note")
        elif value == OFF and name not in known:
            yield Finding(("queues", name), f"there is no queue `{name[:60]}`", did_you_mean(name, known))


def _one(path: tuple[str, ...], text: str, queue: Mapping[str, Any]) -> Iterator[Finding]:
    parsed = from_words(text)
    for slip in parsed.slips:
        yield Finding(path, slip.message, slip.suggestion, at="value", offset=slip.offset)
    if "sort" in queue and "sort:" in text:
        yield Finding((*path[:-1], "sort"), "the filter says the order already", "say it once")
    if any(ME in clause.values for clause in parsed.filter.clauses):
        message = "`@me` is whoever looks: each person sees another list, and without signing in an empty one"
        yield Finding(path, message, at="value", severity="note")
