"""Settings: where they come from, what is refused, what is never printed."""

from __future__ import annotations

import dataclasses
import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from app.environment import without_password
from app.errors import Mistake
from app.settings import VARIABLES, Settings

PEM = "-----BEGIN RSA PRIVATE KEY-----\nMIIabc\n-----END RSA PRIVATE KEY-----\n"
SECRET = "a-long-and-random-secret"


def load(tmp_path: Path, dotenv: str = "", **values: str) -> Settings:
    file = tmp_path / ".env"
    file.write_text(dotenv)
    return Settings.load({f"ROUNDS_{name}": value for name, value in values.items()}, file)


def problems(tmp_path: Path, dotenv: str = "", **values: str) -> str:
    with pytest.raises(Mistake) as caught:
        load(tmp_path, dotenv, **values)
    return str(caught.value)


def test_the_defaults_are_the_documented_ones(tmp_path):
    settings = load(tmp_path)
    assert settings.github_api_url == "https://api.github.com"
    assert settings.graphql_url == "https://api.github.com/graphql"
    assert settings.github_web_url == "https://github.com"
    assert settings.database_url == "sqlite:///data/rounds.db"
    assert settings.public_url == "http://localhost:8000"
    assert settings.config_dir is None
    assert settings.hourly_commands == 30
    assert settings.data_dir == Path("data")
    assert settings == Settings()
    assert settings.warnings == ()


def test_everything_is_read(tmp_path):
    settings = load(
        tmp_path,
        GITHUB_APP_ID="Iv23liABC",
        GITHUB_PRIVATE_KEY=PEM,
        WEBHOOK_SECRET=f"{SECRET}-old, {SECRET}-new ,",
        GITHUB_CLIENT_ID="Iv23liABC",
        GITHUB_CLIENT_SECRET="client-secret",
        GITHUB_API_URL="https://ghe.example.org/api/v3/",
        GITHUB_WEB_URL="https://ghe.example.org/",
        DATABASE_URL="postgres://rounds:pw@db/rounds",
        CONFIG_DIR=str(tmp_path),
        PUBLIC_URL="https://rounds.example.org/",
        HOURLY_COMMANDS="5",
        SESSION_SECRET="session",
        DEBUG="1",
    )
    assert settings == Settings(
        github_app_id="Iv23liABC",
        github_private_key=PEM,
        webhook_secrets=(f"{SECRET}-old", f"{SECRET}-new"),
        github_client_id="Iv23liABC",
        github_client_secret="client-secret",
        github_api_url="https://ghe.example.org/api/v3",
        github_web_url="https://ghe.example.org",
        database_url="postgresql://rounds:pw@db/rounds",
        config_dir=tmp_path,
        public_url="https://rounds.example.org",
        hourly_commands=5,
        configured_session_secret="session",
    )
    assert settings.graphql_url == "https://ghe.example.org/api/graphql"
    assert settings.session_secret == "session"
    assert settings.sqlite_path is None
    assert settings.data_dir == Path("data")
    settings.require_github()


def test_settings_are_frozen():
    with pytest.raises(dataclasses.FrozenInstanceError):
        Settings().public_url = "x"


def test_the_environment_outweighs_dotenv_and_empty_is_unset(tmp_path):
    dotenv = "ROUNDS_PUBLIC_URL=http://localhost:1\nROUNDS_GITHUB_APP_ID=5\nOTHER=x\n"
    settings = load(tmp_path, dotenv, PUBLIC_URL="http://localhost:2", GITHUB_APP_ID="  ")
    assert settings.public_url == "http://localhost:2"
    assert settings.github_app_id == "5"
    assert settings.warnings == ()


def test_a_variable_outweighs_the_file_variant_in_dotenv(tmp_path):
    settings = load(tmp_path, "ROUNDS_WEBHOOK_SECRET_FILE=/nowhere", WEBHOOK_SECRET=SECRET)
    assert settings.webhook_secrets == (SECRET,)


def test_dollars_in_dotenv_are_taken_as_written(tmp_path):
    settings = load(tmp_path, "ROUNDS_WEBHOOK_SECRET=pa$HOME${HOME}-and-more\n")
    assert settings.webhook_secrets == ("pa$HOME${HOME}-and-more",)


def test_a_key_of_several_lines_in_dotenv(tmp_path):
    assert load(tmp_path, f'ROUNDS_GITHUB_PRIVATE_KEY="{PEM}"\n').github_private_key == PEM


@pytest.mark.parametrize("typed", [PEM, PEM.replace("\n", "\\n"), PEM.replace("\n", "\r\n"), PEM.strip()])
def test_the_key_in_every_form_people_paste(tmp_path, typed):
    assert load(tmp_path, GITHUB_PRIVATE_KEY=typed).github_private_key == PEM


@pytest.mark.parametrize("variable", [v.name.removeprefix("ROUNDS_") for v in VARIABLES if v.secret])
def test_every_secret_can_come_from_a_file(tmp_path, variable):
    file = tmp_path / "secret"
    file.write_text(PEM if "KEY" in variable else f"{SECRET}\n")
    from_file = load(tmp_path, **{f"{variable}_FILE": str(file)})
    assert from_file == load(tmp_path, **{variable: PEM if "KEY" in variable else SECRET})
    assert from_file != Settings()


