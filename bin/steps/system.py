"""Libraries, fonts and programs that come from the distribution.

Each need is checked by looking for the thing itself, not for its package, so a machine that has it
from elsewhere is left alone, and a second run costs milliseconds.
"""

from __future__ import annotations

import ctypes
import importlib
import importlib.util
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from steps.common import Failed, PackagesNeeded, run, timed, warn

FONT_ROOTS = ("/usr/share/fonts", "/usr/local/share/fonts", "~/.local/share/fonts", "~/.fonts")
# The first one found is used: the headless shell needs less CPU.
CHROMIUM = (
    "chromium-headless-shell",
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
)
START_SWITCH = Path("/usr/sbin/policy-rc.d")  # packages ask it whether to start what they bring
CLUSTER_SWITCH = Path("/etc/postgresql-common/createcluster.d/lab-setup.conf")


@dataclass(frozen=True)
class Need:
    """A package and how to tell that what it brings is there; the portal runs without it when it
    is not `vital`. `fallback`: the package to take where a distribution does not have the first."""

    package: str
    purpose: str
    present: Callable[[], bool]
    vital: bool = True
    fallback: str = ""


def _library(name: str) -> Callable[[], bool]:
    def present() -> bool:
        try:
            ctypes.CDLL(name)
        except OSError:
            return False
        return True

    return present


def _program(*names: str) -> Callable[[], bool]:
    return lambda: any(shutil.which(name) for name in names)


def find_chromium() -> str | None:
    """The browser that the tests drive."""
    return next(filter(None, map(shutil.which, CHROMIUM)), None)


def _has_ensurepip() -> bool:
    importlib.invalidate_caches()
    return importlib.util.find_spec("ensurepip") is not None


def _font(pattern: str) -> Callable[[], bool]:
    def present() -> bool:
        roots = (Path(root).expanduser() for root in FONT_ROOTS)
        return any(next(root.rglob(pattern), None) for root in roots if root.is_dir())

    return present


def _has_postgresql() -> bool:
    servers = Path("/usr/lib/postgresql").glob("*/bin/postgres")
    return any(servers) or shutil.which("postgres") is not None


RUNNING = (
    Need(f"python3.{sys.version_info[1]}-venv", "Python packages of its own", _has_ensurepip),
    Need("libpango-1.0-0", "PDF: text layout", _library("libpango-1.0.so.0")),
    Need("libpangoft2-1.0-0", "PDF: fonts", _library("libpangoft2-1.0.so.0")),
    Need("libharfbuzz-subset0", "PDF: small files, quickly", _library("libharfbuzz-subset.so.0")),
    Need("fonts-noto-cjk", "PDF: Chinese characters", _font("NotoSerifCJK*")),
    # Names of people and shops hold characters that no office font has.
    Need("fonts-hanazono", "PDF: rare characters", _font("HanaMinB*"), vital=False),
    Need("fonts-noto-color-emoji", "PDF: emoji", _font("NotoColorEmoji*"), vital=False),
)
CHECKING = (
    Need("postgresql", "tests: a server of their own", _has_postgresql),
    Need("chromium-headless-shell", "tests: a browser", _program(*CHROMIUM), fallback="chromium"),
    Need("libatomic1", "tests: steering the browser", _library("libatomic.so.1")),
    Need("poppler-utils", "tests: PDF pages as pictures", _program("pdftoppm")),
    Need("nginx", "tests: two nodes behind one address", _program("nginx", "/usr/sbin/nginx")),
    Need("strace", "tests: what is on disk before an answer", _program("strace")),
)


def prepare(*, dev: bool) -> None:
    """Install what is missing. Raises PackagesNeeded where that may not or cannot be done; what
    only checks need and a distribution does not have is named, and its tests say they did not run.
    """
    needs = RUNNING + (CHECKING if dev else ())
    missing = [need for need in needs if not need.present()]
    if not missing:
        return
    privilege = privilege_prefix()
    if privilege is None or shutil.which("apt-get") is None:
        _name(missing)
        if any(need.vital for need in missing):
            raise PackagesNeeded(_command(missing))
        return
    try:
        _install(privilege, missing)
    except Failed as error:
        warn(str(error))
    still = [need for need in missing if not need.present()]
    if still:
        _name(still)
    if any(need.vital and need in RUNNING for need in still):
        raise PackagesNeeded(_command(still))


def privilege_prefix() -> list[str] | None:
    """Words to put before a command that needs root: none for root, sudo if it asks nothing."""
    if os.geteuid() == 0:
        return []
    if shutil.which("sudo") is None:
        return None
    asked = subprocess.run(["sudo", "-n", "true"], capture_output=True, check=False)
    return ["sudo", "-n"] if asked.returncode == 0 else None


def refresh_lists(privilege: list[str]) -> None:
    """Renew apt's lists; old ones may still do, so a failure is only reported."""
    try:
        run(*privilege, "apt-get", "update", "-q")
    except Failed as error:
        warn(f"The package lists could not be renewed. {error}")


def _install(privilege: list[str], missing: list[Need]) -> None:
    with timed("Lists of system packages"):
        refresh_lists(privilege)
    known = [name for need in missing if _is_known(name := _package(need))]
    if not known:
        return
    title = f"System packages: {' '.join(known)}"
    with timed(title), _no_standing_server(privilege, known):
        run(
            *privilege,
            "env",
            "DEBIAN_FRONTEND=noninteractive",
            "apt-get",
            "install",
            "-y",
            "-q",
            "--no-install-recommends",
            *known,
        )


def _package(need: Need) -> str:
    """The package that brings it here: the fallback where apt does not know the first."""
    return need.fallback if need.fallback and not _is_known(need.package) else need.package


def _is_known(package: str) -> bool:
    if shutil.which("apt-cache") is None:
        return False
    answer = subprocess.run(
        ["apt-cache", "policy", package],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "LC_ALL": "C"},
    ).stdout
    return "Candidate:" in answer and "Candidate: (none)" not in answer


@contextmanager
def _no_standing_server(privilege: list[str], packages: list[str]) -> Iterator[None]:
    """Keep PostgreSQL's and nginx's packages from starting servers that nobody asked for."""
    switches = {}
    if "postgresql" in packages:
        switches[CLUSTER_SWITCH] = "echo create_main_cluster = false"
    if "nginx" in packages and not START_SWITCH.exists():
        switches[START_SWITCH] = "(echo '#!/bin/sh'; echo exit 101)"
    for switch, line in switches.items():
        script = f"mkdir -p {switch.parent} && {line} > {switch} && chmod 755 {switch}"
        run(*privilege, "sh", "-c", script)
    try:
        yield
    finally:
        for switch in switches:
            run(*privilege, "rm", "-f", str(switch))


def _name(missing: list[Need]) -> None:
    for need in missing:
        warn(f"Missing: {_package(need)} ({need.purpose})")


def _command(missing: list[Need]) -> str:
    """The one line for somebody who may install: with sudo where there is one."""
    names = " ".join(map(_package, missing))
    line = f"apt-get update && apt-get install -y --no-install-recommends {names}"
    return f"sudo sh -c '{line}'" if shutil.which("sudo") else line
