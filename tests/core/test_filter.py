from __future__ import annotations

from urllib.parse import parse_qsl

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.clause import Clause, listed, plain, written
from app.core.filter import Filter, canonical, from_words, parse, spellings, typed
from app.core.filter_words import in_words
from app.core.qualifiers import KEYS


def of(query: str) -> Filter:
    parsed = parse(parse_qsl(query, keep_blank_values=True))
    assert parsed.slips == ()
    return parsed.filter


@pytest.mark.parametrize(
    ("query", "address"),
    [
        ("", ""),
        ("state=open&sort=oldest&q=&label=&after=", ""),
        ("q=words&label=Kind/Bug&label=-area/api&state=all", "label=-area/api&label=kind/bug&q=words&state=all"),
        ("q=is:closed label:bug  crash", "label=bug&q=crash&state=closed"),
        ("label=bug&label=BUG&label=bug", "label=bug"),
        ("label=wip,bug", "label=bug,wip"),
        ('label="good, first"', "label=%22good,%20first%22"),
        ('label="-odd"', "label=%22-odd%22"),
        ("label=-a,b", "label=-a&label=-b"),
        ("label=*", "no=-label"),
        ("repo=Acme/Core&repo=acme/web", "repo=acme/core,acme/web"),
        ("org=Acme", "repo=acme/*"),
        ("milestone=*&assignee=none", "assignee=none&milestone=-none"),
        ("assignee=@Octocat", "assignee=octocat"),
        ("assignee=@me", "assignee=@me"),
        ("author=app/dependabot", "author=dependabot%5Bbot%5D"),
        ("age=30d..90d", "age=30d..90d"),
        ("age=>2w", "age=14d.."),
        ("age=<48h", "age=..2d"),
        ("quiet=30d", "quiet=30d.."),
        ("created=>2026-01-01", "created=2026-01-02.."),
        ("created=2026-01-01..2026-01-01", "created=2026-01-01"),
        ("updated=*..2026-01-31", "updated=..2026-01-31"),
        ("waiting=us", "waiting=us"),
        ("is=untriaged&type=pr", "is=-triaged&kind=pr"),
        ("kind=pr&kind=issue", ""),
        ("sort=updated-asc", "sort=quiet"),
        ("after=5_1_2", "after=5_1_2"),
        ("after=x", ""),
        ("utm_source=somewhere", ""),
        ('q="out of  memory" -"a b" !!', "q=%22out%20of%20memory%22%20-%22a%20b%22"),
    ],
)
def test_each_filter_has_one_address(query: str, address: str):
    assert canonical(of(query)) == address
    assert canonical(of(address)) == address


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "open"),
        (
            "is:open label:bug -label:area/api waiting:us age:30d..90d",
            "open, label bug, not area/api, waiting on us, 30 to 90 days old",
        ),
        ("state:all org:acme -repo:acme/web", "open or closed, in any repository of acme, not in acme/web"),
        ("label:bug,wip -label:kind/*", "open, label bug or wip, no label like kind/*"),
        ("no:label no:milestone no:assignee", "open, no milestone, assigned to nobody, no label"),
        ("-no:milestone -no:assignee", "open, in some milestone, assigned to somebody"),
        ("assignee:@me -author:bob", "open, assigned to you, not opened by bob"),
        ("is:pr -is:draft no:response", "open, not answered yet, not a draft, pull requests only"),
        ("is:untriaged is:issue", "open, not triaged yet, issues only"),
        ("quiet:>1d quiet:<12h", "open, changed in the last 12 hours, quiet for at least 1 day"),
        ("age:12h..2d", "open, 12 hours to 2 days old"),
        ("is:closed closed:>=2026-02-03", "closed, closed since 3 February 2026"),
        ("created:2026-01-01..2026-01-31", "open, opened from 1 January 2026 to 31 January 2026"),
        ('crash -"out of memory"', "open, with “crash”, without “out of memory”"),
    ],
)
def test_a_filter_in_words(text: str, words: str):
    parsed = from_words(text)
    assert parsed.slips == ()
    assert in_words(parsed.filter) == words


def test_names_are_shown_as_they_were_written():
    text = 'milestone:"OTF Work",None -label:UX/UI,"Good, First" Label:C# assignee:@Me author:Mia Token'
    found = in_words(from_words(text).filter, spellings(text))
    assert found == (
        "open, label C#, not Good, First, not UX/UI, milestone none or OTF Work, assigned to you, opened by Mia, with “token”"
    )
    assert spellings("is:PR no:Label State:ALL") == {}


