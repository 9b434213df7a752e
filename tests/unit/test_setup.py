"""Set-up where packages are missing, and behind an institution's own certificates."""

from __future__ import annotations

import gzip
import json
import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from hashlib import sha256
from pathlib import Path
from types import ModuleType

import pytest

from lab.filesystem import ROOT

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


# -- which package and which program is the browser -----------------------------------------------

INSTALLING = """
import runpy, sys
sys.path.insert(0, "bin")
from pathlib import Path
from steps import common, python_env, system
common.LOG = Path(sys.argv[1])
system.privilege_prefix = lambda: [] if "root" in sys.argv else None
system.RUNNING = ()
system.CHECKING = (
    system.Need("first", "a browser", lambda: False, fallback="second"),
    system.Need("third", "pictures", lambda: False),
)
try:
    system.prepare(dev=True)
except common.PackagesNeeded as needed:
    print(needed.command)
"""


def installing(tmp_path: Path, *words: str, known: str) -> tuple[list[str], str]:
    """Lines of set-up where apt knows these packages, and the log of what it ran."""
    programs = {
        "apt-cache": f'case " {known} " in *" $2 "*) echo "  Candidate: 1.0" ;; esac',
        "apt-get": 'echo "ran: $*"',
        "env": 'shift; exec "$@"',
    }
    for program, body in programs.items():
        (tmp_path / program).write_text(f"#!/bin/sh\n{body}\n")
        (tmp_path / program).chmod(0o755)
    log = tmp_path / "setup.log"
    done = subprocess.run(
        [sys.executable, "-c", INSTALLING, str(log), *words],
        cwd=ROOT,
        env={**os.environ, "PATH": str(tmp_path)},
        capture_output=True,
        text=True,
        check=True,
    )
    return (done.stdout + done.stderr).splitlines(), log.read_text() if log.exists() else ""


BROWSER_PACKAGE = pytest.mark.parametrize(
    ("known", "package"),
    [("first second third", "first"), ("first third", "first"), ("second third", "second")],
)


@BROWSER_PACKAGE
def test_the_needed_line_names_packages_that_apt_has(
    tmp_path: Path, known: str, package: str
) -> None:
    lines, _ = installing(tmp_path, known=known)
    command = f"apt-get update && apt-get install -y --no-install-recommends {package} third"
    assert command in lines
    assert f"Missing: {package} (a browser)" in lines


@BROWSER_PACKAGE
def test_set_up_installs_the_packages_that_it_names(
    tmp_path: Path, known: str, package: str
) -> None:
    lines, log = installing(tmp_path, "root", known=known)
    assert f"System packages: {package} third …" in lines
    assert f"ran: install -y -q --no-install-recommends {package} third\n" in log


def test_what_the_distribution_does_not_have_is_not_asked_for(tmp_path: Path) -> None:
    lines, log = installing(tmp_path, "root", known="third")
    assert "System packages: third …" in lines
    assert "ran: install -y -q --no-install-recommends third\n" in log


@pytest.mark.parametrize(
    ("installed", "used"),
    [
        (["google-chrome", "chromium", "chromium-headless-shell"], "chromium-headless-shell"),
        (["google-chrome", "chromium"], "chromium"),
        ([], None),
    ],
)
def test_the_browser_without_a_window_is_preferred(
    common: ModuleType,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    installed: list[str],
    used: str | None,
) -> None:
    from steps import system

    for program in installed:
        (tmp_path / program).write_text("#!/bin/sh\n")
        (tmp_path / program).chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    assert system.find_chromium() == (str(tmp_path / used) if used else None)


# -- certificates of the system -------------------------------------------------------------------


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


# -- what was taken once and is damaged since ---------------------------------------------------


def cut(path: Path) -> None:
    os.truncate(path, 2)


def alter(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-1] + b"!")


spoilt = pytest.mark.parametrize("spoil", [cut, alter, Path.unlink])


