"""Tables of proposals. Money in 分, target values in hundredths."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import ClassVar

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Date,
    ForeignKey,
    Index,
    Integer,
    String,
    Text,
    UniqueConstraint,
    false,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from lab import clock
from lab.calls.models.call import Call
from lab.canonical import JsonString
from lab.catalogue.projects import PROJECT_TYPES, SCENARIO_TYPES
from lab.db import (
    CanonicalJson,
    FrozenJson,
    HasId,
    HasKey,
    HasProvenance,
    Hundredths,
    JsonText,
    Tallied,
    UtcDateTime,
    Versioned,
    evidence_check,
    one_of,
    status_check,
)
from lab.editing.models import INVALID_INPUT, InvalidInput
from lab.extensions import Model
from lab.files.models import StoredFile
from lab.identity.models.account import Person, Unit
from lab.proposals.models.joint import JointConfirmation, ProposalBudgetRow
from lab.proposals.models.texts import ProposalTexts
from lab.proposals.rules.corrections import FIRST_SUBMISSION
from lab.proposals.rules.lifecycle import FINAL, NUMBERED, PROPOSAL, ProposalStatus
from lab.proposals.rules.screening import checklist
from lab.workflow import StateMachine


class Proposal(HasKey, Versioned, HasProvenance, Tallied, ProposalTexts, Model):
    """A proposal in answer to a call. The number is given at the first submission.

    What is typed into the form stands in the columns of `ProposalTexts`. `invalid_input` is {field:
    what was typed}: content that did not pass the form's check is kept there, as typed, until it is
    corrected. `step_versions` is {step: version at which it was last saved}: two people at
    different steps do not stand in each other's way. `missing_count` is the number of missing items
    at the last save, None while not counted (see `writing.missing_count`). `partner_id` is who
    confirms for the joint unit; `budget_fen` is the sum of the budget's rows, kept by every save.
    `index_due`: the search index has yet to follow what was saved while it was typed. `queue_rank`
    is where the newest submission stands in the queue of formality checks (see
    `rules.corrections.queue_rank`), kept by every submission; `title_key` the name it was last
    submitted under, in the form in which names are compared (`rules.similarity.title_key`).
    """

    __tablename__ = "proposal"
    machine: ClassVar[StateMachine] = PROPOSAL
    tally_scope: ClassVar[str] = "call_id"
    __table_args__ = (
        status_check(PROPOSAL),
        evidence_check("submitted", NUMBERED, "number", "submitted_at"),
        evidence_check("final", FINAL, "closed_at"),
        one_of("side", ("post", "bank", "joint")),
        one_of("project_type", tuple(PROJECT_TYPES)),
        one_of("scenario_type", tuple(SCENARIO_TYPES)),
        UniqueConstraint("number"),
        CheckConstraint("budget_fen IS NULL OR budget_fen >= 0", name="budget_not_negative"),
        Index("ix_proposal_call_status", "call_id", "status"),
        # Lists read in order and stop after a page; counts by state read this index alone.
        Index("ix_proposal_saved", "saved_at", "id"),
        Index("ix_proposal_status_saved", "status", "saved_at", "id"),
        Index("ix_proposal_call_saved", "call_id", "saved_at", "id"),
        Index("ix_proposal_counting", "status", "call_id", "owner_id", "leader_id", "id"),
        # The office's overview is read from the index alone: the rows are wide with text.
        Index(
            "ix_proposal_overview",
            *("call_id", "status", "unit_id", "joint_unit_id", "open_gaps", "saved_at"),
        ),
        Index("ix_proposal_days", "call_id", "first_submitted_at"),
        # How many each batch had received by a day, by provenance: read from the index alone.
        Index(
            "ix_proposal_received",
            *("call_id", "source_label", "is_demo", "first_submitted_at", "submitted_at", "number"),
        ),
        # The queue of formality checks is read in its order and counted from the index alone.
        Index(
            "ix_proposal_queue",
            *("status", "queue_rank", "submitted_at", "id", "call_id"),
            *("unit_id", "joint_unit_id", "owner_id", "leader_id", "partner_id"),
        ),
        Index("ix_proposal_title_key", "title_key"),
        Index(
            "ix_proposal_index_due",
            "id",
            sqlite_where=text("index_due"),
            postgresql_where=text("index_due"),
        ),
    )

    call_id: Mapped[int] = mapped_column(ForeignKey("call.id"))
    call: Mapped[Call] = relationship()
    number: Mapped[str | None] = mapped_column(String(20))
    owner_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    owner: Mapped[Person] = relationship(foreign_keys=[owner_id])
    leader_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    leader: Mapped[Person | None] = relationship(foreign_keys=[leader_id])
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"), index=True)
    unit: Mapped[Unit] = relationship(foreign_keys=[unit_id])
    joint_unit_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"), index=True)
    joint_unit: Mapped[Unit | None] = relationship(foreign_keys=[joint_unit_id])
    partner_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    partner: Mapped[Person | None] = relationship(foreign_keys=[partner_id])
    side: Mapped[str | None] = mapped_column(String(6))
    project_type: Mapped[str | None] = mapped_column(String(12))
    scenario_type: Mapped[str | None] = mapped_column(String(12))
    starts_on: Mapped[date | None] = mapped_column(Date)
    ends_on: Mapped[date | None] = mapped_column(Date)
    budget_fen: Mapped[int | None] = mapped_column(BigInteger)
    smart_contract: Mapped[bool] = mapped_column(Boolean, default=False)
    invalid_input: Mapped[InvalidInput] = mapped_column("leftovers", INVALID_INPUT, default=dict)
    step_versions: Mapped[Mapping[str, int]] = mapped_column(JsonText(sort_keys=True), default=dict)
    missing_count: Mapped[int | None] = mapped_column("open_gaps", Integer)
    title_key: Mapped[str | None] = mapped_column(String(100))
    index_due: Mapped[bool] = mapped_column(Boolean, default=False, server_default=false())
    queue_rank: Mapped[int] = mapped_column(Integer, default=FIRST_SUBMISSION)
    pledged_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=clock.now)
    saved_at: Mapped[datetime] = mapped_column(UtcDateTime, default=clock.now)
    first_submitted_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    submitted_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    closed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    milestones: Mapped[list[ProposalMilestone]] = relationship(
        order_by="ProposalMilestone.position", cascade="all, delete-orphan"
    )
    targets: Mapped[list[ProposalTarget]] = relationship(
        order_by="ProposalTarget.position", cascade="all, delete-orphan"
    )
    people: Mapped[list[ProposalPerson]] = relationship(
        order_by="ProposalPerson.position", cascade="all, delete-orphan"
    )
    avoided: Mapped[list[ProposalAvoid]] = relationship(
        order_by="ProposalAvoid.id", cascade="all, delete-orphan"
    )
    budget: Mapped[list[ProposalBudgetRow]] = relationship(
        "ProposalBudgetRow",
        order_by="ProposalBudgetRow.position",
        cascade="all, delete-orphan",
    )
    confirmations: Mapped[list[JointConfirmation]] = relationship(
        "JointConfirmation", order_by="JointConfirmation.id", cascade="all, delete-orphan"
    )
    files: Mapped[list[ProposalFile]] = relationship(
        order_by="ProposalFile.id", cascade="all, delete-orphan"
    )
    checks: Mapped[list[FormalityCheck]] = relationship(order_by="FormalityCheck.id")

    @property
    def announced_checks(self) -> list[FormalityCheck]:
        """The checks whose outcome took effect, oldest first."""
        return [check for check in self.checks if check.announced_at is not None]

    @property
    def is_refused(self) -> bool:
        """Whether the formality check ended with a refusal."""
        return self.status == ProposalStatus.REFUSED


class ProposalMilestone(HasId, Model):
    """A planned milestone."""

    __tablename__ = "proposal_milestone"

    proposal_id: Mapped[int] = mapped_column(ForeignKey("proposal.id"), index=True)
    position: Mapped[int] = mapped_column(Integer)
    name: Mapped[str] = mapped_column(String(60))
    due_on: Mapped[date] = mapped_column(Date)


class ProposalTarget(HasId, Model):
    """A stage of an expected figure: indicator code, initial value, target value, due date.

    Stages of one indicator share the initial value; see `rules.stages`.
    """

    __tablename__ = "proposal_target"
    __table_args__ = (UniqueConstraint("proposal_id", "indicator", "due_on"),)

    proposal_id: Mapped[int] = mapped_column(ForeignKey("proposal.id"), index=True)
    position: Mapped[int] = mapped_column(Integer)
    indicator: Mapped[str] = mapped_column(String(3))
    base: Mapped[Decimal] = mapped_column(Hundredths, default=Decimal(0))
    target: Mapped[Decimal] = mapped_column(Hundredths)
    due_on: Mapped[date] = mapped_column(Date)


class ProposalPerson(HasId, Model):
    """A member of the proposed team: one of the portal's people, or name and unit as typed.

    `name` and `unit` are those of a member without an account, "" for the others.
    """

    __tablename__ = "proposal_person"
    __table_args__ = (
        UniqueConstraint("proposal_id", "person_id"),
        CheckConstraint("person_id IS NOT NULL OR name <> ''", name="member_named"),
    )

    proposal_id: Mapped[int] = mapped_column(ForeignKey("proposal.id"), index=True)
    position: Mapped[int] = mapped_column(Integer)
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    person: Mapped[Person | None] = relationship()
    name: Mapped[str] = mapped_column(String(40), default="", server_default="")
    unit: Mapped[str] = mapped_column(String(60), default="", server_default="")
    duty: Mapped[str] = mapped_column(String(60), default="")

    @property
    def shown_name(self) -> str:
        """The member's name, as it is now where the member has an account."""
        return self.person.name if self.person else self.name

    @property
    def shown_unit(self) -> str:
        """The member's unit, as it is now where the member has an account."""
        return self.person.unit_name if self.person else self.unit


