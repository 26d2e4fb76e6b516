"""A triage call run from its meeting issue: each target by its own rules, and one answer for all."""

from __future__ import annotations

import pytest

from app.core import grammar
from tests.journeys.town import REPO


@pytest.fixture
def topics(town):
    return [town.world.open_issue(REPO, f"Topic {n}", by="rita") for n in range(1, 6)]


def numbers(issues) -> str:
    return " ".join(f"#{issue.number}" for issue in issues)


async def test_the_lines_of_a_call(town, issue, topics):
    comment = await town.says(issue, "tim", (
        f"{numbers(topics[:2])} /out-of-scope OTF because UX first\n"
        f"#{topics[2].number} /milestone OTF security work\n"
        f"{numbers(topics[3:])} /close not-planned\n"
    ))  # fmt: skip
    assert [topic.label_names for topic in topics] == [["out of scope"]] * 2 + [[]] * 3
    assert topics[2].milestone_title == "OTF security work"
    assert [topic.state for topic in topics] == ["open"] * 3 + ["closed"] * 2
    assert ["UX first" in town.replies(topic)[0] for topic in topics[:2]] == [True, True]
    assert (town.reactions(comment), town.replies(issue)) == (["+1"], [])


async def test_one_answer_names_the_targets_that_need_words(town, issue, topics):
    gadget = town.world.open_issue("acme/gadgets", "There", by="rita")
    hidden = town.world.open_issue("acme/secret", "Hidden", by="ann")
    town.world.lock(topics[1], by="mia")
    town.world.add_labels(topics[2], ["bug"], by="mia")
    await town.settled()
    others = f"acme/gadgets#{gadget.number} acme/secret#{hidden.number} #999"
    comment = await town.says(issue, "tim", f"{numbers(topics[:4])} {others} /label bug\n#{topics[4].number} /label C#")
    assert [topic.label_names for topic in topics] == [["bug"], [], ["bug"], ["bug"], ["C#"]]
    assert (gadget.label_names, hidden.label_names) == ([], [])
    assert town.reactions(comment) == ["confused"]
    (reply,) = town.replies(issue)
    told = reply.replace("\u200b", "").splitlines()
    assert told[0] == "tim, 4 of 8 were not done:"
    assert told[2:] == [
        "- `/label bug`",
        f"  - `{REPO}#{topics[0].number}`, `{REPO}#{topics[3].number}`: done",
        f"  - `{REPO}#{topics[1].number}`: not done: the issue is locked; unlock it first.",
        f"  - `{REPO}#{topics[2].number}`: already so",
        f"  - `acme/gadgets#{gadget.number}`: refused: `/label` is for the triage role or above; "
        "your role in `acme/gadgets` is read.",
        f"  - `acme/secret#{hidden.number}`: there is no `acme/secret#{hidden.number}`, or it is not to be seen.",
        f"  - `{REPO}#999`: there is no `{REPO}#999`, or it is not to be seen.",
        f"- `#{topics[4].number} /label C#`: done",
    ]
    assert [town.replies(topic) for topic in topics] == [[]] * 5


async def test_a_whole_call_of_twenty_lines(town, issue):
    topics = [town.world.open_issue(REPO, f"Topic {n}", by="rita") for n in range(40)]
    lines = [f"{numbers(topics[place::20])} /label bug\n" for place in range(20)]
    comment = await town.says(issue, "tim", "".join(lines))
    assert {tuple(topic.label_names) for topic in topics} == {("bug",)}
    assert (town.reactions(comment), town.replies(issue)) == (["+1"], [])


async def test_beyond_the_limits_nothing_is_left_out_in_silence(town, issue, topics):
    lines = "".join(f"#{topics[0].number} /label bug\n" for _ in range(grammar.MOST_COMMANDS))
    await town.says(issue, "tim", f"{lines}#{topics[1].number} /label bug\n#{topics[2].number} /label bug")
    assert [topic.label_names for topic in topics[:3]] == [["bug"], [], []]
    (reply,) = town.replies(issue)
    assert "only the first 20 commands of a comment run; put this one and the rest into another comment." in reply
    wide = " ".join(f"#{number}" for number in range(1, grammar.MOST_TARGETS + 2))
    await town.says(issue, "tim", f"{wide} /label C#")
    assert f"a command can name at most {grammar.MOST_TARGETS} issues before its verb" in town.replies(issue)[1]
    assert [topic.label_names for topic in topics[:3]] == [["bug"], [], []]
