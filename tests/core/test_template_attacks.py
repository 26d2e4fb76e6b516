"""Templates that were written to harm: each is refused or stopped, and none takes long."""

from __future__ import annotations

import time
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from app.core.template import MOST_OUT, TemplateMistake, check, render

SECONDS = 10.0
"""Far above what is measured (0.3 s at most), far below what these cost where nothing stops them."""

VALUES = {
    "text": "x" * 100_000,
    "empty": "",
    "rows": list(range(1000)),
    "texts": ["x" * 2000] * 500,
    "row": {"title": "t"},
    "start": datetime(2020, 9, 18, 10, 30, tzinfo=ZoneInfo("America/New_York")),
}

REFUSED = {
    "multiplied text": "{{ 'a' * 10**9 }}",
    "multiplied list": "{{ [0] * 10**9 }}",
    "power": "{{ 9 ** 9 ** 9 }}",
    "sum": "{{ text + text }}",
    "tilde": "{{ text ~ text }}",
    "range": "{% for x in range(10**9) %}x{% endfor %}",
    "range of ranges": "{% for x in range(9999) %}{% for y in range(9999) %}x{% endfor %}{% endfor %}",
    "lipsum": "{{ lipsum(n=100000) }}",
    "cycler": "{{ cycler.__init__.__globals__.os }}",
    "joiner": "{{ joiner() }}",
    "namespace": "{% set n = namespace(x=1) %}",
    "class": "{{ ''.__class__.__mro__ }}",
    "class as an item": "{{ ''['__class__']() }}",
    "globals": "{{ self.__init__.__globals__ }}",
    "self": "{{ self }}",
    "method": "{{ text.upper() }}",
    "format method": "{{ '{0.__class__}'.format(text) }}",
    "format_map": "{{ '%s'.format_map(row) }}",
    "format operator": "{{ '%1000000000d' % 1 }}",
    "format filter": "{{ '%1000000000d' | format(1) }}",
    "center": "{{ 'x' | center(1000000000) }}",
    "indent": "{{ text | indent(1000000000) }}",
    "attr": "{{ row | attr('__class__') }}",
    "map": "{{ rows | map(attribute='__class__') | list }}",
    "tojson": "{{ row | tojson }}",
    "batch": "{{ rows | batch(1) }}",
    "xmlattr": "{{ row | xmlattr }}",
    "safe": "{{ text | safe }}",
    "import": "{% import 'x' as y %}",
    "from import": "{% from 'x' import y %}",
    "include": "{% include '/etc/passwd' %}",
    "extends": "{% extends 'base' %}",
    "block": "{% block a %}{{ self.a() }}{% endblock %}",
    "macro": "{% macro f() %}{{ f() }}{% endmacro %}{{ f() }}",
    "call": "{% call f() %}{% endcall %}",
    "filter block": "{% filter upper %}x{% endfilter %}",
    "set": "{% set x = text %}",
    "set block": "{% set x %}{{ text }}{% endset %}",
    "doubling": "{% set x = 'aa' %}" + "{% set x = x ~ x %}" * 60 + "{{ x }}",
    "doubling in a loop": "{% for r in rows %}{% set x = (x or 'a') ~ (x or 'a') %}{% endfor %}",
    "with": "{% with x = text %}{{ x }}{% endwith %}",
    "autoescape": "{% autoescape true %}{{ text }}{% endautoescape %}",
    "do": "{% do rows.append(1) %}",
    "recursive loop": "{% for x in rows recursive %}{{ loop(rows) }}{% endfor %}",
    "loop calls": "{% for x in rows %}{{ loop.cycle(1, 2) }}{% endfor %}",
    "deep loops": "{% for a in rows %}" * 25 + "{% endfor %}" * 25,
    "deep ifs": "{% if text %}" * 3000 + "{% endif %}" * 3000,
    "deep brackets": "{{ " + "[" * 20_000 + "]" * 20_000 + " | length }}",
    "deep parentheses": "{{ " + "(" * 20_000 + "1" + ")" * 20_000 + " }}",
    "deep attributes": "{{ row" + ".title" * 9_000 + " }}",
    "many nots": "{{ " + "not " * 15_000 + "text }}",
    "many ands": "{{ " + "text and " * 6_000 + "text }}",
    "many values": "{{ empty }}" * 5_000,
    "huge number": "{{ " + "9" * 10_000 + " }}",
    "large number": "{{ " + "9" * 4_000 + " }}",
    "infinite number": "{{ 1e999 }}",
    "slice": "{{ text[::-1] }}",
    "star arguments": "{{ text | replace(*rows) }}",
    "method of a time": "{{ start.strftime('%s') }}",
    "format of a time": "{{ '{0:%999999999d}'.format(start) }}",
    "class of a time": "{{ start.__class__.max }}",
    "times added": "{{ start - start }}",
    "private item": "{{ row._x }}",
    "debug": "{% debug %}",
    "trans": "{% trans %}x{% endtrans %}",
    "open comment": "{#" * 30_000,
    "open expression": "{{" * 30_000,
    "open tag": "{% " * 20_000,
}

