"""Rules for events, from a team's own `.github/rounds.yml` to GitHub: what they do, and what they leave alone."""

from __future__ import annotations

import sqlalchemy as sa

from app.store import deliveries
from app.store.tables import audit
from tests.journeys.town import BOT, CONFIG, REPO, Town

RULES = """
rules:
  needs-triage:
    on: issue.opened
    if: {no_labels: ["bug", "priority/*"]}
    do: [{add_labels: [requires triaging]}]
  triaged:
    on: issue.labeled
    if: {label: [bug, "priority/*"]}
    do: [{remove_labels: [requires triaging]}]
"""


async def ruled(town: Town, rules: str) -> None:
    """The repository's configuration has these rules from now on."""
    town.world.push_file(REPO, ".github/rounds.yml", CONFIG + rules, by="mia")
    await town.settled()


async def audited(town: Town) -> list[tuple[str, str, str]]:
    """(who, command or rule, action) of every effect."""

    def look(conn: sa.Connection) -> list[tuple[str, str, str]]:
        rows = conn.execute(sa.select(audit.c.actor, audit.c.command, audit.c.action).order_by(audit.c.id))
        return [tuple(row) for row in rows]

    return await town.database.read(look)


async def reasons(town: Town) -> list[str]:
    """How the deliveries ended that a rule or a command concerned, oldest first."""
    found = await town.database.read(lambda conn: deliveries.listing(conn, limit=1000))
    return [one.reason for one in reversed(found) if "rule " in one.reason]


async def test_a_rule_labels_what_is_opened_and_takes_the_label_off_when_it_is_triaged(town):
    await ruled(town, RULES)
    issue = town.world.open_issue(REPO, "It broke", by="rita")
    await town.settled()
    assert issue.label_names == ["requires triaging"]
    town.world.add_labels(issue, ["bug"], by="tim")
    await town.settled()
    assert issue.label_names == ["bug"]
    assert await audited(town) == [(BOT, "rule needs-triage", "AddLabels"), (BOT, "rule triaged", "RemoveLabels")]
    assert town.replies(issue) == []


async def test_one_label_costs_one_call_and_asks_for_nobodys_role(town):
    await ruled(town, RULES)
    before = len(town.world.calls)
    town.world.open_issue(REPO, "It broke", by="sam")
    await town.settled()
    assert town.calls_since(before) == ["POST /repos/{}/{}/issues/{}/labels"]


async def test_what_a_command_does_sets_rules_off_too(town):
    await ruled(town, RULES)
    issue = town.world.open_issue(REPO, "It broke", by="rita")
    await town.settled()
    comment = await town.says(issue, "tim", "/priority high")
    assert issue.label_names == ["priority/high"]
    assert town.reactions(comment) == ["+1"]
    assert (await audited(town))[-2:] == [("tim", "priority", "AddLabels"), (BOT, "rule triaged", "RemoveLabels")]


async def test_a_delivery_that_sets_nothing_off_stays_in_the_relay(town):
    await ruled(town, RULES)
    issue = town.world.open_issue(REPO, "It broke", by="rita")
    await town.settled()
    town.world.add_labels(issue, ["UX/UI"], by="tim")
    town.world.close_issue(issue, by="tim")
    await town.settled()
    newest = await town.database.read(lambda conn: deliveries.listing(conn, limit=2))
    assert [one.reason for one in newest] == ["mirrored", "mirrored"]


async def test_what_bots_do_sets_nothing_off_unless_they_are_listed(town):
    robot = town.world.robot("helpful")
    town.world.set_role(REPO, robot.login, "write", by="ann")
    await ruled(town, RULES)
    town.world.open_issue(REPO, "From a robot", by=robot.login)
    await town.settled()
    assert await audited(town) == []
    await ruled(town, f"bots: [{robot.id}]\n{RULES}")
    issue = town.world.open_issue(REPO, "From a robot that is listed", by=robot.login)
    await town.settled()
    assert issue.label_names == ["requires triaging"]


async def test_what_a_person_took_off_is_not_added_again(town):
    await ruled(town, RULES.replace("on: issue.opened", "on: [issue.opened, issue.reopened]"))
    issue = town.world.open_issue(REPO, "It broke", by="rita")
    await town.settled()
    town.world.remove_label(issue, "requires triaging", by="tim")
    town.world.close_issue(issue, by="tim")
    town.world.reopen_issue(issue, by="tim")
    await town.settled()
    assert issue.label_names == []
    assert "somebody took" in (await reasons(town))[-1]


async def test_what_a_person_took_off_with_a_command_is_not_added_again(town):
    await ruled(town, RULES.replace("on: issue.opened", "on: [issue.opened, issue.reopened]"))
    issue = town.world.open_issue(REPO, "It broke", by="rita")
    await town.settled()
    await town.says(issue, "tim", '/unlabel "requires triaging"')
    await town.says(issue, "tim", "/close")
    await town.says(issue, "tim", "/reopen")
    assert issue.label_names == []


