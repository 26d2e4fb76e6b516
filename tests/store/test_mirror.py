from __future__ import annotations

import pytest
import sqlalchemy as sa

from app.core import events, values
from app.store import mirror
from app.store.database import Database
from app.store.tables import metadata
from tests.store import events_of as of

MIRROR = ("installation", "repository", "label", "milestone", "person", "issue", "issue_label", "issue_assignee")


def apply(database: Database, *batch: events.Event) -> None:
    with database.transaction() as conn:
        mirror.apply(conn, batch)


def issue(database: Database, number: int = 12) -> values.Issue | None:
    with database.reading() as conn:
        return mirror.issue(conn, 77, number)


def dump(database: Database) -> dict[str, list[tuple[object, ...]]]:
    with database.reading() as conn:
        return {name: sorted(map(tuple, conn.execute(sa.select(metadata.tables[name])))) for name in MIRROR}


def known(database: Database) -> mirror.KnownRepository:
    with database.reading() as conn:
        found = mirror.repository(conn, 77)
    assert found
    return found


def names(database: Database) -> list[str]:
    with database.reading() as conn:
        return [label.name for label in mirror.labels(conn, 77)]


def test_an_issue_is_known_with_all_that_deciding_needs(database: Database):
    bob = events.User(id=2, login="bob")
    about = of.issue(labels=[of.label(3, "a11y"), of.label(2, "Bug")], milestone=of.milestone(4), assignees=[bob])
    apply(database, of.issues("opened", about))
    assert issue(database) == values.Issue(
        ref=values.Ref("o/r", 12),
        id=1012,
        title="It broke",
        author=values.Person(1, "alice"),
        labels=("a11y", "Bug"),
        milestone=4,
        assignees=("bob",),
        created_at=of.START,
        updated_at=of.START,
    )
    assert known(database).repository == values.Repository(77, "o/r", owner_is_organization=True)
    assert known(database).installation_id == 5
    assert not known(database).suspended


def test_what_is_not_known_is_none(database: Database):
    with database.reading() as conn:
        assert mirror.issue(conn, 77, 12) is None
        assert mirror.repository(conn, 77) is None
        assert mirror.repository_named(conn, "o/r") is None


def test_applying_twice_changes_nothing(database: Database):
    batch = [
        of.issues("opened", of.issue(1, labels=[of.label(1)])),
        of.labels("created", of.label(1)),
        of.pull("opened", 2),
        of.labels("deleted", of.label(2)),
        of.installation("created", events.ShortRepository(id=78, full_name="o/s")),
    ]
    apply(database, *batch)
    before = dump(database)
    apply(database, *batch)
    assert dump(database) == before


def test_an_older_state_never_replaces_a_newer_one(database: Database):
    apply(database, of.issues("closed", of.issue(minute=5, state="closed", labels=[of.label(1)])))
    apply(database, of.issues("labeled", of.issue(minute=4, labels=[of.label(1), of.label(2)])))
    found = issue(database)
    assert (found.open, found.labels) == (False, ("label 1",))
    apply(database, of.issues("unlabeled", of.issue(minute=5, state="closed")))  # the same second: the later one counts
    assert issue(database).labels == ()


def test_labels_and_assignees_follow_the_issue(database: Database):
    two = [events.User(id=2, login="bob"), events.User(id=3, login="carol")]
    apply(database, of.issues("labeled", of.issue(labels=[of.label(1), of.label(2)], assignees=two)))
    apply(database, of.issues("unlabeled", of.issue(minute=1, labels=[of.label(2), of.label(3)], assignees=two[1:])))
    assert issue(database).labels == ("label 2", "label 3")
    assert issue(database).assignees == ("carol",)


def test_a_comment_updates_the_issue_too(database: Database):
    apply(database, of.comment(of.issue(minute=2, title="It broke again", comments=1)))
    assert issue(database).title == "It broke again"


@pytest.mark.parametrize("together", [True, False])
def test_a_pull_request_keeps_the_id_it_has_as_an_issue(together: bool, database: Database):
    link = events.PullRequestLink()
    batch = [of.comment(of.issue(12, pull_request=link)), of.pull("edited", 12, minute=3)]
    for part in [batch] if together else [[event] for event in batch]:
        apply(database, *part)
    found = issue(database)
    assert (found.id, found.title, found.pull_request) == (1012, "Mend it", True)


def test_a_pull_request_of_which_no_id_is_known_has_none(database: Database):
    apply(database, of.pull("opened", 12, draft=True))
    assert (issue(database).id, issue(database).draft) == (0, True)


