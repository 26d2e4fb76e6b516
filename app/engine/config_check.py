"""The check of pull requests that change the configuration: mistakes at their places, or what would be different, in words.

The file is a stranger's: it is read as data only, within the limits of app.config.guard, and never takes effect here.
"""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime

import structlog

from app.commands.difference import difference
from app.config.loader import PATH
from app.config.problem import Problem
from app.config.series import FOLDER
from app.core import events
from app.core.text import clip, code
from app.engine import meeting_check
from app.engine.gather import Services
from app.engine.labels import Labels
from app.errors import Permanent
from app.github.answers import ChangedFile, CheckRun
from app.github.checks import MOST_ANNOTATIONS, Annotation, CheckOutput
from app.github.errors import Forbidden, Refused
from app.github.installation import Installation
from app.labels.words import cells
from app.store.mirror import KnownRepository

NAME = "Rounds configuration"
MOST_FILES = 20
"""Series that are read; a pull request with more is looked at in part, and the check says so."""
MOST_ANNOTATED = 200
"""Mistakes that are noted at their lines: four requests, however bad the files are."""
LONGEST_MESSAGE = 2_000
LONGEST_SUMMARY = 60_000
"""Characters; GitHub takes 65,535."""
_LEVELS: dict[str, str] = {"error": "failure", "note": "notice"}

Users = Mapping[str, Sequence[str]]
"""The series that use a template, by its path."""

log = structlog.get_logger("rounds")


@dataclass(frozen=True, slots=True)
class Findings:
    """`problems`: of all files, in order. `lines`: the difference in words, Markdown."""

    problems: tuple[Problem, ...]
    lines: tuple[str, ...]


class ConfigCheck:
    """Only check runs of our own are touched."""

    def __init__(self, services: Services, labels: Labels) -> None:
        self._github = services.github
        self._configs = services.configs
        self._bot_login = services.bot_login
        self._clock = services.clock
        self._series = services.series
        self._labels = labels

    async def check(self, event: events.PullRequestEvent, known: KnownRepository) -> str:
        """What was done, for the delivery; "" where the pull request touches no configuration. Raises Unavailable."""
        head, number = event.pull_request.head, event.pull_request.number
        if head is None or known.repository.archived:
            return ""
        installation, name = self._github.installation(known.installation_id), known.repository.full_name
        try:
            users = await self._users(known)
            touched = _touched(await installation.changed_files(name, number), users)
            if not touched:
                return ""
            ref = head.sha if head.repo and head.repo.id == known.repository.id else f"refs/pull/{number}/head"
            found = await self._findings(_Look(installation, known, ref), touched, users)
            return await self._published(installation, name, head.sha, found)
        except Refused as error:
            log.warning("no check run", repository=name, reason=str(error))
            return f"configuration not checked: {error}"

    async def _users(self, known: KnownRepository) -> Users:
        users: dict[str, list[str]] = {}
        for one in await self._series.of(known) if self._series else ():
            users.setdefault(one.series.template_path, []).append(f"{FOLDER}{one.series.id}.yml")
        return users

    async def _published(self, installation: Installation, repo: str, sha: str, found: Findings) -> str:
        try:
            return await self._publish(installation, repo, sha, found)
        except Forbidden as error:
            log.warning("no check run: the App lacks the permission checks: write", repository=repo, reason=str(error))
            return "configuration not checked: the App lacks the permission `checks: write`"

    async def _findings(self, look: _Look, touched: Sequence[ChangedFile], users: Users) -> Findings:
        problems: list[Problem] = []
        lines: list[str] = []
        for file in touched:
            if PATH in (file.filename, file.previous_filename):
                own = await self._configuration(look, file)
                problems += own.problems
                lines += own.lines
        names = (name for file in touched for name in (file.filename, file.previous_filename) if name)
        series = meeting_check.series_of(names, users)
        sides = meeting_check.Sides(look.head, look.base)
        for path in series[:MOST_FILES]:
            wrong, said = await meeting_check.check(path, sides, datetime.fromtimestamp(self._clock() / 1000, UTC))
            problems += wrong
            lines += said
        if len(series) > MOST_FILES:
            lines.append(f"Only the first {MOST_FILES} of {len(series)} series were read.")
        return Findings(tuple(problems), tuple(lines))

    async def _configuration(self, look: _Look, file: ChangedFile) -> Findings:
        """Against what holds now."""
        text, refused = await look.text(PATH, expected=file.filename == PATH and file.status != "removed")
        if refused:
            return Findings((refused,), ())
        known = look.known
        proposed = await self._configs.proposed(known.repository, known.installation_id, text)
        if proposed.checked.errors:
            return Findings(proposed.checked.problems, ())
        present = await self._configs.of(known.repository, known.installation_id)
        lines = await asyncio.to_thread(difference, present, proposed.config)
        planned = await self._labels.compared(known, proposed.layers, mirrored=True)
        rows = [cells(step) for step in planned.plan.steps]
        return Findings(proposed.checked.problems, (*lines, *(_label(*row) for row in rows)))

    async def _publish(self, installation: Installation, repo: str, sha: str, found: Findings) -> str:
        """One check run a commit; what an earlier try had told already is not told twice."""
        output, annotations = _output(found), [_annotation(problem) for problem in found.problems[:MOST_ANNOTATED]]
        runs = await installation.check_runs(repo, sha, NAME)
        run = next((one for one in runs if one.by(self._bot_login)), None)
        if run is None:
            run = await installation.create_check_run(repo, sha, _portion(output, annotations, 0))
            told = MOST_ANNOTATIONS
        elif run.external_id == output.external_id and run.status == "completed":
            return f"configuration checked already: {output.title}"
        else:
            told = _told(run, output, annotations)
            run = await installation.update_check_run(repo, run.id, _portion(output, annotations, told))
            told += MOST_ANNOTATIONS
        for start in range(told, len(annotations), MOST_ANNOTATIONS):
            await installation.update_check_run(repo, run.id, _portion(output, annotations, start))
        return f"configuration checked: {output.title}"


