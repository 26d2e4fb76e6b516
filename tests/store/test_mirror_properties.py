"""Whatever the order and the cut of the batches: the newest state stands, and a batch does what its events do one by one."""

from __future__ import annotations

import contextlib
import tempfile
from collections.abc import Iterator, Sequence

import pytest
import sqlalchemy as sa
from hypothesis import given, settings
from hypothesis import strategies as st

from app.core import events
from app.store import mirror
from app.store.database import Database
from app.store.tables import metadata
from tests.store import events_of as of
from tests.store.test_mirror import MIRROR

numbers = st.integers(1, 3)
minutes = st.integers(0, 4)
names = st.sampled_from(["old", "new"])
one_label = st.builds(of.label, st.integers(1, 4), names)
one_milestone = st.builds(of.milestone, st.integers(1, 3), names)
shown_labels = st.lists(one_label, max_size=3, unique_by=lambda label: label.id)
people = st.integers(1, 3).map(lambda id_: events.User(id=id_, login=f"user {id_}"))
issues = st.builds(
    of.issue,
    numbers,
    minutes,
    labels=shown_labels,
    assignees=st.lists(people, max_size=2, unique_by=lambda user: user.id),
    user=people | st.none(),
    state=st.sampled_from(["open", "closed"]),
    milestone=st.none() | one_milestone,
)
repositories = st.builds(
    of.repository, st.just(77), st.sampled_from(["o/r", "o/s"]), private=st.booleans(), archived=st.booleans()
)
short = st.builds(events.ShortRepository, id=st.just(77), full_name=st.just("o/r"), private=st.booleans())
any_event = st.one_of(
    st.builds(of.issues, st.sampled_from(["opened", "labeled", "closed"]), issues, repository=repositories),
    st.builds(of.issues, st.sampled_from(["deleted", "transferred"]), issues),
    st.builds(of.comment, issues, sender=people),
    st.builds(of.pull, st.sampled_from(["opened", "edited", "deleted"]), numbers, minutes),
    st.builds(of.labels, st.sampled_from(["created", "edited", "deleted"]), one_label),
    st.builds(of.milestones, st.sampled_from(["created", "deleted"]), one_milestone),
    st.builds(of.repositories, st.sampled_from(["renamed", "publicized", "archived", "deleted"]), repositories),
    st.builds(of.installation, st.sampled_from(["created", "suspend", "unsuspend", "deleted"]), short),
    st.builds(of.moved, st.lists(short, max_size=1), st.lists(short, max_size=1)),
)


@pytest.fixture(scope="module")
def sqlite() -> Iterator[Database]:
    with (
        tempfile.TemporaryDirectory() as folder,
        contextlib.closing(Database.open(f"sqlite:///{folder}/x.db")) as opened,
    ):
        opened.migrate()
        yield opened


def after(database: Database, batches: Sequence[Sequence[events.Event]]) -> dict[str, list[str]]:
    """The mirror after these batches, from an empty one, which it is again afterwards."""
    with database.transaction() as conn:
        inner = conn.begin_nested()
        for batch in batches:
            mirror.apply(conn, batch)
        found = {name: sorted(map(repr, conn.execute(sa.select(metadata.tables[name])))) for name in MIRROR}
        inner.rollback()
    return found


@settings(deadline=None)
@given(batch=st.lists(any_event, max_size=12))
def test_a_batch_does_what_its_events_do_one_by_one(sqlite: Database, batch: list[events.Event]):
    assert after(sqlite, [batch]) == after(sqlite, [[event] for event in batch])


@settings(deadline=None)
@given(batch=st.lists(any_event, max_size=8))
def test_a_batch_that_comes_again_changes_nothing(sqlite: Database, batch: list[events.Event]):
    """GitHub may send any run of deliveries a second time; what is deleted in it and made anew ends as it ended before."""
    once = [event for event in batch if not _brings_back(event)]
    assert after(sqlite, [once, once]) == after(sqlite, [once])


@settings(deadline=None)
@given(data=st.data(), states=st.lists(issues, min_size=1, max_size=8, unique_by=lambda issue: issue.updated_at))
def test_the_newest_state_stands_whatever_the_order(sqlite: Database, data: st.DataObject, states: list[events.Issue]):
    states = [of.issue(1, place, labels=state.labels, state=state.state) for place, state in enumerate(states)]
    mixed = [of.issues("edited", state) for state in data.draw(st.permutations(states))]
    cut = data.draw(st.integers(0, len(mixed)))
    found = after(sqlite, [mixed[:cut], mixed[cut:]])
    newest = after(sqlite, [[of.issues("edited", states[-1])]])
    assert (found["issue"], found["issue_label"]) == (newest["issue"], newest["issue_label"])


def _brings_back(event: events.Event) -> bool:
    """Deletions and their opposites in one run: the second time they meet another state than the first time."""
    kinds = (events.LabelEvent, events.MilestoneEvent, events.RepositoryEvent, events.InstallationEvent)
    return isinstance(event, (*kinds, events.InstallationRepositoriesEvent)) or (
        isinstance(event, events.IssueEvent | events.PullRequestEvent) and event.action in {"deleted", "transferred"}
    )
