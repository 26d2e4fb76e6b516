"""A meeting's issue from its template: values, titles, labels, sentences for what is wrong, and what attacks come to."""

from __future__ import annotations

import time
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from app.config.series_issue import Archive, MeetingIssue, Previous
from app.config.series_schema import Series
from app.core.template_budget import TemplateMistake
from app.core.values import Ref
from app.meetings import recurrence, sight
from app.meetings.agenda import CLOSES, OPENS, AgendaItem, TodoLine, region
from app.meetings.occurrence import Occurrence
from app.meetings.template import Neighbour, Rendered, View, archive_path, comment, problems, render
from tests.meetings.made import day, series

REST = """\
about: What the team talks about.
numbering: {start: 7, width: 3}
variants: [{when: 1st Friday, as: video}, {as: chat}]
places: {video: By video., chat: "In #team"}
roles:
  moderator: {rota: ["@ada", "@bob"]}
  scribe: ["@cleo", "@dan"]
  guest: {rota: ["@eve"], away: [{who: "@eve", from: 2020-09-01, to: 2020-12-31}]}
zones: [UTC, Asia/Tokyo]
time_link: timeanddate
people: {Fay: fay}
issue: {repo: acme/team, title: "Call #{{ number | pad(3) }}", labels: [meeting]}
"""
LAMP = Ref("acme/lamps", 12)
VIEW = View(
    previous=Neighbour(
        7, datetime(2020, 9, 11, 14, 30, tzinfo=UTC), "Call #007", "https://x.example/7", Ref("acme/team", 70)
    ),
    next=Neighbour(9, datetime(2020, 9, 25, 14, 30, tzinfo=UTC)),
    agenda=region([AgendaItem("To triage", LAMP, "It flickers")]),
    attendees=("ada", "gus"),
    carried=(AgendaItem("Carried over", LAMP, "Pick a bulb", by="rita", origin="said there", carried_from=7, times=2),),
    todos=(TodoLine(("ada", "bob"), "write it", date(2020, 9, 30), "minutes", LAMP, 3),),
)


def weekly(rest: str = REST) -> Series:
    return series(timezone="America/New_York", rest=rest)


def made(template: str, view: View = VIEW, *, on: str = "2020-09-18", rest: str = REST) -> Rendered:
    found = weekly(rest)
    return render(found, template, recurrence.on(found, day(on)), view)


def occurrence(on: str = "2020-09-18") -> Occurrence:
    return recurrence.on(weekly(), day(on))


PAGE = "https://www.timeanddate.com/worldclock/fixedtime.html?msg=Weekly&iso=20200918T1430&p1=1440&ah=1"


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ("{{ name }}: {{ about }}", "Weekly: What the team talks about."),
        ("{{ number }} {{ number | pad(3) }}", "8 008"),
        ("{{ start | date('long') }} {{ start | date('hhmm') }}", "Friday, September 18, 2020 1030"),
        ("{{ start | date('time', 'UTC') }}-{{ end | date('time', 'UTC') }}", "14:30-15:30"),
        ("{{ variant }}: {{ place }}", "chat: In #team"),
        ("{{ roles.moderator }}; {{ roles.scribe }}; {{ roles.guest }}", "@bob; @cleo, @dan; nobody"),
        ("{{ agenda }}", VIEW.agenda),
        ("{{ agenda_url }}", "#agenda"),
        ("{{ previous }} {{ previous.number | pad(3) }} {{ previous.url }}", "acme/team#70 007 https://x.example/7"),
        ("{{ previous.link }} {{ previous.start | date }}", "[Call #\u200b007](https://x.example/7) 2020-09-11"),
        ("{{ next }}, {{ next.number }}, {{ next.link }}", "Friday, September 25, 2020, 9, Friday, September 25, 2020"),
        ("{{ attendees }}{% for a in attendees %} @{{ a }}{% endfor %}", "ada, gus @ada @gus"),
        ("{{ carried }}", "- [ ] acme/lamps#12 Pick a bulb (asked by rita; said there; carried from #007, 2nd time)"),
        (
            "{% for c in carried %}{{ c.ref }} {{ c.title }} {{ c.by }} {{ c.times }}{% endfor %}",
            "acme/lamps#12 Pick a bulb rita 2",
        ),
        ("{{ todos }}", "- [ ] ada and bob: write it acme/lamps#12 (due 2020-09-30; open for 3 meetings; minutes)"),
        (
            "{% for t in todos %}{{ t.owners }} {{ t.due | date('%-d %b') }} {{ t.meetings }}{% endfor %}",
            "ada and bob 30 Sep 3",
        ),
        ("{{ local_link }}", f"[1430 UTC]({PAGE})"),
        ("{{ local_link.url }}", PAGE),
        ("{{ zones }}", "1430 UTC, 2330 Asia/Tokyo"),
        ("{% for z in zones %}{{ z.start | date('time') }} {{ z.name }};{% endfor %}", "14:30 UTC;23:30 Asia/Tokyo;"),
        ("[{{ summer_time }}]", "[]"),
        ("  kept \n\n", "  kept \n\n"),
    ],
)
def test_what_a_template_sees(source, text):
    assert made(source).body == text


