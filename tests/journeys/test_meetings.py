"""A meeting from its file to its end: opened once, kept fresh, reminded of, closed by the next; on both databases."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

import pytest

from app.sandbox.faults import Fault
from app.store import deliveries, meetings, tables
from app.store.meetings import KeptChange
from tests.journeys.hall import BOT, FILES, REPO, SERIES, TEMPLATE, Hall, items

OPENS = datetime(2026, 11, 19, 15, 30, tzinfo=UTC)
BEGINS = OPENS + timedelta(days=1)
WEEK = timedelta(days=7)


@pytest.fixture
async def hall(database_url: str) -> AsyncIterator[Hall]:
    async with Hall.open(database_url) as opened:
        yield opened


async def test_a_meeting_is_opened_when_its_time_comes(hall):
    first = await hall.triage("It broke")
    await hall.push()
    await hall.until(OPENS - timedelta(minutes=1))
    assert hall.issues() == []
    await hall.tick(minutes=1)
    (issue,) = hall.issues()
    assert issue.title == "Weekly meeting #002, 2026-11-20"
    assert issue.label_names == ["meeting"]
    assert items(issue) == [f"acme/widgets#{first.number} It broke"]
    assert issue.body.splitlines()[0] == "- Date: Friday, November 20, 2026, 1030 (1530 UTC)"
    assert issue.body.endswith("\n\n## Notes\n\n<!-- rounds: meeting weekly 2026-11-20 -->")
    meeting = await hall.meeting()
    assert (meeting.state, meeting.number, meeting.issue_number, meeting.pinned) == ("open", 2, issue.number, True)
    await hall.tick(minutes=1)
    assert [one.reason for one in await hall.deliveries()] == [f"acme/widgets#{issue.number} opened; pinned"]


async def test_the_next_one_closes_the_previous_and_takes_its_pin(hall):
    await hall.push()
    await hall.until(OPENS)
    await hall.until(OPENS + WEEK)
    first, second = hall.issues()
    assert (first.state, second.state) == ("closed", "open")
    assert hall.town.replies(first)[-1] == f"Closing in favor of #{second.number}"
    assert f"- Previous: acme/widgets#{first.number}\n" in second.body
    assert [issue.number for issue in hall.town.world.find_repository(REPO).pinned] == [second.number]
    assert second.title == "Weekly meeting #003, 2026-11-27"
    opened = [one for one in await hall.deliveries() if one.action == "open"][-1]
    words = f"#{first.number} links to it; #{first.number} closed; #{first.number} unpinned; pinned"
    assert opened.reason == f"acme/widgets#{second.number} opened; {words}"


async def test_without_a_word_about_the_previous_one_it_is_linked_closed_and_unpinned(hall):
    lines = [line for line in SERIES.splitlines(keepends=True) if "previous:" not in line]
    await hall.push({**FILES, ".github/meetings/weekly.yml": "".join(lines)})
    await hall.until(OPENS)
    await hall.until(OPENS + WEEK)
    first, second = hall.issues()
    assert (first.state, second.state) == ("closed", "open")
    assert hall.town.replies(first)[-1] == f"The next meeting: #{second.number}"
    assert [issue.number for issue in hall.town.world.find_repository(REPO).pinned] == [second.number]


async def test_the_series_may_leave_the_previous_one_alone(hall):
    said = 'previous: {comment: "Closing in favor of #{{ number_of_next }}"}'
    alone = SERIES.replace(said, "previous: {link: false, close: false, pin: false}")
    await hall.push({**FILES, ".github/meetings/weekly.yml": alone})
    await hall.until(OPENS)
    await hall.until(OPENS + WEEK)
    first, second = hall.issues()
    assert (first.state, hall.town.replies(first)) == ("open", [])
    assert hall.town.world.find_repository(REPO).pinned == []
    assert "- Previous: \n" in second.body


async def test_pins_of_people_stay(hall):
    pinned = [hall.town.world.open_issue(REPO, f"Pinned {n}", by="mia") for n in range(3)]
    for issue in pinned:
        hall.town.world.pin(issue, by="mia")
    await hall.push()
    await hall.until(OPENS)
    assert hall.town.world.find_repository(REPO).pinned == pinned
    assert (await hall.deliveries())[-1].reason.endswith("opened; not pinned: 3 issues are pinned already")


async def test_the_agenda_is_kept_fresh_until_the_start(hall):
    first = await hall.triage("First")
    await hall.push()
    await hall.until(OPENS)
    (issue,) = hall.issues()
    second = await hall.triage("Second", "acme/gadgets", later=timedelta(minutes=1))
    hall.town.world.close_issue(first, by="tim")
    await hall.town.settled()
    await hall.tick(seconds=20)
    assert items(issue) == [f"acme/gadgets#{second.number} Second"]
    third = await hall.triage("Third")
    await hall.tick(seconds=20)
    assert len(items(issue)) == 1, "once a minute is enough"
    await hall.tick(minutes=1)
    assert items(issue) == [f"acme/gadgets#{second.number} Second", f"acme/widgets#{third.number} Third"]
    await hall.until(BEGINS)
    assert (await hall.meeting()).state == "frozen"
    await hall.triage("Too late")
    await hall.tick(minutes=5)
    assert len(items(issue)) == 2


async def test_what_people_write_beside_the_agenda_stays(hall):
    await hall.push()
    await hall.until(OPENS)
    (issue,) = hall.issues()
    theirs = issue.body.replace("## Notes\n", "## Notes\r\n- we met\r\n").replace("\n", "\r\n").replace("\r\r", "\r")
    hall.town.world.edit_issue(issue, by="mia", body=theirs)
    new = await hall.triage("New", later=timedelta(minutes=1))
    await hall.tick(minutes=1)
    assert items(issue) == [f"acme/widgets#{new.number} New"]
    assert "- we met" in issue.body
    assert hall.town.replies(issue) == []


async def test_an_agenda_that_was_changed_by_hand_is_left_alone_and_told_of(hall):
    first = await hall.triage("First")
    await hall.push()
    await hall.until(OPENS)
    (issue,) = hall.issues()
    ticked = issue.body.replace(f"- [ ] acme/widgets#{first.number}", f"- [x] acme/widgets#{first.number}")
    hall.town.world.edit_issue(issue, by="mia", body=ticked)
    second = await hall.triage("Second", later=timedelta(minutes=1))
    await hall.tick(minutes=1)
    assert issue.body == ticked
    said = "The agenda above was changed by hand, so it stays as it is. New since then:\n\n"
    assert hall.town.replies(issue) == [f"{said}- acme/widgets#{second.number} Second"]
    third = await hall.triage("Third", later=timedelta(minutes=1))
    await hall.tick(minutes=1)
    lines = [f"- acme/widgets#{one.number} {one.title}" for one in (second, third)]
    assert hall.town.replies(issue) == [said + "\n".join(lines)]
    await hall.tick(minutes=5)
    assert issue.body == ticked
    assert len(hall.town.replies(issue)) == 1


@pytest.mark.parametrize("place", ["beside", "inside"])
async def test_an_edit_between_reading_and_writing_comes_back(hall, place):
    first = await hall.triage("First")
    await hall.push()
    await hall.until(OPENS)
    (issue,) = hall.issues()
    second = await hall.triage("Second", later=timedelta(minutes=1))
    slow = hall.town.sandbox.faults.add(Fault(path=f"/issues/{issue.number}$", method="PATCH", delay=0.5))
    hall.clock.forward(minutes=1)
    hall.ticking.ring()
    await hall.ticking.look()
    await hall.town.sandbox.until(lambda: slow.struck, timeout=20)
    mine = "## Notes\n- quickly noted\n" if place == "beside" else f"- [x] acme/widgets#{first.number} First"
    old = "## Notes\n" if place == "beside" else f"- [ ] acme/widgets#{first.number} First"
    hall.town.world.edit_issue(issue, by="mia", body=issue.body.replace(old, mine))
    await hall.town.settled()
    assert mine in issue.body
    await hall.tick(minutes=2)
    assert mine in issue.body
    assert any(f"acme/widgets#{second.number}" in text for text in [issue.body, *hall.town.replies(issue)])


async def test_reminders_come_once_each(hall):
    await hall.push()
    await hall.until(OPENS)
    (issue,) = hall.issues()
    await hall.until(BEGINS - timedelta(hours=2))
    await hall.tick(seconds=20)
    when = "Friday, November 20, 2026, 10:30 America/New_York (1530 UTC, 1630 Europe/Berlin)"
    assert hall.town.replies(issue) == [f"**Weekly meeting** begins in 2 hours: {when}."]
    await hall.until(BEGINS - timedelta(minutes=59))
    await hall.tick(minutes=10)
    assert hall.town.replies(issue)[1:] == [f"**Weekly meeting** begins in 1 hour: {when}."]


async def test_of_reminders_that_were_missed_only_the_last_is_sent(hall):
    await hall.push()
    await hall.until(OPENS)
    await hall.until(BEGINS - timedelta(minutes=30))
    (issue,) = hall.issues()
    assert len(hall.town.replies(issue)) == 1
    assert "begins in 30 minutes" in hall.town.replies(issue)[0]
    await hall.until(BEGINS + timedelta(minutes=1))
    assert len(hall.town.replies(issue)) == 1


async def test_issues_of_a_private_repository_never_appear_in_public(hall):
    secret = await hall.triage("A secret", "acme/secret")
    shown = await hall.triage("No secret")
    await hall.push()
    await hall.until(OPENS)
    (issue,) = hall.issues()
    assert items(issue) == [f"acme/widgets#{shown.number} No secret"]
    assert "secret" not in issue.body.lower().replace("no secret", "")
    assert secret.number


async def test_late_within_catch_up_counts_as_due(hall):
    await hall.push()
    await hall.until(OPENS + timedelta(hours=23))
    assert [issue.title[:19] for issue in hall.issues()] == ["Weekly meeting #002"]


async def test_what_is_too_late_is_reported_and_opened_when_somebody_says_so(hall):
    await hall.push()
    await hall.tick(seconds=20)
    await hall.until(OPENS + timedelta(hours=25))
    assert hall.issues() == []
    meeting = await hall.meeting()
    assert (meeting.state, meeting.issue_number) == ("reported", None)
    (missed,) = await hall.deliveries()
    assert (missed.state, missed.action) == ("failed", "open")
    assert missed.reason.startswith("it was to be opened on 2026-11-19 at 10:30, longer ago than `catch_up` allows")
    await hall.town.database.run(lambda conn: deliveries.retry(conn, [missed.seq]))
    await hall.town.settled()
    assert [issue.title[:19] for issue in hall.issues()] == ["Weekly meeting #002"]
    assert (await hall.meeting()).state == "frozen"


async def test_what_was_before_rounds_came_is_not_reported(hall):
    hall.clock.forward(days=60)
    await hall.push()
    await hall.tick(seconds=20)
    assert [one.state for one in await hall.deliveries()] in ([], ["done"])


async def test_an_issue_that_a_person_opened_by_hand_stays_as_it_is(hall):
    theirs = hall.town.world.open_issue(
        REPO, "Weekly meeting #002, 2026-11-20", "<!-- rounds: meeting weekly 2026-11-20 -->", by="rita"
    )
    await hall.push()
    await hall.until(OPENS)
    (issue,) = hall.issues()
    assert issue.number != theirs.number
    assert (theirs.state, theirs.comments) == ("open", [])


async def test_a_file_with_mistakes_does_not_take_effect_and_the_last_good_one_works_on(hall):
    await hall.push()
    await hall.push({".github/meetings/weekly.yml": SERIES.replace("every Friday", "every Fryday")})
    (push, *_) = [
        one
        for one in await hall.town.database.read(deliveries.listing)
        if one.event == "push" and one.state == "failed"
    ]
    assert ".github/meetings/weekly.yml:3:96: `every Fryday` is not understood" in push.reason
    await hall.push({".github/meetings/weekly.md": TEMPLATE.replace("{{ previous }}", "{{ prevoius }}")})
    await hall.until(OPENS)
    (issue,) = hall.issues()
    assert "- Previous:" in issue.body


async def test_a_series_that_is_gone_opens_nothing(hall):
    await hall.push()
    await hall.push({".github/meetings/weekly.yml": None})
    await hall.until(OPENS)
    assert hall.issues() == []


async def said_by_comment(hall: Hall, status: str, **more) -> None:
    """As `/meeting` does."""
    key = (await hall.meeting()).key
    said = KeptChange(*key, status=status, by_login="mia", at=hall.clock(), **more)
    await hall.town.database.run(lambda conn: meetings.put_change(conn, said))
    await hall.tick(minutes=1)


async def test_a_meeting_that_is_moved_says_so_and_its_title_follows(hall):
    title = SERIES.replace("date('iso')", "date('%Y-%m-%d %H:%M')")
    await hall.push({**FILES, ".github/meetings/weekly.yml": title})
    await hall.until(OPENS)
    (issue,) = hall.issues()
    body = issue.body
    to = BEGINS + timedelta(hours=3)
    await said_by_comment(hall, "moved", moved_to=int(to.timestamp() * 1000), reason="a train")
    assert issue.title == "Weekly meeting #002, 2026-11-20 13:30"
    when = "Friday, November 20, 2026, 13:30 America/New_York (1830 UTC, 1930 Europe/Berlin)"
    assert hall.town.replies(issue) == [f"This meeting is now on **{when}**, said mia. Reason: a train."]
    assert issue.body == body
    await hall.tick(minutes=5)
    assert len(hall.town.replies(issue)) == 1
    await hall.until(BEGINS)
    assert (await hall.meeting()).state == "open"
    await hall.until(to - timedelta(hours=1))
    assert "begins in 1 hour" in hall.town.replies(issue)[-1]


async def test_a_meeting_that_is_cancelled_is_closed_and_may_be_held_after_all(hall):
    await hall.push()
    await hall.until(OPENS)
    (issue,) = hall.issues()
    await said_by_comment(hall, "cancelled", reason="holiday")
    assert (issue.state, issue.state_reason) == ("closed", "not_planned")
    assert hall.town.replies(issue) == ["This meeting is **cancelled**, said mia. Reason: holiday."]
    assert hall.town.world.find_repository(REPO).pinned == []
    key = (await hall.meeting()).key
    await hall.town.database.run(lambda conn: meetings.drop_change(conn, key))
    await hall.tick(minutes=1)
    assert issue.state == "open"
    assert hall.town.replies(issue)[-1].startswith("This meeting is held after all: **Friday")
    assert (await hall.meeting()).state == "open"


async def test_a_skipped_meeting_is_not_opened_and_the_next_has_its_number(hall):
    await hall.push(
        {
            **FILES,
            ".github/meetings/weekly.yml": SERIES.replace(
                "rule: every Friday", "rule: every Friday, skip: [2026-11-20]"
            ),
        }
    )
    await hall.until(OPENS)
    assert hall.issues() == []
    await hall.until(OPENS + WEEK)
    assert [issue.title for issue in hall.issues()] == ["Weekly meeting #002, 2026-11-27"]


@pytest.mark.parametrize("ask", ["true", "false"])
async def test_an_empty_agenda(hall, ask):
    rule = f"  cancel_if_empty: {{before: 3h, ask: {ask}}}\nreminders: []"
    await hall.push(
        {**FILES, ".github/meetings/weekly.yml": SERIES.replace("reminders: [{before: 2h}, {before: 1h}]", rule)}
    )
    await hall.until(OPENS)
    (issue,) = hall.issues()
    await hall.until(BEGINS - timedelta(hours=3))
    await hall.tick(minutes=1)
    await hall.tick(minutes=1)
    (said,) = hall.town.replies(issue)
    if ask == "true":
        assert "`/meeting cancel` cancels it" in said
        assert issue.state == "open"
    else:
        assert said == f"This meeting is **cancelled**, said {BOT}. Reason: nothing is on the agenda."
        assert issue.state == "closed"


async def test_where_the_issue_can_not_be_opened_the_delivery_says_why(hall):
    await hall.push(
        {**FILES, ".github/meetings/weekly.yml": SERIES.replace("issue:\n", "issue:\n  repo: acme/nowhere\n")}
    )
    await hall.until(OPENS)
    assert hall.issues() == []
    assert await hall.deliveries() == []


async def test_a_new_database_finds_the_issue_again(hall):
    await hall.push()
    await hall.until(OPENS)
    (issue,) = hall.issues()
    await hall.town.database.run(_forget)
    await hall.tick(minutes=1)
    assert hall.issues() == [issue]
    assert (await hall.meeting()).issue_number == issue.number
    assert (await hall.deliveries())[-1].reason == f"acme/widgets#{issue.number} found again; pinned"


def _forget(conn) -> None:
    conn.execute(tables.occurrence.delete())
    conn.execute(tables.inbox.delete().where(tables.inbox.c.event == "meeting"))
