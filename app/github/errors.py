"""What GitHub's answers mean: each kind of refusal is one exception, `read` is the map from answers to them.

Fault
 ├── Unavailable              the same call may succeed later
 │    ├── RateLimited         403 or 429 at a limit: nothing was done; `retry_after` is always set
 │    ├── ServerTrouble       5xx, or an answer that can't be read
 │    ├── Unreachable         no answer: network, time-out, connection cut
 │    └── Suspended           the owner suspended the installation; ends with `installation.unsuspend`
 └── Permanent                the same call will be refused again
      ├── Uninstalled         the installation is gone
      ├── ForeignAddress      somebody tried to send the token to another host; nothing was sent
      └── Refused             GitHub said no: `status`, `message`
           ├── Unauthorized   401: key, App ID, or the clock of this machine
           ├── Forbidden      403: permission lacking, archived, locked
           ├── NotFound       404: does not exist, or can't be seen
           ├── Gone           410: deleted, or issues are disabled
           ├── Moved          the issue lives in another repository now: `location`
           └── Invalid        422 and 400: `messages` in GitHub's words

`maybe_done` of ServerTrouble and Unreachable: the write may have taken effect; look before repeating it.
Sources: docs.github.com, rest/using-the-rest-api/{troubleshooting-the-rest-api, rate-limits-for-the-rest-api}.
"""

from __future__ import annotations

from collections.abc import Mapping
from email.utils import parsedate_to_datetime
from typing import Any

import msgspec

from app.errors import Permanent, Unavailable

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
_CLIP = 300  # characters of GitHub's words that are kept: they end up in logs and dead letters
_UNTOLD_WAIT = 60.0
_LONGEST_WAIT = 2 * 3600.0


class RateLimited(Unavailable):
    """A limit was reached. `retry_after`: seconds; `told`: whether GitHub named them (else at least 60)."""

    retry_after: float

    def __init__(self, reason: str, retry_after: float, *, told: bool = True) -> None:
        super().__init__(reason, retry_after)
        self.told = told


class ServerTrouble(Unavailable):
    """GitHub failed: 502 and 504 often come after the effect. `status`: 200 when the answer could not be read."""

    def __init__(self, reason: str, *, status: int, maybe_done: bool, retry_after: float | None = None) -> None:
        super().__init__(reason, retry_after)
        self.status = status
        self.maybe_done = maybe_done


class Unreachable(Unavailable):
    """No whole answer came."""

    def __init__(self, reason: str, *, maybe_done: bool) -> None:
        super().__init__(reason)
        self.maybe_done = maybe_done


class Suspended(Unavailable):
    """The installation is suspended: its work waits for `installation.unsuspend`."""

    def __init__(self, installation: int) -> None:
        super().__init__(f"the installation {installation} is suspended")
        self.installation = installation


class Uninstalled(Permanent):
    """The installation does not exist (any more)."""

    def __init__(self, installation: int) -> None:
        super().__init__(f"the App is not installed any more (installation {installation})")
        self.installation = installation


class ForeignAddress(Permanent):
    """An address outside the one GitHub API that is configured."""


class Refused(Permanent):
    """GitHub answered no. `message`: its words, clipped."""

    def __init__(self, call: str, status: int, message: str) -> None:
        super().__init__(f"GitHub refused {call}: {status} {message}".rstrip())
        self.status = status
        self.message = message


class Unauthorized(Refused):
    """401: the App's key or ID is wrong, the token was revoked, or this machine's clock is."""


class Forbidden(Refused):
    """403 that is not a rate limit."""


class NotFound(Refused):
    """404: GitHub also says so of what the App may not see."""


class Gone(Refused):
    """410: the issue was deleted, or issues are disabled in the repository."""


class Conflict(Refused):
    """409: it is not as the request says that it was."""


class Moved(Refused):
    """The issue was transferred. `location`: its API address; never followed, for nobody's role was checked there."""

    def __init__(self, call: str, status: int, location: str) -> None:
        super().__init__(call, status, "the issue was moved to another repository")
        self.location = location


class Invalid(Refused):
    """422 or 400. `messages`: what is wrong, one entry a field or rule."""

    def __init__(self, call: str, status: int, message: str, messages: tuple[str, ...] = ()) -> None:
        super().__init__(call, status, "; ".join([message, *messages]))
        self.messages = messages


_KINDS: dict[int, type[Refused]] = {401: Unauthorized, 403: Forbidden, 404: NotFound, 409: Conflict, 410: Gone}


class _Problem(msgspec.Struct):
    """GitHub's error body."""

    message: str = ""
    errors: Any = None


def read(
    call: str, status: int, headers: Mapping[str, str], body: bytes, *, write: bool, now: float
) -> Unavailable | Permanent:
    """The exception for an answer from 300 on. `call`: "METHOD /route"; `headers`: lower-case names; `now`: epoch seconds."""
    problem = _problem(body)
    if status >= 500:
        reason = f"GitHub had trouble with {call}: {status} {problem.message}".rstrip()
        wait = _retry_after(headers.get("retry-after", ""), now)
        return ServerTrouble(reason, status=status, maybe_done=write, retry_after=wait)
    if status in {403, 429}:
        limited = _rate_limited(call, status, headers, problem.message, now)
        if limited is not None:
            return limited
    if status in {400, 422}:
        return Invalid(call, status, problem.message, _messages(problem.errors))
    return _KINDS.get(status, Refused)(call, status, problem.message)


def _problem(body: bytes) -> _Problem:
    """Whatever the body says; a proxy's HTML page says nothing."""
    try:
        problem = msgspec.json.decode(body, type=_Problem)
    except (msgspec.DecodeError, RecursionError):
        return _Problem()
    problem.message = problem.message[:_CLIP]
    return problem


def _messages(errors: object) -> tuple[str, ...]:
    listed = errors if isinstance(errors, list) else [errors] if errors else []
    return tuple(_message(entry)[:_CLIP] for entry in listed[:10])


def _message(entry: object) -> str:
    """An entry of `errors` is text, or {resource, field, code} with a `message` when the code is "custom"."""
    if not isinstance(entry, dict):
        return str(entry)
    if entry.get("message"):
        return str(entry["message"])
    return " ".join(str(entry[key]) for key in ("resource", "field", "code") if entry.get(key))


def _rate_limited(call: str, status: int, headers: Mapping[str, str], message: str, now: float) -> RateLimited | None:
    """GitHub's order: retry-after; remaining 0 → x-ratelimit-reset; else at least a minute. None: another 403."""
    reason = f"GitHub's rate limit at {call}: {status} {message}".rstrip()
    wait = _told(headers, now)
    if wait is not None:
        return RateLimited(reason, wait)
    if status == 429 or "rate limit" in message.lower() or "abuse" in message.lower():
        return RateLimited(reason, _UNTOLD_WAIT, told=False)
    return None


def _told(headers: Mapping[str, str], now: float) -> float | None:
    """Seconds to wait, as the headers say it; None when they don't."""
    wait = _retry_after(headers.get("retry-after", ""), now)
    if wait is None and headers.get("x-ratelimit-remaining") == "0":
        reset = headers.get("x-ratelimit-reset", "")
        wait = float(reset) - now + 1 if reset.isdecimal() else _UNTOLD_WAIT
    return None if wait is None else min(max(wait, 1.0), _LONGEST_WAIT)


def _retry_after(value: str, now: float) -> float | None:
    """Seconds, or a date as HTTP allows."""
    if value.isdecimal():
        return float(value)
    try:
        return parsedate_to_datetime(value).timestamp() - now if value else None
    except ValueError:
        return _UNTOLD_WAIT
