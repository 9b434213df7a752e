"""The columns of how units stand in a call: drafts, units, days and reminders."""

from __future__ import annotations

from lab.web.columns import Column

_UNIT = Column("name", "单位", "unit", row_header=True)
_SIDE = Column("side", "所属方")
_REMIND = Column("remind", "催办")

IDLE = (_UNIT, _SIDE, Column("people", "申报人", "number", unit="人"), _REMIND)
UNITS = (
    *(_UNIT, _SIDE),
    Column("drafts", "草稿", "number", unit="份"),
    Column("nearly", "接近完成", "number", unit="份"),
    Column("submitted", "已提交", "number", unit="份"),
    Column("returned", "退回补正", "number", unit="份"),
    Column("partner", "参与联合", "number", unit="份"),
    Column("saved_at", "最近保存", "datetime"),
    _REMIND,
)
DAYS = (
    Column("day", "日期", "date", row_header=True),
    Column("number", "当日提交", "number", unit="份"),
    Column("total", "累计", "number", unit="份"),
)
REMINDERS = (
    Column("at", "时间", "datetime", row_header=True),
    Column("unit", "单位", "unit"),
    Column("kind", "事由"),
    Column("notified", "通知", "number", unit="人"),
    Column("by", "催办人"),
)
DRAFTS = (
    Column("unit", "单位", "unit", row_header=True),
    _SIDE,
    Column("owner", "填报人"),
    Column("leader", "负责人"),
    Column("missing_count", "还缺", "number", unit="处"),
    Column("saved_at", "最近保存", "datetime"),
)
