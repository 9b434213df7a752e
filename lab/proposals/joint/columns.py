"""The columns of the requests to confirm a joint proposal."""

from __future__ import annotations

from lab.web.columns import Column

REQUESTS = (
    Column("asked_at", "提请时间", "datetime", row_header=True),
    Column("person", "确认人", value=lambda row: f"{row.person}（{row.unit}）"),
    Column("reminded_at", "最近催办", "datetime"),
    Column("state", "结果", "state"),
    Column("answered_at", "答复时间", "datetime"),
    Column("answer", "意见或理由", css="joint-opinion"),
)
