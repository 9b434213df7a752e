"""The columns of the lists of figures that wait, and of the periods of a project."""

from __future__ import annotations

from lab.web.columns import Column

WAITING = (
    Column("spec.name", "指标", row_header=True),
    Column("period_end", "期末", "date"),
    Column("old", "原值", "figure"),
    Column("new", "新值", "figure"),
    Column("change", "变化", "figure"),
    Column("note", "说明"),
    Column("entered_by", "填报人"),
    Column("state", "状态", "state"),
)
SELECTABLE = (Column("selected", "办理"), *WAITING)
PERIODS = (
    Column("end", "月份", "month", row_header=True),
    Column("approved_count", "已核定", "number", unit="项"),
    Column("pending_count", "待办理", "number", unit="项"),
    Column("locked", "锁定情况"),
)
LOCKABLE_PERIODS = (*PERIODS, Column("actions", "办理", "actions", label_hidden=True))
