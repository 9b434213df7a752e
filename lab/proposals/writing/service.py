"""Writes of drafts: begin, save a step with its files, delete. Submission is in `service`."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from sqlalchemy import select
from werkzeug.datastructures import FileStorage

from lab import audit, clock
from lab.calls.models.call import Call
from lab.db import bump_version
from lab.editing import leftovers as kept_as_typed
from lab.editing import tabs
from lab.editing.tabs import EditorTab
from lab.extensions import db
from lab.files.storing.receiving import Received
from lab.files.storing.service import mark_for_deletion
from lab.identity.models.account import Person, Unit
from lab.proposals.attachments.changes import add_all, detach, find_active
from lab.proposals.core.editing import lock, require_editable
from lab.proposals.models.joint import ProposalBudgetRow
from lab.proposals.models.proposal import (
    Proposal,
    ProposalAvoid,
    ProposalMilestone,
    ProposalPerson,
    ProposalTarget,
)
from lab.proposals.rules.form_schema import ROW_FIELDS
from lab.proposals.rules.lifecycle import ProposalState
from lab.proposals.writing import admission, missing_count, presence, snapshots, step_versions
from lab.rejected import Rejected

# row field -> (table, the column that tells its rows apart; "" where nothing does)
ROWS: Mapping[str, tuple[type[Any], str]] = {
    "people": (ProposalPerson, "person_id"),
    "milestones": (ProposalMilestone, ""),
    "targets": (ProposalTarget, "indicator"),
    "budget": (ProposalBudgetRow, ""),
    "avoided": (ProposalAvoid, "person_id"),
}


def create_draft(call: Call, owner: Person, *, title: str = "", is_demo: bool = False) -> Proposal:
    """Begin a draft for the owner, with the owner's unit as applicant.

    A draft of this call in which the owner has not written yet is given again, so that a post
    sent twice makes one. Raises Rejected when the call does not take proposals of the unit now.
    """
    proposal, new = begin(call, owner, title=title, is_demo=is_demo)
    if new:
        audit.record("proposal.create", proposal, detail={"call": call.key})
    return proposal


def begin(
    call: Call, owner: Person, *, title: str = "", is_demo: bool = False, late: bool = False
) -> tuple[Proposal, bool]:
    """The same as part of another act, without an audit line; and whether the draft is new.

    `late`: a code for late entry was given, so the time is not asked.
    """
    if owner.unit_id is None:
        raise Rejected("您的账号没有所在单位，请与实施办公室联系。")
    admission.expect_to_begin(call, owner.unit_id, late=late)
    db.session.execute(select(Person.id).where(Person.id == owner.id).with_for_update())
    if not title and (untouched := _untouched(call, owner)):
        return untouched, False
    return new_row(call, owner, title=title, is_demo=is_demo), True


def new_row(call: Call, owner: Person, *, title: str = "", is_demo: bool = False) -> Proposal:
    """The row of a new draft; the caller has asked whether it may be, and writes the audit line."""
    proposal = Proposal(
        call=call,
        owner=owner,
        unit_id=owner.unit_id,
        title=title,
        is_demo=is_demo or call.is_demo,
        created_at=(now := clock.now()),
        saved_at=now,
    )
    proposal.begin()
    proposal.side = _side(proposal)
    proposal.open_gaps = missing_count.missing_count(proposal)
    db.session.add(proposal)
    db.session.flush()
    return proposal


def _untouched(call: Call, owner: Person) -> Proposal | None:
    return db.session.scalar(
        select(Proposal).where(
            Proposal.call_id == call.id,
            Proposal.owner_id == owner.id,
            Proposal.status == ProposalState.DRAFT,
            Proposal.saved_at == Proposal.created_at,
            Proposal.title == "",
        )
    )


def save(
    proposal: Proposal,
    version: int | None,
    values: Mapping[str, Any],
    *,
    leftovers: Mapping[str, Any] | None = None,
    uploads: Sequence[FileStorage | Received] = (),
    remove: str = "",
    person_id: int = 0,
    step: str = "",
    tab: EditorTab | None = None,
    act: str = "proposal.save",
) -> tuple[str, ...]:
    """Save part of a proposal and return the sentences of the files that were refused.

    `values`: column -> value; the row fields people, milestones, targets, budget and avoided take
    lists of mappings and replace what was there; `budget_fen` alone makes one row of the budget.
    `invalid_input`: field -> what was typed, for fields whose content did not pass the check; kept
    as
    typed. `uploads` are attached in the name of `person_id`; `remove` is the key of an attachment
    to take off, which stays in the record.
    `act` names the audit line. Raises EditConflict when somebody else saved since `version` (None:
    not asked, for imports): the same `step`, or with no step anything at all. A save that the page
    `tab` sends again because its answer was lost is none. Raises LateSave when a newer save of
    that page came first, Rejected for fields that a return did not open.
    """
    lock(proposal)
    values = snapshots.in_rows(values)  # a sum is the budget too: shut with it, written with it
    files = ("files",) if uploads or remove else ()
    require_editable(proposal, (*values, *(leftovers or {}), *files))
    if version is not None:
        step_versions.expect(proposal, version, step, tab)
    snapshots.save_snapshot(proposal, person_id)
    _write(proposal, values)
    _store_invalid_input(proposal, {*values, *(leftovers or {})}, leftovers or {})
    refused = add_all(proposal, uploads, person_id)
    if remove and (row := find_active(proposal, remove)):
        detach(row, person_id)
    proposal.open_gaps = missing_count.missing_count(proposal)
    proposal.saved_at = clock.now()
    step_versions.mark(proposal, step)
    bump_version(proposal)
    db.session.flush()  # from here on the row carries its new version
    if tab is not None:
        tabs.note_save(tab, version, proposal.version)
    detail: dict[str, Any] = {"step": step, "unfinished": sorted(leftovers or {})}
    if uploads or remove:
        detail |= {"files": len(uploads) - len(refused), "removed": remove}
    audit.record(act, proposal, detail=detail)
    return refused


def _write(proposal: Proposal, values: Mapping[str, Any]) -> None:
    fill(proposal, values)
    db.session.flush()
    if not {"unit_id", "joint_unit_id"}.isdisjoint(values):
        proposal.side = _side(proposal)


def fill(proposal: Proposal, values: Mapping[str, Any]) -> None:
    """Write values into a proposal as `save` takes them; asks the database nothing."""
    for name, value in snapshots.in_rows(values).items():
        if name in ROW_FIELDS:
            _sync(getattr(proposal, name), name, value)
        else:
            setattr(proposal, name, value)
    if proposal.joint_unit_id is None:
        proposal.partner_id = None
    rows = proposal.budget
    proposal.budget_fen = sum(row.amount_fen for row in rows) if rows else None


def _sync(existing: list[Any], field: str, rows: Sequence[Mapping[str, Any]]) -> None:
    """Make the stored rows equal to the given ones; rows of the same thing are changed in
    place, because a new one would meet the old one's unique key."""
    table, same = ROWS[field]
    spare = {getattr(row, same): row for row in existing} if same else dict(enumerate(existing))
    kept = []
    for position, values in enumerate(rows):
        row = spare.pop(values[same] if same else position, None) or table()
        for name, value in values.items():
            setattr(row, name, value)
        if hasattr(table, "position"):
            row.position = position
        kept.append(row)
    existing[:] = kept


