"""Reads for the page of one proposal and of one of its versions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from lab import clock
from lab.calls.rules.timing import is_within_deadline
from lab.inbox.letters import queries as letters_queries
from lab.inbox.letters.queries import LetterRow
from lab.policy import OFFICE, Actor, holds
from lab.proposals.bulk_import.queries import Origin, origin_of
from lab.proposals.core import deadlines, editing
from lab.proposals.core import queries as core_queries
from lab.proposals.core.content import comparison
from lab.proposals.core.content import reader as content_reader
from lab.proposals.core.content.attachment_history import AttachmentSlot
from lab.proposals.core.content.comparison import FieldChange
from lab.proposals.core.content.reader import Content, PrivatePart
from lab.proposals.core.deadlines import LateNote
from lab.proposals.core.queries import CheckRow, VersionRow
from lab.proposals.core.visibility import contents
from lab.proposals.core.visibility.files import files_for
from lab.proposals.core.visibility.relations import relations
from lab.proposals.joint.queries import JointState, joint_state
from lab.proposals.models.proposal import Proposal, ProposalVersion
from lab.proposals.pages.next_step import next_step
from lab.proposals.rules import withdrawal
from lab.proposals.rules.corrections import ReturnInfo
from lab.proposals.rules.form.schema import PLEDGE, UNNAMED
from lab.proposals.rules.lifecycle import PROPOSAL, ProposalStatus
from lab.proposals.rules.progress import NextStep, format_time_left
from lab.proposals.withdrawal.queries import WithdrawalRow, withdrawals
from lab.proposals.writing.queries_unchecked import UncheckedInput, unchecked_input
from lab.workflow import State


@dataclass(frozen=True)
class ProposalPage:
    """A proposal as one reader sees it: what is not for the reader is empty or none.

    `next` is what comes next, `turn` whose turn it is as said to the reader, `time_left` the time
    until then in words. `withdrawal_way` is how it could be withdrawn now, `within_deadline`
    whether submissions are taken still. `due_on` is the last day of a return. Newest first:
    `withdrawals`, `checks`, `versions`, `letters`.
    """

    proposal: Proposal
    name: str
    state: State
    next: NextStep
    turn: str
    time_left: str
    withdrawals: tuple[WithdrawalRow, ...]
    withdrawal_way: str
    within_deadline: bool
    content: Content
    pledge: str
    joint: JointState | None
    private: PrivatePart | None
    checks: tuple[CheckRow, ...]
    returned: ReturnInfo | None
    due_on: date | None
    versions: tuple[VersionRow, ...]
    late_entry: LateNote | None
    attachments: tuple[AttachmentSlot, ...]
    letters: tuple[LetterRow, ...]
    origin: Origin | None
    unchecked: Mapping[str, UncheckedInput]
    """Label -> what its own people typed and did not pass the check."""


def proposal_page(proposal: Proposal, reader: Actor) -> ProposalPage:
    """Return the page of a proposal for a reader who may open it."""
    now, until = clock.now(), deadlines.submission_deadline(proposal)
    stands, inside = relations(reader, proposal), contents.may_read_private(reader, proposal)
    seen, following = contents.content_for(reader, proposal), next_step(proposal, until)
    return ProposalPage(
        proposal=proposal,
        name=seen.content.title or UNNAMED,
        state=PROPOSAL.state(proposal.status),
        next=following,
        turn=following.turn_label(bool(stands & {"owner", "leader"})),
        time_left=format_time_left(following.until, now),
        withdrawals=withdrawals(proposal.id) if inside else (),
        withdrawal_way=withdrawal.withdrawal_way(proposal, until, now),
        within_deadline=is_within_deadline(proposal.call, until, now),
        content=seen.content,
        pledge=PLEDGE,
        joint=joint_state(proposal) if stands or _is_office(reader, proposal) else None,
        private=seen.private if inside and seen.private.owner else None,
        checks=_checks_for(reader, proposal) if inside else (),
        returned=editing.returned_state(proposal),
        due_on=editing.due_on(proposal),
        versions=core_queries.version_rows(proposal.id) if inside else (),
        late_entry=deadlines.late_entry_note(proposal) if inside else None,
        attachments=files_for(reader, proposal) if inside else (),
        letters=letters_queries.letters_about(reader, "Proposal", proposal.key) if inside else (),
        origin=origin_of(proposal.id) if inside else None,
        unchecked=unchecked_input(proposal) if stands and proposal.invalid_input else {},
    )


def _is_office(reader: Actor, proposal: Proposal) -> bool:
    """Whether the reader knows of the partner unit as the office does: of what was submitted."""
    return holds(reader, OFFICE) and proposal.status == ProposalStatus.SUBMITTED


def _checks_for(reader: Actor, proposal: Proposal) -> tuple[CheckRow, ...]:
    """Return the checks that a reader may know of: applicants learn theirs from the letter."""
    clerk = holds(reader, OFFICE) and not relations(reader, proposal)
    return core_queries.check_rows(proposal.id, every=clerk)


@dataclass(frozen=True)
class VersionPage:
    """A submitted version as it was frozen; the name is the proposal's newest."""

    proposal: Proposal
    name: str
    version: ProposalVersion
    content: Content


def version_page(proposal: Proposal, version: ProposalVersion) -> VersionPage:
    """Return one version with its whole content."""
    content = content_reader.read(version.content.parsed())
    return VersionPage(proposal, contents.official_title(proposal), version, content)


@dataclass(frozen=True)
class ChangesPage:
    """What a version changed against the one before; `changes` is none for the first."""

    proposal: Proposal
    name: str
    version: ProposalVersion
    changes: tuple[FieldChange, ...] | None


def changes_page(proposal: Proposal, version: ProposalVersion) -> ChangesPage:
    """Compare one version with the one before."""
    name = contents.official_title(proposal)
    return ChangesPage(
        proposal, name, version, comparison.changes_in_version(proposal.id, version.number)
    )
