"""Every write of reports: issue a snapshot, have it rendered, and again if need be."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta
from operator import attrgetter
from typing import Any

from flask import g
from sqlalchemy import select

from lab import audit, clock
from lab.audit.check import format_head
from lab.audit.service import head
from lab.canonical import JsonString, canonical_json
from lab.extensions import db
from lab.files.documents import service as documents
from lab.files.documents.kinds import FileKind, WaitingMessages
from lab.files.rules.lifecycle import RenderStatus
from lab.jobs import service as jobs
from lab.numbering.sequences import allocate, lock_counter
from lab.portfolio.core.history import earliest_day
from lab.rejected import Rejected
from lab.reports.content.leading import (
    HASH_FIELDS,
    DecisionRequest,
    LeadingReport,
    data_hash,
    to_plain,
)
from lab.reports.core.render import render_file
from lab.reports.leading import builder
from lab.reports.models import Report

REPEAT_WITHIN = timedelta(minutes=5)
VOLATILE_KEYS = ("number", "version", "generated_at")
DATA_MISMATCH_MESSAGE = (
    "锁定的数据与数据指纹不一致，不能重新生成。请与系统管理员联系，从备份中恢复。"
)
TITLE = "北京邮银数字人民币创新实验室项目推进情况报告"


def issue_report(
    cutoff: date, decisions: tuple[DecisionRequest, ...], call_id: int | None = None
) -> Report:
    """Freeze the leading group's report as of the end of `cutoff`, and queue its rendering.

    For the batch `call_id`, or all batches.

    A repeated request by the same person with unchanged data, while the first waits or within a few
    minutes, returns the same report. Raises Rejected (field "cutoff") for a future date and for one
    of which nothing is known, and while the person has too many open jobs.
    """
    _check_cutoff(cutoff, call_id)
    # Parallel requests wait here until the first is stored, so that each knows what it supersedes.
    room = jobs.has_room(g.person.id)
    lock_counter("report", "issue")
    earlier = _newest(cutoff, call_id)
    report = builder.build_report(
        title=TITLE,
        number="",
        version=1 if earlier is None else builder.version_of(earlier.snapshot) + 1,
        cutoff=cutoff,
        generated_by=g.person.name,
        decisions=decisions,
        call_id=call_id,
    )
    if earlier is not None and _is_repeat(report, earlier):
        return earlier
    if not room:
        jobs.require_room(g.person.id)
    year = clock.today().year
    number = f"BG-{year}-{allocate('report', str(year)):03d}"
    return _store(replace(report, number=number), earlier, call_id)


def _check_cutoff(cutoff: date, call_id: int | None) -> None:
    if cutoff > clock.today():
        raise Rejected("数据截止日期不能晚于今天。", "cutoff")
    first = earliest_day(builder.project_ids(call_id))
    if first is not None and cutoff < first:
        first_text = clock.cn_date(first)
        raise Rejected(f"所选批次最早的记录在{first_text}，请选这一天或之后的日期。", "cutoff")


def _is_repeat(report: LeadingReport, earlier: Report) -> bool:
    """Return whether the newest report has this content and was just requested by this person."""
    recent = earlier.status == RenderStatus.QUEUED or clock.now() - earlier.made_at <= REPEAT_WITHIN
    if earlier.made_by_id != g.person.id or not recent or earlier.status == RenderStatus.FAILED:
        return False
    return _stable_content(to_plain(report)) == _stable_content(earlier.snapshot.parsed())


def _stable_content(plain: Mapping[str, Any]) -> dict[str, Any]:
    """Return a snapshot's content without what changes on every run."""
    return {key: item for key, item in plain.items() if key not in (*HASH_FIELDS, *VOLATILE_KEYS)}


def _newest(cutoff: date, call_id: int | None) -> Report | None:
    """Return the report of the same cut-off and scope that the new one supersedes."""
    return db.session.scalar(
        select(Report)
        .where(Report.cutoff == cutoff, Report.call_id.is_not_distinct_from(call_id))
        .order_by(Report.id.desc())
        .limit(1)
    )


def _store(content: LeadingReport, earlier: Report | None, call_id: int | None) -> Report:
    hashed = data_hash(to_plain(content))
    content = replace(content, data_hash=hashed, audit_head=format_head(*head()))
    row = Report(
        number=content.number,
        title=content.title,
        cutoff=content.cutoff,
        call_id=call_id,
        snapshot=canonical_json(to_plain(content)),
        data_hash=hashed,
        has_demo=content.has_demo,
        made_by_id=g.person.id,
        made_at=content.generated_at,
        supersedes_id=earlier.id if earlier else None,
    )
    documents.order(DOCUMENT, row, g.person.id)
    audit.record("report.create", row, detail={"number": row.number, "hash": hashed})
    return row


def retry_report(report: Report) -> None:
    """Queue a failed or damaged report again from the same frozen data.

    Raises Rejected when the file is intact, or the data do not match the fingerprint.
    """
    lost = documents.retry(DOCUMENT, report, g.person.id)
    audit.record("report.retry", report, detail={"lost": lost} if lost else None)


def _check_data(report: Report) -> None:
    if data_hash(report.snapshot.parsed()) != report.data_hash:
        raise Rejected(DATA_MISMATCH_MESSAGE)


DOCUMENT: FileKind[Report, JsonString] = FileKind(
    model=Report,
    job="report.render",
    argument="report",
    rows=lambda key: select(Report).where(Report.key == key),
    key=attrgetter("key"),
    source=attrgetter("snapshot"),
    render=render_file,
    check_source=_check_data,
    waiting_messages=WaitingMessages(ready="报告已生成。"),
    rejection_messages={RenderStatus.READY: "文件完好，不需要重新生成。"},
    audit_rendered="report.render",
    audit_failed="report.fail",
    audit_downloaded="report.download",
)
