"""`rounds doctor`: what is wrong, and what to do about each."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from app import registration
from app.cli import clock


async def test_all_is_well(rounds, town):
    town.world.open_issue("acme/widgets", "It broke", by="rita")
    await town.settled()
    town.world.app.client_secret = "a1" * 20
    rounds.set(GITHUB_CLIENT_ID=town.world.app.client_id, GITHUB_CLIENT_SECRET="a1" * 20)
    said = await rounds.later("doctor")
    assert [line[0] for line in said.out.splitlines()] == ["✓"] * 11
    assert said.status == 0
    for words in ("Settings", "Server configuration", "Database", "Clock", "App: GitHub knows it as rounds", "Permissions",
                  "Events", "Installations: 1: acme", "Webhook: all", "Sign-in: GitHub takes client ID and secret"):  # fmt: skip
        assert words in said.out


def test_nothing_is_set_up(rounds, monkeypatch):
    monkeypatch.setattr(clock, "ahead_of", lambda _url: None)
    said = rounds("doctor")
    assert said.status == 1
    assert "✗ Settings\n" in said.out
    assert "set ROUNDS_GITHUB_APP_ID" in said.out
    assert "! Database: data/rounds.db does not exist yet\n  `rounds serve` makes it." in said.out
    assert "✗ https://api.github.com does not answer" in said.out


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({}, "! Sign-in: not set up"),
        (
            {"GITHUB_CLIENT_ID": "Iv23liABCDEF12345678", "GITHUB_CLIENT_SECRET": "a1" * 20},
            "! Sign-in: client ID and secret look right",
        ),
        ({"GITHUB_CLIENT_ID": "Ov23liABCDEF12345678", "GITHUB_CLIENT_SECRET": "a1" * 20}, "which begins with Iv"),
        ({"GITHUB_CLIENT_ID": "123456", "GITHUB_CLIENT_SECRET": "a1" * 20}, "which begins with Iv"),
        (
            {"GITHUB_CLIENT_ID": "Iv23liABCDEF12345678", "GITHUB_CLIENT_SECRET": "ghp_x"},
            "which has 40 hexadecimal digits",
        ),
        (
            {
                "GITHUB_APP_ID": "Iv1.0123456789abcdef",
                "GITHUB_CLIENT_ID": "Iv23liABCDEF12345678",
                "GITHUB_CLIENT_SECRET": "a1" * 20,
            },
            "name different Apps",
        ),
        (
            {
                "GITHUB_CLIENT_ID": "Iv1.0123456789abcdef",
                "GITHUB_CLIENT_SECRET": "a1" * 20,
                "PUBLIC_URL": "http://rounds.example",
            },
            "✗ Sign-in: ROUNDS_PUBLIC_URL is not https",
        ),
        (
            {
                "GITHUB_CLIENT_ID": "Iv1.0123456789abcdef",
                "GITHUB_CLIENT_SECRET": "a1" * 20,
                "SESSION_SECRET": "x" * 31,
            },
            "✗ Sign-in: the session secret is short",
        ),
    ],
)
def test_signing_in(given, told, rounds, monkeypatch):
    monkeypatch.setattr(clock, "ahead_of", lambda _url: None)
    rounds.set(GITHUB_WEB_URL="http://127.0.0.1:9", **given)  # nobody answers there
    said = rounds("doctor")
    assert told in said.out
    assert "/login/callback" in said.out or "✗ Sign-in" in said.out


async def test_a_client_secret_that_github_does_not_take(rounds, town):
    rounds.set(GITHUB_CLIENT_ID=town.world.app.client_id, GITHUB_CLIENT_SECRET="b2" * 20)
    said = await rounds.later("doctor")
    assert said.status == 1
    assert "✗ Sign-in: GitHub does not take client ID and secret (incorrect_client_credentials)" in said.out


def test_settings_that_can_not_be_read(rounds):
    rounds.set(GITHUB_API_URL="nowhere", WEBHOOK_SECRETS="x")
    said = rounds("doctor")
    assert said.status == 1
    assert "ROUNDS_GITHUB_API_URL is not an address" in said.out


async def test_permissions_and_events_that_lack(rounds, town):
    town.world.app.permissions = {"issues": "read", "metadata": "read", "contents": "read"}
    town.world.app.events = ("issues", "label")
    said = await rounds.later("doctor")
    assert said.status == 1
    assert "set issues: write, pull requests: write; then every owner must accept it." in said.out
    assert "tick issue_comment, pull_request, milestone, repository, push." in said.out


async def test_what_only_one_feature_needs_is_told_and_forbids_nothing(rounds, town):
    town.world.app.permissions = {"issues": "write", "metadata": "read", "contents": "read", "pull_requests": "write"}
    said = await rounds.later("doctor")
    assert "✓ Permissions: all that are needed\n  checks: write is not granted: only for the check of" in said.out
    assert "contents: write is not granted: only for the archive of meetings" in said.out
    assert "members: read is not granted: only for `team:org/slug`" in said.out


async def test_a_key_of_another_app(rounds, town):
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    pem = key.private_bytes(Encoding.PEM, PrivateFormat.TraditionalOpenSSL, NoEncryption())
    rounds.set(GITHUB_PRIVATE_KEY=pem.decode())
    said = await rounds.later("doctor")
    assert said.status == 1
    assert "✗ App: " in said.out
    assert "belong to the same App" in said.out


@pytest.mark.parametrize(
    ("url", "public", "state", "words"),
    [
        ("https://rounds.example/webhooks/github", "", "✓", "GitHub sends to https://rounds.example/webhooks/github"),
        ("https://a.example/webhooks/github", "https://a.example", "✓", "GitHub sends to https://a.example/webhooks"),
        ("https://b.example/webhooks/github", "https://a.example", "!", "ROUNDS_PUBLIC_URL says https://a.example"),
        ("http://a.example/webhooks/github", "https://a.example", "!", "set the URL to https://a.example/webhooks"),
        ("https://a.example/webhooks/github/", "https://a.example", "✗", "where Rounds does not listen"),
        ("https://a.example/", "", "✗", "set the URL to https://<your address>/webhooks/github."),
        ("", "", "✗", "none is set up"),
    ],
)
async def test_where_the_webhook_leads(rounds, town, url, public, state, words):
    town.world.app.webhook_url = url
    if public:
        rounds.set(PUBLIC_URL=public)
    said = await rounds.later("doctor")
    lines = said.out.splitlines()
    (at,) = [at for at, line in enumerate(lines) if re.match(". Webhook: (GitHub sends to|none)", line)]
    assert lines[at][0] == state
    assert words in f"{lines[at]} {lines[at + 1]}"
    assert said.status == (state == "✗")


async def test_how_the_webhook_is_set(rounds, town):
    town.world.app.content_type, town.world.app.insecure_ssl = "form", True
    said = await rounds.later("doctor")
    assert said.status == 1
    assert "! Webhook: deliveries come as forms" in said.out
    assert "✗ Webhook: GitHub does not check the certificate" in said.out
    assert "enable SSL verification" in said.out


async def test_a_suspended_and_a_missing_installation(rounds, town):
    (installation,) = town.world.installations.values()
    town.world.suspend(installation)
    assert "acme (suspended)" in (await rounds.later("doctor")).out
    town.world.uninstall(installation)
    assert "! Installations: rounds is installed nowhere" in (await rounds.later("doctor")).out


async def test_deliveries_that_did_not_arrive(rounds, town):
    good, town.world.app.webhook_url = town.world.app.webhook_url, "http://127.0.0.1:9/webhooks/github"
    town.world.open_issue("acme/widgets", "Lost", by="rita")
    await town.sandbox.idle()
    said = await rounds.later("doctor")
    assert said.status == 1
    assert "✗ Webhook: 1 deliveries of the last three days did not arrive" in said.out
    assert "reach http://localhost:8000/webhooks/github" in said.out
    town.world.app.webhook_url = good
    town.world.open_issue("acme/widgets", "Arrives", by="rita")
    await town.settled()
    said = await rounds.later("doctor")
    assert said.status == 0
    assert "! Webhook: 1 deliveries" in said.out


async def test_nothing_was_ever_sent(rounds, town):
    town.sandbox.deliverer.log.clear()
    assert "! Webhook: GitHub has sent nothing for three days" in (await rounds.later("doctor")).out


async def test_a_clock_that_is_wrong(rounds, town, monkeypatch):
    monkeypatch.setattr(clock, "ahead_of", lambda _url: -95.0)
    said = await rounds.later("doctor")
    assert said.status == 1
    assert "✗ Clock: 95 s behind GitHub's" in said.out


@pytest.mark.parametrize("status", [200, 404])
@pytest.mark.parametrize("seconds", [-120, 0, 120])
def test_the_clock_is_read_from_any_answer(httpd, status, seconds):
    date = format_datetime(datetime.now(UTC) - timedelta(seconds=seconds), usegmt=True)
    found = clock.ahead_of(httpd(status, {"Date": date}))
    assert abs(found - seconds) < 10


def test_no_answer_and_no_date_are_no_clock(httpd):
    assert clock.ahead_of("http://127.0.0.1:9") is None
    assert clock.ahead_of(httpd(200, {})) is None


def test_what_is_lacking():
    enough = {name: level for name, (level, _) in registration.PERMISSIONS.items()}
    assert registration.lacking(enough) == {}
    assert registration.lacking(enough | {"contents": "admin"}) == {}
    assert registration.lacking(enough | {"issues": "read"}) == {"issues": "write"}
    assert registration.lacking({}) == enough