class ProposalAvoid(HasId, Model):
    """Somebody who is not to review, as the applicant typed it (at most two), with the reason.

    The formality check matches it with a person: `person`, or nobody of that name once `matched_at`
    is set. `matched_by_id` is None where applicants still chose the person themselves.
    """

    __tablename__ = "proposal_avoid"
    __table_args__ = (
        CheckConstraint("name <> ''", name="avoided_named"),
        CheckConstraint("person_id IS NULL OR matched_at IS NOT NULL", name="match_evidence"),
    )

    proposal_id: Mapped[int] = mapped_column(ForeignKey("proposal.id"), index=True)
    name: Mapped[str] = mapped_column(String(40), default="", server_default="")
    unit: Mapped[str] = mapped_column(String(60), default="", server_default="")
    reason: Mapped[str] = mapped_column(String(100), default="")
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    matched_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    matched_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class ProposalFile(HasId, Model):
    """An attachment; a removed or replaced one stays on record with the time and the person.

    `replaces_id` is the attachment it replaced. `upload_key` is the page's random name of the
    upload: a repeated upload is not stored again.
    """

    __tablename__ = "proposal_file"
    __table_args__ = (
        UniqueConstraint("proposal_id", "upload_key"),
        UniqueConstraint("replaces_id"),
        CheckConstraint("removed_by_id IS NULL OR removed_at IS NOT NULL", name="removed_evidence"),
    )

    proposal_id: Mapped[int] = mapped_column(ForeignKey("proposal.id"), index=True)
    file_id: Mapped[int] = mapped_column(ForeignKey("stored_file.id"), unique=True)
    file: Mapped[StoredFile] = relationship(lazy="joined")
    removed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    removed_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    replaces_id: Mapped[int | None] = mapped_column(
        ForeignKey("proposal_file.id", ondelete="SET NULL")
    )
    upload_key: Mapped[str | None] = mapped_column(String(32))


