"""Settings: what is wrong is said in one plain sentence that names it."""

from __future__ import annotations

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import fields
from pathlib import Path

import pytest

from lab.config.checks import secret
from lab.config.settings import TABLE, Settings, SettingsError, load_settings
from lab.db import engine_options, reject_network_folder
from lab.filesystem import ROOT

STRONG = "k3Jd92-hGf71_pQz84xWvB60nMaL-TyUe"
OTHER = "Zx81-cVbN72mQwErT63yUiOp54aSdFgH_"


def load(tmp_path: Path, **extra: str) -> Settings:
    return load_settings({"LAB_INSTANCE": str(tmp_path), **extra})


def production(tmp_path: Path, **extra: str) -> Settings:
    keys = {"LAB_SECRET_KEY": STRONG, "LAB_AUDIT_KEY": OTHER}
    return load(tmp_path, LAB_MODE="production", **{**keys, **extra})


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("LAB_MODE", "debug"),
        ("LAB_HOST", "not a host"),
        ("LAB_HOST", "10.0.0.256"),
        ("LAB_HOST", "http://127.0.0.1"),
        ("LAB_ALLOWED_HOSTS", "lab, https://lab.example.cn"),
        ("LAB_ALLOWED_HOSTS", "lab:8000"),
        ("LAB_ALLOWED_HOSTS", "*"),
        ("LAB_PORT", "0"),
        ("LAB_PORT", "65536"),
        ("LAB_PORT", "８０００"),
        ("LAB_PORT", "-1"),
        ("LAB_WEB_WORKERS", "33"),
        ("LAB_WEB_WORKERS", "two"),
        ("LAB_SECRET_KEY", "short"),
        ("LAB_SECRET_KEY", "a" * 64),
        ("LAB_AUDIT_KEY", "ab" * 32),
        ("LAB_DATABASE_URL", "mysql://localhost/lab"),
        ("LAB_DATABASE_URL", "sqlite:///lab.db"),
        ("LAB_DATABASE_URL", "sqlite:///:memory:"),
        ("LAB_DATABASE_URL", "sqlite:////no/such/folder/lab.db"),
        ("LAB_DATABASE_URL", "postgresql://localhost:port/lab"),
        ("LAB_DATABASE_URL", "postgresql://localhost"),
        ("LAB_REDIS_URL", "localhost:6379"),
        ("LAB_SHARED_INSTANCE", "yes"),
        ("LAB_QUEUE_DIR", "/proc/queue"),
        ("LAB_BACKUP_DIR", "/proc/backup"),
        ("LAB_FONT_DIR", "/no/such/folder"),
        ("LAB_TRUSTED_PROXIES", "4"),
        ("LAB_SECURE_COOKIES", "yes"),
        ("LAB_PASSWORD_PROFILE", "none"),
        ("LAB_IDLE_MINUTES", "0"),
        ("LAB_IDLE_MINUTES", "241"),
        ("LAB_UPLOAD_LIMIT_MB", "51"),
        ("LAB_RENDER_SECONDS", "4"),
        ("LAB_RENDER_MEMORY_MB", "299"),
        ("LAB_SMTP_HOST", "mail server"),
        ("LAB_SMTP_HOST", "mail.example.cn"),  # without sender and address of the portal
        ("LAB_SMTP_PORT", "0"),
        ("LAB_SMTP_SECURITY", "ssl"),
        ("LAB_SMTP_USER", "lab"),
        ("LAB_SMTP_PASSWORD", "geheim"),
        ("LAB_SMTP_FROM", "实验室 <lab@example.cn>"),
        ("LAB_SMTP_FROM", "lab@example.cn\nBcc: x@example.cn"),
        ("LAB_BASE_URL", "lab.example.cn"),
        ("LAB_BASE_URL", "javascript:alert(1)"),
        ("LAB_BASE_URL", "https://lab.example.cn/?x=1"),
        ("LAB_LOG_LEVEL", "info"),
        ("LAB_PROT", "8000"),
    ],
)
def test_a_wrong_value_is_named_plainly(tmp_path: Path, name: str, value: str) -> None:
    with pytest.raises(SettingsError) as caught:
        load(tmp_path, **{name: value})
    sentence = str(caught.value)
    assert name in sentence
    assert sentence.endswith("。")


def test_each_setting_has_a_wrong_value_in_the_test_above() -> None:
    tried = {
        case[0] for mark in test_a_wrong_value_is_named_plainly.pytestmark for case in mark.args[1]
    }
    assert {row.name for row in TABLE} - tried == {"LAB_INSTANCE"}, "and that one stands below"


def test_an_instance_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(SettingsError, match="LAB_INSTANCE"):
        load_settings({"LAB_INSTANCE": str(tmp_path / "file" / "below")})


