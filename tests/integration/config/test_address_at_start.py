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
from tests.support.servers.portal_server import free_port

FLASK = ("-m", "flask", "--app", "app")
SECONDS = 120  # a busy machine; none of these serves


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


def run(folder: Path, *words: str, **settings: str) -> tuple[int, str]:
    environ = {name: value for name, value in os.environ.items() if not name.startswith("LAB_")}
    environ |= {"LAB_MODE": "production", "LAB_INSTANCE": str(folder), **SECRETS, **settings}
    environ |= {"LAB_PORT": str(free_port()), "PYTHONPATH": f"{ROOT}/bin:{ROOT}"}
    done = subprocess.run(
        [sys.executable, *words],
        cwd=ROOT,
        env=environ,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=SECONDS,
        check=False,
    )
    return done.returncode, done.stdout


def test_the_database_is_updated_without_the_address(older: Path) -> None:
    code, said = run(older, *FLASK, "db", "upgrade")
    assert code == 0, said
    app = create_app(settings_for(older))
    with app.app_context():
        assert inspect(db.engine).has_table("heartbeat")
    settle(app)


@pytest.mark.parametrize(
    "words",
    [
        ("-m", "gunicorn", "app:app"),
        ("-m", "lab.worker"),
        ("bin/serve", "--no-setup"),
        (*FLASK, "run", "--port", "0"),
    ],
    ids=lambda words: words[-1],
)
def test_startup_asks_for_the_address_in_one_message(older: Path, words: tuple[str, ...]) -> None:
    code, said = run(older, *words)
    assert code not in (0, None)
    assert said.count("LAB_BASE_URL") == 1, said
    assert "生产模式必须给出设置 LAB_BASE_URL，即门户的完整网址" in said
    assert "Traceback" not in said
