"""What GitHub answers when it will not do something: raised by the verbs of the world, turned into an answer by `rest`."""

from __future__ import annotations

from typing import Any


class Refused(Exception):
    """A refusal in GitHub's words. `errors`: the array of a 422; `location`: where a 301 or 307 points to; `headers`: others."""

    def __init__(
        self, status: int, message: str, errors: tuple[dict[str, Any], ...] = (), location: str = "",
        headers: dict[str, str] | None = None,
    ) -> None:  # fmt: skip
        super().__init__(message)
        self.status = status
        self.message = message
        self.errors = errors
        self.location = location
        self.headers = headers or {}


def not_found() -> Refused:
    """Also for what exists but may not be seen: GitHub does not tell the difference."""
    return Refused(404, "Not Found")


def invalid(resource: str, field: str, code: str, message: str = "") -> Refused:
    """422 with one entry in `errors`. `code`: missing_field, invalid, already_exists, unprocessable, custom."""
    entry = {"resource": resource, "code": code, "field": field}
    return Refused(422, "Validation Failed", (entry | ({"message": message} if message else {}),))
