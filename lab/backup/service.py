"""Make a backup while people write.

The order makes it consistent: the database at one moment, then the heads of the audit chain (a head
is recorded before its row is stored; later ones are cut off), then the files, which are on disk
before a row names them; nothing is purged meanwhile. Files are compared with the rows, and if one
is missing all the same, the backup starts again.
"""

from __future__ import annotations

import errno
import logging
import shutil
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any

from flask import current_app
from sqlalchemy import Connection, select, text

from lab import audit, clock
from lab.audit.models import AuditEvent
from lab.audit.rules.heads import read_file, truncated_at
from lab.backup import disk, postgres, sqlite
from lab.backup.rules import manifest, schedule
from lab.backup.rules.manifest import BackupError, File, Manifest
from lab.config.settings import Settings
from lab.files.models import FilePreviewPage, StoredFile
from lab.files.storing import storage
from lab.files.storing.purge_lock import block_purges
from lab.filesystem import sync
from lab.reports.models import Paper, Report

log = logging.getLogger("lab.backup")
MAX_ATTEMPTS = 3
QUEUE = "queue.db"
INSTANCE = "instance"
NO_ROOM = (errno.ENOSPC, errno.EDQUOT)


@dataclass(frozen=True)
class BackupResult:
    """A finished backup: folder, content, duration in seconds."""

    folder: Path
    manifest: Manifest
    seconds: float


def settings() -> Settings:
    configured: Settings = current_app.config["SETTINGS"]
    return configured


def database_module(url: str) -> ModuleType:
    """Return the module that copies this kind of database."""
    return sqlite if url.startswith("sqlite") else postgres


def database_kind(url: str) -> str:
    return manifest.SQLITE if url.startswith("sqlite") else manifest.POSTGRES


def back_up(folder: Path, kind: str = schedule.BY_HAND) -> BackupResult:
    """Make a backup in a new folder inside `folder`; its name ends in .part until it is complete.

    Raises BackupError with a plain sentence, leaving nothing behind.
    """
    began = time.monotonic()
    target = _new_folder(folder, kind)
    half = target.with_name(f"{target.name}{disk.PART}")
    try:
        contents = _copy_consistently(half)
        half.rename(target)
        sync(folder)
    except OSError as error:
        why = "磁盘空间不足" if error.errno in NO_ROOM else (error.strerror or "读写失败")
        raise BackupError(f"备份没有完成：{why}（{error.filename or half}）。") from error
    finally:
        shutil.rmtree(half, ignore_errors=True)
    _record_in_audit(target, contents)
    return BackupResult(target, contents, time.monotonic() - began)


def _new_folder(parent: Path, kind: str) -> Path:
    instance = settings().instance.resolve()
    if parent.resolve().is_relative_to(instance):
        raise BackupError("备份不能放在数据文件夹里面，请另选文件夹。")
    try:
        parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise BackupError(f"不能建立文件夹“{parent}”。") from error
    target = parent / schedule.name_of(kind, clock.now())
    if target.exists():
        raise BackupError(f"“{target}”已经存在，请稍后再试。")
    return target


def _copy_consistently(half: Path) -> Manifest:
    """Copy until no file was deleted meanwhile.

    Files that were missing before are named in the manifest.
    """
    for last in (False,) * (MAX_ATTEMPTS - 1) + (True,):
        shutil.rmtree(half, ignore_errors=True)
        (half / INSTANCE).mkdir(mode=0o700, parents=True)
        contents = _copy(half)
        if last or not contents.missing:
            break
    disk.write(half / manifest.NAME, manifest.to_json(contents))
    disk.sync_folders(half)
    if problems := list(manifest.file_problems(half, contents)):
        raise BackupError(f"备份写出后与清单不符：{'、'.join(problems[:5])}。")
    return contents