def test_a_secret_is_not_shown_when_it_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SettingsError) as caught:
        load(tmp_path, LAB_SECRET_KEY="hunter2")
    assert "hunter2" not in str(caught.value)


@pytest.mark.parametrize("missing", ["LAB_SECRET_KEY", "LAB_AUDIT_KEY"])
def test_production_refuses_to_start_without_a_secret(tmp_path: Path, missing: str) -> None:
    with pytest.raises(SettingsError, match=missing):
        production(tmp_path, **{missing: ""})


def test_production_refuses_one_secret_for_both_purposes(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="LAB_AUDIT_KEY"):
        production(tmp_path, LAB_AUDIT_KEY=STRONG)


def test_production_refuses_debug_mode(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="FLASK_DEBUG"):
        production(tmp_path, FLASK_DEBUG="1")
    assert production(tmp_path, FLASK_DEBUG="0").production


def test_production_refuses_cookies_over_plain_connections(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="LAB_SECURE_COOKIES"):
        production(tmp_path, LAB_SECURE_COOKIES="0")
    assert production(tmp_path).secure_cookies


def test_production_sends_no_mail_password_over_an_open_line(tmp_path: Path) -> None:
    mail = {
        "LAB_SMTP_HOST": "mail.example.cn",
        "LAB_SMTP_FROM": "lab@example.cn",
        "LAB_BASE_URL": "https://lab.example.cn/",
        "LAB_SMTP_USER": "lab",
        "LAB_SMTP_PASSWORD": "geheim",
    }
    with pytest.raises(SettingsError, match="LAB_SMTP_SECURITY") as caught:
        production(tmp_path, **mail)
    assert "geheim" not in str(caught.value)
    settings = production(tmp_path, **mail, LAB_SMTP_SECURITY="starttls")
    assert settings.base_url == "https://lab.example.cn"


@pytest.mark.parametrize(
    ("host", "secure"),
    [("127.0.0.1", False), ("::1", False), ("localhost", False), ("0.0.0.0", True)],
)
def test_only_a_local_demo_goes_without_secure_cookies(
    tmp_path: Path, host: str, secure: bool
) -> None:
    assert load(tmp_path, LAB_HOST=host).secure_cookies is secure


def test_a_wrong_setting_ends_the_start_with_its_message(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", "import app"],
        cwd=ROOT,
        env={"PATH": "", "LAB_INSTANCE": str(tmp_path), "LAB_PORT": "http"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert "LAB_PORT" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_demonstration_makes_its_secrets_once(
    tmp_path: Path,
) -> None:
    def one(_: int) -> str:
        return secret("LAB_SECRET_KEY", "", tmp_path, allow_generated=True)

    with ThreadPoolExecutor(16) as pool:
        made = set(pool.map(one, range(64)))
    assert len(made) == 1
    assert len(made.pop()) >= 48
    (kept,) = tmp_path.glob("*")
    assert kept.stat().st_mode & 0o077 == 0


def test_defaults_are_a_demonstration_on_sqlite_on_this_machine(tmp_path: Path) -> None:
    settings = load(tmp_path)
    assert not settings.production
    assert settings.database_url == f"sqlite:///{tmp_path / 'lab.db'}"
    assert (settings.host, settings.port) == ("127.0.0.1", 8000)
    assert settings.upload_limit_bytes == 10 * 1024 * 1024


def test_postgresql_may_be_written_the_usual_ways(tmp_path: Path) -> None:
    for scheme in ("postgres", "postgresql", "postgresql+psycopg"):
        url = load(tmp_path, LAB_DATABASE_URL=f"{scheme}://lab:geheim@db:5432/lab").database_url
        assert url == "postgresql+psycopg://lab:geheim@db:5432/lab"


def test_every_setting_has_a_field_and_every_field_a_setting() -> None:
    names = {row.name.removeprefix("LAB_").lower() for row in TABLE}
    known = {field.name for field in fields(Settings)}
    renamed = {"upload_limit_mb": "upload_limit_bytes"}
    assert {renamed.get(name, name) for name in names} == known


def test_a_database_on_a_network_disk_is_refused(tmp_path: Path) -> None:
    mounts = tmp_path / "mounts"
    mounts.write_text(f"none / ext4 rw 0 0\nserver:/x {tmp_path}/net\\040disk nfs4 rw 0 0\n")
    reject_network_folder(tmp_path, mounts)
    for folder in (tmp_path / "net disk", tmp_path / "net disk" / "below"):
        with pytest.raises(SettingsError, match="网络盘"):
            reject_network_folder(folder, mounts)


def test_postgresql_is_told_to_sync_before_it_answers(tmp_path: Path) -> None:
    options = engine_options(load(tmp_path, LAB_DATABASE_URL="postgresql://db/lab"))
    assert "synchronous_commit=on" in options["connect_args"]["options"]
