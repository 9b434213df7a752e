"""Snapshots of a draft's texts during the last hour: the list, and one as forms take it."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import select

from lab import clock
from lab.extensions import db
from lab.identity.models.account import Person
from lab.proposals.models.drafts import ProposalDraftSnapshot
from lab.proposals.models.proposal import Proposal
from lab.proposals.rules.form.description import Kind
from lab.proposals.rules.form.fields import FIELDS
from lab.proposals.rules.form.schema import ROW_FIELDS
from lab.proposals.writing.field_values import with_budget_rows
from lab.proposals.writing.service_snapshots import RETENTION

_DAYS = frozenset({*(field.key for field in FIELDS if field.kind is Kind.DATE), "due_on"})
_DECIMALS = frozenset({"base", "target"})


@dataclass(frozen=True)
class DraftSnapshot:
    """A snapshot: when its text had been saved, when and by whom it was overwritten."""

    id: int
    saved_at: datetime
    replaced_at: datetime
    replaced_by: str


def list_snapshots(proposal: Proposal) -> tuple[DraftSnapshot, ...]:
    """Return the snapshots of the last hour, newest first."""
    rows = db.session.execute(
        select(
            ProposalDraftSnapshot.id,
            ProposalDraftSnapshot.saved_at,
            ProposalDraftSnapshot.at,
            Person.name,
        )
        .join(Person, Person.id == ProposalDraftSnapshot.person_id)
        .where(
            ProposalDraftSnapshot.proposal_id == proposal.id,
            ProposalDraftSnapshot.at >= clock.now() - RETENTION,
        )
        .order_by(ProposalDraftSnapshot.id.desc())
    )
    return tuple(DraftSnapshot(*row) for row in rows)


def find_snapshot(proposal: Proposal, number: int) -> ProposalDraftSnapshot | None:
    """Return this proposal's snapshot with this number, None when there is none."""
    return db.session.scalar(
        select(ProposalDraftSnapshot).where(
            ProposalDraftSnapshot.proposal_id == proposal.id, ProposalDraftSnapshot.id == number
        )
    )


def snapshot_values(snapshot: ProposalDraftSnapshot) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return values and invalid input as `service.save_draft` takes them."""
    plain = snapshot.content.parsed()
    values = {name: _read(name, value) for name, value in plain["fields"].items()}
    return with_budget_rows(values), with_budget_rows(json.loads(plain["leftovers"]))


def _read(name: str, value: Any) -> Any:
    if name in ROW_FIELDS:
        return [{column: _read(column, cell) for column, cell in row.items()} for row in value]
    if value is None:
        return None
    if name in _DAYS:
        return date.fromisoformat(value)
    return Decimal(value) if name in _DECIMALS else value
