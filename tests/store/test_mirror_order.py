"""Which of two states of an issue stands: by examples, and for any history delivered in any order."""

from __future__ import annotations

from dataclasses import dataclass, field

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.store.mirror_order import UNCOMMENTED, Seen, Source, State, later, written

BUG, LOW, HIGH, THEIRS = 1, 2, 3, 4
COMMENT, OTHERS, ECHO = ("", Source.DELIVERY), ("labeled", Source.DELIVERY), ("labeled", Source.ECHO)


def state(second: int, *labels: int, **more: object) -> State:
    row = {
        "id": 7,
        "open": True,
        "state_reason": None,
        "closed_at": None,
        "locked": False,
        "draft": False,
        "title": "It",
    }
    row |= {"milestone": None, "comments": 0, "reactions": 0, "updated_at": second * 1000}
    return State(row | more, frozenset(labels), frozenset())


def seen(known: State | None, shown: State, how: tuple[str, Source] = COMMENT) -> State:
    return later(known, Seen(shown, how[1], how[0]))


def wrote(known: State, *labels: int) -> State:
    return written(known, labels)


def told(known: State) -> tuple[set[int], bool]:
    return set(known.labels), known.unsure


def test_a_later_second_replaces_all_and_an_earlier_one_nothing():
    known = seen(state(5, BUG), state(6, LOW, open=False))
    assert (told(known), known.row["open"]) == (({LOW}, False), False)
    assert seen(known, state(5, BUG)) == known


def test_a_late_comment_of_the_second_of_our_write_takes_nothing_away_and_leaves_a_doubt():
    known = wrote(seen(None, state(5)), LOW)
    assert told(seen(known, state(5))) == ({LOW}, True)
    echoed = seen(known, state(5, LOW), ECHO)
    assert told(echoed) == ({LOW}, False)
    assert told(seen(echoed, state(5))) == ({LOW}, True)


def test_a_late_comment_that_is_newer_than_what_was_known_before_our_write_does_not_hide_it():
    known = wrote(seen(None, state(5)), LOW)
    known = seen(known, state(7))
    assert told(known) == ({LOW}, True)
    assert told(seen(known, state(8, LOW), ECHO)) == ({LOW}, False)


def test_after_the_echo_what_is_older_is_known_to_be_older():
    known = seen(wrote(seen(None, state(5)), LOW), state(8, LOW), ECHO)
    assert seen(known, state(7)) == known


def test_who_takes_our_label_away_in_the_same_second_wins_and_github_is_asked():
    known = seen(wrote(seen(None, state(5)), LOW), state(5, LOW), ECHO)
    assert told(seen(known, state(5), ("unlabeled", Source.DELIVERY))) == (set(), True)


def test_who_takes_our_label_away_in_a_later_second_wins_for_certain():
    known = seen(wrote(seen(None, state(5)), LOW), state(5, LOW), ECHO)
    assert told(seen(known, state(6), ("unlabeled", Source.DELIVERY))) == (set(), False)


def test_who_closes_in_the_second_of_our_write_closes_and_our_label_stays():
    known = seen(wrote(seen(None, state(5)), LOW), state(5, open=False), ("closed", Source.DELIVERY))
    assert (told(known), known.row["open"]) == (({LOW}, True), False)


def test_a_state_that_shows_our_write_is_later_than_it_whoever_shows_it():
    known = seen(wrote(seen(None, state(5)), LOW), state(6, LOW, THEIRS), OTHERS)
    assert (told(known), known.added) == (({LOW, THEIRS}, False), frozenset())


@pytest.mark.parametrize("second", [5, 6])
def test_echoes_of_several_writes_leave_no_doubt_beyond_their_second(second):
    known = wrote(wrote(seen(None, state(5, HIGH)), *()), LOW)
    for labels in ((), (LOW,)):
        known = seen(known, state(second, *labels), ECHO)
        assert told(known) == ({LOW}, second > 5)
    assert told(seen(known, state(7, LOW))) == ({LOW}, False)


def test_our_reckoning_of_labels_gives_way_to_the_echo():
    known = wrote(seen(None, state(5, HIGH)), *())  # somebody else's label is on its way
    assert told(seen(known, state(5, THEIRS), ECHO)) == ({THEIRS}, False)


@pytest.mark.parametrize("second", [5, 6])
def test_an_echo_that_comes_before_the_answer_leaves_nothing_to_await(second):
    known = wrote(seen(seen(None, state(5)), state(second, LOW), ECHO), LOW)
    assert (known.added, known.removed) == (frozenset(), frozenset())
    assert told(known) == ({LOW}, second == 5)
    assert told(seen(known, state(second), ("unlabeled", Source.DELIVERY))) == (set(), True)


def test_an_echo_that_comes_days_late_only_ends_the_waiting():
    known = seen(wrote(seen(None, state(5)), LOW), state(9, THEIRS), OTHERS)
    assert told(known) == ({LOW}, True)
    known = seen(known, state(6, LOW), ECHO)
    assert told(known) == ({LOW}, True)
    assert told(seen(known, state(10, THEIRS))) == ({THEIRS}, False)


