"""Byte for byte: the body that a team wrote by hand for years comes out of its template once people's notes are in it."""

from __future__ import annotations

from datetime import date

import pytest

from app.config.series import read_series
from app.meetings import archive, preview, recurrence
from app.meetings.agenda import Matches, region, with_region
from app.meetings.template import Rendered, archive_path, problems
from tests.meetings import orchard
from tests.tree import ROOT

SEEDS = ROOT.parent / "shared" / "seeds"
SEED = SEEDS / "crates-io-weekly-meeting-002.md"
DAY = date(2020, 9, 18)

CRATES = """\
version: 1
name: Crates.io Weekly Team Meeting
about: Create a new weekly meeting agenda.
schedule: {timezone: America/New_York, starts: 2020-09-11, time: "10:30", rule: FREQ=WEEKLY;BYDAY=FR}
variants: [{when: "FREQ=MONTHLY;BYDAY=1FR", as: video}, {as: chat}]
places:
  video: Zoom.
  chat: "Link will be posted in #crates-io-team channel [on Discord](https://discord.gg/rust-lang) shortly before the call."
roles: {recording: "@styluseater", moderator: NA}
issue:
  repo: rust-lang/crates-io-cargo-teams
  title: "Crates.io Weekly Team Meeting #{{ number | pad(3) }}"
  labels: [meeting]
agenda: {link: "https://github.com/rust-lang/crates-io-cargo-teams/issues/98"}
archive: {path: "meetings/{{ start | date('iso') }}.md", front_matter: [name, about, title, labels]}
"""
CRATES_TEMPLATE = """\
<!-- Thanks stacksgov - https://github.com/stacksgov/pm/pull/44/files -->

## Meeting Details
<!-- Please be sure to update the date in both the first line and the time zone conversion link below! -->
- **Date/Time:** {{ start | date('long') }}, {{ start | date('hhmm', 'UTC') }} UTC
    - {{ local_link }}
- **Location:** {{ place }}
- **Recording:** {{ roles.recording }}
- **Moderator:** {{ roles.moderator }}

## [Proposed Agenda]({{ agenda_url }})\x20

### Attendees

* Present:

### Outcomes

<!-- Rough Notes from Agenda Items -->

### Decisions

"""
CRATES_FRONT_MATTER = """\
---
name: Crates.io Weekly Team Meeting
about: Create a new weekly meeting agenda.
title: 'Crates.io Weekly Team Meeting #{{ number | pad(3) }}'
labels: meeting
---

"""
CRATES_GAPS = (
    ("* Present:\n", "\n### Outcomes"),
    ("<!-- Rough Notes from Agenda Items -->\n", "\n### Decisions"),
    ("### Decisions\n\n", ""),
)


def rendered(series: str, template: str, day: date) -> Rendered:
    checked = read_series(series, filename="team.yml", template=template)
    assert checked.series is not None, checked.problems
    occurrence = recurrence.on(checked.series, day)
    assert problems(checked.series, template, [occurrence]) == []
    return preview.rendered(checked.series, template, occurrence)


def from_github(body: str, series: str, day: date) -> str:
    """As GitHub gives a body back that we opened: with the hidden line, and CRLF."""
    return f"{body}\n<!-- rounds: meeting {series} {day} -->".replace("\n", "\r\n")


def test_our_own_document():
    made = rendered(orchard.SERIES, orchard.TEMPLATE, date(2023, 1, 26))
    assert made.title == "Round Table #0012: it’s January"
    assert made.labels == ("round table", "open: minutes")
    assert orchard.with_notes(made.body, orchard.MINUTES, orchard.GAPS) == orchard.MINUTES


def test_our_own_archive_from_what_github_gives_back():
    made = rendered(orchard.SERIES, orchard.TEMPLATE, date(2023, 1, 26))
    noted = orchard.with_notes(made.body, orchard.MINUTES, orchard.GAPS)
    assert archive.text(made, from_github(noted, "team", date(2023, 1, 26))) == orchard.FRONT_MATTER + orchard.MINUTES


def test_what_people_wrote_stays_when_the_agenda_is_written_again():
    old, new = region([]), region([], totals={"To triage": Matches(3)})
    body = f"{orchard.MINUTES}\n{old}\nlast  "
    assert with_region(body, new) == f"{orchard.MINUTES}\n{new}\nlast  "


def test_where_our_own_archive_goes():
    series = read_series(orchard.SERIES, filename="team.yml").series
    assert series is not None
    occurrence = recurrence.on(series, date(2023, 1, 26))
    assert (
        archive_path(series, occurrence, preview.view(series, orchard.TEMPLATE, occurrence)) == "minutes/2023/0012.md"
    )


@pytest.fixture
def seed() -> str:
    """crates.io's second meeting, as it was archived."""
    if not SEED.exists():
        pytest.skip("no ../shared/seeds")
    return SEED.read_bytes().decode()


@pytest.mark.contract
def test_the_second_seed(seed):
    head, body = seed.split("---\n\n", 1)
    made = rendered(CRATES, CRATES_TEMPLATE, DAY)
    assert made.title == "Crates.io Weekly Team Meeting #002"
    assert made.labels == ("meeting",)
    noted = orchard.with_notes(made.body, body, CRATES_GAPS)
    assert noted.encode() == body.encode()
    assert made.front_matter == f"{head}---\n\n"
    assert archive.text(made, from_github(noted, "crates-io-weekly", DAY)).encode() == seed.encode()


@pytest.mark.contract
def test_the_second_seed_from_an_issue_template_of_github(seed):
    """Its front matter is the template's own text; the series' file then says neither title nor labels."""
    lean = "\n".join(line for line in CRATES.splitlines() if not line.startswith(("  title:", "  labels:", "archive:")))
    made = rendered(lean, CRATES_FRONT_MATTER + CRATES_TEMPLATE, DAY)
    noted = orchard.with_notes(made.body, seed.split("---\n\n", 1)[1], CRATES_GAPS)
    assert (made.front_matter + noted).encode() == seed.encode()
    assert (made.title, made.labels) == ("Crates.io Weekly Team Meeting #002", ("meeting",))
