"""The world of `rounds demo`: a package index and its registry, a few days before a triage call. All of it is made up.

The people stand for the roles: ines maintains, noor writes, samir triages, theo and lena only report, index-ci is a bot.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from app.sandbox import demo_history, demo_issues, demo_meetings
from app.sandbox.demo_history import Anchor
from app.sandbox.demo_issues import Report
from app.sandbox.state import utc_now
from app.sandbox.things import Issue
from app.sandbox.world import World

WAREHOUSE = "acme-index/warehouse"
REGISTRY = "acme-index/registry"

PEOPLE = {
    "ines": "Ines Moreau",
    "noor": "Noor Haddad",
    "samir": "Samir Okafor",
    "theo": "Theo Lindqvist",
    "lena": "Lena Park",
}
ROLES = {"ines": "maintain", "noor": "write", "samir": "triage"}

LABELS = [
    ("accessibility", "0e8a16", "Somebody can't use it as it is"),
    ("APIs/feeds", "bfd4f2", "The JSON API, the feeds, the index pages"),
    ("blocked", "b60205", "Waits for something outside"),
    ("bug :bug:", "d73a4a", "Does not do what it should"),
    ("cannot reproduce", "cfd3d7", "Does not happen to others"),
    ("confirmed", "006b75", "Somebody else has seen it too"),
    ("help needed", "159818", "A pull request is welcome"),
    ("help wanted", "33aa3f", "Nobody works on it yet"),
    ("kind/bug", "e99695", "Something is wrong"),
    ("kind/feature", "a2eeef", "Something new"),
    ("kind/support", "d4c5f9", "Somebody needs a hand"),
    ("meeting", "0052cc", "A call of ours"),
    ("needs decision", "fbca04", "For the call"),
    ("needs discussion", "fbca04", "For the call"),
    ("needs funding", "fef2c0", "Nobody is paid for it"),
    ("needs info", "fbca04", "The author has to say more"),
    ("needs ux", "fbca04", "For the designers"),
    ("not-this-repo", "cfd3d7", "Belongs to another project"),
    ("out of scope", "d4c5f9", "Not in the present funding"),
    ("priority/critical", "b60205", "Drop everything"),
    ("priority/high", "d93f0b", "Next"),
    ("priority/low", "c2e0c6", "Some day"),
    ("requires triaging", "fbca04", "Nobody has looked at it yet"),
    ("tokens", "5319e7", "API tokens and their rights"),
    ("user testing", "1d76db", "To be tried with people"),
    ("UX/UI", "c5def5", "What people see and click"),
    ("wontfix", "ffffff", "Will not be done"),
    ("work in progress", "0052cc", "Somebody is at it"),
]

CONFIG = """\
# How this repository uses Rounds. Rounds reads it from the default branch; a push brings changes into force.
version: 1
visibility: {dashboard: public}
families:
  priority: {labels: [priority/critical, priority/high, priority/low], exclusive: true, help: How urgent it is.}
  kind: {prefix: kind/, exclusive: true, help: "What it is, a bug or a feature."}
permissions:
  help: [anyone]
  close: [triage, author]
commands:
  thanks:
    help: A friendly word for whoever reported it.
    who: [anyone]
    do:
      - comment: Thank you for the report. Somebody will look at it in the next triage call.
queues:
  security:
    title: Security work without anybody
    filter: milestone:"OTF security work" no:assignee
    resolution: Take it, or move it to another milestone.
  a11y:
    title: Accessibility, ready to be taken
    filter: is:issue label:accessibility no:assignee
    resolution: Take it; when few are left, look for more.
    low_water: 8
