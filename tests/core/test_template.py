"""Templates: what they can do, what they are told, and that values stay data."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.template import CLIP, MOST_OUT, MOST_SOURCE, TemplateMistake, check, render
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


@pytest.mark.parametrize(
    ("source", "message"),
    [
        ("{{ missing }}", "'missing' is undefined"),
        ("{{ missing | upper }}", "'missing' is undefined"),
        ("{{ text.missing }}", "has no attribute 'missing'"),
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
        render(source, {"text": "word", "items": [1, 2]})
    assert message in str(caught.value)
    assert isinstance(caught.value, Mistake)
    assert str(caught.value).endswith(".")


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
