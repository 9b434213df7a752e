"""The draft of a formality check, shared by all clerks, and the page it is typed on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import select

from lab.extensions import db
from lab.proposals.models.check_drafts import CheckDraft
from lab.proposals.models.proposal import Proposal
from lab.web.links import page_path

TypedContent = Mapping[str, Sequence[str]]


@dataclass(frozen=True)
class ShownState:
    """The state a page was rendered from: submission number and draft version (0 for none yet).

    None where it does not matter, for actions without a page.
    """

    submission: int | None = None
    draft: int | None = None


def find_draft(proposal: Proposal, submission: int) -> CheckDraft | None:
    """Return the draft for this submission, None when nobody has begun."""
    return db.session.scalar(
        select(CheckDraft).where(
            CheckDraft.proposal_id == proposal.id, CheckDraft.submission == submission
        )
    )


def typed_content(draft: CheckDraft | None) -> TypedContent:
    """Return control -> raw input."""
    return draft.content if draft else {}


def form_path(proposal: Proposal) -> str:
    """Return the path the check form is sent to."""
    return page_path("checks.show", key=proposal.key)
