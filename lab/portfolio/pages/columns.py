"""The columns of the lists of projects, of batches, and of what belongs to a project."""

from __future__ import annotations

from functools import partial

from lab.portfolio.pages.batch_counts import BatchCount
from lab.portfolio.rules.team import TeamRole
from lab.web.columns import Column
from lab.web.filters import number

PROJECTS = (
    Column("name", "项目名称", row_header=True, css="project-name"),
    Column("unit", "承担单位", "unit", missing="未载明"),
    Column("state", "状态"),
    Column("light", "灯色", css="project-light"),
    Column("next_milestone", "下一个里程碑"),
    Column("target_progress", "指标完成", css="project-targets"),
)
TEAM = (
    Column("name", "姓名", row_header=True),
    Column("role", "角色", value=lambda member: TeamRole(member.role).label),
    Column("unit", "单位", "unit"),
    Column("duty", "分工"),
)
MILESTONES = (
    Column("name", "里程碑", row_header=True),
    Column("due_on", "计划日期", "date"),
    Column("progress", "进度", "number", unit="%"),
    Column("done_on", "完成日期", "date"),
    Column("note", "说明"),
)


def _received(row: BatchCount) -> str | None:
    """Write the number received, or what a public report says in its place."""
    return f"{number(row.received)}个" if isinstance(row.received, int) else row.received


_BATCH = Column("title", "批次", row_header=True)
_APPROVED = Column("approved", "立项", "number", unit="个")
_BY_STATE = (
    Column("landed", "已落地", "number", unit="个"),
    Column("in_progress", "正在推进", "number", unit="个"),
    Column("others", "其他状态", "number", unit="个"),
)


def _light(color: str, row: BatchCount) -> int:
    return row.lights[color]


_BY_LIGHT = tuple(
    Column(color, label, "number", value=partial(_light, color), cell="light")
    for color, label in (("red", "红灯"), ("yellow", "黄灯"), ("green", "绿灯"), ("grey", "未评灯"))
)
BATCHES = (
    *(_BATCH, Column("received", "收到", "figure", value=_received), _APPROVED, *_BY_STATE),
    Column("unnamed", "名称未载明", "number", unit="个"),
    *_BY_LIGHT,
)
# What a person takes part in says nothing about the whole of a batch.
OWN_BATCHES = (_BATCH, _APPROVED, *_BY_STATE, *_BY_LIGHT)
