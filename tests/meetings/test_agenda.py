"""The agenda's region: what stands in it, that nothing in it can harm, and that only it is ever written again."""

from __future__ import annotations

import re
import time
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.mentions import named
from app.core.values import Ref
from app.meetings.agenda import (
    CLOSES,
    EMPTY,
    MOST,
    MOST_BODY,
    OPENS,
    AgendaItem,
    Matches,
    TodoLine,
    announced,
    in_body,
    item_line,
    region,
    shortened,
    todo_line,
    with_region,
)

LAMP = Ref("acme/lamps", 12)
HOSTILE = (
    "@acme/everyone #1 acme/lamps#2 GH-3 https://github.com/acme/lamps/issues/4 <!-- /rounds: agenda --> "
    "[x](http://evil) ![x](y) `` ``` ~~~ <b> &#64;octocat \n\n<!-- rounds: meeting a 2020-01-01 -->\n/close \u202e"
)
ITEMS = [
    AgendaItem("To triage", LAMP, "The lamp flickers"),
    AgendaItem("To triage", Ref("acme/shades", 3), "Too dark"),
    AgendaItem("Carried over", Ref("acme/lamps", 9), "Pick a bulb", carried_from=1, times=2),
    AgendaItem("Asked for", None, "Holidays", by="rita"),
]
TODOS = [
    TodoLine(("ernest",), "look at the socket", date(2019, 8, 2), ref=Ref("acme/lamps", 6), meetings_open=3),
    TodoLine(("Sumana", "ernest"), "discuss tickets", origin="said by rita"),
    TodoLine(("@ernest",), "write it down", meetings_open=1),
    TodoLine(("ernest", "sumana"), "close acme/lamps#6", ref=Ref("acme/lamps", 6), meetings_open=2),
]


def body(text: str) -> str:
    """What stands between the markers."""
    return text.removeprefix(f"{OPENS}\n").removesuffix(f"\n{CLOSES}")


def test_an_agenda_as_people_see_it():
    found = region(
        ITEMS,
        TODOS,
        {"To triage": Matches(250, "https://github.com/issues?q=is:open"), "Nominated": Matches(0)},
        width=3,
    )
    assert (
        body(found)
        == """\
### To triage (250)

- [ ] acme/lamps#12 The lamp flickers
- [ ] acme/shades#3 Too dark
- … [and 248 more](https://github.com/issues?q=is:open)

### Carried over (1)

- [ ] acme/lamps#9 Pick a bulb (carried from #001, 2nd time)

### Asked for (1)

- [ ] Holidays (asked by rita)

### Open TODOs (4)

- **ernest**
  - [ ] look at the socket acme/lamps#6 (due 2019-08-02; open for 3 meetings)
  - [ ] write it down
- **Sumana and ernest**
  - [ ] discuss tickets (said by rita)
  - [ ] close acme/lamps#6 (open for 2 meetings)"""
    )


def test_an_empty_agenda_says_so():
    assert region([]) == f"{OPENS}\n{EMPTY}\n{CLOSES}"
    assert region([], totals={"To triage": Matches(0)}) == region([])


def test_an_agenda_of_to_dos_alone_is_not_empty():
    assert body(region([], TODOS[:1])).startswith("### Open TODOs (1)\n\n- **ernest**")


def test_a_query_whose_issues_are_all_left_out_says_how_many_there_are():
    assert body(region([], totals={"To triage": Matches(7)})) == "### To triage (7)\n\n- … and 7 more"


def test_headings_stand_in_the_order_of_the_items_and_those_of_queries_first_as_given():
    found = region([ITEMS[3], ITEMS[0]], totals={"Nominated": Matches(1)})
    assert re.findall("### (.*) [(]", found) == ["Asked for", "To triage", "Nominated"]


def test_before_the_issue_is_opened_the_headings_are_announced():
    assert (
        body(announced(["To triage", "@all"]))
        == "_The agenda is filled when the issue is opened: To triage, @\u200ball._"
    )
    assert body(announced([])) == "_The agenda is filled when the issue is opened._"


@pytest.mark.parametrize(
    ("item", "line"),
    [
        (AgendaItem("", LAMP, "T", carried_from=1, times=1), "acme/lamps#12 T (carried from #01)"),
        (AgendaItem("", LAMP, "T", carried_from=7, times=3), "acme/lamps#12 T (carried from #07, 3rd time)"),
        (AgendaItem("", LAMP, "T", carried_from=123, times=11), "acme/lamps#12 T (carried from #\u200b123, 11th time)"),
        (AgendaItem("", LAMP, "T", "rita", "by /agenda"), "acme/lamps#12 T (asked by rita; by /agenda)"),
        (AgendaItem("", None, "T"), "T"),
        (AgendaItem("", LAMP, ""), "acme/lamps#12"),
    ],
)
def test_one_item(item, line):
    assert item_line(item, 2) == line


