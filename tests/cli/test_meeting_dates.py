from __future__ import annotations

import json
from pathlib import Path

import pytest

from app.core import values
from app.meetings.calendar_key import calendar_key
from app.store import configs, meetings, mirror
from app.store.configs import ConfigFile
from app.store.database import Database
from app.store.meetings import KeptChange
from tests.cli.conftest import Shell
from tests.journeys.town import REPO, Town
from tests.meetings.made import WEEKLY, day

SESSION = "a secret for cookies and calendars"
TEXT = WEEKLY.format(timezone="America/New_York", starts="2020-09-11", time="10:30", rule="every Friday")
MORE = """\
  skip: [{date: 2020-12-25, reason: holiday}]
  move: [{from: 2020-11-06, to: "2020-11-09T15:00"}]
numbering: {width: 3}
zones: [UTC, Europe/Berlin, Asia/Tokyo]
variants: [{when: 1st Friday, as: video}, {as: chat}]
places: {video: Zoom, chat: "Discord [now]"}
roles: {recording: "@styluseater", moderator: {rota: ["@a", "@b"]}}
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "meetings").mkdir()
    (tmp_path / "meetings" / "weekly.yml").write_text(TEXT + MORE, encoding="utf-8")
    return tmp_path


def following(rounds: Shell, folder: Path, *words: str):
    said = rounds("meetings", "next", "weekly", "--config", str(folder), "--json", *words)
    assert said.status == 0, said.err
    return json.loads(said.out)


def test_the_next_meetings_in_a_table(rounds: Shell, folder: Path):
    said = rounds("meetings", "next", "weekly", "--config", str(folder), "--after", "2020-10-22", "-n", "3")
    assert said.status == 0
    heading, columns, _, *rows = [line for line in said.out.splitlines() if line.strip()][:6]
    assert heading == "Weekly: every Friday, America/New_York"
    assert columns.split() == ["number", "America/New_York", "UTC", "Europe/Berlin", "Asia/Tokyo", "place", "roles"]
    assert [" ".join(row.split()) for row in rows] == [
        "007 Fri 2020-10-23 10:30 14:30 16:30 23:30 Discord [now] recording: @styluseater; moderator: @a",
        "008 Fri 2020-10-30 10:30 14:30 15:30 23:30 Discord [now] recording: @styluseater; moderator: @b",
        "009 Mon 2020-11-09 15:00 20:00 21:00 Tue 05:00 Zoom recording: @styluseater; moderator: @a",
    ]
    assert "2020-11-06 is moved to Mon 2020-11-09 15:00" in said.out
    assert "2020-10-30: Summer time: the clocks have changed in Europe/Berlin" in said.out


def test_for_programs(rounds: Shell, folder: Path):
    (first,) = following(rounds, folder, "-n", "1", "--after", "2020-10-01")
    assert first == {
        "date": "2020-10-02",
        "number": 4,
        "start": "2020-10-02T10:30:00-04:00",
        "end": "2020-10-02T11:30:00-04:00",
        "opens": "2020-10-01T10:30:00-04:00",
        "moved": False,
        "variant": "video",
        "place": "Zoom",
        "roles": {"recording": ["@styluseater"], "moderator": ["@b"]},
        "zones": {
            "UTC": "2020-10-02T14:30:00+00:00",
            "Europe/Berlin": "2020-10-02T16:30:00+02:00",
            "Asia/Tokyo": "2020-10-02T23:30:00+09:00",
        },
    }


def test_ten_unless_said_otherwise_and_skipped_dates_are_told(rounds: Shell, folder: Path):
    found = following(rounds, folder, "--after", "2020-11-30")
    assert [one["date"] for one in found][2:5] == ["2020-12-18", "2021-01-01", "2021-01-08"]
    assert len(found) == 10
    said = rounds("meetings", "next", "weekly", "--config", str(folder), "--after", "2020-11-30")
    assert "2020-12-25 is skipped: holiday" in said.out


def test_a_day_ends_with_its_last_meeting(rounds: Shell, folder: Path):
    assert following(rounds, folder, "-n", "1", "--after", "2020-10-02")[0]["date"] == "2020-10-09"


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["nothing"], "There is no series `nothing`"),
        (["../weekly"], "There is no series `../weekly`"),
        (["weekly", "--after", "soon"], "soon is no date: write it as 2020-09-18."),
        (["weekly", "--after", "9999-12-31"], "9999-12-31 is no date"),
    ],
)
def test_what_is_not_there_is_told(rounds: Shell, folder: Path, words: list[str], said: str):
    answer = rounds("meetings", "next", *words, "--config", str(folder))
    assert answer.status == 1
    assert said in answer.err


def test_a_series_with_mistakes_is_told_with_their_places(rounds: Shell, folder: Path):
    (folder / "meetings" / "weekly.yml").write_text(TEXT.replace("Friday", "blursday"), encoding="utf-8")
    answer = rounds("meetings", "list", "--config", str(folder))
    assert answer.status == 1
    assert "weekly.yml:6:9: `every blursday` is not understood" in answer.err


def test_a_series_that_has_ended(rounds: Shell, folder: Path):
    ended = TEXT.replace("every Friday", "FREQ=WEEKLY;BYDAY=FR;COUNT=2")
    (folder / "meetings" / "weekly.yml").write_text(ended, encoding="utf-8")
    answer = rounds("meetings", "next", "weekly", "--config", str(folder))
    assert (answer.status, "No meeting comes any more." in answer.out) == (0, True)
    (listed,) = json.loads(rounds("meetings", "list", "--config", str(folder), "--json").out)
    assert (listed["when"], listed["next"]) == ("every Friday, 2 times, America/New_York", None)


def test_where_one_stands_in_a_repository_its_series_are_meant(rounds: Shell, folder: Path):
    Path(".github").symlink_to(folder)
    assert [one["of"] for one in json.loads(rounds("meetings", "list", "--json").out)] == [".github"]
    assert rounds("meetings", "next", "weekly").status == 0


@pytest.fixture
def known(tmp_path: Path, rounds: Shell) -> Database:
    """`o/r` is public, `o/secret` is private; both have a series weekly."""
    address = f"sqlite:///{tmp_path}/rounds.db"
    (tmp_path / "server").mkdir()
    rounds.set(
        DATABASE_URL=address,
        SESSION_SECRET=SESSION,
        PUBLIC_URL="https://rounds.example",
        CONFIG_DIR=str(tmp_path / "server"),
    )
    found = Database.open(address)
    found.migrate()
    with found.transaction() as conn:
        repositories = [values.Repository(77, "o/r"), values.Repository(78, "o/secret", private=True)]
        mirror.put_repositories(conn, 5, repositories, whole=True)
        for id_ in (77, 78):
            configs.put(conn, ConfigFile(id_, ".github/meetings/weekly.yml", "1", TEXT, TEXT, "", 1))
    return found


def test_all_that_is_known_with_the_addresses_of_calendars(rounds: Shell, known: Database):
    found = json.loads(rounds("meetings", "list", "--json").out)
    address = "https://rounds.example/meetings/weekly.ics"
    assert [(one["of"], one["calendar"]) for one in found] == [
        ("o/r", f"{address}?repo=o/r"),
        ("o/secret", f"{address}?repo=o/secret&key={calendar_key(SESSION, '78', 'weekly')}"),
    ]


def test_what_comments_said_counts(rounds: Shell, known: Database):
    with known.transaction() as conn:
        meetings.put_change(conn, KeptChange(77, "weekly", day("2020-09-18"), "skipped", "mia", 1, reason="fair"))
    words = ("meetings", "next", "weekly", "--repo", "O/R", "--after", "2020-09-10", "-n", "2")
    assert [one["date"] for one in json.loads(rounds(*words, "--json").out)] == ["2020-09-11", "2020-09-25"]
    assert "2020-09-18 is skipped: fair" in rounds(*words).out


def test_where_two_have_the_name_one_says_whose(rounds: Shell, known: Database):
    answer = rounds("meetings", "next", "weekly")
    assert answer.status == 1
    assert "Several have a series weekly: say whose with --repo (o/r, o/secret)." in answer.err


def test_without_anything_it_says_what_to_do(rounds: Shell, tmp_path: Path):
    empty = tmp_path / "empty"
    empty.mkdir()
    rounds.set(CONFIG_DIR=str(empty))
    answer = rounds("meetings", "list")
    assert (answer.status, "There is no series yet" in answer.out) == (0, True)


@pytest.mark.parametrize(
    ("repo", "said"), [("weekly", "is not the name of a repository"), ("o/other", "Rounds can't talk with GitHub yet")]
)
def test_a_repository_that_nobody_read_is_asked_of_github(rounds: Shell, known: Database, repo: str, said: str):
    answer = rounds("meetings", "next", "weekly", "--repo", repo)
    assert answer.status == 1
    assert said in answer.err


async def test_a_repository_that_is_on_github_is_read(rounds: Shell, town: Town):
    town.world.push_file(REPO, ".github/meetings/weekly.yml", TEXT, by="mia")
    town.world.push_file(REPO, ".github/meetings/weekly.md", "{{ agenda }}\n", by="mia")
    said = await rounds.later(
        "meetings", "next", "weekly", "--repo", REPO, "-n", "1", "--after", "2020-09-12", "--json"
    )
    assert said.status == 0, said.err
    assert [one["date"] for one in json.loads(said.out)] == ["2020-09-18"]
