"""Signing in against the stand-in, and all the ways to come in that must not work."""

from __future__ import annotations

import logging
from dataclasses import replace
from urllib.parse import parse_qs, urlsplit

import pytest

from app.sandbox.server import Sandbox
from app.settings import Settings
from app.store.database import Database
from app.store.tables import session, session_repository
from app.web.asgi import Application
from app.web.sign_in import path_of_ours
from tests.web.browsing import PUBLIC, Browser, at_github
from tests.web.signing import Clock, application, browser, clock, rows, sandbox, serve, settings

__all__ = ["application", "browser", "clock", "sandbox", "serve", "settings"]


async def test_one_signs_in_goes_on_and_signs_out(browser: Browser, database: Database, sandbox: Sandbox):
    assert b'href="/login"' in (await browser.get("/")).body
    answer = await browser.sign_in("tim", "/commands?repository=a%20b")
    assert (answer.status, answer.headers["location"]) == (303, "/commands?repository=a%20b")
    assert await browser.sees() == "tim"
    (one,) = rows(database, session)
    assert (one.person_id, one.login) == (sandbox.world.account("tim").id, "tim")
    assert {row.repository_id for row in rows(database, session_repository)} == {
        sandbox.world.find_repository("acme/widgets").id
    }
    left = await browser.post("/logout", {"csrf": await browser.csrf()})
    assert (left.status, left.headers["location"], left.headers["clear-site-data"]) == (303, "/", '"cache"')
    assert (await browser.sees(), browser.cookies, rows(database, session)) == ("", {}, [])
    assert rows(database, session_repository) == []


async def test_the_address_of_github_has_state_and_a_challenge(browser: Browser, settings: Settings):
    first, second = [parse_qs(urlsplit((await browser.get("/login")).headers["location"]).query) for _ in range(2)]
    assert first["redirect_uri"] == [f"{PUBLIC}/login/callback"]
    assert (first["code_challenge_method"], first["client_id"]) == (["S256"], [settings.github_client_id])
    assert first["state"] != second["state"]
    assert len(first["state"][0]) >= 40
    assert first["code_challenge"] != second["code_challenge"]


async def test_what_the_database_keeps_lets_nobody_in(browser: Browser, database: Database, sandbox: Sandbox):
    await browser.sign_in("tim")
    (one,) = rows(database, session)
    cookie = browser.cookies["rounds"]
    kept = repr(tuple(one))
    assert not any(secret in kept for secret in [cookie, *sandbox.world.user_tokens])
    browser.cookies["rounds"] = one.mark
    assert await browser.sees() == ""


async def test_cookies_are_for_this_server_and_no_script(browser: Browser):
    await browser.sign_in("tim")
    for name in ("rounds", "rounds-sign-in"):
        assert {"Path=/", "HttpOnly", "SameSite=Lax"} <= set(browser.rules[name].split("; "))
        assert "Domain" not in browser.rules[name]


async def test_behind_tls_cookies_belong_to_the_host_and_browsers_stay_with_it(serve, settings: Settings):
    public = "https://rounds.example"
    browser = Browser(serve(replace(settings, public_url=public)), public)
    begun = await browser.get("/login")
    assert list(browser.cookies) == ["__Host-rounds-sign-in"]
    assert {"Secure", "Path=/", "HttpOnly", "SameSite=Lax"} <= set(browser.rules["__Host-rounds-sign-in"].split("; "))
    assert begun.headers["strict-transport-security"] == "max-age=31536000"
    assert "strict-transport-security" not in (await Browser(serve(settings)).get("/")).headers
    browser.cookies = {"rounds": "x" * 43}
    assert await browser.sees() == ""


async def test_one_goes_on_where_one_was(browser: Browser):
    for referer, found in (
        (f"{PUBLIC}/labels?repo=a/b", "/labels?repo=a/b"),
        (f"{PUBLIC}//evil.example", "/"),
        (f"{PUBLIC}.evil.example/labels", "/"),
        (f"{PUBLIC}@evil.example/labels", "/"),
        ("https://evil.example/labels", "/"),
        ("", "/"),
    ):
        begun = await browser.get("/login", referer=referer)
        answer = await browser.get(await at_github(begun.headers["location"], "tim"))
        assert answer.headers["location"] == found, referer


async def test_from_another_name_of_the_server_one_is_sent_to_the_one_whose_cookies_come_back(browser: Browser):
    answer = await browser.get("/login?next=/todos", host="localhost:8000")
    assert (answer.status, answer.headers["location"]) == (303, f"{PUBLIC}/login?next=/todos&sent=1")
    assert browser.cookies == {}


async def test_behind_a_proxy_that_names_another_host_nobody_is_sent_in_a_circle(browser: Browser):
    begun = await browser.get("/login?next=/todos&sent=1", host="127.0.0.1:9999")
    assert begun.headers["location"].startswith(browser.application.sessions._settings.github_web_url)
    assert (await browser.get(await at_github(begun.headers["location"], "tim"))).headers["location"] == "/todos"


# -- attacks -----------------------------------------------------------------------------------------------------------


