"""Replace an approved figure by a corrected one."""

from __future__ import annotations

from decimal import Decimal

from sqlalchemy import select

from lab import clock
from lab.db import expect_version, transition
from lab.extensions import db
from lab.inbox.notices.service import notify
from lab.indicators.approval.service import about_check_page, record_action
from lab.indicators.core import entry_periods
from lab.indicators.models import Entry
from lab.indicators.rules.correction import reason_not_to_correct
from lab.indicators.rules.findings import Finding
from lab.indicators.rules.lifecycle import EDITABLE, OPEN
from lab.indicators.rules.validation import FORECAST_CODES, ZERO_PAIR
from lab.indicators.validation import checks
from lab.portfolio.core.teams import team_ids
from lab.portfolio.models.project import Project
from lab.portfolio.rules.team import TeamRole
from lab.rejected import Rejected


def submit_correction(
    project: Project,
    entry: Entry,
    version: int | None,
    *,
    value: Decimal | None,
    reason: str,
    note: str = "",
    unavailable_reason: str = "",
    forecast: bool | None = None,
    person_id: int,
) -> Entry:
    """Submit a correction of an approved figure; return its entry.

    The correction is confirmed and approved like any figure. It is the only way for a cumulative
    figure to fall and for a forecast to become an actual figure: `forecast` says which the new one
    is, None keeps what the old one was. A returned correction is submitted again rather than a
    second one created. Raises EditConflict when the figure changed since it was shown, and Rejected
    when it may not be corrected, when a correction of it is pending, when the reason or the value
    is missing, when nothing would change, when the new value is impossible, or when it jumps and
    `note` does not explain why.
    """
    expected = entry.forecast if forecast is None else forecast
    entry_periods.lock_period_row(project.id, entry.period_end)
    expect_version(entry, version)
    if why := reason_not_to_correct(entry.status, entry.source_label):
        raise Rejected(why)
    if not reason.strip():
        raise Rejected("请填写更正原因。", "reason")
    if value is None and not unavailable_reason:
        raise Rejected("请填写更正后的数值，无法提供时写明原因。", "value")
    if expected and entry.indicator not in FORECAST_CODES:
        raise Rejected("此指标只填实际数。", "value")
    if value is not None and (value, expected) == (entry.value, entry.forecast):
        raise Rejected("更正后的数值与原值相同。", "value")
    _reject_impossible(project, entry, value, note)
    fresh = _correction_entry(entry)
    fresh.value, fresh.unavailable_reason, fresh.note = value, unavailable_reason, note
    fresh.correction_reason, fresh.forecast = reason.strip(), expected and value is not None
    fresh.entered_by_id, fresh.entered_at = person_id, clock.now()
    transition(fresh, "submit", submitted_at=clock.now(), return_reason=None)
    db.session.flush()
    record_action("indicator.correct", project, [fresh])
    notify(
        team_ids(project, TeamRole.LEADER),
        f"“{project.name}”有一项数据申请更正，请确认。",
        about_check_page(project),
    )
    return fresh


def _reject_impossible(project: Project, entry: Entry, value: Decimal | None, note: str) -> None:
    """Reject an impossible value, such as a part above its whole or a fraction of a wallet.

    An odd value is accepted, but a jump needs an explanation.
    """
    values = {**checks.values_of(project.id, entry.period_end), entry.indicator: value}
    code = frozenset({entry.indicator})
    for finding in checks.findings_for(project, entry.period_end, values, code):
        if finding.blocks and finding.concerns(code) and not _is_about_zero_pair(finding):
            raise Rejected(finding.message, "value")
        if finding.code == "jump" and finding.concerns(code) and not note.strip():
            raise Rejected(f"{finding.message}请在“说明”中写明核对情况。", "note")


def _is_about_zero_pair(finding: Finding) -> bool:
    """Return whether the finding only says that the pair's other figure must be corrected, too.

    Whichever is corrected first contradicts the other until then; approval takes both or neither.
    """
    return finding.code == "zero_pair" and set(finding.about) == set(ZERO_PAIR)


def _correction_entry(entry: Entry) -> Entry:
    """Return the correction to submit: a returned one, else a new revision."""
    open_one = db.session.scalar(
        select(Entry).where(Entry.corrects_id == entry.id, Entry.status.in_(OPEN))
    )
    if open_one is not None:
        if open_one.status not in EDITABLE:
            raise Rejected("此数据的更正正在办理。")
        return open_one
    fresh = Entry(
        project_id=entry.project_id,
        indicator=entry.indicator,
        period_end=entry.period_end,
        revision=_next_revision(entry),
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
