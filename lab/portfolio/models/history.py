"""What changes over time about a project, as append-only rows (see lab.db.history)."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import ClassVar

from sqlalchemy import Boolean, Date, ForeignKey, Index, Integer, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from lab.db import Hundredths, one_of
from lab.db.history import HasHistory, origin_check
from lab.extensions import Model
from lab.portfolio.rules.status_light import LABELS as LIGHT_LABELS
from lab.portfolio.rules.team import TeamRole


class ProjectState(HasHistory, Model):
    """A project's state from `valid_from`; `reason` says why an earlier day was given."""

    __tablename__ = "project_state"
    published_columns: ClassVar[frozenset[str]] = frozenset(
        {"project_id", "status", "valid_from", "recorded_at", "origin", "reason"}
    )
    __table_args__ = (
        origin_check(),
        Index("ix_project_state_project", "project_id", "valid_from"),
    )

    project_id: Mapped[int] = mapped_column(ForeignKey("project.id"))
    status: Mapped[str] = mapped_column(String(24))
    reason: Mapped[str] = mapped_column(Text, default="")


class LightOverride(HasHistory, Model):
    """A manual light from `valid_from`; no colour: removed."""

    __tablename__ = "light_override"
    __table_args__ = (
        origin_check(),
        one_of("color", tuple(LIGHT_LABELS)),
        Index("ix_light_override_project", "project_id", "valid_from"),
    )

    project_id: Mapped[int] = mapped_column(ForeignKey("project.id"))
    color: Mapped[str | None] = mapped_column(String(6))
    reason: Mapped[str] = mapped_column(String(300), default="")


class MilestonePlan(HasHistory, Model):
    """A milestone's name, due date and progress (0–100 percent) from `valid_from`."""

    __tablename__ = "milestone_plan"
    __table_args__ = (
        origin_check(),
        Index("ix_milestone_plan_project", "project_id", "valid_from"),
    )

    project_id: Mapped[int] = mapped_column(ForeignKey("project.id"))
    milestone_id: Mapped[int] = mapped_column(ForeignKey("milestone.id"))
    name: Mapped[str] = mapped_column(String(60))
    due_on: Mapped[date] = mapped_column(Date)
    progress: Mapped[int] = mapped_column(Integer, default=0)


class MilestoneCompletion(HasHistory, Model):
    """The day a milestone was completed, as known for days from `valid_from`; NULL: reopened."""

    __tablename__ = "milestone_completion"
    __table_args__ = (
        origin_check(),
        Index("ix_milestone_completion_project", "project_id", "valid_from"),
    )

    project_id: Mapped[int] = mapped_column(ForeignKey("project.id"))
    milestone_id: Mapped[int] = mapped_column(ForeignKey("milestone.id"))
    done_on: Mapped[date | None] = mapped_column(Date)


class TargetRevision(HasHistory, Model):
    """One stage of a project's target for an indicator from `valid_from`.

    The stages set together share `revision`, which counts per project and indicator. A revision
    whose only row is `dropped` removes the target.
    """

    __tablename__ = "target_revision"
    __table_args__ = (
        origin_check(),
        Index("ix_target_revision_project", "project_id", "valid_from"),
    )

    project_id: Mapped[int] = mapped_column(ForeignKey("project.id"))
    indicator: Mapped[str] = mapped_column(String(3))
    revision: Mapped[int] = mapped_column(Integer)
    dropped: Mapped[bool] = mapped_column(Boolean, default=False)
    base: Mapped[Decimal | None] = mapped_column(Hundredths)
    target: Mapped[Decimal | None] = mapped_column(Hundredths)
    starts_on: Mapped[date | None] = mapped_column(Date)
    due_on: Mapped[date | None] = mapped_column(Date)


class TeamMembership(HasHistory, Model):
    """A person's role in a project's team from `valid_from`; no role: left the team."""

    __tablename__ = "team_membership"
    __table_args__ = (
        origin_check(),
        one_of("role", tuple(TeamRole)),
        Index("ix_team_membership_project", "project_id", "valid_from"),
    )

    project_id: Mapped[int] = mapped_column(ForeignKey("project.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    role: Mapped[str | None] = mapped_column(String(8))
    duty: Mapped[str] = mapped_column(String(60), default="")