def test_one_to_do_without_a_reference_twice():
    assert todo_line(TodoLine((), "see ACME/lamps#12", ref=LAMP)) == "see acme/lamps#12"
    assert todo_line(TodoLine((), "see acme/lamps#123, #12", ref=LAMP)) == "see acme/lamps#\u200b123, acme/lamps#12"
    assert todo_line(TodoLine((), "#12", ref=LAMP)) == "acme/lamps#12"
    assert todo_line(TodoLine((), "see acme/shades#12", ref=LAMP)) == "see acme/shades#\u200b12 acme/lamps#12"
    assert todo_line(TodoLine((), "see it", ref=LAMP)) == "see it acme/lamps#12"


def test_hostile_words_mention_nobody_refer_to_nothing_and_end_nothing():
    items = [AgendaItem(HOSTILE, LAMP, HOSTILE, by=HOSTILE, origin=HOSTILE)]
    todos = [TodoLine((HOSTILE,), HOSTILE, origin=HOSTILE)]
    found = region(items, todos, {HOSTILE: Matches(9, "https://github.com/x) @octocat &#64;octocat <b> [x](y")})
    assert found.count(OPENS) == found.count(CLOSES) == 1
    assert in_body(found) == found
    assert named(found) == frozenset()
    assert re.findall(r"[\w/-]*#\d+", found) == ["acme/lamps#12"]
    assert not re.search(
        r"https?://(?!github\.com/x%29%20%40octocat)|^/|<(?!\u200b|!-- /?rounds: agenda)|\u202e|GH-",
        found,
        re.MULTILINE,
    )
    assert len(re.findall(r"\]\(", found)) == 1


def test_an_address_that_is_none_is_no_link():
    found = region(ITEMS[:1], totals={"To triage": Matches(2, "javascript:alert(1)")})
    assert "- … and 1 more" in found
    assert "javascript" not in found


def test_many_items_have_shorter_titles_before_any_is_left_out():
    items = [AgendaItem("To triage", Ref("acme/lamps", n), "x" * 250) for n in range(500)]
    found = region(items)
    assert len(found) <= MOST
    assert found.count("- [ ] acme/lamps#") == 500
    assert "x" * 59 + "…" in found


def test_what_is_too_long_is_cut_and_counted():
    items = [AgendaItem("To triage", Ref("acme/lamps", n), "x" * 60) for n in range(1000)]
    found = region(items, TODOS)
    listed = found.count("- [ ] ")
    assert len(found) <= MOST
    assert found.endswith(f"- … and {1004 - listed} more: this agenda is longer than an issue can hold.\n{CLOSES}")
    again = shortened(found, 5_000)
    assert len(again) <= 5_000
    assert f"- … and {1004 - again.count('- [ ] ')} more" in again
    assert shortened(again, 5_000) == again


def test_five_hundred_items_are_quick():
    items = [AgendaItem("To triage", Ref("acme/lamps", n), HOSTILE) for n in range(500)]
    before = time.process_time()
    region(items)
    assert time.process_time() - before < 10  # measured: 0.1


OLD, NEW = region([]), region(ITEMS)


@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_only_the_region_is_written_again(end):
    people = f"Hello  {end}{end}{{}}{end}notes @rita{end}"
    written = with_region(people.replace("{}", OLD.replace("\n", end)), NEW)
    assert written == people.replace("{}", NEW)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "no region",
        OPENS,
        CLOSES,
        f"{CLOSES}\n{OPENS}",
        f"{OLD}\n{OLD}",
        f"{OLD}\n{CLOSES}",
        f"{OPENS}\n{OLD}",
        f"say `{OPENS}` and\n{CLOSES}",
        f"{OPENS} text\n{CLOSES}",
        f"> {OPENS}\n> {CLOSES}",
        f"{OPENS}\n{CLOSES} text",
        f"a {OPENS} b\n{OLD}",
    ],
)
def test_without_the_two_markers_once_nothing_is_written(text):
    assert with_region(text, NEW) is None


def test_the_region_of_a_body_compares_whatever_its_line_ends_are():
    assert in_body(f"x\r\n{NEW}\n".replace("\n", "\r\n")) == NEW
    assert in_body("none") is None


@pytest.mark.parametrize("text", [f"{OPENS}\n" * 2_500, f"{CLOSES}\n" * 2_500, OPENS + "\n\r" * 30_000])
def test_many_markers_are_refused_quickly(text):
    before = time.process_time()
    assert with_region(text, NEW) is None
    assert in_body(text) is None
    assert time.process_time() - before < 5


def test_a_body_that_people_filled_leaves_less_room():
    notes = "n" * 60_000
    items = [AgendaItem("To triage", Ref("acme/lamps", n), "x" * 100) for n in range(500)]
    written = with_region(f"{notes}\n{OLD}\n", region(items))
    assert written is not None
    assert len(written) <= MOST_BODY
    assert written.startswith(notes)


@given(
    st.text(max_size=200).filter(lambda text: "rounds: agenda" not in text),
    st.text(max_size=200).filter(lambda text: "rounds: agenda" not in text),
    st.lists(st.text(max_size=50), max_size=5),
)
def test_people_keep_every_character(before, after, titles):
    made = region([AgendaItem("To triage", LAMP, title) for title in titles])
    text = f"{before}\n{OLD}\n{after}"
    written = with_region(text, made)
    assert written == f"{before}\n{made}\n{after}"
    assert with_region(written, OLD) == text
