"""The columns of the list of reviewers who are barred from a proposal."""

from __future__ import annotations

from lab.web.columns import Column

BARRED = (
    Column("title", "申报书", row_header=True),
    Column("barred", "回避评委与原因", narrow="回避评委"),
)
