"""The columns of the lists of rounds, and of what stands in one."""

from __future__ import annotations

from lab.reviews.rounds.read_models import RoundEntry
from lab.web.columns import Column


def _unless_hidden(row: RoundEntry, count: int) -> int | None:
    return None if row.hidden else count


ROUNDS = (
    Column("title", "批次", row_header=True, value=lambda row: f"{row.batch_label} {row.title}"),
    Column("state", "状态", "state"),
    Column("proposals", "参评申报书", "number", unit="项"),
    Column("submitted", "已提交评审", "number", unit="份"),
    Column("owed", "未提交评审", "number", unit="份"),
)

_NUMBER = Column("number", "编号")
_TITLE = Column("title", "项目名称", row_header=True)
ENTRIES = (
    *(_NUMBER, _TITLE),
    Column("unit", "申报单位", "unit"),
    # Nothing is told of a proposal to those whom it concerns.
    Column(
        "sheets", "已分配", "number", unit="份", value=lambda row: _unless_hidden(row, row.sheets)
    ),
    Column(
        "submitted",
        "已提交",
        "number",
        unit="份",
        value=lambda row: _unless_hidden(row, row.submitted),
    ),
    Column("owed", "未提交", "number", unit="份", value=lambda row: _unless_hidden(row, row.owed)),
    Column("hint", "提示"),
)
REVIEWERS = (
    Column("name", "评委", row_header=True),
    Column("unit", "单位", "unit", value=lambda row: f"{row.side} · {row.unit}"),
    Column("sheets", "任务", "number", unit="份"),
    Column("submitted", "已提交", "number", unit="份"),
    Column("owed", "未提交", "number", unit="份"),
    Column("pledged", "承诺"),
    Column("actions", "办理", "actions"),
)
SHORT = (
    *(_NUMBER, _TITLE),
    Column("submitted", "已提交", "number", unit="份"),
    Column("owed", "未提交", "number", unit="份"),
)
SCORES = (
    Column("name", "指标", row_header=True),
    Column("score", "得分", "number"),
    Column("note", "评语"),
)
OTHERS = (
    Column("reviewer", "评委", row_header=True),
    Column("unit", "单位", "unit"),
    Column("state", "状态"),
    Column("reason", "原因"),
)
