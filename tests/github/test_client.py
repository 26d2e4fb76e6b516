"""The App's own calls."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import jwt
import pytest

from app.errors import Mistake
from app.github.client import GitHub
from tests.github.fake import API, KEY, Fake, answer

ROW = {
    "id": 2**60 + 1, "guid": "g", "delivered_at": "2026-11-20T12:00:00Z", "redelivery": False, "duration": 0.1,
    "status": "OK", "status_code": 202, "event": "issues", "action": "opened", "installation_id": 7,
    "repository_id": 1, "throttled_at": None,
}  # fmt: skip


async def test_who_we_are_asked_with_a_jwt(github: GitHub, fake: Fake) -> None:
    fake.instead.append(answer({"id": 5, "slug": "rounds-acme", "client_id": "Iv23", "name": "Rounds",
                                "permissions": {"issues": "write"}, "events": ["issues"], "owner": {}}))  # fmt: skip
    app = await github.app()
    assert (app.id, app.bot_login, app.permissions, app.events) == (
        5,
        "rounds-acme[bot]",
        {"issues": "write"},
        ["issues"],
    )
    kind, _, token = fake.last.headers["authorization"].partition(" ")
    options = {"verify_exp": False, "verify_iat": False}
    assert (kind, jwt.decode(token, KEY.public_key(), algorithms=["RS256"], options=options)["iss"]) == (
        "bearer",
        "Iv23client",
    )


async def test_installations_of_users_organizations_and_enterprises(github: GitHub, fake: Fake) -> None:
    link = f'<{API}/app/installations?page=2>; rel="next"'
    organization = {
        "id": 1,
        "account": {"id": 10, "login": "acme", "type": "Organization"},
        "target_type": "Organization",
    }
    user = {"id": 2, "account": {"id": 11, "login": "bob", "type": "User"}, "suspended_at": "2026-11-20T12:00:00Z"}
    enterprise = {"id": 3, "account": {"id": 12, "slug": "big"}, "target_type": "Enterprise"}
    fake.instead.extend([answer([organization, user], link=link), answer([enterprise, {"id": 4, "account": None}])])
    found = [(i.id, i.account_id, i.account, i.organization, i.suspended) for i in await github.installations()]
    assert found == [
        (1, 10, "acme", True, False),
        (2, 11, "bob", False, True),
        (3, 12, "big", False, False),
        (4, 0, "", False, False),
    ]


async def test_where_deliveries_go(github: GitHub, fake: Fake) -> None:
    config = {"content_type": "json", "insecure_ssl": 0.0, "secret": "********", "url": "https://a.example/x"}
    fake.instead.extend([answer(config), answer({"message": "Not Found"}, 404)])
    hook = await github.hook()
    assert hook is not None
    assert (hook.url, hook.content_type, hook.insecure_ssl) == ("https://a.example/x", "json", 0)
    assert await github.hook() is None
    assert fake.paths() == ["GET /app/hook/config"] * 2


async def test_deliveries_stop_before_the_time_asked_for(github: GitHub, fake: Fake) -> None:
    def page(*minutes: int) -> list[dict[str, object]]:
        return [ROW | {"guid": f"g{m}", "delivered_at": f"2026-11-20T12:{m:02}:00Z"} for m in minutes]

    link = f'<{API}/app/hook/deliveries?per_page=100&cursor=v1_1>; rel="next"'
    fake.instead.extend(answer(rows, link=link) for rows in (page(50, 40), page(30, 20), page(10)))
    since = datetime(2026, 11, 20, 12, 30, tzinfo=UTC)
    assert [row.guid async for row in github.deliveries(since)] == ["g50", "g40", "g30"]
    assert fake.paths() == [
        "GET /app/hook/deliveries?per_page=100",
        "GET /app/hook/deliveries?per_page=100&cursor=v1_1",
    ]


async def test_timeouts_are_among_the_deliveries_and_not_ok(github: GitHub, fake: Fake) -> None:
    fake.instead.append(answer([ROW, ROW | {"status": "timed out", "status_code": 0, "installation_id": None}]))
    rows = [row async for row in github.deliveries(datetime(2026, 11, 17, tzinfo=UTC))]
    assert [(row.id, row.ok, row.status_code) for row in rows] == [(2**60 + 1, True, 202), (2**60 + 1, False, 0)]


async def test_a_delivery_with_its_payload(github: GitHub, fake: Fake) -> None:
    payload = {"action": "opened", "issue": {"title": "täglich"}}
    request = {"headers": {"X-GitHub-Event": "issues", "X-GitHub-Delivery": "g"}, "payload": payload}
    fake.instead.extend(
        [answer(ROW | {"request": request}), answer(ROW | {"request": {"headers": None, "payload": None}})]
    )
    found = await github.delivery(2**60 + 1)
    assert fake.paths() == [f"GET /app/hook/deliveries/{2**60 + 1}"]
    assert (found.row.guid, found.headers) == ("g", {"x-github-event": "issues", "x-github-delivery": "g"})
    assert json.loads(found.payload) == payload
    assert (await github.delivery(5)).payload == b"null"


def test_a_broken_key_is_a_mistake() -> None:
    with pytest.raises(Mistake):
        GitHub(api_url=API, app_id="1", private_key="-----BEGIN")
