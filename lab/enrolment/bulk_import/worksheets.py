"""Read the worksheets of units and people: the template's two, or one of any form by its plan."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from lab.enrolment.models import PEOPLE, UNITS, PeopleImport
from lab.enrolment.rules.columns import (
    PEOPLE_COLUMNS,
    UNIT_COLUMNS,
    SheetColumn,
    labels_of,
    needed_of,
)
from lab.files.rules.sheet import Sheet, hidden_problem
from lab.files.workbooks.choice import ListedSheet, hidden_sheet, is_called, unread_remarks
from lab.files.workbooks.reading import open_workbook, read_workbook
from lab.importing.rules.plan import ColumnPlan, plan_from
from lab.importing.rules.worksheets import ParsedTable, read_table, row_count_problems, table_of
from lab.importing.uploads.service_reading import stored_bytes
from lab.rejected import Rejected
from lab.web.fields.files import extension_of

WORKSHEETS = {UNITS: "单位", PEOPLE: "人员"}
GUIDE, CHOICES = "说明", "选项"  # the template's other worksheets
COLUMNS: Mapping[str, Sequence[SheetColumn]] = {UNITS: UNIT_COLUMNS, PEOPLE: PEOPLE_COLUMNS}
NO_TABLE = ParsedTable((), ())


@dataclass(frozen=True)
class Tables:
    """The rows of both worksheets as they were read; `failure` is "" when they can be checked."""

    units: ParsedTable = NO_TABLE
    people: ParsedTable = NO_TABLE
    failure: str = ""
    remarks: tuple[str, ...] = ()


def read_tables(batch: PeopleImport) -> Tables:
    """Return the rows of an import's file, by its plan or as the template has them."""
    try:
        data, extension = stored_bytes(batch.file), extension_of(batch.file.name)
        if batch.plan:
            return _planned(batch, data, extension)
        return _by_template(data, extension)
    except Rejected as error:
        return Tables(failure=error.message)


def _planned(batch: PeopleImport, data: bytes, extension: str) -> Tables:
    """Return the rows of a workbook of any form, read by its plan."""
    plan: ColumnPlan = plan_from(batch.plan or {})
    sheet = read_workbook(data, plan.sheet, extension=extension)
    table = table_of(sheet, plan.columns, head=plan.head, last=plan.last)
    failure = _hidden_rows(sheet, table) or "".join(row_count_problems(len(table.rows)))
    if batch.content == UNITS:
        return Tables(units=table, failure=failure, remarks=table.remarks)
    return Tables(people=table, failure=failure, remarks=table.remarks)


def _by_template(data: bytes, extension: str) -> Tables:
    """Return the rows of the template's two worksheets; one of them may be missing or empty."""
    opened = open_workbook(data, WORKSHEETS[PEOPLE], extension=extension)
    read: dict[str, ParsedTable] = {}
    problems: list[str] = []
    remarks = [*unread_remarks(opened.listed, (*WORKSHEETS.values(), GUIDE, CHOICES))]
    for content, name in WORKSHEETS.items():
        called = [each for each in opened.listed if is_called(each, name)]
        if all(each.hidden for each in called):
            problems += [hidden_sheet(name)] if called else []
            continue
        table, problem = _template_table(read_workbook(data, name, extension=extension), content)
        read[content] = table
        problems += [f"“{name}”表：{problem}"] if problem else []
        remarks += [f"“{name}”表：{remark}" for remark in table.remarks]
    if not read and not problems:
        problems.append(_no_worksheet(opened.listed))
    units, people = read.get(UNITS, NO_TABLE), read.get(PEOPLE, NO_TABLE)
    return Tables(units, people, "".join(problems), tuple(remarks))


def _no_worksheet(listed: Sequence[ListedSheet]) -> str:
    names = "、".join(f"“{each.name.strip()}”" for each in listed[:6])
    there = f"现有{names}。" if names else ""
    return (
        f"文件中没有名为“单位”或“人员”的工作表。{there}"
        "请使用下载的模板；自己的表格请用“上传自己的单位表”或“上传自己的人员表”。"
    )


def _template_table(sheet: Sheet, content: str) -> tuple[ParsedTable, str]:
    columns = COLUMNS[content]
    table = read_table(sheet, labels_of(columns), needed_of(columns))
    if not table.rows and not sheet.errors:
        return NO_TABLE, ""  # a worksheet left as it was
    return table, "".join(table.problems) or _hidden_rows(sheet, table)


def _hidden_rows(sheet: Sheet, table: ParsedTable) -> str:
    hidden = sheet.hidden & {number for number, _ in table.rows}
    return hidden_problem(hidden) if hidden else ""
