"""What a push that changes the configuration means for labels: planned, applied where that is configured, told in words."""

from __future__ import annotations

from dataclasses import dataclass

from app.engine.label_merge import Portion
from app.engine.labels import Labels, Report
from app.labels.words import counted
from app.store import mirror
from app.store.database import Database
from app.store.mirror import KnownRepository

PORTION = 200
"""Issues that one run relabels before the delivery is put back for a moment: others get its place, and a push that mends
the configuration is heeded in the midst of a merge."""


@dataclass(frozen=True, slots=True)
class Pushed:
    """`words`: "" when there is nothing to say."""

    words: str = ""
    failed: bool = False


class LabelPush:
    """A push to an organization's `.github` repository is about all of its repositories that we know."""

    def __init__(self, database: Database, labels: Labels) -> None:
        self._database = database
        self._labels = labels

    async def pushed(self, known: KnownRepository) -> Pushed:
        """Raises Unavailable to go on later: what is done by then is not planned again."""
        portion, about = Portion(PORTION), await self._about(known)
        told = {one.repository.full_name: await self._one(one, portion) for one in about}
        several = len(about) > 1
        words = [f"{name} {said.words}" if several else said.words for name, said in told.items() if said.words]
        return Pushed(f"labels: {' · '.join(words)}" if words else "", any(said.failed for said in told.values()))

    async def _about(self, known: KnownRepository) -> list[KnownRepository]:
        owner, _, name = known.repository.full_name.lower().partition("/")
        if name != ".github":
            return [known] if not known.repository.archived else []
        found = await self._database.read(mirror.repositories)
        return [
            one
            for one in found
            if one.repository.owner.lower() == owner
            and one.installation_id == known.installation_id
            and not (one.repository.archived or one.suspended)
        ]

    async def _one(self, known: KnownRepository, portion: Portion) -> Pushed:
        look = await self._labels.look(known, fresh=False, mirrored=True)
        if not look.plan.steps:
            return Pushed()
        if not look.wanted.apply:
            return Pushed(f"{counted(look.plan.steps)} (only planned)")
        report = Report()
        await self._labels.apply(await self._labels.look(known, fresh=False), report, portion=portion)
        return Pushed(str(report), bool(report.refused))
