"""What every kind of import does alike: a check that fails for good, giving up, checking again."""

from __future__ import annotations

import io
from typing import Any

import pytest
from flask import Flask
from werkzeug.datastructures import FileStorage

from lab import clock
from lab.enrolment.bulk_import import service as people
from lab.enrolment.bulk_import import service_check as people_check
from lab.extensions import db
from lab.importing.batches.models import ImportBatch
from lab.proposals.bulk_import import service as proposals
from lab.proposals.bulk_import import service_check as proposals_check
from lab.workflow import TransitionRejected
from tests.support.builders import people_workbooks
from tests.support.builders.workbooks import good_row, grid, july_call, xlsx
from tests.support.cast import Cast
from tests.support.records import audit_lines

pytestmark = pytest.mark.usefixtures("workbooks_here")

KINDS: dict[str, Any] = {"people": people_check.KIND, "proposals": proposals_check.KIND}


@pytest.fixture(params=KINDS)
def kind(request: pytest.FixtureRequest) -> Any:
    return KINDS[request.param]


@pytest.fixture
def begun(kind: Any, ctx: Flask, cast: Cast) -> ImportBatch:
    """An import of this kind that was sent and not checked."""
    made: ImportBatch
    if kind is people_check.KIND:
        data = people_workbooks.workbook([people_workbooks.UNIT])
        made = people.begin_import(FileStorage(io.BytesIO(data), "名单.xlsx"), cast.system)
    else:
        call, data = july_call(cast), xlsx(grid([good_row()]))
        with clock.freeze(call.opens_at):
            file = FileStorage(io.BytesIO(data), "来件汇总.xlsx")
            made = proposals.begin_import(call, file, cast.office)
    db.session.commit()
    return made


def test_a_check_that_failed_for_good_says_why(kind: Any, begun: ImportBatch) -> None:
    arguments = {"import": begun.key}
    kind.record_check_failure(arguments, "内存不足。" + "细" * 500)
    assert begun.status == "failed" and begun.failure == ("内存不足。" + "细" * 500)[:400]
    assert begun.checked_at is not None and begun.row_count == 0
    kind.record_check_failure(arguments, "另一原因。")  # reported once more: nothing new
    kind.run_dry_check(arguments)  # nor is it checked after all
    assert begun.status == "failed" and begun.failure.startswith("内存不足。")
    (line,) = audit_lines(f"{kind.audited_as}.check")
    assert line.result == "failed"


def test_only_a_checked_import_can_be_given_up(kind: Any, begun: ImportBatch) -> None:
    with pytest.raises(TransitionRejected):
        kind.abandon(begun)
    db.session.rollback()
    kind.run_dry_check({"import": begun.key})
    assert begun.status == "ready" and begun.closed_at is None
    kind.abandon(begun)
    db.session.commit()
    assert begun.status == "abandoned" and begun.closed_at is not None
    assert len(audit_lines(f"{kind.audited_as}.abandon")) == 1
    with pytest.raises(TransitionRejected):
        kind.abandon(begun)


def test_an_import_that_is_gone_is_no_fault_of_the_job(kind: Any, ctx: Flask) -> None:
    kind.run_dry_check({"import": "0" * 12})
    kind.record_check_failure({"import": "0" * 12}, "内存不足。")
    assert audit_lines(f"{kind.audited_as}.check") == []
