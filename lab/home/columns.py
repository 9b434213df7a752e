"""The columns of the lists on the start page."""

from __future__ import annotations

from lab.portfolio.pages.columns import BATCHES as BATCHES
from lab.web.columns import Column

TODOS = (
    Column("task", "事项", row_header=True),
    Column("about", "对象"),
    Column("due", "期限", "date"),
)
OPEN_CALLS = (
    Column("title", "批次", row_header=True, link="calls.show"),
    Column("closes_at", "截止时间", "datetime"),
)
TROUBLED = (
    Column("name", "项目", row_header=True),
    Column("light", "亮灯"),
    Column("reason", "原因"),
)
