"""Tables of the portfolio."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import ClassVar

from sqlalchemy import (
    CheckConstraint,
    Date,
    ForeignKey,
    Index,
    Integer,
    String,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, WriteOnlyMapped, mapped_column, relationship

from lab import clock
from lab.calls.models.call import Call
from lab.db import (
    HasId,
    HasKey,
    HasProvenance,
    Hundredths,
    Stateful,
    UtcDateTime,
    Versioned,
    evidence_check,
    one_of,
    status_check,
)
from lab.extensions import Model
from lab.identity.models.account import Person, Unit
from lab.portfolio.models.history import ProjectState
from lab.portfolio.rules.lifecycle import EVER_ACCEPTED, HALTED, LANDED, PROJECT, STARTED
from lab.portfolio.rules.status_light import LABELS as LIGHT_LABELS
from lab.portfolio.rules.team import TeamRole
from lab.proposals.models.proposal import Proposal
from lab.workflow import StateMachine


class Project(HasKey, Versioned, HasProvenance, Stateful, Model):
    """An approved project.

    One known only from a public report may lack number, unit and dates: unknown stays NULL. Its
    team sees it once the result is announced.
    """

    __tablename__ = "project"
    machine: ClassVar[StateMachine] = PROJECT
    published_columns: ClassVar[frozenset[str]] = frozenset(
        {
            *("call_id", "number", "name", "short_name", "unit_id", "joint_unit_id", "side"),
            *("scenario_type", "place", "background", "mode", "practice", "outcome"),
            *("starts_on", "ends_on", "approved_at", "status_as_of", "source_label", "is_demo"),
        }
    )
    __table_args__ = (
        status_check(PROJECT),
        evidence_check("started", STARTED, "charter_signed_at", "started_on", or_source=True),
        evidence_check("halted", HALTED, "status_reason"),
        evidence_check("landed", LANDED, "landed_note", or_source=True),
        evidence_check("accepted", EVER_ACCEPTED, "accepted_note", or_source=True),
        one_of("side", ("post", "bank", "joint")),
        one_of("light_override", tuple(LIGHT_LABELS)),
        UniqueConstraint("number"),
        UniqueConstraint("proposal_id"),
        CheckConstraint("light_override IS NULL OR light_reason <> ''", name="override_has_reason"),
    )

    number: Mapped[str | None] = mapped_column(String(20))
    call_id: Mapped[int] = mapped_column(ForeignKey("call.id"), index=True)
    call: Mapped[Call] = relationship()
    proposal_id: Mapped[int | None] = mapped_column(ForeignKey("proposal.id"))
    proposal: Mapped[Proposal | None] = relationship()
    name: Mapped[str] = mapped_column(String(80))
    short_name: Mapped[str] = mapped_column(String(20), default="")
    unit_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"), index=True)
    unit: Mapped[Unit | None] = relationship(foreign_keys=[unit_id])
    joint_unit_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"))
    joint_unit: Mapped[Unit | None] = relationship(foreign_keys=[joint_unit_id])
    side: Mapped[str | None] = mapped_column(String(6))
    scenario_type: Mapped[str | None] = mapped_column(String(12))
    place: Mapped[str] = mapped_column(String(100), default="")
    background: Mapped[str] = mapped_column(Text, default="")
    mode: Mapped[str] = mapped_column(Text, default="")
    practice: Mapped[str] = mapped_column(Text, default="")
    outcome: Mapped[str] = mapped_column(Text, default="")
    starts_on: Mapped[date | None] = mapped_column(Date)
    ends_on: Mapped[date | None] = mapped_column(Date)
    approved_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    announced_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    charter_signed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    charter_signed_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    started_on: Mapped[date | None] = mapped_column(Date)
    landed_note: Mapped[str | None] = mapped_column(Text)
    accepted_note: Mapped[str | None] = mapped_column(Text)
    status_reason: Mapped[str | None] = mapped_column(Text)
    status_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    status_as_of: Mapped[date | None] = mapped_column(Date)
    light_override: Mapped[str | None] = mapped_column(String(6))
    light_reason: Mapped[str] = mapped_column(String(300), default="")
    team: Mapped[list[TeamMember]] = relationship(
        order_by="TeamMember.id", cascade="all, delete-orphan"
    )
    milestones: Mapped[list[Milestone]] = relationship(
        order_by="Milestone.position", cascade="all, delete-orphan"
    )
    targets: Mapped[list[Target]] = relationship(
        order_by="Target.indicator, Target.due_on", cascade="all, delete-orphan"
    )
    states: WriteOnlyMapped[ProjectState] = relationship(
        cascade="save-update, merge", passive_deletes="all"
    )

    def record_state(self, valid_from: date | None, why: str) -> None:
        """Record the state in the project's history.

        A published one is valid from its report's date.
        """
        is_published = self.id is None and self.source_label and self.status_as_of
        if is_published:
            day, origin = self.status_as_of, "published"
        else:
            entered = clock.beijing(self.status_at).date() if self.status_at else clock.today()
            day, origin = valid_from or entered, "act"
        self.states.add(ProjectState(status=self.status, valid_from=day, reason=why, origin=origin))


class TeamMember(HasId, Model):
    """A person in a project's team; one leader at a time."""

    __tablename__ = "team_member"
    __table_args__ = (
        one_of("role", tuple(TeamRole)),
        UniqueConstraint("project_id", "person_id"),
        Index(
            "uq_team_member_one_leader",
            "project_id",
            unique=True,
            sqlite_where=text(f"role = '{TeamRole.LEADER}'"),
            postgresql_where=text(f"role = '{TeamRole.LEADER}'"),
        ),
    )

    project_id: Mapped[int] = mapped_column(ForeignKey("project.id"), index=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    person: Mapped[Person] = relationship()
    role: Mapped[str] = mapped_column(String(8))
    duty: Mapped[str] = mapped_column(String(60), default="")


class Milestone(HasKey, Versioned, Model):
    """A milestone with its due date; `done_on` is NULL while open."""

    __tablename__ = "milestone"

    project_id: Mapped[int] = mapped_column(ForeignKey("project.id"), index=True)
    position: Mapped[int] = mapped_column(Integer)
    name: Mapped[str] = mapped_column(String(60))
    due_on: Mapped[date] = mapped_column(Date)
    progress: Mapped[int] = mapped_column(Integer, default=0)
    done_on: Mapped[date | None] = mapped_column(Date)
    note: Mapped[str] = mapped_column(String(300), default="")


class Target(HasId, Model):
    """A stage of the figure that a project aims at: indicator, base, target, due date.

    Several stages of one indicator share base and start; the last one is the target.
    """

    __tablename__ = "target"
    __table_args__ = (UniqueConstraint("project_id", "indicator", "due_on"),)

    project_id: Mapped[int] = mapped_column(ForeignKey("project.id"), index=True)
    indicator: Mapped[str] = mapped_column(String(3))
    base: Mapped[Decimal] = mapped_column(Hundredths, default=Decimal(0))
    target: Mapped[Decimal] = mapped_column(Hundredths)
    starts_on: Mapped[date | None] = mapped_column(Date)
    due_on: Mapped[date] = mapped_column(Date)
