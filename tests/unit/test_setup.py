"""Set-up where packages are missing, and behind an institution's own certificates."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest

from lab.config import ROOT

MISSING = """
import os, runpy, sys
sys.path.insert(0, "bin")
from steps import python_env, system
os.geteuid = lambda: 1000
system.RUNNING = (system.Need("libpango-1.0-0", "PDF", lambda: False),)
python_env.prepare = lambda **_: sys.exit("set-up went on")
sys.exit(runpy.run_path("bin/setup", run_name="setup")["main"](["--quiet"]))
"""


def missing(tmp_path: Path, *programs: str) -> tuple[int, list[str]]:
    """Exit code and lines of bin/setup for somebody who may not install; programs all fail."""
    for program in programs:
        (tmp_path / program).write_text("#!/bin/sh\nexit 1\n")
        (tmp_path / program).chmod(0o755)
    done = subprocess.run(
        [sys.executable, "-c", MISSING],
        cwd=ROOT,
        env={**os.environ, "PATH": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )
    return done.returncode, (done.stdout + done.stderr).rstrip().splitlines()


def test_without_sudo_the_needed_line_is_the_last_on_screen(tmp_path: Path) -> None:
    code, lines = missing(tmp_path, "apt-get")
    assert code == 1
    assert lines[-1] == (
        "apt-get update && apt-get install -y --no-install-recommends libpango-1.0-0"
    )


def test_a_sudo_that_asks_is_part_of_the_line(tmp_path: Path) -> None:
    code, lines = missing(tmp_path, "apt-get", "sudo")
    assert code == 1
    assert lines[-1] == (
        "sudo sh -c 'apt-get update && apt-get install -y --no-install-recommends libpango-1.0-0'"
    )


@pytest.fixture
def common(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[ModuleType]:
    """The shared steps of set-up, on a system with certificates of its own."""
    monkeypatch.syspath_prepend(str(ROOT / "bin"))
    for name in ("PIP_CERT", "NODE_EXTRA_CA_CERTS", "PIP_CONFIG_FILE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HOME", str(tmp_path))
    from steps import common

    bundle = tmp_path / "system.crt"
    bundle.write_text("certificates")
    monkeypatch.setattr(common, "BUNDLES", (tmp_path / "none.crt", bundle))
    monkeypatch.setattr(common, "PIP_FILES", ("~/pip.conf",))
    monkeypatch.setattr(common, "LOG", tmp_path / "setup.log")
    yield common


def told(common: ModuleType) -> list[str]:
    """What a command of set-up is told about certificates: for pip, for Node."""
    common.run("sh", "-c", 'echo "=$PIP_CERT"; echo "=$NODE_EXTRA_CA_CERTS"')
    lines = common.LOG.read_text().splitlines()
    return [line[1:] for line in lines if line.startswith("=")]


def test_pip_and_npm_trust_what_the_system_trusts(common: ModuleType, tmp_path: Path) -> None:
    assert told(common) == [str(tmp_path / "system.crt")] * 2


def test_certificates_set_by_somebody_are_not_overruled(
    common: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NODE_EXTRA_CA_CERTS", "/srv/own.crt")
    (tmp_path / "pip.conf").write_text("[global]\ncert = /srv/own.crt\n")
    assert told(common) == ["", "/srv/own.crt"]


def test_a_system_without_certificates_changes_nothing(
    common: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(common, "BUNDLES", (tmp_path / "none.crt",))
    assert told(common) == ["", ""]
