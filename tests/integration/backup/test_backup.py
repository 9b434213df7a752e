"""Backups made while people write, and what is restored from them, compared by content."""

from __future__ import annotations

import hashlib
import io
import os
import secrets
import shutil
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select

from lab import audit, clock
from lab.audit.check import verify_chain
from lab.audit.models import AuditEvent
from lab.backup import daily, restoring, service
from lab.backup.rules import manifest
from lab.backup.rules.manifest import BackupError, File
from lab.extensions import db
from lab.feature import status
from lab.files.models import StoredFile
from lab.files.storing import service as files
from lab.files.storing import storage
from lab.filesystem import ROOT
from lab.identity.models.account import AuthSession
from lab.inbox.models.letters import LetterRecipient
from tests.conftest import settings_for
from tests.support.builders import letters as letter_rows
from tests.support.cast import Cast
from tests.support.client import PageClient
from tests.support.databases.app_pool import PooledApp
from tests.support.databases.postgres import Postgres

ROUNDS = 4
PAUSE, MOST = 0.02, 10  # seconds between two acts of a writer; files that he leaves there
NIGHT = datetime(2022, 6, 30, 18, 0, tzinfo=UTC)  # two in the morning in Beijing
RESTORED = "restored_lab"
Empty = Callable[[], "contextmanager[Flask]"]


@pytest.fixture(scope="module")
def second_sqlite(tmp_path_factory: pytest.TempPathFactory) -> PooledApp:
    return PooledApp(settings_for(tmp_path_factory.mktemp("restored") / "instance"))


@pytest.fixture(scope="module")
def second_postgres(postgres: Postgres, tmp_path_factory: pytest.TempPathFactory) -> PooledApp:
    folder = tmp_path_factory.mktemp("restored") / "instance"
    return PooledApp(settings_for(folder, postgres.url(RESTORED)))


@pytest.fixture
def empty_place(both_app: Flask, request: pytest.FixtureRequest) -> Empty:
    """Hands out an app on an empty place with the same kind of database, as often as asked."""
    if both_app.config["SETTINGS"].sqlite:
        sqlite: PooledApp = request.getfixturevalue("second_sqlite")
        return lambda: sqlite.checkout(lambda _folder: None)
    server: Postgres = request.getfixturevalue("postgres")
    other: PooledApp = request.getfixturevalue("second_postgres")

    def fill(_folder: Path) -> None:
        server.drop_database(RESTORED)
        server.create_database(RESTORED)

    return lambda: other.checkout(fill)


@dataclass
class Writer:
    """Somebody who stores files and takes some away again, until told to stop."""

    app: Flask
    person_id: int
    stored: dict[str, str] = field(default_factory=dict)  # acknowledged: key of the row → SHA-256
    removed: set[str] = field(default_factory=set)
    failure: list[BaseException] = field(default_factory=list)
    at_work: threading.Event = field(default_factory=threading.Event)
    wrote: threading.Event = field(default_factory=threading.Event)

    def store(self) -> str:
        kept = storage.store_file(io.BytesIO(secrets.token_bytes(2000)))
        row = StoredFile(
            name="附件.pdf",
            extension="pdf",
            size=kept.size,
            sha256=kept.sha256,
            storage_name=kept.storage_name,
            uploaded_by_id=self.person_id,
        )
        db.session.add(row)
        db.session.flush()
        audit.record("test.store", row)
        db.session.commit()
        self.stored[row.key] = kept.sha256
        return row.key

    def remove(self, key: str) -> None:
        row = db.session.scalars(select(StoredFile).where(StoredFile.key == key)).one()
        name = row.storage_name
        self.removed.add(key)
        db.session.delete(row)
        audit.record("test.remove", object_key=key)
        db.session.commit()
        os.utime(storage.folder() / name, (0, 0))  # it is an old one that the next purge takes
        files.purge_expired()

    def work(self, stop: threading.Event) -> None:
        try:
            with self.app.app_context():
                while not stop.wait(PAUSE):
                    if not self.at_work.wait(PAUSE):
                        continue
                    self.store()
                    self.wrote.set()
                    if len(self.stored) - len(self.removed) > MOST:
                        self.remove(next(key for key in self.stored if key not in self.removed))
        except BaseException as error:
            self.failure.append(error)
            raise


@contextmanager
def at_work(writers: list[Writer]) -> Iterator[None]:
    """All of them write meanwhile, each once at least before this begins."""
    for writer in writers:
        writer.at_work.set()
    wait_for_writes(writers)
    yield
    for writer in writers:
        writer.at_work.clear()


def wait_for_writes(writers: list[Writer]) -> None:
    """Let time pass until each of them has stored something new."""
    for writer in writers:
        writer.wrote.clear()
    for writer in writers:
        assert writer.wrote.wait(300) or writer.failure


