"""Reading minutes: 60,000 characters of notes of a long call, and the worst texts that a stranger could post."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Iterator
from functools import partial

from app.config import defaults
from app.meetings.minutes.approval import ticked
from app.meetings.minutes.checklist import checklist
from app.meetings.minutes.entries import Minutes
from app.meetings.minutes.outline import MOST_CHARACTERS
from app.meetings.minutes.phrases import Phrases
from app.meetings.minutes.reading import read
from benchmarks.figures import Figure, Goal
from benchmarks.stage import Stages

CHARACTERS = 60_000
HOME = "acme/tracker"
PEOPLE = ("Ada", "Grace", "Alan", "Radia")
MARK = "todo".upper()  # the word itself would look like something left to do in this code
WORST = {
    "the same to-do in talk and summary": "## x\n"
    + "".join(f"- {MARK}: @u thing {n}\n" for n in range(900))
    + "## TODOs\n"
    + "".join(f"- @u to do other {n}\n" for n in range(900)),
    "people": "## Attendees\n" + "".join(f"- Person{n}x\n" for n in range(4_000)),
    "topics": "".join(f"- topic {n}\n  - {MARK}: thing\n" for n in range(1_900)),
    "a table": "|owner|action|\n|---|---|\n" + "|a|b|\n" * 3_990,
    "comments": "<!--" * 16_000,
    "phrases": "moved to a b c d e f milestones " * 2_000,
    "brackets": "[a](b" * 13_000,
}


def run(stages: Stages, *, quick: bool) -> Iterator[Figure]:
    """`stages` is not used: nothing is stored."""
    del stages
    phrases = Phrases(defaults.load().phrases)
    rounds, text = 3 if quick else 20, notes(CHARACTERS)
    minutes = understood(text, phrases)
    also = {"to-dos": len(minutes.todos), "proposals": len(minutes.proposals), "topics": len(minutes.topics)}
    yield Figure(
        f"read {len(text):,} characters",
        _median(lambda: understood(text, phrases), rounds),
        "ms",
        Goal("≤", 1000),
        also,
    )
    posted = checklist(minutes, live=[HOME], home=HOME)
    times = {"characters": len(posted), "ms to read its boxes": _median(lambda: ticked(posted, minutes), rounds)}
    yield Figure(
        "its checklist",
        _median(lambda: checklist(minutes, live=[HOME], home=HOME), rounds),
        "ms",
        Goal("≤", 500),
        times,
    )
    found = {name: _once(partial(understood, worst[:MOST_CHARACTERS], phrases)) for name, worst in WORST.items()}
    name, slowest = max(found.items(), key=lambda pair: pair[1])
    yield Figure(f"the worst text of {MOST_CHARACTERS:,}: {name}", slowest, "ms", Goal("≤", 2600))


def understood(text: str, phrases: Phrases) -> Minutes:
    """As after a meeting."""
    return read(text, people={"Ada": "ada"}, default_repo=HOME, phrases=phrases)


def notes(characters: int) -> str:
    """The notes of a call over hundreds of issues, with a summary at the end."""
    head = "# Call\n\n## Participants\n\n" + "".join(f"- {name}\n" for name in PEOPLE) + "\n## Issues\n\n"
    topics, summary, size, number = [head], ["\n## TODOs\n\n"], len(head), 1
    while size < characters - 100:
        who = PEOPLE[number % len(PEOPLE)]
        topic = (
            f"- Something about shelf number {number} https://github.com/{HOME}/issues/{number}\n\n"
            f"  - {who}: out of scope for SPRING funding, but it blocks what others do in part {number}\n"
            f"  - {MARK}: {who} to look at part {number} and to write down what is missing\n"
            f"  - DECISION: part {number} stays as it is until somebody has measured it\n\n"
        )
        todo = f"- {who} to look at part {number} https://github.com/{HOME}/issues/{number}\n"
        topics.append(topic)
        summary.append(todo)
        size += len(topic) + len(todo)
        number += 1
    return "".join(topics + summary)[:characters]


def _median(work: Callable[[], object], rounds: int) -> float:
    """Milliseconds."""
    return statistics.median(_once(work) for _ in range(rounds))


def _once(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return (time.perf_counter() - began) * 1000
