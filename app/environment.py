"""Reads `ROUNDS_…` variables from the environment, `.env` and `*_FILE` files, and collects what is wrong with them."""

from __future__ import annotations

import difflib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

PREFIX = "ROUNDS_"
_LOOPBACK = {"localhost", "127.0.0.1", "::1"}
_PASSWORD = re.compile(r"(://[^\s:/@?]*:)\S*@|(\bpassword=)[^\s&]*")
_LARGEST_SECRET = 64 * 1024  # bytes; a key has three thousand


@dataclass(frozen=True, slots=True)
class Variable:
    """A documented variable. `default`: as shown to people. `secret`: has a `_FILE` variant."""

    name: str
    meaning: str
    default: str = ""
    secret: bool = False

    @property
    def names(self) -> tuple[str, ...]:
        """Every spelling that is read."""
        return (self.name, f"{self.name}_FILE") if self.secret else (self.name,)


def find_dotenv(path: Path | None = None) -> dict[str, str]:
    """The values of `.env` in the working directory (or of `path`), taken as written: `$` has no meaning."""
    path = path or Path(".env")
    if not path.is_file():
        return {}
    from dotenv import dotenv_values

    return {name: value for name, value in dotenv_values(path, interpolate=False).items() if value is not None}


def is_on(text: str) -> bool:
    """Whether a switch such as `ROUNDS_DEBUG` is on."""
    return text.strip().lower() not in {"", "0", "no", "off", "false"}


def without_password(text: str) -> str:
    """`text` with `***` in the place of the passwords of the addresses in it."""
    return _PASSWORD.sub(lambda found: f"{found[1]}***@" if found[1] else f"{found[2]}***", text)


class Reading:
    """One reading of the environment. Empty is the same as unset; the environment outweighs `.env`."""

    def __init__(self, environ: Mapping[str, str], dotenv: Mapping[str, str], variables: tuple[Variable, ...]) -> None:
        self.problems: list[str] = []
        self.warnings: list[str] = []
        self._secrets = {variable.name for variable in variables if variable.secret}
        self._values = self._merged(environ, dotenv)
        self._warn_of_unknown([name for variable in variables for name in variable.names])

    def wrong(self, sentence: str) -> None:
        """Notes a problem that forbids starting."""
        self.problems.append(sentence)

    def warn(self, sentence: str) -> None:
        """Notes what is likely a slip."""
        self.warnings.append(sentence)

    def text(self, name: str) -> str:
        """The value, from its `_FILE` if that is set; "" when unset."""
        value, file = self._values.get(name, ""), self._values.get(f"{name}_FILE", "")
        if name not in self._secrets or not file:
            return value
        if value:
            self.wrong(f"{name} and {name}_FILE are both set: keep one of them.")
            return value
        return self._content(f"{name}_FILE", file)

    def url(self, name: str, default: str) -> str:
        """An http(s) address without query, user or slash at the end."""
        url = self.text(name) or default
        try:
            parts = urlsplit(url)
            good = parts.scheme in {"http", "https"} and parts.hostname and parts.port != 0
        except ValueError:
            parts, good = urlsplit(""), False
        if not good or parts.username or parts.query or parts.fragment or any(c.isspace() for c in url):
            self.wrong(f"{name} is not an address of the form {default} (no user, query or fragment).")
        elif parts.scheme == "http" and parts.hostname not in _LOOPBACK:
            self.warn(f"{name} is plain http: what is sent there can be read on the way. Use https.")
        return url.rstrip("/")

    def number(self, name: str, default: int, *, most: int) -> int:
        """A whole number from 0 to `most`."""
        value = self.text(name)
        if value.isdecimal() and value.isascii() and int(value) <= most:
            return int(value)
        if value:
            self.wrong(f"{name} is {value[:20]!r}: expected a whole number from 0 to {most}.")
        return default

    def folder(self, name: str) -> Path | None:
        """An existing folder, None when unset."""
        value = self.text(name)
        if not value:
            return None
        if not Path(value).is_dir():
            self.wrong(f"{name} is {value!r}, which is not a folder: create it or correct the path.")
        return Path(value)

    def _merged(self, environ: Mapping[str, str], dotenv: Mapping[str, str]) -> dict[str, str]:
        """Environment over `.env`; a variable and its `_FILE` are one setting, so the weaker source loses both."""
        values = {name: value.strip() for name, value in environ.items() if name.startswith(PREFIX) and value.strip()}
        settled = {name.removesuffix("_FILE") for name in values}
        for name, value in dotenv.items():
            if name.startswith(PREFIX) and value.strip() and name.removesuffix("_FILE") not in settled:
                values[name] = value.strip()
        return values

    def _warn_of_unknown(self, known: list[str]) -> None:
        for name in sorted(set(self._values) - set(known)):
            near = difflib.get_close_matches(name, known, n=1, cutoff=0.8)
            self.warn(f"{name} is not a setting of Rounds" + (f": did you mean {near[0]}?" if near else "."))

    def _content(self, name: str, file: str) -> str:
        try:
            with Path(file).open(encoding="utf-8") as opened:
                content = opened.read(_LARGEST_SECRET + 1).strip()
        except (OSError, UnicodeDecodeError) as error:
            reason = error.strerror if isinstance(error, OSError) else "it is not text"
            self.wrong(f"{name} names {file!r}, which can't be read: {reason}.")
            return ""
        if not content or len(content) > _LARGEST_SECRET:
            self.wrong(f"{name} names {file!r}, which is {'too large' if content else 'empty'}.")
        return content
