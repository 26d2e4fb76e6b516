from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.config.recurrence_rule import BadRule, canonical
from app.config.schedule_words import understood


@pytest.mark.parametrize(
    ("words", "rule"),
    [
        ("every Friday", "FREQ=WEEKLY;BYDAY=FR"),
        ("Every  friday.", "FREQ=WEEKLY;BYDAY=FR"),
        ("Fridays", "FREQ=WEEKLY;BYDAY=FR"),
        ("every fri", "FREQ=WEEKLY;BYDAY=FR"),
        ("weekly", "FREQ=WEEKLY"),
        ("every week", "FREQ=WEEKLY"),
        ("daily", "FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR,SA,SU"),
        ("every day", "FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR,SA,SU"),
        ("every weekday", "FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR"),
        ("every Tuesday and Thursday", "FREQ=WEEKLY;BYDAY=TU,TH"),
        ("every Monday, Wednesday & Friday", "FREQ=WEEKLY;BYDAY=MO,WE,FR"),
        ("every Monday, Wednesday, and Friday", "FREQ=WEEKLY;BYDAY=MO,WE,FR"),
        ("biweekly", "FREQ=WEEKLY;INTERVAL=2"),
        ("fortnightly", "FREQ=WEEKLY;INTERVAL=2"),
        ("every 2 weeks", "FREQ=WEEKLY;INTERVAL=2"),
        ("every second week on Friday", "FREQ=WEEKLY;INTERVAL=2;BYDAY=FR"),
        ("every other week on Monday and Friday", "FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,FR"),
        ("every other Friday", "FREQ=WEEKLY;INTERVAL=2;BYDAY=FR"),
        ("every 2 weeks on Friday", "FREQ=WEEKLY;INTERVAL=2;BYDAY=FR"),
        ("every three weeks on Friday", "FREQ=WEEKLY;INTERVAL=3;BYDAY=FR"),
        ("monthly", "FREQ=MONTHLY"),
        ("every month", "FREQ=MONTHLY"),
        ("1st Friday", "FREQ=MONTHLY;BYDAY=1FR"),
        ("first Friday of the month", "FREQ=MONTHLY;BYDAY=1FR"),
        ("the first Friday of every month", "FREQ=MONTHLY;BYDAY=1FR"),
        ("on the 2nd Tuesday of each month", "FREQ=MONTHLY;BYDAY=2TU"),
        ("every 1st Friday", "FREQ=MONTHLY;BYDAY=1FR"),
        ("every second Friday of the month", "FREQ=MONTHLY;BYDAY=2FR"),
        ("2nd and 4th Tuesday", "FREQ=MONTHLY;BYDAY=2TU,4TU"),
        ("every 2nd and 4th Tuesday", "FREQ=MONTHLY;BYDAY=2TU,4TU"),
        ("1st, 3rd and 5th Monday", "FREQ=MONTHLY;BYDAY=1MO,3MO,5MO"),
        ("last Friday", "FREQ=MONTHLY;BYDAY=-1FR"),
        ("last Friday of every 3 months", "FREQ=MONTHLY;INTERVAL=3;BYDAY=-1FR"),
        ("first Monday of the quarter", "FREQ=MONTHLY;BYMONTH=1,4,7,10;BYDAY=1MO"),
        ("first Monday of January and July", "FREQ=MONTHLY;BYMONTH=1,7;BYDAY=1MO"),
        ("last weekday of the month", "FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1"),
        ("15th of every month", "FREQ=MONTHLY;BYMONTHDAY=15"),
        ("the 1st and 15th of the month", "FREQ=MONTHLY;BYMONTHDAY=1,15"),
        ("last day of the month", "FREQ=MONTHLY;BYMONTHDAY=-1"),
        ("RRULE:FREQ=WEEKLY;BYDAY=FR", "FREQ=WEEKLY;BYDAY=FR"),
        ("byday=fr;freq=weekly;interval=1", "FREQ=WEEKLY;INTERVAL=1;BYDAY=FR"),
        ("FREQ=MONTHLY; BYDAY=+1FR, -1FR;", "FREQ=MONTHLY;BYDAY=1FR,-1FR"),
        ("FREQ=WEEKLY;UNTIL=20261231T235959Z", "FREQ=WEEKLY;UNTIL=20261231"),
    ],
)  # fmt: skip
def test_words_and_their_rule(words, rule):
    assert understood(words) == rule
    assert understood(rule) == rule


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("every second Friday", "can mean two things: write `every 2 weeks on Friday` or `second Friday of the month`"),
        ("every blursday", "is not understood; expected a rule as"),
        ("every Friday at noon", "is not understood"),
        ("every 2 months on Friday", "is not understood"),
        ("", "is not understood"),
        ("FREQ=SECONDLY", "`FREQ` must be WEEKLY, MONTHLY or YEARLY"),
        ("FREQ=DAILY", "`FREQ` must be WEEKLY, MONTHLY or YEARLY"),
        ("BYDAY=FR", "`FREQ` must be WEEKLY, MONTHLY or YEARLY"),
        ("FREQ=WEEKLY;BYHOUR=3", "`BYHOUR` can't stand here: the time is `time`"),
        ("FREQ=WEEKLY;BYDYA=FR", "a rule has no `BYDYA` (did you mean `byday`?)"),
        ("FREQ=WEEKLY;BYDAY=1FR", "`1FR` counts within a month: write `FREQ=MONTHLY`"),
        ("FREQ=MONTHLY;BYDAY=6FR", "expected a number from 1 to 5"),
        ("FREQ=MONTHLY;BYDAY=0FR", "expected a number from 1 to 5"),
        ("FREQ=WEEKLY;BYDAY=FRI", "`BYDAY` has `FRI`"),
        ("FREQ=WEEKLY;INTERVAL=0", "`INTERVAL` has `0`, expected a number from 1 to 500"),
        ("FREQ=WEEKLY;INTERVAL=-1", "expected a number from 1 to 500"),
        ("FREQ=WEEKLY;INTERVAL=99999999999", "expected a number from 1 to 500"),
        ("FREQ=MONTHLY;BYMONTH=13", "expected a number from 1 to 12"),
        ("FREQ=WEEKLY;BYMONTHDAY=1", "`BYMONTHDAY` needs `FREQ=MONTHLY` or `FREQ=YEARLY`"),
        ("FREQ=MONTHLY;BYWEEKNO=1", "`BYWEEKNO` needs `FREQ=YEARLY`"),
        ("FREQ=MONTHLY;BYSETPOS=1", "`BYSETPOS` needs another part"),
        ("FREQ=WEEKLY;COUNT=3;UNTIL=20261231", "can't stand together"),
        ("FREQ=WEEKLY;UNTIL=2026-12-31", "`UNTIL` must be a day, as `20261231`"),
        ("FREQ=WEEKLY;UNTIL=20261331", "`UNTIL` has `20261331`, which is no day"),
        ("FREQ=WEEKLY;FREQ=WEEKLY", "`FREQ` is given twice"),
        ("FREQ=WEEKLY;WKST=FRI", "`WKST` is one of"),
        ("=;=", "is no part of a rule"),
    ],
)  # fmt: skip
def test_what_is_not_understood_is_told(words, said):
    with pytest.raises(BadRule) as told:
        understood(words)
    assert said in str(told.value)


@given(st.text(max_size=60) | st.text("FREQWKLY=;BDA1,-MO2 every firstd", max_size=60))
def test_nothing_else_is_raised(text):
    try:
        rule = understood(text)
    except BadRule:
        return
    assert canonical(rule) == rule
