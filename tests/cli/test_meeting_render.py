"""`rounds meetings render` as a process of its own: no GitHub, no settings, the very bytes."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from datetime import date

import pytest

from tests.meetings import orchard
from tests.tree import ROOT

DAY = date(2023, 1, 26)


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "conf" / "meetings").mkdir(parents=True)
    (tmp_path / "conf" / "meetings" / "orchard.yml").write_bytes(orchard.SERIES.encode())
    (tmp_path / "conf" / "meetings" / "orchard.md").write_bytes(orchard.TEMPLATE.encode())
    return tmp_path


def run(folder, *words: str) -> tuple[int, str, str]:
    """In an empty environment, with the locale of a bare container."""
    environment = {"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT), "LC_ALL": "C"}
    command = [sys.executable, "-m", "app", "meetings", "render", *words]
    ran = subprocess.run(command, cwd=folder, env=environment, capture_output=True, check=False)
    return ran.returncode, ran.stdout.decode(), ran.stderr.decode()


def body() -> str:
    """What is expected: the finished minutes, before people wrote into them."""
    empty = orchard.MINUTES
    for before, after in orchard.GAPS:
        head, _, behind = empty.partition(before)
        empty = head + before + (after + behind.partition(after)[2] if after else "")
    return empty


def test_title_labels_and_body(folder):
    status, out, _ = run(folder, "orchard", "--config", "conf", "--date", "2023-01-26")
    assert status == 0
    assert out == f"Title: Round Table #0012: it’s January\nLabels: round table, open: minutes\n\n{body()}"


def test_as_json(folder):
    status, out, _ = run(folder, "orchard", "--config", "conf", "--date", "2023-01-26", "--json")
    assert status == 0
    assert json.loads(out) == {
        "title": "Round Table #0012: it’s January",
        "labels": ["round table", "open: minutes"],
        "body": body(),
    }


def test_the_file_of_the_archive_and_nothing_else(folder):
    words = ("orchard", "--config", "conf", "--date", "2023-01-26", "--front-matter")
    assert run(folder, *words)[:2] == (0, orchard.FRONT_MATTER + body())
    assert json.loads(run(folder, *words, "--json")[1])["body"] == orchard.FRONT_MATTER + body()


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("orchard", "--date", "2023-02-23"), "The meeting of orchard on 2023-02-23 is skipped: harvest."),
        (("orchard", "--date", "2023-01-27"), "orchard has no meeting on 2023-01-27"),
        (("orchard", "--date", "1999-01-07"), "orchard has no meeting on 1999-01-07"),
        (("orchard", "--date", "soon"), "soon is no date: write it as 2020-09-18."),
        (("meadow", "--date", "2023-01-26"), "There is no series `meadow`"),
    ],
)
def test_what_is_not_there_is_said_with_its_reason(folder, words, sentence):
    status, out, err = run(folder, *words, "--config", "conf")
    assert (status, out) == (1, "")
    assert sentence in " ".join(err.split())


def test_in_a_repository_no_folder_has_to_be_named(folder):
    (folder / "conf").rename(folder / ".github")
    assert run(folder, "orchard", "--date", "2023-01-26", "--front-matter")[1] == orchard.FRONT_MATTER + body()
