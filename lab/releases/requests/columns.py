"""The columns of the lists of requests, and of what an action changes."""

from __future__ import annotations

from lab.web.columns import Column

RELEASES = (
    Column("label", "事项", row_header=True, link="releases.show"),
    Column("about", "对象"),
    Column("asked_by", "申请人"),
    Column("asked_at", "申请时间", "datetime"),
    Column("due_at", "复核期限", "date"),
    Column("state", "状态", "state"),
)
CHANGES = (
    Column("label", "项目", row_header=True),
    Column("before", "申请时"),
    Column("after", "办理后"),
)
