"""What is written about Rounds agrees with Rounds: a setting, command, metric or table that nobody explained fails here."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import yaml

from app.commands import registry
from app.config import check, defaults, guard, series
from app.core import grammar
from app.engine import roles, upkeep
from app.engine.relay import Caps
from app.github import client
from app.github.limits import Limits
from app.settings import HOURLY_COMMANDS, VARIABLES
from app.store import inbox, writer
from app.store.tables import metadata
from app.web import server, webhook
from tests import documents
from tests.tree import ROOT, files, shown

PAGES = tuple(path for path in files() if path.suffix == ".md" and path.parent in {ROOT, ROOT / "docs"})
LINK = re.compile(r"\]\(([^)\s]+)\)")
FENCE = re.compile(r"```(\w*)\n(.*?)```", re.DOTALL)


def read(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def blocks(text: str, language: str) -> list[str]:
    return [body for found, body in FENCE.findall(text) if found == language]


@pytest.mark.parametrize("path", PAGES, ids=shown)
def test_generated_parts_are_fresh(path):
    """If not: `make docs`."""
    text = path.read_text(encoding="utf-8")
    assert documents.filled(text) == text


def test_every_part_stands_somewhere():
    used = {name for path in PAGES for _, name, *_ in documents.PART.findall(path.read_text(encoding="utf-8"))}
    assert used == set(documents.PARTS)


def test_the_readme_has_the_table_of_commands():
    assert registry.table(defaults.load()) in read("README.md")


def test_the_example_of_settings_is_whole():
    """If not: `make docs`."""
    text = read(".env.example")
    assert text == documents.dotenv()
    assert set(re.findall(r"^#(ROUNDS_\w+)=$", text, re.MULTILINE)) == {name for v in VARIABLES for name in v.names}


def test_settings_that_are_mentioned_exist():
    known = {name for variable in VARIABLES for name in variable.names}
    for name in ("README.md", "compose.yml", "Dockerfile", *(shown(path) for path in PAGES)):
        assert set(re.findall(r"ROUNDS_[A-Z_]+", read(name))) <= known, name


def test_metrics_that_are_mentioned_exist():
    known = set(re.findall(r"`(rounds_\w+)`", documents.metrics()))
    assert set(re.findall(r"rounds_\w+", read("docs/operator.md"))) <= known


def test_commands_of_the_command_line_that_are_mentioned_exist():
    known = {" ".join(usage.split()[:2]) for usage, _ in documents._cli()}
    for path in PAGES:
        mentioned = re.findall(r"(?:`|bin/|^)(rounds [a-z]+)\b", path.read_text(encoding="utf-8"), re.MULTILINE)
        assert set(mentioned) <= known, shown(path)


def test_the_limits_are_those_of_the_code():
    """In the order of the table: what is said there of each, made from what the code says."""
    caps, github, day = Caps(), Limits(), upkeep.DAY
    expected = [
        f"{webhook.LARGEST >> 20} MB, as GitHub's; {webhook.BUFFERED >> 20} MB in all",
        f"{server.HEAD_BYTES >> 10} kB within {server.HEAD_SECONDS:.0f} s; a body within {webhook.PATIENCE:.0f} s",
        f"{server.CONNECTIONS:,}",
        f"{inbox.WAITING:,} or {inbox.WAITING_BYTES >> 20} MB",
        f"503 after about {writer.PATIENCE:.0f} s",
        f"{caps.total} deliveries a worker, {caps.per_installation} of one installation",
        f"{github.concurrency} of one worker, {client._MOST_AT_ONCE} of all",
        f"{github.write_burst} at once, then {github.writes_per_second:.0f} a second; {github.content_per_minute} a minute "
        f"and {github.content_per_hour} an hour",
        f"{github.points_per_minute} a minute (REST) and {github.graphql_points_per_minute:,} (GraphQL)",
        f"{HOURLY_COMMANDS} an hour (`ROUNDS_HOURLY_COMMANDS`)",
        f"{grammar.MOST_TARGETS}, {grammar.MOST_COMMANDS}",
        f"less than {github.floor:.0%} of",
        f"kept {upkeep.KEEP_BODIES // day} days",
        f"kept {upkeep.KEEP_WORK // day} days",
        "for ever",
        f"{roles.FRESH:.0f} s",
        f"{guard.MOST_BYTES >> 10} kB, {guard.MOST_NODES:,} values, {guard.MOST_DEPTH} deep",
    ]
    section = read("docs/operator.md").partition("## Limits")[2].partition("##")[0]
    rows = [row for row in section.splitlines() if row.startswith("| ")][2:]
    assert [said for said, row in zip(expected, rows, strict=True) if said not in row] == []


def test_every_table_is_explained():
    text = read("docs/design.md")
    assert [name for name in metadata.tables if f"`{name}`" not in text] == []


@pytest.mark.parametrize("path", PAGES, ids=shown)
def test_links_lead_somewhere(path):
    for target in LINK.findall(path.read_text(encoding="utf-8")):
        address, _, anchor = target.partition("#")
        if "://" in address:
            continue
        file = path.parent / address if address else path
        assert file.exists(), target
        if anchor and file.suffix == ".md":
            assert anchor in _anchors(file), target


def _anchors(path: Path) -> set[str]:
    """As GitHub makes them of headings."""
    headings = re.findall(r"^#+ (.*)$", path.read_text(encoding="utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).strip().replace(" ", "-") for heading in headings}


def test_the_block_that_starts_the_demo_has_nothing_else_to_do():
    (block,) = [body for body in blocks(read("README.md"), "sh") if "make demo" in body]
    assert [line for line in block.splitlines() if not re.match(r"make demo$|git clone |cd ", line)] == []


def test_both_commands_of_the_readme_exist():
    targets = set(re.findall(r"^([a-z]+):", read("Makefile"), re.MULTILINE))
    used = {word for page in PAGES for word in re.findall(r"make ([a-z]+)", page.read_text(encoding="utf-8"))}
    assert {"demo", "test"} <= used
    assert {word for word in used if word in targets} >= {"demo", "test", "setup", "check", "soak", "docs"}


def test_the_configurations_that_are_shown_are_good():
    pages = [page for page in PAGES if page.name != "meetings.md"]
    shown_ones = [body for page in pages for body in blocks(page.read_text(encoding="utf-8"), "yaml")]
    assert shown_ones
    base = defaults.load()
    for body in shown_ones:
        meeting = re.search(r"^schedule:", body, re.MULTILINE)
        found = series.read_series(body, filename="weekly.yml") if meeting else check.read(body, base=base)
        assert [str(problem) for problem in found.problems] == []


def test_the_series_that_are_shown_are_good_and_make_issues():
    """The first takes people's issue template, the second the Markdown that stands after it."""
    text = read("docs/meetings.md")
    habit, whole = blocks(text, "yaml")
    for body, template in ((habit, "---\nlabels: meeting\n---\nHello\n"), (whole, blocks(text, "markdown")[0])):
        found = series.read_series(body, filename="weekly.yml", template=template)
        assert [str(problem) for problem in found.problems] == []


def test_compose_and_image_fit_the_command_line():
    services = yaml.safe_load(read("compose.yml"))["services"]
    assert services["receiver"]["command"][0] == "serve"
    assert services["worker"]["command"] == ["worker"]
    for name in ("receiver", "postgres"):
        assert services[name].get("healthcheck") or "HEALTHCHECK" in read("Dockerfile")
    assert "USER 10001" in read("Dockerfile")
    assert "--require-hashes" in read("Dockerfile")


def test_nothing_promises_a_speed_without_a_measurement():
    """Numbers of speed stand in benchmarks/ and nowhere else."""
    for path in PAGES:
        assert not re.search(r"\b[\d,.]+ ?(?:/s|per second|ms)\b", path.read_text(encoding="utf-8")), shown(path)
