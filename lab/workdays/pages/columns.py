"""The columns of a year of the office's calendar, and of an import of one."""

from __future__ import annotations

from lab.web.columns import Column

REPLACED = (
    Column("day", "日期", row_header=True),
    Column("working", "安排"),
    Column("name", "名称"),
    Column("source", "依据"),
    Column("entered", "录入"),
)
DAYS = (*REPLACED, Column("actions", "办理", "actions", head_css="text-end"))
READ_ROWS = (
    Column(
        "number", "行", row_header=True, css="text-nowrap", value=lambda row: f"第{row.number}行"
    ),
    Column("text", "内容"),
    Column("read_as", "读作"),
)
