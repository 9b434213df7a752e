"""Stored files: whole and synced or not there; compared with their SHA-256 before they are used."""

from __future__ import annotations

import hashlib
import io
import os
import shutil
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select

from lab.extensions import db
from lab.files.documents import storage as documents
from lab.files.storing import service as stored_files
from lab.files.storing import storage
from lab.files.storing.storage import (
    ALTERED,
    DOCUMENTS,
    FILES,
    MISSING,
    PREVIEWS,
    UNREADABLE,
    FileDamaged,
)
from lab.proposals.models.proposal import Proposal

CONTENT = b"%PDF-1.7 " + b"x" * 3_000_000
FOLDERS = (FILES, PREVIEWS, DOCUMENTS)


def altered(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-1] + b"y")


def cut(path: Path) -> None:
    os.truncate(path, 100)


def linked(path: Path) -> None:
    other = path.with_suffix(".copy")
    path.rename(other)
    path.symlink_to(other)


def folder_instead(path: Path) -> None:
    path.unlink()
    path.mkdir()


DAMAGES = [
    (Path.unlink, MISSING),
    (altered, ALTERED),
    (cut, ALTERED),
    (linked, UNREADABLE),
    (folder_instead, UNREADABLE),
]


@pytest.mark.parametrize(("spoil", "why"), DAMAGES)
def test_a_problem_with_a_file_is_named(
    ctx: Flask, spoil: Callable[[Path], object], why: str
) -> None:
    kept = storage.store_file(io.BytesIO(CONTENT))
    path = storage.folder() / kept.storage_name
    assert storage.find_damage(path, kept.sha256) == ""
    with storage.open_verified(path, kept.sha256) as handle:
        assert handle.read() == CONTENT
    spoil(path)
    open_before = len(os.listdir("/proc/self/fd"))
    assert storage.find_damage(path, kept.sha256) == why
    with pytest.raises(FileDamaged):
        storage.open_verified(path, kept.sha256)
    assert len(os.listdir("/proc/self/fd")) == open_before


@pytest.mark.parametrize(("spoil", "why"), DAMAGES)
def test_a_list_reads_a_whole_file_once_and_sees_it_spoiled(
    ctx: Flask, monkeypatch: pytest.MonkeyPatch, spoil: Callable[[Path], object], why: str
) -> None:
    kept = storage.store_file(io.BytesIO(CONTENT))
    path, read = storage.folder() / kept.storage_name, list[Path]()
    whole = storage.open_verified
    monkeypatch.setattr(
        storage, "open_verified", lambda path, sha256: (read.append(path), whole(path, sha256))[1]
    )
    assert [storage.find_damage_cached(path, kept.sha256) for _ in range(3)] == [""] * 3
    assert read == [path]
    spoil(path)
    assert [storage.find_damage_cached(path, kept.sha256) for _ in range(2)] == [why] * 2


def test_a_file_has_its_name_only_when_it_is_whole(
    ctx: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    calls: list[str] = []
    fsync, rename = os.fsync, Path.rename

    def noted_fsync(handle: int) -> None:
        calls.append(Path(os.readlink(f"/proc/self/fd/{handle}")).name.rpartition(".")[2])
        fsync(handle)

    def noted_rename(self: Path, target: Path) -> Path:
        calls.append("rename")
        return rename(self, target)

    storage.folder(DOCUMENTS)
    monkeypatch.setattr(os, "fsync", noted_fsync)
    monkeypatch.setattr(Path, "rename", noted_rename)
    kept = documents.store_document(CONTENT)
    assert calls == ["part", "rename", DOCUMENTS]
    assert (kept.sha256, kept.size) == (hashlib.sha256(CONTENT).hexdigest(), len(CONTENT))


def test_a_folder_made_on_the_way_is_synced_too(
    ctx: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.rmtree(storage.folder(DOCUMENTS))
    synced: list[str] = []
    fsync = os.fsync

    def noted(handle: int) -> None:
        synced.append(os.readlink(f"/proc/self/fd/{handle}"))
        fsync(handle)

    monkeypatch.setattr(os, "fsync", noted)
    documents.store_document(CONTENT)
    assert ctx.config["INSTANCE"] in synced


class Failing(io.BytesIO):
    """A source that breaks off half way."""

    def read(self, size: int | None = -1) -> bytes:
        if self.tell() > 0:
            raise OSError("the line is cut")
        return super().read(size)


@pytest.mark.parametrize("where", FOLDERS)
def test_what_could_not_be_written_leaves_nothing(ctx: Flask, where: str) -> None:
    with pytest.raises(OSError, match="the line is cut"):
        storage.store_file(Failing(CONTENT), where)
    assert list(storage.folder(where).iterdir()) == []


@pytest.mark.parametrize("where", FOLDERS)
def test_halves_and_what_no_row_names_are_swept(ctx: Flask, where: str) -> None:
    kept = storage.store_file(io.BytesIO(b"unnamed"), where)
    half = storage.folder(where) / f"{'0' * 48}{storage.PARTIAL_SUFFIX}"
    half.write_bytes(b"half")
    assert stored_files.purge_expired() == 0
    long_ago = time.time() - 2 * stored_files.DAY_SECONDS
    for path in (half, storage.folder(where) / kept.storage_name):
        os.utime(path, (long_ago, long_ago))
    assert stored_files.purge_expired() == 2
    assert list(storage.folder(where).iterdir()) == []
    assert db.session.scalars(select(Proposal)).all() == []


def test_vanishing_files_do_not_stop_the_purge(ctx: Flask) -> None:
    for _ in range(3):
        storage.store_file(io.BytesIO(b"nobody's"))
    listed = storage.names_older_than(-60)
    first = next(listed)
    shutil.rmtree(storage.folder())
    assert first and list(listed) == []
