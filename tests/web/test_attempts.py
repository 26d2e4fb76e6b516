from __future__ import annotations

import pytest

from app.web.attempts import MINUTE, MOST, MOST_OF_ALL, Attempts
from app.web.peers import address, is_near, network


class Timer:
    now = 0.0

    def __call__(self) -> float:
        return self.now


def test_failures_of_an_address_have_an_end_until_the_minute_is_over():
    timer = Timer()
    attempts = Attempts(timer)
    for _ in range(MOST):
        assert attempts.may_try("a")
        timer.now += 1
    assert (attempts.may_try("a"), attempts.may_try("b")) == (False, True)
    timer.now = MINUTE
    assert attempts.may_try("a")


def test_what_succeeds_does_not_count():
    attempts = Attempts(Timer())
    for _ in range(3 * MOST):
        assert attempts.may_try("a")
        assert attempts.may_ask()
        attempts.succeeded("a")


def test_many_at_once_count_before_any_has_failed():
    attempts = Attempts(Timer())
    assert [attempts.may_try("a") for _ in range(MOST + 5)].count(True) == MOST


def test_seldom_failures_never_add_up():
    timer = Timer()
    attempts = Attempts(timer)
    for _ in range(5 * MOST):
        assert attempts.may_try("a")
        timer.now += MINUTE / 10


def test_who_does_not_get_as_far_as_github_keeps_nobody_else_out():
    attempts = Attempts(Timer())
    for number in range(2 * MOST_OF_ALL):
        attempts.may_try(f"203.0.113.{number}")
    assert attempts.may_ask()
    assert [attempts.may_ask() for _ in range(MOST_OF_ALL)][-1] is False


@pytest.mark.parametrize(
    ("peer", "named", "found"),
    [
        ("198.51.100.7", "", "198.51.100.7"),
        ("127.0.0.1", "203.0.113.9", "203.0.113.9"),
        ("127.0.0.1", "1.1.1.1, 203.0.113.9", "203.0.113.9"),
        ("10.0.0.3", " ", "10.0.0.3"),
        ("8.8.8.8", "203.0.113.9", "8.8.8.8"),
        ("", "203.0.113.9", "203.0.113.9"),
    ],
)
def test_only_a_proxy_beside_us_is_believed(peer: str, named: str, found: str):
    headers = [(b"x-forwarded-for", named.encode())] if named else []
    assert address(peer, headers) == found


def test_the_last_of_several_headers_is_the_proxys_own():
    assert address("127.0.0.1", [(b"x-forwarded-for", b"1.1.1.1"), (b"x-forwarded-for", b"2.2.2.2")]) == "2.2.2.2"


@pytest.mark.parametrize(
    ("peer", "found"),
    [
        ("203.0.113.9", "203.0.113.9"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("::ffff:203.0.113.9", "203.0.113.9"),
        ("unknown", "unknown"),
    ],
)
def test_one_machine_has_many_addresses(peer: str, found: str):
    assert network(peer) == found


@pytest.mark.parametrize(("peer", "near"), [("::1", True), ("10.1.1.1", True), ("", True), ("8.8.8.8", False)])
def test_near(peer: str, near: bool):
    assert is_near(peer) is near
