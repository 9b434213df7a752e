"""Whether a period's figures can be submitted."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal

from sqlalchemy import func, select

from lab import clock
from lab.catalogue.indicators import INDICATORS
from lab.extensions import db
from lab.indicators.models import Entry, EntryEvent
from lab.indicators.rules.findings import Finding
from lab.indicators.rules.lifecycle import EntryStatus
from lab.indicators.validation import checks
from lab.portfolio.models.project import Project, Target


def submission_blockers(
    project: Project, period_end: date, entries: Sequence[Entry], ticked: frozenset[str]
) -> list[Finding]:
    """Return what prevents submission: impossible figures, and unexplained odd ones."""
    submitted_values = checks.values_of(project.id, period_end)
    fresh = {entry.indicator: entry for entry in entries}
    values = {**submitted_values, **{code: entry.value for code, entry in fresh.items()}}
    findings = checks.findings_for(project, period_end, values, entering=True)
    findings += _missing(project, fresh, submitted_values)
    return [finding for finding in findings if _is_unresolved(finding, fresh, ticked)]


def _is_unresolved(finding: Finding, fresh: Mapping[str, Entry], ticked: frozenset[str]) -> bool:
    if finding.needs_note:
        entry = fresh.get(finding.indicator)
        return entry is not None and not (finding.indicator in ticked and entry.note)
    # What is wrong among approved figures alone is mended by correction, not by this report.
    return finding.blocks and (finding.code == "missing" or finding.concerns(fresh))


def _missing(
    project: Project, fresh: Mapping[str, Entry], submitted_values: Mapping[str, Decimal | None]
) -> list[Finding]:
    """Require a figure, or why it is missing, for every target and everything once begun."""
    targets = db.session.scalars(
        select(Target.indicator)
        .where(Target.project_id == project.id)
        .distinct()
        .order_by(Target.indicator)
    )
    codes = [code for code in targets if code not in submitted_values]
    codes += [code for code in sorted(fresh) if code not in codes]
    findings = []
    for code in codes:
        entry = fresh.get(code)
        if entry is None or (entry.value is None and not entry.unavailable_reason):
            text = f"{INDICATORS[code].name}未报；如确为0请填0，无法提供请写明原因。"
            findings.append(Finding("block", "missing", code, text))
    if not fresh and not findings:
        findings.append(Finding("block", "nothing", "", "没有要提交的数据。"))
    return findings


def submitted_on(project_id: int, period_end: date) -> date | None:
    """Return the day a period was first submitted, however often it was returned.

    None when never.
    """
    first = db.session.scalar(
        select(func.min(EntryEvent.at))
        .join(Entry, Entry.id == EntryEvent.entry_id)
        .where(
            Entry.project_id == project_id,
            Entry.period_end == period_end,
            EntryEvent.status == EntryStatus.SUBMITTED,
        )
    )
    return clock.beijing(first).date() if first else None