def test_an_author_who_is_gone_is_githubs_ghost(database: Database):
    apply(database, of.issues("opened", of.issue(user=None)))
    assert issue(database).author == values.Person(events.GHOST.id, "ghost")


def test_a_renamed_label_is_renamed_on_its_issues(database: Database):
    apply(database, of.issues("labeled", of.issue(labels=[of.label(1, "old")])))
    apply(database, of.labels("edited", of.label(1, "new")))
    apply(database, of.comment(of.issue(minute=1, labels=[of.label(1, "old")])))  # sent before the change, came later
    assert issue(database).labels == ("new",)


def test_a_deleted_label_is_gone_from_issues_and_repository(database: Database):
    apply(database, of.issues("labeled", of.issue(labels=[of.label(1), of.label(2)])))
    apply(database, of.labels("deleted", of.label(1)))
    assert issue(database).labels == ("label 2",)
    assert names(database) == ["label 2"]


def test_milestones_are_kept_and_taken_off_when_deleted(database: Database):
    due = of.at(60)
    apply(database, of.milestones("created", of.milestone(4, "Beta", due_on=due)))
    apply(database, of.issues("milestoned", of.issue(milestone=of.milestone(4))))
    apply(database, of.milestones("closed", of.milestone(4, "Beta", state="closed", due_on=due)))
    with database.reading() as conn:
        assert mirror.milestones(conn, 77) == (values.Milestone(4, 4, "Beta", open=False, due_on=due),)
    apply(database, of.milestones("deleted", of.milestone(4, "Beta")))
    assert issue(database).milestone is None


@pytest.mark.parametrize("action", ["deleted", "transferred"])
def test_an_issue_that_is_gone_stays_gone(action: str, database: Database):
    apply(database, of.issues("opened", of.issue()), of.issues(action, of.issue(minute=1)))
    assert issue(database) is None
    apply(database, of.comment(of.issue(minute=2)))
    assert issue(database) is None
    with database.transaction() as conn:
        mirror.put_issues(conn, 77, [of.issue(minute=3)])  # GitHub just answered with it
    assert issue(database)


def test_a_deletion_that_comes_first_counts_as_well(database: Database):
    apply(database, of.issues("deleted", of.issue(minute=1)))
    apply(database, of.issues("opened", of.issue()))
    assert issue(database) is None


def test_a_repository_follows_its_name(database: Database):
    apply(database, of.repositories("renamed", of.repository(full_name="o/New")))
    with database.reading() as conn:
        assert mirror.repository_named(conn, "O/nEW").repository.full_name == "o/New"
        assert mirror.repository_named(conn, "o/r") is None


def test_a_name_used_again_is_the_repository_that_has_it_now(database: Database):
    apply(database, of.repositories("deleted", of.repository(90)), of.repositories("created", of.repository(80)))
    apply(database, of.repositories("created", of.repository(90)), of.repositories("deleted", of.repository(90)))
    with database.reading() as conn:
        assert mirror.repository_named(conn, "o/r").repository.id == 80


@pytest.mark.parametrize("together", [True, False])
def test_a_late_event_never_makes_a_private_repository_public(together: bool, database: Database):
    private, public = of.repository(private=True), of.repository(private=False)
    batch = [of.comment(of.issue(), repository=private), of.comment(of.issue(minute=-9), repository=public)]
    for part in [batch] if together else [[event] for event in batch]:
        apply(database, *part)
    apply(database, of.repositories("renamed", public))
    assert known(database).repository.private
    apply(database, of.repositories("publicized", public))
    assert not known(database).repository.private


def test_archived_and_privatized(database: Database):
    apply(database, of.comment(of.issue()))
    apply(database, of.repositories("archived", of.repository(archived=True)))
    apply(database, of.repositories("privatized", of.repository(archived=True, private=True)))
    assert known(database).repository == values.Repository(
        77, "o/r", private=True, archived=True, owner_is_organization=True
    )


def test_a_deleted_repository_is_forgotten(database: Database):
    apply(
        database, of.issues("opened", of.issue(labels=[of.label(1)], milestone=of.milestone(4), assignees=[of.ALICE]))
    )
    with database.transaction() as conn:
        mirror.put_labels(conn, 77, [values.Label(1, "a")], whole=True, now=5)
    apply(database, of.repositories("deleted", of.repository()))
    left = dump(database)
    assert {name for name in MIRROR if left[name]} == {"repository", "person"}
    assert known(database).removed
    assert known(database).labels_at is None


