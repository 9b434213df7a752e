"""The power is cut: what was acknowledged is there, on a disk that keeps synced bytes and names
and nothing else."""

from __future__ import annotations

import contextlib
import hashlib
import http.client
import io
import itertools
import json
import os
import random
import secrets
import shutil
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pysqlite3.dbapi2 as pysqlite3
import pytest
from sqlalchemy import select

from lab.audit.check import verify_chain
from lab.extensions import db
from lab.factory import create_app
from lab.files.documents import storage as documents
from lab.files.models import StoredFile
from lab.files.storing import storage
from lab.jobs.service import run_due
from lab.reports.models import Report
from tests.conftest import settings_for
from tests.integration.servers.test_kill import Writers, check, start_web
from tests.support.builders import files as builders_files
from tests.support.builders.calls import open_call
from tests.support.builders.proposals import empty_draft
from tests.support.databases.app_pool import close
from tests.support.databases.template_database import Peopled
from tests.support.power_cuts import fuse
from tests.support.power_cuts.folder import Power, powered
from tests.support.servers.forking import ForkServer
from tests.support.servers.portal_server import Browser, Place, free_port

ROUNDS = 3
MINUTES = 300  # seconds: a busy machine is no fault


@pytest.fixture
def power(tmp_path: Path) -> Iterator[Power]:
    if reason := fuse.why_not():
        pytest.skip(f"power cuts were not tried: {reason}")
    with powered(tmp_path / "disk") as made:
        yield made


@pytest.fixture
def place(power: Power, sqlite_cast: Peopled[Path]) -> Iterator[Place]:
    """A portal whose instance folder lies on the disk that can be cut."""
    for source in sqlite_cast.template.iterdir():
        if source.is_file():
            shutil.copy(source, power.folder / source.name)
    power.settle()
    app = create_app(settings_for(power.folder))
    made = Place(app, sqlite_cast.cast, free_port())
    yield made
    close(app)


def let_all_go(place: Place) -> None:
    """Nothing on the disk is held by this process."""
    place.release()
    place.app.extensions["queue"].close()


# -- the disk itself ---------------------------------------------------------------------------


def written(path: Path, *, sync: bool) -> Path:
    with path.open("wb") as out:
        out.write(b"x" * 10_000)
        out.flush()
        if sync:
            os.fsync(out.fileno())
    return path


