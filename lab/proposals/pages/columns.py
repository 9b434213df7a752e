"""The columns of the list of proposals, which its export takes as well, and of the versions."""

from __future__ import annotations

from lab.inbox.letters.columns import LETTERS_ABOUT as LETTERS_ABOUT
from lab.proposals.rules.form.schema import LABELS
from lab.web.columns import Column

# By the fields of the proposal, as they may be asked for in an export.
TITLE = Column(
    "title", LABELS["title"], row_header=True, link="proposals.show", note="call", width=20
)
NUMBER = Column("number", "申报编号", css="number")
UNIT = Column(
    "unit_id", LABELS["unit_id"], "unit", value=lambda row: row.unit, note="side", width=20
)
STATUS = Column("status", "状态", "state", value=lambda row: row.state, width=10)
SAVED_AT = Column("saved_at", "最近保存", "datetime", width=17)

PROPOSALS = (
    *(TITLE, NUMBER, UNIT, STATUS),
    Column("next", "下一步"),
    Column("turn", "由谁办理", css="text-nowrap"),
    SAVED_AT,
)
VERSIONS = (
    Column("number", "版本", row_header=True),
    Column("submitted_at", "提交时间", "datetime"),
    Column("submitted_by", "提交人"),
    Column("changes", "修改"),
    Column("fingerprint", "内容指纹"),
    Column("documents", "文件"),
)
