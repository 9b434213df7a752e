"""Tables of scenarios and merchants. Aggregates and milestones only: no accounts, no customers."""

from __future__ import annotations

from datetime import date, datetime
from typing import ClassVar

from sqlalchemy import (
    CheckConstraint,
    Date,
    ForeignKey,
    Index,
    Integer,
    String,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from lab import clock
from lab.catalogue.projects import SCENARIO_TYPES
from lab.db import HasId, HasKey, HasProvenance, UtcDateTime, Versioned, one_of
from lab.db.history import HasHistory, origin_check
from lab.extensions import Model
from lab.portfolio.models.project import Project
from lab.scenarios.rules.funnel import STEP_KEYS

CHANNELS = {"online": "线上", "offline": "线下"}


class Scenario(HasKey, Versioned, HasProvenance, Model):
    """A place or service where digital RMB is accepted, e.g. a mall.

    `began_on` is the first day it counts: the day it was entered or its first merchant's first
    step, whichever came first; for a published one the report's date.
    """

    __tablename__ = "scenario"
    published_columns: ClassVar[frozenset[str]] = frozenset(
        {
            *("project_id", "began_on", "name", "kind", "channel", "place", "note"),
            *("is_benchmark", "source_label", "is_demo"),
        }
    )
    __table_args__ = (
        one_of("kind", tuple(SCENARIO_TYPES)),
        one_of("channel", tuple(CHANNELS)),
        UniqueConstraint("project_id", "name"),
    )

    project_id: Mapped[int] = mapped_column(ForeignKey("project.id"), index=True)
    project: Mapped[Project] = relationship()
    began_on: Mapped[date] = mapped_column(Date, default=clock.today)
    name: Mapped[str] = mapped_column(String(60))
    kind: Mapped[str | None] = mapped_column(String(12))
    channel: Mapped[str | None] = mapped_column(String(8))
    place: Mapped[str] = mapped_column(String(100), default="")
    note: Mapped[str] = mapped_column(String(300), default="")
    is_benchmark: Mapped[bool] = mapped_column(default=False)
    merchants: Mapped[list[Merchant]] = relationship(order_by="Merchant.id")


class Merchant(HasKey, Versioned, HasProvenance, Model):
    """A merchant of a scenario; a chain has one row and several outlets.

    `same_as_id` references the row of the responsible project (主责项目) where the merchant also
    takes part in another project's scenario; such rows are one merchant in totals over projects.
    `began_on` is the first day it counts, as for a scenario.
    """

    __tablename__ = "merchant"
    __table_args__ = (
        UniqueConstraint("scenario_id", "name"),
        CheckConstraint("outlets BETWEEN 1 AND 100000", name="outlets_range"),
    )

    scenario_id: Mapped[int] = mapped_column(ForeignKey("scenario.id"), index=True)
    scenario: Mapped[Scenario] = relationship(overlaps="merchants")
    same_as_id: Mapped[int | None] = mapped_column(ForeignKey("merchant.id"), index=True)
    began_on: Mapped[date] = mapped_column(Date, default=clock.today)
    name: Mapped[str] = mapped_column(String(60))
    outlets: Mapped[int] = mapped_column(Integer, default=1)
    note: Mapped[str] = mapped_column(String(300), default="")
    steps: Mapped[list[OnboardingStep]] = relationship(
        order_by="OnboardingStep.position, OnboardingStep.id", cascade="all, delete-orphan"
    )
    counts: Mapped[list[MerchantCount]] = relationship(
        order_by="MerchantCount.valid_from, MerchantCount.id", cascade="all, delete-orphan"
    )


class MerchantCount(HasHistory, Model):
    """A merchant's number of outlets from `valid_from`."""

    __tablename__ = "merchant_count"
    __table_args__ = (origin_check(),)

    merchant_id: Mapped[int] = mapped_column(ForeignKey("merchant.id"), index=True)
    outlets: Mapped[int] = mapped_column(Integer)


class OnboardingStep(HasId, Model):
    """One step reached by a merchant, with date and evidence.

    An ended pause stays, with the day it ended.
    """

    __tablename__ = "onboarding_step"
    __table_args__ = (
        one_of("step", STEP_KEYS),
        Index(
            "uq_onboarding_step_in_force",
            "merchant_id",
            "step",
            unique=True,
            sqlite_where=text("ended_on IS NULL"),
            postgresql_where=text("ended_on IS NULL"),
        ),
    )

    merchant_id: Mapped[int] = mapped_column(ForeignKey("merchant.id"), index=True)
    step: Mapped[str] = mapped_column(String(12))
    position: Mapped[int] = mapped_column(Integer)
    on: Mapped[date] = mapped_column(Date)
    evidence: Mapped[str] = mapped_column(String(200), default="")
    recorded_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    recorded_at: Mapped[datetime] = mapped_column(UtcDateTime)
    ended_on: Mapped[date | None] = mapped_column(Date)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
