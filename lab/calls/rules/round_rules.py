"""Validate the criteria and particulars of a call. Pure: returns messages, writes nothing."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Protocol

from lab.calls.rules.rubric import Scale
from lab.clock import cn_datetime

FULL_WEIGHT = 100
MAX_CRITERIA = 12


@dataclass(frozen=True)
class CriterionDraft:
    """One criterion as entered: `key` is "" for a new one, `levels` are texts from 优 to 不及格."""

    key: str
    name: str
    weight: int
    lo: Decimal
    hi: Decimal
    step: Decimal
    direction: str
    required: bool
    levels: tuple[str, ...]


@dataclass(frozen=True)
class CriterionProblem:
    """A problem: row (from 0), field and message."""

    row: int
    field: str
    message: str


class HasWeight(Protocol):
    """Anything with a weight in points and a direction."""

    @property
    def weight(self) -> int: ...
    @property
    def direction(self) -> str: ...


class Publishable(Protocol):
    """What publishing reads of a call."""

    @property
    def title(self) -> str: ...
    @property
    def notice_text(self) -> str: ...
    @property
    def opens_at(self) -> datetime | None: ...
    @property
    def closes_at(self) -> datetime | None: ...


def weight_sum(criteria: Iterable[HasWeight]) -> int:
    """Return the sum of the counting weights in points; information-only criteria are left out."""
    return sum(c.weight for c in criteria if c.direction != "info")


def weight_problem(criteria: Iterable[HasWeight]) -> str | None:
    """Return why the weights are invalid (they must add up to 100), None when they are valid."""
    total = weight_sum(criteria)
    if total == FULL_WEIGHT:
        return None
    return f"计分指标的权重合计应为{FULL_WEIGHT}，现合计{total}。"


def _row_problem(draft: CriterionDraft) -> tuple[str, str] | None:
    if draft.lo >= draft.hi:
        return "hi", "最高分应大于最低分。"
    if draft.step <= 0:
        return "step", "最小单位应大于0。"
    try:
        Scale(draft.lo, draft.hi, draft.step)
    except ValueError:
        return "step", "最高分与最低分之差应是最小单位的整数倍。"
    if draft.direction == "info" and draft.weight:
        return "weight", "仅展示不计分的指标，权重应为0。"
    return None


def problems(drafts: Iterable[CriterionDraft]) -> tuple[CriterionProblem, ...]:
    """Return the problems of the criteria, row by row; weights need not add up yet."""
    issues, names = [], set[str]()
    for row, draft in enumerate(drafts):
        problem = _row_problem(draft)
        if draft.name in names:
            problem = ("name", f"已有名为“{draft.name}”的指标。")
        names.add(draft.name)
        if problem:
            issues.append(CriterionProblem(row, *problem))
    return tuple(issues)


def next_key(used_keys: Collection[str]) -> str:
    """Return the first unused key for a new criterion: c1, c2 …"""
    number = 1
    while f"c{number}" in used_keys:
        number += 1
    return f"c{number}"


def publish_problems(
    call: Publishable, criteria: Collection[HasWeight], now: datetime
) -> tuple[str, ...]:
    """Return everything that prevents publication, one sentence each."""
    checks = (
        (not call.title, "请填写批次名称。"),
        (not call.notice_text, "请填写征集通知正文。"),
        (call.opens_at is None, "请填写开始时间。"),
        (call.closes_at is None, "请填写截止时间。"),
        (call.closes_at is not None and call.closes_at <= now, "截止时间应晚于现在。"),
        (not criteria, "请设置评审指标。"),
    )
    blockers = [message for wrong, message in checks if wrong]
    if criteria and (weights := weight_problem(criteria)):
        blockers.append(weights)
    return tuple(blockers)


def closing_problem(old: datetime, new: datetime, now: datetime) -> str | None:
    """Return why the deadline cannot be moved to `new`, "" when it can.

    It may only be extended, to a time in the future.
    """
    if new <= old:
        return f"新的截止时间应晚于现在的截止时间（{cn_datetime(old)}）。"
    return "新的截止时间应晚于现在。" if new <= now else None