STOPPED = {
    "loops in a loop": "{% for a in rows %}{% for b in rows %}x{% endfor %}{% endfor %}",
    "two long loops": "{% for a in rows %}{% endfor %}{% for a in rows %}{% endfor %}",
    "wide loop": "{% for a in rows %}" + "{{ empty }}" * 900 + "{% endfor %}",
    "filters in a loop": "{% for a in rows %}{% if text" + "|title" * 30 + " %}{% endif %}{% endfor %}",
    "joins in a loop": "{% for a in rows %}{% if rows | join %}{% endif %}{% endfor %}",
    "long join": "{{ texts | join }}",
    "growing replacement": "{{ text" + "|replace('x', 'xx')" * 30 + " }}",
    "large replacement": "{{ text | replace('x', '" + "y" * 2000 + "') }}",
    "long result": "{{ text }}" * 40,
    "long result of a loop": "{% for a in texts %}{{ a }}{% endfor %}",
    "wide day": "{{ start | date('%999999999d') }}",
    "long form of a day": "{% for a in texts %}{{ start | date(a) }}{% endfor %}",
    "days in a loop": "{% for a in rows %}{{ start | date('%c%c%c%c') }}{{ start | date }}{{ start | date }}{% endfor %}",
    "days of all zones": "{% for a in rows %}" + "{{ start | date('hhmm', 'Asia/Tokyo') }}" * 9 + "{% endfor %}",
    "a device for a zone": "{{ start | date('iso', '/dev/zero') }}",
    "a file for a zone": "{{ start | date('iso', '../../../../dev/zero') }}",
    "a list for a zone": "{{ start | date('iso', rows) }}",
    "wide pad": "{{ 1 | pad(1000000000) }}",
}

HARMLESS = {
    "{{ row.title is defined }} {{ row['__class__'] is defined }}": "true false",
    "{{ '{0.__class__}' }}": "{0.__class__}",
    "{{ empty['__class__'] is defined }}": "false",
}


def seconds(work) -> float:
    before = time.process_time()
    work()
    return time.process_time() - before


@pytest.mark.parametrize("source", REFUSED.values(), ids=REFUSED)
def test_refused_before_it_runs(source):
    def attack():
        assert check(source, VALUES)
        with pytest.raises(TemplateMistake, match="not accepted"):
            render(source, VALUES)

    assert seconds(attack) < SECONDS


@pytest.mark.parametrize("source", STOPPED.values(), ids=STOPPED)
def test_stopped_while_it_runs(source):
    def attack():
        assert check(source, VALUES) == []
        with pytest.raises(
            TemplateMistake, match=r"loop steps|too much work|more than|grows beyond|from 0 to 20|`date`|zone|list"
        ):
            render(source, VALUES)

    assert seconds(attack) < SECONDS


@pytest.mark.parametrize(("source", "text"), HARMLESS.items())
def test_harmless(source, text):
    assert render(source, VALUES) == text


@pytest.mark.parametrize(
    "source",
    [
        "{% for a in rows %}{{ empty }}{{ a }} {% endfor %}",
        "{% raw %}" + "{{ x }}" * 7_000 + "{% endraw %}",
        "{# x #}" * 9_000,
        "{%" + " " * 60_000 + "if text %}{% endif %}",
        "\n" * 60_000 + "{{ empty }}",
    ],
)
def test_the_largest_that_is_allowed_takes_a_bounded_time(source):
    results = []
    assert seconds(lambda: results.append(render(source, VALUES))) < SECONDS
    assert len(results[0]) <= MOST_OUT