@pytest.mark.parametrize(
    ("text", "said", "offset"),
    [
        ("lable:bug", "there is no qualifier `lable:`; did you mean `label:`?", 0),
        ("is:open nonsense:x", "there is no qualifier `nonsense:`; put it in quotes to look for the text", 8),
        ("  is:opne", "`is:` has no `opne`; did you mean `open`?", 2),
        ("label:", "`label:` says nothing; give it a value", 0),
        ("review:none", "`review:` is not known here: Rounds does not keep reviews; ", 0),
        ("is:open is:closed", "an issue is not open and closed at once; `state:all` is either", 0),
        ("sort:oldst", "there is no order `oldst`; did you mean `oldest`?", 0),
        ("age:90d..30d", "`90d..30d` is not a span of time, as `>30d`, `<7d` or `30d..90d`; ", 0),
        (
            "created:>@today-7d",
            "`>@today-7d` is not days, as `>=2026-01-31` or `2026-01-01..2026-01-31`; `age:` and `quiet:` count from today",
            0,
        ),
        ("created:2026-02-30", "`2026-02-30` is not days, as `>=2026-01-31` or `2026-01-01..2026-01-31`; ", 0),
        ("-age:30d", "`age:` can't be turned round; give the other span", 0),
        ("repo:core", "`core` is no repository; write `owner/name`", 0),
        ("a OR b", "`OR` is not understood; `label:bug,wip` is either", 2),
        ("is:open,closed", "`is:` takes one value; repeat it instead", 0),
        ("x" * 2001, "a filter has at most 2000 characters, this one has 2001; ", 0),
    ],
)
def test_what_is_not_understood_is_told_with_its_place(text: str, said: str, offset: int):
    slip = from_words(text).slips[0]
    assert f"{slip.message}; {slip.suggestion}" == said
    assert slip.offset == offset


def test_a_parameter_that_is_nearly_one_is_told():
    assert parse([("lable", "bug")]).slips[0].suggestion == "did you mean `label`?"


def test_what_only_looks_like_a_qualifier_is_text():
    words = [
        clause.values[0] for clause in from_words('http://x.org std::vector "label:x" error: C:\\x').filter.clauses
    ]
    assert sorted(words) == ["c:\\x", "error:", "http://x.org", "label:x", "std::vector"]


def test_there_is_a_bound():
    parsed = from_words(" ".join(f"label:l{n}" for n in range(31)))
    assert len(parsed.filter.clauses) == 30
    assert parsed.slips[0].message == "a filter has at most 30 parts, this one has 31"


def test_an_address_has_a_bound_too():
    """Thousands of names in one clause are thousands of comparisons with each label."""
    parsed = parse([("label", "*a,b" * 500), ("q", "x" * 2_000)])
    assert parsed == (Filter(), (("an address says at most 4000 characters, this one 4006", "", 0),))
    assert parse([("label", "a" * 1_990), ("q", "x" * 2_000)]).slips == ()


def test_words_have_a_bound_those_of_phrases_too():
    parsed = from_words(f'label:bug "{"token " * 29}" crash never')
    assert parsed.filter == Filter((Clause("label", ("bug",)),))
    assert parsed.slips == (("at most 30 words are looked for, these are 31", "", 0),)
    assert from_words(f'"{"token " * 29}" crash').slips == ()


def test_adding_and_taking_away():
    bug, core, web = Clause("label", ("bug",)), Clause("repo", ("a/core",)), Clause("repo", ("a/web",))
    wanted = Filter(after="1_2_3").with_(bug).with_(core)
    assert wanted == Filter((core, bug))
    assert wanted.with_(web).of("repo") == (Clause("repo", ("a/core", "a/web")),)
    assert wanted.narrowed(web).of("repo") == (web,)
    assert wanted.without(bug).put(state="all") == Filter((core,), "all")


LETTERS = st.text(st.sampled_from('abB1 -,"\\:*.@/_%ß\u0130é\u0301\0\ud800\u200b'), max_size=12)
VALUES = st.one_of(
    LETTERS,
    st.sampled_from(
        ["open", "all", "bug", "acme/core", "none", "*", "us,author", "30d..90d", ">5w", "2026-01-01..", "pr", "triaged"]
    ),
)  # fmt: skip
NAMES = st.sampled_from([*KEYS, "state", "sort", "after", "org", "type", "other"])
PAIRS = st.lists(st.tuples(NAMES, VALUES), max_size=8)


@given(PAIRS)
def test_the_canonical_address_is_a_fixed_point(pairs: list[tuple[str, str]]):
    wanted = parse(pairs).filter
    address = canonical(wanted)
    assert address.isascii()
    again = parse(parse_qsl(address, keep_blank_values=True))
    assert again == (wanted, ())
    assert canonical(again.filter) == address
    assert parse(parse_qsl(address)[::-1]).filter == wanted


@given(st.one_of(LETTERS, st.lists(VALUES, max_size=6).map(" ".join), st.text()))
def test_any_text_is_read_and_can_be_typed_again(text: str):
    wanted = from_words(text).filter
    assert from_words(typed(wanted)) == (wanted, ())
    assert in_words(wanted)


@given(PAIRS)
def test_what_an_address_says_can_be_typed(pairs: list[tuple[str, str]]):
    wanted = parse(pairs).filter.put(after="")
    assert from_words(typed(wanted)) == (wanted, ())


@given(st.lists(st.text().map(plain).filter(bool), max_size=4))
def test_lists_of_values_are_read_as_they_were_written(values: list[str]):
    assert listed(written(values)) == values


@given(st.text())
def test_folding_twice_changes_nothing(name: str):
    assert plain(plain(name)) == plain(name)