def test_what_github_answers_stands_unless_it_is_older():
    doubtful = seen(wrote(seen(None, state(5)), LOW), state(5))
    answered = seen(doubtful, state(5, HIGH), ("", Source.ANSWER))
    assert answered == state(5, HIGH)
    assert seen(answered, state(4, LOW), ("", Source.ANSWER)) == answered


def test_a_list_of_the_same_second_is_taken_but_not_what_we_wrote():
    known = seen(state(5, BUG), state(5, LOW, title="Other"), ("", Source.LIST))
    assert (told(known), known.row["title"]) == (({LOW}, True), "Other")
    assert told(seen(wrote(state(5), BUG), state(5), ("", Source.LIST))) == ({BUG}, True)


@pytest.mark.parametrize("first", [0, 7])
def test_the_id_that_only_some_events_tell_is_kept(first):
    known = seen(state(5, id=first), state(5, id=7 - first, title="Other"))
    assert known.row["id"] == 7


def test_the_same_again_is_no_doubt_and_comments_are_counted():
    known = seen(state(5, BUG, comments=2), state(5, BUG, comments=3))
    assert (told(known), known.row["comments"]) == (({BUG}, False), 3)
    assert seen(known, state(5, BUG, comments=1)) == known


@pytest.mark.parametrize("how", [(UNCOMMENTED, Source.DELIVERY), ("", Source.LIST)])
def test_fewer_comments_in_the_same_second_are_a_doubt(how):
    known = seen(state(5, BUG, comments=3), state(5, BUG, comments=2), how)
    assert (known.row["comments"], known.unsure) == (3, True)
    assert not seen(state(5, BUG, comments=3), state(5, BUG, comments=3), how).unsure


@dataclass
class History:
    """What truly happened to an issue, what the mirror knows of it, and the deliveries on their way."""

    truth: State = field(default_factory=lambda: state(0))
    known: State = field(default_factory=lambda: state(0))
    under_way: list[Seen] = field(default_factory=list)
    second: int = 0

    def _now(self, labels: frozenset[int] | None = None, **more: object) -> State:
        row = self.truth.row | more | {"updated_at": self.second * 1000}
        self.truth = State(row, self.truth.labels if labels is None else labels, frozenset())
        return self.truth

    def comment(self, _: int) -> None:
        self.under_way.append(Seen(self._now(), Source.DELIVERY))

    def turn(self, _: int) -> None:
        action = "closed" if self.truth.row["open"] else "reopened"
        self.under_way.append(Seen(self._now(open=not self.truth.row["open"]), Source.DELIVERY, action))

    def toggle(self, label: int) -> None:
        action = "unlabeled" if label in self.truth.labels else "labeled"
        self.under_way.append(Seen(self._now(self.truth.labels ^ {label}), Source.DELIVERY, action))

    def add(self, label: int) -> None:
        """We do; GitHub answers with all labels."""
        if label not in self.truth.labels:
            self.under_way.append(Seen(self._now(self.truth.labels | {label}), Source.ECHO, "labeled"))
        self.known = written(self.known, self.truth.labels)

    def remove(self, label: int) -> None:
        """We do; what is left we reckon ourselves."""
        if label in self.truth.labels:
            self.under_way.append(Seen(self._now(self.truth.labels - {label}), Source.ECHO, "unlabeled"))
        self.known = written(self.known, self.known.labels - {label})

    def read(self, _: int) -> None:
        self.known = later(self.known, Seen(self.truth, Source.ANSWER))

    def wait(self, seconds: int) -> None:
        self.second += seconds

    def arrive(self, place: int) -> None:
        if self.under_way:
            self.known = later(self.known, self.under_way.pop(place % len(self.under_way)))


steps = st.tuples(
    st.sampled_from(
        ["comment", "turn", "toggle", "add", "remove", "read", "wait", "wait", "arrive", "arrive", "arrive"]
    ),
    st.integers(1, 3),
)


@settings(max_examples=500)
@given(happened=st.lists(steps, max_size=25), order=st.randoms(use_true_random=False))
def test_when_all_has_arrived_the_mirror_is_right_or_knows_that_it_may_be_wrong(happened, order):
    history = History()
    for what, number in happened:
        getattr(history, what)(number)
    while history.under_way:
        history.arrive(order.randrange(len(history.under_way)))
    assert history.known.unsure or history.known.same(history.truth)


@given(happened=st.lists(st.tuples(st.sampled_from(["comment", "turn", "toggle", "add", "remove"]), st.integers(1, 3))))
def test_in_the_ordinary_case_there_is_never_a_doubt(happened):
    """Deliveries arrive in order; people take a second each; we write in the second of their comment."""
    history = History()
    for what, number in happened:
        history.wait(what not in {"add", "remove"})
        getattr(history, what)(number)
        history.arrive(0)
        assert not history.known.unsure
        assert history.known.same(history.truth)
