"""The monthly narrative: what was done, problems, requests, plans."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from lab import audit, clock
from lab.db import expect_version, lock_row
from lab.editing import tabs
from lab.editing.invalid_input import merge_invalid_input
from lab.editing.tabs import EditorTab
from lab.extensions import db
from lab.inbox.notices.service import notify
from lab.indicators.access import Month
from lab.indicators.entry.queries import stored_report
from lab.indicators.locking.queries import is_locked
from lab.indicators.models import ProgressReport
from lab.indicators.rules import months
from lab.indicators.validation import checks
from lab.portfolio.core.teams import team_ids
from lab.portfolio.models.project import Project
from lab.portfolio.rules.lifecycle import REPORTING
from lab.portfolio.rules.team import TeamRole
from lab.rejected import Rejected
from lab.web.links import About

NARRATIVE_FIELDS = ("done", "problems", "asks", "next_plan")


def save_narrative(
    project: Project,
    period_end: date,
    version: int | None,
    texts: Mapping[str, str],
    person_id: int,
    *,
    submit: bool = False,
    invalid_input: Mapping[str, Any] | None = None,
    tab: EditorTab | None = None,
) -> ProgressReport:
    """Write the narrative of a month: those of done, problems, asks, next_plan that `texts` names.

    `submit` hands it in. `invalid_input` are texts that did not pass the check, as typed. `version`
    is 0 before the first saving. Raises EditConflict, LateSave when a newer save of the page `tab`
    came first, and Rejected when it was submitted.
    """
    lock_row(project)  # the month has no row of its own before its first saving
    tabs.reject_late_save(tab)
    _reject_closed_period(project, period_end)
    report = stored_report(Month(project, period_end), reread=True)
    newest = report.version if report else 0
    if version != newest and not tabs.is_retry(tab, version, newest):
        raise tabs.edit_conflict(report or project, tab, version, newest)
    if report is None:
        report = ProgressReport(project_id=project.id, period_end=period_end)
        db.session.add(report)
    elif report.submitted_at is not None:
        raise Rejected("本月报告已经提交，退回后才能修改。")
    for name, text in texts.items():
        setattr(report, name, text)
    covered = {*texts, *(invalid_input or {})}
    report.invalid_input = merge_invalid_input(
        report.invalid_input or {}, covered, invalid_input or {}
    )
    report.written_by_id, report.written_at = person_id, clock.now()
    if submit:
        if not report.done:
            raise Rejected("请填写本期完成情况。", "done")
        _submit(project, report, person_id)
    db.session.flush()
    if tab is not None:
        tabs.record_save(tab, version, report.version)
    action = "indicator.text_submit" if submit else "indicator.text_save"
    audit.record(action, project, detail={"period": months.month_code(period_end)})
    return report


def confirm_narrative(
    project: Project, report: ProgressReport, version: int | None, by: int
) -> None:
    """Confirm the narrative for the team's leader, so that it reaches leaders and documents.

    Raises EditConflict, Rejected when it does not wait for it.
    """
    expect_version(report, version)
    _require_pending(report)
    report.confirmed_by_id, report.confirmed_at = by, clock.now()
    detail = {"period": months.month_code(report.period_end)}
    audit.record("indicator.text_confirm", project, detail=detail)


def return_narrative(
    project: Project, report: ProgressReport, version: int | None, reason: str
) -> None:
    """Return the narrative to be corrected; that it had been submitted stays on record.

    The team's leader does so. Raises EditConflict, Rejected (field "reason") without a reason.
    """
    expect_version(report, version)
    _require_pending(report)
    if project.status not in REPORTING:
        raise Rejected("项目现在不填报，退回后无法修改。内容无误的，请确认。", "reason")
    if not reason.strip():
        raise Rejected("请填写退回理由。", "reason")
    report.submitted_at, report.return_reason = None, reason.strip()
    audit.record(
        "indicator.text_return", project, detail={"period": months.month_code(report.period_end)}
    )
    text = f"“{project.name}”月报被退回：{reason.strip()}"
    notify([report.written_by_id], text, _about(project, report))


def _about(project: Project, report: ProgressReport) -> About:
    return About.of(project, "narrative", months.month_code(report.period_end))


def _require_pending(report: ProgressReport) -> None:
    if report.submitted_at is None or report.confirmed_at is not None:
        raise Rejected("月报不在待确认状态，请刷新后再办理。")


def _submit(project: Project, report: ProgressReport, person_id: int) -> None:
    """Submit the narrative; the leader's own submission also confirms it."""
    now = clock.now()
    report.submitted_at, report.return_reason = now, ""
    report.first_submitted_at = report.first_submitted_at or now
    leaders = team_ids(project, TeamRole.LEADER)
    if person_id in leaders:
        report.confirmed_by_id, report.confirmed_at = person_id, now
        return
    notify(
        leaders,
        f"“{project.name}”{months.format_month(report.period_end)}月报已提交，请确认。",
        _about(project, report),
    )


def _reject_closed_period(project: Project, period_end: date) -> None:
    if why := checks.closed_reason(project, period_end):
        raise Rejected(why)
    if is_locked(project.id, period_end):
        raise Rejected("本期已锁定。如需补写月报，请实施办公室重新开放。")
