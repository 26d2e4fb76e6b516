from __future__ import annotations

import asyncio
from datetime import UTC, datetime

import jwt
import pytest
from cryptography.hazmat.primitives import serialization

from app.errors import Mistake
from app.github.answers import Token
from app.github.auth import AppKey, Tokens
from app.github.errors import Suspended
from tests.github.fake import KEY, PEM, Clock

PUBLIC = KEY.public_key()


def claims(token: str) -> dict[str, int | str]:
    return jwt.decode(token, PUBLIC, algorithms=["RS256"], options={"verify_exp": False, "verify_iat": False})


def test_the_jwt_is_as_github_wants_it(clock: Clock) -> None:
    token = AppKey("Iv23client", PEM, clock).jwt()
    assert jwt.get_unverified_header(token)["alg"] == "RS256"
    now = int(clock.now)
    assert claims(token) == {"iat": now - 60, "exp": now + 480, "iss": "Iv23client"}


def test_the_jwt_is_kept_until_it_is_nearly_over(clock: Clock) -> None:
    key = AppKey("12345", PEM, clock)
    first = key.jwt()
    clock.now += 419
    assert key.jwt() == first
    clock.now += 2
    second = key.jwt()
    assert second != first
    assert claims(second)["exp"] == int(clock.now) + 480


@pytest.mark.parametrize(
    "pem",
    [
        "",
        "no key",
        PEM[:400],
        PUBLIC.public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo).decode(),
    ],
)
def test_a_key_that_cannot_sign_is_told_at_the_start(clock: Clock, pem: str) -> None:
    with pytest.raises(Mistake, match="ROUNDS_GITHUB_PRIVATE_KEY must hold the whole PEM file"):
        AppKey("1", pem, clock)


class Mint:
    """Makes tokens when `open` is set; counts."""

    def __init__(self, clock: Clock) -> None:
        self.clock, self.made = clock, 0
        self.open = asyncio.Event()
        self.open.set()
        self.fault: Exception | None = None

    async def __call__(self, installation: int) -> Token:
        await self.open.wait()
        self.made += 1
        if self.fault:
            raise self.fault
        return Token(
            token=f"ghs_{installation}_{self.made}", expires_at=datetime.fromtimestamp(self.clock.now + 3600, UTC)
        )


async def test_tokens_are_kept_until_five_minutes_before_their_end(clock: Clock) -> None:
    tokens = Tokens(Mint(clock), clock)
    assert await tokens.of(1) == "ghs_1_1"
    clock.now += 3299
    assert await tokens.of(1) == "ghs_1_1"
    clock.now += 1
    assert await tokens.of(1) == "ghs_1_2"


async def test_many_at_once_ask_once_for_each_installation(clock: Clock) -> None:
    mint = Mint(clock)
    mint.open.clear()
    tokens = Tokens(mint, clock)
    waiting = [asyncio.ensure_future(tokens.of(n % 2)) for n in range(20)]
    await asyncio.sleep(0)
    mint.open.set()
    assert len(set(await asyncio.gather(*waiting))) == 2
    assert mint.made == 2


async def test_one_who_gives_up_does_not_take_the_token_from_the_others(clock: Clock) -> None:
    mint = Mint(clock)
    mint.open.clear()
    tokens = Tokens(mint, clock)
    first, second = asyncio.ensure_future(tokens.of(1)), asyncio.ensure_future(tokens.of(1))
    await asyncio.sleep(0)
    first.cancel()
    await asyncio.sleep(0)
    mint.open.set()
    assert await second == "ghs_1_1"


async def test_a_refusal_reaches_all_and_is_not_kept(clock: Clock) -> None:
    mint = Mint(clock)
    mint.fault = Suspended(1)
    tokens = Tokens(mint, clock)
    found = await asyncio.gather(tokens.of(1), tokens.of(1), return_exceptions=True)
    assert [type(fault) for fault in found] == [Suspended, Suspended]
    assert mint.made == 1
    mint.fault = None
    assert await tokens.of(1) == "ghs_1_2"


async def test_only_the_token_that_failed_is_dropped(clock: Clock) -> None:
    tokens = Tokens(Mint(clock), clock)
    old = await tokens.of(1)
    tokens.drop(1, old)
    new = await tokens.of(1)
    tokens.drop(1, old)
    assert await tokens.of(1) == new != old
