"""The content of a proposal as read: from the plain values of `content.reviewer_content`, live or
out of a version's canonical JSON, into the read model that pages and printouts draw."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, ClassVar, NamedTuple

from lab.catalogue.indicators import INDICATORS
from lab.catalogue.projects import PROJECT_TYPES, SCENARIO_TYPES
from lab.files.inspection.kinds import is_previewed, label_of
from lab.identity.models.account import SIDE_LABELS
from lab.proposals.core.content_columns import COLUMNS
from lab.proposals.rules.form.description import Print
from lab.proposals.rules.form.schema import BY_SLUG, LABELS, PRIVATE_TEXTS, SHOWN_TEXTS, TOTAL_LABEL
from lab.web.columns import Column

FORMAT = 2
# Format 1 had the budget as one number and no confirmation by the partner unit. Versions submitted
# in it are read as they are, for good: their fingerprints and papers do not change.
FORMATS = (1, FORMAT)


@dataclass(frozen=True)
class Member:
    """A team member: name, unit, duty in the project."""

    name: str
    unit: str
    duty: str


@dataclass(frozen=True)
class Milestone:
    """A planned milestone and its last day."""

    name: str
    due_on: date


@dataclass(frozen=True)
class Target:
    """An expected figure: indicator code, name and unit, initial value, target value, due date."""

    code: str
    name: str
    unit: str
    base: Decimal
    target: Decimal
    due_on: date


@dataclass(frozen=True)
class BudgetRow:
    """One budget item: amount in 分 and source of the money."""

    is_total: ClassVar[bool] = False

    item: str
    amount_fen: int
    note: str


@dataclass(frozen=True)
class BudgetTotal(BudgetRow):
    """Total row below the items: their sum, and how many they are."""

    is_total: ClassVar[bool] = True


@dataclass(frozen=True)
class PartnerOpinion:
    """The partner unit's opinion on confirmation, and who gave it."""

    name: str
    unit: str
    opinion: str


@dataclass(frozen=True)
class Attachment:
    """An attachment; `size` in bytes."""

    key: str
    name: str
    size: int
    sha256: str

    @property
    def label(self) -> str:
        """What users call a file of this kind."""
        return label_of(self.name)

    @property
    def previewed(self) -> bool:
        """Whether it is shown as pictures (previewed pages)."""
        return is_previewed(self.name)


class LabelledText(NamedTuple):
    """What was typed into a field, with its label."""

    label: str
    text: str


@dataclass(frozen=True)
class Content:
    """What `_content.html` draws. Labels instead of codes; `budget_fen` in 分, None if open.

    `budget` is empty in format 1, where only the sum was asked for. `partner` is None while the
    partner unit's confirmation does not hold. `texts` has every line and text that reviewers read
    by its key, "" for one that the form did not have yet.
    """

    call: str
    number: str | None
    unit: str
    joint_unit: str
    side: str
    project_type: str
    scenario_type: str
    leader: Member | None
    people: tuple[Member, ...]
    starts_on: date | None
    ends_on: date | None
    smart_contract: bool
    milestones: tuple[Milestone, ...]
    targets: tuple[Target, ...]
    budget_fen: int | None
    budget: tuple[BudgetRow, ...]
    partner: PartnerOpinion | None
    files: tuple[Attachment, ...]
    texts: Mapping[str, str]

    @property
    def title(self) -> str:
        """The name of the project."""
        return self.texts["title"]

    @property
    def labels(self) -> Mapping[str, str]:
        """What the form calls its fields, by their keys."""
        return LABELS

    @property
    def step_labels(self) -> Mapping[str, str]:
        """What the form calls its steps, by their slugs."""
        return {slug: step.label for slug, step in BY_SLUG.items()}

    @property
    def columns(self) -> Mapping[str, Sequence[Column]]:
        """The columns of the tables, by the keys of the fields."""
        return COLUMNS

    @property
    def budget_rows(self) -> tuple[BudgetRow, ...]:
        """The items of the budget, and their sum."""
        count = f"共{len(self.budget)}项"
        return (*self.budget, BudgetTotal(TOTAL_LABEL, self.budget_fen or 0, count))

    def in_order(self, step: str) -> tuple[LabelledText, ...]:
        """Return the texts of a step that are drawn under their labels in the order of the form.

        A field that the form gained later is left out while it is blank: versions from before look
        as they did.
        """
        return tuple(
            LabelledText(field.label, self.texts[field.key])
            for field in SHOWN_TEXTS
            if field.step == step and field.printed is Print.IN_ORDER
            if field.frozen_blank or self.texts[field.key]
        )


@dataclass(frozen=True)
class AvoidedReviewer:
    """A reviewer whom the applicant asks to avoid, with the reason."""

    name: str
    reason: str


@dataclass(frozen=True)
class PrivatePart:
    """What reviewers never see: who filled in the form ("" where nothing was stored), what was
    typed for the office alone in the order of the form, reviewers to avoid."""

    owner: str
    texts: tuple[LabelledText, ...]
    avoided: tuple[AvoidedReviewer, ...]


def read_private(plain: Mapping[str, Any]) -> PrivatePart:
    """Return the private part of a version or of a proposal as it stands.

    As in `Content.in_order`, a field that the form gained later is left out while it is blank.
    """
    return PrivatePart(
        owner=plain.get("owner", ""),
        texts=tuple(
            LabelledText(field.label, plain.get(field.key, ""))
            for field in PRIVATE_TEXTS
            if field.frozen_blank or plain.get(field.key)
        ),
        avoided=tuple(AvoidedReviewer(**row) for row in plain.get("avoided", ())),
    )


def read(plain: Mapping[str, Any]) -> Content:
    """Return the read model of a reviewers' part from canonical JSON.

    Raises KeyError or ValueError for anything else.
    """
    if plain["format"] not in FORMATS:
        raise ValueError(f"unknown format {plain['format']}")
    return Content(
        call=plain["call"],
        number=plain["number"],
        unit=plain["unit"],
        joint_unit=plain["joint_unit"],
        side=SIDE_LABELS.get(plain["side"] or "", ""),
        project_type=PROJECT_TYPES.get(plain["project_type"] or "", ""),
        scenario_type=SCENARIO_TYPES.get(plain["scenario_type"] or "", ""),
        leader=Member(**plain["leader"]) if plain["leader"] else None,
        people=tuple(Member(**row) for row in plain["people"]),
        starts_on=_day(plain["starts_on"]),
        ends_on=_day(plain["ends_on"]),
        smart_contract=plain["smart_contract"],
        milestones=tuple(
            Milestone(row["name"], date.fromisoformat(row["due_on"])) for row in plain["milestones"]
        ),
        targets=tuple(_read_target(row) for row in plain["targets"]),
        budget_fen=plain["budget_fen"],
        budget=tuple(BudgetRow(**row) for row in plain.get("budget", ())),
        partner=PartnerOpinion(**plain["partner"]) if plain.get("partner") else None,
        files=tuple(Attachment(**row) for row in plain["files"]),
        texts=_texts(plain),
    )


def _texts(plain: Mapping[str, Any]) -> dict[str, str]:
    return {
        field.key: plain[field.key] if field.frozen_blank else plain.get(field.key, "")
        for field in SHOWN_TEXTS
    }


def _day(text: str | None) -> date | None:
    return None if text is None else date.fromisoformat(text)


def _read_target(row: Mapping[str, Any]) -> Target:
    spec = INDICATORS[row["indicator"]]
    return Target(
        spec.code,
        spec.name,
        spec.unit,
        Decimal(row["base"]),
        Decimal(row["target"]),
        date.fromisoformat(row["due_on"]),
    )
