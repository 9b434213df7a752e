"""Who else is making a formality check."""

from __future__ import annotations

from lab import clock
from lab.editing import presence
from lab.proposals.core.content.versions import latest_version
from lab.proposals.models.check_drafts import CheckDraft
from lab.proposals.models.proposal import Proposal
from lab.proposals.screening.drafts.queries import find_draft, form_path


def other_editors(proposal: Proposal, person_id: int) -> list[str]:
    """Return sentences about who else has begun this check, and who is at it now."""
    draft = find_draft(proposal, latest_version(proposal.id))
    return [
        *begun_by_others(draft, person_id),
        *presence.presence_sentences(form_path(proposal), person_id),
    ]


def begun_by_others(draft: CheckDraft | None, person_id: int | None) -> list[str]:
    """Return who else has begun this check: 经办乙在2022年7月1日 10:32保存了审查草稿。"""
    if draft is None or draft.person_id == person_id:
        return []
    return [f"{draft.person.name}在{clock.cn_datetime(draft.saved_at)}保存了审查草稿。"]