def test_every_name_that_is_described_is_seen_and_no_other():
    found = weekly()
    values = sight.values(found, occurrence(), replace(VIEW, number_of_next=71))
    assert set(values) == {*sight.NAMES, *sight.LATER_NAMES}


def test_another_day_elsewhere_is_named():
    rest = REST.replace("zones: [UTC, Asia/Tokyo]", "zones: [Pacific/Auckland]")
    assert made("{{ zones }}", rest=rest).body == "0230 Pacific/Auckland (Saturday)"


def test_without_a_page_there_is_still_the_time():
    assert made("{{ local_link }}{{ local_link.url }}", rest=REST.replace("timeanddate", "none")).body == "1430 UTC"


def test_nothing_known_is_empty_and_no_mistake():
    assert made("[{{ previous }}{{ next }}{{ agenda }}{{ attendees }}{{ carried }}{{ todos }}]", View()).body == "[]"


@pytest.mark.parametrize(
    ("link", "view", "url"),
    [
        ("https://example.org/agenda", VIEW, "https://example.org/agenda"),
        ("inline", VIEW, "#agenda"),
        ("previous", VIEW, "https://x.example/7"),
        ("previous", View(), "#agenda"),
        ("project", replace(VIEW, agenda_url="https://x.example/p"), "https://x.example/p"),
        ("issue", replace(VIEW, agenda_url="https://x.example/i"), "https://x.example/i"),
    ],
)
def test_where_the_agenda_is(link, view, url):
    assert made("{{ agenda_url }}", view, rest=f"{REST}agenda: {{link: '{link}'}}\n").body == url


BERLIN = REST.replace("[UTC, Asia/Tokyo]", "[Europe/Berlin]")
NOTICE = (
    "**Summer time:** the clocks have changed in Europe/Berlin (October 25) and not yet in America/New_York (November 1). "
    "So 10:30 in America/New_York is 15:30 in Europe/Berlin instead of 16:30."
)


def test_in_weeks_of_disagreement_the_issue_says_so_on_top():
    assert made("Hello {{ name }}", on="2020-10-30", rest=BERLIN).body == f"{NOTICE}\n\nHello Weekly"


def test_a_template_may_put_the_notice_elsewhere():
    assert made("Hello\n{{ summer_time }}", on="2020-10-30", rest=BERLIN).body == f"Hello\n{NOTICE}"


@pytest.mark.parametrize(
    ("issue", "front", "title", "labels"),
    [
        ("{labels: [a]}", "", "Weekly 2020-09-18", ("a",)),
        ("{}", "title: ''\nlabels: ''\nassignees: ''\n", "Weekly 2020-09-18", ()),
        ("{}", "title: 'Call of {{ start | date }}'\nlabels: a, b\n", "Call of 2020-09-18", ("a", "b")),
        ("{title: Ours, labels: [c, B]}", "title: Theirs\nlabels: [a, b]\n", "Ours", ("c", "B", "a")),
        ("{title: '{{ number }}\n\n  of\n\n{{ name }}'}", "", "8 of Weekly", ()),
        ("{title: '" + "{{ about }} " * 30 + "'}", "", None, ()),
    ],
)
def test_title_and_labels_of_series_and_issue_template(issue, front, title, labels):
    rest = REST.partition("issue:")[0] + f"issue: {issue}\n"
    found = made(f"---\n{front}---\n\nBody" if front else "Body", rest=rest)
    assert (found.title, found.labels) == (title or ("What the team talks about. " * 30)[:255].rstrip() + "…", labels)
    assert found.body == "Body"


def test_an_issue_template_of_github_gets_the_agenda_at_its_end():
    rest = REST.replace("labels: [meeting]", "template: .github/ISSUE_TEMPLATE/call.md")
    template = "---\nname: Call\nabout: x\n---\n\nOur agenda:\n\n"
    assert made(template, rest=rest).body == f"Our agenda:\n\n## Agenda\n\n{VIEW.agenda}\n"
    assert made(template, View(), rest=rest).body == "Our agenda:"
    linked = f"{rest}agenda: {{link: 'https://example.org'}}\n"
    assert made(template, rest=linked).body == "Our agenda:\n\n"
    assert made(f"{template}{{{{ agenda }}}}", rest=rest).body == f"Our agenda:\n\n{VIEW.agenda}"


