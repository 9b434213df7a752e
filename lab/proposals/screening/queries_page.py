"""Reads for the pages of one proposal: its check, and the refusal of an overdue return."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from lab.calls.rules import check_items
from lab.policy import Actor
from lab.proposals.core import deadlines, editing
from lab.proposals.core import queries as core_queries
from lab.proposals.core.content.attachment_history import AttachmentSlot
from lab.proposals.core.deadlines import LateNote
from lab.proposals.core.queries import CheckRow
from lab.proposals.core.visibility import contents
from lab.proposals.core.visibility.files import files_for
from lab.proposals.joint.queries import JointState, joint_state
from lab.proposals.models.check_drafts import CheckDraft
from lab.proposals.models.proposal import Proposal
from lab.proposals.rules.corrections import SUGGESTED_FIELDS, ReturnInfo
from lab.proposals.rules.screening.check_facts import Hint, check_hints
from lab.proposals.rules.screening.checklist import Mark
from lab.proposals.screening.drafts import queries as queries_drafts
from lab.proposals.screening.drafts.presence import begun_by_others
from lab.proposals.screening.queries import Submission, load_submission
from lab.proposals.screening.queue.queries_next import QueueProgress, queue_progress
from lab.proposals.search.queries_similar import SimilarProposals, similar_to


@dataclass(frozen=True)
class CheckPage:
    """A formality check as the clerk makes it.

    `sent` is the newest submission, `draft` the check that was begun, by whomever, `others` who
    else has begun it. `facts` are what the portal knows, `loose_facts` those of no item of the
    list; `suggested` by item the fields that a return opens; `previous` the mark of the last check
    by item. Newest first: `checks`. `joint` is where a partner unit stands that has not confirmed.
    """

    proposal: Proposal
    name: str
    sent: Submission
    draft: CheckDraft | None
    others: Sequence[str]
    facts: tuple[Hint, ...]
    loose_facts: tuple[Hint, ...]
    suggested: Mapping[str, tuple[str, ...]]
    checks: tuple[CheckRow, ...]
    previous: Mapping[str, Mark]
    late_entry: LateNote | None
    similar: SimilarProposals
    attachments: tuple[AttachmentSlot, ...]
    progress: QueueProgress
    joint: JointState | None


def check_page(proposal: Proposal, clerk: Actor, call_key: str) -> CheckPage:
    """Return the page of a check; `call_key` names the queue that the clerk came from, "" for all.

    Raises IndexError when nothing was submitted.
    """
    sent = load_submission(proposal)
    draft, facts = queries_drafts.find_draft(proposal, sent.number), check_hints(sent.facts)
    checks = core_queries.check_rows(proposal.id, every=True)
    codes = {item.code for item in check_items.from_plain(proposal.call.check_items)}
    return CheckPage(
        proposal=proposal,
        name=contents.official_title(proposal),
        sent=sent,
        draft=draft,
        others=begun_by_others(draft, clerk.id),
        facts=facts,
        loose_facts=tuple(fact for fact in facts if fact.code not in codes),
        suggested=SUGGESTED_FIELDS,
        checks=checks,
        previous={mark.code: mark for _, mark in checks[0].marks} if checks else {},
        late_entry=deadlines.late_entry_note(proposal),
        similar=similar_to(clerk, proposal),
        attachments=files_for(clerk, proposal),
        joint=joint_state(proposal),
        progress=queue_progress(clerk, proposal, call_key),
    )


@dataclass(frozen=True)
class OverduePage:
    """A returned proposal that did not come back; `returned` says by when it should have."""

    proposal: Proposal
    name: str
    returned: ReturnInfo | None


def overdue_page(proposal: Proposal) -> OverduePage:
    """Return the page on which the overdue proposal is refused."""
    return OverduePage(
        proposal=proposal,
        name=contents.official_title(proposal),
        returned=editing.returned_state(proposal),
    )
