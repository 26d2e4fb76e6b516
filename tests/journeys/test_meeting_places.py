"""Where meetings come from and what may be seen there: the server, private repositories, several workers, by hand."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa
from msgspec.structs import replace as replace_

from app import wiring
from app.core import events
from app.engine.meetings import by_hand, ticking
from app.engine.meetings.ticking import Ticking
from app.errors import Mistake
from app.sandbox.faults import Fault
from app.store import meetings, mirror, tables
from app.store.meetings import Item
from tests.engine.fakes import an_issue
from tests.journeys.hall import DAY, FILES, REPO, SERIES, START, TEMPLATE, Hall, items

OPENS = datetime(2026, 11, 19, 15, 30, tzinfo=UTC)


@pytest.fixture
async def hall(database_url: str) -> AsyncIterator[Hall]:
    async with Hall.open(database_url) as opened:
        yield opened


async def by_server(hall: Hall, folder, text: str) -> Hall:
    """Rounds with a series of its own."""
    (folder / "meetings").mkdir()
    (folder / "defaults.yml").write_text("version: 1\n")
    (folder / "meetings" / "weekly.yml").write_text(text)
    (folder / "meetings" / "weekly.md").write_text(TEMPLATE)
    hall.town.settings = replace(hall.town.settings, config_dir=folder)
    await hall.begin()
    return hall


@pytest.mark.parametrize(("repo", "count"), [("acme/secret", 3), ("acme/widgets", 2)])
async def test_a_series_of_the_server_may_list_private_issues_in_a_private_issue_only(
    database_url, tmp_path, repo, count
):
    async with Hall.open(database_url, begin=False) as hall:
        text = SERIES.replace("issue:\n", f"issue:\n  repo: {repo}\n").replace("10:30", "10:31")
        await by_server(hall, tmp_path, text)
        for name in ("acme/widgets", "acme/gadgets", "acme/secret"):
            await hall.triage(f"In {name}", name)
        await hall.until(OPENS + timedelta(minutes=1))
        (issue,) = hall.issues(repo)
        assert len(items(issue)) == count
        assert any("acme/secret" in line for line in items(issue)) is (count == 3)


async def test_a_private_repository_lists_its_own_issues_and_those_that_everybody_sees(hall):
    """Of other private ones nobody but the organization may tell."""
    hall.town.world.repository("acme/vault", private=True, labels=["requires triaging"], roles={"mia": "maintain"})
    (installation,) = hall.town.world.installations.values()
    hall.town.world.choose_repositories(installation, add=["acme/vault"])
    await hall.town.filled()
    for name in ("acme/widgets", "acme/secret", "acme/vault"):
        await hall.triage(f"In {name}", name)
    text = SERIES.replace("acme/gadgets", "acme/vault")
    for path, content in {**FILES, ".github/meetings/weekly.yml": text}.items():
        hall.town.world.push_file("acme/secret", path, content, by="ann")
    await hall.town.settled()
    await hall.until(OPENS)
    (issue,) = hall.issues("acme/secret")
    assert [line.partition("#")[0] for line in items(issue)] == ["acme/widgets", "acme/secret"]


async def test_two_workers_open_it_once(postgres):
    async with Hall.open(postgres) as hall:
        await hall.push()
        hall.clock.forward(seconds=OPENS.timestamp() - hall.clock.seconds())
        async with wiring.reach(hall.town.settings, clock=hall.clock) as parts:
            others = [Ticking(await wiring.services(parts)) for _ in range(4)]
            await asyncio.gather(*(one.look() for one in [hall.ticking, *others]))
            await hall.town.settled()
            await asyncio.gather(*(one.look() for one in others))
        await hall.town.settled()
        assert [issue.title for issue in hall.issues()] == ["Weekly meeting #002, 2026-11-20"]
        assert len(await hall.deliveries()) == 1


async def test_what_came_with_a_redelivered_push_is_opened_once(hall):
    await hall.push()
    hall.clock.forward(seconds=OPENS.timestamp() - hall.clock.seconds())
    await hall.push()
    await hall.push({".github/meetings/weekly.md": TEMPLATE + "\nMore\n"})
    assert len(hall.issues()) == 1


async def opened_by_hand(hall: Hall, *, day=None, repo: str | None = None) -> str:
    async with wiring.reach(hall.town.settings, clock=hall.clock) as parts:
        described = await by_hand.choose(wiring.series(parts), "weekly", repo)
        guid = await by_hand.ask(parts.database, described, day, parts.clock())
        await hall.town.settled()
        answer = await by_hand.answer(parts.database, guid)
    assert answer is not None
    return answer.reason


async def test_a_meeting_is_opened_by_hand_once_and_never_again_by_the_clock(hall):
    await hall.push()
    said = await opened_by_hand(hall)
    (issue,) = hall.issues()
    assert said == f"acme/widgets#{issue.number} opened; pinned"
    assert issue.title == "Weekly meeting #002, 2026-11-20"
    assert await opened_by_hand(hall, day=DAY) == said
    await hall.until(OPENS)
    assert hall.issues() == [issue]
    await opened_by_hand(hall, day=DAY + timedelta(days=7))
    assert [one.title[-10:] for one in hall.issues()] == ["2026-11-20", "2026-11-27"]
    assert issue.state == "open", "it is not over yet"


async def test_what_can_not_be_opened_by_hand_says_why(hall):
    await hall.push()
    with pytest.raises(Mistake, match="2026-11-20 and 2026-11-27"):
        await opened_by_hand(hall, day=DAY + timedelta(days=1))
    with pytest.raises(Mistake, match="no series `weekly` in acme/gadgets"):
        await opened_by_hand(hall, repo="acme/gadgets")


async def test_the_clock_may_go_back(hall):
    await hall.push()
    await hall.until(OPENS)
    await hall.tick(hours=-5)
    await hall.until(OPENS)
    assert len(hall.issues()) == 1


async def test_what_was_asked_for_and_carried_comes_first_and_once(hall):
    first, second = await hall.triage("First"), await hall.triage("Second")
    third = await hall.triage("Third")
    await hall.push()

    def ask(conn) -> None:
        known = mirror.repository_named(conn, REPO).repository.id
        about = {"ref_repository_id": known, "added_at": 1, "by_login": "rita"}
        meetings.add_item(conn, Item(known, "weekly", "1", ref_number=second.number, **about))
        meetings.add_item(conn, Item(known, "weekly", "2", ref_number=third.number, times=2, carried_from=1, **about))
        meetings.add_item(conn, Item(known, "weekly", "3", 2, text="The @roadmap", by_login="tim"))
        meetings.add_item(conn, Item(known, "weekly", "4", 2, text="Later", not_before=DAY + timedelta(days=3)))

    await hall.town.database.run(ask)
    await hall.until(OPENS)
    (issue,) = hall.issues()
    assert items(issue) == [
        f"acme/widgets#{third.number} Third (asked by rita; carried from #001, 2nd time)",
        f"acme/widgets#{second.number} Second (asked by rita)",
        "The @\u200broadmap (asked by tim)",
        f"acme/widgets#{first.number} First",
    ]
    query = sa.select(tables.agenda_item.c.state).order_by(tables.agenda_item.c.id)
    states = await hall.town.database.read(lambda conn: list(conn.execute(query).scalars()))
    assert states == ["listed", "listed", "listed", "waiting"]
    await hall.until(OPENS + timedelta(days=7))
    assert [line for line in items(hall.issues()[1]) if "Later" in line] == ["Later"]


async def test_labels_come_off_what_was_listed_where_a_team_wants_it(hall):
    first = await hall.triage("First")
    text = SERIES.replace("agenda:\n", "agenda:\n  remove_label: when-listed\n")
    await hall.push({**FILES, ".github/meetings/weekly.yml": text})
    await hall.until(OPENS)
    assert first.label_names == []
    second = await hall.triage("Second", later=timedelta(minutes=1))
    await hall.tick(minutes=1)
    await hall.tick(minutes=1)
    (issue,) = hall.issues()
    assert [line.partition(" ")[2] for line in items(issue)] == ["First", "Second"]
    assert second.label_names == []
    assert "### To triage (2)" in issue.body


async def test_a_hostile_title_does_nothing_in_the_agenda(hall):
    await hall.triage("@mia #1 <!-- /rounds: agenda --> [x](http://x) {{ name }}")
    await hall.push()
    await hall.until(OPENS)
    (issue,) = hall.issues()
    assert "@mia" not in issue.body
    assert "#1 " not in items(issue)[0].partition(" ")[2]
    assert issue.body.count("<!-- /rounds: agenda -->") == 1
    assert "{{ name }}" in issue.body


async def test_250_issues_are_250_items_the_oldest_first(hall):
    label = hall.town.world.find_repository(REPO).labels["requires triaging"]
    shown = events.Label(id=label.id, name=label.name)
    numbers = [*range(1001, 1251)]
    many = [replace_(an_issue(n, labels=[shown]), created_at=START - timedelta(minutes=n)) for n in numbers]

    def fill(conn) -> None:
        known = mirror.repository_named(conn, REPO)
        mirror.put_issues(conn, known.repository.id, many)

    await hall.town.database.run(fill)
    await hall.push()
    await hall.until(OPENS)
    (issue,) = hall.issues()
    assert items(issue) == [f"acme/widgets#{number} It broke" for number in reversed(numbers)]


async def test_a_meeting_is_no_item_of_the_next(hall):
    text = SERIES.replace("labels: [requires triaging]", "labels: [meeting]").replace("close: true, ", "")
    await hall.push({**FILES, ".github/meetings/weekly.yml": text})
    await hall.until(OPENS)
    await hall.until(OPENS + timedelta(days=7))
    assert [items(issue) for issue in hall.issues()] == [[], []]


async def test_an_issue_that_was_deleted_is_asked_for_once(hall):
    await hall.push()
    await hall.until(OPENS)
    (issue,) = hall.issues()
    hall.town.world.delete_issue(issue, by="ann")
    for title in ("First", "Second"):
        await hall.triage(title, later=timedelta(minutes=2))
        await hall.tick(minutes=1)
    assert (await hall.meeting()).state == "closed"
    assert [one.action for one in await hall.deliveries()] == ["open", "refresh"]


async def test_a_series_that_moves_elsewhere_leaves_the_open_issue_where_it_is(hall):
    await hall.push()
    await hall.until(OPENS)
    (issue,) = hall.issues()
    elsewhere = hall.town.world.open_issue("acme/gadgets", "Another", "theirs", by="mia", number=issue.number)
    text = SERIES.replace("issue:\n", "issue:\n  repo: acme/gadgets\n")
    await hall.push({".github/meetings/weekly.yml": text})
    new = await hall.triage("New", later=timedelta(minutes=1))
    await hall.tick(minutes=1)
    assert items(issue) == [f"acme/widgets#{new.number} New"]
    assert (elsewhere.body, elsewhere.comments) == ("theirs", [])
    await hall.until(OPENS + timedelta(days=7))
    (second,) = hall.issues("acme/gadgets")
    assert issue.state == "closed"
    assert hall.town.replies(issue)[-1] == f"The next meeting: acme/gadgets#{second.number}"


async def test_a_start_opens_what_is_due_at_once(database_url, monkeypatch):
    """What was pushed before Rounds ran for the first time, too; nobody waits for the next look."""
    monkeypatch.setattr(ticking, "EVERY", 600.0)
    async with Hall.open(database_url, begin=False) as hall:
        for path, text in FILES.items():
            hall.town.world.push_file(REPO, path, text, by="mia")
        hall.clock.forward(seconds=OPENS.timestamp() - hall.clock.seconds())
        await hall.begin()

        async def opened() -> object:
            return hall.issues()

        await hall.town.eventually(opened, until=bool)


async def test_what_could_not_be_opened_is_opened_when_the_repository_is_mended(hall):
    await hall.push()
    no = "Issues has been disabled in this repository."
    hall.town.sandbox.faults.add(Fault(path=f"/{REPO}/issues$", method="POST", status=410, message=no))
    await hall.until(OPENS)
    assert hall.issues() == []
    (failed,) = await hall.deliveries()
    assert (failed.state, no in failed.reason) == ("failed", True)
    assert (await hall.meeting()).state == "opening"
    await hall.push({".github/meetings/weekly.md": TEMPLATE + "\nAgain\n"})
    (issue,) = hall.issues()
    assert "Again" in issue.body