def test_values_are_never_rendered_and_mention_nobody():
    hostile = "{{ name }} @acme/all #1 <!-- {% for x in y %}"
    view = View(
        previous=replace(VIEW.previous, title=hostile, ref=None, url=""),
        todos=(TodoLine((hostile,), hostile),),
        carried=(AgendaItem("", None, hostile),),
        attendees=("ada",),
    )
    found = made("{{ previous.title }}|{{ previous.link }}|{{ todos }}|{{ carried }}|@{{ attendees }}", view).body
    assert found.count("{{ name }}") == 5
    assert "@acme" not in found
    assert "#1" not in found
    assert "<!--" not in found
    assert found.endswith("|@ada")


def test_a_sign_before_a_value_mentions_only_whom_the_series_names():
    view = replace(VIEW, previous=replace(VIEW.previous, title="octocat"))
    found = made("@{{ previous.title }} @team/x {{ roles.moderator }} @{{ attendees[1] }}", view).body
    assert found == "@\u200boctocat @team/x @bob @gus"


def test_a_title_in_a_link_stays_in_it():
    view = replace(VIEW, previous=replace(VIEW.previous, title="a] b [c\\"))
    assert made("{{ previous.link }}", view).body == "[a\\] b \\[c\\\\](https://x.example/7)"


def test_what_is_said_in_the_previous_issue():
    found = weekly(
        REST.replace("labels: [meeting]", 'previous: {comment: "Closing in favor of #{{ number_of_next }}"}')
    )
    assert comment(found, occurrence(), View(number_of_next=98)) == "Closing in favor of #98"
    assert comment(weekly(), occurrence(), View(number_of_next=98)) is None


@pytest.mark.parametrize(
    ("path", "found"),
    [
        ("meetings/{{ start | date('iso') }}.md", "meetings/2020-09-18.md"),
        ("{{ number | pad(4) }} – {{ name }}.md", "0008 – Weekly.md"),
        ("/etc/passwd", None),
        ("a/../../b.md", None),
        ("./b.md", None),
        ("meetings/", None),
        ("a//b.md", None),
        (".git/config", None),
        (".github/workflows/x.yml", None),
        ("{{ previous.title }}:a", None),
        ("a\\b", None),
        ("{% if not name %}x{% endif %}", None),
    ],
)
def test_where_minutes_are_kept(path, found):
    described = weekly(f"{REST}archive: {{path: kept.md}}\n")
    described = described.model_copy(update={"archive": Archive(path=path)})
    if found is None:
        with pytest.raises(TemplateMistake, match=r"^`archive.path` gives .* it must be the path of a file"):
            archive_path(described, occurrence(), VIEW)
    else:
        assert archive_path(described, occurrence(), VIEW) == found
    assert archive_path(weekly(), occurrence(), VIEW) is None


@pytest.mark.parametrize(
    ("template", "sentence"),
    [
        ("{{ plaec }}", "The template asks for `plaec`, which no meeting has: did you mean `place`?"),
        ("{{ secrets }} {{ env }}", "asks for `env`, `secrets`, which no meeting has: it sees name, about, number"),
        ("{{ number_of_next }}", "only `issue.previous.comment` may"),
        (
            "a\n{{ roles.moderater }}",
            "can't be filled in, line 2: there is no `moderater`, only moderator, scribe, guest",
        ),
        ("{{ previous.url }}", "write `{% if … %}` around it"),
        ("{% if previous %}{{ previous.uri }}{% endif %}", "there is no `uri`, only number, start, title, url"),
        ("{% if todos %}{{ todos[0].who }}{% endif %}", "there is no `who`, only text"),
        ("{{ start | date('lnog') }}", "`date` knows no `lnog`"),
        ("{{ start | dat }}", "there is no filter `dat`"),
        ("{% if name %}", "line 1 of the template: Unexpected end"),
        ("---\na: b\n---\n\nx\n{{ roles.scrib }}", "can't be filled in, line 6: there is no `scrib`"),
        ("---\na: b\nc: {{ roles.scrib }}\n---\nx", "The front matter of the template can't be filled in, line 3"),
        ("---\na: b\n---\n\nx\n{{ x | y }}", "not accepted: line 6 of the template: there is no filter `y`"),
        ("---\ntitle: [\n---\nx", "The front matter of the template can't be read: line 3"),
        ("---\ntitle: {{ nmae }}\n---\nx", "The front matter of the template asks for `nmae`"),
        ("---\n- x\n---\nx", "expected keys and values"),
    ],
)
def test_what_would_go_wrong_on_the_day_is_known_before(template, sentence):
    found = problems(weekly(), template, [occurrence()])
    assert any(sentence in one for one in found), found


