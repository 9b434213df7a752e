"""`bin/serve` brings the portal up and takes all of it down again."""

from __future__ import annotations

import importlib
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType

import pytest

from lab.config.settings import TABLE
from lab.filesystem import ROOT
from steps.database import PENDING
from tests.support.servers.forking import ForkServer
from tests.support.servers.portal_server import free_port

SECRETS = {
    "LAB_SECRET_KEY": "tests-only-0123456789-abcdefghijklmnop",
    "LAB_AUDIT_KEY": "tests-only-abcdefghijklmnop-0123456789",
}
START_SECONDS = 300
STOP_SECONDS = 120


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

    def command(self, server: ForkServer, *words: str) -> list[str]:
        """The lines that one of the portal's commands prints on the same instance folder."""
        log = self._output.with_suffix(".command")
        flask = ("flask", "--app", "app", *words)
        code, said = server.run(*flask, environ=self._environment, log=log)
        assert code == 0, said
        return said.splitlines()

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
            with opener.open(self.address + path, timeout=STOP_SECONDS) as answer:
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

    def worker(self) -> int | None:
        """The number of the worker, if one is running."""
        found = [pid for pid, words in self.processes().items() if "-m lab.worker" in words]
        return found[0] if found else None

    def below(self) -> list[int]:
        """Everything that this run started, also what does not know its settings."""
        return descendants(self.process.pid)

    def renderers(self) -> set[int]:
        """The processes that wait to lay out a report."""
        return {
            pid for pid in self.below() if b"lab.reports.rendering.renderer" in command_line(pid)
        }

    def stop(self, number: signal.Signals) -> int:
        self.process.send_signal(number)
        return self.process.wait(timeout=STOP_SECONDS)

    def end(self) -> None:
        """Kill whatever is left of it."""
        for pid in self.processes():
            os.kill(pid, signal.SIGKILL)
        self.process.wait(timeout=STOP_SECONDS)


def command_line(pid: int) -> bytes:
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:
        return b""


def descendants(root: int) -> list[int]:
    """Living processes below `root`."""
    parents = {}
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            state, parent = (folder / "stat").read_text().rpartition(")")[2].split()[:2]
        except OSError:
            continue
        if state != "Z":
            parents[int(folder.name)] = int(parent)
    found = [root]
    for pid in found:
        found += [child for child, parent in parents.items() if parent == pid]
    return found[1:]


def living(pids: list[int]) -> list[int]:
    """Those that run, or have ended and not been noticed by anybody."""
    return [pid for pid in pids if command_line(pid)]


