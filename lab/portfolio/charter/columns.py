"""The columns of the form of a project's milestones."""

from __future__ import annotations

from lab.web.columns import Column

MILESTONES = (
    Column("name", "里程碑", row_header=True),
    Column("due_on", "计划日期", "date"),
    Column("progress", "进度（%）", cell="field", head_css="num"),
    Column("done_on", "完成日期", cell="field"),
    Column("note", "说明", cell="field"),
)