def test_all_mistakes_are_told_at_once(tmp_path):
    (tmp_path / "empty").touch()
    told = problems(
        tmp_path,
        GITHUB_PRIVATE_KEY="not a key",
        WEBHOOK_SECRET="x",
        WEBHOOK_SECRET_FILE="y",
        GITHUB_CLIENT_SECRET_FILE=str(tmp_path / "nowhere"),
        SESSION_SECRET_FILE=str(tmp_path / "empty"),
        GITHUB_API_URL="api.github.com",
        DATABASE_URL="mysql://root:hunter2@db/x",
        CONFIG_DIR=str(tmp_path / "nowhere"),
    )
    assert len(told.splitlines()) == 8
    for words in [
        "ROUNDS_GITHUB_PRIVATE_KEY is not a private key in PEM form",
        "ROUNDS_WEBHOOK_SECRET and ROUNDS_WEBHOOK_SECRET_FILE are both set",
        "ROUNDS_GITHUB_CLIENT_SECRET_FILE names",
        "can't be read: No such file or directory",
        "which is empty",
        "ROUNDS_GITHUB_API_URL is not an address of the form https://api.github.com",
        "ROUNDS_DATABASE_URL is 'mysql://root:***@db/x'",
        "which is not a folder",
    ]:
        assert words in told
    assert "hunter2" not in told


@pytest.mark.parametrize(
    "url",
    [
        "github.com",
        "ftp://github.com",
        "https://",
        "https://u:p@github.com",
        "https://github.com/?x=1",
        "https://git hub.com",
        "https://github.com:99999",
        "https://[::1",
    ],
)
def test_bad_addresses(tmp_path, url):
    assert "ROUNDS_GITHUB_WEB_URL" in problems(tmp_path, GITHUB_WEB_URL=url)


@pytest.mark.parametrize(("typed", "read"), [("0", 0), ("10000", 10_000)])
def test_how_many_commands_an_hour(tmp_path, typed, read):
    assert load(tmp_path, HOURLY_COMMANDS=typed).hourly_commands == read


@pytest.mark.parametrize("typed", ["-1", "ten", "1.5", "10001", "٣"])
def test_what_is_no_number_of_commands(tmp_path, typed):
    assert "ROUNDS_HOURLY_COMMANDS is" in problems(tmp_path, HOURLY_COMMANDS=typed)


@pytest.mark.parametrize(
    "url", ["sqlite://", "sqlite:///", "sqlite:///:memory:", "rounds.db", "postgresql://", "sqlite:x"]
)
def test_bad_databases(tmp_path, url):
    assert "ROUNDS_DATABASE_URL" in problems(tmp_path, DATABASE_URL=url)


def test_where_the_database_file_is(tmp_path):
    absolute = load(tmp_path, DATABASE_URL=f"sqlite:///{tmp_path}/deep/r.db")
    assert absolute.sqlite_path == tmp_path / "deep" / "r.db"
    assert absolute.data_dir == tmp_path / "deep"
    assert load(tmp_path, DATABASE_URL="sqlite:///r.db").data_dir == Path()


@pytest.mark.parametrize(
    ("values", "warning"),
    [
        ({"WEBHOOK_SECRET": f"{SECRET},short"}, "fewer than 16 characters"),
        (
            {"GITHUB_APP_IDD": "1"},
            "ROUNDS_GITHUB_APP_IDD is not a setting of Rounds: did you mean ROUNDS_GITHUB_APP_ID?",
        ),
        ({"COLOUR": "blue"}, "ROUNDS_COLOUR is not a setting of Rounds."),
        ({"GITHUB_CLIENT_ID": "x"}, "only one is set"),
        ({"PUBLIC_URL": "http://rounds.example.org"}, "plain http"),
    ],
)
def test_likely_slips_are_warned_of(tmp_path, values, warning):
    (told,) = load(tmp_path, **values).warnings
    assert warning in told


def test_nothing_prints_a_secret(tmp_path):
    settings = load(
        tmp_path,
        GITHUB_PRIVATE_KEY=PEM,
        WEBHOOK_SECRET=SECRET,
        GITHUB_CLIENT_SECRET="client-secret",
        GITHUB_CLIENT_ID="id",
        SESSION_SECRET="session-secret-text",
        DATABASE_URL="postgresql://rounds:hunter2@db/rounds",
    )
    printed = [repr(settings), str(settings), f"{settings}", repr(dataclasses.asdict(settings)), repr(settings.shown())]
    printed += [repr(settings.webhook_secrets), repr(settings.session_secret)]
    for text in printed:
        assert "***" in text
        for secret in ("MIIabc", SECRET, "client-secret", "session-secret-text", "hunter2"):
            assert secret not in text


def test_passwords_of_databases_are_hidden_wherever_they_stand():
    assert without_password("postgresql://u:p@h:5/d?sslmode=require") == "postgresql://u:***@h:5/d?sslmode=require"
    assert without_password("postgresql://h/d?user=u&password=p") == "postgresql://h/d?user=u&password=***"
    assert without_password("postgresql://u:p/w@x@h/d") == "postgresql://u:***@h/d"
    assert without_password("sqlite:////tmp/x.db") == "sqlite:////tmp/x.db"


def test_serving_needs_credentials_and_says_which(tmp_path):
    with pytest.raises(Mistake) as caught:
        load(tmp_path, GITHUB_APP_ID="1").require_github()
    told = str(caught.value)
    assert "ROUNDS_GITHUB_PRIVATE_KEY_FILE" in told
    assert "ROUNDS_WEBHOOK_SECRET_FILE" in told
    assert "ROUNDS_GITHUB_APP_ID" not in told


def test_the_session_secret_is_made_once_and_only_for_us(tmp_path):
    url = f"sqlite:///{tmp_path}/data/rounds.db"
    with ThreadPoolExecutor(8) as pool:
        made = set(pool.map(lambda _: Settings(database_url=url).session_secret, range(16)))
    (secret,) = made
    assert len(secret) == 64
    (file,) = (tmp_path / "data").iterdir()
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