@pytest.fixture
def supervise(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    monkeypatch.syspath_prepend(str(ROOT / "bin"))
    return importlib.import_module("steps.supervise")


@pytest.fixture(scope="module")
def instance(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One instance folder for all of this file: the demonstration is loaded only once."""
    return tmp_path_factory.mktemp("serve") / "instance"


@pytest.fixture(scope="module")
def running(instance: Path) -> Iterator[Callable[[], Portal]]:
    """Hands out a portal that answers: the one of the test before, if that left it so."""
    portals: list[Portal] = []

    def hand_out() -> Portal:
        if not portals or portals[-1].process.poll() is not None:
            portals.append(Portal(instance))
            portals[-1].wait_until_announced()
        return portals[-1]

    yield hand_out
    for portal in portals:
        portal.end()


@pytest.fixture
def start() -> Iterator[Callable[..., Portal]]:
    portals = []

    def begin(folder: Path, **settings: str) -> Portal:
        portals.append(Portal(folder, **settings))
        return portals[-1]

    yield begin
    for portal in portals:
        portal.end()


def test_first_start_shows_sign_in_and_demo_accounts(
    running: Callable[[], Portal], fork_server: ForkServer
) -> None:
    portal = running()
    status, page = portal.page("/")
    assert status == 200
    assert "登录" in page
    accounts = portal.command(fork_server, "accounts", "demo-list")
    assert accounts
    assert set(accounts) <= set(portal.output.splitlines())


def test_a_worker_that_ends_is_started_again_and_pages_go_on(
    running: Callable[[], Portal],
) -> None:
    portal = running()
    wait_for(lambda: portal.renderers() != set())
    left, ended = portal.renderers(), list[int]()
    for _ in range(2):  # the second as soon as it runs
        wait_for(lambda: portal.worker() not in (None, *ended))
        worker = portal.worker()
        assert worker is not None
        ended.append(worker)
        os.kill(worker, signal.SIGKILL)
        assert portal.page("/")[0] == 200
        wait_for(lambda: not portal.renderers() & left)
    wait_for(lambda: portal.worker() not in (None, *ended))
    assert portal.process.poll() is None
    logged = [json.loads(line) for line in portal.output.splitlines() if "lab.supervise" in line]
    assert [(line["code"], line["again_in"]) for line in logged] == [(-9, 1), (-9, 2)]


def test_ctrl_c_does_not_wait_for_a_page_that_hangs(running: Callable[[], Portal]) -> None:
    portal = running()
    wait_for(lambda: portal.renderers() != set())
    below = portal.below()
    with socket.create_connection(("127.0.0.1", int(portal.address.rpartition(":")[2]))) as half:
        half.sendall(b"POST /sign-in HTTP/1.1\r\nHost: localhost\r\nContent-Length: 9\r\n\r\n")
        assert portal.stop(signal.SIGINT) == 0
    assert portal.processes() == {} and not living(below)


def test_without_its_web_server_the_portal_stops_and_says_so(
    running: Callable[[], Portal],
) -> None:
    portal = running()
    os.kill(portal.one_of("-m steps.web"), signal.SIGKILL)
    assert portal.process.wait(timeout=STOP_SECONDS) == 1
    assert "网页服务意外停止" in portal.output
    wait_for(lambda: not portal.processes())


def test_nothing_goes_on_when_the_supervisor_itself_is_killed(
    running: Callable[[], Portal],
) -> None:
    portal = running()
    wait_for(lambda: portal.renderers() != set())  # web processes that only begin take 20 s to end
    portal.stop(signal.SIGKILL)
    wait_for(lambda: not portal.processes())


def test_pauses_before_a_worker_starts_again_grow_to_a_minute(supervise: ModuleType) -> None:
    pauses = supervise.Pauses()
    assert [pauses.after(0.5) for _ in range(8)] == [1, 2, 4, 8, 16, 32, 60, 60]
    assert [pauses.after(lived) for lived in (301, 0.5)] == [1, 2]


# -- Ctrl-C ------------------------------------------------------------------------------------


def test_ctrl_c_waits_less_than_three_seconds(supervise: ModuleType) -> None:
    processes = importlib.import_module("steps.processes")
    assert supervise.CTRL_C_SECONDS + processes.POLITE_SECONDS < 2.5


MOMENTS: dict[str, Callable[[Portal], object]] = {
    "begun": lambda portal: b"supervise" in command_line(portal.process.pid),
    "migrating": lambda portal: (portal.instance / "lab.db").exists(),
    "filling": lambda portal: "First use" in portal.output,
}


@pytest.mark.parametrize("moment", MOMENTS)
def test_ctrl_c_while_starting_leaves_nothing_and_no_traceback(
    start: Callable[..., Portal], tmp_path: Path, sqlite_template: Path, moment: str
) -> None:
    if moment == "filling":  # as a first start leaves it that was cut short after its migrations
        (tmp_path / "instance").mkdir()
        shutil.copy(sqlite_template / "lab.db", tmp_path / "instance" / "lab.db")
        (tmp_path / "instance" / PENDING).touch()
    portal = start(tmp_path / "instance")
    wait_for(lambda: MOMENTS[moment](portal))
    below = portal.below()
    assert portal.stop(signal.SIGINT) == 0
    assert portal.processes() == {} and not living(below)
    assert "Traceback" not in portal.output and "意外" not in portal.output


SETUP = """
import subprocess, sys
sleep = [sys.executable, "-c", "import time; time.sleep(600)"]
child = subprocess.Popen(sleep, start_new_session=True)
print("setting up", flush=True)
child.wait()
"""


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_stopping_it_during_setup_ends_every_step(tmp_path: Path, number: signal.Signals) -> None:
    shutil.copytree(ROOT / "bin", tmp_path / "bin")
    (tmp_path / "bin" / "setup").write_text(SETUP)
    with subprocess.Popen(
        [sys.executable, tmp_path / "bin" / "serve"],
        env={**os.environ, "LAB_PORT": str(free_port())},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    ) as serve:
        assert serve.stdout is not None
        assert serve.stdout.readline() == "setting up\n"
        below = descendants(serve.pid)
        try:
            assert len(below) == 2
            serve.send_signal(number)
            output, _ = serve.communicate(timeout=STOP_SECONDS)
            assert (serve.returncode, output) == (130, "")
            assert not living(below)
        finally:
            for pid in living([serve.pid, *below]):
                os.kill(pid, signal.SIGKILL)


# -- what can be wrong before it starts --------------------------------------------------------


def test_a_port_in_use_is_named_before_anything_is_loaded(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        done = subprocess.run(
            [sys.executable, "-S", ROOT / "bin" / "serve"],
            env={"LAB_PORT": str(port), "LAB_INSTANCE": str(tmp_path / "empty"), "PATH": ""},
            capture_output=True,
            text=True,
            check=False,
        )
    assert done.returncode == 1
    assert done.stderr.count("\n") == 1 and done.stdout == ""
    assert f"端口{port}已被其他程序占用" in done.stderr and "LAB_PORT" in done.stderr
    assert list((tmp_path / "empty").iterdir()) == []


def test_a_free_port_or_a_wrong_setting_is_no_problem_of_a_port(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.syspath_prepend(str(ROOT / "bin"))
    address = importlib.import_module("steps.address")
    assert address.problem({"LAB_PORT": str(free_port())}) is None
    assert address.problem({"LAB_PORT": "abc"}) is None
    assert "LAB_HOST" in address.problem({"LAB_HOST": "192.0.2.7", "LAB_PORT": "8000"})
    usual = {row.name: row.default for row in TABLE}
    assert (usual["LAB_HOST"], usual["LAB_PORT"]) == (address.HOST, address.PORT)


@pytest.mark.parametrize("what", ["serve", "worker", "command"])
def test_an_unreachable_database_is_one_message(
    start: Callable[..., Portal], fork_server: ForkServer, tmp_path: Path, what: str
) -> None:
    (tmp_path / "instance").mkdir()
    damaged = tmp_path / "instance" / "lab.db"
    damaged.write_text("no database at all, but long enough to be looked at" * 100)
    if what == "serve":
        portal = start(tmp_path / "instance")
        assert portal.process.wait(timeout=START_SECONDS) == 1
        output = portal.output
    else:
        words = ["lab.worker"] if what == "worker" else ["flask", "--app", "app", "db", "upgrade"]
        environ = {**os.environ, "LAB_INSTANCE": str(tmp_path / "instance")}
        code, output = fork_server.run(*words, environ=environ, log=tmp_path / "log")
        assert code == 1
    assert output.endswith("数据库文件已损坏，或不是数据库，请从备份恢复。\n")
    assert output.count("\n") == 1


def test_a_child_without_a_supervisor_does_not_start(
    monkeypatch: pytest.MonkeyPatch, supervise: ModuleType
) -> None:
    monkeypatch.setattr(supervise.os, "getpid", lambda: 1)  # the parent that it is told to outlive
    child = supervise._start([sys.executable, "-c", f"import time; time.sleep({STOP_SECONDS})"])
    assert child.wait(timeout=STOP_SECONDS / 2) == 1


def test_a_wrong_setting_is_named_and_nothing_starts(
    start: Callable[..., Portal], tmp_path: Path
) -> None:
    portal = start(tmp_path / "instance", LAB_WEB_WORKERS="many")
    assert portal.process.wait(timeout=START_SECONDS) == 1
    assert "LAB_WEB_WORKERS" in portal.output
    assert "Traceback" not in portal.output


# -- in production -----------------------------------------------------------------------------


@pytest.fixture(scope="module")
def production(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Portal]:
    """A first start in production, which answers."""
    known = {"LAB_BASE_URL": "https://portal.lab.test", "LAB_ALLOWED_HOSTS": "127.0.0.1"}
    folder = tmp_path_factory.mktemp("production") / "instance"
    portal = Portal(folder, LAB_MODE="production", **known, **SECRETS)
    try:
        portal.wait_until_announced()
        yield portal
    finally:
        portal.end()


def test_production_starts_without_demonstration(production: Portal) -> None:
    assert "演示" not in production.output
    status, page = production.page("/")
    assert status == 200
    assert "演示" not in page


def test_asked_to_end_it_leaves_nothing_running(production: Portal) -> None:
    # Itself, the web server and its child, the worker.
    wait_for(lambda: len(production.processes()) >= 4)
    assert production.stop(signal.SIGTERM) == 0
    assert production.processes() == {}


def wait_for(condition: Callable[[], object]) -> None:
    deadline = time.monotonic() + START_SECONDS
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.1)
