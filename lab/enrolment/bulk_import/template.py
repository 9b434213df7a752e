"""The workbook template: a worksheet for units, one for people, instructions, choices."""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import Any

import xlsxwriter

from lab.enrolment.bulk_import.worksheets import CHOICES, COLUMNS, GUIDE, WORKSHEETS
from lab.enrolment.rules.columns import ROLE_NAMES, SheetColumn
from lab.identity.core.queries import unit_choices
from lab.identity.rules.sides import SIDE_NAMES
from lab.importing.rules.worksheets import HINT_MARK, MAX_ROWS
from lab.web.spreadsheets.writing import PLAIN_TEXT_OPTIONS

_GENERAL = (
    "“单位”表每行一个单位，“人员”表每行一个人，各最多{most}行；只填其中一张表也可以。",
    "标题带*的列必须填写，其余可以不填；列的顺序可以变动，标题不能改。灰字是填写提示，导入时不读。",
    "人员的所在单位、单位的上级单位，可以是系统中已有的，也可以是本文件“单位”表中的。",
    "全部正确才会建立，有一行有误则一个也不建立；建立前可以先看逐格核对结果。",
    "登录名已有账号的不再新建，也不改动原有内容；所列的角色没有的，另行申请。",
    "账号建立后没有密码。打印启用单交给本人，凭启用单设置自己的密码。",
    "角色由安全管理员授予，授予之前不生效。管理员账号不在本表建立。",
)


def template_workbook() -> bytes:
    """Return the XLSX file: units, people, how to fill them in, and the choices of their lists."""
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {**PLAIN_TEXT_OPTIONS, "in_memory": True})
    book.set_properties({"title": "单位和人员名单"})
    formats = _formats(book)
    sheets = {content: book.add_worksheet(name) for content, name in WORKSHEETS.items()}
    guide, choices = book.add_worksheet(GUIDE), book.add_worksheet(CHOICES)
    lists = _choices(choices, formats)
    for content, sheet in sheets.items():
        _fill_in(sheet, formats, COLUMNS[content], lists)
    _guide(guide, formats)
    book.close()
    return out.getvalue()


def _formats(book: Any) -> dict[str, Any]:
    top: dict[str, Any] = {"valign": "top", "text_wrap": True}
    head = {**top, "bold": True, "bg_color": "#DCE6F1", "border": 1}
    return {
        "head": book.add_format(head),
        "needed": book.add_format({**head, "font_color": "#9C0006"}),
        "hint": book.add_format({**top, "italic": True, "font_color": "#595959"}),
        "text": book.add_format({**top, "num_format": "@"}),
    }


def _fill_in(
    sheet: Any, formats: dict[str, Any], columns: Sequence[SheetColumn], lists: dict[str, Any]
) -> None:
    for at, column in enumerate(columns):
        sheet.set_column(at, at, 30 if column.limit > 40 else 18, formats["text"])
        sheet.write_string(0, at, column.heading, formats["needed" if column.needed else "head"])
        hint = f"{HINT_MARK}{column.rule}" if at == 0 else column.rule
        sheet.write_string(1, at, hint, formats["hint"])
        if column.field in lists:
            rule = {"validate": "list", "source": lists[column.field], "error_type": "warning"}
            rule |= {"error_title": "不在选项中", "error_message": "系统中没有，确定要填写吗？"}
            sheet.data_validation(2, at, MAX_ROWS + 1, at, rule)
    sheet.set_row(0, 24)
    sheet.set_row(1, 64)
    sheet.freeze_panes(1, 0)


def _choices(sheet: Any, formats: dict[str, Any]) -> dict[str, Any]:
    """Write the choices side by side; return field -> what its drop-down list offers."""
    units = [label.partition(" · ")[2] for _, label in unit_choices()]
    columns = (("系统中的单位", units), ("所属方", [*SIDE_NAMES.values()]), ("角色", [*ROLE_NAMES]))
    for at, (head, values) in enumerate(columns):
        sheet.write_string(0, at, head, formats["head"])
        sheet.set_column(at, at, 30)
        for row, value in enumerate(values, start=1):
            sheet.write_string(row, at, value)
    sheet.freeze_panes(1, 0)
    last = max(len(units), 1) + 1
    known = f"='{CHOICES}'!$A$2:$A${last}"
    return {"side": [*SIDE_NAMES.values()], "parent": known, "unit": known}


def _guide(sheet: Any, formats: dict[str, Any]) -> None:
    for row, instruction in enumerate(_GENERAL):
        sheet.merge_range(row, 0, row, 4, instruction.format(most=MAX_ROWS), formats["text"])
    start = len(_GENERAL) + 1
    for at, head in enumerate(("工作表", "列", "是否必填", "怎样填写", "举例")):
        sheet.write_string(start, at, head, formats["head"])
    rows = ((content, column) for content, columns in COLUMNS.items() for column in columns)
    for row, (content, column) in enumerate(rows, start=start + 1):
        need = "必填" if column.needed else "选填"
        cells = (WORKSHEETS[content], column.label, need, column.rule, column.example)
        for at, text in enumerate(cells):
            sheet.write_string(row, at, text, formats["text"])
    for at, width in enumerate((10, 14, 10, 60, 30)):
        sheet.set_column(at, at, width)
