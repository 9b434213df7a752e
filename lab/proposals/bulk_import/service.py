"""Writes of imports: accept a workbook, record its dry run, import it completely, abandon it."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from werkzeug.datastructures import FileStorage

from lab import audit, clock
from lab.calls.models.call import Call
from lab.calls.rules.lifecycle import COLLECTING
from lab.calls.rules.timing import effective_state
from lab.canonical import fingerprint, short
from lab.db import reading, transition
from lab.extensions import db
from lab.files.storing import service as files
from lab.files.storing import storage
from lab.files.storing.serving import log_damage
from lab.files.storing.uploads import ReceivedUpload
from lab.files.workbooks.reading import read_workbook
from lab.jobs import service as jobs
from lab.proposals.bulk_import import creation, notifications
from lab.proposals.bulk_import.workbook.check import check_rows
from lab.proposals.bulk_import.workbook.columns import FORM_WORKSHEET, template_columns
from lab.proposals.bulk_import.workbook.validation import CheckedRow
from lab.proposals.models.imports import ProposalImport
from lab.proposals.rules.bulk_import.lifecycle import ImportStatus
from lab.proposals.rules.bulk_import.parsing import ParsedTable, read_table
from lab.proposals.search import indexing
from lab.rejected import Rejected
from lab.web.fields.files import extension_of

JOB = "proposal.check_sheet"
NOT_NOW_MESSAGE = "此批次尚未开始征集或已进入评审，不能导入。"


@dataclass(frozen=True)
class Outcome:
    """The result of a dry run; `failure` is "" when everything can be imported."""

    table: ParsedTable
    checked: tuple[CheckedRow, ...] = ()
    failure: str = ""


def accepts_imports(call: Call) -> bool:
    """Return whether imports are possible now: the call is open, or closed and not under review."""
    return effective_state(call, clock.now()) in COLLECTING and call.opens_at is not None


# -- accepting a workbook ----------------------------------------------------------------------


def begin_import(call: Call, upload: FileStorage, person_id: int) -> ProposalImport:
    """Store a workbook and queue its dry run.

    Raises Rejected when the call accepts none now, when the person has too many open jobs, or when
    the same file has been imported for it.
    """
    if not accepts_imports(call):
        raise Rejected(NOT_NOW_MESSAGE)
    jobs.require_room(person_id, "files")
    name = os.path.basename((upload.filename or "").replace("\\", "/"))[-200:]
    upload.stream.seek(0)
    # What is inside is looked at by the dry run, in a process of its own.
    file = files.store_upload(ReceivedUpload(name, storage.store_file(upload.stream)), person_id)
    _reject_duplicate(call.id, file.sha256)
    batch = ProposalImport(call_id=call.id, file=file, sha256=file.sha256, made_by_id=person_id)
    batch.begin()
    db.session.add(batch)
    db.session.flush()
    jobs.enqueue(JOB, {"import": batch.key}, asked_by=person_id)
    audit.record("import.create", batch, detail={"call": call.key, "hash": short(file.sha256)})
    return batch


def _reject_duplicate(call_id: int, sha256: str) -> None:
    same = select(ProposalImport.id).where(
        ProposalImport.call_id == call_id,
        ProposalImport.sha256 == sha256,
        ProposalImport.status == ImportStatus.IMPORTED,
    )
    if db.session.scalar(same) is not None:
        raise Rejected("同一文件已经导入过，没有重复导入。", "files")


# -- the dry run -------------------------------------------------------------------------------


def run_dry_check(arguments: Mapping[str, Any]) -> None:
    """Run the job: file → cells → result → row. Safe to run again after a crash."""
    with reading():  # the checks hold no lock of a writer
        batch = _find(arguments, lock=False)
        if batch is None or batch.status != ImportStatus.CHECKING:
            return
        outcome = _read_and_check(batch)
        db.session.rollback()
    batch = _find(arguments)
    if batch is None or batch.status != ImportStatus.CHECKING:
        return
    _record_outcome(batch, outcome)
    audit.record("import.check", batch, detail=_counts(batch))
    db.session.commit()


def _find(arguments: Mapping[str, Any], *, lock: bool = True) -> ProposalImport | None:
    query = select(ProposalImport).where(ProposalImport.key == arguments["import"])
    return db.session.scalar(query.with_for_update() if lock else query)


def _read_and_check(batch: ProposalImport) -> Outcome:
    labels = {column.field: column.label for column in template_columns()}
    needed = [column.field for column in template_columns() if column.needed]
    try:
        with storage.open_verified(files.path_of(batch.file), batch.file.sha256) as source:
            data = source.read()
        grid = read_workbook(data, extension_of(batch.file.name), FORM_WORKSHEET)
    except storage.FileDamaged as damaged:
        number = log_damage(batch.file.key, damaged)
        message = f"文件{storage.DAMAGE_LABELS[damaged.reason]}，请重新上传（事件编号 {number}）。"
        return Outcome(ParsedTable((), ()), failure=message)
    except Rejected as error:
        return Outcome(ParsedTable((), ()), failure=error.message)
    table = read_table(grid, labels, needed)
    if table.problems:
        return Outcome(ParsedTable((), ()), failure="".join(table.problems))
    return check_table(batch.call, table)


def check_table(call: Call, table: ParsedTable) -> Outcome:
    """Check every row of a workbook against the current data."""
    checked = check_rows(call, table)
    faulty = sum(bool(row.errors) for row in checked)
    failure = f"{faulty}行有问题，整表没有导入。请改正后重新上传。" if faulty else ""
    return Outcome(table, tuple(checked), failure)


def _record_outcome(batch: ProposalImport, outcome: Outcome) -> None:
    """Store the result and its state."""
    table, checked = outcome.table, outcome.checked
    batch.cells = {"columns": table.fields, "rows": table.rows}
    batch.result = [_result_json(row) for row in checked]
    batch.row_count = len(checked)
    batch.faulty_count = sum(bool(row.errors) for row in checked)
    batch.warned_count = sum(bool(row.warnings) for row in checked)
    if outcome.failure:
        transition(batch, "fail", checked_at=clock.now(), failure=outcome.failure[:400])
    else:
        transition(batch, "pass", checked_at=clock.now())


def _result_json(row: CheckedRow) -> dict[str, Any]:
    return {
        "row": row.row,
        "title": row.title,
        "unit": row.unit,
        "errors": row.errors,
        "warnings": row.warnings,
    }


def _counts(batch: ProposalImport) -> dict[str, Any]:
    return {"rows": batch.row_count, "faulty": batch.faulty_count, "warned": batch.warned_count}


def record_check_failure(arguments: Mapping[str, Any], message: str) -> None:
    """Show the failure on the import's page after the last attempt."""
    batch = _find(arguments)
    if batch is not None and batch.status == ImportStatus.CHECKING:
        transition(batch, "fail", checked_at=clock.now(), failure=message[:400])
        audit.record("import.check", batch, result="failed")
        db.session.commit()


