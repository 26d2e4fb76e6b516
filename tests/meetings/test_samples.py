"""The series that come with Rounds: they work as they are, and nothing is opened because of them."""

from __future__ import annotations

from itertools import islice

import pytest

from app.config import defaults, series_files
from app.engine.meetings.files import server_series
from app.meetings import preview, recurrence
from app.meetings.agenda import in_body
from app.meetings.minutes.reading import read

FOLDER = defaults.directory()
SAMPLES = series_files.names(FOLDER)


def test_there_is_one():
    assert "triage-call" in SAMPLES


@pytest.mark.parametrize("name", SAMPLES)
def test_its_meetings_can_be_seen(name):
    series, template = series_files.load(FOLDER, name)
    for occurrence in islice(recurrence.occurrences(series), 20):
        made = preview.rendered(series, template, occurrence)
        assert made.title.startswith(f"{series.name} #{occurrence.number:03}")
        assert in_body(made.body) is not None
        assert ("Summer time" in made.body) is (occurrence.day.month == 3 and 14 < occurrence.day.day < 28)


@pytest.mark.parametrize("name", SAMPLES)
def test_nothing_is_read_from_what_nobody_has_written_into(name):
    series, template = series_files.load(FOLDER, name)
    found = read(
        preview.rendered(series, template, next(recurrence.occurrences(series))).body, default_repo="acme/team"
    )
    assert (found.topics, found.todos, found.decisions, found.carried, found.attendance) == ((), (), (), (), ())


def test_nothing_is_opened_because_of_them():
    assert server_series(None) == []


def test_what_a_team_edited_is_opened(tmp_path):
    (tmp_path / "meetings").mkdir()
    for ending in ("yml", "md"):
        text = (FOLDER / "meetings" / f"triage-call.{ending}").read_text()
        (tmp_path / "meetings" / f"triage-call.{ending}").write_text(
            text.replace("# repo: your-organization/your-repository", "repo: acme/team")
        )
    assert [series.issue.repo for series, _ in server_series(tmp_path)] == ["acme/team"]
