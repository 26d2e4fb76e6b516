"""Which labels a repository shall have: the server's, the organization's and its own rows, laid over each other."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import reduce

from app.config.labels import LabelRow
from app.config.schema import RepositoryConfig

Rows = tuple[LabelRow, ...]


@dataclass(frozen=True, slots=True)
class Desired:
    """`apply`: whether a push to the configuration changes GitHub, or only tells what would change."""

    rows: Rows = ()
    apply: bool = False


def key(name: str) -> str:
    """What GitHub tells labels apart by: case does not count."""
    return name.lower()


def desired(layers: Sequence[RepositoryConfig]) -> Desired:
    """`layers`: the lowest first. Below one that `extends: none` nothing counts."""
    start = max((place for place, layer in enumerate(layers) if layer.extends == "none"), default=0)
    counted = layers[start:]
    said = [layer.labels_sync for layer in counted if "labels_sync" in layer.model_fields_set]
    rows: Rows = reduce(put_over, (layer.labels for layer in counted), ())
    return Desired(rows, apply=said[-1:] == ["apply"])


def put_over(lower: Rows, upper: Rows) -> Rows:
    """Label by label. What `upper` says of a name, as a present or as a former one, is all that counts about it."""
    names, former = {key(row.name) for row in upper}, _former(upper)
    kept = (row for row in lower if key(row.name) not in names | former)
    return (*(_without(row, names | former) for row in kept), *upper)


def _former(rows: Iterable[LabelRow]) -> set[str]:
    return {key(name) for row in rows for name in row.previously}


def _without(row: LabelRow, taken: set[str]) -> LabelRow:
    left = tuple(name for name in row.previously if key(name) not in taken)
    return row if left == row.previously else row.model_copy(update={"previously": left})
