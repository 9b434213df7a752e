"""The columns of the queue of formality checks."""

from __future__ import annotations

from dataclasses import replace

from lab.proposals.pages.columns import NUMBER, STATUS, TITLE, UNIT
from lab.web.columns import Column

QUEUE = (
    replace(NUMBER, row_header=True),
    replace(TITLE, row_header=False),
    *(UNIT, STATUS),
    Column("turn_label", "次别", css="text-nowrap"),
    Column("submitted_at", "提交时间", "datetime", css="text-nowrap"),
    Column("due_on", "补正期限", "date", css="text-nowrap"),
    Column("drafting", "审查草稿"),
    Column("actions", "操作", "actions", label_hidden=True),
)
