"""What protects every page, whichever it is: headers, forms that are really ours, addresses that lead nowhere else."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from urllib.parse import urlsplit

import pytest

from app.store.database import Database
from app.web.asgi import Application
from app.web.protection import HEADERS
from tests.web import worlds as made
from tests.web.all_routes import filled, pages, templates
from tests.web.browsing import PUBLIC
from tests.web.delivering import Answer, deliver, request
from tests.web.worlds import Place, browser

TLS = "https://rounds.example"
PLACE = Place(1, "acme/place", "words", "place")
HERE = {
    "owner": ["acme"], "name": ["place"], "named": ["7"], "n": ["10"], "series": ["series-place"], "id": ["x" * 24],
    "number": ["7", "10"], "form": ["json"],
}  # fmt: skip
ODD = (
    "%00",
    "9" * 30,
    str(2**63),
    "-1",
    "%F0%9F%92%A9",
    "%27%22%3C",
    "a" * 3000,
    "%ED%A0%80",
    "0",
    "%20",
)
ODD_PARTS = (*ODD, "..", "%2e%2e%2fx", "%25", "*", "%27%20OR%201=1", "%C3%A9")
ANSWERS = {200, 303, 307, 400, 404, 414}
KEYS = ("repo", "label", "milestone", "assignee", "q", "after", "age", "sort", "kind", "owner", "series", "act", "week")
ORIGINS = (
    "",
    "null",
    "https://evil.example",
    f"{PUBLIC}.evil.example",
    "http://127.0.0.1:8001",
    "https://127.0.0.1:8000",
)


@pytest.fixture
async def application(database: Database) -> AsyncIterator[Application]:
    made.fill(database, PLACE)
    opened = made.opened(database)
    yield opened
    await opened.close()


@pytest.fixture
async def at_once(tmp_path) -> AsyncIterator[Application]:
    """On one database, for what has nothing to do with it."""
    database = Database.open(f"sqlite:///{tmp_path}/rounds.db")
    database.migrate()
    made.fill(database, PLACE)
    opened = made.opened(database)
    yield opened
    await opened.close()


def is_protected(answer: Answer) -> bool:
    told = {name.decode(): value.decode() for name, value in HEADERS}
    return {name: answer.headers.get(name) for name in told} == told


def test_nothing_unsafe_is_allowed():
    told = {name.decode(): value.decode() for name, value in HEADERS}
    policy = dict(part.strip().split(" ", 1) for part in told["content-security-policy"].split(";"))
    assert policy["default-src"] == policy["form-action"] == "'self'"
    assert policy["base-uri"] == policy["frame-ancestors"] == policy["object-src"] == "'none'"
    assert "unsafe" not in told["content-security-policy"]
    assert (told["x-content-type-options"], told["referrer-policy"]) == ("nosniff", "same-origin")


async def test_every_answer_is_protected(at_once: Application):
    for template in [*pages(at_once), "/login", "/login/callback", "/logout", "/livez", "/readyz", "/metrics"]:
        for who in ("nobody", "member"):
            for path in filled(template, HERE):
                assert is_protected(await browser(at_once, who).get(path)), path


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/nothing", 404), ("GET", "/static/nothing", 404), ("GET", "/static/rounds.css", 200),
        ("GET", "/schema/rounds.json", 200), ("OPTIONS", "/", 405), ("POST", "/", 403), ("TRACE", "/", 403),
        ("GET", "/?x=%00", 404), ("GET", "/?x=" + "a" * 20_000, 414), ("GET", "/issues?q=is:what", 400),
        ("GET", "/webhooks/github", 405), ("POST", "/webhooks/github", 415),
    ],
)  # fmt: skip
async def test_every_refusal_is_protected(method: str, path: str, status: int, at_once: Application):
    answer = await request(at_once, method, path)
    assert (answer.status, is_protected(answer)) == (status, True)


async def test_a_refused_delivery_is_protected(at_once: Application):
    answer = await deliver(at_once, x_hub_signature_256="sha256=" + "0" * 64)
    assert (answer.status, is_protected(answer)) == (401, True)


async def test_a_fault_of_ours_is_protected_and_tells_nothing(at_once: Application):
    sent = []

    @at_once.pages.get("/boom")
    def boom() -> None:
        raise RuntimeError("a secret")

    class Recorded:
        async def __call__(self, scope, receive, send) -> None:
            async def keep(message) -> None:
                sent.append(message)
                await send(message)

            await at_once(scope, receive, keep)

    with pytest.raises(RuntimeError):
        await request(Recorded(), "GET", "/boom")
    told = dict(sent[0]["headers"])
    assert (sent[0]["status"], all(told[name] == value for name, value in HEADERS)) == (500, True)
    assert b"secret" not in b"".join(message.get("body", b"") for message in sent)


async def test_while_the_database_is_away_refusals_are_protected(tmp_path):
    """Without tables it does not answer either."""
    application = made.opened(Database.open(f"sqlite:///{tmp_path}/empty.db"))
    for template in pages(application):
        for path in filled(template, HERE):
            answer = await browser(application, "member").get(path)
            assert (answer.status, is_protected(answer)) in {(503, True)}, path
    assert (await browser(application, "nobody").get("/")).status == 503
    await application.close()


@pytest.mark.parametrize(("public", "hsts"), [(PUBLIC, None), (TLS, "max-age=31536000")])
async def test_browsers_stay_with_tls_where_there_is_tls(public: str, hsts: str | None, tmp_path):
    database = Database.open(f"sqlite:///{tmp_path}/rounds.db")
    database.migrate()
    application = made.opened(database, public)
    for path in ("/", "/nothing", "/livez", "/static/rounds.css"):
        assert (await request(application, "GET", path)).headers.get("strict-transport-security") == hsts
    await application.close()


async def test_a_form_of_ours_is_told_from_all_others_on_every_route(at_once: Application):
    """The walk finds each route that changes something; a new one is in here at once."""
    member, walked = browser(at_once, "member"), 0
    token = await member.csrf()
    for method, path in changing(at_once):
        walked += 1
        for who in ("nobody", "stranger"):
            assert (
                await browser(at_once, who)._ask(method, path, b"csrf=" + token.encode(), {"origin": PUBLIC})
            ).status == 403
        for fields in ({}, {"csrf": ""}, {"csrf": "0" * 256}):
            assert (await member.post(path, fields)).status == 403, path
        for origin in ORIGINS:
            assert (await member.post(path, {"csrf": token}, origin=origin)).status == 403, (path, origin)
        assert (await member.post(path, {"csrf": token}, content_type="text/plain")).status == 403, path
    assert walked >= 4


async def test_who_is_not_signed_in_can_send_nothing(at_once: Application):
    for path in ("/", "/logout", "/commands", "/nothing", "/login", "/login/callback"):
        for method in ("POST", "PUT", "DELETE", "PATCH"):
            answer = await browser(at_once, "nobody")._ask(method, path, b"csrf=x", {"origin": PUBLIC})
            assert answer.status == 403, (method, path)


async def test_a_form_of_ours_is_taken(application: Application):
    """Else the test before would prove nothing."""
    for method, path in changing(application):
        member = browser(application, "member")
        if path != "/logout":
            assert method == "POST"
            assert (await member.post(path, {"csrf": await member.csrf()})).status in {303, 400, 403, 404}, path
    member = browser(application, "member")
    assert (await member.post("/acts/retry", {"csrf": await member.csrf()})).status == 400
    assert (await member.post("/logout", {"csrf": await member.csrf()})).status == 303
    assert await member.sees() == ""


def changing(application: Application) -> Iterator[tuple[str, str]]:
    """Methods and addresses of all that changes something."""
    for template, methods in templates(application):
        for method in sorted(methods - {"GET", "HEAD"}):
            yield from ((method, path) for path in filled(template, HERE))


@pytest.mark.parametrize(
    "host", ["evil.example", "evil.example:8000", "evil.example/x?", "127.0.0.1:8000@evil.example", ""]
)
async def test_the_host_that_a_request_names_leads_nobody_there(host: str, at_once: Application):
    for template in pages(at_once):
        for path in filled(template, HERE):
            for spelled in (path, f"{path}/", f"/{path}", f"{path}?repo=ACME/Place&x=1"):
                answer = await request(
                    at_once, "GET", spelled, {"host": host, "x-forwarded-host": host} if host else {}
                )
                assert b"evil.example" not in answer.body, spelled
                to = answer.headers.get("location", "")
                assert (urlsplit(to).netloc, to[:2] == "//") in {("", False), (urlsplit(PUBLIC).netloc, False)}, (
                    spelled,
                    to,
                )


async def test_odd_parts_of_addresses_are_refused_and_break_nothing(application: Application):
    """One at a time: the others lead to something."""
    member = browser(application, "member")
    for template in pages(application):
        for name in HERE if "{" in template else ():
            for odd in ODD_PARTS:
                for path in filled(template, {**HERE, name: [odd]}):
                    if odd in path:
                        assert (await member.get(path)).status in ANSWERS, path


async def test_odd_questions_are_refused_and_break_nothing(application: Application):
    """Half of them on each database."""
    member, half = browser(application, "member"), application.database.is_sqlite
    asked = [(key, odd) for i, key in enumerate(KEYS) for j, odd in enumerate(ODD) if (i + j) % 2 == half]
    for template in pages(application):
        if not template.endswith("{form}"):
            continue
        for path in filled(template, {**HERE, "form": ["json"]}):
            for key, odd in asked:
                answer = await member.get(f"{path}?{key}={odd}")
                assert answer.status in ANSWERS, f"{path}?{key}={odd}"


async def test_odd_fields_of_forms_are_refused_and_break_nothing(application: Application):
    member = browser(application, "member")
    token = await member.csrf()
    names = ("id", "repository", "number", "command", "delivery", "next", "to", "seen", "repo")
    usual = {"id": "y" * 24, "repository": "acme/place", "number": "7", "command": "/label x", "delivery": "g"}
    for _, path in changing(application):
        for odd in ("\0", "9" * 30, "-1", "\ud800", "💩", "//evil.example", "a" * 3000) if path != "/logout" else ():
            for name in names:
                fields = usual | {"csrf": token, name: odd}
                body = "&".join(f"{key}={quoted(value)}" for key, value in fields.items()).encode()
                form = {"origin": PUBLIC, "content_type": "application/x-www-form-urlencoded"}
                answer = await member._ask("POST", path, body, form)
                assert answer.status < 500, (path, name, odd)
                assert not answer.headers.get("location", "/").startswith("//")


def quoted(text: str) -> str:
    return "".join(f"%{byte:02X}" for byte in text.encode(errors="surrogatepass"))
