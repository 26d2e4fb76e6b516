"""Who does it: `@login`, `Name to …`, `Name will …`, `Name: …`, several of them, or `(@login)` at the end.

Names count where they are known: from the series' `people`, or from the list of who was there. An unknown one is believed only
where the grammar leaves no doubt ("Ada to write …"), because a wrong owner is worse than none.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from app.meetings.minutes.entries import Owner

MOST_OWNERS = 10
_LONGEST_LIST = 300

_LOGIN = r"[A-Za-z0-9](?:-?[A-Za-z0-9]){0,38}(?:\[bot\])?"
_AT = re.compile(rf"[\[(]?@(?P<login>{_LOGIN})(?![\w/])[\])]?", re.ASCII)
_NAME = re.compile(r"[^\W\d_](?:[\w.'’-]{0,38}[\w'’])?(?:\s(?!to\b|will\b|and\b|should\b)[^\W\d_][\w.'’-]{0,38}){0,2}")
_ONE_NAME = re.compile(r"[A-ZÀ-ÖØ-Þ][\w'’-]{0,38}(?![\w:/.@#])")
_JOINT = re.compile(r"\s*(?:,\s*(?:and\s+)?|&|\+|/|\band\b)\s*")
_VERB = re.compile(
    r"\s*(?:(?:,\s*)?(?:to|will|should|shall|must|'ll|’ll|is going to|are going to|please)\s+(?=\S)"
    r"|:\s*(?=\S)|\s[-–—]{1,2}\s+(?=\S))",
    re.IGNORECASE,
)
_SURE_VERB = re.compile(r"\s+(?:to|will|is going to|are going to)\s+(?=[a-z])")
_AFTER_LOGIN = re.compile(r"\s*(?:[:,–—-]{1,2}\s*|\s(?:to|will|should|please)\s+)?", re.IGNORECASE)
_LAST = re.compile(
    r"""\s*(?:[–—-]{1,2}\s*|[(\[]\s*|\b(?:owners?|assignees?|assigned[ ]to|on)[:\s]\s*)?
        (?P<people>@[\w-]{1,39}(?:\s*(?:,|&|and|\s)\s*@[\w-]{1,39}){0,9})\s*[)\]]?[.\s]*$""",
    re.VERBOSE,
)
_LAST_NAME = re.compile(
    r"\s*(?:\(\s*(?P<framed>[^()@]{1,80})\s*\)|\s[–—-]{1,2}\s(?P<dashed>[^()@–—]{1,80})|\bowners?:\s*(?P<owner>[^()@]{1,80}))[.\s]*$"
)
_ASKED = re.compile(
    r"\b(?:to|with|by|from|for|of|and|ask|ping|cc|via|after|than|like|see|about|thank|thanks|help|tell|let)\s*$",
    re.IGNORECASE,
)
"""What makes a name at the end a part of the sentence."""
_WORDS = """a add adjust agree all also any anybody anyone ask can change check ci continue could create decide did do does
    everybody everyone follow get go have he help hope how i investigate is it keep let link listen look maybe meeting merge
    migrate move need needs next nobody not nothing one open people perhaps plan point pr prepare propose reach ready remember
    reply report respond return review see she should show similar some somebody someone speak start subject support switch talk
    team thanks that the then there these they this those todo together try update upgrade use used want we what when where
    which who will work write you"""
_NO_NAMES = frozenset(_WORDS.split())


def logins(text: str) -> tuple[str, ...]:
    """Every login that stands behind an @."""
    return tuple(dict.fromkeys(match["login"] for match in _AT.finditer(text)))


@dataclass(frozen=True, slots=True)
class People:
    """Whom the notes may mean. `known`: by folded name, and by folded login."""

    known: Mapping[str, Owner] = field(default_factory=dict)

    @classmethod
    def of(cls, people: Mapping[str, str], present: Iterable[Owner] = ()) -> People:
        """`people`: logins by name, as the series says; `present`: who was there. A first name counts where only
        one has it."""
        known = {name.casefold(): Owner(name, login.lstrip("@")) for name, login in people.items()}
        everybody = (*known.values(), *present)
        for owner in everybody:
            known.setdefault(owner.name.casefold(), owner)
            if owner.login:
                known.setdefault(owner.login.casefold(), owner)
        firsts = Counter(
            owner.name.split(" ")[0].casefold() for owner in {one.folded: one for one in everybody}.values()
        )
        for owner in everybody:
            first = owner.name.split(" ")[0].casefold()
            if firsts[first] == 1:
                known.setdefault(first, owner)
        return cls(known)

    def called(self, name: str) -> Owner | None:
        """The person of that name, as it is written or with an @."""
        return self.known.get(name.strip().removeprefix("@").casefold())

    def named(self, name: str) -> Owner:
        """The person of that name; one whom nobody knows by that name alone."""
        plain = name.strip()
        if plain.startswith("@"):
            known = self.known.get(plain[1:].casefold())
            return known if known and known.login else Owner(known.name if known else plain[1:], plain[1:])
        return self.called(plain) or Owner(plain)

    def taken(self, text: str, *, colon: bool = False) -> tuple[tuple[Owner, ...], str]:
        """The owners that plain text begins or ends with, and the rest; `colon`: whatever stands before a colon is one.

        () and the text where nobody is named.
        """
        found, rest = self._before_colon(text) if colon else ([], text)
        if not found:
            found, rest = self._leading(text, colon=colon)
        if not found:
            found, rest = self._trailing(text)
        return (tuple(dict.fromkeys(found))[:MOST_OWNERS], rest) if rest.strip() else ((), text)

    def only(self, text: str) -> tuple[Owner, ...]:
        """Those of a text that is nothing but known people, as `Ernest and Nicole:` or `@a, @b`; () of any other."""
        rest, found = text.strip().rstrip(":").strip(), []
        for part in _JOINT.split(rest) if len(rest) <= 200 else ():
            login = _AT.fullmatch(part)
            owner = self.named(f"@{login['login']}") if login else self.called(part)
            if owner is None:
                return ()
            found.append(owner)
        return tuple(dict.fromkeys(found))

    def several(self, text: str) -> tuple[Owner, ...]:
        """All of a list of names, known or not: "ernest and sumana"; none for "nobody"."""
        names = [name.strip() for name in _JOINT.split(text[:300])]
        return tuple(self.named(name) for name in names if name and name.casefold() != "nobody")

    def _leading(self, text: str, *, colon: bool) -> tuple[list[Owner], str]:
        found, at = self._several(text)
        if not found:
            return self._unknown(text)
        verb = _VERB.match(text, at)
        if verb is None and not (colon and text[at : at + 1] == " ") and not text[:at].lstrip("[( ").startswith("@"):
            return [], text
        end = verb or _AFTER_LOGIN.match(text, at)
        return found, text[end.end() if end else at :].strip()

    def _several(self, text: str) -> tuple[list[Owner], int]:
        """The people at the beginning, joined by commas or `and`, and where they end."""
        found: list[Owner] = []
        at = end = 0
        for owner, end in self._each(text):
            found.append(owner)
            at = end
        return found, at if found else end

    def _each(self, text: str) -> Iterator[tuple[Owner, int]]:
        at = 0
        while True:
            one = self._one(text, at)
            if one is None:
                return
            yield one
            joint = _JOINT.match(text, one[1])
            spaced = text.startswith(" @", one[1])
            if joint is None and not spaced:
                return
            at = joint.end() if joint else one[1] + 1

    def _one(self, text: str, at: int) -> tuple[Owner, int] | None:
        login = _AT.match(text, at)
        if login is not None:
            return self.named(f"@{login['login']}"), login.end()
        name = _NAME.match(text, at)
        words = name[0].split(" ") if name else []
        for count in range(len(words), 0, -1):
            spelled = " ".join(words[:count])
            if (owner := self.called(spelled)) is not None:
                return owner, at + len(spelled)
        return None

    def _unknown(self, text: str) -> tuple[list[Owner], str]:
        """People whom nobody knows: "Ada and Grace to write …"."""
        found, at = [], 0
        while (name := _ONE_NAME.match(text, at)) is not None and name[0].casefold() not in _NO_NAMES:
            found.append(self.named(name[0]))
            at = name.end()
            joint = _JOINT.match(text, at)
            if joint is None or not text[joint.end() : joint.end() + 1].isupper():
                break
            at = joint.end()
        verb = _SURE_VERB.match(text, at) if found else None
        if verb is not None:
            return found, text[verb.end() :].strip()
        return [], text

    def _before_colon(self, text: str) -> tuple[list[Owner], str]:
        """Those of `@ada, Grace Hopper: …`, known or not."""
        before, sign, after = text.partition(":")
        parts = _JOINT.split(before) if sign and len(before) <= _LONGEST_LIST else []
        people = [self._spelled(part.strip()) for part in parts]
        found = [owner for owner in people if owner is not None]
        return (found, after.strip()) if people and len(found) == len(people) else ([], text)

    def _spelled(self, part: str) -> Owner | None:
        """A login, somebody who is known, or one to three words that look like a name."""
        if login := _AT.fullmatch(part):
            return self.named(f"@{login['login']}")
        words = part.split(" ")
        name = len(words) <= 3 and all(word[:1].isupper() for word in words) and words[0].casefold() not in _NO_NAMES
        return self.called(part) or (Owner(part) if name else None)

    def _trailing(self, text: str) -> tuple[list[Owner], str]:
        last = _LAST.search(text, max(0, len(text) - 300))
        asked = (
            last is not None and text[last.start() :].strip().startswith("@") and _ASKED.search(text[: last.start()])
        )
        if last is not None and not asked:
            return [self.named(f"@{login}") for login in logins(last["people"])], text[: last.start()].strip()
        named = _LAST_NAME.search(text, max(0, len(text) - 120))
        if named is not None:
            people = self.only((named["framed"] or named["dashed"] or named["owner"]).removeprefix("on "))
            return list(people), text[: named.start()].strip() if people else text
        return [], text
