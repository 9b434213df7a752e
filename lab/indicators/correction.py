"""Replacing an approved figure by a corrected one."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from sqlalchemy import select

from lab import clock
from lab.db import expect_version, move
from lab.errors import Refused
from lab.extensions import db
from lab.inbox.service import notify
from lab.indicators import checking, entry_periods
from lab.indicators.approval import check_page, note_act, team_ids
from lab.indicators.lifecycle import OPEN
from lab.indicators.models import Entry
from lab.portfolio.models import Project


def correct(
    project: Project,
    entry: Entry,
    version: int | None,
    *,
    value: Decimal | None,
    reason: str,
    note: str = "",
    unavailable_reason: str = "",
    person_id: int,
) -> Entry:
    """Ask for an approved figure to be replaced; it takes the same way to approval.

    Only so may a cumulative figure fall. A correction that was returned is handed in again.
    Raises Refused when nothing would change, when one is under way, or when the figure is
    impossible; Clash when the figure changed since it was shown.
    """
    if entry.source_label:
        raise Refused("公开报道的数据不能更正。")
    entry_periods.hold(project.id, entry.period_end)
    expect_version(entry, version)
    if entry.status != "approved":
        raise Refused("只有已核定的数据可以更正。")
    if not reason.strip():
        raise Refused("请填写更正原因。", "reason")
    if value is None and not unavailable_reason:
        raise Refused("请填写更正后的数值，无法提供时写明原因。", "value")
    if value is not None and value == entry.value:
        raise Refused("更正后的数值与原值相同。", "value")
    _refuse_impossible(project, entry, value)
    fresh = _correction(entry)
    fresh.value, fresh.unavailable_reason, fresh.note = value, unavailable_reason, note
    fresh.correction_reason = reason.strip()
    fresh.entered_by_id, fresh.entered_at = person_id, clock.now()
    move(fresh, "submit", submitted_at=clock.now(), return_reason=None)
    db.session.flush()
    note_act("indicator.correct", project, [fresh])
    notify(
        team_ids(project, "leader"),
        f"“{project.name}”有一项数据申请更正，请确认。",
        check_page(project),
    )
    return fresh


def returned_correction(entry: Entry) -> dict[str, Any]:
    """What a correction of this figure that was sent back said, for the form; {} without one."""
    found = db.session.scalar(
        select(Entry).where(Entry.corrects_id == entry.id, Entry.status == "returned")
    )
    if found is None:
        return {}
    return {
        "value": found.value,
        "unavailable_reason": found.unavailable_reason,
        "reason": found.correction_reason,
        "note": found.note,
    }


def _refuse_impossible(project: Project, entry: Entry, value: Decimal | None) -> None:
    """A correction may be odd, never impossible: parts above wholes, fractions of a wallet."""
    if value is None:
        return
    values = {**checking.values_of(project.id, entry.period_end), entry.indicator: value}
    code = frozenset({entry.indicator})
    for finding in checking.findings(project, entry.period_end, values, code):
        if finding.level == "block" and finding.indicator == entry.indicator:
            raise Refused(finding.sentence, "value")


def _correction(entry: Entry) -> Entry:
    """The correction to hand in: a returned one again, else a new revision."""
    open_one = db.session.scalar(
        select(Entry).where(Entry.corrects_id == entry.id, Entry.status.in_(OPEN))
    )
    if open_one is not None:
        if open_one.status not in ("draft", "returned"):
            raise Refused("此数据的更正正在办理。")
        return open_one
    fresh = Entry(
        project_id=entry.project_id,
        indicator=entry.indicator,
        period_end=entry.period_end,
        revision=_next_revision(entry),
        forecast=entry.forecast,
        is_demo=entry.is_demo,
        corrects_id=entry.id,
    )
    fresh.begin()
    db.session.add(fresh)
    return fresh


def _next_revision(entry: Entry) -> int:
    revisions = db.session.scalars(
        select(Entry.revision).where(
            Entry.project_id == entry.project_id,
            Entry.indicator == entry.indicator,
            Entry.period_end == entry.period_end,
        )
    )
    return max(revisions) + 1
