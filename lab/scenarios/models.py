"""Tables of scenarios and merchants. Aggregates and milestones only: no accounts, no customers."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, Date, ForeignKey, Integer, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from lab.db import DemoMarked, Keyed, Numbered, UtcDateTime, Versioned, one_of
from lab.extensions import Model
from lab.portfolio.models import Project
from lab.proposals.models import SCENARIO_TYPES
from lab.scenarios.funnel import STEP_KEYS

CHANNELS = {"online": "线上", "offline": "线下"}


class Scenario(Keyed, Versioned, DemoMarked, Model):
    """A place or service where digital RMB is accepted, e.g. a mall."""

    __tablename__ = "scenario"
    __table_args__ = (
        one_of("kind", tuple(SCENARIO_TYPES)),
        one_of("channel", tuple(CHANNELS)),
        UniqueConstraint("project_id", "name"),
    )

    project_id: Mapped[int] = mapped_column(ForeignKey("project.id"), index=True)
    project: Mapped[Project] = relationship()
    name: Mapped[str] = mapped_column(String(60))
    kind: Mapped[str | None] = mapped_column(String(12))
    channel: Mapped[str | None] = mapped_column(String(8))
    place: Mapped[str] = mapped_column(String(100), default="")
    note: Mapped[str] = mapped_column(String(300), default="")
    is_benchmark: Mapped[bool] = mapped_column(default=False)
    merchants: Mapped[list[Merchant]] = relationship(order_by="Merchant.id")


class Merchant(Keyed, Versioned, DemoMarked, Model):
    """A merchant of a scenario; a chain has one row and several outlets."""

    __tablename__ = "merchant"
    __table_args__ = (
        UniqueConstraint("scenario_id", "name"),
        CheckConstraint("outlets BETWEEN 1 AND 100000", name="outlets_range"),
    )

    scenario_id: Mapped[int] = mapped_column(ForeignKey("scenario.id"), index=True)
    scenario: Mapped[Scenario] = relationship(overlaps="merchants")
    name: Mapped[str] = mapped_column(String(60))
    outlets: Mapped[int] = mapped_column(Integer, default=1)
    note: Mapped[str] = mapped_column(String(300), default="")
    steps: Mapped[list[OnboardingStep]] = relationship(
        order_by="OnboardingStep.position", cascade="all, delete-orphan"
    )


class OnboardingStep(Numbered, Model):
    """One step reached by a merchant, with its date and evidence in words."""

    __tablename__ = "onboarding_step"
    __table_args__ = (one_of("step", STEP_KEYS), UniqueConstraint("merchant_id", "step"))

    merchant_id: Mapped[int] = mapped_column(ForeignKey("merchant.id"), index=True)
    step: Mapped[str] = mapped_column(String(12))
    position: Mapped[int] = mapped_column(Integer)
    on: Mapped[date] = mapped_column(Date)
    evidence: Mapped[str] = mapped_column(String(200), default="")
    recorded_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    recorded_at: Mapped[datetime] = mapped_column(UtcDateTime)
