"""Reads for the pages of the texts of the last hour."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from lab.proposals.core import editing
from lab.proposals.core.content.comparison import FieldChange
from lab.proposals.core.visibility.contents import working_title
from lab.proposals.models.drafts import ProposalDraftSnapshot
from lab.proposals.models.proposal import Proposal
from lab.proposals.rules import corrections
from lab.proposals.rules.form.schema import FormStep
from lab.proposals.writing.restoring import queries
from lab.proposals.writing.restoring.queries import DraftSnapshot


@dataclass(frozen=True)
class SnapshotsPage:
    """A proposal and its texts of the last hour, newest first; `edit_step` is where to go on."""

    proposal: Proposal
    name: str
    snapshots: Sequence[DraftSnapshot]
    edit_step: FormStep


def snapshots_page(proposal: Proposal) -> SnapshotsPage:
    """Return the list of what can be restored."""
    return SnapshotsPage(
        proposal,
        working_title(proposal),
        queries.list_snapshots(proposal),
        corrections.first_editable_step(editing.editable_fields(proposal)),
    )


@dataclass(frozen=True)
class SnapshotPage:
    """A text of the last hour, and what bringing it back would change."""

    proposal: Proposal
    name: str
    saved_at: datetime
    changes: Sequence[FieldChange]


def snapshot_page(
    proposal: Proposal, snapshot: ProposalDraftSnapshot, changes: Sequence[FieldChange]
) -> SnapshotPage:
    """Return the page of one text."""
    return SnapshotPage(proposal, working_title(proposal), snapshot.saved_at, changes)
