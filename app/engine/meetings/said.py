"""Comments of ours in meeting issues, each once: before one is made, it is looked for by its hidden line."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime

from app.core.values import Ref
from app.engine.again import until_done
from app.engine.durable import Durable
from app.engine.writing import Result, Writing, comment_once, later
from app.errors import Permanent, Unavailable
from app.github.client import Installation
from app.store.deliveries import Delivery
from app.store.meetings import Key
from app.store.mirror import KnownRepository


def mark(key: Key, what: str = "") -> str:
    """The hidden line of a meeting's issue, or of a comment about the meeting."""
    return f"<!-- rounds: meeting {key.series} {key.day.isoformat()}{f' {what}' if what else ''} -->"


@dataclass(frozen=True, slots=True)
class Voice:
    """What one delivery writes on GitHub, each write a durable step."""

    durable: Durable
    delivery: Delivery
    bot_login: str

    def writing(
        self, installation: Installation, known: KnownRepository, *, link: str = "", home: Ref | None = None
    ) -> Writing:
        since = datetime.fromtimestamp(self.delivery.received_at / 1000, UTC)
        return Writing(installation, known, self.bot_login, self.delivery.guid, since, True, link, home)

    async def comment(
        self, installation: Installation, known: KnownRepository, number: int, text: str, hidden: str
    ) -> Result:
        """{"after": its id}, or {"refused": …}. `hidden`: the mark of Rounds by which it is found again."""
        writing, target = self.writing(installation, known), Ref(known.repository.full_name, number)

        async def write() -> Result:
            return {"after": await comment_once(writing, target, f"{text}\n\n{hidden}", hidden)}

        return await self.step("comment", write)

    async def step(self, name: str, work: Callable[[], Awaitable[Result]]) -> Result:
        """Do it durably; what GitHub refuses for good is an answer, what passes is tried again."""

        async def write(_repeated: bool) -> Result:
            try:
                return await work()
            except Unavailable as error:
                return later(error)
            except Permanent as error:
                return {"refused": str(error)}

        return await until_done(self.durable, name, write)
