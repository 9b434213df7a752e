"""What proposals bring to a handover."""

from __future__ import annotations

from lab.handover.kinds import HandedOverKind, KeptKind
from lab.proposals.handover import queries, service
from lab.proposals.rules import handover as rules

DRAFTS = HandedOverKind(
    code="drafts",
    label="草稿和待补正、待审查的申报书",
    rule=rules.DRAFT_RULE,
    counts=queries.draft_counts,
    items=queries.held_drafts,
    obstacle=rules.draft_obstacle,
    hand_over=service.hand_over_drafts,
)
CONFIRMATIONS = HandedOverKind(
    code="confirmations",
    label="联合确认",
    rule=rules.CONFIRMATION_RULE,
    counts=queries.confirmation_counts,
    items=queries.held_confirmations,
    obstacle=rules.confirmation_obstacle,
    hand_over=service.hand_over_confirmations,
)
PARTS = KeptKind(
    label="他人的申报书",
    why="负责人和成员是申报内容，由申报人在草稿中改选；已提交的，立项后在项目组页面调整。",
    lines=queries.parts_taken,
)
