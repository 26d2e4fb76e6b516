"""The issue of one meeting from its template: title, labels, body, and the front matter that its archive has.

A template is Markdown in the small language of `app.core.template`; issue templates of GitHub are read as they are.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

from app.config.nearest import did_you_mean
from app.config.series_schema import Series
from app.core import template as engine
from app.core.mentions import named, quieted
from app.core.template_budget import TemplateMistake
from app.core.text import clip, code, listed, one_line
from app.core.values import Ref
from app.meetings import agenda, front_matter, sight
from app.meetings.agenda import AgendaItem, TodoLine
from app.meetings.occurrence import Occurrence
from app.meetings.sight import Neighbour, View

__all__ = ["Neighbour", "Rendered", "View", "archive_path", "comment", "problems", "render", "title"]

ISSUE_TEMPLATES = ".github/ISSUE_TEMPLATE/"
TITLE = "{{ name }} {{ start | date('iso') }}"
"""Where neither the series nor the template has one."""
LONGEST_TITLE = 256
"""Characters; GitHub answers 422 above."""
LONGEST_LABEL = 50
PLACEHOLDER = "###"
"""What people write in a title for the number that they will fill in by hand."""

_PATH = re.compile(r"[^\x00-\x1f\x7f\\:*?\"<>|\u200b]{1,200}")
_OUTSIDE = re.compile(r"^/|/$|//|(^|/)\.{1,2}(/|$)|(^|/)\.git(/|$)|^\.github/workflows/", re.IGNORECASE)
"""Not a file, not in the repository, or one that GitHub would run."""
_LINE = re.compile(r"((?:: |; |, )line )([0-9]{1,5})\b")
_ROOMY = 20_000
"""Characters of an agenda for which nothing has to be measured."""
_PROBE = "x" * 1000


@dataclass(frozen=True, slots=True)
class Rendered:
    """`front_matter`: with its `---` and the empty line behind it, so that an archive is `front_matter + body`.

    `assignees` and `issue_type`: as an issue template of GitHub's names them; whether there are such is not known here.
    """

    title: str
    labels: tuple[str, ...]
    body: str
    front_matter: str
    assignees: tuple[str, ...] = ()
    issue_type: str = ""


def render(series: Series, template: str, occurrence: Occurrence, view: View) -> Rendered:
    """The issue of `occurrence`. The body is at most 60,000 characters: a longer agenda is cut, and says so.

    Raises TemplateMistake, a sentence that says what to mend.
    """
    seen = _seen(series, occurrence, view)
    front, source = front_matter.split(template)
    said = _front(front, seen)
    named_so = _title(series, said, seen)
    labels = _labels([*series.issue.labels, *front_matter.labels(said)])
    body = _body(series, source, seen, template.removesuffix(source).count("\n"))
    names = named(template) | sight.allowed(series, occurrence, view) | named(f"{occurrence.place} {series.about}")
    block = _written(series, front, seen, named_so, labels)
    wished = front_matter.assignees(said), front_matter.issue_type(said)
    return Rendered(named_so, labels, quieted(body, names), block, *wished)


def title(series: Series, template: str, occurrence: Occurrence, view: View) -> str:
    """The title alone. Raises TemplateMistake."""
    seen = _seen(series, occurrence, view)
    return _title(series, _front(front_matter.split(template)[0], seen), seen)


def archive_path(series: Series, occurrence: Occurrence, view: View) -> str | None:
    """Where `archive.path` puts the minutes, from the root of the repository. Raises TemplateMistake, for other places too."""
    if series.archive is None:
        return None
    path = _filled("`archive.path`", series.archive.path, _seen(series, occurrence, view)).strip()
    if not _PATH.fullmatch(path) or _OUTSIDE.search(path):
        hint = "it must be the path of a file in the repository, as `meetings/2026-09-18.md`"
        raise TemplateMistake(f"`archive.path` gives {code(path)}: {hint}.")
    return path


def comment(series: Series, occurrence: Occurrence, view: View) -> str | None:
    """What `issue.previous.comment` says in the issue of `occurrence` once the next, `view.number_of_next`, is open."""
    source = series.issue.previous.comment
    if source is None:
        return None
    text = _filled("`issue.previous.comment`", source, sight.values(series, occurrence, view))
    return quieted(text, named(source) | sight.allowed(series, occurrence, view))


def problems(series: Series, template: str, occurrences: Iterable[Occurrence]) -> list[str]:
    """What would go wrong on the day, a sentence each: found by filling it in, with nothing known and with everything."""
    found: dict[str, None] = {}
    for occurrence in occurrences:
        for view in _samples(series, occurrence):
            for sentence in _tried(series, template, occurrence, view):
                found[sentence] = None
    return list(found)


def _tried(series: Series, template: str, occurrence: Occurrence, view: View) -> Iterator[str]:
    attempts: list[Callable[[], object]] = [
        lambda: render(series, template, occurrence, view),
        lambda: comment(series, occurrence, view),
        lambda: archive_path(series, occurrence, view),
    ]
    for attempt in attempts:
        try:
            attempt()
        except TemplateMistake as mistake:
            yield str(mistake)


def _samples(series: Series, occurrence: Occurrence) -> tuple[View, View]:
    """The least and the most that can be known. A series without an end always has a next meeting."""
    ref = Ref("acme/widgets", 7)
    before, after = (Neighbour(occurrence.number + n, occurrence.start + timedelta(days=7 * n)) for n in (-1, 1))
    item = AgendaItem("Carried over", ref, "An item", by="octocat", carried_from=occurrence.number, times=2)
    full = View(
        replace(before, title="The one before", url="https://github.com/acme/widgets/issues/7", ref=ref),
        after,
        agenda.region([item]),
        "https://github.com/acme/widgets/issues/8",
        ("octocat",),
        (item,),
        (TodoLine(("octocat",), "Something to do", ref=ref),),
        number_of_next=8,
    )
    ends = re.search("COUNT|UNTIL", series.schedule.rule)
    return View(next=None if ends else after, number_of_next=8), full


def _seen(series: Series, occurrence: Occurrence, view: View) -> dict[str, object]:
    """What all but the last comment see: before the next issue is there nothing knows its number."""
    return sight.values(series, occurrence, replace(view, number_of_next=None))


def _filled(what: str, source: str, seen: Mapping[str, object], above: int = 0) -> str:
    """Raises TemplateMistake that says which template it is, and all that is wrong with it. `above`: lines of its file."""
    called = what[0].upper() + what[1:]
    if unknown := tuple(sorted(engine.names(source).difference(seen))):
        raise TemplateMistake(f"{called} asks for {listed(unknown, 5)}, which no meeting has: {_hint(unknown, seen)}")
    try:
        return engine.render(source, seen)
    except TemplateMistake as mistake:
        sentence = _LINE.sub(lambda found: f"{found[1]}{int(found[2]) + above}", str(mistake))
        raise TemplateMistake(sentence.replace("The template", called, 1)) from mistake


def _hint(unknown: Sequence[str], seen: Iterable[str]) -> str:
    """What the person may have meant."""
    if set(unknown) <= set(sight.LATER_NAMES):
        return "only `issue.previous.comment` may."
    near = did_you_mean(unknown[0], list(seen)) if len(unknown) == 1 else ""
    return near or f"it sees {', '.join(seen)}."


def _front(front: front_matter.Front | None, seen: Mapping[str, object]) -> dict[str, object]:
    """What the template's front matter says for this meeting."""
    if front is None:
        return {}
    said, wrong = front_matter.values(_rendered_front(front, seen))
    if wrong:
        raise TemplateMistake(f"The front matter of the template can't be read: {'; '.join(wrong[:3])}.")
    return said