def sync_folder(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    os.fsync(handle)
    os.close(handle)


def test_the_disk_keeps_synced_bytes_and_names_only(power: Power) -> None:
    disk = power.folder
    written(disk / "synced", sync=True)
    written(disk / "bytes lost", sync=False)
    written(disk / "old name", sync=True)
    sync_folder(disk)
    (disk / "old name").rename(disk / "new name")
    written(disk / "name lost", sync=True)
    power.cut()
    sizes = {path.name: path.stat().st_size for path in disk.iterdir()}
    assert sizes == {"synced": 10_000, "bytes lost": 0, "old name": 10_000}


def kept_without_its_name(document: bytes) -> storage.StoredContent:
    """As finished documents were written once: the folder is not synced after the renaming."""
    where = storage.folder(storage.DOCUMENTS)
    target = where / f"{secrets.token_hex(20)}.pdf"
    half = target.with_suffix(".part")
    with half.open("wb") as out:
        out.write(document)
        out.flush()
        os.fsync(out.fileno())
    half.replace(target)
    return storage.StoredContent(target.name, hashlib.sha256(document).hexdigest(), len(document))


KEEPERS: list[tuple[str, Callable[[bytes], storage.StoredContent], str]] = [
    (storage.DOCUMENTS, kept_without_its_name, storage.MISSING),
    (storage.DOCUMENTS, documents.store_document, ""),
    (storage.FILES, lambda data: storage.store_file(io.BytesIO(data)), ""),
    (storage.PREVIEWS, lambda data: storage.store_file(io.BytesIO(data), storage.PREVIEWS), ""),
]


@pytest.mark.parametrize("fresh", [True, False], ids=["new folder", "folder in use"])
def test_a_stored_file_survives_a_power_cut(place: Place, power: Power, fresh: bool) -> None:
    found = []
    for where, keep, _ in KEEPERS:
        with place.app.app_context():
            if not fresh:
                keep(b"%PDF-1.7 earlier")
                power.settle()
            kept = keep(b"%PDF-1.7 finished")
        let_all_go(place)
        power.cut()
        with place.app.app_context():
            found.append(
                storage.find_damage(storage.folder(where) / kept.storage_name, kept.sha256)
            )
    assert found == [wanted for _, _, wanted in KEEPERS]


# -- the portal on it --------------------------------------------------------------------------


class Uploader:
    """Somebody who puts one attachment in place of the other without pause."""

    def __init__(self, place: Place, proposal: str) -> None:
        self.acknowledged: dict[str, str] = {}
        self._browser = Browser(place, place.cast.applicant)
        self._address, self._last = f"/proposals/{proposal}/files", ""
        self._numbers = itertools.count()
        self._stop, self.first = threading.Event(), threading.Event()

    def start(self) -> None:
        self._stop.clear()
        self.first.clear()
        self._thread = threading.Thread(target=self._work)
        self._thread.start()

    def stop(self) -> None:
        self._stop.set()
        self._thread.join()
        self._browser.close()

    def _work(self) -> None:
        while not self._stop.is_set():
            try:
                self._one()
            except (OSError, http.client.HTTPException):
                time.sleep(0.02)

    def _one(self) -> None:
        number = next(self._numbers)
        data = builders_files.pdf(f"第{number}版")
        values = {"upload_key": f"{number:024}", "replaces": self._last}
        status, body = self._browser.post_file(self._address, values, "意向书.pdf", data)
        told = json.loads(body)
        if status == 422:  # what it replaces was replaced by an upload whose answer was cut off
            assert "已被替换或移除" in told["text"], told
            self._last = ""
            return
        assert status == 200, told
        self._last = told["file"]
        self.acknowledged[self._last] = hashlib.sha256(data).hexdigest()
        self.first.set()


def check_files(place: Place, acknowledged: dict[str, str]) -> None:
    """Every acknowledged file has its row, and every row its file."""
    with place.app.app_context():
        rows = {file.key: file for file in db.session.scalars(select(StoredFile))}
        lost = {key for key, sha in acknowledged.items() if rows[key].sha256 != sha}
        damaged = {
            key: why
            for key, file in rows.items()
            if (why := storage.find_damage(storage.folder() / file.storage_name, file.sha256))
        }
        assert (lost, damaged) == (set(), {})
    place.release()


def check_queue(place: Place) -> None:
    path = Path(place.app.config["INSTANCE"]) / "queue.db"
    with contextlib.closing(pysqlite3.connect(path)) as queue:
        assert queue.execute("PRAGMA integrity_check").fetchall() == [("ok",)]


def test_power_cuts_lose_nothing_that_was_acknowledged(
    place: Place, power: Power, fork_server: ForkServer
) -> None:
    with place.app.app_context():
        proposal = empty_draft(place.cast, open_call(place.cast, year=1999)).key
    writers, uploader = Writers(place), Uploader(place, proposal)
    rng = random.Random(2022)
    let_all_go(place)
    power.settle()
    for number in range(ROUNDS):
        before = len(writers.acknowledged), len(uploader.acknowledged)
        web = start_web(fork_server, place)
        uploader.start()
        try:
            writers.work(rng.uniform(0, 0.4))
            assert uploader.first.wait(MINUTES), "no upload was answered"
        finally:
            web.kill()
            web.wait()
            writers.stop()
            uploader.stop()
        assert len(writers.acknowledged) > before[0]
        # Every second time some of what was not synced has reached the disk all the same.
        power.cut(luck=number if number % 2 else None)
        check(place, writers.acknowledged)
        check_files(place, uploader.acknowledged)
        check_queue(place)
        let_all_go(place)
    assert len(writers.acknowledged) >= 5 * ROUNDS and len(uploader.acknowledged) >= ROUNDS
    with place.app.app_context():
        run_due()  # the rows are the queue: what waits is done
        assert verify_chain().is_intact


def test_a_report_that_is_ready_outlasts_the_cut(
    place: Place, power: Power, fork_server: ForkServer
) -> None:
    """Ordered over HTTP, laid out by the real worker, woken through the queue's own file."""
    browser = Browser(place, place.cast.office)
    let_all_go(place)
    power.settle()
    web = start_web(fork_server, place)
    worker = fork_server.start("lab.worker", environ=place.environment)
    try:
        address = ordered(browser)
        ready = waited_for(browser, address)
    finally:
        web.kill()
        web.wait()
        worker.kill()
        worker.wait()
    browser.close()
    power.cut()
    assert ready
    with place.app.app_context():
        report = db.session.scalars(select(Report)).one()
        assert (report.status, documents.damage(report)) == ("ready", "")
        assert documents.path_of(report.file_name or "").read_bytes().startswith(b"%PDF-")
        assert verify_chain().is_intact
    check_queue(place)


def ordered(browser: Browser) -> str:
    """The address of a new report, asked for until the server has started."""
    deadline = time.monotonic() + MINUTES
    while True:
        try:
            status, where = browser.post("/reports/new", {"cutoff": "2022-09-30"})
        except (OSError, http.client.HTTPException):
            assert time.monotonic() < deadline, "the server did not start"
            time.sleep(0.05)
            continue
        assert status == 303
        return where


def waited_for(browser: Browser, address: str) -> bool:
    deadline = time.monotonic() + MINUTES
    while time.monotonic() < deadline:
        if json.loads(browser.get(f"{address}/state"))["state"] == "done":
            return True
        time.sleep(0.1)
    return False
