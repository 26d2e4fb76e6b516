"""Pull requests that change the configuration get a check run with mistakes at their places, or the difference in words."""

from __future__ import annotations

import re

import pytest

from app.sandbox.faults import Fault
from app.sandbox.things import CheckRun, Issue
from app.store import deliveries
from tests.journeys.town import CONFIG, REPO, Town

PATH = ".github/rounds.yml"
ADDED = CONFIG + "  hurry: {help: Hurries., who: [write], do: [{add_labels: priority/high}]}\n"
FILES = "GET /repos/{}/{}/pulls/{}/files"
RUNS = "GET /repos/{}/{}/commits/{}/check-runs"
CREATE = "POST /repos/{}/{}/check-runs"


async def brought(town: Town, files: dict[str, str | None], **more: object) -> Issue:
    pull = town.world.open_pull(REPO, "Other rounds", by="rita", files=files, **more)
    await town.settled()
    return pull


def runs(town: Town, pull: Issue | None = None) -> list[CheckRun]:
    found = town.world.find_repository(REPO).check_runs
    return [run for run in found if pull is None or (pull.pull and run.sha == pull.pull.sha)]


async def last_reason(town: Town) -> tuple[str, str]:
    found = await town.database.read(deliveries.listing)
    delivery = next(one for one in found if "configuration" in one.reason)
    return delivery.state, delivery.reason


async def test_a_good_change_is_told_in_words(town):
    pull = await brought(town, {PATH: ADDED.replace("[anyone]", "[triage]")})
    (run,) = runs(town, pull)
    assert (run.name, run.status, run.conclusion) == ("Rounds configuration", "completed", "success")
    assert run.title == "The configuration is good"
    assert "- `/hurry` is added, for the write role or above.\n" in run.summary
    assert "- `/greet` was for anyone, and is for the triage role or above." in run.summary
    assert run.annotations == []
    assert await last_reason(town) == ("done", "no command\nconfiguration checked: The configuration is good")


async def test_mistakes_are_noted_at_line_and_column(town):
    pull = await brought(town, {PATH: "version: 1\ncommands:\n  greet: {halp: x, do: [{comment: hi}]}\n"})
    (run,) = runs(town, pull)
    assert (run.conclusion, run.title) == ("failure", "1 mistake in the configuration")
    (note,) = run.annotations
    place = {key: note[key] for key in ("path", "start_line", "end_line", "start_column", "end_column")}
    assert place == {"path": PATH, "start_line": 3, "end_line": 3, "start_column": 11, "end_column": 11}
    assert note["annotation_level"] == "failure"
    assert "help" in note["message"]
    greeting = town.world.open_issue(REPO, "Hello?", by="rita")
    assert town.reactions(await town.says(greeting, "rita", "/greet")) == ["+1"]


async def test_more_mistakes_than_one_request_takes(town):
    many = "".join(f"  c{number}: {{halp: x, do: [{{comment: hi}}]}}\n" for number in range(120))
    before = len(town.world.calls)
    pull = await brought(town, {PATH: f"commands:\n{many}"})
    (run,) = runs(town, pull)
    assert (run.status, run.conclusion, len(run.annotations)) == ("completed", "failure", 120)
    assert [note["start_line"] for note in run.annotations] == list(range(2, 122))
    writes = [call for call in town.calls_since(before) if "check-runs" in call]
    assert writes == [RUNS, CREATE, *["PATCH /repos/{}/{}/check-runs/{}"] * 2]


async def test_an_update_that_was_cut_off_goes_on_where_it_was(town):
    many = "".join(f"  c{number}: {{halp: x, do: [{{comment: hi}}]}}\n" for number in range(120))
    town.sandbox.faults.add(Fault(path="/check-runs/[0-9]+$", method="PATCH", status=502, times=2))
    pull = await brought(town, {PATH: f"commands:\n{many}"})
    (run,) = runs(town, pull)
    assert (run.status, [note["start_line"] for note in run.annotations]) == ("completed", list(range(2, 122)))


