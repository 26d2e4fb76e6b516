"""A week of a team that meets: the agenda, the call, its minutes, what is written back, what comes again; on both databases."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

import pytest

from app.sandbox.things import Comment, Issue
from app.store import mirror, todos
from tests.journeys.hall import BOT, REPO, SERIES, TEMPLATE, Hall, items

WORD = "todo".upper()
"""Spelled so, it does not look like something that is left to do in this code."""
OPENS = datetime(2026, 11, 19, 15, 30, tzinfo=UTC)
BEGINS = OPENS + timedelta(days=1)
ENDS = BEGINS + timedelta(hours=1)
WEEK = timedelta(days=7)
ARCHIVED = f"""{SERIES}
archive: {{path: "meetings/{{{{ start | date('iso') }}}}.md", pull_request: true}}
people: {{Tim: tim, Wes: wes}}
"""
FILES = {".github/meetings/weekly.yml": ARCHIVED, ".github/meetings/weekly.md": TEMPLATE}


@pytest.fixture
async def hall(database_url: str) -> AsyncIterator[Hall]:
    async with Hall.open(database_url) as opened:
        yield opened


def ours(issue: Issue) -> list[Comment]:
    return [comment for comment in issue.comments if comment.author.login == BOT]


def minutes(issue: Issue) -> str:
    """Our comment with the minutes, as people see it."""
    (found,) = [c for c in ours(issue) if "<!-- rounds: minutes weekly" in c.body]
    return re.sub(r" *<!--.*?-->", "", found.body, flags=re.DOTALL).strip()


def told(issue: Issue) -> list[str]:
    """What was written back."""
    return [re.sub(r"<!--.*?-->", "", c.body).strip() for c in ours(issue) if "<!-- rounds: decided" in c.body]


async def opened(hall: Hall, files: dict[str, str] = FILES) -> Issue:
    await hall.push(files)
    await hall.until(OPENS)
    (issue,) = hall.issues()
    return issue


async def says(hall: Hall, issue: Issue, login: str, text: str) -> Comment:
    hall.clock.forward(seconds=5)
    return await hall.town.says(issue, login, text)


async def test_what_people_put_on_the_agenda_is_listed(hall):
    one = hall.town.world.open_issue(REPO, "Another thing", by="rita")
    await hall.push(FILES)
    comment = await says(hall, one, "tim", "/agenda")
    assert hall.town.reactions(comment) == ["+1"]
    assert hall.town.replies(one) == ["- `/agenda`: on the agenda of `Weekly meeting`, Friday, 20 November 2026."]
    await hall.until(OPENS)
    (issue,) = hall.issues()
    assert items(issue) == [f"acme/widgets#{one.number} Another thing (asked by tim)"]
    await says(hall, issue, "tim", "/agenda How do we handle design changes?")
    await hall.tick(minutes=2)
    assert "How do we handle design changes? (asked by tim)" in items(issue)
    await says(hall, one, "tim", "/undo")
    await hall.tick(minutes=2)
    assert [line for line in items(issue) if "Another" in line] == []


async def test_a_week(hall):
    first, second, third = [await hall.triage(f"Thing {n}") for n in (1, 2, 3)]
    issue = await opened(hall)
    assert len(items(issue)) == 3
    await hall.until(BEGINS)
    await says(hall, issue, "tim", f"/present @tim @wes\n/moderator @mia\n\n#{first.number} /label bug")
    await says(hall, issue, "wes", f"/decision #{first.number} Close it, it is not worth it")
    await says(hall, issue, "tim", f"/todo @wes look at the reports #{second.number} by 2026-11-27")
    await says(hall, issue, "tim", f"#{third.number} /carry\n\n/note Legal looks at it")
    shown = minutes(issue)
    assert set(first.label_names) == {"bug", "requires triaging"}
    for words in ("Decisions", "Close it, it is not worth it", "look at the reports", "(due 2026-11-27)", "/label bug",
                  "Legal looks at it", "For a later meeting", "**Present:**", "**Moderator:**"):  # fmt: skip
        assert words in shown, words
    assert "@tim" not in shown
    assert f"/issues/{issue.number}#issuecomment-" in shown
    await hall.until(ENDS)
    listed = minutes(issue)
    assert listed.startswith(f"### I read 1 {WORD}, 1 decision, 1 note, 1 carried item")
    refused = await says(hall, issue, "tim", "/minutes ok")
    assert hall.town.reactions(refused) == ["confused"]
    await says(hall, issue, "wes", "/minutes ok")
    assert told(first) == [told(first)[0]]
    assert "**Decided:** Close it, it is not worth it" in told(first)[0]
    assert "look at the reports" in told(second)[0]
    assert len(told(third)) == 1
    assert first.label_names == ["bug"]
    assert third.label_names == ["requires triaging"]
    assert "#### Carried out" in minutes(issue)
    (pull,) = [one for one in hall.town.world.find_repository(REPO).issues.values() if one.pull is not None]
    assert pull.title == "Minutes: Weekly meeting #002, 2026-11-20"
    await hall.until(OPENS + WEEK)
    following = hall.issues()[-1]
    assert following.title.endswith("2026-11-27")
    lines = items(following)
    assert f"acme/widgets#{third.number} Thing 3 (carried from #002)" in lines or any(
        "carried from #002" in line for line in lines
    )
    assert any("look at the reports" in line for line in lines)
    (todo,) = await hall.town.database.read(_open)
    done = await says(hall, following, "wes", f"/done {todo.id}")
    assert hall.town.reactions(done) == ["+1"]


def _open(conn) -> list[todos.Todo]:
    return [one for id_ in mirror.installations(conn) for one in todos.of_installation(conn, id_)]


@pytest.mark.parametrize("kept", [False, True], ids=["cancelled", "held after all"])
async def test_what_people_put_on_the_agenda_of_a_meeting_that_is_not_held_comes_at_the_next(hall, kept):
    one = hall.town.world.open_issue(REPO, "Another thing", by="rita")
    issue = await opened(hall)
    await says(hall, one, "tim", "/agenda")
    await says(hall, issue, "tim", "/agenda How do we handle design changes?")
    await hall.tick(minutes=2)
    both = items(issue)
    assert len(both) == 2
    for order in ("cancel", "keep")[: 1 + kept]:
        await says(hall, issue, "wes", f"/meeting {order} 2026-11-20")
        await hall.tick(minutes=1)
    assert issue.state == ("open" if kept else "closed")
    await hall.until(BEGINS)
    await hall.until(ENDS)
    if kept:
        await says(hall, issue, "wes", "/minutes ok")
    await hall.until(OPENS + WEEK)
    assert items(hall.issues()[-1]) == ([] if kept else both)


async def test_what_is_done_in_the_call_is_taken_back_and_mended(hall):
    first = await hall.triage("It broke")
    issue = await opened(hall)
    await hall.until(BEGINS)
    said = await says(hall, issue, "tim", f"/decision #{first.number} Cloze it\n\n/todo @wes look")
    await hall.town.mends(said, "tim", f"/decision #{first.number} Close it\n\n/todo @wes look")
    assert "Close it" in minutes(issue)
    assert "Cloze" not in minutes(issue)
    assert minutes(issue).count("look") == 1
    await says(hall, issue, "tim", "/note never mind")
    await says(hall, issue, "tim", "/undo")
    assert "never mind" not in minutes(issue)
    await hall.town.mends(said, "tim", "Nothing.")
    assert "Nothing yet." in minutes(issue)


async def test_nothing_of_a_private_repository_is_told_in_a_public_one(hall):
    world = hall.town.world
    secret = world.open_issue("acme/secret", "The hole", by="mia")
    open_ = world.open_issue(REPO, "It broke", by="rita")
    issue = await opened(hall)
    refused = await says(hall, secret, "mia", "/agenda weekly")
    assert hall.town.reactions(refused) == ["confused"]
    assert "must not be named there" in hall.town.replies(secret)[-1]
    await says(hall, secret, "mia", "/todo @mia mend the hole")
    await says(hall, open_, "mia", "/todos @mia")
    assert "Nothing is open for them" in hall.town.replies(open_)[-1]
    await says(hall, secret, "mia", "/todos")
    assert "mend the hole" in hall.town.replies(secret)[-1]
    await hall.tick(minutes=5)
    assert "hole" not in issue.body
    await hall.until(BEGINS)
    await says(hall, issue, "mia", "/decision acme/secret#1 Mend it")
    assert "The hole" not in minutes(issue)
    await hall.until(ENDS)
    await says(hall, issue, "wes", "/minutes ok")
    assert told(secret) == []
    assert "not told there" in minutes(issue)


async def test_owners_are_reminded_once_and_hear_of_a_merge(hall):
    world = hall.town.world
    one = world.open_issue(REPO, "It broke", by="rita")
    pull = world.open_pull(REPO, "A change", by="rita")
    await hall.town.settled()
    await says(hall, one, "tim", "/todo @wes look at it by 2026-11-21")
    await says(hall, one, "tim", f"/todo @wes tell them on-merge #{pull.number}")
    await hall.tick(days=1)
    assert [text for text in hall.town.replies(one) if "due on Saturday" in text and text.startswith("@")] == []
    for _ in range(3):
        await hall.tick(days=1)
    found = [text for text in hall.town.replies(one) if text.startswith("@wes: due on Saturday, 21 November 2026")]
    assert len(found) == 1
    assert not any("is merged" in text for text in hall.town.replies(one))
    world.merge_pull(pull, by="mia")
    await hall.town.settled()
    for _ in range(2):
        await hall.tick(minutes=1)
    merged = [text for text in hall.town.replies(one) if text.startswith(f"@wes: #{pull.number} is merged.")]
    assert len(merged) == 1
    assert "tell them" in merged[0]


async def test_free_notes_are_read_and_proposals_are_carried_out(hall):
    world = hall.town.world
    broken = world.open_issue(REPO, "It broke", by="rita")
    issue = await opened(hall)
    await hall.until(BEGINS)
    hall.clock.forward(seconds=5)
    notes = f"- It broke #{broken.number}\n  - Tim: out of scope for now\n  - {WORD}: Wes to tell the reporter\n"
    await says(hall, issue, "tim", notes)
    await says(hall, issue, "wes", "/minutes reread")
    shown = minutes(issue)
    assert f"1 {WORD}" in shown
    assert "/out-of-scope" in shown
    await says(hall, issue, "wes", "/minutes ok")
    assert "out of scope" in broken.label_names
    assert len(told(broken)) == 1


async def test_before_anything_is_said_there_are_no_minutes(hall):
    issue = await opened(hall)
    await says(hall, issue, "tim", "/agenda Talk about it")
    assert [c.body for c in ours(issue) if "<!-- rounds: minutes" in c.body] == []


async def test_a_decision_that_orders_is_a_ticked_proposal_and_is_carried_out(hall):
    one = hall.town.world.open_issue(REPO, "Roll back 2FA", by="rita")
    issue = await opened(hall)
    await hall.until(BEGINS)
    await says(hall, issue, "tim", f"/decision #{one.number} Close, we will not roll back 2FA")
    await hall.until(ENDS)
    assert f"- [x] #{one.number} `/close`" in minutes(issue)
    await says(hall, issue, "wes", "/minutes ok")
    assert one.state == "closed"
    assert told(one)[0].count("Close, we will not roll back 2FA") == 1
    assert told(one)[0].endswith(". **Outcome:** `/close`")


async def test_what_a_stranger_writes_is_not_ticked(hall):
    world = hall.town.world
    one, other = (world.open_issue(REPO, f"Thing {n}", by="rita") for n in (1, 2))
    issue = await opened(hall)
    await hall.until(BEGINS)
    await says(hall, issue, "rita", f"DECISION: close #{one.number}")
    await says(hall, issue, "tim", f"DECISION: close #{other.number}")
    await hall.until(ENDS)
    lines = minutes(issue).splitlines()
    assert [line[:5] for line in lines if f"#{one.number} " in line or line.endswith("by @\u200brita")] == ["- [ ]"] * 2
    await says(hall, issue, "wes", "/minutes ok")
    assert (one.state, other.state) == ("open", "closed")
    assert told(one) == []


async def test_where_nothing_was_said_the_end_is_silent_and_a_question_is_answered(hall):
    issue = await opened(hall)
    await hall.until(BEGINS)
    await says(hall, issue, "tim", "/agenda Talk about it")
    await hall.until(ENDS)
    assert (await hall.meeting()).state == "read"
    assert [c.body for c in ours(issue) if "<!-- rounds: minutes" in c.body] == []
    await says(hall, issue, "wes", "/agenda Talk about that, too")
    assert [c.body for c in ours(issue) if "<!-- rounds: minutes" in c.body] == []
    await says(hall, issue, "wes", "/minutes reread")
    assert minutes(issue).startswith("### I read nothing that asks for anything")


async def test_lines_name_the_issue_behind_the_verb(hall):
    first, second = [await hall.triage(f"Thing {n}") for n in (1, 2)]
    plain = hall.town.world.open_issue(REPO, "Another thing", by="rita")
    issue = await opened(hall)
    added = await says(hall, issue, "tim", f"/agenda #{plain.number}")
    await hall.tick(minutes=2)
    assert any("Another thing" in line for line in items(issue))
    await hall.until(BEGINS)
    text = f"/carry #{first.number} 2w\n/note #{second.number} two more reports\n"
    text += f"/todo @wes look at it #{second.number} by 2026-12-02"
    said = await says(hall, issue, "tim", text)
    assert [hall.town.reactions(one) for one in (added, said)] == [["+1"], ["+1"]]
    shown = minutes(issue)
    assert f"→ #{second.number}" in shown
    assert "(due 2026-12-02)" in shown
    await hall.until(ENDS)
    await says(hall, issue, "wes", "/minutes ok")
    assert "two more reports" in told(second)[0]
    assert "look at it" in told(second)[0]
    await hall.until(OPENS + 2 * WEEK)
    assert any("carried from #002" in line for line in items(hall.issues()[-1]))


FRONT = """\
---
name: Weekly
title: '{{ number }}{% if previous %} after {{ previous.number }}{% endif %}, before {{ next.number }}'
---

