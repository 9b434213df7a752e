"""Unit counts by submission, where the text under correction names other units."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import aliased

from lab.calls.models.call import Call
from lab.extensions import db
from lab.identity.models.account import Unit
from lab.proposals.core.visibility.titles import submitted_contents
from lab.proposals.models.proposal import Proposal
from lab.proposals.models.search import OTHERS, SearchEntry
from lab.proposals.rules.lifecycle import NOT_PASSED, ProposalStatus
from lab.proposals.rules.unit_names import UNITS_JOIN, split_units


@dataclass(frozen=True)
class _Row:
    """A proposal whose working units differ from the submitted ones.

    `state` as the overview counts it; `submitted`: the names of the submitted units, joined.
    """

    id: int
    state: str
    unit_id: int
    joint_unit_id: int | None
    submitted: str


def unit_corrections(call: Call) -> Counter[tuple[int, str]]:
    """Return corrections to the counts by unit, which follow the working text.

    (unit id, "returned", "submitted" or "partner") -> difference. At most three queries, one where
    nothing differs.
    """
    counts: Counter[tuple[int, str]] = Counter()
    rows = _changed(call)
    ids = _unit_ids() if rows else {}
    for row, (unit, joint) in zip(rows, _submitted_units(rows, ids), strict=True):
        counts[row.unit_id, row.state] -= 1
        counts[ids.get(unit, row.unit_id), row.state] += 1
        if row.joint_unit_id is not None:
            counts[row.joint_unit_id, "partner"] -= 1
        if joint in ids:
            counts[ids[joint], "partner"] += 1
    return counts


def _submitted_units(rows: Sequence[_Row], ids: Mapping[str, int]) -> list[tuple[str, str]]:
    """Return the names of the leading and of the joint unit, "" without one.

    The long texts are read for those alone whose units the joined names do not tell: of units that
    have another name since.
    """
    told = {row.id: split_units(row.submitted, ids) for row in rows}
    texts = submitted_contents([number for number, units in told.items() if units is None])
    untold = {
        number: (text.shown["unit"] or "", text.shown["joint_unit"] or "")
        for number, text in texts.items()
    }
    return [told[row.id] or untold[row.id] for row in rows]


def _changed(call: Call) -> list[_Row]:
    # Only where the two texts differ is there an entry of its own for the others.
    joint = aliased(Unit)
    working = Unit.name + func.coalesce(UNITS_JOIN + joint.name, "")
    rows = db.session.execute(
        select(Proposal.id, Proposal.status, Proposal.unit_id, Proposal.joint_unit_id)
        .add_columns(SearchEntry.unit)
        .join(SearchEntry, SearchEntry.proposal_id == Proposal.id)
        .join(Unit, Unit.id == Proposal.unit_id)
        .outerjoin(joint, joint.id == Proposal.joint_unit_id)
        .where(
            Proposal.call_id == call.id,
            Proposal.status.in_(NOT_PASSED),
            SearchEntry.audience == OTHERS,
            SearchEntry.unit != working,
        )
    )
    return [
        _Row(row.id, _counted_as(row.status), row.unit_id, row.joint_unit_id, row.unit)
        for row in rows
    ]


def _counted_as(status: str) -> str:
    return "returned" if status == ProposalStatus.RETURNED else "submitted"


def _unit_ids() -> dict[str, int]:
    return {row.name: row.id for row in db.session.execute(select(Unit.name, Unit.id))}
