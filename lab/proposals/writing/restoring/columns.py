"""The columns of the list of earlier drafts."""

from __future__ import annotations

from lab.web.columns import Column

SNAPSHOTS = (
    Column("saved_at", "内容保存于", "datetime", row_header=True),
    Column("replaced_at", "后来修改于", "datetime"),
    Column("replaced_by", "修改人"),
)