@contextmanager
def writing_people(app: Flask, person_id: int, many: int = 2) -> Iterator[list[Writer]]:
    writers, stop = [Writer(app, person_id) for _ in range(many)], threading.Event()
    threads = [threading.Thread(target=writer.work, args=(stop,)) for writer in writers]
    for thread in threads:
        thread.start()
    try:
        yield writers
    finally:
        stop.set()
        for thread in threads:
            thread.join()
    assert not any(writer.failure for writer in writers)


def check_content(acknowledged: dict[str, str], removed: set[str]) -> None:
    """Every file of a row lies there with its content; every row has its line; none is lost."""
    rows = {row.key: row for row in db.session.scalars(select(StoredFile))}
    for row in rows.values():
        content = (storage.folder() / row.storage_name).read_bytes()
        assert hashlib.sha256(content).hexdigest() == row.sha256
    for key, sha256 in acknowledged.items():
        assert key in removed or rows[key].sha256 == sha256
    lines = set(
        db.session.scalars(select(AuditEvent.object_key).where(AuditEvent.action == "test.store"))
    )
    gone = set(
        db.session.scalars(select(AuditEvent.object_key).where(AuditEvent.action == "test.remove"))
    )
    assert rows.keys() == lines - gone, "a row without its line or a line without its row"