class ProposalVersion(HasId, Model):
    """The content as submitted: canonical JSON of what reviewers see, and its SHA-256.

    `private` holds separately what reviewers never see (who filled in the form, phone, reviewers to
    avoid), so that no query for reviewers reads it. `answers_due_on` is the due date of the return
    it answers, `late_days` how many days late it came.
    """

    __tablename__ = "proposal_version"
    __table_args__ = (
        UniqueConstraint("proposal_id", "number"),
        CheckConstraint(
            "late_days = 0 OR (late_days > 0 AND answers_due_on IS NOT NULL)", name="late_evidence"
        ),
    )

    proposal_id: Mapped[int] = mapped_column(ForeignKey("proposal.id"), index=True)
    number: Mapped[int] = mapped_column(Integer)
    # `fingerprint` is that of this text, which is handed out as it is.
    content: Mapped[JsonString] = mapped_column(FrozenJson)
    private: Mapped[JsonString] = mapped_column(FrozenJson, default=JsonString("{}"))
    fingerprint: Mapped[str] = mapped_column(String(64), index=True)
    submitted_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    submitted_at: Mapped[datetime] = mapped_column(UtcDateTime)
    answers_due_on: Mapped[date | None] = mapped_column(Date)
    late_days: Mapped[int] = mapped_column(Integer, default=0)


class FormalityCheck(HasId, Model):
    """One formality check: marks with the items as they stood, outcome, reason; for a return the
    working days given and the fields of the form that it opens.

    `announced_at` is when its letter was sent and the outcome took effect, and for a return fixed
    `due_on`; `recalled_at` when the letter was voided instead.
    """

    __tablename__ = "formality_check"
    __table_args__ = (
        one_of("outcome", tuple(checklist.OUTCOMES)),
        CheckConstraint("outcome = 'passed' OR reason <> ''", name="reason_given"),
        CheckConstraint(
            "outcome <> 'returned' OR announced_at IS NULL OR due_on IS NOT NULL",
            name="due_date_given",
        ),
        CheckConstraint(
            "outcome <> 'returned' OR due_on IS NOT NULL OR due_days IS NOT NULL",
            name="due_days_given",
        ),
        CheckConstraint(
            "announced_at IS NULL OR recalled_at IS NULL", name="announced_or_recalled"
        ),
        CheckConstraint("outcome <> 'returned' OR reopened <> '[]'", name="reopened_given"),
        # What the office did on one day is counted without reading all earlier checks.
        Index("ix_formality_check_checked_at", "checked_at"),
    )

    proposal_id: Mapped[int] = mapped_column(ForeignKey("proposal.id"), index=True)
    version_number: Mapped[int] = mapped_column(Integer)
    checklist: Mapped[Sequence[Mapping[str, str]]] = mapped_column(CanonicalJson())
    outcome: Mapped[str] = mapped_column(String(10))
    reason: Mapped[str] = mapped_column(Text, default="")
    due_days: Mapped[int | None] = mapped_column(Integer)
    due_on: Mapped[date | None] = mapped_column(Date)
    reopened: Mapped[Sequence[str]] = mapped_column(CanonicalJson(), default=list)
    checked_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    checked_by: Mapped[Person] = relationship()
    checked_at: Mapped[datetime] = mapped_column(UtcDateTime)
    letter_id: Mapped[int | None] = mapped_column(ForeignKey("letter.id"), index=True)
    announced_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    recalled_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
