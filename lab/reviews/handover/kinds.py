"""What reviews bring to a handover."""

from __future__ import annotations

from lab.handover.kinds import KeptKind, WithdrawnKind
from lab.reviews.handover import queries, service

UNFINISHED = WithdrawnKind(
    code="sheets",
    label="未完成的评审",
    why="评分表从不交接。撤回后已填写的内容不给任何人看，由实施办公室按回避规则另行分配评委，新评委从空白表开始。",
    counts=queries.sheet_counts,
    items=queries.unfinished_sheets,
    withdraw=service.withdraw_sheets,
    next_step="reviews.assign",
)
SUBMITTED = KeptKind(
    label="已提交的评审",
    why="已提交的评分表照常有效，不交接也不撤回。",
    lines=queries.submitted_sheets,
)
