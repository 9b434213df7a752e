"""The columns of the lists that a reviewer has."""

from __future__ import annotations

from lab.web.columns import Column

_SHEET = (
    Column("position", "序号", "figure"),
    Column("title", "项目名称", row_header=True),
    Column("unit", "申报单位", "unit"),
)
_ACTIONS = Column("actions", "办理", "actions")
ASSIGNED = (*_SHEET, _ACTIONS)
OWN = (
    *_SHEET,
    Column("state", "状态"),
    Column("total", "我的总分", "figure"),
    _ACTIONS,
)
SCORES = (
    Column("name", "指标", row_header=True),
    Column("score", "得分", "number"),
    Column("note", "评语"),
)