@pytest.fixture
def fonts(common: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """The step of the fonts with small ones, which the distribution has installed."""
    from steps import fonts

    installed = tmp_path / "installed"
    installed.mkdir()
    pinned = {}
    for name in fonts.WANTED:
        content = f"font {name}".encode()
        (installed / name).write_bytes(content)
        pinned[name] = sha256(content).hexdigest()
    target = tmp_path / "fandol"
    for name, value in {
        "WANTED": pinned,
        "INSTALLED": installed,
        "TARGET": target,
        "STAMP": target / ".stamp",
    }.items():
        monkeypatch.setattr(fonts, name, value)
    return fonts


def state_of(folder: Path) -> dict[str, bytes]:
    return {p.name: p.read_bytes() for p in folder.glob("*.otf")}


@spoilt
def test_a_damaged_font_is_taken_again(fonts: ModuleType, spoil: Callable[[Path], object]) -> None:
    fonts.prepare()
    whole = state_of(fonts.TARGET)
    assert len(whole) == len(fonts.WANTED)
    spoil(fonts.TARGET / sorted(whole)[1])
    fonts.prepare()
    assert state_of(fonts.TARGET) == whole


def test_fonts_that_are_whole_are_left_alone(
    fonts: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    fonts.prepare()
    fonts.STAMP.unlink()  # as set-ups before wrote another one
    monkeypatch.setattr(fonts, "_take", lambda: pytest.fail("they were taken again"))
    fonts.prepare()


@spoilt
def test_a_font_damaged_where_it_is_installed_is_fetched(
    fonts: ModuleType, monkeypatch: pytest.MonkeyPatch, spoil: Callable[[Path], object]
) -> None:
    spoil(fonts.INSTALLED / next(iter(fonts.WANTED)))
    fetched: list[str] = []

    def extract(*_: object) -> None:
        for name in fonts.WANTED:
            fetched.append(name)
            (fonts.TARGET / name).write_bytes(b"of another release")

    monkeypatch.setattr(fonts.shutil, "which", lambda _: "/usr/bin/apt-get")
    monkeypatch.setattr(fonts, "_download", lambda folder: folder)
    monkeypatch.setattr(fonts, "_extract", extract)
    for _ in range(2):
        fonts.prepare()
    assert len(fetched) == len(fonts.WANTED), "what a signed package held is not fetched each time"
    cut(fonts.TARGET / next(iter(fonts.WANTED)))
    fonts.prepare()
    assert len(fetched) == 2 * len(fonts.WANTED)


@spoilt
def test_a_damaged_style_or_script_is_copied_again(
    common: ModuleType,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    spoil: Callable[[Path], object],
) -> None:
    from steps import frontend

    modules, vendor = tmp_path / "node_modules", tmp_path / "vendor"
    for source in frontend.FILES.values():
        (modules / source).parent.mkdir(parents=True, exist_ok=True)
        (modules / source).write_text(f"body of {source}")
    monkeypatch.setattr(frontend, "MODULES", modules)
    monkeypatch.setattr(frontend, "VENDOR", vendor)
    monkeypatch.setattr(frontend, "LICENSED", ())
    monkeypatch.setattr(frontend, "_bundled", lambda entry: entry.read_bytes())
    runs: list[str] = []
    monkeypatch.setattr(frontend, "run", lambda *_: runs.append("npm ci"))
    for _ in range(2):
        frontend.prepare(dev=False)
    assert len(runs) == 1, "nothing is done twice"
    script = vendor / "echarts" / "echarts.min.js"
    whole = script.read_bytes()
    for path in (script, script.with_name("echarts.min.js.gz")):
        spoil(path)
        frontend.prepare(dev=False)
        assert script.read_bytes() == whole
        assert gzip.decompress(script.with_name("echarts.min.js.gz").read_bytes()) == whole


def test_bundles_are_the_same_each_time_and_load_nothing(common: ModuleType) -> None:
    from steps import frontend

    for name, entry in frontend.BUNDLES.items():
        made = frontend._bundled(frontend.ENTRIES / entry)
        assert made == (ROOT / "static" / "vendor" / name).read_bytes()
        assert b"import(" not in made and b'from"' not in made and b"sourceMappingURL" not in made


def test_every_bundled_package_has_its_licence() -> None:
    from steps import frontend

    lock = json.loads((ROOT / "package-lock.json").read_text(encoding="utf-8"))
    tools = {"esbuild", "argparse"}  # makes the bundles; is used by a command that pages have not
    running = {
        name.removeprefix("node_modules/")
        for name, entry in lock["packages"].items()
        if name and not entry.get("dev") and not entry.get("optional")
    }
    assert set(frontend.LICENSED) == running - tools
    licenses = (ROOT / "static" / "vendor" / "LICENSES.txt").read_text(encoding="utf-8")
    for name in frontend.LICENSED:
        text = licenses.partition(f"{name} ")[2].partition("\n\n")[2]
        assert re.match(r".{0,200}(licen[cs]e|copyright)", text, re.IGNORECASE | re.DOTALL), name


# -- which Node.js is used ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("version", "npm", "is_used"),
    [
        ("v18.20.4", True, False),
        ("v20.18.3", True, False),
        ("v20.19.0", True, True),
        ("v21.7.3", True, False),
        ("v22.12.0", True, True),
        ("v24.1.0", True, True),
        ("v24.1.0", False, False),
        ("broken", True, False),
    ],
)
def test_the_machines_node_is_used_where_it_can_run_the_checks(
    common: ModuleType,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    version: str,
    npm: bool,
    is_used: bool,
) -> None:
    from steps import frontend

    for program in ("node", "npm") if npm else ("node",):
        (tmp_path / program).write_text(f"#!/bin/sh\necho {version}\n")
        (tmp_path / program).chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    expected = tmp_path / "node" if is_used else frontend.WHEEL / "bin" / "node"
    assert frontend.node() == expected
