"""Restore into an empty place: verify first, compare by content afterwards."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from flask import current_app
from flask_migrate import upgrade
from sqlalchemy import delete, inspect

from lab import audit
from lab.audit.check import verify_chain
from lab.audit.rules.chain import ChainReport
from lab.backup import disk
from lab.backup.rules import manifest
from lab.backup.rules.manifest import BackupError, Manifest
from lab.backup.service import INSTANCE, QUEUE, database_kind, database_module, settings
from lab.extensions import db
from lab.filesystem import ROOT
from lab.identity.models.account import AuthSession
from lab.inbox.mail.restored_mails import mark_waiting_uncertain
from lab.nodes.models import Heartbeat

KEY_FILE = "lab_audit_key.txt"
# BackupResult by start-up itself before the command runs.
STARTUP_FILES = frozenset({"lab_secret_key.txt", KEY_FILE, *disk.TEMPORARY})
IN_DOUBT = "恢复自备份，备份之后是否已经发出不明"


@dataclass(frozen=True)
class Restored:
    """What was restored, how many mails are now uncertain, and the state of the audit chain."""

    manifest: Manifest
    mails_in_doubt: int
    chain: ChainReport


def restore(folder: Path) -> Restored:
    """Restore a backup into the place given by the settings.

    Everybody is signed out, since the backup does not know later sign-outs; waiting mails become
    uncertain, since they may have been sent meanwhile. Raises BackupError before writing anything
    when the backup is incomplete or the place is not empty; a later failure removes what it wrote.
    """
    manifest_data = manifest.read(folder)
    _reject_unfit(folder, manifest_data)
    _reject_non_empty()
    key = _audit_key(folder)  # while the key that start-up made for this place still stands there
    try:
        _write(folder, manifest_data)
    except OSError as error:
        _remove_files(manifest_data)
        raise BackupError(f"恢复没有完成：{error.strerror}（{error.filename}）。") from error
    except BackupError:
        _remove_files(manifest_data)
        raise
    current_app.config["AUDIT_KEY"] = key
    in_doubt = _finalise(folder, manifest_data)
    return Restored(manifest_data, in_doubt, verify_chain())


# -- before anything is written ----------------------------------------------------------------


def _reject_unfit(folder: Path, manifest_data: Manifest) -> None:
    if manifest_data.database != database_kind(settings().database_url):
        raise BackupError(
            f"备份来自{_database_name(manifest_data.database)}，本机设置的是"
            f"{_database_name(database_kind(settings().database_url))}，不能恢复。"
        )
    migrations = (ROOT / "migrations" / "versions").glob("*.py")  # and not what Python keeps there
    revisions = {path.name.split("_")[0] for path in migrations}
    if manifest_data.revision not in revisions:
        raise BackupError("备份来自更新版本的门户，请先更新程序再恢复。")
    if problems := list(manifest.file_problems(folder, manifest_data)):
        more = f"等{len(problems)}个文件" if len(problems) > 5 else ""
        raise BackupError(f"备份不完整，不能恢复：{'、'.join(problems[:5])}{more}。")
    if manifest.key_mark(_audit_key(folder), manifest_data.head_mac) != manifest_data.key_mark:
        raise BackupError(
            "LAB_AUDIT_KEY 不是这份备份的审计密钥，恢复后将无法核验审计日志。请填写备份时的密钥。"
        )


def _database_name(kind: str) -> str:
    return "SQLite" if kind == manifest.SQLITE else "PostgreSQL"


def _audit_key(folder: Path) -> str:
    """Return the configured key, or the backup's own where a demonstration keeps it in a file."""
    present, backed_up = settings().instance / KEY_FILE, folder / INSTANCE / KEY_FILE
    key: str = current_app.config["AUDIT_KEY"]
    if (
        backed_up.exists()
        and present.exists()
        and present.read_text(encoding="ascii").strip() == key
    ):
        return backed_up.read_text(encoding="ascii").strip()
    return key


def _reject_non_empty() -> None:
    instance = settings().instance
    filled = [name for name in disk.instance_files(instance) if name not in STARTUP_FILES]
    if filled:
        raise BackupError(
            f"数据文件夹“{instance}”里已有内容（{filled[0]}），只能恢复到空的文件夹。"
        )
    if inspect(db.engine).get_table_names():
        raise BackupError("数据库里已有内容，只能恢复到空的数据库。")


# -- writing -----------------------------------------------------------------------------------


def _write(folder: Path, manifest_data: Manifest) -> None:
    """Write the files first: a starting portal must not find a database without its files."""
    url, instance = settings().database_url, settings().instance
    _remove_files(manifest_data)
    for name in manifest_data.files:
        if name.startswith(f"{INSTANCE}/"):
            disk.copy(folder / name, instance / name.removeprefix(f"{INSTANCE}/"))
    _restore_queue(folder, instance)
    disk.sync_folders(instance)
    db.session.remove()
    db.engine.dispose()
    database_module(url).restore(url, folder)
    _compare(manifest_data)


def _remove_files(manifest_data: Manifest) -> None:
    """Remove files made by start-up or by an earlier attempt."""
    instance = settings().instance
    for name in manifest_data.files:
        if name.startswith(f"{INSTANCE}/"):
            (instance / name.removeprefix(f"{INSTANCE}/")).unlink(missing_ok=True)


def _restore_queue(folder: Path, instance: Path) -> None:
    """Restore the queue's file if there is one.

    Otherwise waiting rows are picked up by the worker.
    """
    if settings().redis_url or not (folder / QUEUE).exists():
        return
    current_app.extensions["queue"].close()
    for path in instance.glob(f"{QUEUE}*"):
        path.unlink()
    disk.copy(folder / QUEUE, instance / QUEUE)


def _compare(manifest_data: Manifest) -> None:
    """Compare every table with the manifest. Raises BackupError naming the tables."""
    with db.engine.connect() as connection:
        restored = database_module(settings().database_url).tables(connection)
    differing = sorted(
        name
        for name in {*restored, *manifest_data.tables}
        if restored.get(name) != manifest_data.tables.get(name)
    )
    if differing:
        raise BackupError(f"恢复后的数据与备份不一致：{'、'.join(differing[:5])}。")


# -- afterwards --------------------------------------------------------------------------------


def _finalise(folder: Path, manifest_data: Manifest) -> int:
    """Upgrade the database, sign everybody out, mark mails uncertain; return how many."""
    upgrade()
    for passing in (AuthSession, Heartbeat):
        db.session.execute(delete(passing))
    in_doubt = mark_waiting_uncertain(IN_DOUBT)
    audit.record(
        "backup.restore",
        object_type="Backup",
        object_key=folder.name,
        detail={
            "head": manifest_data.head_seq,
            "files": len(manifest_data.files),
            "mails": in_doubt,
        },
    )
    db.session.commit()
    return in_doubt
