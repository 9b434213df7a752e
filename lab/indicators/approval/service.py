"""From submitted to approved: confirmation by the leader, approval by the office, and return.

Nobody approves what they entered or confirmed themselves.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from itertools import groupby

from sqlalchemy import select

from lab import audit, clock
from lab.catalogue.indicators import INDICATORS
from lab.db import expect_version, transition
from lab.extensions import db
from lab.inbox.notices.service import notify, role_holder_ids
from lab.indicators.core import entry_periods
from lab.indicators.models import Entry
from lab.indicators.rules import months
from lab.indicators.rules.findings import Finding
from lab.indicators.rules.lifecycle import EntryStatus
from lab.indicators.validation import checks
from lab.policy import OFFICE
from lab.portfolio.core.teams import team_ids
from lab.portfolio.models.project import Project
from lab.rejected import Rejected
from lab.web.links import About
from lab.web.request.selection import SelectedRow


def confirm_entries(project: Project, selected: Sequence[SelectedRow], person_id: int) -> int:
    """Confirm submitted figures for the team's leader; return how many.

    Raises Rejected when none is selected or one no longer exists, EditConflict when one changed
    since it was shown, TransitionRejected when one is not awaiting confirmation.
    """
    entries = _load_selected(project, selected)
    for entry in entries:
        transition(entry, "confirm", confirmed_by_id=person_id, confirmed_at=clock.now())
    record_action("indicator.confirm", project, entries)
    notify(
        role_holder_ids(OFFICE),
        f"“{project.name}”有{len(entries)}项数据待核定。",
        about_check_page(project),
    )
    return len(entries)


def approve_entries(project: Project, selected: Sequence[SelectedRow], person_id: int) -> int:
    """Approve confirmed figures for the office; return how many.

    The figures are checked once more, against those approved in the meantime. A correction
    supersedes the figure it corrects. Raises Rejected when none is selected or one no longer
    exists, when one was entered or confirmed by this person or their team, when one is impossible
    or jumps without an explanation, and when the corrected figure has been superseded already;
    EditConflict when one changed since it was shown; TransitionRejected when one is not confirmed.
    """
    entries = sorted(_load_selected(project, selected), key=lambda e: (e.period_end, e.indicator))
    _reject_own(project, entries, person_id)
    for end, group in groupby(entries, key=lambda e: e.period_end):
        _approve_period(project, end, list(group), person_id)
    record_action("indicator.approve", project, entries)
    _notify_editors(project, entries, f"“{project.name}”有{len(entries)}项数据已核定。")
    return len(entries)


def return_entries(
    project: Project, selected: Sequence[SelectedRow], reason: str, person_id: int
) -> int:
    """Return figures with a reason; return how many.

    The team's leader returns submitted ones, the office submitted and confirmed ones. Raises
    Rejected without a reason (field "reason"), when none is selected or one no longer exists, and
    when the team returns a confirmed one; EditConflict when one changed since it was shown;
    TransitionRejected when one is no longer pending.
    """
    if not reason.strip():
        raise Rejected("请填写退回理由。", "reason")
    entries = _load_selected(project, selected)
    if any(entry.status == EntryStatus.CONFIRMED for entry in entries) and _is_in_team(
        project, person_id
    ):
        raise Rejected("已确认的数据由实施办公室退回。")
    for entry in entries:
        transition(entry, "return", return_reason=reason.strip())
    record_action("indicator.return", project, entries)
    _notify_editors(
        project, entries, f"“{project.name}”有{len(entries)}项数据被退回：{reason.strip()}"
    )
    return len(entries)


# -- helpers -----------------------------------------------------------------------------------


def _load_selected(project: Project, selected: Sequence[SelectedRow]) -> list[Entry]:
    if not selected:
        raise Rejected("请先勾选要办理的数据。")
    versions = {item.key: item.version for item in selected}
    entries = list(
        db.session.scalars(
            select(Entry)
            .where(Entry.project_id == project.id, Entry.key.in_(versions))
            .order_by(Entry.id)
        )
    )
    if len(entries) != len(versions):
        raise Rejected("所选数据已变化，请刷新后再办理。")
    entry_periods.lock_period_rows(project.id, [entry.period_end for entry in entries])
    for entry in entries:
        expect_version(entry, versions[entry.key])
    return entries


def _is_in_team(project: Project, person_id: int) -> bool:
    return person_id in team_ids(project)


def _reject_own(project: Project, entries: Iterable[Entry], person_id: int) -> None:
    has_own = any(person_id in (entry.entered_by_id, entry.confirmed_by_id) for entry in entries)
    if has_own or _is_in_team(project, person_id):
        raise Rejected("本人或本项目组填报的数据，须由他人核定。")


def _approve_period(project: Project, end: date, entries: Sequence[Entry], person_id: int) -> None:
    corrections = frozenset(e.indicator for e in entries if e.corrects_id is not None)
    values = checks.approved_of(project.id, end)
    values.update({entry.indicator: entry.value for entry in entries})
    entries_by_code = {entry.indicator: entry for entry in entries}
    for finding in checks.findings_for(project, end, values, corrections):
        if finding.blocks and finding.concerns(entries_by_code):
            raise Rejected(finding.message)
        if finding.code == "jump" and finding.concerns(entries_by_code):
            _reject_unexplained(finding, entries_by_code[finding.indicator])
    for entry in entries:
        _supersede(entry)
        transition(entry, "approve", approved_by_id=person_id, approved_at=clock.now())
    db.session.flush()


def _reject_unexplained(finding: Finding, entry: Entry) -> None:
    if not entry.note.strip():
        raise Rejected(f"{finding.message}此项没有说明，请退回项目组补充。")


def _supersede(entry: Entry) -> None:
    if entry.corrects_id is None:
        return
    old = db.session.get_one(Entry, entry.corrects_id)
    if old.status != EntryStatus.APPROVED:
        raise Rejected("原数据已另行更正，请退回本次更正。")
    transition(old, "supersede")
    db.session.flush()  # one approved figure at a time: the old one gives way first


def record_action(action: str, project: Project, entries: Sequence[Entry]) -> None:
    """Write the audit line of an action on entries and bump their periods' versions.

    The line names periods and indicators, no figures.
    """
    periods = sorted({months.month_code(entry.period_end) for entry in entries})
    codes = sorted({INDICATORS[entry.indicator].code for entry in entries})
    entry_periods.bump_versions(project.id, [entry.period_end for entry in entries])
    audit.record(action, project, detail={"periods": periods, "indicators": codes})


def _notify_editors(project: Project, entries: Iterable[Entry], text: str) -> None:
    notify([entry.entered_by_id for entry in entries], text, About.of(project, "indicators"))


def about_check_page(project: Project) -> About:
    """Return the page on which the figures of a project wait for somebody."""
    return About.of(project, "indicator_check")