@dataclass(frozen=True, slots=True)
class _Look:
    """Where files are read. `ref`: the head's commit, or GitHub's name for the head of a fork's; None: the default branch."""

    installation: Installation
    known: KnownRepository
    ref: str | None

    async def text(self, path: str, *, expected: bool = True) -> tuple[str | None, Problem | None]:
        """The text, None where there is no such file; or why it can't be read."""
        try:
            found = await self.installation.file(self.known.repository.full_name, path, ref=self.ref)
        except Refused:
            raise
        except Permanent as error:  # too large, or no text
            return None, Problem(path, 1, 1, str(error))
        if found is None and expected:
            return None, Problem(path, 1, 1, "GitHub gives no such file at the head of this pull request")
        return (found.text if found else None), None

    async def head(self, path: str) -> str | None:
        """As `text`, for what may be missing. Raises BadFile."""
        text, refused = await self.text(path, expected=False)
        if refused:
            raise meeting_check.BadFile(refused)
        return text

    async def base(self, path: str) -> str | None:
        """Of the default branch, as it is now."""
        return await replace(self, ref=None).head(path)


def _touched(files: Iterable[ChangedFile], users: Users) -> list[ChangedFile]:
    """Those that are about us, the repository's own configuration first."""

    def ours(path: str) -> bool:
        return path == PATH or path.startswith(FOLDER) or path in users

    found = [file for file in files if any(map(ours, (file.filename, file.previous_filename)))]
    return sorted(found, key=lambda file: PATH not in (file.filename, file.previous_filename))


def _annotation(problem: Problem) -> Annotation:
    hint = f" ({problem.suggestion})" if problem.suggestion else ""
    message, level = clip(problem.message + hint, LONGEST_MESSAGE), _LEVELS[problem.severity]
    return Annotation(problem.file, problem.line, problem.column, level, message)  # type: ignore[arg-type]  # one of two


def _output(found: Findings) -> CheckOutput:
    """Without annotations, with a mark of all that it says."""
    mistakes = sum(problem.severity == "error" for problem in found.problems)
    counted = "1 mistake" if mistakes == 1 else f"{mistakes} mistakes"
    title = f"{counted} in the configuration" if mistakes else "The configuration is good"
    summary = "\n".join(_summary(mistakes, found.lines))
    mark = hashlib.sha256(repr((title, summary, found.problems)).encode()).hexdigest()[:32]
    return CheckOutput(NAME, f"rounds:{mark}", "failure" if mistakes else "success", title, summary)


def _summary(mistakes: int, lines: Sequence[str]) -> Iterator[str]:
    if mistakes:
        yield "A configuration with mistakes does not take effect. Each is noted at its line."
        return
    yield "On the default branch this would change:" if lines else "Nothing changes in what Rounds does."
    yield ""
    length = 0
    for place, line in enumerate(lines):
        length += len(line) + 3
        if length > LONGEST_SUMMARY:
            yield f"- and {len(lines) - place} more changes"
            return
        yield f"- {line}"


def _label(what: str, name: str, becomes: str, issues: str) -> str:
    """A step of the plan for labels, with the issues that carry it."""
    into = f" → {code(becomes)}" if becomes else ""
    return f"Labels, {what}: {code(name)}{into} ({issues} issue{'' if issues == '1' else 's'})."


def _portion(output: CheckOutput, annotations: Sequence[Annotation], start: int) -> CheckOutput:
    """With the annotations from `start` on, as many as GitHub takes; ended with the last of them."""
    end = start + MOST_ANNOTATIONS
    ended = output.conclusion if end >= len(annotations) else None
    return replace(output, annotations=annotations[start:end], conclusion=ended)


def _told(run: CheckRun, output: CheckOutput, annotations: Sequence[Annotation]) -> int:
    """How many annotations it has of these. Those of another result can't be taken back: then there are no new ones."""
    count = run.output.annotations_count
    return count if run.external_id == output.external_id or not count else len(annotations)
