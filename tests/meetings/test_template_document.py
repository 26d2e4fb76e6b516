"""docs/meetings.md says what templates can do: its examples work, and no filter is forgotten."""

from __future__ import annotations

import re

import pytest

from app.core.template_dates import FORMS, LONG
from app.core.template_filters import FILTERS, STEPS
from app.meetings import recurrence, summer_time
from app.meetings.template import View, problems, render
from tests.meetings.made import day, moment, series
from tests.tree import ROOT

PAGE = (ROOT / "docs" / "meetings.md").read_text(encoding="utf-8")
SECTION = PAGE.partition("\n## Templates\n")[2]
REST = 'zones: [UTC]\nroles: {moderator: "@ada"}\nplaces: {here: "In the shed"}\n'


def test_every_filter_is_explained():
    told = set(re.findall(r"`(\w+)`", SECTION.partition("### Filters")[2].partition("###")[0]))
    assert {*FILTERS} - {STEPS} <= told
    assert {*FORMS, LONG} <= told


def example() -> str:
    return re.findall(r"```markdown\n(.*?)```", SECTION, re.DOTALL)[0]


def test_the_example_works():
    found = series(timezone="Europe/Berlin", rest=REST)
    occurrence = recurrence.on(found, day("2020-09-18"))
    assert problems(found, example(), [occurrence]) == []
    assert render(found, example(), occurrence, View()).body == (
        "## Call of Friday, September 18, 2020\n- **When:** 10:30 in Berlin\n    - 0830 UTC\n"
        "- **Where:** In the shed\n- **Moderator:** @ada\n\n\n"
    )


@pytest.mark.parametrize("expression", re.findall(r"`((?:date|pad|default)\([^`]*\))`", SECTION))
def test_what_is_said_of_filters_is_accepted(expression):
    found = series(rest=REST)
    value = "start" if expression.startswith("date") else "number"
    assert problems(found, f"{{{{ {value} | {expression} }}}}", [recurrence.on(found, day("2020-09-18"))]) == []


def test_the_notice_is_the_one_that_is_shown():
    zones = ["America/New_York", "Europe/Berlin"]
    found = series(timezone=zones[0])
    start = recurrence.on(found, day("2021-03-19")).start
    assert start > moment("2021-03-19T12:00")
    assert summer_time.notice(start, zones) in PAGE.replace("\n> ", " ")
