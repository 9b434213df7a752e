"""The columns of the list of reports."""

from __future__ import annotations

from lab.web.columns import Column

REPORTS = (
    Column("number", "编号", row_header=True, link="reports.view"),
    Column("title", "名称"),
    Column("scope", "范围"),
    Column("cutoff", "数据截至", "date"),
    Column("made_by", "生成人"),
    Column("made_at", "生成时间", "datetime"),
    Column("data_hash", "数据指纹"),
    Column("state", "状态"),
)