def _side(proposal: Proposal) -> str:
    """post, bank, or joint when the two applicants stand on different sides."""
    ids = [unit_id for unit_id in (proposal.unit_id, proposal.joint_unit_id) if unit_id]
    return joined_side(set(db.session.scalars(select(Unit.side).where(Unit.id.in_(ids)))))


def joined_side(sides: Collection[str]) -> str:
    """The side of a proposal whose applicants stand on these sides."""
    return next(iter(sides)) if len(sides) == 1 else "joint"


# -- what did not pass the check ---------------------------------------------------------------


def _store_invalid_input(
    proposal: Proposal, covered: Collection[str], leftovers: Mapping[str, Any]
) -> None:
    proposal.leftovers = kept_as_typed.merge_invalid_input(proposal.leftovers, covered, leftovers)


# -- the end of a draft -------------------------------------------------------------------------


def delete_draft(proposal: Proposal) -> None:
    """Delete a draft that was never submitted, with everything in it."""
    if proposal.number is not None:
        raise Rejected("已提交过的申报书不能删除，可以撤回。")
    audit.record("proposal.delete", proposal)
    files = [row.file_id for row in proposal.files]
    tabs.delete_tabs_below(presence.form_path(proposal))
    db.session.delete(proposal)
    mark_for_deletion(files)
