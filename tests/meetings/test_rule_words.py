from __future__ import annotations

import pytest

from app.config.schedule_words import understood
from app.meetings.rule_words import in_words


@pytest.mark.parametrize(
    "words",
    [
        "every Friday",
        "every Tuesday and Thursday",
        "every week",
        "every weekday",
        "every day",
        "every 2 weeks",
        "every 2 weeks on Friday",
        "every month",
        "every 3 months",
        "1st Friday of the month",
        "2nd and 4th Tuesday of the month",
        "last Friday of the month",
        "1st, 3rd and 5th Monday of the month",
        "1st Friday of every 2 months",
        "1st Monday of January and July",
        "15th of the month",
        "1st and 31st of the month",
        "last day of the month",
        "last weekday of the month",
    ],
)
def test_words_say_the_rule_that_is_read_from_them(words):
    assert in_words(understood(words)) == words


@pytest.mark.parametrize(
    ("rule", "words"),
    [
        ("FREQ=WEEKLY;BYDAY=FR;UNTIL=20261231", "every Friday, until 2026-12-31"),
        ("FREQ=WEEKLY;BYDAY=FR;COUNT=3", "every Friday, 3 times"),
        ("FREQ=WEEKLY;INTERVAL=2;BYDAY=FR;WKST=SU", "every 2 weeks on Friday"),
        ("FREQ=MONTHLY;BYDAY=1FR,2MO", "FREQ=MONTHLY;BYDAY=1FR,2MO"),
        ("FREQ=MONTHLY;BYDAY=-2FR", "FREQ=MONTHLY;BYDAY=-2FR"),
        ("FREQ=MONTHLY;BYDAY=FR", "FREQ=MONTHLY;BYDAY=FR"),
        ("FREQ=MONTHLY;BYMONTHDAY=-3", "FREQ=MONTHLY;BYMONTHDAY=-3"),
        ("FREQ=MONTHLY;BYMONTHDAY=13;BYDAY=FR", "FREQ=MONTHLY;BYMONTHDAY=13;BYDAY=FR"),
        ("FREQ=WEEKLY;BYMONTH=1;BYDAY=FR", "FREQ=WEEKLY;BYMONTH=1;BYDAY=FR"),
        ("FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29", "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29"),
    ],
)
def test_other_rules_are_shown_as_they_are(rule, words):
    assert in_words(understood(rule)) == words