async def test_a_pull_request_about_something_else_costs_one_call(town):
    before = len(town.world.calls)
    pull = await brought(town, {"README.md": "Hello"})
    assert (town.calls_since(before), runs(town)) == ([FILES], [])
    town.world.add_labels(pull, ["bug"], by="tim")
    town.world.edit_issue(pull, by="rita", title="Another title")
    await town.settled()
    assert town.calls_since(before) == [FILES]


async def test_another_commit_is_checked_by_itself_and_a_reopened_one_not_twice(town):
    pull = await brought(town, {PATH: "nonsense: 1\n"})
    town.world.push_to_pull(pull, {PATH: ADDED}, by="rita")
    await town.settled()
    assert [run.conclusion for run in runs(town)] == ["failure", "success"]
    town.world.close_issue(pull, by="mia")
    town.world.reopen_issue(pull, by="mia")
    await town.settled()
    assert len(runs(town)) == 2
    assert (await last_reason(town))[1].endswith("configuration checked already: The configuration is good")


async def test_a_result_that_is_another_now_is_put_into_the_same_check_run(town):
    pull = await brought(town, {PATH: ADDED})
    town.world.push_file(REPO, PATH, ADDED, by="mia")
    town.world.close_issue(pull, by="mia")
    town.world.reopen_issue(pull, by="mia")
    await town.settled()
    (run,) = runs(town)
    assert (run.conclusion, run.summary) == ("success", "Nothing changes in what Rounds does.\n")


async def test_a_fork_that_is_gone_is_read_by_githubs_name_of_the_head(town):
    pull = await brought(town, {PATH: ADDED}, orphan=True)
    (run,) = runs(town, pull)
    assert run.conclusion == "success"
    assert "`/hurry` is added" in run.summary


async def test_a_file_that_is_removed(town):
    pull = await brought(town, {PATH: None})
    (run,) = runs(town, pull)
    assert run.conclusion == "success"
    assert "- `/greet` is taken away." in run.summary


async def test_labels_are_told_with_the_issues_that_carry_them(town):
    for _ in range(3):
        town.world.open_issue(REPO, "It broke", by="tim", labels=["bug"])
    await town.settled()
    text = CONFIG + "labels: [{name: kind/bug, previously: [bug]}, {name: new-one}]\n"
    (run,) = runs(town, await brought(town, {PATH: text}))
    assert "- 2 labels are described newly: `kind/bug`, `new-one`." in run.summary
    assert "- Labels, rename: `bug` → `kind/bug` (3 issues)." in run.summary


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("a: &a [x]\nb: *a\n", "anchors and aliases"),
        ("[" * 100, "nested deeper"),
        ("x: " + "y" * 300_000, "too large"),
    ],
)
async def test_hostile_files_are_mistakes(town, text, said):
    (run,) = runs(town, await brought(town, {PATH: text}))
    assert run.conclusion == "failure"
    assert said in run.annotations[0]["message"]


async def test_what_a_stranger_writes_can_not_mention_anybody(town):
    text = CONFIG + 'labels: [{name: "@acme/everybody"}, {name: "[x](//evil.example)"}]\n'
    (run,) = runs(town, await brought(town, {PATH: text}))
    assert "described newly" in run.summary
    assert "@acme" not in run.summary
    assert "](" not in run.summary


async def test_a_meeting_must_be_readable(town):
    files = {".github/meetings/weekly.yml": "title: 'x\n", ".github/meetings/weekly.md": "# {{ x", "src/x.yml": "'"}
    (run,) = runs(town, await brought(town, files))
    assert (run.conclusion, {note["path"] for note in run.annotations}) == ("failure", {".github/meetings/weekly.yml"})


SERIES = """\
name: Weekly
schedule: {timezone: Europe/Berlin, starts: 2020-09-11, time: "10:30", rule: every Friday}
numbering: {width: 3}
issue: {title: "Weekly #{{ number | pad(3) }}", labels: [meeting]}
"""
FOLDER = ".github/meetings/"