async def test_a_state_counts_once(browser: Browser):
    begun = await browser.get("/login")
    kept = dict(browser.cookies)
    back = await at_github(begun.headers["location"], "tim")
    assert (await browser.get(back)).status == 303
    again = Browser(browser.application, cookies=kept)
    other = await at_github(begun.headers["location"], "mia")
    for address in (back, other):
        again.cookies = dict(kept)
        assert (await again.get(address)).status == 400
        assert "rounds" not in again.cookies


async def test_a_stolen_code_is_of_no_use_in_another_browser(browser: Browser):
    back = await at_github((await browser.get("/login")).headers["location"], "tim")
    for thief in (Browser(browser.application), Browser(browser.application)):
        assert (await thief.get(back)).status == 400
        await thief.get("/login")
        assert (await thief.get(back)).status == 400
        assert "rounds" not in thief.cookies


async def test_a_stolen_code_is_of_no_use_with_the_thiefs_own_state(browser: Browser):
    """PKCE: the code belongs to the verifier of the browser that began."""
    stolen = parse_qs(urlsplit(await at_github((await browser.get("/login")).headers["location"], "tim")).query)["code"]
    thief = Browser(browser.application)
    state = parse_qs(urlsplit((await thief.get("/login")).headers["location"]).query)["state"][0]
    assert (await thief.get(f"/login/callback?code={stolen[0]}&state={state}")).status == 400
    assert "rounds" not in thief.cookies


async def test_a_callback_that_nobody_began(application: Application):
    for query in (
        "",
        "?code=x",
        "?state=x",
        "?code=x&state=x",
        "?code=&state=",
        "?error=access_denied",
        "?state=%C3%A9",
    ):
        browser = Browser(application)
        assert (await browser.get(f"/login/callback{query}")).status == 400, query
        await browser.get("/login")
        assert (await browser.get(f"/login/callback{query}")).status == 400, query
        assert "rounds" not in browser.cookies, query


async def test_a_sign_in_that_took_too_long(browser: Browser, clock: Clock):
    back = await at_github((await browser.get("/login")).headers["location"], "tim")
    clock.now += 600_001
    assert (await browser.get(back)).status == 400


async def test_who_does_not_allow_it_is_told_so(browser: Browser):
    answer = await browser.sign_in("")
    assert (answer.status, b"You did not allow it" in answer.body) == (400, True)


async def test_a_session_that_was_fixed_before_is_not_taken_over(browser: Browser):
    """Whatever cookie the browser had: the session after signing in is a new one, and the old one is over."""
    await browser.sign_in("mia")
    planted = browser.cookies["rounds"]
    attacker = Browser(browser.application, cookies={"rounds": planted})
    assert await attacker.sees() == "mia"
    await browser.sign_in("tim")
    assert browser.cookies["rounds"] != planted
    assert (await browser.sees(), await attacker.sees()) == ("tim", "")
    browser.cookies["rounds"] = "A" * 43
    await browser.sign_in("tim")
    assert browser.cookies["rounds"] != "A" * 43


async def test_nobody_is_sent_elsewhere(browser: Browser):
    for wanted in (
        "//evil.example", "///evil.example", "/\\evil.example", "\\\\evil.example", "https://evil.example", "evil.example",
        "javascript:alert(1)", "/\t/evil.example", "/\n/evil.example", "http:/evil.example", " //evil.example", "",
        "/login", "/login?next=/", "/login/callback?code=1", "/logout", "/ü//evil.example x", "/" + "a" * 3000,
        "/%0d%0aa: b\r\nx: y",
    ):  # fmt: skip
        answer = await browser.sign_in("tim", wanted)
        assert (answer.status, answer.headers["location"]) == (303, "/"), wanted


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        ("/issues?label=kind/bug&q=a%20b", "/issues?label=kind/bug&q=a%20b"),
        ("/labels/C%23", "/labels/C%23"),
        ("/x#y", "/x"),
        ("/ü", "/%C3%BC"),
        ("/a//b@c", "/a//b@c"),
    ],
)
def test_paths_of_ours_stay(wanted: str, found: str):
    assert path_of_ours(wanted) == found


async def test_forms_of_others_do_nothing(browser: Browser, database: Database):
    other = Browser(browser.application)
    await other.sign_in("mia")
    await browser.sign_in("tim")
    own = {"csrf": await browser.csrf()}
    for fields, headers in (
        ({}, {}),
        ({"csrf": ""}, {}),
        ({"csrf": "0" * 64}, {}),
        ({"csrf": "é"}, {}),
        ({"csrf": await other.csrf()}, {}),
        (own, {"origin": ""}),
        (own, {"origin": "null"}),
        (own, {"origin": "https://evil.example"}),
        (own, {"origin": "http://127.0.0.1:8000.evil.example"}),
        (own, {"origin": "http://127.0.0.1:8001"}),
        (own, {"origin": "https://127.0.0.1:8000"}),
        (own, {"content_type": "text/plain"}),
        (own, {"content_type": "multipart/form-data; boundary=x"}),
        (own | {"more": "x" * 70_000}, {}),
    ):
        answer = await browser.post("/logout", fields, **headers)
        assert (answer.status, await browser.sees(), len(rows(database, session))) == (403, "tim", 2), (fields, headers)
    assert (await browser.post("/logout", own)).status == 303


