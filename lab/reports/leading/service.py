"""Every write of reports: issue a snapshot, render it, note a failure."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from flask import g
from sqlalchemy import select

from lab import audit, clock
from lab.audit.check import format_head
from lab.audit.service import head
from lab.canonical import canonical_json
from lab.db import reading, transition
from lab.extensions import db
from lab.jobs import service as jobs
from lab.numbering.sequences import allocate, lock_counter
from lab.portfolio.pages.queries import earliest
from lab.rejected import Rejected
from lab.reports.content.leading import (
    HASH_FIELDS,
    DecisionWanted,
    LeadingReport,
    data_hash,
    to_plain,
)
from lab.reports.core import storage as documents
from lab.reports.core.render import make_file
from lab.reports.leading import builder
from lab.reports.models import Report

JOB = "report.render"
REPEAT_WITHIN = timedelta(minutes=5)
OF_THE_MAKING = ("number", "version", "generated_at")
WHOLE = "文件完好，不需要重新生成。"
OTHER_DATA = "锁定的数据与数据指纹不一致，不能重新生成。请与系统管理员联系，从备份中恢复。"
TITLE = "北京邮银数字人民币创新实验室项目推进情况报告"


def issue(
    cutoff: date, decisions: tuple[DecisionWanted, ...], call_id: int | None = None
) -> Report:
    """Freeze the leading group's report as of the end of `cutoff`, of the batch `call_id` or of all
    batches, and queue its rendering.

    Asked again by the same person with nothing changed, while the first waits or a few minutes
    after it, this is the same report. Raises Rejected (field "cutoff") for a date to come and for
    one of which nothing is known, and while the person has too many open jobs.
    """
    _check_cutoff(cutoff, call_id)
    # Parallel requests wait here until the first is stored, so that each knows what it supersedes.
    room = jobs.has_room(g.person.id)
    lock_counter("report", "issue")
    earlier = _newest(cutoff, call_id)
    report = builder.build(
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
        jobs.expect_room(g.person.id)
    year = clock.today().year
    number = f"BG-{year}-{allocate('report', str(year)):03d}"
    return _store(replace(report, number=number), earlier, call_id)


def _check_cutoff(cutoff: date, call_id: int | None) -> None:
    if cutoff > clock.today():
        raise Rejected("数据截止日期不能晚于今天。", "cutoff")
    first = earliest(builder.project_ids(call_id))
    if first is not None and cutoff < first:
        known = clock.cn_date(first)
        raise Rejected(f"所选批次最早的记录在{known}，请选这一天或之后的日期。", "cutoff")


def _is_repeat(report: LeadingReport, earlier: Report) -> bool:
    """Whether the newest report says the same and was asked for by the same person just now."""
    recent = earlier.status == "queued" or clock.now() - earlier.made_at <= REPEAT_WITHIN
    if earlier.made_by_id != g.person.id or not recent or earlier.status == "failed":
        return False
    return _said(to_plain(report)) == _said(json.loads(earlier.snapshot))


def _said(plain: Mapping[str, Any]) -> dict[str, Any]:
    """What a snapshot says, without what every making changes."""
    return {key: item for key, item in plain.items() if key not in (*HASH_FIELDS, *OF_THE_MAKING)}


def _newest(cutoff: date, call_id: int | None) -> Report | None:
    """The report of the same cut-off and scope that the new one supersedes."""
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
    row.begin()
    db.session.add(row)
    db.session.flush()
    row.job_id = jobs.enqueue(JOB, {"report": row.key}, asked_by=g.person.id).id
    audit.record("report.create", row, detail={"number": row.number, "hash": hashed})
    return row


def retry(report: Report) -> None:
    """Queue a report again that failed, or whose file is missing or altered, from the same frozen
    data. Raises Rejected when the file is whole, or the data are not those of the fingerprint."""
    jobs.expect_room(g.person.id)
    lost = report.status == "ready"
    if lost and not documents.damage(report):
        raise Rejected(WHOLE)
    if data_hash(json.loads(report.snapshot)) != report.data_hash:
        raise Rejected(OTHER_DATA)
    transition(report, "retry")
    report.failure = ""
    documents.give_up(report)
    report.job_id = jobs.enqueue(JOB, {"report": report.key}, asked_by=g.person.id).id
    audit.record("report.retry", report, detail={"lost": report.file_hash} if lost else None)


def note_download(report: Report) -> None:
    """Note who took the file."""
    audit.record("report.download", report, detail={"hash": report.file_hash})


def render(arguments: Mapping[str, Any]) -> None:
    """The job: snapshot → PDF → file → row. Run again after a crash it ends the same way."""
    with reading() as session:
        row = session.scalar(select(Report).where(Report.key == arguments["report"]))
        if row is None or row.status != "queued":
            return
        snapshot = row.snapshot
    kept = make_file(snapshot)
    report = db.session.scalars(select(Report).where(Report.key == arguments["report"])).one()
    transition(
        report, "finish", file_name=kept.storage_name, file_hash=kept.sha256, file_size=kept.size
    )
    audit.record("report.render", report, detail={"file": kept.sha256})
    db.session.commit()


def render_failed(arguments: Mapping[str, Any], sentence: str) -> None:
    """After the last try: say so on the report's page."""
    report = db.session.scalar(select(Report).where(Report.key == arguments["report"]))
    if report is not None and report.status == "queued":
        transition(report, "fail", failure=sentence[:300])
        audit.record("report.fail", report, result="failed")
        db.session.commit()