"""
_SHARED = {
    "accessibility", "kind/bug", "meeting", "needs decision", "needs discussion", "needs info", "priority/critical",
    "priority/high", "priority/low", "requires triaging", "tokens", "wontfix", "work in progress",
}  # fmt: skip
REGISTRY_LABELS = [
    *(one for one in LABELS if one[0] in _SHARED),
    ("kind/feature", "84b6eb", "Enhancements"),
    ("out-of-scope", "d4c5f9", "Not in the present funding"),
    ("out of scope", "d4c5f9", "Not in the present funding"),
]
"""Grown over the years, as labels do: the page about hygiene has something to say."""

REGISTRY_CONFIG = """\
version: 1
visibility: {dashboard: public}
"""


def make() -> World:
    """The whole world, its past lying in the past; nothing of it is sent anywhere."""
    world = World()
    for login, name in PEOPLE.items():
        world.user(login, name)
    world.robot("index-ci")
    world.organization("acme-index", admins=["olga"], members=["ines", "noor"])
    world.issue_types("acme-index", ["Bug", "Feature", "Task"])
    _warehouse(world)
    _registry(world)
    world.team("acme-index/helpers", ["samir"])
    world.install("acme-index")
    world.clock = utc_now
    return world


def _warehouse(world: World) -> None:
    _days_ago(world, 400)
    description = "The index itself: pages, uploads, accounts, tokens."
    world.repository(WAREHOUSE, description=description, labels=LABELS, roles=ROLES)
    world.push_file(WAREHOUSE, ".github/rounds.yml", CONFIG, by="ines")
    world.timetable = demo_meetings.timetable(utc_now())
    world.push_file(WAREHOUSE, demo_meetings.SERIES, demo_meetings.series(world.timetable.first), by="ines")
    world.push_file(WAREHOUSE, demo_meetings.TEMPLATE, demo_meetings.WORDS, by="ines")
    now = utc_now()
    for title, days, text in (
        ("Two-factor launch", -120, "Second factors for every account."),
        ("OTF security work", 45, "What the security grant pays for: second factors, tokens, audit log."),
        ("Accessibility", 90, "Everybody can use the index: keyboard, screen reader, zoom."),
    ):
        world.create_milestone(WAREHOUSE, title, by="ines", description=text, due_on=_midnight(now, days))
    for report in demo_issues.WAREHOUSE:
        _report(world, WAREHOUSE, report)
    anchors = [Anchor(report.days, report.number) for report in demo_issues.WAREHOUSE]
    demo_history.live(world, WAREHOUSE, now, anchors, ("OTF security work", "Accessibility"))
    _days_ago(world, 0)
    world.close_milestone(WAREHOUSE, world.milestone(WAREHOUSE, "Two-factor launch"), by="ines")


def _registry(world: World) -> None:
    _days_ago(world, 300)
    description = "The registry that build tools download from."
    world.repository(REGISTRY, description=description, labels=REGISTRY_LABELS, roles=ROLES | {"samir": "read"})
    world.push_file(REGISTRY, ".github/rounds.yml", REGISTRY_CONFIG, by="ines")
    world.create_milestone(REGISTRY, "Autumn release", by="ines", due_on=_midnight(utc_now(), 30))
    for report in demo_issues.REGISTRY:
        _report(world, REGISTRY, report)


def _report(world: World, repository: str, report: Report) -> None:
    """Opened, then triaged and talked about, an hour for each."""
    _days_ago(world, report.days, hours=-(report.number % 11))
    open_it = world.open_pull if report.pull else world.open_issue
    issue = open_it(repository, report.title, report.body, by=report.by, number=report.number)
    _days_ago(world, report.days, hours=1)
    world.add_labels(issue, report.labels, by="ines")
    world.set_milestone(issue, report.milestone, by="ines")
    world.assign(issue, report.assignees, by="ines")
    _talk(world, issue, report)
    if report.closed:
        world.close_issue(issue, by="ines", reason=report.closed)


def _talk(world: World, issue: Issue, report: Report) -> None:
    for hours, (login, text, *reactions) in enumerate(report.comments, 2):
        _days_ago(world, report.days, hours=hours * 5)
        comment = world.post_comment(issue, text, by=login)
        for number, content in enumerate(reactions):
            world.react(comment, content, by=("theo", "lena", "noor")[number % 3])


def _days_ago(world: World, days: int, hours: int = 0) -> None:
    then = utc_now() - timedelta(days=days) + timedelta(hours=hours)
    world.clock = lambda: then


def _midnight(now: datetime, days: int) -> datetime:
    """`due_on` is a time that GitHub shows as a date: midnight UTC here."""
    day = now + timedelta(days=days)
    return datetime(day.year, day.month, day.day, tzinfo=UTC)
