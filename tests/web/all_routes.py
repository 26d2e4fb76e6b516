"""Every address of the application, found by itself, with something to put into each part that varies.

A new page is in here as soon as it is served. A part that nobody has filled yet fails the test that asks for it: say in
`PARTS` what stands there for something private.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping

from app.web.asgi import Application

HIDDEN = "zzyzx"
"""Part of every name of the private repository."""
PARTS = {
    "owner": ["acme"],
    "name": [f"vault-{HIDDEN}"],
    "repo": [f"vault-{HIDDEN}"],
    "number": ["7", "30"],
    "n": ["1"],
    "series": [f"series-{HIDDEN}"],
    "date": ["2026-11-01"],
    "day": ["2026-11-01"],
    "named": ["7", "2026-11-01", f"queue-{HIDDEN}", f"series-{HIDDEN}"],
    "id_": ["1"],
    "id": ["untriaged", f"queue-{HIDDEN}"],
    "label": [f"label-{HIDDEN}"],
    "form": ["json", "csv", "atom"],
}
OF_LABELS = {"name": [f"label-{HIDDEN}"]}
"""What `name` means below /labels."""
QUERIES = ("repo=acme/vault-{}", "label=label-{}", "q={}", "repository=acme/vault-{}", "milestone=milestone-{}",
           "assignee=person-{}", "author=person-{}", "owner=person-{}", "series=series-{}")  # fmt: skip
FORMS = ("", ".json", ".csv", ".atom", ".ics")
NOT_PAGES = ("/login", "/login/callback", "/logout", "/livez", "/readyz", "/metrics", "/static",
             "/schema/rounds.json", "/schema/meeting.json")  # fmt: skip
"""Without anything of a repository: numbers of the whole server, files, the way in and out."""
_PART = re.compile(r"{(\w+?)_?(?::\w+)?}")


def templates(application: Application) -> list[tuple[str, frozenset[str]]]:
    """(path, methods) of every route, with names of parts in braces."""
    return sorted({(path, methods) for path, methods in _of(application.pages.routes)}, key=lambda one: one[0])


def _of(routes: Iterable) -> Iterator[tuple[str, frozenset[str]]]:
    for route in routes:
        inner = getattr(route, "original_router", None)
        if inner is not None:
            yield from _of(inner.routes)
        else:
            yield route.path, frozenset(getattr(route, "methods", None) or {"GET"})


def pages(application: Application) -> list[str]:
    """Templates of all that can be looked at."""
    found = [path for path, methods in templates(application) if "GET" in methods and path not in NOT_PAGES]
    return list(dict.fromkeys(found))


def filled(template: str, parts: Mapping[str, list[str]] | None = None) -> list[str]:
    """Addresses of the template, for what is private or with other `parts`."""
    names = set(_PART.findall(template))
    values = parts or PARTS | (OF_LABELS if template.startswith("/labels/") else {})
    unknown = names - values.keys()
    assert not unknown, f"say in tests/web/all_routes.py what {unknown} of {template} is for something private"
    found = [template]
    for name in names:
        found = [re.sub(rf"{{{name}_?(:\w+)?}}", value, path) for path in found for value in values[name]]
    return found


def addresses(template: str) -> list[str]:
    """Those of `filled`; in every form where no template of its own has the forms; with queries that name something private.

    The JSON, which tells all that the others do, is asked every question.
    """
    ends = FORMS if template.endswith("}") and not template.endswith("{form}") else ("",)
    found = [f"{path}{form}" for path in filled(template) for form in ends]
    questions = [
        (path, QUERIES if path.endswith(".json") else QUERIES[:1]) for path in found if not path.endswith(".csv")
    ]
    asked = [f"{path}?{query.format(HIDDEN)}" for path, queries in questions for query in queries]
    return list(dict.fromkeys([*found, *asked]))