def test_an_installation_comes_rests_and_goes(database: Database):
    apply(database, of.installation("created", events.ShortRepository(id=77, full_name="o/r", private=True)))
    assert known(database).repository == values.Repository(77, "o/r", private=True, owner_is_organization=True)
    apply(database, of.installation("suspend"))
    assert known(database).suspended
    apply(database, of.installation("unsuspend"))
    assert not known(database).suspended
    apply(database, of.comment(of.issue()), of.installation("deleted"))
    assert (known(database).removed, known(database).suspended) == (True, True)
    assert issue(database) is None
    apply(database, of.installation("new_permissions_accepted"))  # late: an id does not come back
    assert known(database).suspended


def test_a_reinstallation_has_another_id(database: Database):
    there = events.ShortRepository(id=77, full_name="o/r")
    apply(database, of.installation("created", there), of.installation("deleted"))
    apply(database, of.installation("created", there, id_=6))
    assert (known(database).installation_id, known(database).removed, known(database).suspended) == (6, False, False)


def test_repositories_are_added_and_taken_out(database: Database):
    there = events.ShortRepository(id=77, full_name="o/r")
    apply(database, of.moved([there], []), of.comment(of.issue()))
    assert issue(database)
    apply(database, of.moved([], [there]))
    assert known(database).removed
    assert issue(database) is None
    apply(database, of.moved([there], []))
    assert not known(database).removed


def test_events_that_say_nothing_of_these_things_leave_no_trace(database: Database):
    apply(database, events.Ignored(why="x"), events.TeamEvent(action="added", sender=of.ALICE))
    assert not any(dump(database).values())


def test_text_that_postgresql_refuses_is_made_harmless(database: Database):
    odd = of.label(1, "a\0b")
    odd_user = events.User(id=3, login="x\0y")
    apply(database, of.issues("opened", of.issue(title="\0", labels=[odd], user=odd_user)))
    assert issue(database).title == "\ufffd"
    assert issue(database).labels == ("a\ufffdb",)


def test_odd_names_are_only_names(database: Database):
    title = "Robert'); DROP TABLE issue;-- {0.__class__} %s :name"
    apply(database, of.issues("opened", of.issue(title=title, labels=[of.label(1, "C# / 'ü' 100%")])))
    assert issue(database).title == title
    assert names(database) == ["C# / 'ü' 100%"]


def labelled(database: Database, *names_: str) -> None:
    """We write labels, and GitHub answers with these."""
    with database.transaction() as conn:
        mirror.put_issue_labels(conn, 77, 12, names_)


def sure(database: Database) -> bool:
    with database.reading() as conn:
        return mirror.issue(conn, 77, 12, sure=True) is not None


def test_what_we_wrote_is_awaited_until_github_shows_it(database: Database):
    apply(database, of.labels("created", of.label(1)), of.comment(of.issue()))
    labelled(database, "LABEL 1")
    assert (issue(database).labels, sure(database)) == (("label 1",), True)
    apply(database, of.comment(of.issue(minute=1)))  # perhaps written before ours, perhaps after somebody undid it
    assert (issue(database).labels, sure(database)) == (("label 1",), False)
    apply(database, of.comment(of.issue(minute=2, labels=[of.label(1)])))
    assert sure(database)
    apply(database, of.comment(of.issue(minute=3)))
    assert (issue(database).labels, sure(database)) == ((), True)


def test_what_github_answers_ends_every_doubt(database: Database):
    apply(database, of.comment(of.issue()), of.comment(of.issue(labels=[of.label(1)])))
    assert not sure(database)
    with database.transaction() as conn:
        mirror.put_issues(conn, 77, [of.issue(labels=[of.label(1)])], answered=True)
    assert (issue(database).labels, sure(database)) == (("label 1",), True)


def test_our_own_event_of_the_same_second_takes_nothing_back(database: Database):
    us = events.User(id=99, login="rounds[bot]", type="Bot")
    apply(database, of.comment(of.issue(labels=[of.label(1)], state="closed")))
    with database.transaction() as conn:
        mirror.apply(conn, [of.issues("labeled", of.issue(labels=[of.label(1)]), sender=us)], "rounds[bot]")
    assert (issue(database).open, sure(database)) == (False, True)


def test_labels_written_on_an_issue_that_is_not_known_are_not_kept(database: Database):
    apply(database, of.labels("created", of.label(1)))
    labelled(database, "label 1")
    apply(database, of.comment(of.issue(12)))
    assert issue(database).labels == ()
