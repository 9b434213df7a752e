"""The dry run of a workbook: read, check, record what would be imported."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from lab.calls.models.call import Call
from lab.files.rules.sheet import Sheet
from lab.files.workbooks.reading import read_workbook
from lab.importing.batches.service import ImportKind
from lab.importing.rules.findings import findings_json
from lab.importing.rules.periods import with_days
from lab.importing.rules.plan import ColumnPlan, plan_from
from lab.importing.rules.worksheets import (
    ParsedTable,
    read_table,
    row_count_problems,
    table_of,
)
from lab.importing.uploads.service_reading import stored_bytes
from lab.proposals.bulk_import.own_fields import own_fields
from lab.proposals.bulk_import.workbook.check import check_rows
from lab.proposals.bulk_import.workbook.columns import (
    FORM_WORKSHEET,
    NUMBER,
    TEMPLATE_WORKSHEETS,
    template_columns,
)
from lab.proposals.bulk_import.workbook.validation import CheckedRow
from lab.proposals.models.imports import ProposalImport
from lab.proposals.rules.bulk_import.own_columns import adapted
from lab.rejected import Rejected
from lab.web.fields.files import extension_of


@dataclass(frozen=True)
class Outcome:
    """The result of a dry run; `failure` is "" when everything can be imported.

    `unreadable`: the file itself could not be opened, so that its columns cannot be matched.
    """

    table: ParsedTable
    checked: tuple[CheckedRow, ...] = ()
    failure: str = ""
    unreadable: bool = False


def _read_and_check(batch: ProposalImport) -> Outcome:
    labels = {column.field: column.label for column in template_columns()}
    needed = [column.field for column in template_columns() if column.needed]
    numeric = [column.field for column in template_columns() if column.kind == NUMBER]
    plan = plan_from(batch.plan) if batch.plan else None
    try:
        data, extension = stored_bytes(batch.file), extension_of(batch.file.name)
        name, template = (plan.sheet, None) if plan else (FORM_WORKSHEET, TEMPLATE_WORKSHEETS)
        sheet = read_workbook(data, name, extension=extension, template=template)
    except Rejected as error:
        return Outcome(ParsedTable((), ()), failure=error.message, unreadable=True)
    if plan is not None:
        table = _planned_table(sheet, plan, numeric)
    else:
        table = read_table(sheet, labels, needed, numeric)
    if table.problems:
        return Outcome(ParsedTable((), ()), failure="".join(table.problems))
    return check_table(batch.call, table, drafts=batch.as_drafts, stand_in=stand_in_of(batch))


def stand_in_of(batch: ProposalImport) -> int | None:
    """Return the id of the person who owns drafts of rows that name nobody, None for nobody."""
    stand_in: int | None = (batch.plan or {}).get("stand_in")
    return stand_in


def _planned_table(sheet: Sheet, plan: ColumnPlan, numeric: Sequence[str]) -> ParsedTable:
    """Return the rows of a workbook of any form, its cells as the forms want them."""
    numbers = {*numeric, *plan.factors}
    table = table_of(sheet, plan.columns, numbers, head=plan.head, last=plan.last)
    problems = tuple(row_count_problems(len(table.rows)))
    return replace(adapted(with_days(table, own_fields()), plan.factors), problems=problems)


def check_table(
    call: Call, table: ParsedTable, *, drafts: bool = False, stand_in: int | None = None
) -> Outcome:
    """Check every row of a workbook against the current data.

    Rows that the worksheet hides may be left out later, so a fault of theirs is no failure yet.
    Neither is one of a draft that its owner can put right.
    """
    checked = check_rows(call, table, drafts=drafts, stand_in=stand_in)
    shown = [row for row in checked if row.row not in table.hidden]
    faulty = sum(row.barred if drafts else bool(row.errors) for row in shown)
    failure = f"{faulty}行有问题，整表没有导入。请改正后重新上传。" if faulty else ""
    if not failure and table.rows and len(table.hidden) == len(table.rows):
        failure = "所有的行都被隐藏了。请取消隐藏或筛选，保存后再上传。"
    return Outcome(table, tuple(checked), failure)


def store_result(batch: ProposalImport, outcome: Outcome) -> None:
    """Store what was read and found, without a change of state."""
    table, checked = outcome.table, outcome.checked
    batch.cells = {
        "columns": table.fields,
        "rows": table.rows,
        "places": table.columns,
        "notes": table.notes,
        "originals": [[*place, text] for place, text in table.originals.items()],
    }
    batch.reading = {
        "hidden": sorted(table.hidden),
        "remarks": table.remarks,
        "unreadable": outcome.unreadable,
    }
    contents = dict(table.rows)
    batch.result = [_result_json(row, table, contents[row.row]) for row in checked]
    batch.row_count = len(checked)
    batch.faulty_count = sum(bool(row.errors) for row in checked)
    batch.warned_count = sum(bool(row.warnings) for row in checked)


def _result_json(row: CheckedRow, table: ParsedTable, texts: Sequence[str]) -> dict[str, Any]:
    found = findings_json(table, row.row, texts, row.errors, row.warnings)
    about = {"row": row.row, "title": row.title, "unit": row.unit, "owner": row.owner}
    return {**found, **about, "barred": row.barred}


def counts(batch: ProposalImport) -> dict[str, Any]:
    """Return what the audit log says of a result."""
    return {"rows": batch.row_count, "faulty": batch.faulty_count, "warned": batch.warned_count}


KIND = ImportKind(
    ProposalImport,
    job="proposal.check_sheet",
    audited_as="import",
    check=_read_and_check,
    store=store_result,
    counts=counts,
)
