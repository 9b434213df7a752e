"""Snapshots of a draft's texts during the last hour, each taken before a save.

At most one in two minutes, so at most thirty per hour, and one before each restore; older ones are
purged.
"""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import delete, func, select

from lab import clock
from lab.canonical import JsonString, canonical_json
from lab.db import writing
from lab.editing.models import INVALID_INPUT
from lab.extensions import db
from lab.proposals.models.drafts import ProposalDraftSnapshot
from lab.proposals.models.proposal import Proposal
from lab.proposals.rules.form.schema import STORED_FIELDS
from lab.proposals.writing.field_values import plain_value

RETENTION = timedelta(hours=1)
MIN_INTERVAL = timedelta(minutes=2)


def save_snapshot(proposal: Proposal, person_id: int, *, at_once: bool = False) -> None:
    """Store a snapshot of the text before `person_id` (0: the owner) overwrites it.

    Skipped for a draft without any text and, unless `at_once`, within two minutes of the last.
    """
    now = clock.now()
    newest = select(func.max(ProposalDraftSnapshot.at)).where(
        ProposalDraftSnapshot.proposal_id == proposal.id
    )
    last = db.session.scalar(newest)
    is_recent = last is not None and clock.is_recent(last, now, MIN_INTERVAL)
    if proposal.version == 1 or (is_recent and not at_once):
        return
    db.session.add(
        ProposalDraftSnapshot(
            proposal_id=proposal.id,
            person_id=person_id or proposal.owner_id,
            saved_at=proposal.saved_at,
            at=now,
            content=_text(proposal),
        )
    )


def _text(proposal: Proposal) -> JsonString:
    plain = {name: plain_value(proposal, name) for name in STORED_FIELDS}
    # Invalid input stays a text in itself: it escapes what a column of text would refuse.
    invalid = INVALID_INPUT.dump(proposal.invalid_input)
    return canonical_json({"fields": plain, "leftovers": invalid})


def purge_expired() -> None:
    """Purge snapshots older than an hour."""
    with writing() as session:
        session.execute(
            delete(ProposalDraftSnapshot).where(ProposalDraftSnapshot.at < clock.now() - RETENTION)
        )
