"""Series files: what is read, and every mistake with its place."""

from __future__ import annotations

from datetime import date, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.config.series import identifier, read_series, template_file
from app.config.series_fields import Moment
from tests.meetings.made import series

BEGIN = """\
name: Weekly
schedule:
  timezone: America/New_York
  starts: 2020-09-11
  time: "10:30"
  rule: every Friday
"""
WHOLE = """\
version: 1
name: Crates.io Weekly Team Meeting
about: Create a new weekly meeting agenda.
schedule:
  timezone: America/New_York      # the wall clock is kept
  starts: 2020-09-11
  time: "10:30"
  duration: 60m
  rule: FREQ=WEEKLY;BYDAY=FR      # or words
  skip: [2020-12-25, {date: 2021-01-01, reason: holiday}]
  move: [{from: 2020-11-27, to: "2020-11-30T15:00"}]
  changes: [{from: 2020-10-16, time: "11:00"}]
numbering: {start: 1, width: 3, cancelled_uses_number: false}
open: {before: 6d, at: "09:00", catch_up: 3d}
variants:
  - {when: "FREQ=MONTHLY;BYDAY=1FR", as: video}
  - {as: chat}
places: {video: "Zoom. …", chat: "Link will be posted in … shortly before the call."}
roles: {recording: "@styluseater", moderator: {rota: ["@a", "@b", "@c"], away: [{who: "@b", from: 2020-10-01, to: 2020-10-15}]}}
attendees: {team: rust-lang/crates-io, from: [reactions, "/present"]}
issue:
  repo: rust-lang/crates-io-cargo-teams
  title: "Crates.io Weekly Team Meeting #{{ number | pad(3) }}"
  labels: [meeting]
  template: crates-io-weekly.md
  previous: {link: true, close: true, comment: "Closing in favor of #{{ number_of_next }}", pin: false}
agenda:
  queries:
    - {heading: To triage, labels: [requires triaging], state: open, repos: [rust-lang/crates.io], limit: 50}
    - {heading: Nominated, labels: [meeting-agenda]}
  comments: true
  carry_over: true
  todos: true
  remove_label: when-discussed
  link: inline
  refresh_until: start
  cancel_if_empty: {before: 24h, ask: true}
time_link: timeanddate
zones: [UTC, Europe/Berlin]
reminders: [{before: 1d}, {before: 1h}]
archive: {path: "meetings/{{ start | date('iso') }}.md", pull_request: true, front_matter: [name, about, title, labels]}
default_repo: rust-lang/crates.io
people: {Ernest: ewdurbin}
"""


def said(text: str, template: str | None = None) -> list[str]:
    return [
        str(problem).removeprefix("w.yml:")
        for problem in read_series(text, filename="w.yml", template=template).problems
    ]


def test_a_whole_series():
    read = read_series(WHOLE, filename=".github/meetings/crates-io-weekly.yml", template="{{ agenda }}\n")
    assert read.problems == ()
    found = read.series
    assert (found.id, found.template_path) == ("crates-io-weekly", ".github/meetings/crates-io-weekly.md")
    assert (found.schedule.starts, found.schedule.time, found.schedule.duration) == (
        date(2020, 9, 11),
        time(10, 30),
        timedelta(hours=1),
    )
    assert found.schedule.rule == "FREQ=WEEKLY;BYDAY=FR"
    assert [skip.reason for skip in found.schedule.skip] == ["", "holiday"]
    assert found.schedule.move[0].to == Moment(date(2020, 11, 30), time(15))
    assert found.roles["recording"].people == ("@styluseater",)
    assert found.roles["moderator"].rota == ("@a", "@b", "@c")
    assert found.open.before == timedelta(days=6)
    assert found.variants[0].when == "FREQ=MONTHLY;BYDAY=1FR"
    assert found.agenda.queries[0].repos == ("rust-lang/crates.io",)


def test_little_is_needed():
    found = series()
    assert (found.zones, found.roles, found.issue.title, found.archive) == ((), {}, None, None)
    assert found.template_path == ".github/meetings/weekly.md"


@pytest.mark.parametrize(
    ("template", "path"),
    [
        ("other.md", ".github/meetings/other.md"),
        (".github/ISSUE_TEMPLATE/weekly.md", ".github/ISSUE_TEMPLATE/weekly.md"),
    ],
)
def test_where_the_template_is(template, path):
    assert series(rest=f"issue: {{template: {template}}}\n").template_path == path