async def test_a_program_of_ours_may_send_the_token_in_a_header(browser: Browser):
    await browser.sign_in("tim")
    assert (await browser.post("/logout", {}, x_csrf_token=await browser.csrf())).status == 303


async def test_signing_out_is_no_link(browser: Browser):
    await browser.sign_in("tim")
    page = await browser.get("/logout")
    assert (page.status, b'method="post" action="/logout"' in page.body) == (200, True)
    assert await browser.sees() == "tim"
    assert (await Browser(browser.application).get("/logout")).headers["location"] == "/"


@pytest.mark.parametrize(("where", "left"), [("here", ["tim", "tim", "mia"]), ("everywhere", ["mia"])])
async def test_one_signs_out_here_or_everywhere(where: str, left: list[str], browser: Browser, database: Database):
    for login in ("tim", "tim", "mia"):
        await Browser(browser.application).sign_in(login)
    await browser.sign_in("tim")
    answer = await browser.post("/logout", {"csrf": await browser.csrf(), "where": where})
    assert (answer.status, browser.cookies) == (303, {})
    assert sorted((row.login for row in rows(database, session)), reverse=True) == sorted(left, reverse=True)


async def test_a_cookie_that_was_changed_is_nobodys(browser: Browser):
    await browser.sign_in("tim")
    cookie = browser.cookies["rounds"]
    for changed in (
        cookie[:-1],
        cookie + "A",
        cookie[:-1] + ("A" if cookie[-1] != "A" else "B"),
        cookie.swapcase(),
        f"{cookie}; rounds=" + "A" * 43,
        "A" * 43 + f"; rounds={cookie}",
        "' OR 1=1 --",
        "é" * 43,
    ):
        browser.cookies["rounds"] = changed
        assert (await browser.sees(), (await browser.get("/")).status) == ("", 200), changed
    browser.cookies["rounds"] = cookie
    assert await browser.sees() == "tim"


async def test_a_sign_in_cookie_that_was_changed_is_refused(browser: Browser):
    back = await at_github((await browser.get("/login")).headers["location"], "tim")
    sealed = browser.cookies["rounds-sign-in"]
    for changed in (sealed[:-4] + "AAAA", sealed[4:], "", "é", "A" * 20, "A" * 2000):
        browser.cookies["rounds-sign-in"] = changed
        assert (await browser.get(back)).status == 400


async def test_failures_have_an_end_and_others_get_in_meanwhile(browser: Browser):
    """The proxy beside us names who failed; what they claim themselves stands before that."""
    for number in range(21):
        claimed = f"203.0.113.{number}, 198.51.100.9"
        answer = await browser.get("/login/callback?code=x&state=y", x_forwarded_for=claimed)
    assert (answer.status, answer.headers["retry-after"]) == (429, "60")
    assert (await browser.sign_in("tim")).status == 303


async def test_nothing_secret_is_logged(
    browser: Browser,
    sandbox: Sandbox,
    clock: Clock,
    caplog: pytest.LogCaptureFixture,
    capsys: pytest.CaptureFixture[str],
):
    caplog.set_level(logging.DEBUG)
    back = await at_github((await browser.get("/login")).headers["location"], "tim")
    await browser.get(back)
    cookies = list(browser.cookies.values())
    await Browser(browser.application).get(back)
    await browser.post("/logout", {"csrf": "wrong"})
    ours = [record.getMessage() for record in caplog.records if not record.name.startswith(("httpx", "httpcore"))]
    told = "".join([*ours, *capsys.readouterr()])  # without what the test's own client says
    assert "not signed in" in told
    secrets = [
        *sandbox.world.user_tokens,
        *cookies,
        sandbox.world.app.client_secret,
        *parse_qs(urlsplit(back).query)["state"],
    ]
    assert not any(secret in told for secret in secrets)


async def test_a_page_of_who_is_signed_in_is_kept_by_nobody(browser: Browser):
    nobody = (await browser.get("/commands")).headers
    await browser.sign_in("tim")
    somebody = (await browser.get("/commands")).headers
    assert (nobody["cache-control"], nobody["vary"]) == ("no-cache", "Cookie")
    assert (somebody["cache-control"], somebody["vary"]) == ("no-store", "Cookie")


async def test_pages_that_are_kept_made_show_ones_own_name(browser: Browser):
    other = Browser(browser.application)
    await browser.sign_in("tim")
    await other.sign_in("mia")
    pages = [(await one.get("/commands")).body for one in (browser, other, Browser(browser.application))]
    assert [(b">tim<" in page, b">mia<" in page) for page in pages] == [(True, False), (False, True), (False, False)]


async def test_without_client_id_nobody_signs_in(serve, settings: Settings):
    browser = Browser(serve(replace(settings, github_client_id="")))
    for path in ("/login", "/login/callback?code=x&state=y"):
        answer = await browser.get(path)
        assert (answer.status, b"ROUNDS_GITHUB_CLIENT_ID" in answer.body) == (404, True)
