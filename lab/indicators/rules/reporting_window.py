"""The reporting window of a period."""

from __future__ import annotations

from datetime import date

from lab.clock import cn_date
from lab.indicators.rules.findings import Finding, blocking_finding


def check_period(
    period_end: date,
    today: date,
    project_start: date | None,
    reported_periods: frozenset[date] = frozenset(),
    due: date | None = None,
    recorded_from: date | None = None,
) -> list[Finding]:
    """Require that the period has ended, lies within the project and is reported once.

    Lateness is only noted.

    `recorded_from` is the first recorded day of a project without a start date.
    """
    end = cn_date(period_end)
    findings = []
    if period_end > today:
        text = f"期末{end}尚未到，今天是{cn_date(today)}。"
        findings.append(blocking_finding("period_future", "", text))
    if project_start is not None and period_end < project_start:
        text = f"期末{end}早于项目开始日{cn_date(project_start)}。"
        findings.append(blocking_finding("period_before_start", "", text))
    elif recorded_from is not None and period_end < recorded_from:
        text = f"期末{end}早于本项目有记录的第一天{cn_date(recorded_from)}。"
        findings.append(blocking_finding("period_before_start", "", text))
    if period_end in reported_periods:
        findings.append(
            blocking_finding("period_taken", "", f"期末{end}的数据已经填报，如需修改请按更正办理。")
        )
    if due is not None and today > due:
        text = f"本期应于{cn_date(due)}前填报，已逾期{(today - due).days}天。"
        findings.append(Finding("note", "late", "", text))
    return findings
