"""Storing uploads: allow-list, structure check, SHA-256, random name outside the web root."""

from __future__ import annotations

import hashlib
import os
import secrets
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import IO, Any

from flask import current_app
from werkzeug.datastructures import FileStorage

from lab.errors import Refused
from lab.extensions import db
from lab.files.models import StoredFile

ZIP_LIMIT, ZIP_RATIO, ZIP_MEMBERS = 50 * 1024 * 1024, 100, 200
MIME = {
    "pdf": "application/pdf",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "png": "image/png",
    "jpg": "image/jpeg",
    "jpeg": "image/jpeg",
}


def _zip_sound(file: IO[bytes], member: str) -> bool:
    """The zip directory names the expected part and promises no bomb."""
    try:
        with zipfile.ZipFile(file) as archive:
            infos = archive.infolist()
    except (zipfile.BadZipFile, OSError, ValueError):
        return False
    unpacked = sum(info.file_size for info in infos)
    packed = sum(info.compress_size for info in infos) or 1
    return (
        any(info.filename == member for info in infos)
        and len(infos) <= ZIP_MEMBERS
        and unpacked <= ZIP_LIMIT
        and unpacked / packed <= ZIP_RATIO
    )


def _starts(magic: bytes) -> Callable[[IO[bytes]], bool]:
    def check(file: IO[bytes]) -> bool:
        return file.read(len(magic)) == magic

    return check


CHECKS: dict[str, Callable[[IO[bytes]], bool]] = {
    "pdf": _starts(b"%PDF-"),
    "png": _starts(b"\x89PNG\r\n\x1a\n"),
    "jpg": _starts(b"\xff\xd8\xff"),
    "jpeg": _starts(b"\xff\xd8\xff"),
    "docx": lambda f: _zip_sound(f, "word/document.xml"),
    "xlsx": lambda f: _zip_sound(f, "xl/workbook.xml"),
}


def folder() -> Path:
    """Where the files lie; made on first use, not reachable by any address."""
    path = Path(current_app.config["INSTANCE"]) / "files"
    path.mkdir(mode=0o700, exist_ok=True)
    return path


def _extension(name: str) -> str:
    return name.rpartition(".")[2].lower() if "." in name else ""


def _check(upload: FileStorage, name: str) -> int:
    extension = _extension(name)
    if extension not in CHECKS:
        raise Refused(f"文件“{name}”的类型不在允许之列（PDF、DOCX、XLSX、PNG、JPG）。", "files")
    size = upload.stream.seek(0, os.SEEK_END)
    limit = current_app.config["UPLOAD_LIMIT"]
    if size == 0:
        raise Refused(f"文件“{name}”是空的。", "files")
    if size > limit:
        raise Refused(f"文件“{name}”超过 {limit // 1024 // 1024} MB。", "files")
    upload.stream.seek(0)
    if not CHECKS[extension](upload.stream):
        raise Refused(f"文件“{name}”的内容与类型不符或已损坏。", "files")
    return size


def store(upload: FileStorage, person_id: int) -> StoredFile:
    """Check and keep one upload, synced to disk before the row is committed.

    Raises Refused (field "files") with a sentence naming the file, OSError when the disk is full.
    """
    name = os.path.basename((upload.filename or "").replace("\\", "/"))[-200:]
    return keep(upload, name, _check(upload, name), person_id)


def keep(upload: FileStorage, name: str, size: int, person_id: int) -> StoredFile:
    """Keep an upload that was checked; else as `store`."""
    upload.stream.seek(0)
    digest, storage_name = hashlib.sha256(), secrets.token_hex(24)
    target = folder() / storage_name
    try:
        _write(upload.stream, target, digest)
    except OSError:
        target.unlink(missing_ok=True)
        raise
    row = StoredFile(
        name=name,
        extension=_extension(name),
        size=size,
        sha256=digest.hexdigest(),
        storage_name=storage_name,
        uploaded_by_id=person_id,
    )
    db.session.add(row)
    db.session.flush()
    return row


def _write(source: IO[bytes], target: Path, digest: Any) -> None:
    """Write and sync the file, then its folder: else a power cut leaves a row without a file."""
    handle = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as out:
        while chunk := source.read(1 << 20):
            digest.update(chunk)
            out.write(chunk)
        out.flush()
        os.fsync(out.fileno())
    parent = os.open(target.parent, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(parent)
    finally:
        os.close(parent)


def path_of(file: StoredFile) -> Path:
    return folder() / file.storage_name


def mimetype(file: StoredFile) -> str:
    return MIME.get(file.extension, "application/octet-stream")
