"""Unit counts by submission, where the text under correction names other units."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import aliased

from lab.calls.models.call import Call
from lab.extensions import db
from lab.identity.models.account import Unit
from lab.proposals.core.visibility.titles import submitted_contents
from lab.proposals.models.proposal import Proposal
from lab.proposals.models.search import OTHERS, SearchEntry
from lab.proposals.rules.lifecycle import NOT_PASSED, ProposalStatus


@dataclass(frozen=True)
class _Row:
    """A proposal whose working units differ from the submitted ones.

    `state` as the overview counts it.
    """

    id: int
    state: str
    unit_id: int
    joint_unit_id: int | None


def unit_corrections(call: Call) -> Counter[tuple[int, str]]:
    """Return corrections to the counts by unit, which follow the working text.

    (unit id, "returned", "submitted" or "partner") -> difference. Two queries, one where nothing
    differs.
    """
    counts: Counter[tuple[int, str]] = Counter()
    rows = _changed(call)
    texts = submitted_contents([row.id for row in rows])
    ids = _unit_ids() if rows else {}
    for row in rows:
        submitted_content = texts[row.id].shown
        counts[row.unit_id, row.state] -= 1
        counts[ids.get(submitted_content["unit"], row.unit_id), row.state] += 1
        if row.joint_unit_id is not None:
            counts[row.joint_unit_id, "partner"] -= 1
        if submitted_content["joint_unit"] in ids:
            counts[ids[submitted_content["joint_unit"]], "partner"] += 1
    return counts


def _changed(call: Call) -> list[_Row]:
    # Only where the two texts differ is there an entry of its own for the others.
    joint = aliased(Unit)
    rows = db.session.execute(
        select(Proposal.id, Proposal.status, Proposal.unit_id, Proposal.joint_unit_id)
        .add_columns(Unit.name, joint.name.label("joint"), SearchEntry.unit)
        .join(SearchEntry, SearchEntry.proposal_id == Proposal.id)
        .join(Unit, Unit.id == Proposal.unit_id)
        .outerjoin(joint, joint.id == Proposal.joint_unit_id)
        .where(
            Proposal.call_id == call.id,
            Proposal.status.in_(NOT_PASSED),
            SearchEntry.audience == OTHERS,
        )
    )
    return [
        _Row(row.id, _counted_as(row.status), row.unit_id, row.joint_unit_id)
        for row in rows
        if row.unit != "、".join(filter(None, (row.name, row.joint)))
    ]


def _counted_as(status: str) -> str:
    return "returned" if status == ProposalStatus.RETURNED else "submitted"


def _unit_ids() -> dict[str, int]:
    return {row.name: row.id for row in db.session.execute(select(Unit.name, Unit.id))}