def test_backups_under_writes_restore_complete(
    both_app: Flask,
    both_cast: Cast,
    empty_place: Empty,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    copy_files = service._copy_files
    with writing_people(both_app, both_cast.applicant) as writers:

        def copy_between_writes(names: list[str], half: Path) -> dict[str, File]:
            wait_for_writes(writers)
            copied = copy_files(names, half)
            wait_for_writes(writers)
            return copied

        monkeypatch.setattr(service, "_copy_files", copy_between_writes)
        for number in range(ROUNDS):
            with at_work(writers), both_app.app_context():
                acknowledged = {k: v for writer in writers for k, v in list(writer.stored.items())}
                made = service.back_up(tmp_path / str(number))
                db.session.remove()
            assert not made.manifest.missing
            with empty_place() as restored, restored.app_context():
                done = restoring.restore(made.folder)
                assert done.chain.is_intact, done.chain.finding
                # The restore writes one line of its own.
                assert done.chain.rows == made.manifest.head_seq + 1
                check_content(acknowledged, set().union(*(w.removed for w in writers)))
                db.session.remove()
            shutil.rmtree(made.folder)


@pytest.fixture
def backup(both_app: Flask, both_cast: Cast, tmp_path: Path) -> service.BackupResult:
    """A backup with a stored file, a person signed in and a mail that waits."""
    PageClient(both_app).as_(both_cast.applicant)
    with both_app.app_context():
        Writer(both_app, both_cast.applicant).store()
        letter_rows.set_mail(both_app, 9)
        letter_rows.give_mail(both_cast.applicant, "owner@lab.test")
        letter_rows.sent(both_cast, both_cast.applicant)
        made = service.back_up(tmp_path / "backups")
        db.session.remove()
    return made


def test_the_restored_portal_sends_no_mail_and_knows_nobody(
    backup: service.BackupResult, empty_place: Empty
) -> None:
    with empty_place() as restored, restored.app_context():
        done = restoring.restore(backup.folder)
        assert done.mails_in_doubt == 1
        mail = db.session.scalars(select(LetterRecipient)).one()
        assert mail.status == "unclear"
        assert "备份" in mail.last_error
        assert db.session.scalars(select(AuthSession)).all() == []
        line = db.session.scalars(select(AuditEvent).order_by(AuditEvent.seq.desc())).first()
        assert line is not None
        assert (line.action, line.object_key) == ("backup.restore", backup.folder.name)
        assert verify_chain().is_intact
        db.session.remove()


def test_a_demonstration_is_restored_with_its_own_key(
    backup: service.BackupResult, empty_place: Empty
) -> None:
    with empty_place() as restored, restored.app_context():
        name = f"instance/{restoring.KEY_FILE}"
        (backup.folder / name).write_text(restored.config["AUDIT_KEY"])
        made = manifest.read(backup.folder)
        files = {**made.files, name: manifest.describe(backup.folder / name)}
        listed = manifest.to_json(replace(made, files=files))
        (backup.folder / manifest.NAME).write_bytes(listed)
        restored.config["AUDIT_KEY"] = "made-by-start-up-0123456789abcdefghij"
        (Path(restored.config["INSTANCE"]) / restoring.KEY_FILE).write_text(
            restored.config["AUDIT_KEY"]
        )
        assert restoring.restore(backup.folder).chain.is_intact
        last = select(AuditEvent.action).order_by(AuditEvent.seq.desc())
        assert db.session.scalars(last).first() == "backup.restore"
        db.session.remove()


def test_a_second_restore_into_one_folder_is_refused(
    backup: service.BackupResult, empty_place: Empty
) -> None:
    with empty_place() as restored, restored.app_context():
        restoring.restore(backup.folder)
        before = verify_chain().rows
        with pytest.raises(BackupError, match="只能恢复到空的"):
            restoring.restore(backup.folder)
        assert verify_chain().rows == before
        shutil.rmtree(restored.config["INSTANCE"] + "/files")
        (Path(restored.config["INSTANCE"]) / "audit-heads.log").unlink()
        if not restored.config["SETTINGS"].sqlite:
            with pytest.raises(BackupError, match="数据库里已有内容"):
                restoring.restore(backup.folder)
        db.session.remove()


def _stored(backup: service.BackupResult) -> Path:
    return next((backup.folder / "instance" / "files").iterdir())


def _spoil(path: Path) -> None:
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(data)


@pytest.mark.parametrize(
    ("spoil", "words"),
    [
        (lambda b: _stored(b).unlink(), "备份不完整.*缺失"),
        (lambda b: _spoil(_stored(b)), "备份不完整.*不符"),
        (lambda b: _spoil(next(b.folder.glob("lab.d*"))), "备份不完整.*lab.d.*不符"),
        (lambda b: (b.folder / manifest.NAME).unlink(), "没有备份清单"),
    ],
)
def test_a_damaged_backup_is_refused_before_anything_is_written(
    backup: service.BackupResult,
    empty_place: Empty,
    spoil: Callable[[service.BackupResult], None],
    words: str,
) -> None:
    spoil(backup)
    with empty_place() as restored, restored.app_context():
        with pytest.raises(BackupError, match=words):
            restoring.restore(backup.folder)
        assert not (Path(restored.config["INSTANCE"]) / "files").exists()
        restoring._reject_non_empty()


@pytest.mark.parametrize("revision", ["9999", ""])
def test_a_backup_of_an_unknown_version_is_refused(
    backup: service.BackupResult, empty_place: Empty, revision: str
) -> None:
    (ROOT / "migrations" / "versions" / "__pycache__").mkdir(exist_ok=True)
    other = replace(manifest.read(backup.folder), revision=revision)
    (backup.folder / manifest.NAME).write_bytes(manifest.to_json(other))
    with empty_place() as restored, restored.app_context():
        with pytest.raises(BackupError, match="来自更新版本的门户"):
            restoring.restore(backup.folder)
        restoring._reject_non_empty()


def test_another_audit_key_is_named_before_anything_is_written(
    backup: service.BackupResult, empty_place: Empty
) -> None:
    with empty_place() as restored, restored.app_context():
        restored.config["AUDIT_KEY"] = "another-0123456789-abcdefghijklmnop"
        with pytest.raises(BackupError, match="LAB_AUDIT_KEY"):
            restoring.restore(backup.folder)
        restoring._reject_non_empty()


def test_a_table_that_came_back_otherwise_is_named(
    backup: service.BackupResult, empty_place: Empty, monkeypatch: pytest.MonkeyPatch
) -> None:
    with empty_place() as restored, restored.app_context():
        dialect = service.database_module(restored.config["SETTINGS"].database_url)
        whole = dialect.restore

        def restore_and_alter(url: str, folder: Path) -> None:
            whole(url, folder)
            with db.engine.begin() as connection:
                connection.exec_driver_sql("UPDATE unit SET name = 'X' WHERE id = 1")

        monkeypatch.setattr(dialect, "restore", restore_and_alter)
        with pytest.raises(BackupError, match="不一致：unit"):
            restoring.restore(backup.folder)


def test_a_file_that_was_gone_before_is_named_and_stops_nothing(
    both_app: Flask, both_cast: Cast, tmp_path: Path
) -> None:
    with both_app.app_context():
        Writer(both_app, both_cast.applicant).store()
        name = next(storage.folder().iterdir()).name
        storage.delete_file(name)
        made = service.back_up(tmp_path / "backups")
        assert made.manifest.missing == (f"instance/files/{name}",)
        db.session.remove()
    done = both_app.test_cli_runner().invoke(args=["backup", str(tmp_path / "by-command")])
    assert done.exit_code == 3
    assert name in done.output


def test_a_full_disk_leaves_no_half_backup(
    app: Flask, cast: Cast, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_words: object) -> None:
        raise OSError(28, "No space left on device", "x")

    monkeypatch.setattr(service.disk, "write", full)
    with app.app_context(), pytest.raises(BackupError, match="磁盘空间不足"):
        service.back_up(tmp_path / "backups")
    assert list((tmp_path / "backups").iterdir()) == []


def test_a_backup_inside_the_instance_is_refused(app: Flask, cast: Cast) -> None:
    inside = Path(app.config["INSTANCE"]) / "backups"
    done = app.test_cli_runner().invoke(args=["backup", str(inside)])
    assert done.exit_code == 1
    assert "不能放在数据文件夹里面" in done.output


# -- the daily one -----------------------------------------------------------------------------


@pytest.fixture
def daily_app(app: Flask, cast: Cast, tmp_path: Path) -> Flask:
    """An app whose backups go to a folder of the test."""
    (tmp_path / "daily").mkdir()
    app.config["SETTINGS"] = replace(app.config["SETTINGS"], backup_dir=tmp_path / "daily")
    return app


def _run(app: Flask) -> bool:
    """A minute of the worker; whether it began a backup, which is waited for."""
    with app.app_context():
        thread = daily.run_if_due()
    if thread is None:
        return False
    thread.join(timeout=300)
    assert not thread.is_alive()
    return True


def test_the_worker_makes_one_a_day_and_keeps_seven(daily_app: Flask, tmp_path: Path) -> None:
    for day in range(9):
        moment = NIGHT + timedelta(days=day)
        with clock.freeze(moment):
            assert _run(daily_app)
        with clock.freeze(moment + timedelta(hours=3)):
            assert not _run(daily_app)
    names = sorted(name for name in os.listdir(tmp_path / "daily") if not name.startswith("."))
    assert names == [f"daily-202207{day:02}-020000" for day in range(3, 10)]
    for name in names:
        folder = tmp_path / "daily" / name
        assert list(manifest.file_problems(folder, manifest.read(folder))) == []


def test_what_a_killed_worker_left_half_made_is_cleared(daily_app: Flask, tmp_path: Path) -> None:
    half = tmp_path / "daily" / "daily-20220630-020000.part"
    half.mkdir()
    with clock.freeze(NIGHT):
        assert _run(daily_app)
    assert not half.exists()


def test_a_backup_dated_ahead_is_not_followed_by_many(daily_app: Flask) -> None:
    with daily_app.app_context():
        with clock.freeze(NIGHT + timedelta(days=8)):
            assert _run(daily_app)
        for minute in (0, 1, 2):
            with clock.freeze(NIGHT + timedelta(minutes=minute)):
                assert bool(_run(daily_app)) is (minute == 0)
                assert daily.check().text.startswith("最近一次在2022年7月1日")


def test_a_damaged_list_of_a_backup_does_not_end_the_daily_ones(
    daily_app: Flask, tmp_path: Path
) -> None:
    with daily_app.app_context():
        for day in (0, 1):
            with clock.freeze(NIGHT + timedelta(days=day)):
                assert _run(daily_app)
        (tmp_path / "daily" / "daily-20220702-020000" / manifest.NAME).write_bytes(b"{")
        with clock.freeze(NIGHT + timedelta(days=2)):
            assert daily.check().text.startswith("最近一次在2022年7月1日")
            assert _run(daily_app)
            assert daily.check().text.startswith("最近一次在2022年7月3日")


def test_administrators_read_how_old_the_backup_is(daily_app: Flask) -> None:
    with daily_app.app_context():
        with clock.freeze(NIGHT):
            assert daily.check().tone == status.DANGER
            assert _run(daily_app)
            assert daily.check().text.startswith("最近一次在2022年7月1日 02:00（不到1小时前）")
        for hours, tone in ((25, status.OK), (27, status.WARNING), (51, status.DANGER)):
            with clock.freeze(NIGHT + timedelta(hours=hours)):
                assert daily.check().tone == tone
        daily_app.config["SETTINGS"] = replace(daily_app.config["SETTINGS"], backup_dir=None)
        assert daily.check().text == "没有设置每日备份。"


def test_a_failed_backup_is_noted_and_tried_again_after_an_hour(
    daily_app: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = tmp_path / "daily"
    with monkeypatch.context() as broken, clock.freeze(NIGHT):
        broken.setattr(daily, "back_up", _fail)
        assert _run(daily_app)
        assert not _run(daily_app)
        found = daily.backup_state(place)
        assert (found.newest, found.failure) == (None, "备份没有完成：磁盘空间不足。")
    with clock.freeze(NIGHT + timedelta(hours=1)):
        assert _run(daily_app)
        found = daily.backup_state(place)
        assert (found.newest, found.failed_at) == (NIGHT + timedelta(hours=1), None)


def _fail(*_words: object) -> None:
    raise BackupError("备份没有完成：磁盘空间不足。")
