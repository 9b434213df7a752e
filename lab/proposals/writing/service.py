"""Writes of drafts: begin, save a step with its files, delete. Submission is in
`submission.service`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from sqlalchemy import select
from werkzeug.datastructures import FileStorage

from lab import audit, clock
from lab.calls.models.call import Call
from lab.db import bump_version
from lab.editing import invalid_input as editing_invalid_input
from lab.editing import tabs
from lab.editing.tabs import EditorTab
from lab.extensions import db
from lab.files.storing.service import mark_for_deletion
from lab.files.storing.uploads import ReceivedUpload
from lab.identity.models.account import Person
from lab.proposals.attachments.service_changes import add_files, detach, find_active
from lab.proposals.core.editing import lock, require_editable
from lab.proposals.core.notifications import notify_of_files
from lab.proposals.models.proposal import Proposal
from lab.proposals.rules.lifecycle import ProposalStatus
from lab.proposals.search import indexing
from lab.proposals.writing import (
    admission,
    content_writer,
    field_values,
    missing_count,
    presence,
    service_snapshots,
    step_versions,
)
from lab.rejected import Rejected


def create_draft(call: Call, owner: Person, *, title: str = "", is_demo: bool = False) -> Proposal:
    """Begin a draft for the owner, with the owner's unit as applicant.

    Returns the owner's untouched draft of this call if there is one, so that a repeated post makes
    one draft. Raises Rejected when the call does not accept proposals of the unit now.
    """
    proposal, new = begin_draft(call, owner, title=title, is_demo=is_demo)
    if new:
        audit.record("proposal.create", proposal, detail={"call": call.key})
    return proposal


def begin_draft(
    call: Call, owner: Person, *, title: str = "", is_demo: bool = False, late: bool = False
) -> tuple[Proposal, bool]:
    """Begin a draft as part of another action, without an audit line.

    Return it and whether it is new.

    `late`: admitted by a late-entry code, so the time is not checked.
    """
    if owner.unit_id is None:
        raise Rejected("您的账号没有所在单位，请与实施办公室联系。")
    admission.require_may_begin(call, owner.unit_id, late=late)
    db.session.execute(select(Person.id).where(Person.id == owner.id).with_for_update())
    if not title and (untouched := _untouched(call, owner)):
        return untouched, False
    return new_draft(call, owner, title=title, is_demo=is_demo), True


def new_draft(call: Call, owner: Person, *, title: str = "", is_demo: bool = False) -> Proposal:
    """Create the row of a new draft; the caller has checked admission and writes the audit line."""
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
    proposal.side = content_writer.side_of(proposal)
    proposal.missing_count = missing_count.missing_count(proposal)
    db.session.add(proposal)
    db.session.flush()
    return proposal


def _untouched(call: Call, owner: Person) -> Proposal | None:
    return db.session.scalar(
        select(Proposal).where(
            Proposal.call_id == call.id,
            Proposal.owner_id == owner.id,
            Proposal.status == ProposalStatus.DRAFT,
            Proposal.saved_at == Proposal.created_at,
            Proposal.title == "",
        )
    )


# -- saving -------------------------------------------------------------------------------------

SAVE, AUTOSAVE, RESTORE = "proposal.save", "proposal.autosave", "proposal.restore"


@dataclass(frozen=True)
class SaveDraft:
    """Part of a proposal to be saved.

    `version` is the one that the page showed, None where it is not asked (imports). `values`:
    column -> value; the row fields people, milestones, targets, budget and avoided take lists of
    mappings and replace what was there; budget_fen alone makes one row of the budget.
    `invalid_input`: field -> what was typed, for fields whose content did not pass the check; kept
    as typed. `uploads` are attached in the name of `person_id`; `remove` is the key of an
    attachment to take off, which stays in the record. Without a `step` everything is saved at once.
    `tab` is the page that sends it, `action` names the audit line.
    """

    proposal: Proposal
    version: int | None
    values: Mapping[str, Any]
    invalid_input: Mapping[str, Any] = field(default_factory=dict)
    uploads: Sequence[FileStorage | ReceivedUpload] = ()
    remove: str = ""
    person_id: int = 0
    step: str = ""
    tab: EditorTab | None = None
    action: str = SAVE

    @property
    def covered(self) -> tuple[str, ...]:
        """The fields that it says something of, files apart."""
        return (*self.values, *self.invalid_input)

    @property
    def changes_files(self) -> bool:
        """Whether attachments come or go."""
        return bool(self.uploads or self.remove)


def save_draft(command: SaveDraft) -> tuple[str, ...]:
    """Save part of a proposal and return the sentences of the files that were refused.

    Raises EditConflict when somebody else saved since the command's version: the same step, or
    with no step anything at all. A save that the page sends again because its answer was lost is
    none. Raises LateSave when a newer save of that page came first, Rejected for fields that a
    return did not open.
    """
    # A sum is the budget too: read-only with it, written with it.
    command = replace(command, values=field_values.with_budget_rows(command.values))
    lock(command.proposal)
    _require_editable(command)
    _expect_version(command)
    if command.action == AUTOSAVE:
        indexing.defer(command.proposal)
    service_snapshots.save_snapshot(
        command.proposal, command.person_id, at_once=command.action == RESTORE
    )
    before = missing_count.lacking_before(command.proposal, command.step)
    with db.session.no_autoflush:  # the row is written once, with its new version
        _write_values(command)
        _store_invalid_input(command)
        messages = _change_attachments(command)
        command.proposal.missing_count = missing_count.count_after(
            command.proposal, command.step, before
        )
        _mark_step(command)
    _note_tab(command)
    _record(command, messages)
    return messages


def _require_editable(command: SaveDraft) -> None:
    files = ("files",) if command.changes_files else ()
    require_editable(command.proposal, (*command.covered, *files))


def _expect_version(command: SaveDraft) -> None:
    if command.version is not None:
        step_versions.require_version(command.proposal, command.version, command.step, command.tab)


def _write_values(command: SaveDraft) -> None:
    proposal = command.proposal
    content_writer.fill(proposal, command.values)
    if not {"unit_id", "joint_unit_id"}.isdisjoint(command.values):
        proposal.side = content_writer.side_of(proposal)


def _store_invalid_input(command: SaveDraft) -> None:
    proposal = command.proposal
    proposal.invalid_input = editing_invalid_input.merge_invalid_input(
        proposal.invalid_input, command.covered, command.invalid_input
    )


def _change_attachments(command: SaveDraft) -> tuple[str, ...]:
    """Attach and take off; the sentences of the files that were refused."""
    refused = add_files(command.proposal, command.uploads, command.person_id)
    if command.remove and (row := find_active(command.proposal, command.remove)):
        detach(row, command.person_id)
    if command.changes_files:
        notify_of_files(command.proposal)
    return refused


def _mark_step(command: SaveDraft) -> None:
    """From here on the row carries its new version."""
    proposal = command.proposal
    proposal.saved_at = clock.now()
    step_versions.mark_saved(proposal, command.step)
    bump_version(proposal)
    db.session.flush()


def _note_tab(command: SaveDraft) -> None:
    if command.tab is not None:
        tabs.record_save(command.tab, command.version, command.proposal.version)


def _record(command: SaveDraft, refused: Sequence[str]) -> None:
    detail: dict[str, Any] = {"step": command.step, "unfinished": sorted(command.invalid_input)}
    if command.changes_files:
        attached = len(command.uploads) - len(refused)
        detail |= {"files": attached, "removed": command.remove}
    audit.record(command.action, command.proposal, detail=detail)


# -- the end of a draft -------------------------------------------------------------------------


def delete_draft(proposal: Proposal) -> None:
    """Delete a never submitted draft with everything in it."""
    if proposal.number is not None:
        raise Rejected("已提交过的申报书不能删除，可以撤回。")
    audit.record("proposal.delete", proposal)
    files = [row.file_id for row in proposal.files]
    tabs.delete_tabs_below(presence.form_path(proposal))
    db.session.delete(proposal)
    mark_for_deletion(files)
