"""`bin/serve` brings the portal up and takes all of it down again."""

from __future__ import annotations

import importlib
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SECRETS = {
    "LAB_SECRET_KEY": "tests-only-0123456789-abcdefghijklmnop",
    "LAB_AUDIT_KEY": "tests-only-abcdefghijklmnop-0123456789",
}
START_SECONDS = 90
STOP_SECONDS = 40


class Portal:
    """One run of bin/serve on an instance folder, its output in a file."""

    def __init__(self, instance: Path, **settings: str) -> None:
        self.instance = instance
        self.address = f"http://127.0.0.1:{free_port()}"
        self._output = instance.parent / f"output-{time.monotonic_ns()}.txt"
        self._environment = {
            **{name: value for name, value in os.environ.items() if not name.startswith("LAB_")},
            "LAB_INSTANCE": str(instance),
            "LAB_PORT": self.address.rpartition(":")[2],
            **settings,
        }
        with self._output.open("wb") as output:
            self.process = subprocess.Popen(
                [sys.executable, ROOT / "bin" / "serve", "--no-setup"],
                env=self._environment,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
            )

    def command(self, *words: str) -> list[str]:
        """The lines that one of the portal's commands prints on the same instance folder."""
        done = subprocess.run(
            [sys.executable, "-m", "flask", "--app", "app", *words],
            cwd=ROOT,
            env=self._environment,
            capture_output=True,
            text=True,
            check=True,
        )
        return done.stdout.splitlines()

    @property
    def output(self) -> str:
        return self._output.read_text(encoding="utf-8")

    def wait_until_announced(self) -> None:
        deadline = time.monotonic() + START_SECONDS
        while self.address not in self.output:
            assert self.process.poll() is None, self.output
            assert time.monotonic() < deadline, self.output
            time.sleep(0.05)

    def page(self, path: str) -> tuple[int, str]:
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        try:
            with opener.open(self.address + path, timeout=10) as answer:
                return answer.status, answer.read().decode()
        except urllib.error.HTTPError as error:
            with error:
                return error.code, error.read().decode()

    def processes(self) -> dict[int, str]:
        """Command lines of every living process that was started for this instance folder."""
        mark = f"LAB_INSTANCE={self.instance}".encode()
        found = {}
        for folder in Path("/proc").glob("[0-9]*"):
            try:
                if mark in (folder / "environ").read_bytes().split(b"\0"):
                    command = (folder / "cmdline").read_bytes().replace(b"\0", b" ")
                    found[int(folder.name)] = command.decode()
            except OSError:
                continue  # it ended in the meantime
        return found

    def one_of(self, words: str) -> int:
        return min(pid for pid, command in self.processes().items() if words in command)

    def stop(self, number: signal.Signals) -> int:
        self.process.send_signal(number)
        return self.process.wait(timeout=STOP_SECONDS)


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
        return port


@pytest.fixture(scope="module")
def instance(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One instance folder for all of this file: the demonstration is loaded only once."""
    return tmp_path_factory.mktemp("serve") / "instance"


@pytest.fixture
def start(instance: Path) -> Iterator[Callable[..., Portal]]:
    portals = []

    def begin(folder: Path = instance, **settings: str) -> Portal:
        portals.append(Portal(folder, **settings))
        return portals[-1]

    yield begin
    for portal in portals:
        for pid in portal.processes():
            os.kill(pid, signal.SIGKILL)
        portal.process.wait(timeout=STOP_SECONDS)


def test_first_start_shows_the_sign_in_page_and_the_accounts_to_try(
    start: Callable[..., Portal],
) -> None:
    portal = start()
    portal.wait_until_announced()
    status, page = portal.page("/")
    assert status == 200
    assert "登录" in page
    accounts = portal.command("accounts", "demo-list")
    assert accounts
    assert set(accounts) <= set(portal.output.splitlines())


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_stopping_it_leaves_nothing_running(
    start: Callable[..., Portal], number: signal.Signals
) -> None:
    portal = start()
    portal.wait_until_announced()
    assert len(portal.processes()) >= 3
    assert portal.stop(number) == 0
    assert portal.processes() == {}


@pytest.mark.parametrize("words", ["-m steps.web", "-m lab.worker"])
def test_when_one_half_dies_the_other_is_stopped_and_the_exit_says_so(
    start: Callable[..., Portal], words: str
) -> None:
    portal = start()
    portal.wait_until_announced()
    os.kill(portal.one_of(words), signal.SIGKILL)
    assert portal.process.wait(timeout=STOP_SECONDS) == 1
    assert "ended by itself" in portal.output
    wait_for(lambda: not portal.processes())


def test_nothing_goes_on_when_the_supervisor_itself_is_killed(
    start: Callable[..., Portal],
) -> None:
    portal = start()
    portal.wait_until_announced()
    portal.stop(signal.SIGKILL)
    wait_for(lambda: not portal.processes())


def test_a_child_whose_supervisor_died_before_it_began_does_not_begin(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.syspath_prepend(str(ROOT / "bin"))
    supervise = importlib.import_module("steps.supervise")
    monkeypatch.setattr(supervise.os, "getpid", lambda: 1)  # the parent that it is told to outlive
    child = supervise._start([sys.executable, "-c", f"import time; time.sleep({STOP_SECONDS})"])
    assert child.wait(timeout=STOP_SECONDS / 2) == 1


def test_a_wrong_setting_is_named_and_nothing_starts(start: Callable[..., Portal]) -> None:
    portal = start(LAB_WEB_WORKERS="many")
    assert portal.process.wait(timeout=START_SECONDS) == 1
    assert "LAB_WEB_WORKERS" in portal.output
    assert "Traceback" not in portal.output


def test_production_starts_without_demonstration(
    start: Callable[..., Portal], tmp_path: Path
) -> None:
    portal = start(tmp_path / "instance", LAB_MODE="production", **SECRETS)
    portal.wait_until_announced()
    assert "演示" not in portal.output
    status, page = portal.page("/")
    assert status == 200
    assert "演示" not in page


def wait_for(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + STOP_SECONDS
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.1)
