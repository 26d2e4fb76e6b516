"""The rules between the keys of a meeting series, which no single field can see. They work on plain values of any shape."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from app.config.finding import Finding


def findings(root: Mapping[str, Any]) -> Iterator[Finding]:
    """All that is wrong between the keys of a series."""
    yield from ()
