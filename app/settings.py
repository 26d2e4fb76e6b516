"""What the operator decides: the environment (or `.env`) read once into frozen `Settings`.

Every mistake is collected and told at once. Secrets print as `***`. Imported by every process, the small supervisor
too: so nothing heavy is imported here.
"""

from __future__ import annotations

import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, fields
from functools import cached_property
from pathlib import Path

from app.environment import Reading, Variable, find_dotenv, without_password
from app.errors import Mistake

VARIABLES: tuple[Variable, ...] = (
    Variable("ROUNDS_GITHUB_APP_ID", "client ID of the GitHub App (preferred) or its App ID"),
    Variable("ROUNDS_GITHUB_PRIVATE_KEY", "the App's private key (PEM)", secret=True),
    Variable("ROUNDS_WEBHOOK_SECRET", "one or more webhook secrets, separated by commas (rotation)", secret=True),
    Variable("ROUNDS_GITHUB_CLIENT_ID", "client ID for signing in to the dashboard"),
    Variable("ROUNDS_GITHUB_CLIENT_SECRET", "client secret for signing in to the dashboard", secret=True),
    Variable("ROUNDS_GITHUB_API_URL", "REST root of GitHub; GraphQL is found beside it", "https://api.github.com"),
    Variable("ROUNDS_GITHUB_WEB_URL", "web and OAuth root of GitHub", "https://github.com"),
    Variable("ROUNDS_DATABASE_URL", "SQLite file or `postgresql://…`", "sqlite:///data/rounds.db"),
    Variable("ROUNDS_CONFIG_DIR", "folder of the server-wide defaults", "the shipped `config/`"),
    Variable("ROUNDS_PUBLIC_URL", "address people use to reach Rounds", "http://localhost:8000"),
    Variable(
        "ROUNDS_HOURLY_COMMANDS",
        "how many commands a person without the triage role may use in an hour, on all repositories together",
        "30",
    ),
    Variable("ROUNDS_SESSION_SECRET", "signs cookies", "generated, kept in the data folder", secret=True),
    Variable("ROUNDS_DEBUG", "`1` in the environment shows the trace of an unexpected fault on the terminal", "off"),
)
HOURLY_COMMANDS = 30
_SQLITE = "sqlite:///"
_SHORT_SECRET = 16  # characters; GitHub asks for "high entropy" and sets no number


class Secret(str):
    """Text that shows as `***` wherever an object is printed; the value itself is used like any string."""

    __slots__ = ()

    def __repr__(self) -> str:
        return "***"


WEBHOOK_PATH = "/webhooks/github"


@dataclass(frozen=True, repr=False)
class Settings:
    """Frozen; URLs have no slash at the end. `warnings`: whole sentences worth logging once."""

    github_app_id: str = ""
    github_private_key: str = Secret()
    webhook_secrets: tuple[str, ...] = ()
    github_client_id: str = ""
    github_client_secret: str = Secret()
    github_api_url: str = "https://api.github.com"
    github_web_url: str = "https://github.com"
    database_url: str = "sqlite:///data/rounds.db"
    config_dir: Path | None = None
    public_url: str = "http://localhost:8000"
    hourly_commands: int = HOURLY_COMMANDS
    configured_session_secret: str = Secret()
    warnings: tuple[str, ...] = ()

    @classmethod
    def load(cls, environ: Mapping[str, str] | None = None, dotenv: Path | None = None) -> Settings:
        """Reads the environment; what it lacks comes from `.env` in the working directory (or the file `dotenv`).

        Raises Mistake with every problem found, one a line.
        """
        reading = Reading(os.environ if environ is None else environ, find_dotenv(dotenv), VARIABLES)
        settings = _from(reading)
        if reading.problems:
            raise Mistake(_listed("The settings need mending:", reading.problems))
        return settings

    @property
    def graphql_url(self) -> str:
        """`/graphql` beside the REST root; Enterprise Server has REST at `/api/v3` and GraphQL at `/api/graphql`."""
        return f"{self.github_api_url.removesuffix('/v3')}/graphql"

    @property
    def webhook_url(self) -> str:
        """Where GitHub is to send deliveries."""
        return f"{self.public_url}{WEBHOOK_PATH}"

    @property
    def sqlite_path(self) -> Path | None:
        """The database file, None on PostgreSQL."""
        return Path(self.database_url.removeprefix(_SQLITE)) if self.database_url.startswith(_SQLITE) else None

    @property
    def data_dir(self) -> Path:
        """Where files of this machine live: the folder of the SQLite file, else `data` in the working directory."""
        return self.sqlite_path.parent if self.sqlite_path else Path("data")

    @cached_property
    def session_secret(self) -> str:
        """The configured one, else 64 hex digits made once and kept in `data_dir` for this user only."""
        return self.configured_session_secret or Secret(_kept(self.data_dir / "session-secret"))

    def require_github(self) -> None:
        """Raises Mistake when what talking with GitHub needs is missing: no secret, no start."""
        needed = {
            "ROUNDS_GITHUB_APP_ID": self.github_app_id,
            "ROUNDS_GITHUB_PRIVATE_KEY (or ROUNDS_GITHUB_PRIVATE_KEY_FILE)": self.github_private_key,
            "ROUNDS_WEBHOOK_SECRET (or ROUNDS_WEBHOOK_SECRET_FILE)": self.webhook_secrets,
        }
        missing = [f"set {name}" for name, value in needed.items() if not value]
        if missing:
            hint = "To look around without a GitHub App, run `rounds demo`."
            raise Mistake(_listed("Rounds can't talk with GitHub yet:", missing) + "\n" + hint)

    def shown(self) -> dict[str, object]:
        """Every setting in a form that may be printed."""
        values = {field.name: getattr(self, field.name) for field in fields(self)}
        values["database_url"] = without_password(self.database_url)
        for name in ("github_private_key", "github_client_secret", "configured_session_secret"):
            values[name] = "***" if values[name] else ""
        return values | {"webhook_secrets": ("***",) * len(self.webhook_secrets)}

    def __repr__(self) -> str:
        return f"Settings({', '.join(f'{name}={value!r}' for name, value in self.shown().items())})"


