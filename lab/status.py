"""How the installation is doing: one line for each thing that an administrator looks after.

Any layer registers a check for what it knows; the administrators' page and `/health` run them all.
A line holds no data of the business and names nobody.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Literal

from flask import Flask

from lab.errors import event_number
from lab.extensions import db

log = logging.getLogger("lab.status")
Tone = Literal["ok", "warning", "danger"]
OK: Tone = "ok"
WARNING: Tone = "warning"
DANGER: Tone = "danger"
CHECKS = "status_checks"


@dataclass(frozen=True)
class StatusLine:
    """What a check found.

    `key` is lower-case ASCII and appears on `/health`, as do `figures`: whole numbers (ages in
    seconds, sizes in MB) and nothing else, because whoever is not signed in reads them. `text` and
    `advice` are Chinese sentences for the administrators' page. `danger` means that something is
    lost or cannot go on until somebody acts; `/health` then answers 503.
    """

    key: str
    title: str
    tone: Tone
    text: str
    advice: str = ""
    figures: Mapping[str, int] = field(default_factory=dict)


Check = Callable[[], StatusLine]


def register(app: Flask, key: str, title: str, check: Check) -> None:
    """Add a check; the lines stand in the order of registration, a key once.

    A check runs on every visit of the page and of `/health`: milliseconds, reading only. It may
    raise; the line is then red under `title`, with an event number that the log explains.
    """
    app.extensions[CHECKS] = {**app.extensions.get(CHECKS, {}), key: (title, check)}


def collect(app: Flask) -> list[StatusLine]:
    """Run every check. Raises nothing that a check raises."""
    checks: Mapping[str, tuple[str, Check]] = app.extensions.get(CHECKS, {})
    return [_run(key, title, check) for key, (title, check) in checks.items()]


def _run(key: str, title: str, check: Check) -> StatusLine:
    try:
        return check()
    except Exception:
        db.session.rollback()
        number = event_number()
        log.exception("a status check failed", extra={"event": number, "check": key})
        advice = f"请在运行日志中查找事件编号{number}。"
        return StatusLine(key, title, DANGER, "检查没有完成。", advice)


def worst(lines: list[StatusLine]) -> Tone:
    """The gravest tone among the lines; ok when there is none."""
    tones = {line.tone for line in lines}
    return next((tone for tone in (DANGER, WARNING) if tone in tones), OK)
