"""What is about the conversation, by itself: repeated it is nothing, and every deed has words."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core import conversation
from app.core.actions import Conversation, Lock, Mention, Pin, Retitle, Transfer, Unlock, Unpin
from app.core.values import Issue, Person, Ref
from app.core.wording import in_words

HERE = Ref("a/b", 1)
EACH: list[tuple[Conversation, str]] = [
    (Retitle(HERE, "New"), "a/b#1: change the title to “New”"),
    (Lock(HERE), "a/b#1: lock"),
    (Lock(HERE, "too heated"), "a/b#1: lock as too heated"),
    (Unlock(HERE), "a/b#1: unlock"),
    (Pin(HERE), "a/b#1: pin"),
    (Unpin(HERE), "a/b#1: unpin"),
    (Transfer(HERE, "a/c", 2), "a/b#1: move the issue to a/c"),
    (Mention(HERE, ("mona", "hubot"), "ada", "1.cc"), "a/b#1: mention mona, hubot in a comment"),
]


@pytest.mark.parametrize(("action", "words"), EACH)
def test_every_deed_has_words(action: Conversation, words: str) -> None:
    assert in_words(action) == words


@given(
    st.sampled_from([action for action, _ in EACH if not isinstance(action, Mention | Transfer)]),
    st.booleans(),
    st.none() | st.booleans(),
    st.sampled_from(["New", "Old"]),
)
def test_what_is_done_is_not_to_do(action: Conversation, locked: bool, pinned: bool | None, title: str) -> None:
    issue = Issue(HERE, 11, title, Person(1, "ada"), locked=locked, pinned=pinned)
    after = conversation.after(issue, action)
    assert conversation.rest(after, action) is None
    assert (conversation.rest(issue, action) is None) == (after == issue)


def test_a_transfer_and_a_mention_leave_the_issue_as_it_is() -> None:
    issue = Issue(HERE, 11, "Old", Person(1, "ada"))
    for action in (Transfer(HERE, "a/c", 2), Mention(HERE, ("mona",), "ada", "1.cc")):
        assert conversation.after(issue, action) == issue
        assert conversation.rest(issue, action) == action
    assert conversation.rest(issue, Transfer(HERE, "A/B", 1)) is None