def _rendered_front(front: front_matter.Front, seen: Mapping[str, object]) -> front_matter.Front:
    return front_matter.Front(_filled("the front matter of the template", front.text, seen, above=1), front.gap)


def _title(series: Series, said: Mapping[str, object], seen: Mapping[str, object]) -> str:
    given = "" if series.issue.title else front_matter.title(said)
    whole = one_line(given or _filled("`issue.title`", series.issue.title or TITLE, seen))
    if PLACEHOLDER in whole:
        hint = "set `issue.title` in the series' file, with `#{{ number | pad(3) }}` in that place"
        raise TemplateMistake(f"The title `{clip(whole, 80)}` still has a place for the number: {hint}.")
    if not whole:
        raise TemplateMistake("The title is empty: write one in `issue.title`.")
    return clip(whole, LONGEST_TITLE)


def _labels(names: Iterable[str]) -> tuple[str, ...]:
    """Each once, whatever its case; the first spelling counts."""
    found: dict[str, str] = {}
    for name in names:
        found.setdefault(name.lower(), name[:LONGEST_LABEL])
    return tuple(found.values())


def _body(series: Series, source: str, seen: Mapping[str, object], above: int) -> str:
    """`above`: lines of the front matter."""
    source = _with_agenda(series, source)
    if seen["summer_time"] and "summer_time" not in engine.names(source):
        source, above = "{{ summer_time }}\n\n" + source, above - 2
    return _filled("the template", source, {**seen, "agenda": _fitting(source, seen)}, above)


def _with_agenda(series: Series, source: str) -> str:
    """A template of GitHub's can't show it itself: people who use it by hand would see the braces."""
    foreign = series.template_path.startswith(ISSUE_TEMPLATES)
    if not foreign or series.agenda.link != "inline" or "agenda" in engine.names(source):
        return source
    return source.rstrip("\n") + "{% if agenda %}\n\n## Agenda\n\n{{ agenda }}\n{% endif %}"


def _fitting(source: str, seen: Mapping[str, object]) -> object:
    """The agenda, cut if the body would be too long with all of it."""
    region = seen["agenda"]
    if not isinstance(region, str) or len(region) + len(source) <= _ROOMY:
        return region
    spare, probed = (len(_filled("the template", source, {**seen, "agenda": text})) for text in ("", _PROBE))
    places = max((probed - spare) // len(_PROBE), 1)
    return type(region)(
        agenda.shortened(region, (engine.MOST_OUT - max(spare, probed - len(_PROBE) * places)) // places)
    )


def _written(
    series: Series,
    front: front_matter.Front | None,
    seen: Mapping[str, object],
    named_so: str,
    labels: tuple[str, ...],
) -> str:
    keys = series.archive.front_matter if series.archive else ()
    known: dict[str, object] = {"title": named_so, "labels": labels}
    if keys or front is None:
        known |= {"name": series.name, "about": series.about}
    return front_matter.written(known, keys, _rendered_front(front, seen) if front else None)
