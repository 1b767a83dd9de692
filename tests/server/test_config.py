"""Settings say all that is wrong with them at once, keep secrets to themselves, and are their own documentation."""

import base64
import os
import re
import subprocess
import sys
from ipaddress import ip_network
from pathlib import Path

import pytest

from server.config import Settings, SettingsError
from server.config.__main__ import env, table
from server.config.loading import load_settings
from server.push import WebPush
from tests.processes import ROOT, Child

SECRET = "kept-between-us-" * 3


@pytest.fixture(autouse=True)
def _nothing_is_set(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in Settings.model_fields:
        monkeypatch.delenv(name.upper(), raising=False)
    # Neither does the .env of whoever runs the tests count.
    monkeypatch.chdir(tmp_path)


def test_with_nothing_set_a_secret_is_made_once_and_kept_private(tmp_path: Path) -> None:
    first = load_settings()

    file = tmp_path / ".skillnet" / "jwt-secret"
    assert file.stat().st_mode & 0o777 == 0o600
    assert len(first.jwt_secret.get_secret_value()) >= 32
    assert load_settings().jwt_secret == first.jwt_secret
    assert (first.host, first.port, first.mongodb_url, first.redis_url) == ("127.0.0.1", 8080, None, None)


def test_a_key_to_push_by_is_made_as_well_and_is_one(tmp_path: Path) -> None:
    key = load_settings().vapid_private_key.get_secret_value()
    assert (tmp_path / ".skillnet" / "vapid-private-key").stat().st_mode & 0o777 == 0o600
    push = WebPush(key, contact="skillnet@example.org", hosts=())
    # A point of the curve, as browsers take it.
    assert len(base64.urlsafe_b64decode(push.public_key + "=")) == 65


def test_every_wrong_setting_is_named_at_once_and_no_value_is_repeated(monkeypatch: pytest.MonkeyPatch) -> None:
    wrong = {
        "PORT": "70000",
        "MONGODB_URL": "postgres://ada:hunter2@db",
        "REDIS_URL": "hunter2",
        "JWT_SECRET": "hunter2",
        "DATA_KEYS": f"{SECRET},hunter2",
        "ACCESS_TOKEN_MINUTES": "hunter2",
        "CONFIRM_EMAIL": "hunter2",
        "SMTP_URL": "hunter2",
        "MAIL_FROM": "hunter2",
        "VAPID_PRIVATE_KEY": "hunter2",
        "WEB_URL": "hunter2",
        "ALLOWED_ORIGINS": "https://fine.example.org,*",
        "TRUSTED_PROXIES": "10.0.0.0/8,hunter2",
        "LOG_FORMAT": "hunter2",
    }
    for name, value in wrong.items():
        monkeypatch.setenv(name, value)

    with pytest.raises(SettingsError) as refusal:
        load_settings()

    assert [line.partition(":")[0] for line in refusal.value.lines] == list(wrong)
    assert "hunter2" not in str(refusal.value)
    assert "70000" not in str(refusal.value)
    assert str(refusal.value).count("\n") == len(wrong) - 1


def test_a_database_of_ones_own_needs_a_secret_that_all_processes_share(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MONGODB_URL", "mongodb://db.example.org")

    with pytest.raises(SettingsError) as refusal:
        load_settings()
    for line, name in zip(refusal.value.lines, ("JWT_SECRET", "DATA_KEYS"), strict=True):
        assert line.startswith(f"{name}: required with MONGODB_URL")

    monkeypatch.setenv("JWT_SECRET", SECRET)
    monkeypatch.setenv("DATA_KEYS", SECRET)
    assert load_settings().jwt_secret.get_secret_value() == SECRET


def test_a_secret_shows_in_no_text(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("JWT_SECRET", SECRET)
    monkeypatch.setenv("DATA_KEYS", SECRET)
    monkeypatch.setenv("SMTP_URL", "smtp://ada:hunter2@mail.example.org")
    monkeypatch.setenv("MONGODB_URL", "mongodb://ada:hunter2@db.example.org")

    shown = repr(load_settings()) + str(load_settings())

    assert SECRET not in shown
    assert "hunter2" not in shown


def test_lists_are_written_with_commas(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ALLOWED_ORIGINS", "https://a.example.org, http://localhost:3000")
    monkeypatch.setenv("TRUSTED_PROXIES", "10.0.0.0/8,::1/128,127.0.0.1")

    settings = load_settings()

    assert settings.allowed_origins == ("https://a.example.org", "http://localhost:3000")
    assert settings.trusted_proxies == (ip_network("10.0.0.0/8"), ip_network("::1/128"), ip_network("127.0.0.1"))


def test_an_empty_value_counts_as_unset(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in Settings.model_fields:
        monkeypatch.setenv(name.upper(), "")

    assert load_settings().port == 8080


def test_a_file_of_settings_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / ".env").write_text("PORT=9000\nLOG_LEVEL=debug\n")
    monkeypatch.setenv("PORT", "9001")

    settings = load_settings()

    assert (settings.port, settings.log_level) == (9001, "DEBUG")


def test_a_folder_that_cannot_be_written_is_one_clear_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "file").touch()
    monkeypatch.setenv("DATA_FOLDER", str(tmp_path / "file" / "data"))

    with pytest.raises(SettingsError, match=r"^DATA_FOLDER: .* cannot be written \(Not a directory\)"):
        load_settings()


def test_a_damaged_secret_is_not_used(tmp_path: Path) -> None:
    load_settings()
    (tmp_path / ".skillnet" / "jwt-secret").write_text("short")

    with pytest.raises(SettingsError, match="is damaged"):
        load_settings()


def test_every_setting_is_described() -> None:
    for name, field in Settings.model_fields.items():
        assert field.description, name
        assert f"| `{name.upper()}` |" in table()


def test_the_example_is_what_the_settings_say() -> None:
    assert (ROOT / ".env.example").read_text() == env(), "run `make settings`"


def test_a_copy_of_the_example_changes_nothing(tmp_path: Path) -> None:
    without = load_settings()
    (tmp_path / ".env").write_text((ROOT / ".env.example").read_text())

    assert load_settings() == without


def test_the_readme_has_the_table_of_today() -> None:
    readme = ROOT / "README.md"
    text = readme.read_text() if readme.exists() else ""
    marked = re.search(r"<!-- settings -->\n(.*?)<!-- /settings -->", text, re.DOTALL)
    if marked:
        assert marked[1].strip() == table().strip(), "run `make settings`"
    else:
        assert "<!-- settings" not in text


@pytest.mark.parametrize(("words", "expected"), [([], "usage: "), (["env"], "# Copy"), (["table"], "| setting |")])
def test_the_command_explains_itself(words: list[str], expected: str) -> None:
    with Child([sys.executable, "-m", "server.config", *words]) as command:
        assert command.line().startswith(expected)


@pytest.mark.parametrize("program", [("server",), ("store", "indexes")], ids=" ".join)
@pytest.mark.parametrize(("url", "reason"), [("mongodb://127.0.0.1:1", "refused|failed"), ("mongodb://", "hostname")])
def test_a_database_that_cannot_be_used_is_one_clear_line(
    tmp_path: Path, program: tuple[str, ...], url: str, reason: str
) -> None:
    environment = {**os.environ, "MONGODB_URL": url, "JWT_SECRET": "s" * 32, "DATA_KEYS": "d" * 32, "PORT": "0"}
    ended = subprocess.run(
        [sys.executable, "-m", *program],
        env=environment | {"PYTHONPATH": str(ROOT), "DATA_FOLDER": str(tmp_path)},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    said = ended.stderr.strip().splitlines()[-1]
    assert ended.returncode == 1
    assert "Traceback" not in ended.stderr
    assert re.search(f"MONGODB_URL: .*({reason})", said), ended.stderr