async def test_answers_of_an_issue_form_become_labels(town):
    await ruled(
        town,
        """
rules:
  from-form:
    on: issue.opened
    if: {field: {"How urgent?": [High, Low]}}
    do: [{add_labels: ["priority/{{ field['How urgent?'] | lower }}"]}]
""",
    )
    body = "### How urgent?\n\nHigh\n\n### What happened?\n\n_No response_\n"
    issue = town.world.open_issue(REPO, "It broke", body, by="sam")
    other = town.world.open_issue(REPO, "It broke", body.replace("High", "Sky-high"), by="sam")
    await town.settled()
    assert (issue.label_names, other.label_names) == (["priority/high"], [])


async def test_who_spoke_last_is_who_is_waited_for(town):
    await ruled(
        town,
        """
rules:
  answered:
    on: issue.commented
    if: {labels: needs info, last_comment_by: author}
    do: [{remove_labels: [needs info]}]
  asked:
    on: issue.commented
    if: {last_comment_by: {at_least: triage, who: someone_else}}
    do: [{add_labels: [needs info]}]
""",
    )
    issue = town.world.open_issue(REPO, "It broke", by="sam")
    await town.says(issue, "rita", "Me too.")
    assert issue.label_names == []
    await town.says(issue, "tim", "Which version?")
    assert issue.label_names == ["needs info"]
    await town.says(issue, "sam", "The newest one.")
    assert issue.label_names == []


async def test_a_pull_request_gets_its_milestone_when_it_is_merged(town):
    await ruled(
        town,
        """
rules:
  merged:
    on: pull_request.merged
    if: {milestone: none}
    do: [{set_milestone: v1}, {comment: "Thank you, @{{ author }}: “{{ title }}” goes into {{ 'v1' }}."}]
""",
    )
    pull = town.world.open_pull(REPO, "Mend it for @acme/everybody", by="wes")
    town.world.merge_pull(pull, by="mia")
    await town.settled()
    assert pull.milestone_title == "v1"
    assert len(town.replies(pull)) == 1
    assert "@wes" in town.replies(pull)[0]
    assert "@acme" not in town.replies(pull)[0]


async def test_a_rule_that_lacks_its_label_says_so_and_creates_none(town):
    await ruled(town, "rules:\n  odd: {on: issue.opened, do: [{add_labels: [nowhere]}]}\n")
    issue = town.world.open_issue(REPO, "It broke", by="rita")
    await town.settled()
    assert issue.label_names == []
    assert "needs the label `nowhere`" in (await reasons(town))[-1]


async def test_rules_of_which_one_undoes_the_other_come_to_rest(town):
    """`rounds check` sees such a loop only where no template hides it."""
    await ruled(
        town,
        """
rules:
  gives: {on: issue.unlabeled, if: {label: bug}, do: [{add_labels: ["{{ 'C#' }}"]}]}
  takes: {on: issue.labeled, if: {label: "C#"}, do: [{remove_labels: ["{{ 'C#' }}"]}, {add_labels: ["{{ 'b' }}ug"]}]}
  back: {on: issue.labeled, if: {label: bug}, do: [{remove_labels: ["{{ 'b' }}ug"]}]}
""",
    )
    issue = town.world.open_issue(REPO, "It broke", by="rita")
    town.world.add_labels(issue, ["C#"], by="tim")
    await town.settled()
    assert await audited(town) == [(BOT, "rule takes", "AddLabels")]
    assert sorted(issue.label_names) == ["C#", "bug"]


async def test_a_label_that_is_turned_back_and_forth_is_left_alone_and_that_is_said(town):
    robot = town.world.robot("helpful")
    town.world.set_role(REPO, robot.login, "write", by="ann")
    keep = "rules:\n  keep: {on: issue.unlabeled, if: {label: bug}, do: [{add_labels: [\"{{ 'bug' }}\"]}, {comment: Kept.}]}\n"
    await ruled(
        town, f"bots: [{robot.id}]\n{keep.replace('issue.unlabeled', 'issue.closed').replace('if: {label: bug}, ', '')}"
    )
    issue = town.world.open_issue(REPO, "It broke", by="rita")
    for _ in range(12):
        town.world.close_issue(issue, by=robot.login)
        await town.settled()
        if "bug" in issue.label_names:
            town.world.remove_label(issue, "bug", by=robot.login)
        town.world.reopen_issue(issue, by=robot.login)
        await town.settled()
    done = [row for row in await audited(town) if row[2] == "AddLabels"]
    assert len(done) == 8
    assert "so it was stopped" in (await reasons(town))[-1]
