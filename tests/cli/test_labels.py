"""`rounds labels`: shown, made so, and brought back."""

from __future__ import annotations

import io
import re
import sys

import pytest

from app.github.limits import Limits
from tests.journeys.town import REPO

CONFIG = """\
labels:
  - {name: accessibility, color: "0e8a16", previously: [a11y]}
  - {name: bug, color: "d73a4a", description: It broke}
"""


@pytest.fixture
def town(town, monkeypatch):
    """`a11y` on an open and on a closed issue. Our own limits below GitHub's would take seconds for each write."""
    monkeypatch.setattr(Limits, "github", Limits.unlimited)
    town.world.create_label(REPO, "a11y", by="mia")
    for closed in (False, True):
        issue = town.world.open_issue(REPO, "It broke", by="rita")
        town.world.add_labels(issue, ["a11y"], by="mia")
        if closed:
            town.world.close_issue(issue, by="mia")
    return town


async def configured(town, text: str = CONFIG) -> None:
    town.world.push_file(REPO, ".github/rounds.yml", text, by="mia")
    await town.settled()


def labels(town, name: str) -> list[int]:
    return [number for number, issue in town.world.find_repository(REPO).issues.items() if name in issue.label_names]


def names(town) -> list[str]:
    return [label.name for label in town.world.find_repository(REPO).labels.values()]


async def test_diff_shows_and_changes_nothing(rounds, town):
    await configured(town)
    said = await rounds.later("labels", "diff", REPO)
    assert said.status == 0
    assert re.search(r"acme/widgets +recolour, describe +bug +#d73a4a · “It broke” +0", said.out)
    assert re.search(r"acme/widgets +recolour +accessibility +#0e8a16 +0", said.out)
    assert re.search(r"acme/widgets +merge +a11y +accessibility +2", said.out)
    assert "acme/widgets: 2 to recolour, 1 to describe, 1 to merge; 10 not described and left alone: " in said.out
    assert labels(town, "a11y") == [1, 2]


async def test_an_organization_is_all_its_repositories(rounds, town):
    town.world.archive_repository("acme/secret", by="ann")
    await configured(town)
    said = await rounds.later("labels", "diff", "ACME")
    assert "acme/gadgets: its configuration describes no labels." in said.out
    assert "acme/widgets: 2 to recolour" in said.out
    assert "acme/secret" not in said.out


async def test_sync_and_the_second_one_is_empty(rounds, town):
    await configured(town)
    said = await rounds.later("labels", "sync", REPO, "--yes")
    assert said.status == 0, said
    assert said.out.endswith("acme/widgets: 2 recoloured, 1 described, 1 merged.\n")
    assert "acme/widgets: merge a11y into accessibility" in said.err
    assert "2/2" in said.err
    assert (labels(town, "accessibility"), "a11y" in town.world.find_repository(REPO).labels) == ([1, 2], False)
    said = await rounds.later("labels", "sync", REPO)
    assert said.status == 0
    assert said.out.startswith("acme/widgets: all labels are as described; ")


async def test_nobody_is_there_to_say_yes(rounds, town, monkeypatch):
    await configured(town)
    monkeypatch.setattr(sys, "stdin", io.StringIO("y\n"))
    said = await rounds.later("labels", "sync", REPO)
    assert (said.status, said.err) == (1, "Nothing was changed: say --yes to do it without being asked.\n")
    assert labels(town, "a11y") == [1, 2]


class Person(io.StringIO):
    """Somebody who sits at the terminal and types this."""

    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize(("typed", "status", "left"), [("n\n", 1, [1, 2]), ("y\n", 0, [])])
async def test_somebody_is_asked(rounds, town, monkeypatch, typed, status, left):
    await configured(town)
    monkeypatch.setattr(sys, "stdin", Person(typed))
    said = await rounds.later("labels", "sync", REPO)
    assert (said.status, labels(town, "a11y")) == (status, left)
    assert "Do it? [y/N]" in said.out


async def test_unknown_labels_go_only_by_their_number(rounds, town):
    await configured(town, "labels: [{name: bug}, {name: a11y}, {name: 'C#'}]")
    said = await rounds.later("labels", "diff", REPO)
    number = re.search(r"(\d+) not described", said.out)[1]
    said = await rounds.later("labels", "sync", REPO, "--yes", "--delete-unknown", "1")
    assert said.status == 1
    assert said.err.startswith(f"{number} labels are unknown here, not 1: ")
    assert "confirmed" in town.world.find_repository(REPO).labels
    await configured(town, "\n".join(["labels:", *(f"  - name: '{name}'" for name in names(town)[2:])]))
    said = await rounds.later("labels", "sync", REPO, "--yes", "--delete-unknown", "2")
    assert said.status == 0, said
    assert said.out.endswith("acme/widgets: 2 deleted.\n")


async def test_a_merge_is_listed_and_brought_back(rounds, town):
    said = await rounds.later("labels", "restore", REPO)
    assert said.out == "No label was merged or deleted there.\n"
    await configured(town, "labels: [{name: accessibility, previously: [a11y]}]")
    await rounds.later("labels", "sync", REPO, "--yes")
    said = await rounds.later("labels", "restore", REPO)
    assert re.search(r"1 +\d{4}-\d\d-\d\d \d\d:\d\d +a11y +accessibility +2 +done", said.out)
    said = await rounds.later("labels", "restore", REPO, "1", "--yes")
    assert said.status == 0, said
    assert said.out.splitlines() == [
        "a11y comes back on 2 issues; accessibility goes where the merge had put it.",
        "a11y is back on 2 issues.",
        "The configuration still says `previously: a11y`: take it out there, or the next sync merges it again.",
    ]
    assert (labels(town, "a11y"), labels(town, "accessibility")) == ([1, 2], [])
    said = await rounds.later("labels", "restore", REPO, "1", "--yes")
    assert (said.status, said.err) == (1, "a11y was brought back already (number 1).\n")


async def test_what_github_refuses_is_said_with_status_1(rounds, town):
    await configured(town)
    (installation,) = town.world.installations.values()
    installation.permissions["issues"] = "read"
    said = await rounds.later("labels", "sync", REPO, "--yes")
    assert said.status == 1
    assert "Resource not accessible by integration" in said.out


@pytest.mark.parametrize(
    ("words", "mistake"),
    [
        (("diff", "nobody"), "nobody is in no installation of this App"),
        (("sync", "acme/nothing", "--yes"), "acme/nothing is in no installation of this App"),
        (("restore", "acme"), "acme is not the name of a repository"),
        (("restore", "acme/gadgets", "3"), "There is no number 3 in acme/gadgets"),
    ],
)
@pytest.mark.usefixtures("town")
async def test_names_that_name_nothing(rounds, words, mistake):
    said = await rounds.later("labels", *words)
    assert said.status == 1
    assert said.err.startswith(mistake)


async def test_an_archived_repository_is_refused(rounds, town):
    town.world.archive_repository("acme/gadgets", by="ann")
    said = await rounds.later("labels", "diff", "acme/gadgets")
    assert (said.status, said.err) == (1, "acme/gadgets is archived: GitHub changes nothing there.\n")
