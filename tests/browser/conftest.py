"""A real portal (web server, worker where asked for) on an empty database, and real Chromium."""

from __future__ import annotations

import os
import socket
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import (
    Browser,
    BrowserContext,
    Page,
    Request,
    expect,
    sync_playwright,
)
from sqlalchemy import select

from lab.extensions import db
from lab.identity.models.account import Person
from steps import system
from tests.browser import calendar
from tests.browser.readiness import act_after_scripts
from tests.conftest import SECRETS
from tests.support.cast import PASSWORD, Cast
from tests.support.client import PageClient
from tests.support.servers.forking import ForkedProcess, ForkServer

CHROMIUM = system.find_chromium()
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
    """A running portal: its address, the cast stored in it, the test's own app on its instance."""

    url: str
    app: Flask
    cast: Cast

    @property
    def instance(self) -> Path:
        return Path(self.app.config["INSTANCE"])

    def turn_on_days(self, days: int) -> None:
        """Let the portal's calendar run so many days ahead; sessions end as in a real pause."""
        (self.instance / calendar.FILE).write_text(str(days))

    def let_in(self, context: BrowserContext, name: str) -> None:
        """Sign the person in without the form: whoever was signed in there is not any more."""
        with self.app.app_context():
            person = db.session.scalars(select(Person).filter_by(sign_in_name=name)).one().id
        cookie = PageClient(self.app).as_(person).http.get_cookie("lab")
        assert cookie is not None
        context.add_cookies([{"name": "lab", "value": cookie.value, "url": self.url}])

    def environ(self, workers: int = 1) -> dict[str, str]:
        """What its processes need."""
        kept = {k: v for k, v in os.environ.items() if not k.startswith("LAB_")}
        mine = {"LAB_INSTANCE": str(self.instance), "LAB_PORT": self.url.rpartition(":")[2]}
        return {**kept, **SECRETS, **mine, "LAB_WEB_WORKERS": str(workers)}


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _wait(url: str, server: ForkedProcess) -> None:
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        assert server.poll() is None, "the server process ended"
        try:
            with urllib.request.urlopen(f"{url}/health", timeout=2):
                return
        except urllib.error.HTTPError:  # it answers; no worker has been seen
            return
        except (urllib.error.URLError, OSError):
            time.sleep(0.1)
    raise AssertionError("the portal did not answer")


@contextmanager
def _running(
    fork_server: ForkServer, portal: Portal, *words: str, workers: int = 1
) -> Iterator[ForkedProcess]:
    """Start a process of the portal, hand it out, end it."""
    log = portal.instance / "server.log"
    process = fork_server.start(
        "tests.browser.calendar", *words, environ=portal.environ(workers), log=log
    )
    try:
        yield process
    finally:
        process.terminate()
        process.wait()


@pytest.fixture
def portal(
    app: Flask, cast: Cast, fork_server: ForkServer, request: pytest.FixtureRequest
) -> Iterator[Portal]:
    """A web server as in real running, on an empty database with the cast in it.

    One web process, because each costs seconds to start; two where a test is marked so. The
    worker comes by a fixture of its own: without it nobody lays out documents that no test opens.
    """
    workers = 2 if request.node.get_closest_marker("two_processes") else 1
    served = Portal(f"http://127.0.0.1:{_free_port()}", app, cast)
    with _running(fork_server, served, "gunicorn", "app:app", workers=workers) as server:
        _wait(served.url, server)
        yield served


@pytest.fixture
def worker(portal: Portal, fork_server: ForkServer) -> Iterator[None]:
    """The portal's worker as in real running."""
    with _running(fork_server, portal, "lab.worker"):
        yield


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    """Chromium, closed before tests of another kind begin: its event loop runs in their thread."""
    if CHROMIUM is None:
        pytest.skip("Chromium is not installed; bin/setup --dev installs it.")
    with sync_playwright() as play:
        chromium = play.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield chromium
        chromium.close()


Visit = Callable[..., Page]


@pytest.fixture
def as_person(browser: Browser, portal: Portal) -> Iterator[Visit]:
    """`as_person("office")`: an empty page of a browser of its own, signed in.

    `by_form`: through the form, on the start page. Further keywords go to the browser's context.
    No script may fail meanwhile, and none may come from an address that says nothing of its
    content. Nothing moves by itself: each picture of a movement would be drawn.
    """
    contexts = []
    faults: list[str] = []

    def note_address(request: Request) -> None:
        if "/static/js/" in request.url and "?v=" not in request.url:
            faults.append(request.url)

    def visit(
        name: str, width: int = 1440, height: int = 900, by_form: bool = False, **options: Any
    ) -> Page:
        context = browser.new_context(
            base_url=portal.url,
            locale="zh-CN",
            timezone_id="Asia/Shanghai",
            viewport={"width": width, "height": height},
            accept_downloads=True,
            reduced_motion="reduce",
            **options,
        )
        context.set_default_timeout(PATIENCE * 1000)
        contexts.append(context)
        context.on("weberror", lambda fault: faults.append(str(fault.error)))
        context.on("request", note_address)
        if options.get("java_script_enabled", True):
            act_after_scripts(context)
        page = context.new_page()
        if by_form:
            sign_in(page, name)
        else:
            portal.let_in(context, name)
        return page

    yield visit
    for context in contexts:
        context.close()
    assert faults == []


def sign_in(page: Page, name: str) -> None:
    """Sign in through the form."""
    page.goto("/sign-in")
    page.get_by_label("登录名").fill(name)
    page.get_by_label("密码").fill(PASSWORD)
    page.get_by_role("button", name="登录").click()
    page.wait_for_url(lambda url: "/sign-in" not in url)