def test_a_good_template_has_no_problems():
    everything = "".join(f"{{{{ {name} }}}}" for name in sight.NAMES if name != "roles")
    assert problems(weekly(), everything, [occurrence(), occurrence("2020-10-02")]) == []


def test_the_last_meeting_of_a_series_that_ends_has_no_next():
    ending = series("FREQ=WEEKLY;BYDAY=FR;COUNT=3", rest=REST)
    assert problems(ending, "{{ next.number }}", [occurrence()]) != []
    assert problems(weekly(), "{{ next.number }}", [occurrence()]) == []


@pytest.mark.parametrize("title", ["Call ###", "{{ previous }}", "###{{ number }}"])
def test_a_title_without_its_number_or_without_anything_is_a_mistake(title):
    described = weekly()
    described = described.model_copy(update={"issue": MeetingIssue(title=title)})
    with pytest.raises(TemplateMistake, match=r"still has a place for the number: set|The title is empty"):
        render(described, "Body", occurrence(), View())


def test_the_series_texts_are_tried_too():
    issue = MeetingIssue(previous=Previous(comment="{{ numbr }}"))
    described = weekly().model_copy(update={"issue": issue, "archive": Archive(path="{{ nope }}")})
    found = problems(described, "{{ name }}", [occurrence()])
    assert [one.partition(" asks")[0] for one in found] == ["`issue.previous.comment`", "`archive.path`"]


LONG = View(
    agenda=region([AgendaItem("To triage", Ref("acme/lamps", n), "x" * 250) for n in range(700)]),
    todos=tuple(TodoLine(("ada",), "x" * 300) for _ in range(3000)),
    carried=tuple(AgendaItem("", LAMP, "x" * 300) for _ in range(3000)),
    attendees=tuple(f"person{n}" for n in range(3000)),
)


@pytest.mark.parametrize("text", ["", "t" * 30_000, "{% if agenda %}" + "t" * 30_000 + "{% endif %}"])
def test_a_long_agenda_is_cut_so_that_the_body_fits(text):
    body = made(text + "\n{{ agenda }}\nend", LONG).body
    assert len(body) <= 60_000
    assert body.endswith(f"{CLOSES}\nend")
    assert body.count(OPENS) == 1
    assert text.removeprefix("{% if agenda %}").removesuffix("{% endif %}") in body
    assert not text or "more: this agenda is longer than an issue can hold." in body


def test_an_agenda_shown_twice_fits_too():
    assert len(made("{{ agenda }}" * 2, LONG).body) <= 60_000


ATTACKS = {
    "nested loops": "{% for a in todos %}{% for b in todos %}{{ a }}{{ b }}{% endfor %}{% endfor %}",
    "growing text": "{% for a in todos %}{{ agenda }}{% endfor %}",
    "growing replacement": "{{ agenda" + " | replace('x', 'xxxxxxxxxx')" * 20 + " }}",
    "doubling": "{% set x = name %}" + "{% set x = x ~ x %}" * 60 + "{{ x }}",
    "huge range": "{% for a in range(10**9) %}x{% endfor %}",
    "huge text": "{{ name * 10**9 }}",
    "power": "{{ 9**9**9 }}",
    "recursive macro": "{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}",
    "recursive loop": "{% for a in todos recursive %}{{ loop(todos) }}{% endfor %}",
    "attributes": "{{ start.__class__.__mro__[-1].__subclasses__() }}",
    "attributes as items": "{{ roles['__init__']['__globals__'] }}",
    "format": "{{ '{0.__class__}'.format(start) }}",
    "format width": "{{ '%999999999d' % number }}",
    "strftime width": "{{ start | date('%999999999d') }}",
    "pad": "{{ number | pad(999999999) }}",
    "zone file": "{{ start | date('iso', '../../../etc/passwd') }}",
    "settings": "{{ config }}{{ settings }}{{ environ }}{{ self }}",
    "include": "{% include '/etc/passwd' %}",
    "deep": "{{ " + "(" * 10_000 + "1" + ")" * 10_000 + " }}",
    "deep yaml": "---\n" + "[" * 25_000 + "\n---\nx",
    "yaml aliases": "---\na: &a [x]\nb: &b [*a, *a]\nc: [*b, *b]\n---\nx",
    "unfinished front matter": "---\n" + "a: b\n" * 12_000,
    "long template": "x" * 60_001,
}


@pytest.mark.parametrize("template", ATTACKS.values(), ids=ATTACKS)
def test_attacks_end_at_once_in_a_sentence(template):
    before = time.process_time()
    with pytest.raises(TemplateMistake) as caught:
        made(template, LONG)
    assert time.process_time() - before < 10
    assert str(caught.value).endswith(".")
