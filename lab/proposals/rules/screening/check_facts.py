"""Hints for the formality check, derived from stored data; the clerk decides. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime

from lab.clock import cn_date, cn_datetime


@dataclass(frozen=True)
class SubmissionFacts:
    """Facts of a submission that the hints of a formality check are drawn from.

    `until`: the proposal's own deadline, later than `closes_at` by an extension or a late-entry
    code; `same_title`: numbers of other proposals with the same title; `joint`: where
    the partner unit's confirmation stands, UNCONFIRMED or "" for no word about it.
    """

    first_submitted_at: datetime | None
    closes_at: datetime | None
    until: datetime | None
    due_on: date | None
    late_days: int
    attachments: int
    opinion: str
    same_title: tuple[str, ...]
    joint: str = ""


@dataclass(frozen=True)
class Hint:
    """One hint: the item of the default list it belongs to; `warns` when attention is needed."""

    code: str
    message: str
    warns: bool = False


def check_hints(facts: SubmissionFacts) -> tuple[Hint, ...]:
    """Return the hints in the order of the default list."""
    return (
        Hint("complete", "必填项已由系统核对，没有空缺。"),
        _attachments(facts.attachments),
        _opinion(facts.opinion),
        *_joint(facts.joint),
        *_time(facts),
        _same(facts.same_title),
    )


def _attachments(number: int) -> Hint:
    if number:
        return Hint("evidence", f"附件{number}个。")
    return Hint("evidence", "没有附件。", True)


def _opinion(text: str) -> Hint:
    if text:
        return Hint("opinion", f"申报单位意见已填写，{len(text)}个字符。")
    return Hint("opinion", "申报单位意见没有填写。", True)


def _joint(mark: str) -> Iterator[Hint]:
    if mark:
        yield Hint("opinion", f"{mark}，确认以前不能办理合格。", True)


_IN_EXTENSION = "晚于批次截止时间，在批准的延期或补报时限内。"
_TOO_LATE = "晚于批次截止时间，请核对延期或补报手续。"


def _time(facts: SubmissionFacts) -> Iterator[Hint]:
    first, closes = facts.first_submitted_at, facts.closes_at
    if first is not None and closes is not None:
        late = first >= closes
        within_deadline = late and facts.until is not None and first < facts.until
        text = _IN_EXTENSION if within_deadline else _TOO_LATE if late else "在批次截止前。"
        yield Hint("in_time", f"首次提交于{cn_datetime(first)}，{text}", late)
    if facts.late_days and facts.due_on:
        message = f"逾期补正{facts.late_days}天，补正期限为{cn_date(facts.due_on)}。"
        yield Hint("in_time", message, True)


def _same(numbers: tuple[str, ...]) -> Hint:
    if numbers:
        return Hint("unique", f"另有同名申报书：{'、'.join(numbers)}。", True)
    return Hint("unique", "没有同名的申报书。")
