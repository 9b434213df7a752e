"""A real portal (web server and worker) on an empty database, and real Chromium."""

from __future__ import annotations

import os
import shutil
import socket
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, Request, expect, sync_playwright

from tests.browser import calendar
from tests.conftest import SECRETS
from tests.support.cast import PASSWORD, Cast
from tests.support.databases.template_database import Peopled
from tests.support.servers.forking import ForkedProcess, ForkServer

CHROMIUM = next((p for p in map(shutil.which, ("chromium", "chromium-browser")) if p), None)
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


# Seconds: what comes is not waited for any longer, and a busy machine is no fault of the portal.
PATIENCE = 180
expect.set_options(timeout=PATIENCE * 1000)


@dataclass(frozen=True)
class Portal:
    """A running portal: its address, its instance folder, the cast stored in it."""

    url: str
    instance: Path
    cast: Cast

    def turn_on_days(self, days: int) -> None:
        """Let the portal's calendar run so many days ahead; sessions end as in a real pause."""
        (self.instance / calendar.FILE).write_text(str(days))


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _wait(url: str, children: list[ForkedProcess]) -> None:
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        assert all(child.poll() is None for child in children), "a server process ended"
        try:
            with urllib.request.urlopen(f"{url}/health", timeout=2):
                return
        except urllib.error.HTTPError:  # it answers; the worker may not have been seen yet
            return
        except (urllib.error.URLError, OSError):
            time.sleep(0.1)
    raise AssertionError("the portal did not answer")


@pytest.fixture
def portal(
    sqlite_cast: Peopled[Path],
    tmp_path: Path,
    fork_server: ForkServer,
    request: pytest.FixtureRequest,
) -> Iterator[Portal]:
    """Web server and worker as in real running, on an empty database with the cast in it.

    One web process, because each costs seconds to start; two where a test is marked so.
    """
    workers = "2" if request.node.get_closest_marker("two_processes") else "1"
    instance = tmp_path / "live"
    shutil.copytree(sqlite_cast.template, instance)
    port = _free_port()
    environ = {k: v for k, v in os.environ.items() if not k.startswith("LAB_")}
    environ |= {"LAB_WEB_WORKERS": workers}
    environ |= {"LAB_INSTANCE": str(instance), "LAB_PORT": str(port), **SECRETS}
    log = tmp_path / "server.log"
    children = [
        fork_server.start("tests.browser.calendar", *words, environ=environ, log=log)
        for words in (["gunicorn", "app:app"], ["lab.worker"])
    ]
    url = f"http://127.0.0.1:{port}"
    try:
        _wait(url, children)
        yield Portal(url, instance, sqlite_cast.cast)
    finally:
        for child in children:
            child.terminate()
        for child in children:
            child.wait()


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    if CHROMIUM is None:
        pytest.skip("Chromium is not installed; bin/setup --dev installs it.")
    with sync_playwright() as play:
        chromium = play.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield chromium
        chromium.close()


Visit = Callable[..., Page]


@pytest.fixture
def as_person(browser: Browser, portal: Portal) -> Iterator[Visit]:
    """`as_person("office")`: a page of a browser of its own, signed in through the form.

    Further keywords go to the browser's context. No script may fail meanwhile, and none may come
    from an address that says nothing of its content.
    """
    contexts = []
    faults: list[str] = []

    def note_address(request: Request) -> None:
        if "/static/js/" in request.url and "?v=" not in request.url:
            faults.append(request.url)

    def visit(
        name: str, width: int = 1440, height: int = 900, password: str = PASSWORD, **options: Any
    ) -> Page:
        context = browser.new_context(
            base_url=portal.url,
            locale="zh-CN",
            timezone_id="Asia/Shanghai",
            viewport={"width": width, "height": height},
            accept_downloads=True,
            **options,
        )
        context.set_default_timeout(PATIENCE * 1000)
        contexts.append(context)
        context.on("weberror", lambda fault: faults.append(str(fault.error)))
        context.on("request", note_address)
        page = context.new_page()
        page.goto("/sign-in")
        page.get_by_label("登录名").fill(name)
        page.get_by_label("密码").fill(password)
        page.get_by_role("button", name="登录").click()
        page.wait_for_url(lambda url: "/sign-in" not in url)
        return page

    yield visit
    for context in contexts:
        context.close()
    assert faults == []