@pytest.mark.parametrize(
    ("template", "filename", "file"),
    [
        ("a.md", ".github/meetings/w.yml", ".github/meetings/a.md"),
        ("a.md", "/x/.github/meetings/w.yml", "/x/.github/meetings/a.md"),
        ("a.md", "meetings/w.yml", "meetings/a.md"),
        ("a.md", "w.yml", "a.md"),
        (".github/ISSUE_TEMPLATE/a.md", "/x/.github/meetings/w.yml", "/x/.github/ISSUE_TEMPLATE/a.md"),
    ],
)
def test_which_file_a_mistake_in_the_template_is_told_of(template, filename, file):
    assert template_file(series(rest=f"issue: {{template: {template}}}\n"), filename) == file


@pytest.mark.parametrize(
    ("file", "name"),
    [
        (".github/meetings/weekly.yml", "weekly"),
        ("a-b_2.yaml", "a-b_2"),
        ("Weekly.yml", ""),
        ("weekly.md", ""),
        ("weekly", ""),
        (".yml", ""),
        ("a.b.yml", ""),
        ("a" * 81 + ".yml", ""),
    ],
)
def test_what_a_series_is_called(file, name):
    assert identifier(file) == name


def test_a_file_that_can_not_name_a_series():
    read = read_series(BEGIN, filename="My Weekly.yml")
    assert read.series is None
    assert "the name of the file must be small letters" in str(read.problems[0])


@pytest.mark.parametrize(
    ("change", "said_"),
    [
        (("name: Weekly", "nam: Weekly"), "1:1: unknown key `nam` (did you mean `name`?)"),
        (("America/New_York", "America/New_Yrok"), "3:13: there is no time zone `America/New_Yrok`; "
         "expected a name as `Europe/Berlin` (did you mean `America/New_York`?)"),
        (("America/New_York", "../../etc/passwd"), "3:13: there is no time zone `../../etc/passwd`; "
         "expected a name as `Europe/Berlin`"),
        (('"10:30"', "1030"), '5:9: expected a time in quotes, as "10:30", got `1030`'),
        (('"10:30"', '"25:00"'), '5:9: expected a time in quotes, as "10:30", got `25:00`'),
        (("2020-09-11", "2020-02-30"), "4:11: expected a day from 1990 to 2100, as `2026-11-27`, got `2020-02-30`"),
        (("2020-09-11", "1066-10-14"), "4:11: expected a day from 1990 to 2100, as `2026-11-27`, got `1066-10-14`"),
        (("every Friday", "FREQ=SECONDLY"), "6:9: `FREQ` must be WEEKLY, MONTHLY or YEARLY"),
        (("every Friday", "FREQ=MONTHLY;BYMONTHDAY=31;BYMONTH=2"), "6:9: the rule gives no date at all"),
        (("2020-09-11", "2020-09-10"), "4:11: note: the rule gives no meeting on 2020-09-10: the first is on 2020-09-11"),
        (("America/New_York", "EST"), "3:13: note: `EST` has no summer time (name a place, as `America/New_York`)"),
    ],
)  # fmt: skip
def test_mistakes_of_single_keys(change, said_):
    assert said_ in said(BEGIN.replace(*change))


