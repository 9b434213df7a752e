"""Versions per step, so that people on different steps do not block each other."""

from __future__ import annotations

from lab.editing import tabs
from lab.editing.tabs import EditorTab
from lab.proposals.models.proposal import Proposal
from lab.proposals.rules.form.schema import BY_SLUG


def step_version(proposal: Proposal, step: str) -> int:
    """Return the proposal's version at the last save of this step, 0 for never.

    Without a step the proposal's own version.
    """
    if step not in BY_SLUG:
        return proposal.version
    return proposal.step_versions.get(step, 0)


def require_version(proposal: Proposal, version: int, step: str, tab: EditorTab | None) -> None:
    """Raise EditConflict when the step was saved after `version` was shown.

    Not when this very page saved it, which sends again because the answer was lost. Raises LateSave
    when a newer save of the page came first. The row must be locked.
    """
    tabs.reject_late_save(tab)
    newest = step_version(proposal, step)
    if newest <= version <= proposal.version:
        return
    if version != proposal.version and not tabs.is_retry(tab, version, newest):
        raise tabs.edit_conflict(proposal, tab, version, newest)


def mark_saved(proposal: Proposal, step: str) -> None:
    """Mark the step (without one: each) as saved in the version that the next flush creates."""
    saved = dict.fromkeys((step,) if step in BY_SLUG else BY_SLUG, proposal.version + 1)
    proposal.step_versions = {**proposal.step_versions, **saved}
