"""The manifest of a backup. Pure.

Every file with its SHA-256, every table with its row count and content hash, the head of the audit
chain.
"""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

NAME = "manifest.json"
FORMAT = 1
CHUNK_SIZE = 1 << 20
SQLITE, POSTGRES = "sqlite", "postgresql"


class BackupError(Exception):
    """A backup or restore failed; the message is a plain Chinese sentence."""


@dataclass(frozen=True)
class File:
    """A file of the backup: size in bytes and SHA-256 (64 hex digits)."""

    size: int
    sha256: str


@dataclass(frozen=True)
class Table:
    """A table: number of rows and SHA-256 (64 hex digits) of their content."""

    rows: int
    sha256: str


@dataclass(frozen=True)
class Manifest:
    """Everything needed to verify a backup and what was restored from it.

    `made_at` is ISO 8601 in UTC; `revision` the database's version; `files` by path inside the
    backup; `missing` the files that rows name but that were gone or altered before the backup
    began; `key_mark` identifies the audit key of the chain (see `key_mark`).
    """

    made_at: str
    database: str
    revision: str
    head_seq: int
    head_mac: str
    key_mark: str
    files: Mapping[str, File]
    tables: Mapping[str, Table]
    missing: tuple[str, ...] = ()

    @property
    def size(self) -> int:
        """Total size of all files in bytes."""
        return sum(file.size for file in self.files.values())


def key_mark(audit_key: str, head_mac: str) -> str:
    """Return a mark that identifies the audit key of a chain without revealing the key."""
    return hmac.new(audit_key.encode(), f"backup {head_mac}".encode(), hashlib.sha256).hexdigest()


def to_json(manifest: Manifest) -> bytes:
    """Serialise the manifest as UTF-8; equal content gives equal bytes."""
    text = json.dumps(
        {"format": FORMAT, **asdict(manifest)}, ensure_ascii=False, indent=1, sort_keys=True
    )
    return f"{text}\n".encode()


def from_json(data: bytes) -> Manifest:
    """Parse a manifest. Raises BackupError for anything else or an unknown format."""
    try:
        parsed: dict[str, Any] = json.loads(data)
        if parsed.pop("format") != FORMAT:
            raise BackupError("这份备份由更新版本的门户生成，请用同版本的门户恢复。")
        files = {name: File(**file) for name, file in parsed.pop("files").items()}
        tables = {name: Table(**table) for name, table in parsed.pop("tables").items()}
        missing = tuple(parsed.pop("missing"))
        return Manifest(files=files, tables=tables, missing=missing, **parsed)
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise BackupError("备份清单已损坏，不能恢复。") from error


def read(folder: Path) -> Manifest:
    """Read the manifest of a backup. Raises BackupError when the folder holds none."""
    try:
        return from_json((folder / NAME).read_bytes())
    except OSError as error:
        raise BackupError(f"“{folder}”里没有备份清单（{NAME}），不是一份完整的备份。") from error


def describe(path: Path) -> File:
    """Return size and SHA-256 of a file, read in chunks."""
    digest, size = hashlib.sha256(), 0
    with path.open("rb") as source:
        while chunk := source.read(CHUNK_SIZE):
            digest.update(chunk)
            size += len(chunk)
    return File(size, digest.hexdigest())


def file_problems(folder: Path, manifest: Manifest) -> Iterator[str]:
    """Iterate over the problems with a backup's files, one phrase each.

    None when it is complete.
    """
    for name, expected in manifest.files.items():
        if not _is_inside(name):
            yield f"{name}（路径不在备份内）"
        elif not (folder / name).is_file():
            yield f"{name}（缺失）"
        elif describe(folder / name) != expected:
            yield f"{name}（内容与清单不符）"


def _is_inside(name: str) -> bool:
    path = Path(name)
    return not path.is_absolute() and ".." not in path.parts
