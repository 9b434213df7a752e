"""Reads for the page of the state of the installation."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from lab.feature import registry, status
from lab.feature.status import StatusLine, Tone

BADGES = {"ok": ("正常", "green"), "warning": ("请留意", "yellow"), "danger": ("须处理", "red")}


@dataclass(frozen=True)
class StatusPage:
    """What every check says; `worst` is the gravest tone, `badges` label and colour by tone."""

    lines: Sequence[StatusLine]
    worst: Tone
    badges: Mapping[str, tuple[str, str]]


def status_page() -> StatusPage:
    """Run the checks of all features."""
    lines = status.collect(registry().status_checks)
    return StatusPage(lines=lines, worst=status.worst(lines), badges=BADGES)
