"""The rules between the rows of `labels:`, and between them and the families."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from app.config.finding import Finding, Path, items, section
from app.config.nearest import did_you_mean
from app.config.schema import OFF, RepositoryConfig

Row = tuple[Path, Mapping[str, Any]]
MOST_ROWS = 500
"""Rows of one file: making so many labels takes GitHub's limits more than an hour."""


def findings(root: Mapping[str, Any], base: RepositoryConfig | None) -> Iterator[Finding]:
    """`base`: the configuration that the file extends, where that is known: it may have the families."""
    rows = [(path, row) for path, row in items(root, "labels") if isinstance(row, Mapping)]
    if len(rows) > MOST_ROWS:
        yield Finding(
            ("labels", MOST_ROWS), f"there are {len(rows)} labels, at most {MOST_ROWS} are allowed", "", "value"
        )
    yield from _twice(rows)
    yield from _former(rows)
    for path, row in rows:
        yield from _family(path, row, root, base)


def _key(name: object) -> str:
    """GitHub tells labels apart by this."""
    return name.lower() if isinstance(name, str) else ""


def _twice(rows: list[Row]) -> Iterator[Finding]:
    seen: set[str] = set()
    for path, row in rows:
        key = _key(row.get("name"))
        if key and key in seen:
            yield Finding(
                (*path, "name"),
                f"the label `{row['name']}` stands here twice",
                "GitHub ignores case: keep one",
                "value",
            )
        seen.add(key)


def _former(rows: list[Row]) -> Iterator[Finding]:
    """A former name means one label, and is nobody's present name."""
    wanted, claimed = {_key(row.get("name")) for _, row in rows}, set[str]()
    for path, row in rows:
        for place, name in items(row, "previously"):
            key, at = _key(name), (*path, *place)
            if key and key == _key(row.get("name")):
                yield Finding(at, f"`{name}` is the label's present name", "take it out of `previously`", "value")
            elif key and key in wanted:
                why = "one row wants it, the other renames it"
                yield Finding(at, f"`{name}` is a label of its own here", f"{why}: keep one of them", "value")
            elif key and key in claimed:
                yield Finding(at, f"two labels were previously `{name}`", "keep it where its issues shall go", "value")
            claimed.add(key)


def _family(
    path: Path, row: Mapping[str, Any], root: Mapping[str, Any], base: RepositoryConfig | None
) -> Iterator[Finding]:
    name, label, at = row.get("family"), row.get("name"), (*path, "family")
    if not isinstance(name, str) or not isinstance(label, str):
        return
    families = _families(root, base)
    if name not in families:
        certain = base is not None or root.get("extends") == "none"
        message = f"there is no family `{name[:60]}`" + ("" if certain else " here; right only if the server has it")
        yield Finding(at, message, did_you_mean(name, families), "value", "error" if certain else "note")
    elif families[name] is not None and not _belongs(label, families[name] or {}):
        yield _stranger(at, name, families[name] or {})


def _families(root: Mapping[str, Any], base: RepositoryConfig | None) -> dict[str, dict[str, Any] | None]:
    """Prefix and labels by name; None where the file has it in a shape that is refused elsewhere."""
    base = RepositoryConfig() if root.get("extends") == "none" else base
    known: dict[str, dict[str, Any] | None] = {}
    for name, family in (base.families if base else {}).items():
        known[name] = {"prefix": family.prefix, "labels": family.labels}
    for name, own in section(root, "families").items():
        if own == OFF:
            known.pop(name, None)
        else:
            known[name] = dict(own) if isinstance(own, Mapping) else None
    return known


def _belongs(label: str, family: Mapping[str, Any]) -> bool:
    prefix = family.get("prefix")
    if isinstance(prefix, str):
        return _key(label).startswith(_key(prefix))
    return _key(label) in {_key(name) for _, name in items({"labels": _listed(family.get("labels"))}, "labels")}


def _listed(value: object) -> object:
    return list(value) if isinstance(value, tuple) else value


def _stranger(at: Path, name: str, family: Mapping[str, Any]) -> Finding:
    if isinstance(family.get("prefix"), str):
        message = f"labels of the family `{name}` begin with `{family['prefix']}`"
        return Finding(at, message, "change the name, or take the family out", "value")
    return Finding(at, f"the family `{name}` does not list this label", "add it there, or take the family out", "value")
