"""The columns of the lists of handovers."""

from __future__ import annotations

from lab.web.columns import Column

PEOPLE = (
    Column("name", "姓名", row_header=True, link="handover.show", note="sign_in_name"),
    Column("unit", "单位"),
    Column("state", "账号"),
    Column("disabled_at", "停用时间", "datetime"),
    Column("total", "未交接", "number", unit="项"),
)
RECORDS = (
    Column("at", "办理时间", "datetime", row_header=True, link="handover.record"),
    Column("giver", "交出人"),
    Column("count", "交接和撤回", "number", unit="项"),
    Column("by", "经办人"),
    Column("reason", "原因"),
)
ITEMS = (
    Column("name", "事项", row_header=True, note="note"),
    Column("state", "状态"),
    Column("receiver", "接收人"),
)
SHOWN_ITEMS = ITEMS[:2]
KEPT = (
    Column("name", "事项", row_header=True),
    Column("count", "数量", "number", unit="项"),
)
RECORDED = (
    Column("name", "事项", row_header=True),
    Column("kind", "类别"),
    Column("receiver", "接收人", missing="已撤回"),
)
