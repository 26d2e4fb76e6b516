"""Every address of the application, found by itself, with something to put into each part that varies.

A new page is in here as soon as it is served. A part that nobody has filled yet fails the test that asks for it: say in
`PARTS` what stands there for something private.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from app.web.asgi import Application

HIDDEN, ABSENT = "zzyzx", "nowhr"
"""Part of every name of the private repository, and of names that nothing has; of one length."""
PARTS = {
    "owner": ["acme"],
    "name": [f"vault-{HIDDEN}"],
    "repo": [f"vault-{HIDDEN}"],
    "number": ["7", "30"],
    "n": ["1"],
    "series": [f"series-{HIDDEN}"],
    "date": ["2026-11-01"],
    "day": ["2026-11-01"],
    "named": ["7", "2026-11-01", f"queue-{HIDDEN}"],
    "id_": ["1"],
    "queue": ["untriaged", f"queue-{HIDDEN}"],
    "id": ["untriaged", f"queue-{HIDDEN}"],
    "label": [f"label-{HIDDEN}"],
    "seq": ["1"],
    "form": ["json", "csv", "atom", "css"],
}
OF_LABELS = {"name": [f"label-{HIDDEN}"]}
"""What `name` means below /labels."""
QUERIES = ("", f"?repo=acme/vault-{HIDDEN}", f"?label=label-{HIDDEN}", f"?q={HIDDEN}", f"?repository=acme/vault-{HIDDEN}",
           f"?milestone=milestone-{HIDDEN}", f"?assignee=person-{HIDDEN}", f"?author=person-{HIDDEN}", f"?owner=person-{HIDDEN}",
           f"?series=series-{HIDDEN}")  # fmt: skip
FORMS = ("", ".json", ".csv", ".atom", ".ics")
NOT_PAGES = ("/login", "/login/callback", "/logout", "/livez", "/readyz", "/metrics", "/static", "/schema/rounds.json")
"""Without anything of a repository: numbers of the whole server, files, the way in."""
_PART = re.compile(r"{(\w+)(?::\w+)?}")


def templates(application: Application) -> list[tuple[str, frozenset[str]]]:
    """(path, methods) of every route, with names of parts in braces."""
    return sorted({(path, methods) for path, methods in _of(application.pages.routes)}, key=lambda one: one[0])


def _of(routes) -> Iterator[tuple[str, frozenset[str]]]:
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


def filled(template: str) -> list[str]:
    """Addresses of the template for what is private."""
    names = set(_PART.findall(template))
    parts = PARTS | (OF_LABELS if template.startswith("/labels/") else {})
    unknown = names - parts.keys()
    assert not unknown, f"say in tests/web/all_routes.py what {unknown} of {template} is for something private"
    found = [template]
    for name in names:
        found = [re.sub(rf"{{{name}(:\w+)?}}", value, path) for path in found for value in parts[name]]
    return found


def addresses(template: str) -> list[str]:
    """Those of `filled`, in every form, with every query that names something private."""
    plain = filled(template)
    forms = [f"{path}{form}" for path in plain for form in FORMS]
    return list(dict.fromkeys([*forms, *(f"{path}{query}" for path in [*plain, *forms[:3]] for query in QUERIES)]))
