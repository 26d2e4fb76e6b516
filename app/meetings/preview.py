"""What can be seen of a meeting issue before it is opened: all that follows from the series' file alone."""

from __future__ import annotations

from dataclasses import replace
from itertools import takewhile
from urllib.parse import urlencode

from app.config.series_schema import Series
from app.meetings import agenda, template
from app.meetings.occurrence import Occurrence
from app.meetings.recurrence import following, occurrences
from app.meetings.sight import Neighbour, View

SEARCH = "https://github.com/{}/issues?{}"
"""Finds the issue of a meeting by its title, whose number nobody knows here."""


def rendered(series: Series, source: str, occurrence: Occurrence) -> template.Rendered:
    """The issue of `occurrence` with an agenda that is still to be filled. Raises TemplateMistake."""
    return template.render(series, source, occurrence, view(series, source, occurrence))


def view(series: Series, source: str, occurrence: Occurrence) -> View:
    """What is known without GitHub: the meetings before and after, and which headings the agenda will have."""
    earlier = takewhile(lambda one: one.day < occurrence.day, occurrences(series))
    before = [one for one in earlier if one.status == "planned"]
    after = following(series, occurrence.start, limit=1)
    previous = Neighbour(before[-1].number, before[-1].start) if before else None
    seen = View(
        previous,
        Neighbour(after[0].number, after[0].start) if after else None,
        agenda.announced([query.heading for query in series.agenda.queries]),
    )
    if previous is None:
        return seen
    title = template.title(series, source, before[-1], seen)
    return replace(seen, previous=replace(previous, title=title, url=_search(series, title)))


def _search(series: Series, title: str) -> str:
    repository = series.issue.repo
    return SEARCH.format(repository, urlencode({"q": f'is:issue in:title "{title}"'})) if repository else ""
