"""Templates: what they can do, what they are told, and that values stay data."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.template import CLIP, MOST_OUT, MOST_SOURCE, TemplateMistake, check, render
from app.core.template_values import MOST_WHOLE, Listed, Parts, Whole
from app.errors import Mistake

OUT_OF_SCOPE = "Out of scope{% if scope %} for {{ scope }}{% endif %}{% if reason %}: {{ reason }}{% endif %}."


@pytest.mark.parametrize(
    ("scope", "reason", "text"),
    [
        ("", "", "Out of scope."),
        ("OTF", "", "Out of scope for OTF."),
        ("OTF", "it needs a design", "Out of scope for OTF: it needs a design."),
    ],
)
def test_a_comment_of_a_declared_command(scope, reason, text):
    assert render(OUT_OF_SCOPE, {"scope": scope, "reason": reason}) == text


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ("plain text, no braces", "plain text, no braces"),
        ("{{ name | upper }} {{ name | lower }} {{ 'a word-pair' | title }}", "ÉMILE émile A Word-Pair"),
        ("[{{ '  x ' | trim }}]", "[x]"),
        ("{{ words | join(', ') }}", "one, two, three"),
        ("{{ words | first }}-{{ words | last }}-{{ words | length }}", "one-three-3"),
        ("{{ [] | first }}{{ 'abc' | last }}{{ {} if false else 'x' }}", None),
        ("{{ empty | default('none') }}, {{ nothing | default('none') }}", "none, none"),
        ("{{ name | default('none') }}", "Émile"),
        ("{{ 'a-b-c' | replace('-', '+') }}", "a+b+c"),
        ("{{ 'one two three' | truncate(7) }}|{{ 'short' | truncate }}", "one two…|short"),
        ("{{ 'one two three' | truncate(7, end='') }}", "one two"),
        ("#{{ number | pad(3) }} #{{ '7' | pad(3) }}", "#042 #007"),
        (
            "{% for word in words %}{{ loop.index }}{{ word }}{% if not loop.last %},{% endif %}{% endfor %}",
            "1one,2two,3three",
        ),
        ("{% for word in words if word != 'two' %}{{ word }} {% else %}none{% endfor %}", "one three "),
        ("{% for key in roles %}{{ key }}={{ roles[key] }};{% endfor %}", "moderator=@a;"),
        ("{{ roles.moderator }} {{ roles['moderator'] }} {{ words[1] }}", "@a @a two"),
        ("{{ roles.items is defined }} {{ roles.moderator is defined }} {{ nothing is none }}", "false true true"),
        ("{{ 'yes' if number > 41 and 'on' in words[0] else 'no' }}", "yes"),
        ("{{ true }} {{ number }} {{ 1.5 }} {{ -1 }}[{{ nothing }}]", "true 42 1.5 -1[]"),
        ("{% raw %}{{ name }}{% endraw %}{# not seen #}", "{{ name }}"),
        ("two spaces at the end  \n\n", "two spaces at the end  \n\n"),
    ],
)
def test_what_templates_can_do(source, text):
    values = {
        "name": "Émile",
        "words": ["one", "two", "three"],
        "roles": {"moderator": "@a"},
        "number": 42,
        "empty": "",
        "nothing": None,
    }
    if text is None:
        assert check(source, values)
        return
    assert check(source, values) == []
    assert render(source, values) == text


@pytest.mark.parametrize(
    ("source", "mistakes"),
    [
        ("{{ resaon }}", ["the template sees no `resaon`, only issue, reason"]),
        ("{% for x in issue %}{{ x }}{% endfor %}{{ x }}", ["the template sees no `x`, only issue, reason"]),
        ("{{ loop.index }}", ["the template sees no `loop`, only issue, reason"]),
        ("{{ reason ", ["line 1 of the template: unexpected end of template, expected 'end of print statement'."]),
        ("\n\n{% if reason %}", ["line 3 of the template"]),
        ("{{ reason | uper }}", ["line 1 of the template: there is no filter `uper`, only lower, upper, title"]),
        ("{% if reason is odd %}{% endif %}", ["line 1 of the template: there is no test `odd`"]),
        (
            "{% set a = 1 %}\n{{ range(3) }}",
            [
                "line 1 of the template: `set` is not allowed",
                "line 2 of the template: calls, as `name()`, are not allowed",
            ],
        ),
        ("{% for loop in issue %}{% endfor %}", ["line 1 of the template: a loop's variable can't be called `loop`"]),
        ("x" * (MOST_SOURCE + 1), ["the template is longer than 64000 characters"]),
        ("{{ '" + "x" * 2001 + "' }}", ["line 1 of the template: a quoted text is longer than 2000 characters"]),
    ],
)
def test_every_mistake_is_named(source, mistakes):
    found = check(source, ["reason", "issue"])
    assert len(found) == len(mistakes)
    assert all(one.startswith(start) for one, start in zip(found, mistakes, strict=True))


SEEN = {
    "text": "word",
    "items": [1, 2],
    "start": datetime(2020, 9, 18, 10, 30, tzinfo=ZoneInfo("America/New_York")),
    "day": date(2020, 9, 5),
    "roles": {"moderator": "@a", "recording": "@b"},
    "nothing": None,
}


@pytest.mark.parametrize(
    ("source", "message"),
    [
        ("{{ missing }}", "in: it sees no `missing`."),
        ("{{ missing | upper }}", "it sees no `missing`"),
        ("{{ missing | date }}", "it sees no `missing`"),
        ("{{ text.missing }}", "a text has no `missing`"),
        ("{{ items[7] }}", "a list of that length has no `7`"),
        ("{{ start.year }}", "a day or time has no `year`"),
        ("{{ roles.moderater }}", "there is no `moderater`, only moderator, recording"),
        ("{{ nothing.url }}", "write `{% if … %}` around it"),
        ("one\n{% if text %}\n{{ nothing.url }}{% endif %}", "can't be filled in, line 3: `url`"),
        ("{{ roles }}", "prints a list or keys"),
        ("{{ text | date }}", "`date` needs a day or time"),
        ("{{ start | date('lnog') }}", "`date` knows no `lnog`: write iso, hhmm, time, long"),
        ("{{ start | date('%s') }}", "knows no `%s`"),
        ("{{ start | date('%999999999d') }}", "knows no `%9`"),
        ("{{ start | date('%') }}", "knows no `%`"),
        ("{{ start | date('" + "%A" * 101 + "') }}", "at most 200 characters"),
        ("{{ start | date('iso', 'Mars/Olympus') }}", "no time zone `Mars/Olympus`: write one as Europe/Berlin"),
        ("{{ start | date('iso', '../../etc/passwd') }}", "no time zone"),
        ("{{ start | date('iso', 'America') }}", "no time zone"),
        ("{{ start | date('iso', 'zone.tab') }}", "no time zone"),
        ("{{ items }}", "prints a list"),
        ("{{ items | upper }}", "given a list"),
        ("{% for letter in text %}{{ letter }}{% endfor %}", "A loop needs a list"),
        ("{{ text | join }}", "`join` needs a list"),
        ("{{ text | pad(3) }}", "`pad` needs a whole number"),
        ("{{ '7' | pad(21) }}", "from 0 to 20"),
        ("{{ text | truncate(-1) }}", "from 0 to 60000"),
        ("{{ text | replace('', 'x') }}", "needs a text to look for"),
        ("{{ text | replace('x') }}", "can't be filled in"),
        ("{% if 1 < text %}{% endif %}", "can't be filled in"),
        ("{% set a = 1 %}", "not accepted"),
    ],
)
def test_what_can_not_be_filled_in_is_a_mistake_in_words(source, message):
    with pytest.raises(TemplateMistake) as caught:
        render(source, SEEN)
    assert message in str(caught.value)
    assert isinstance(caught.value, Mistake)
    assert str(caught.value).endswith(".")


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ("{{ start | date }}", "2020-09-18"),
        ("{{ start | date('iso') }}", "2020-09-18"),
        ("{{ start | date('long') }}", "Friday, September 18, 2020"),
        ("{{ start | date('hhmm') }} {{ start | date('hhmm', 'UTC') }} UTC", "1030 1430 UTC"),
        ("{{ start | date('time', 'Europe/Berlin') }}", "16:30"),
        ("{{ start | date('long', 'Pacific/Kiritimati') }}", "Saturday, September 19, 2020"),
        ("{{ start | date('%d.%m.%y, %H h %M %Z, 100 %%') }}", "18.09.20, 10 h 30 EDT, 100 %"),
        (
            "{{ day | date('long') }} {{ day | date('%-d. %B') }}|{{ day | date('%-H') }}",
            "Saturday, September 5, 2020 5. September|0",
        ),
        ("{{ start }} {{ day }}", "2020-09-18 10:30 2020-09-05"),
        ("{{ start | date('iso') | upper | pad(3) if false else 'x' }}", "x"),
        ("{{ 'past' if start < start else 'now' }}", "now"),
    ],
)
def test_days_and_times(source, text):
    assert check(source, SEEN) == []
    assert render(source, SEEN) == text


def test_values_can_have_a_text_and_parts():
    previous = Parts("acme/widgets#7", {"number": 7, "title": "Call"})
    people = Listed("a and b", ["a", "b"])
    values = {"previous": previous, "people": people, "nobody": Listed("", [])}
    assert render("{{ previous }} {{ previous.number | pad(3) }} {{ previous | upper }}", values) == (
        "acme/widgets#7 007 ACME/WIDGETS#7"
    )
    assert render("{{ people }}: {% for one in people %}{{ one }};{% endfor %}{{ people | join('+') }}", values) == (
        "a and b: a;b;a+b"
    )
    assert render("{% if nobody %}some{% else %}none{% endif %}[{{ nobody }}]", values) == "none[]"


def test_a_whole_text_is_not_clipped_as_others_are():
    values = {"agenda": Whole("x" * 70_000), "title": "x" * 3000}
    assert len(render("{{ agenda }}", values)) == MOST_WHOLE
    assert len(render("{{ title }}", values)) == CLIP


def test_a_time_needs_a_zone():
    with pytest.raises(TypeError, match="without a zone"):
        render("{{ start }}", {"start": datetime(2020, 9, 18, 10, 30)})  # noqa: DTZ001  # that is what is refused


def test_values_are_data_and_never_rendered():
    hostile = "{{ 7 * 7 }}{% for x in y %}{{ config }}{# #}"
    assert render("{{ title }} {{ title | upper | lower }}", {"title": hostile}) == f"{hostile} {hostile.lower()}"


def test_values_are_clipped():
    assert render("{{ title }}", {"title": "x" * 3000}) == "x" * (CLIP - 1) + "…"
    assert render("{{ rows[0].title }}", {"rows": [{"title": "x" * 30}]}, clip=10) == "x" * 9 + "…"
    assert len(render("{{ agenda }}", {"agenda": "x" * 50_000}, clip=MOST_OUT)) == 50_000


def test_an_object_of_python_is_refused_as_a_value():
    with pytest.raises(TypeError, match="can't see a object"):
        render("{{ thing }}", {"thing": object()})


def test_what_is_read_from_a_mapping_is_its_items_only():
    assert render("{{ row.items }} {{ row.keys }}", {"row": {"items": "a", "keys": "b"}}) == "a b"


def test_each_rendering_has_its_own_budget():
    source = "{% for row in rows %}{% endfor %}done"
    for _ in range(3):
        assert render(source, {"rows": list(range(900))}) == "done"


def filled(source: str) -> str:
    """The result, or the mistake in words."""
    try:
        return render(source, {"a": "x", "b": ["y"]})
    except TemplateMistake as mistake:
        return str(mistake)


@given(st.text(alphabet="{}%#|. abc'\"()[]\n-+*~=ifor", max_size=80))
def test_check_never_raises_and_what_it_finds_is_what_render_refuses(source):
    refused = "The template is not accepted" in filled(source)
    unknown = all("sees no" in mistake for mistake in check(source, ["a", "b"]))
    assert refused is not unknown


@given(st.text(max_size=300))
def test_any_value_comes_out_as_it_went_in(value):
    assert render("{{ value }}", {"value": value}) == value
