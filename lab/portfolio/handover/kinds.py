"""What the portfolio brings to a handover."""

from __future__ import annotations

from lab.handover.kinds import HandedOverKind, KeptKind
from lab.portfolio.handover import queries, service
from lab.portfolio.rules import handover as rules

LED = HandedOverKind(
    code="projects",
    label="主持的项目",
    rule=rules.RULE,
    counts=queries.led_counts,
    items=queries.led_projects,
    obstacle=rules.leader_obstacle,
    hand_over=service.hand_over_projects,
)
JOINED = KeptKind(
    label="参加的项目",
    why="组员不用交接，需要时在项目组页面调整。",
    lines=queries.joined_projects,
)