@pytest.mark.parametrize(
    ("line", "said_"),
    [
        ("  skip: [2020-09-12]", "7:10: note: the rule gives no meeting on 2020-09-12 (did you mean 2020-09-11?)"),
        ("  skip: [2020-09-18, 2020-09-18]", "7:22: 2020-09-18 stands here twice (a date is skipped or moved once)"),
        ("  move: [{from: 2020-09-17, to: 2020-09-19}]",
         "7:17: the rule gives no meeting on 2020-09-17 (did you mean 2020-09-18?)"),
        ("  move: [{from: 2020-09-18, to: soon}]", '7:33: expected a day, or day and time, as "2026-11-30T15:00", got `soon`'),
        ("  changes: [{from: 2020-09-11, time: \"09:00\"}]", "7:20: it must be after 2020-09-11 (the changes stand in order)"),
        ("  changes: [{from: 2020-10-11}]", "7:13: nothing changes here (give `time`, `duration` or `rule`)"),
        ("  duration: 0m", "7:13: that is no time at all (as `60m`)"),
        ("  duration: 90", "7:13: expected a duration, as `30m`, `12h`, `6d` or `2w`, got `90`"),
        ("zones: [UTC, Mars]", "7:14: there is no time zone `Mars`; expected a name as `Europe/Berlin`"),
        ("places: {chat: x}\nvariants: [{as: chta}]", "8:17: `places` has no `chta` (did you mean `chat`?)"),
        ("variants: [{as: a}, {when: every Monday, as: b}]", "7:21: note: `b` never counts: one before it fits every date"),
        ("places: {a: x, b: y}\nvariants: [{as: a}]", "7:16: note: no variant has this name: it is never the place"),
        ("roles: {a: {}}", "7:9: a role has either `people` or `rota`: exactly one of them"),
        ("roles: {a: {people: x, rota: y}}", "7:9: a role has either `people` or `rota`: exactly one of them"),
        ("roles: {a: {people: x, away: []}}", "7:24: `away` needs `rota`"),
        ("roles: {a: {rota: ['@ann'], away: [{who: '@an', from: 2020-10-01, to: 2020-10-02}]}}",
         "7:42: the rota has no `@an` (did you mean `@ann`?)"),
        ("roles: {a: {rota: [x], away: [{who: x, from: 2020-10-02, to: 2020-10-01}]}}",
         "7:62: it is before `from` (both days belong to it)"),
        ("roles: {" + ", ".join(f"r{n}: x" for n in range(21)) + "}", "7:1: there are 21 roles, at most 20 are allowed"),
        ("people: {Ernest: E. Durbin}", "7:18: `E. Durbin` can't be a login (write it as on GitHub)"),
        ("agenda: {queries: [{heading: all}]}", "7:20: this would list every issue (give `labels`, `no_labels` or `milestone`)"),
        ("agenda: {queries: [{heading: x, labels: y, repos: [o/r, p/r]}]}",
         "7:57: note: `p` is another owner than that of the meeting issue (Rounds must be installed there too)"),
        ("issue: {repo: o/..}", "7:15: expected the name of a repository, as `owner/name`"),
        ("issue: {template: ../../x.md}", "7:19: the template must be a path in the repository, without `..`"),
        ("open: {before: 12h, at: \"09:00\"}", "7:25: `at` needs `before` in whole days (as `before: 6d`)"),
        ("open: {before: 0d, at: \"12:00\"}", "7:24: that is after the start (give `before: 1d`, or an earlier time)"),
        ("reminders: [{before: 0h}]", "7:22: that is no time at all (as `60m`)"),
        ("archive: {path: /etc/x}", "7:17: the path begins at the repository's root and stays in it"),
        ("agenda: {remove_label: maybe}", "7:24: expected never, when-discussed or when-listed, got `maybe`"),
        ("numbering: {width: 11}", "7:20: the number must be at most 10"),
        ("issue: {title: 'x {{ nummer }}'}",
         "7:16: `issue.title` asks for `nummer`, which no meeting has: did you mean `number`?"),
    ],
)  # fmt: skip
def test_mistakes_between_keys(line, said_):
    assert said_ in said(f"{BEGIN}{line}\n")


def test_a_mistake_of_the_template_is_told_with_its_line():
    assert said(BEGIN, "Hello\n{{ agneda }}\n")[0].startswith("w.md:2:1: The template asks for `agneda`")


def test_notes_do_not_keep_a_series_from_working():
    read = read_series(BEGIN + "  skip: [2020-09-12]\n", filename="w.yml")
    assert read.series is not None
    assert read.errors == ()


def test_the_hidden_key_can_not_be_written():
    assert read_series(BEGIN + '"\\0id": x\n', filename="w.yml").series is None
    assert "unknown key `id`" in said(BEGIN + "id: x\n")[0]


@given(st.text(max_size=200) | st.binary(max_size=200))
def test_whatever_is_written_nothing_is_raised(text):
    assert read_series(text, filename="w.yml").series is None


@given(
    st.recursive(
        st.text("ab:-[]{}2020-", max_size=8) | st.integers(),
        lambda inner: (
            st.lists(inner, max_size=3)
            | st.dictionaries(
                st.sampled_from(["rule", "from", "rota", "as", "queries", "before", "to"]), inner, max_size=3
            )
        ),
        max_leaves=8,
    ),
    st.sampled_from(
        ["schedule", "roles", "variants", "agenda", "archive", "open", "people", "places", "reminders", "issue"]
    ),
)
def test_whatever_stands_under_a_key_nothing_is_raised(value, key):
    import json

    read_series(f"{BEGIN if key != 'schedule' else 'name: x'}\n{key}: {json.dumps(value)}\n", filename="w.yml")
