"""The columns of the state of the system."""

from __future__ import annotations

from lab.web.columns import Column

CHECKS = (
    Column("title", "检查项", row_header=True),
    Column("tone", "状态"),
    Column("text", "情况"),
    Column("advice", "处理办法"),
)
