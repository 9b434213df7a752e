"""Values written into the row of a proposal and the rows inside it."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from sqlalchemy import select

from lab.extensions import db
from lab.identity.models.account import Unit
from lab.proposals.models.joint import ProposalBudgetRow
from lab.proposals.models.proposal import (
    Proposal,
    ProposalAvoid,
    ProposalMilestone,
    ProposalPerson,
    ProposalTarget,
)
from lab.proposals.rules.form.schema import ROW_FIELDS
from lab.proposals.writing import field_values
from lab.web.typed.text import normalise

# row field -> (table, the columns that tell its rows apart; none where nothing does)
ROWS: Mapping[str, tuple[type[Any], tuple[str, ...]]] = {
    "people": (ProposalPerson, ("person_id", "name", "unit")),
    "milestones": (ProposalMilestone, ()),
    "targets": (ProposalTarget, ("indicator", "due_on")),
    "budget": (ProposalBudgetRow, ()),
    "avoided": (ProposalAvoid, ("name", "unit")),
}


def fill(proposal: Proposal, values: Mapping[str, Any]) -> None:
    """Write values into a proposal, as `service.SaveDraft` holds them. Issues no queries."""
    for name, value in field_values.with_budget_rows(values).items():
        if name in ROW_FIELDS:
            _sync(getattr(proposal, name), name, value)
        else:
            _set(proposal, name, value)
    if proposal.joint_unit_id is None:
        proposal.partner_id = None
    if "budget" in values or "budget_fen" in values:
        rows = proposal.budget
        proposal.budget_fen = sum(row.amount_fen for row in rows) if rows else None


def _set(row: Any, name: str, value: Any) -> None:
    """Write one value, unless it is the stored text, cleaned on its way through a page.

    Texts that were stored with marks of other programs stay until someone edits them: a partner
    unit has confirmed them as they are.
    """
    stored = getattr(row, name)
    if isinstance(stored, str) and stored != value and normalise(stored) == value:
        return
    setattr(row, name, value)


def _sync(existing: list[Any], field: str, rows: Sequence[Mapping[str, Any]]) -> None:
    """Make the stored rows equal to the given ones.

    Rows of the same thing are updated in place, because new ones would collide on the unique key.
    """
    table, same = ROWS[field]
    spare = {
        tuple(getattr(row, name) for name in same) or (place,): row
        for place, row in enumerate(existing)
    }
    result = []
    for position, values in enumerate(rows):
        key = tuple(values.get(name, "") for name in same) or (position,)
        row = spare.pop(key, None) or table()
        for name, value in values.items():
            _set(row, name, value)
        if hasattr(table, "position"):
            row.position = position
        result.append(row)
    existing[:] = result


def side_of(proposal: Proposal) -> str:
    """Return post, bank, or joint when the two applicants stand on different sides."""
    ids = [unit_id for unit_id in (proposal.unit_id, proposal.joint_unit_id) if unit_id]
    return joined_side(set(db.session.scalars(select(Unit.side).where(Unit.id.in_(ids)))))


def joined_side(sides: Collection[str]) -> str:
    """Return the side of a proposal whose applicants are on these sides."""
    return next(iter(sides)) if len(sides) == 1 else "joint"
