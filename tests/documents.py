"""The parts of the documents that are made from the code: `make docs` writes them, a test compares them.

A part stands between `<!-- generated: name -->` and `<!-- end -->`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

import typer.main

from app import registration
from app.cli.commands import cli
from app.commands import registry
from app.config import defaults, document, series_document
from app.meetings import sight
from app.settings import VARIABLES
from app.web.metrics import Metrics
from tests.tree import ROOT

PART = re.compile(r"(<!-- generated: (\w+) -->\n)((?:(?!<!--).)*)(<!-- end -->)", re.DOTALL)


def commands() -> str:
    return registry.table(defaults.load())


def configuration() -> str:
    return document.reference().strip()


def series() -> str:
    return series_document.reference().strip()


def conditions() -> str:
    return document.conditions()


def shipped_rules() -> str:
    return document.shipped_rules(defaults.load().rules)


def settings() -> str:
    rows = (
        (
            f"`{v.name}`" + (" or `…_FILE`" if v.secret else ""),
            v.meaning,
            f"`{v.default}`" if "://" in v.default else v.default,
        )
        for v in VARIABLES
    )
    return _table(("variable", "meaning", "default"), rows)


def permissions() -> str:
    needed = [(name, level, what) for name, (level, what) in registration.PERMISSIONS.items()]
    rest = [(name, f"{level}, optional", what) for name, (level, what) in registration.OPTIONAL_PERMISSIONS.items()]
    return _table(("permission", "level", "for"), ((_words(name), level, what) for name, level, what in needed + rest))


def events() -> str:
    needed = [(name, what) for name, what in registration.EVENTS.items()]
    rest = [(name, f"optional: {what}") for name, what in registration.OPTIONAL_EVENTS.items()]
    return _table(("event", "for"), ((_words(name), what) for name, what in needed + rest))


def metrics() -> str:
    found = [family for family in Metrics().registry.collect() if not family.name.startswith("rounds_process")]
    rows = ((f"`{_metric(family.name, family.type)}`", family.type, family.documentation) for family in found)
    return _table(("metric", "kind", "meaning"), rows)


def template_names() -> str:
    """What templates of meetings see."""
    rows = (sight.NAMES | sight.LATER_NAMES).items()
    return _table(("name", "what it is"), ((f"`{name}`", text.replace("|", "\\|")) for name, text in rows))


def cli_commands() -> str:
    return _table(("command", "does"), ((f"`{usage}`", text) for usage, text in _cli()))


def _cli() -> Iterator[tuple[str, str]]:
    group = typer.main.get_command(cli)
    for name, command in group.commands.items():
        for words, leaf in ((f"{name} {sub}", c) for sub, c in getattr(command, "commands", {"": command}).items()):
            yield f"rounds {words}".strip(), " ".join((leaf.help or "").split())


def dotenv() -> str:
    """`.env.example`."""
    parts = ["# Settings of Rounds. Copy to `.env`, or set them in the environment, which outweighs this file."]
    for variable in VARIABLES:
        shown = f" (default: {variable.default})" if variable.default else ""
        lines = [f"# {variable.meaning}{shown}".replace("`", ""), f"#{variable.name}="]
        parts.append("\n".join([*lines, *([f"#{variable.name}_FILE="] if variable.secret else [])]))
    return "\n\n".join(parts) + "\n"


PARTS: dict[str, Callable[[], str]] = {
    part.__name__: part
    for part in (
        commands,
        configuration,
        series,
        conditions,
        shipped_rules,
        settings,
        permissions,
        events,
        metrics,
        template_names,
        cli_commands,
    )
}


def filled(text: str) -> str:
    """A document with its parts made anew."""
    return PART.sub(lambda found: f"{found[1]}{PARTS[found[2]]()}\n{found[4]}", text)


def _metric(name: str, kind: str) -> str:
    return f"{name}_total" if kind == "counter" else name


def _words(name: str) -> str:
    return name.replace("_", " ").capitalize()


def _table(head: tuple[str, ...], rows: Iterator[tuple[str, ...]]) -> str:
    lines = [head, tuple("---" for _ in head), *rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


def main() -> None:
    """Writes every document anew."""
    for path in [*ROOT.glob("*.md"), *(ROOT / "docs").glob("*.md")]:
        path.write_text(filled(path.read_text(encoding="utf-8")), encoding="utf-8")
    (ROOT / ".env.example").write_text(dotenv(), encoding="utf-8")


if __name__ == "__main__":
    main()
