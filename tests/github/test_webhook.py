from __future__ import annotations

import hashlib
import hmac

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.github.webhook import Delivery, Refusal, authenticate

SECRET = "It's a Secret to Everybody"
BODY = b"Hello, World!"
VECTOR = "sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17"
NAMES = {"x-github-delivery": "72d3162e-cc78-11e3-81ab-4c9367dc0958", "x-github-event": "issues"}
SIGNED = NAMES | {"x-hub-signature-256": VECTOR}


def signed(body: bytes, secret: str) -> dict[str, str]:
    return NAMES | {"x-hub-signature-256": "sha256=" + hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()}


def test_githubs_own_example() -> None:
    assert authenticate(BODY, SIGNED, [SECRET]) == Delivery("72d3162e-cc78-11e3-81ab-4c9367dc0958", "issues")


@pytest.mark.parametrize("secrets", [["new one", SECRET], [SECRET, "old one"], ["", SECRET]])
def test_any_current_secret_counts(secrets: list[str]) -> None:
    assert isinstance(authenticate(BODY, SIGNED, secrets), Delivery)


@pytest.mark.parametrize(
    ("headers", "refusal"),
    [
        (NAMES, Refusal(401, "no signature")),
        (
            NAMES | {"x-hub-signature": "sha1=" + hmac.new(SECRET.encode(), BODY, "sha1").hexdigest()},
            Refusal(401, "only a SHA-1 signature"),
        ),
        (signed(BODY, "another secret"), Refusal(401, "wrong signature")),
        (signed(b"another body", SECRET), Refusal(401, "wrong signature")),
        (SIGNED | {"x-hub-signature-256": ""}, Refusal(401, "wrong signature")),
        (SIGNED | {"x-hub-signature-256": VECTOR.upper()}, Refusal(401, "wrong signature")),
        (SIGNED | {"x-hub-signature-256": VECTOR + "00"}, Refusal(401, "wrong signature")),
        (SIGNED | {"x-hub-signature-256": VECTOR.removeprefix("sha256=")}, Refusal(401, "wrong signature")),
        (SIGNED | {"x-hub-signature-256": "sha256=ünicode"}, Refusal(401, "wrong signature")),
        (SIGNED | {"x-github-delivery": ""}, Refusal(400, "no X-GitHub-Delivery")),
        (SIGNED | {"x-github-delivery": "a" * 65}, Refusal(400, "no X-GitHub-Delivery")),
        (SIGNED | {"x-github-event": "Issues\n"}, Refusal(400, "no X-GitHub-Event")),
    ],
)
def test_refusals(headers: dict[str, str], refusal: Refusal) -> None:
    assert authenticate(BODY, headers, [SECRET]) == refusal


def test_an_unsigned_request_learns_nothing_about_its_names() -> None:
    assert authenticate(BODY, {}, [SECRET]) == Refusal(401, "no signature")


@pytest.mark.parametrize("secrets", [[], [""]])
def test_without_a_secret_nothing_is_believed(secrets: list[str]) -> None:
    with pytest.raises(ValueError, match="no webhook secret"):
        authenticate(BODY, signed(BODY, ""), secrets)


@given(st.binary(max_size=200), st.text(min_size=1, max_size=40), st.integers(0, 255))
def test_one_changed_byte_is_noticed(body: bytes, secret: str, byte: int) -> None:
    headers = signed(body, secret)
    assert isinstance(authenticate(body, headers, [secret]), Delivery)
    assert authenticate(body + bytes([byte]), headers, [secret]) == Refusal(401, "wrong signature")
