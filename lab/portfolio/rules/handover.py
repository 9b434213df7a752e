"""Who may take over a project from its leader. Pure.

Office rule: the new leader belongs to the project's team already, or works in its lead or partner
unit. Anybody else is first taken into the team.
"""

from __future__ import annotations

from lab import policy
from lab.handover.rules import HeldItem, Receiver
from lab.policy import Resource

RULE = (
    "可以交给项目组成员，或牵头单位、联合单位的人员。组长的待办（签署任务书、确认数据和进度说明）随项目转出；"
    "以前各期报告仍写当时的组长。"
)
NOT_ENTITLED = "无权担任项目组长"
OUTSIDE = "不是项目组成员，也不在牵头单位或联合单位"


def leader_obstacle(item: HeldItem, receiver: Receiver) -> str:
    """Return why the person cannot lead the project, "" for nothing."""
    resource = Resource("project", item.status, frozenset({"announced", "team_leader"}))
    if not policy.allowed("project.view", receiver.actor, resource):
        return NOT_ENTITLED
    if policy.decide("indicator.confirm", receiver.actor, resource) is policy.Verdict.DENY:
        return NOT_ENTITLED
    return "" if item.is_near(receiver) else OUTSIDE
