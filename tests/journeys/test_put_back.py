"""A delivery that is put back after a part of it was done: the rest is done as it was decided, nothing twice."""

from __future__ import annotations

from app.sandbox.faults import Fault
from tests.journeys.town import CONFIG, REPO, Town, make_world

THANK = """\
  thank:
    help: Labels and says thanks.
    do: [{add_labels: [bug]}, {comment: "Thank you."}]
"""


async def test_what_a_suspension_interrupted_is_finished_as_it_was_decided(database_url):
    """Decided anew, the label would be there already, and "already so" says nothing."""
    world = make_world()
    world.push_file(REPO, ".github/rounds.yml", CONFIG + THANK, by="mia")
    (installation,) = world.installations.values()
    async with Town.open(database_url, world) as town:
        issue = world.open_issue(REPO, "It broke", by="rita")
        await town.settled()
        slow = town.sandbox.faults.add(Fault(path="/comments$", method="POST", delay=0.5))
        comment = world.post_comment(issue, "/thank", by="tim")
        await town.sandbox.until(lambda: slow.struck)
        world.suspend(installation)
        await town.sandbox.until(lambda: world.answers[-1].status == 403)
        world.unsuspend(installation)
        await town.settled()
        assert issue.label_names == ["bug"]
        assert town.replies(issue) == ["Thank you."]
        assert town.reactions(comment) == ["+1"]