async def test_a_new_series_is_shown_before_it_begins(town):
    files = {f"{FOLDER}weekly.yml": SERIES, f"{FOLDER}weekly.md": "# Notes\n```\n{{ agenda }}\n```\n@acme/everybody\n"}
    (run,) = runs(town, await brought(town, files))
    assert (run.conclusion, run.title, run.annotations) == ("success", "The configuration is good", [])
    assert "- The series `weekly` begins: `every Friday at 10:30, Europe/Berlin`, from 2020-09-11 on." in run.summary
    assert re.search(r"- The next meetings: Fri \d{4}-\d\d-\d\d 10:30 \(number \d+\), ", run.summary)
    assert re.search(r"- The issue of \d{4}-\d\d-\d\d would be `Weekly #\u200b?\d{3,}`, with `meeting`:", run.summary)
    assert "  ````markdown\n  # Notes\n  ```\n" in run.summary


async def test_what_changes_in_a_series_is_told(town):
    files = {f"{FOLDER}weekly.yml": SERIES, f"{FOLDER}weekly.md": "Notes\n"}
    town.world.push_file(REPO, f"{FOLDER}weekly.yml", SERIES, by="mia")
    await town.settled()
    files[f"{FOLDER}weekly.yml"] = SERIES.replace("10:30", "11:00")
    (run,) = runs(town, await brought(town, files))
    assert "- The series `weekly` is changed: `schedule`." in run.summary
    assert re.search(r"- \d{4}-\d\d-\d\d: from Fri (\S+) 10:30 to Fri \1 11:00\.", run.summary)


async def test_mistakes_of_a_series_and_its_template_are_noted_at_their_lines(town):
    files = {f"{FOLDER}weekly.yml": SERIES.replace("every Friday", "every blursday"), f"{FOLDER}weekly.md": "x"}
    (run,) = runs(town, await brought(town, files))
    (note,) = run.annotations
    assert (note["path"], note["start_line"]) == (f"{FOLDER}weekly.yml", 2)
    assert "is not understood" in note["message"]


async def test_a_template_alone_is_tried_with_its_series(town):
    town.world.push_file(REPO, f"{FOLDER}weekly.yml", SERIES, by="mia")
    await town.settled()
    (run,) = runs(town, await brought(town, {f"{FOLDER}weekly.md": "Hello\n{{ plce }}\n"}))
    (note,) = run.annotations
    assert (run.conclusion, note["path"], note["start_line"]) == ("failure", f"{FOLDER}weekly.md", 2)


@pytest.mark.parametrize("place", [".github/ISSUE_TEMPLATE/call.md", f"{FOLDER}shared.md"])
async def test_a_template_of_another_name_is_tried_with_the_series_that_uses_it(town, place):
    own = SERIES.replace("issue: {", f"issue: {{template: {place.removeprefix(FOLDER)}, ")
    town.world.push_file(REPO, place, "Hello\n", by="mia")
    town.world.push_file(REPO, f"{FOLDER}weekly.yml", own, by="mia")
    await town.settled()
    (run,) = runs(town, await brought(town, {place: "Hello\n{{ plce }}\n", ".github/ISSUE_TEMPLATE/bug.md": "x"}))
    (note,) = run.annotations
    assert (run.conclusion, note["path"], note["start_line"]) == ("failure", place, 2)


async def test_without_the_permission_it_is_said_plainly_and_commands_work(town):
    no = "Resource not accessible by integration"
    town.sandbox.faults.add(Fault(path="/check-runs$", status=403, message=no, times=None))
    pull = town.world.open_pull(REPO, "Other rounds", "/label bug", by="tim", files={PATH: ADDED})
    await town.settled()
    assert (pull.label_names, runs(town)) == (["bug"], [])
    state, reason = await last_reason(town)
    assert (state, reason.splitlines()[-1]) == (
        "done",
        "configuration not checked: the App lacks the permission `checks: write`",
    )


@pytest.mark.parametrize("path", ["/pulls/[0-9]+/files$", "/contents/"])
async def test_where_github_lets_nobody_read_the_change_it_is_said_and_commands_work(town, path):
    no = "Resource not accessible by integration"
    town.sandbox.faults.add(Fault(path=path, status=403, message=no, times=None))
    pull = town.world.open_pull(REPO, "Other rounds", "/label bug", by="tim", files={PATH: ADDED})
    await town.settled()
    assert (pull.label_names, runs(town)) == (["bug"], [])
    state, reason = await last_reason(town)
    assert state == "done"
    assert reason.splitlines()[-1].startswith("configuration not checked: ")
    assert no in reason
