"""The workbook template: worksheets to fill in, instructions, and options."""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import Any

import xlsxwriter

from lab.catalogue.indicators import INDICATORS
from lab.catalogue.projects import PROJECT_TYPES, SCENARIO_TYPES
from lab.identity.core.queries import unit_choices
from lab.importing.rules.worksheets import HINT_MARK, MAX_ROWS
from lab.proposals.bulk_import.workbook.columns import (
    CHOICE,
    DAY,
    EVIDENCE,
    FORM_WORKSHEET,
    GUIDE_WORKSHEET,
    NO,
    NUMBER,
    OPTIONS_WORKSHEET,
    PEOPLE,
    ROWS,
    TICK,
    UNITS,
    YES,
    WorkbookColumn,
    template_columns,
)
from lab.proposals.rules.form.schema import LABELS
from lab.proposals.writing.forms.row_forms import INDICATOR_CHOICES
from lab.web.spreadsheets.writing import PLAIN_TEXT_OPTIONS

_WIDTHS = {CHOICE: 18, DAY: 14, NUMBER: 14, ROWS: 40, TICK: 12}
_FORMATS = {DAY: "yyyy-mm-dd", NUMBER: "0.00"}


def rows_shape(column: WorkbookColumn) -> str:
    """Return the format of a line in a multi-row cell: 里程碑|完成日期."""
    return "|".join(part.label for part in column.parts)


def column_rule(column: WorkbookColumn) -> str:
    """Describe in one sentence what a column accepts."""
    if column.form == EVIDENCE and column.kind == TICK:
        return f"填“{YES}”，表示来件附有签署的诚信承诺。"
    if column.field in PEOPLE:
        return "登录名；姓名在系统中只有一人时可写姓名，也可写“姓名（单位）”。"
    if column.field in UNITS:
        return "从下拉列表选择单位，与“选项”表一致。"
    if column.kind == ROWS:
        people = any(f"{column.field}.{part.name}" in PEOPLE for part in column.parts)
        people_hint = "人员写登录名或“姓名（单位）”。" if people else ""
        if column.field == "avoided":
            people_hint = "姓名也可写成“姓名（单位）”。"
        return (
            f"每行一项，用Alt+Enter换行，各段用|隔开：{rows_shape(column)}，最多{column.most}项。"
            f"{people_hint}文字中的|写成\\|。"
        )
    return {
        CHOICE: "从下拉列表选择，与“选项”表一致。",
        TICK: f"填“{YES}”或“{NO}”。",
        DAY: "日期，如2022-07-01或2022年7月1日。",
        NUMBER: "数字，单位为元，最多两位小数。",
    }.get(column.kind, f"文字，最多{column.limit}个字符，标点计入。")


def template_workbook(call_title: str) -> bytes:
    """Return the workbook for a call."""
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {**PLAIN_TEXT_OPTIONS, "in_memory": True})
    book.set_properties({"title": f"{call_title}申报汇总表"})
    formats = _formats(book)
    worksheet = book.add_worksheet(FORM_WORKSHEET)
    guide = book.add_worksheet(GUIDE_WORKSHEET)
    options = _options(book.add_worksheet(OPTIONS_WORKSHEET), formats)
    _fill_in(worksheet, formats, options)
    _guide(guide, formats, call_title)
    book.close()
    return out.getvalue()


def _formats(book: Any) -> dict[str, Any]:
    top: dict[str, Any] = {"valign": "top", "text_wrap": True}
    return {
        "head": book.add_format({**top, "bold": True, "bg_color": "#DCE6F1", "border": 1}),
        "needed": book.add_format(
            {**top, "bold": True, "bg_color": "#DCE6F1", "border": 1, "font_color": "#9C0006"}
        ),
        "hint": book.add_format({**top, "italic": True, "font_color": "#595959"}),
        # Text stays what was typed: a long number is not turned into 1.38E+10.
        "text": book.add_format({**top, "num_format": "@"}),
        **{kind: book.add_format({**top, "num_format": f}) for kind, f in _FORMATS.items()},
    }


# -- 填写 --------------------------------------------------------------------------------------


def _fill_in(worksheet: Any, formats: dict[str, Any], options: dict[str, str]) -> None:
    for column_index, column in enumerate(template_columns()):
        width = _WIDTHS.get(column.kind, 24 if (column.limit or 0) <= 100 else 40)
        worksheet.set_column(
            column_index, column_index, width, formats.get(column.kind, formats["text"])
        )
        head = formats["needed" if column.needed else "head"]
        worksheet.write_string(0, column_index, column.heading, head)
        hint = column_rule(column)
        worksheet.write_string(
            1, column_index, f"{HINT_MARK}{hint}" if column_index == 0 else hint, formats["hint"]
        )
        _validate(worksheet, column_index, column, options)
    worksheet.set_row(0, 32)
    worksheet.set_row(1, 96)
    worksheet.freeze_panes(1, 0)


