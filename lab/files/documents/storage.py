"""Finished documents: stored like every file, handed out only when whole."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path
from typing import Protocol

from flask import Response

from lab.files.rules.lifecycle import RenderStatus
from lab.files.storing import storage
from lab.files.storing.serving import send_checked
from lab.files.storing.storage import DOCUMENTS, StoredContent, folder
from lab.workflow import State, StateMachine

DamageFinder = Callable[[Path, str], str]
ADVICE = "请回到文件页面点击“重新生成”，内容与原来相同；如仍不成功，请把事件编号告诉系统管理员。"


DAMAGED = State("damaged", "需重新生成", "red")  # what a ready document shows as, never stored


class Document(Protocol):
    """A row that references a finished PDF: its stored name and SHA-256."""

    file_name: str | None
    file_hash: str | None


def store_document(document: bytes) -> StoredContent:
    """Store a document durably under a random name."""
    return storage.store_file(io.BytesIO(document), DOCUMENTS, suffix=".pdf")


def path_of(name: str) -> Path:
    return folder(DOCUMENTS) / name


def damage(row: Document, find_damage: DamageFinder = storage.find_damage) -> str:
    """Describe what is wrong with a finished document; "" when it is intact."""
    name = row.file_name
    why = find_damage(path_of(name), row.file_hash or "") if name else storage.MISSING
    return storage.DAMAGE_LABELS.get(why, "")


def shown_state(
    machine: StateMachine,
    status: str,
    row: Document,
    find_damage: DamageFinder = storage.find_damage,
) -> tuple[State, str]:
    """Return the displayed state of a document and what is wrong with its file ("": nothing).

    One whose file cannot be served is never shown as ready. Lists pass
    `storage.find_damage_cached`.
    """
    harm = damage(row, find_damage) if status == RenderStatus.READY else ""
    return (DAMAGED if harm else machine.state(status)), harm


def give_up(row: Document) -> None:
    """Leave a document's file to the next clean-up before it is rendered again.

    Unless it may be intact: a temporarily unreadable one stays until the new one exists.
    """
    name = row.file_name
    why = storage.find_damage(path_of(name), row.file_hash or "") if name else ""
    if why != storage.UNREADABLE:
        row.file_name = None


def send(row: Document, name: str) -> Response:
    """Send a finished document as an attachment. Raises FileUnavailable unless it is intact."""
    return send_checked(
        DOCUMENTS,
        row.file_name or "",
        row.file_hash or "",
        name,
        "application/pdf",
        advice=ADVICE,
    )
