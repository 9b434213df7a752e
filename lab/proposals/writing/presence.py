"""Who is editing which step of a proposal."""

from __future__ import annotations

from lab.editing import presence
from lab.proposals.models.proposal import Proposal
from lab.proposals.rules.form.schema import BY_SLUG, step_index
from lab.web.links import page_path


def form_path(proposal: Proposal, step_slug: str = "") -> str:
    """Return the path a step's form is sent to; without a step, their common prefix."""
    return page_path("proposals.step", key=proposal.key, slug=step_slug)


def other_editors(proposal: Proposal, person_id: int) -> list[str]:
    """Return sentences about other editors: 组长甲正在编辑第3步“实施方案与联动”。"""
    steps = [
        (name, where.rpartition("/")[2])
        for name, where in presence.other_editors(form_path(proposal), person_id)
    ]
    return [
        f"{name}正在编辑第{step_index(step) + 1}步“{BY_SLUG[step].label}”。"
        for name, step in steps
        if step in BY_SLUG
    ]
