"""An installation from before the portal asked for its own address: updated first, then asked."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from flask_migrate import downgrade
from sqlalchemy import inspect

from lab.extensions import db
from lab.factory import create_app
from lab.filesystem import ROOT
from tests.conftest import SECRETS, settings_for
from tests.support.databases.template_database import settle
from tests.support.servers.forking import ForkServer
from tests.support.servers.portal_server import free_port

SECONDS = 120  # a busy machine; it does not serve


@pytest.fixture(scope="module")
def older(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The instance folder of an older production installation."""
    folder = tmp_path_factory.mktemp("older")
    shutil.copy(sqlite_template / "lab.db", folder / "lab.db")
    app = create_app(settings_for(folder))
    with app.app_context():
        downgrade(revision="0012")
    settle(app)
    return folder


def environment(folder: Path) -> dict[str, str]:
    environ = {name: value for name, value in os.environ.items() if not name.startswith("LAB_")}
    environ |= {"LAB_MODE": "production", "LAB_INSTANCE": str(folder), **SECRETS}
    return {**environ, "LAB_PORT": str(free_port()), "PYTHONPATH": f"{ROOT}/bin:{ROOT}"}


def test_the_database_is_updated_without_the_address(
    older: Path, fork_server: ForkServer, tmp_path: Path
) -> None:
    words, log = ("flask", "--app", "app", "db", "upgrade"), tmp_path / "log"
    code, said = fork_server.run(*words, environ=environment(older), log=log)
    assert code == 0, said
    app = create_app(settings_for(older))
    with app.app_context():
        assert inspect(db.engine).has_table("heartbeat")
    settle(app)


def check_message(code: int | None, said: str) -> None:
    assert code is not None and code > 0
    assert said.count("LAB_BASE_URL") == 1, said
    assert "生产模式必须给出设置 LAB_BASE_URL，即门户的完整网址" in said
    assert "Traceback" not in said


@pytest.mark.parametrize(
    "words",
    [("gunicorn", "app:app"), ("lab.worker",), ("flask", "--app", "app", "run", "--port", "0")],
    ids=lambda words: words[0],
)
def test_startup_asks_for_the_address_in_one_message(
    older: Path, fork_server: ForkServer, tmp_path: Path, words: tuple[str, ...]
) -> None:
    check_message(*fork_server.run(*words, environ=environment(older), log=tmp_path / "log"))


def test_bin_serve_asks_for_the_address_in_one_message(older: Path) -> None:
    """With all its processes as they start for real."""
    done = subprocess.run(
        [sys.executable, "bin/serve", "--no-setup"],
        cwd=ROOT,
        env=environment(older),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=SECONDS,
        check=False,
    )
    check_message(done.returncode, done.stdout)
