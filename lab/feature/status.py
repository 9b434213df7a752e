"""How the installation is doing: one line for each thing that an administrator looks after.

A feature brings checks for what it knows; the administrators' page and `/health` run them all.
A line holds no data of the business and names nobody.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Literal

from lab.errors import event_number
from lab.extensions import db

log = logging.getLogger("lab.feature.status")
Tone = Literal["ok", "warning", "danger"]
OK: Tone = "ok"
WARNING: Tone = "warning"
DANGER: Tone = "danger"


@dataclass(frozen=True)
class StatusLine:
    """The result of one check.

    `key` is lower-case ASCII and appears on `/health`, as do `figures`: whole numbers (ages in
    seconds, sizes in MB) and nothing else, because `/health` is readable without signing in. `text`
    and `advice` are Chinese sentences for the administrators' page. `danger` means that something
    is lost or blocked until somebody acts; `/health` then answers 503.
    """

    key: str
    title: str
    tone: Tone
    text: str
    advice: str = ""
    figures: Mapping[str, int] = field(default_factory=dict)


Check = Callable[[], StatusLine]


@dataclass(frozen=True)
class StatusCheck:
    """What makes one line; the lines stand in the order of the features.

    A check runs on every visit of the page and of `/health`: milliseconds, reading only. It may
    raise; the line is then red under `title`, with an event number that the log explains.
    """

    key: str
    title: str
    check: Check


def collect(checks: Iterable[StatusCheck]) -> list[StatusLine]:
    """Run every check; exceptions of a check become red lines."""
    return [_run(check) for check in checks]


def _run(check: StatusCheck) -> StatusLine:
    try:
        return check.check()
    except Exception:
        db.session.rollback()
        number = event_number()
        log.exception("a status check failed", extra={"event": number, "check": check.key})
        advice = f"请在运行日志中查找事件编号{number}。"
        return StatusLine(check.key, check.title, DANGER, "检查没有完成。", advice)


def worst(lines: list[StatusLine]) -> Tone:
    """Return the gravest tone among the lines; ok for none."""
    tones = {line.tone for line in lines}
    return next((tone for tone in (DANGER, WARNING) if tone in tones), OK)
