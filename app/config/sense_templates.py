"""The templates of a meeting series, tried on its first meetings: what would go wrong on the day is told before it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from itertools import islice
from typing import Any

from pydantic import ValidationError

from app.config.finding import Finding, Path
from app.config.series_schema import ID_KEY, Series
from app.meetings.occurrence import Occurrence
from app.meetings.recurrence import occurrences
from app.meetings.template import problems

MOST_TRIED = 60
"""Dates among which one of each variant is looked for."""
_KEYS: dict[str, Path] = {
    "`archive.path`": ("archive", "path"),
    "`issue.previous.comment`": ("issue", "previous", "comment"),
    "`issue.title`": ("issue", "title"),
    "The title": ("issue", "title"),
}


def findings(root: Mapping[str, Any], id_: str, template: str) -> Iterator[Finding]:
    """What is wrong when the templates are filled in; with the path () what is wrong in the issue template itself."""
    try:
        series = Series.model_validate({**root, ID_KEY: id_})
    except ValidationError:
        return  # told by the model
    for sentence in problems(series, template, _samples(series)):
        path = next((path for start, path in _KEYS.items() if sentence.startswith(start)), ())
        yield Finding(path, sentence.removesuffix("."), at="value")


def line_of(sentence: str, template: str) -> int:
    """Of the issue template: where the sentence says it, or where what it names first stands."""
    if said := re.search(r"\bline ([0-9]{1,5})\b", sentence):
        return int(said[1])
    named = re.search(r"`(\w+)`", sentence)
    place = re.search(rf"{{[{{%][^}}]*\b{named[1]}\b", template) if named else None
    return template.count("\n", 0, place.start()) + 1 if place else 1


def _samples(series: Series) -> list[Occurrence]:
    """The first that is held, of each variant."""
    found: dict[str, Occurrence] = {}
    for occurrence in islice(occurrences(series), MOST_TRIED):
        if occurrence.status == "planned":
            found.setdefault(occurrence.variant, occurrence)
    return list(found.values())
