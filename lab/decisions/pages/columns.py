"""The columns of the lists of decisions and of one decision."""

from __future__ import annotations

from lab.decisions.rules.office_marks import Mark
from lab.web.columns import Column

_CALL = Column("title", "批次", row_header=True, value=lambda row: f"{row.batch_label} {row.title}")

WAITING = (_CALL, Column("actions", "办理", "actions"))
DECISIONS = (
    _CALL,
    Column("state", "状态", "state"),
    *(Column(mark.value, mark.label, "number", unit="项") for mark in Mark),
)

_LINE = (
    Column("line.rank", "名次", "figure", css="rank-cell"),
    Column("line.number", "编号", css="text-nowrap"),
    Column("line.title", "项目名称", row_header=True),
    Column("line.unit", "申报单位", "unit"),
)
_SCORE = Column("line.score", "正式得分", "figure")
_ZONE = Column("zone", "区位")
ITEMS = (
    *_LINE,
    Column("line.valid", "有效评审", "number", unit="份"),
    *(_SCORE, _ZONE),
    Column("mark", "建议"),
    Column("reason", "理由"),
)
EDITED_ITEMS = (
    *(*_LINE, _SCORE, _ZONE),
    Column("mark", "建议", css="mark-field"),
    Column("reason", "理由", css="reason-field"),
)
ACTIONS = (
    Column("at", "时间", "datetime", css="text-nowrap"),
    Column("label", "办理", row_header=True),
    Column("by", "办理人"),
    Column("reason", "意见"),
)