def _from(read: Reading) -> Settings:
    settings = Settings(
        github_app_id=read.text("ROUNDS_GITHUB_APP_ID"),
        github_private_key=Secret(_pem(read)),
        webhook_secrets=_webhook_secrets(read),
        github_client_id=read.text("ROUNDS_GITHUB_CLIENT_ID"),
        github_client_secret=Secret(read.text("ROUNDS_GITHUB_CLIENT_SECRET")),
        github_api_url=read.url("ROUNDS_GITHUB_API_URL", Settings.github_api_url),
        github_web_url=read.url("ROUNDS_GITHUB_WEB_URL", Settings.github_web_url),
        database_url=_database_url(read),
        config_dir=read.folder("ROUNDS_CONFIG_DIR"),
        public_url=read.url("ROUNDS_PUBLIC_URL", Settings.public_url),
        hourly_commands=read.number("ROUNDS_HOURLY_COMMANDS", Settings.hourly_commands, most=10_000),
        configured_session_secret=Secret(read.text("ROUNDS_SESSION_SECRET")),
    )
    if bool(settings.github_client_id) != bool(settings.github_client_secret):
        read.warn("Signing in needs both ROUNDS_GITHUB_CLIENT_ID and ROUNDS_GITHUB_CLIENT_SECRET; only one is set.")
    object.__setattr__(settings, "warnings", tuple(read.warnings))
    return settings


def _pem(read: Reading) -> str:
    """The key, also when its line ends were typed as `\\n`, which is how one puts it into a one-line variable."""
    name = "ROUNDS_GITHUB_PRIVATE_KEY"
    text = read.text(name).replace("\\n", "\n").replace("\r\n", "\n")
    if not text:
        return ""
    if "-----BEGIN " not in text or "PRIVATE KEY-----" not in text or "-----END " not in text:
        read.wrong(f"{name} is not a private key in PEM form: it runs from `-----BEGIN` to `-----END … KEY-----`.")
    return text.strip() + "\n"


def _webhook_secrets(read: Reading) -> tuple[str, ...]:
    name = "ROUNDS_WEBHOOK_SECRET"
    found = tuple(Secret(part.strip()) for part in read.text(name).split(",") if part.strip())
    if any(len(secret) < _SHORT_SECRET for secret in found):
        read.warn(f"{name} holds a secret of fewer than {_SHORT_SECRET} characters: take a long random one.")
    return found


def _database_url(read: Reading) -> str:
    name = "ROUNDS_DATABASE_URL"
    url = read.text(name) or Settings.database_url
    scheme, _, rest = url.partition("://")
    if scheme in {"postgres", "postgresql"} and rest.strip("/"):
        return Secret(f"postgresql://{rest}")
    if scheme == "sqlite" and rest.startswith("/") and rest.strip("/") and ":memory:" not in rest and "?" not in rest:
        return url
    read.wrong(
        f"{name} is {without_password(url)!r}: expected sqlite:///relative/file.db, sqlite:////absolute/file.db or "
        "postgresql://user:password@host/name."
    )
    return url


def _kept(path: Path) -> str:
    """The secret in `path`, made once. Several processes may start together: the first link wins, all read it."""
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        draft = path.with_name(f"{path.name}.{os.getpid()}.{secrets.token_hex(4)}")
        with open(os.open(draft, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "w", encoding="ascii") as file:
            file.write(secrets.token_hex(32))
        try:
            os.link(draft, path)
        except FileExistsError:
            pass
        finally:
            draft.unlink()
    return path.read_text(encoding="ascii").strip()


def _listed(head: str, items: list[str]) -> str:
    return "\n".join([head, *(f"  - {item}" for item in items)])