"""


async def test_the_archive_holds_what_commands_recorded_and_sees_what_the_opening_saw(hall):
    one = hall.town.world.open_issue(REPO, "It broke", by="rita")
    series = ARCHIVED.replace("  title: \"Weekly meeting #{{ number | pad(3) }}, {{ start | date('iso') }}\"\n", "")
    assert series != ARCHIVED
    issue = await opened(
        hall, {**FILES, ".github/meetings/weekly.yml": series, ".github/meetings/weekly.md": FRONT + TEMPLATE}
    )
    assert issue.title == "2, before 3"
    await hall.until(OPENS + WEEK)
    issue = hall.issues()[-1]
    assert issue.title == "3 after 2, before 4"
    await hall.until(BEGINS + WEEK)
    await says(
        hall,
        issue,
        "wes",
        f"/present @tim\n/decision #{one.number} Keep it\n/todo @wes look #{one.number}\n/note Legal asks",
    )
    await hall.until(ENDS + WEEK)
    await says(hall, issue, "wes", "/minutes ok")
    branch = hall.town.world.find_repository(REPO).branches["rounds/minutes-weekly-2026-11-27"]
    text = branch.files["meetings/2026-11-27.md"]
    assert "3 after 2, before 4" in text
    assert text.endswith(f"""\
## Recorded by command

### Attendees

- @tim

### Decisions

- DECISION: Keep it (#{one.number})

### {WORD}s

- [ ] {WORD} @wes: look #{one.number}

### Notes

- NOTE: Legal asks
""")


async def test_an_issue_that_only_a_command_was_about_was_discussed(hall):
    first, second = [await hall.triage(f"Thing {n}") for n in (1, 2)]
    issue = await opened(hall)
    await hall.until(BEGINS)
    await says(hall, issue, "tim", f"#{first.number} /label bug")
    await hall.until(ENDS)
    await says(hall, issue, "wes", "/minutes ok")
    assert first.label_names == ["bug"]
    assert second.label_names == ["requires triaging"]
