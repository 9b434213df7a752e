"""The month in words: what was done, what hinders, what is asked, what comes next."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from sqlalchemy import select

from lab import audit, clock
from lab.db import Clash
from lab.errors import Refused
from lab.extensions import db
from lab.indicators import checking, months
from lab.indicators.models import ProgressReport
from lab.portfolio.models import Project

TEXTS = ("done", "problems", "asks", "next_plan")


def save_report(
    project: Project,
    period_end: date,
    version: int | None,
    texts: Mapping[str, str],
    person_id: int,
    *,
    hand_in: bool = False,
) -> ProgressReport:
    """Write the month in words: done, problems, asks, next_plan; `hand_in` closes it.

    `version` is 0 before the first saving. Raises Clash, and Refused when it was handed in.
    """
    _refuse_closed_report(project, period_end)
    report = db.session.scalar(
        select(ProgressReport).where(
            ProgressReport.project_id == project.id, ProgressReport.period_end == period_end
        )
    )
    if version != (report.version if report else 0):
        raise Clash(report or project)
    if report is None:
        report = ProgressReport(project_id=project.id, period_end=period_end)
        db.session.add(report)
    elif report.submitted_at is not None:
        raise Refused("本月报告已经提交，不能再改。")
    for name in TEXTS:
        setattr(report, name, texts.get(name, ""))
    report.written_by_id, report.written_at = person_id, clock.now()
    if hand_in:
        if not report.done:
            raise Refused("请填写本期完成情况。", "done")
        report.submitted_at = clock.now()
    db.session.flush()
    act = "indicator.text_submit" if hand_in else "indicator.text_save"
    audit.record(act, project, detail={"period": months.code(period_end)})
    return report


def _refuse_closed_report(project: Project, period_end: date) -> None:
    for finding in checking.period_findings(project, period_end):
        if finding.level == "block":
            raise Refused(finding.sentence)
