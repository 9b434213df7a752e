"""Reads for the page of a joint application."""

from __future__ import annotations

from dataclasses import dataclass

from lab.policy import Actor
from lab.proposals.core.content import content
from lab.proposals.core.content.comparison import FieldChange
from lab.proposals.core.content.reader import Content
from lab.proposals.core.readiness import missing_content
from lab.proposals.core.visibility.contents import working_title
from lab.proposals.joint import queries
from lab.proposals.joint.queries import JointState, RequestRow
from lab.proposals.models.proposal import Proposal
from lab.proposals.rules.completeness import MissingItem
from lab.proposals.rules.lifecycle import WRITING


@dataclass(frozen=True)
class JointPage:
    """A proposal and what the partner unit was asked and answered, newest first.

    `changes` are those since the partner's last answer, none without one, `since_request` those
    since the request that waits; `asked`: whether an
    answer is waited for from the reader; `missing` keeps the partner from being asked. `content` is
    the text as it stands. `changed` tells the reader that it is newer than what was read, or "".
    """

    proposal: Proposal
    name: str
    joint: JointState | None
    requests: tuple[RequestRow, ...]
    changes: tuple[FieldChange, ...] | None
    since_request: tuple[FieldChange, ...]
    asked: bool
    missing: tuple[MissingItem, ...]
    content: Content
    changed: str


def joint_page(proposal: Proposal, reader: Actor, changed: str = "") -> JointPage:
    """Return the page for a person who takes part in the proposal, or for the office."""
    return JointPage(
        proposal=proposal,
        name=working_title(proposal),
        joint=queries.joint_state(proposal),
        requests=queries.request_rows(proposal),
        changes=queries.changes_since_answer(proposal),
        since_request=queries.changes_since_request(proposal),
        asked=queries.is_awaited_from(proposal, reader),
        missing=missing_content(proposal) if proposal.status in WRITING else (),
        content=content.current_content(proposal),
        changed=changed,
    )
