"""Marks compared with the ranking, and the length of the public notice.

Office rules: the list follows the ranking; every deviating mark carries a reason that is printed in
the minutes. Ties at the cut and too few sheets are never resolved by the machine, so choosing there
needs a reason as well. Public notice ends five working days after it starts.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from lab.clock import NO_TABLE, OfficeCalendar, add_working_days
from lab.decisions.rules.office_marks import Mark
from lab.reviews.scoring.ranking import Zone

NOTICE_DAYS = 5
_PROMOTED: dict[str, str] = {
    "tied": "第{rank}名，在名额线上并列，拟立项须说明取舍理由。",
    "out": "第{rank}名，未入围，拟立项须说明理由。",
    "short": "第{rank}名，评审数不足，拟立项须说明理由。",
    "unranked": "暂无名次，拟立项须说明理由。",
}


@dataclass(frozen=True)
class Choice:
    """The office's mark on one proposal; `rank` from 1, None without a score."""

    key: str
    number: str
    rank: int | None
    zone: Zone
    mark: str | None
    reason: str = ""


@dataclass(frozen=True)
class Deviation:
    """A deviating mark; `key` is None when the list as a whole breaks the rules."""

    key: str | None
    code: str
    message: str


def is_over_places(proposed: int, places: int) -> bool:
    """Return whether more proposals are proposed than there are places."""
    return proposed > places


def deviations(choices: Sequence[Choice], places: int) -> list[Deviation]:
    """Return every deviation from the ranking, in list order, those of the whole list last.

    Codes: in_not_proposed, not_in_proposed, reserve_below (a proposal turned down while a worse
    ranked one is held in reserve), over_places. A proposal without a mark does not deviate. Raises
    ValueError for an unknown mark.
    """
    _check(choices)
    departures = [item for choice in choices for item in _deviations_of(choice, choices)]
    proposed = sum(choice.mark == Mark.PROPOSED for choice in choices)
    if is_over_places(proposed, places):
        text = f"拟立项{proposed}项，超过批准名额{places}项，须说明理由。"
        departures.append(Deviation(None, "over_places", text))
    return departures


def missing_reasons(
    choices: Sequence[Choice], places: int, explanation: str = ""
) -> list[Deviation]:
    """Return the deviations that still lack a reason; `explanation` covers the whole list."""
    reasons = {choice.key: choice.reason.strip() for choice in choices}
    return [
        item
        for item in deviations(choices, places)
        if not (explanation.strip() if item.key is None else reasons[item.key])
    ]


def unmarked(choices: Sequence[Choice]) -> list[Choice]:
    """Return the proposals without a mark; the list cannot be submitted while there are any."""
    return [choice for choice in choices if choice.mark is None]


def default_mark(zone: Zone) -> Mark | None:
    """Return the mark that follows the ranking: 拟立项 when in, 不立项 when out, else none yet."""
    return {"in": Mark.PROPOSED, "out": Mark.REJECTED}.get(zone)


def notice_end(start: date, days: int = NOTICE_DAYS, calendar: OfficeCalendar = NO_TABLE) -> date:
    """Return the last day of public notice, `days` working days after `start`.

    By the office's calendar.

    Raises ValueError for fewer than one day.
    """
    if days < 1:
        raise ValueError("public notice runs for at least one working day")
    return add_working_days(start, days, calendar)


def _check(choices: Sequence[Choice]) -> None:
    for choice in choices:
        if choice.mark is not None and choice.mark not in set(Mark):
            raise ValueError(f"unknown mark {choice.mark}")


def _deviations_of(choice: Choice, choices: Sequence[Choice]) -> list[Deviation]:
    if choice.mark is None:
        return []
    if choice.zone == "in" and choice.mark != Mark.PROPOSED:
        text = f"第{choice.rank}名，已入围，标为{Mark(choice.mark).label}须说明理由。"
        return [Deviation(choice.key, "in_not_proposed", text)]
    if choice.zone != "in" and choice.mark == Mark.PROPOSED:
        text = _PROMOTED[choice.zone].format(rank=choice.rank)
        return [Deviation(choice.key, "not_in_proposed", text)]
    return _passed_over(choice, choices)


def _passed_over(choice: Choice, choices: Sequence[Choice]) -> list[Deviation]:
    if choice.mark != Mark.REJECTED or choice.rank is None:
        return []
    on_reserve = [c.rank for c in choices if c.mark == Mark.RESERVE and c.rank is not None]
    below = [rank for rank in on_reserve if rank > choice.rank]
    if not below:
        return []
    text = f"第{choice.rank}名标为不立项，而第{min(below)}名列为备选，须说明理由。"
    return [Deviation(choice.key, "reserve_below", text)]