def _copy(half: Path) -> Manifest:
    instance, url = settings().instance, settings().database_url
    made_at = clock.now()
    heads = Path(current_app.config["AUDIT_HEADS"])
    names = [name for name in disk.instance_files(instance) if name != heads.name]
    files = _copy_files([name for name in names if "/" not in name], half)
    with block_purges(instance), database_module(url).snapshot(url, half) as connection:
        _copy_queue(instance, half)
        files |= _copy_files([name for name in disk.instance_files(instance) if "/" in name], half)
        seq, mac = _head(connection)
        if heads.exists():
            disk.write(half / INSTANCE / heads.name, truncated_at(read_file(heads), seq))
            files |= _described(half, f"{INSTANCE}/{heads.name}")
        return Manifest(
            made_at=made_at.isoformat(),
            database=database_kind(url),
            revision=connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
            or "",
            head_seq=seq,
            head_mac=mac,
            key_mark=manifest.key_mark(current_app.config["AUDIT_KEY"], mac),
            files={
                **files,
                **_described(half, database_module(url).FILE),
                **_described(half, QUEUE),
            },
            tables=database_module(url).tables(connection),
            missing=_missing(connection, files),
        )


def _copy_files(names: list[str], half: Path) -> dict[str, File]:
    copied = {}
    for name in names:
        try:
            copied[f"{INSTANCE}/{name}"] = disk.copy(
                settings().instance / name, half / INSTANCE / name
            )
        except FileNotFoundError:  # deleted since the folder was read: the rows tell if it counts
            continue
    return copied


def _copy_queue(instance: Path, half: Path) -> None:
    """Copy the queue.

    A damaged one is skipped, since it only wakes workers and is rebuilt from the rows.
    """
    if not (instance / QUEUE).exists():
        return
    try:
        sqlite.copy_file(instance / QUEUE, half / QUEUE)
    except sqlite.Damaged:
        (half / QUEUE).unlink(missing_ok=True)
        log.warning("the queue is damaged and not part of the backup")


def _described(half: Path, name: str) -> dict[str, File]:
    return {name: manifest.describe(half / name)} if (half / name).exists() else {}


def _head(connection: Connection) -> tuple[int, str]:
    """Return number and code of the chain's newest row at the copied moment."""
    columns = select(AuditEvent.seq, AuditEvent.mac).order_by(AuditEvent.seq.desc()).limit(1)
    last = connection.execute(columns).first()
    return (last.seq, last.mac) if last else (0, "0" * 64)


def _missing(connection: Connection, files: Mapping[str, File]) -> tuple[str, ...]:
    """Return the files that rows name but that were not copied, or differ from their rows."""
    missing = []
    for folder, columns in _named_files():
        for name, sha256 in connection.execute(columns):
            path = f"{INSTANCE}/{folder}/{name}"
            if path not in files or (sha256 and files[path].sha256 != sha256):
                missing.append(path)
    return tuple(sorted(missing))


def _named_files() -> tuple[tuple[str, Any], ...]:
    """Return (folder, query for name and SHA-256 or None) for every table that names files."""
    uploads = select(StoredFile.storage_name, StoredFile.sha256)
    return (
        (storage.FILES, uploads.where(StoredFile.purged_at.is_(None))),
        (storage.PREVIEWS, select(FilePreviewPage.storage_name, FilePreviewPage.sha256)),
        *(
            (
                storage.DOCUMENTS,
                select(table.file_name, table.file_hash).where(table.file_name.isnot(None)),
            )
            for table in (Report, Paper)
        ),
    )


def _record_in_audit(target: Path, contents: Manifest) -> None:
    """Record the backup in the audit chain.

    The backup is complete already and stays whatever happens.
    """
    try:
        audit.record_separately(
            "backup.make",
            object_type="Backup",
            object_key=target.name,
            detail={
                "head": contents.head_seq,
                "files": len(contents.files),
                "missing": len(contents.missing),
            },
        )
    except Exception:
        log.exception("the backup is made, its line in the audit log is not")