# -- the import --------------------------------------------------------------------------------


def stored_table(batch: ProposalImport) -> ParsedTable:
    """Return the cells as they were read."""
    cells = batch.cells or {"columns": (), "rows": ()}
    rows = tuple((number, tuple(texts)) for number, texts in cells["rows"])
    return ParsedTable(tuple(cells["columns"]), rows)


def confirm_import(batch: ProposalImport, person_id: int) -> int:
    """Import all rows or none; how many proposals were made.

    Every row is checked again against what is stored now: when one does not pass any more, the
    result says so, nothing is made, and 0 is returned. Raises TransitionRejected when the
    import is not waiting, Rejected when the call takes none any more or the same file has been
    imported.
    """
    db.session.refresh(batch, with_for_update=True)
    batch.machine.transition_for(batch.status, "confirm")
    db.session.refresh(batch.call, with_for_update=True)
    if not accepts_imports(batch.call):
        raise Rejected(NOT_NOW_MESSAGE)
    _reject_duplicate(batch.call_id, batch.sha256)
    outcome = check_table(batch.call, stored_table(batch))
    if outcome.failure:
        _record_outcome(batch, outcome)
        audit.record("import.fail", batch, detail=_counts(batch))
        return 0
    now = clock.now()
    transition(batch, "confirm", imported_by_id=person_id, imported_at=now)
    created = creation.create_all(batch, outcome.checked, person_id, now)
    indexing.queue_imported(batch.id)
    notifications.notify_import(batch, [proposal for proposal, _ in created], person_id)
    audit.record(
        "import.confirm",
        batch,
        detail={
            "rows": len(created),
            "numbers": f"{created[0][0].number}至{created[-1][0].number}",
            "hash": short(batch.sha256),
            "fingerprint": short(fingerprint([version.fingerprint for _, version in created])),
        },
    )
    return len(created)


def abandon_import(batch: ProposalImport) -> None:
    """Abandon an import that awaits confirmation."""
    db.session.refresh(batch, with_for_update=True)
    transition(batch, "abandon", closed_at=clock.now())
    audit.record("import.abandon", batch, detail={"rows": batch.row_count})


def record_download(batch: ProposalImport, kind: str) -> None:
    """Record who downloaded the annotated workbook or the original."""
    audit.record("import.download", batch, detail={"hash": short(batch.sha256), "kind": kind})
