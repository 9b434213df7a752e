"""Writes of imports: accept a workbook, import it completely."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import select
from werkzeug.datastructures import FileStorage

from lab import audit, clock
from lab.calls.models.call import Call
from lab.calls.rules.lifecycle import COLLECTING
from lab.calls.rules.timing import accepts_submissions, effective_state
from lab.canonical import fingerprint, short
from lab.db import lock_row, transition
from lab.extensions import db
from lab.files.rules.sheet import number_list
from lab.importing.models import ImportUpload
from lab.importing.rules.batch_lifecycle import ImportStatus
from lab.importing.rules.worksheets import ParsedTable
from lab.importing.uploads import service as uploads
from lab.jobs import service as jobs
from lab.proposals.bulk_import import creation, notifications, service_check
from lab.proposals.bulk_import.queries import number_range
from lab.proposals.bulk_import.service_check import KIND
from lab.proposals.bulk_import.workbook.results import stored_table
from lab.proposals.bulk_import.workbook.validation import CheckedRow
from lab.proposals.models.imports import ProposalImport
from lab.proposals.search import indexing
from lab.rejected import Rejected

NO_DRAFTS_MESSAGE = "征集已截止，草稿不能再提交。请改按“已提交”导入。"
TARGET = "proposals"  # the import's code where columns are matched
LENIENT_MESSAGE = "有的格没有通过核对。请勾选后再导入，或改正后重新上传。"
HIDDEN_MESSAGE = "表中有隐藏的行，请选择是否一并导入。"
NOT_NOW_MESSAGE = "此批次尚未开始征集或已进入评审，不能导入。"


def accepts_imports(call: Call) -> bool:
    """Return whether imports are possible now: the call is open, or closed and not under review."""
    return effective_state(call, clock.now()) in COLLECTING and call.opens_at is not None


def accepts_drafts(call: Call) -> bool:
    """Return whether drafts may be made now: their owners must be able to submit them."""
    return accepts_imports(call) and accepts_submissions(call, clock.now())


# -- accepting a workbook ----------------------------------------------------------------------


def begin_import(call: Call, upload: FileStorage, person_id: int) -> ProposalImport:
    """Store a workbook and queue its dry run.

    Raises Rejected when the call accepts none now, when the person has too many open jobs, or when
    the same file has been imported for it.
    """
    if not accepts_imports(call):
        raise Rejected(NOT_NOW_MESSAGE)
    file = uploads.store_workbook(upload, person_id)
    _reject_duplicate(call.id, file.sha256)
    batch = ProposalImport(call_id=call.id, file=file, sha256=file.sha256, made_by_id=person_id)
    return KIND.begin(batch, {"call": call.key})


def begin_own(call: Call, upload: FileStorage, person_id: int) -> ImportUpload:
    """Store a workbook of any form, whose columns a person matches next.

    Raises Rejected when the call accepts none now or the person has too many open jobs.
    """
    if not accepts_imports(call):
        raise Rejected(NOT_NOW_MESSAGE)
    return uploads.begin_upload(TARGET, call.key, upload, person_id)


def begin_own_again(batch: ProposalImport, person_id: int) -> ImportUpload:
    """Match the columns of a file that was taken for the template; raises as `begin_own`.

    A second press goes on with what the first one began.
    """
    if not accepts_imports(batch.call):
        raise Rejected(NOT_NOW_MESSAGE)
    lock_row(batch)
    if begun := uploads.find_begun(TARGET, batch.call.key, batch.file, person_id):
        return begun
    jobs.require_room(person_id, "files")
    return uploads.begin_with_file(TARGET, batch.call.key, batch.file, person_id)


def begin_planned(
    call: Call, upload: ImportUpload, plan: Mapping[str, Any], person_id: int, *, drafts: bool
) -> ProposalImport:
    """Queue the dry run of a workbook whose columns were matched.

    An earlier one of the same upload that waits for its confirmation is abandoned. Raises Rejected
    when the call accepts none now, or no drafts any more, or the same file has been imported.
    """
    if not accepts_imports(call):
        raise Rejected(NOT_NOW_MESSAGE)
    if drafts and not accepts_drafts(call):
        raise Rejected(NO_DRAFTS_MESSAGE, "mode")
    jobs.require_room(person_id, "files")
    file = upload.file
    _reject_duplicate(call.id, file.sha256)
    replaced = KIND.abandon_waiting(upload.key)
    batch = ProposalImport(
        call_id=call.id,
        file=file,
        sha256=file.sha256,
        upload_key=upload.key,
        plan=plan,
        as_drafts=drafts,
        made_by_id=person_id,
    )
    facts = {
        "call": call.key,
        "matched": len(plan["columns"]),
        "as_drafts": drafts,
        "abandoned_checks": replaced,
    }
    return KIND.begin(batch, facts)


def _reject_duplicate(call_id: int, sha256: str) -> None:
    same = select(ProposalImport.id).where(
        ProposalImport.call_id == call_id,
        ProposalImport.sha256 == sha256,
        ProposalImport.status == ImportStatus.IMPORTED,
    )
    if db.session.scalar(same) is not None:
        raise Rejected("同一文件已经导入过，没有重复导入。", "files")


# -- the import --------------------------------------------------------------------------------


def confirm_import(
    batch: ProposalImport,
    person_id: int,
    *,
    with_hidden: bool | None = None,
    lenient: bool = False,
) -> int:
    """Import all rows or none; how many proposals were made.

    `with_hidden` says whether the rows that the worksheet hides are imported as well; it must be
    given when there are any. `lenient`: drafts are made of rows with faulty cells, too. Every row
    is checked again against what is stored now: when one does
    not pass any more, the result says so, nothing is made, and 0 is returned. Raises
    TransitionRejected when the import is not waiting, Rejected when the call takes none any more,
    the same file has been imported, or a hidden row is to be imported that has an error.
    """
    db.session.refresh(batch, with_for_update=True)
    batch.machine.transition_for(batch.status, "confirm")
    db.session.refresh(batch.call, with_for_update=True)
    if not accepts_imports(batch.call):
        raise Rejected(NOT_NOW_MESSAGE)
    _reject_duplicate(batch.call_id, batch.sha256)
    if batch.as_drafts and not accepts_drafts(batch.call):
        raise Rejected(NO_DRAFTS_MESSAGE)
    rows = _rows_to_import(batch, with_hidden)
    stand_in = service_check.stand_in_of(batch)
    outcome = service_check.check_table(batch.call, rows, drafts=batch.as_drafts, stand_in=stand_in)
    if not outcome.failure and not lenient and any(row.errors for row in outcome.checked):
        raise Rejected(LENIENT_MESSAGE, "lenient")
    if outcome.failure:
        KIND.record_outcome(batch, _as_whole(batch, outcome))
        audit.record("import.fail", batch, detail=service_check.counts(batch))
        return 0
    _leave_out(batch, outcome)
    now = clock.now()
    transition(batch, "confirm", imported_by_id=person_id, imported_at=now)
    if batch.as_drafts:
        return _make_drafts(batch, outcome.checked, person_id, now)
    created = creation.create_all(batch, outcome.checked, person_id, now)
    indexing.queue_imported(batch.id)
    notifications.notify_import(batch, [proposal for proposal, _ in created], person_id)
    notifications.notify_partners([proposal for proposal, _ in created])
    audit.record(
        "import.confirm",
        batch,
        detail={
            "rows": len(created),
            "numbers": number_range(created[0][0].number, created[-1][0].number),
            "hash": short(batch.sha256),
            "fingerprint": short(fingerprint([version.fingerprint for _, version in created])),
            "joint": sum(proposal.joint_unit_id is not None for proposal, _ in created),
        },
    )
    return len(created)


def _make_drafts(
    batch: ProposalImport, checked: Sequence[CheckedRow], person_id: int, now: datetime
) -> int:
    made = creation.create_drafts(batch, checked, now)
    indexing.queue_imported(batch.id)
    unread_fields = {
        draft.id: [error.field for error in row.errors]
        for draft, row in zip(made, checked, strict=True)
    }
    notifications.notify_drafts(batch, made, person_id, unread_fields)
    faulty = sum(map(bool, unread_fields.values()))
    detail = {"draft_count": len(made), "faulty": faulty, "hash": short(batch.sha256)}
    audit.record("import.confirm", batch, detail=detail)
    return len(made)


def _as_whole(batch: ProposalImport, outcome: service_check.Outcome) -> service_check.Outcome:
    """Return the outcome with every row, hidden ones too, so that the file can be corrected."""
    table = stored_table(batch)
    if len(table.rows) == len(outcome.table.rows):
        return outcome
    stand_in = service_check.stand_in_of(batch)
    whole = service_check.check_table(batch.call, table, drafts=batch.as_drafts, stand_in=stand_in)
    return replace(whole, failure=outcome.failure)


def _leave_out(batch: ProposalImport, outcome: service_check.Outcome) -> None:
    """Record which hidden rows are not imported: result and counts are of the others alone."""
    hidden = stored_table(batch).hidden
    if len(outcome.checked) < batch.row_count:
        remark = f"隐藏的{number_list(hidden)}没有导入。"
        table = replace(outcome.table, remarks=(*outcome.table.remarks, remark))
        service_check.store_result(batch, replace(outcome, table=table))


def _rows_to_import(batch: ProposalImport, with_hidden: bool | None) -> ParsedTable:
    table = stored_table(batch)
    if not table.hidden or not with_hidden:
        if table.hidden and with_hidden is None:
            raise Rejected(HIDDEN_MESSAGE)
        return table.without_hidden()
    kind = "barred" if batch.as_drafts else "errors"
    faulty = [row["row"] for row in batch.result if row.get(kind) and row["row"] in table.hidden]
    if faulty:
        raise Rejected(f"隐藏的{number_list(faulty)}有问题，不能一并导入。请改正后重新上传。")
    return replace(table, hidden=frozenset())


def record_download(batch: ProposalImport, kind: str) -> None:
    """Record who downloaded the annotated workbook or the original."""
    audit.record("import.download", batch, detail={"hash": short(batch.sha256), "kind": kind})
