"""The columns of the lists of extensions and of codes for late submission."""

from __future__ import annotations

from lab.web.columns import Column

EXTENSIONS = (
    Column("unit", "范围", "unit", row_header=True, missing="全部单位"),
    Column("old", "原截止时间", "datetime"),
    Column("new", "新截止时间", "datetime"),
    Column("reason", "理由"),
    Column("at", "延期时间", "datetime"),
)
CODES = (
    Column("unit", "单位", "unit", row_header=True),
    Column("state", "状态"),
    Column("made_at", "生成时间", "datetime"),
    Column("expires_at", "有效期至", "date"),
    Column("used_at", "使用时间", "datetime"),
    Column("reason", "理由"),
    Column("actions", "操作", "actions", label_hidden=True),
)
