"""Write the draft of a formality check. It is deleted once the check is recorded."""

from __future__ import annotations

from sqlalchemy import select

from lab import audit, clock
from lab.db import EditConflict, bump_version
from lab.editing import tabs
from lab.editing.tabs import EditorTab
from lab.extensions import db
from lab.proposals.core.content.versions import latest_version
from lab.proposals.core.editing import lock
from lab.proposals.models.check_drafts import CheckDraft
from lab.proposals.models.proposal import Proposal
from lab.proposals.screening.drafts.queries import ShownState, TypedContent, find_draft


def require_current(
    proposal: Proposal, shown: ShownState, tab: EditorTab | None = None
) -> CheckDraft | None:
    """Return the draft if it is still the one that the page showed, None before the first save.

    The proposal's row must be locked. Raises EditConflict when the proposal was submitted again or
    somebody else saved since the page was shown, unless `tab` only repeats a save whose answer was
    lost; LateSave when a newer save of the same page arrived first.
    """
    tabs.reject_late_save(tab)
    newest = latest_version(proposal.id)
    if shown.submission not in (None, newest):
        raise EditConflict(proposal)
    draft = find_draft(proposal, newest)
    version = draft.version if draft else 0
    if shown.draft in (None, version) or tabs.is_retry(tab, shown.draft, version):
        return draft
    raise tabs.edit_conflict(proposal, tab, shown.draft, version)


def save_draft(
    proposal: Proposal, shown: ShownState, content: TypedContent, tab: EditorTab
) -> CheckDraft:
    """Save the input as typed, without validating it; return the draft.

    Raises EditConflict and LateSave as `require_current` does, TransitionRejected when the proposal
    is not awaiting a check.
    """
    lock(proposal)
    proposal.machine.transition_for(proposal.status, "record_check")
    draft = require_current(proposal, shown, tab)
    if draft is None:
        draft = _new(proposal)
    draft.content = {name: list(values) for name, values in content.items()}
    draft.person_id, draft.saved_at = tab.person_id, clock.now()
    bump_version(draft)
    audit.record("proposal.check_draft", proposal, detail={"number": proposal.number})
    db.session.flush()  # so that the row has its new version
    tabs.record_save(tab, shown.draft, draft.version)
    return draft


def _new(proposal: Proposal) -> CheckDraft:
    delete_draft(proposal)  # there may be one of an earlier submission
    draft = CheckDraft(proposal_id=proposal.id, submission=latest_version(proposal.id))
    db.session.add(draft)
    return draft


def delete_draft(proposal: Proposal) -> None:
    """Delete the draft of the check, of whichever submission."""
    query = select(CheckDraft).where(CheckDraft.proposal_id == proposal.id)
    for draft in db.session.scalars(query):
        db.session.delete(draft)
    db.session.flush()