def _validate(
    worksheet: Any, column_index: int, column: WorkbookColumn, options: dict[str, str]
) -> None:
    """Add drop-down lists, and an input message with the rule beside the cell."""
    validation: dict[str, Any] = {"validate": "any", "input_title": column.label[:32]}
    validation["input_message"] = column_rule(column)[:255]
    if column.kind == TICK:
        validation |= {
            "validate": "list",
            "source": [YES] if column.form == EVIDENCE else [YES, NO],
        }
    elif column.field in options:
        validation |= {"validate": "list", "source": options[column.field]}
    if validation["validate"] == "list":
        validation |= {"error_title": "不在选项中", "error_message": "请从下拉列表中选择。"}
    worksheet.data_validation(2, column_index, MAX_ROWS + 1, column_index, validation)


# -- 选项 --------------------------------------------------------------------------------------


def _options(worksheet: Any, formats: dict[str, Any]) -> dict[str, str]:
    """Write the choices side by side; return field -> the range of its drop-down list."""
    units = [label.partition(" · ")[2] for _, label in unit_choices()]
    codes = [code for code, _ in INDICATOR_CHOICES]
    ranges = {
        "unit_id": _list(worksheet, formats, 0, "单位", units),
        "project_type": _list(
            worksheet, formats, 1, LABELS["project_type"], list(PROJECT_TYPES.values())
        ),
        "scenario_type": _list(
            worksheet, formats, 2, LABELS["scenario_type"], list(SCENARIO_TYPES.values())
        ),
    }
    _list(worksheet, formats, 3, "指标", [INDICATORS[code].name for code in codes])
    _list(worksheet, formats, 4, "指标代码", codes)
    _list(worksheet, formats, 5, "计量单位", [INDICATORS[code].unit for code in codes])
    _list(worksheet, formats, 6, "指标含义", [INDICATORS[code].definition for code in codes])
    for column_index, width in enumerate((28, 14, 16, 24, 10, 10, 60)):
        worksheet.set_column(column_index, column_index, width)
    worksheet.freeze_panes(1, 0)
    return {**ranges, "joint_unit_id": ranges["unit_id"]}


def _list(
    worksheet: Any, formats: dict[str, Any], column_index: int, head: str, values: Sequence[str]
) -> str:
    worksheet.write_string(0, column_index, head, formats["head"])
    for row, value in enumerate(values, start=1):
        worksheet.write_string(row, column_index, value)
    letter = "ABCDEFG"[column_index]
    return f"='{OPTIONS_WORKSHEET}'!${letter}$2:${letter}${len(values) + 1}"


# -- 说明 --------------------------------------------------------------------------------------


def _guide(worksheet: Any, formats: dict[str, Any], call_title: str) -> None:
    general = (
        f"本表用于汇总“{call_title}”通过邮件收到的申报，每行一件，最多{MAX_ROWS}行。",
        "标题带*的列必须填写，其余可以不填；列的顺序可以变动，标题不能改。",
        "全部正确才会导入，有一行有误则整表不导入；导入前可以先看逐格核对结果。",
        "导入后状态为“已提交”，按行的顺序编号。附件不随表导入，由形式审查退回补正后上传。",
        "另存为CSV也可以导入，编码为UTF-8或GBK均可。",
        "读取的是表中显示的内容。公式要算出结果，文件不设打开密码；隐藏的行会先询问是否导入。",
    )
    for row, instruction in enumerate(general):
        worksheet.merge_range(row, 0, row, 3, instruction, formats["text"])
    start = len(general) + 1
    for column_index, head in enumerate(("列", "是否必填", "怎样填写", "举例")):
        worksheet.write_string(start, column_index, head, formats["head"])
    for row, column in enumerate(template_columns(), start=start + 1):
        cells = (
            column.label,
            "必填" if column.needed else "选填",
            column_rule(column),
            column_example(column),
        )
        for column_index, text in enumerate(cells):
            worksheet.write_string(row, column_index, text, formats["text"])
    for column_index, width in enumerate((22, 10, 70, 44)):
        worksheet.set_column(column_index, column_index, width)


def column_example(column: WorkbookColumn) -> str:
    """Return an example value or line for the column; "" where the rule is enough."""
    examples = {
        "owner_id": "zhangsan",
        "received_on": "2022-07-05",
        "pledge": YES,
        "starts_on": "2022-07-01",
        "ends_on": "2022-12-31",
        "leader_id": "李四（东城区分公司）",
        "people": "wangwu|商户拓展",
        "milestones": "完成系统对接|2022-09-30\n园区上线|2022-11-30",
        "targets": "开立个人钱包数|0|20000|2022-12-31\nK06|5|30|2022-12-31",
        "budget": "宣传物料|80000|营销费用\n机具布放|40000|",
        "smart_contract": NO,
        "avoided": "赵六（西城区分公司）|曾为同一部门同事",
    }
    return examples.get(column.field, "")
