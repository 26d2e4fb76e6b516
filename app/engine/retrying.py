"""A person asks on a page of ours that a delivery which failed runs again: whoever administers its repository may."""

from __future__ import annotations

import json

from app.core.values import Person, Role
from app.engine.again import at_last
from app.engine.services import Services
from app.store import deliveries
from app.store.deliveries import Delivery
from app.store.mirror import KnownRepository

RETRY = "web_retry"
"""In the place of GitHub's event."""


async def retry(services: Services, delivery: Delivery, known: KnownRepository) -> tuple[str, str]:
    """The state of the request and the reason. The role is asked for at GitHub, as for a command. Raises Unavailable."""
    told = json.loads(delivery.body or b"{}")
    sender = Person(told["person_id"], told["login"])
    role = await services.roles.role(known.installation_id, known.repository, sender)
    if (role or Role.NONE) < Role.ADMIN:
        return "ignored", f"{sender.login} does not administer {known.repository.full_name}"
    failed = await at_last(lambda: services.database.look(lambda conn: deliveries.known_as(conn, told["delivery"])))
    if failed is None or failed.repository_id != known.repository.id:
        return "ignored", "there is no such delivery in this repository"
    again = await at_last(lambda: services.database.run(lambda conn: deliveries.retry(conn, [failed.seq])))
    return ("done", "it runs again") if again else ("ignored", "it has not failed, or is too old")
