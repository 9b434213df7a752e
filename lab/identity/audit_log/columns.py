"""The columns of the audit log."""

from __future__ import annotations

from lab.web.columns import Column

LINES = (
    Column("seq", "序号", "figure", row_header=True),
    Column("at", "时间", "datetime", css="text-nowrap"),
    Column("actor", "人员"),
    Column("action", "事项"),
    Column("object", "对象"),
    Column("result", "结果"),
    Column("facts", "内容", css="audit-facts"),
    Column("address", "地址", css="text-nowrap"),
)
