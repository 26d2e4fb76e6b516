"""The weekly call of the demo: its series file and template, when it is, and what people might say in it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from app.sandbox.moving import Timetable

ZONE = ZoneInfo("Europe/Berlin")
SERIES = ".github/meetings/weekly.yml"
TEMPLATE = ".github/meetings/weekly.md"
LABEL = "meeting"
_DAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")

_SERIES = """\
# The weekly call. Rounds opens its issue three days before, with the agenda in it.
version: 1
name: Triage call
about: What nobody has looked at yet, and what waits for a decision.
schedule:
  timezone: Europe/Berlin
  starts: {first}
  time: "16:00"
  duration: 60m
  rule: FREQ=WEEKLY;BYDAY={day}
numbering: {{width: 3}}
open: {{before: 3d, at: "09:00", catch_up: 6d}}
roles:
  moderator: {{rota: ["@ines", "@noor", "@samir"]}}
  notes: "@noor"
issue:
  title: "Triage call #{{{{ number | pad(3) }}}}"
  labels: [meeting]
  previous: {{link: true, close: true, pin: true, comment: "Closing in favour of #{{{{ number_of_next }}}}"}}
agenda:
  queries:
    - {{heading: To triage, labels: [requires triaging], repos: [acme-index/warehouse, acme-index/registry]}}
    - {{heading: To discuss, labels: [needs discussion]}}
    - {{heading: To decide, labels: [needs decision], repos: [acme-index/registry]}}
  comments: true
  carry_over: true
  todos: true
  remove_label: when-discussed
zones: [UTC, America/New_York]
archive: {{path: "meetings/{{{{ start | date('iso') }}}}.md", pull_request: true}}
default_repo: acme-index/warehouse
people: {{Ines: ines, Noor: noor, Samir: samir, Theo: theo, Lena: lena}}
"""

WORDS = """\
**When:** {{ start | date('long') }}, {{ start | date('time') }} in Berlin, {{ start | date('time', 'UTC') }} UTC
**Where:** the usual room
**Moderator:** {{ roles.moderator }} · **Notes:** {{ roles.notes }}

## Agenda

{{ agenda }}

## Notes

"""


@dataclass(frozen=True, slots=True)
class Line:
    """What somebody might say in the call."""

    login: str
    text: str


def timetable(now: datetime) -> Timetable:
    """The first call is tomorrow: its issue should have been opened two days ago, which is made up for."""
    return Timetable(now.astimezone(ZONE).date() + timedelta(days=1), time(16), ZONE, timedelta(hours=1))


def series(first: date) -> str:
    return _SERIES.format(first=first.isoformat(), day=_DAYS[first.weekday()])


def script(now: datetime) -> tuple[Line, ...]:
    """For people who want to see it work without thinking of something to say."""
    due = (now + timedelta(days=9)).date().isoformat()
    return (
        Line("noor", "/present @ines @noor @samir"),
        Line("ines", "#6263 /out-of-scope OTF because UX first"),
        Line("noor", "/decision #996 Close, tokens for uploads answer it"),
        Line("ines", "#6255: out of scope, but PR welcome"),
        Line("samir", f"/todo @noor look at error reporting #6232 by {due}"),
        Line("ines", "/todo @ines ask the designers about #6257"),
        Line("samir", "/note #6187 happens in two browsers, not in the third"),
        Line("noor", "#6301 /carry"),
        Line("samir", "/agenda How do we tell people what we decided?"),
        Line("ines", "/minutes ok"),
    )
