"""The Python environment in .venv, filled from the pinned requirement files."""

from __future__ import annotations

import sys
from pathlib import Path

from steps.common import ROOT, VENV, Failed, fingerprint, is_stamped, run, timed, write_stamp

PYTHON = VENV / "bin" / "python"
# A machine may name extra places to look for packages that are not there today; the hashes in the
# requirement files make every place equal, so the second try leaves those extra places out.
PLAIN_PLACES = {"PIP_EXTRA_INDEX_URL": "", "PIP_FIND_LINKS": ""}


def prepare(*, dev: bool) -> None:
    """Make .venv if needed and install what has changed since the last time."""
    if not _is_usable():
        _create()
    _install(ROOT / "requirements.txt")
    if dev:
        _install(ROOT / "requirements-dev.txt")


def _is_usable() -> bool:
    """Whether .venv stands, was made in this very place, for the Python it now points to."""
    pip = VENV / "bin" / "pip"
    if not PYTHON.exists() or not pip.exists() or str(VENV).encode() not in pip.read_bytes():
        return False
    return (VENV / "lib" / PYTHON.resolve().name / "site-packages").is_dir()


def _create() -> None:
    if VENV.is_symlink():  # clearing it would empty a folder that belongs to somebody else
        raise Failed(f"{VENV} is a link to an environment made elsewhere. Remove the link.")
    with timed("Python environment"):
        try:
            run(sys.executable, "-m", "venv", "--clear", VENV)
        except Failed as error:
            raise Failed(f"The Python environment could not be made.\n{error}") from error


def _install(requirements: Path) -> None:
    stamp = VENV / f".{requirements.name}.stamp"
    value = fingerprint(requirements, str(PYTHON.resolve()))
    if is_stamped(stamp, value):
        return
    with timed(f"Python packages of {requirements.name}"):
        pip_install("-r", requirements)
    write_stamp(stamp, value)


def pip_install(*arguments: object) -> None:
    """Install ready-made packages whose hashes are pinned; raise Failed if none can be had."""
    command = [
        *(PYTHON, "-m", "pip", "--disable-pip-version-check", "--no-input", "install"),
        *("--require-hashes", "--only-binary=:all:", "--progress-bar=off", *arguments),
    ]
    try:
        run(*command)
    except Failed:
        run(*command, env=PLAIN_PLACES)
