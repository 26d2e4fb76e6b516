"""From a phrase in a line to proposals: which issues are meant, and whether the reading is certain."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from app.core.phrase import TARGET, Word
from app.core.phrase_hits import is_issue
from app.core.values import Ref
from app.meetings.minutes.entries import Proposal
from app.meetings.minutes.phrases import Found
from app.meetings.minutes.prose import Reader
from app.meetings.minutes.walk import Where

MOST_TARGETS = 10
"""Issues to which one line proposes a change."""
_FEW = 3
"""So many may be meant at once without doubt."""
_DOUBTFUL = frozenset({"todo", "done", "question", "suggestion", "idea", "concern"})


@dataclass(frozen=True, slots=True)
class Proposer:
    """The proposals of one line."""

    where: Where
    said: tuple[Word, ...]
    reader: Reader

    def proposals(self, found: Found) -> Iterator[Proposal]:
        """One for each issue that is meant. Certain is what a decision says, and a plain statement of a phrase that is `sure`:
        no question, no task, no "maybe", about few issues that the topic names."""
        where = self.where
        refs, expected = self._targets(found)
        certain = (
            found.sure and where.mark not in _DOUBTFUL and where.section != "todo" and where.line.kind != "heading"
        )
        sure = self._decided() or (certain and expected and len(refs) <= _FEW)
        head = where.topic.head if where.topic else ""
        for ref in refs[:MOST_TARGETS]:
            yield Proposal(
                text=where.prose.text,
                line=where.line.number,
                url=where.part.url,
                topic=head,
                refs=(ref,),
                by=where.part.by,
                ref=ref,
                phrase=found.name,
                command=found.command,
                do=found.phrase.do or (),
                values=found.values,
                sure=sure,
            )

    def _decided(self) -> bool:
        return self.where.mark == "decision" or (self.where.section == "decision" and self.where.mark is None)

    def _targets(self, found: Found) -> tuple[tuple[Ref, ...], bool]:
        """The issues that are meant, and whether they are those that one would expect.

        In the talk about one issue others are named in passing ("close #1 and #2"): what is said there is about the topic's
        own, unless none of those is named, or it was decided.
        """
        own = self.where.topic.refs if self.where.topic else ()
        if TARGET in found.values:
            named = self.reader.refs(found.values[TARGET])
            if named:
                within = tuple(ref for ref in named if ref in own)
                return (named if self._decided() or not within else within), bool(within) or not own
        places = {ref for value in found.values.values() for ref in self.reader.refs(value)}
        leading = tuple(ref for ref in (self._leading() or self._before(found)) if ref not in places)
        inherited = tuple(ref for ref in self.where.refs or own if ref not in places)
        others = tuple(ref for ref in self.where.prose.refs if ref not in places)
        return leading or inherited or others, True

    def _before(self, found: Found) -> tuple[Ref, ...]:
        """The issues in the same clause before the phrase: `Is #12 a duplicate of #10?`."""
        start = next((n + 1 for n in range(found.start - 1, -1, -1) if self.said[n].ends or self.said[n].comma), 0)
        return self.reader.refs(" ".join(word.text for word in self.said[start : found.start]))

    def _leading(self) -> tuple[Ref, ...]:
        """The issues at the beginning of the line, perhaps behind who speaks: `Ernest: #12 is out of scope`."""
        start = (
            1
            if self.said and self.said[0].comma and self.said[0].text.endswith(":") and not is_issue(self.said[0])
            else 0
        )
        end = start
        while end < len(self.said) and (
            is_issue(self.said[end]) or (end > start and self.said[end].plain in {"and", "&"})
        ):
            end += 1
        return self.reader.refs(" ".join(word.text for word in self.said[start:end]))
