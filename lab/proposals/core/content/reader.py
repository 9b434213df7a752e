"""Read the content of a proposal into the read model that pages and printouts show.

It is read from the plain values of `content.reviewer_content`, whether of the proposal as it stands
or from the canonical JSON of a version.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, ClassVar, NamedTuple

from lab.canonical import day_of
from lab.catalogue.indicators import INDICATORS
from lab.catalogue.projects import PROJECT_TYPES, SCENARIO_TYPES
from lab.files.inspection.kinds import is_previewed, label_of
from lab.identity.models.account import SIDE_LABELS
from lab.proposals.core.content.columns import COLUMNS
from lab.proposals.rules.form.description import Print
from lab.proposals.rules.form.schema import BY_SLUG, LABELS, PRIVATE_TEXTS, SHOWN_TEXTS, TOTAL_LABEL
from lab.web.columns import Column

FORMAT = 2
# Format 1 had only the sum of the budget and no confirmation by the partner unit. Versions of that
# format are never converted: their fingerprints and printouts must not change.
FORMATS = (1, FORMAT)

# The parts of the document by their anchors (`_content.html`), for the contents beside it.
PARTS = (
    ("part-basics", BY_SLUG["basics"].label),
    ("part-background", BY_SLUG["background"].label),
    *((f"part-{key}", LABELS[key]) for key in ("plan", "milestones", "targets", "budget")),
    ("part-risks", "风险、示范与复制"),
    ("part-files", LABELS["files"]),
    ("part-opinion", "单位意见"),
)


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
    """A target: indicator code, name and unit, initial value, target value, due date."""

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
    """The total below the items: their sum, and in `note` how many there are."""

    is_total: ClassVar[bool] = True


@dataclass(frozen=True)
class PartnerOpinion:
    """The opinion with which the partner unit confirmed the proposal, and who gave it."""

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
        """The name of this kind of file in the words of its users."""
        return label_of(self.name)

    @property
    def previewed(self) -> bool:
        """Whether its pages are shown as pictures."""
        return is_previewed(self.name)


class LabelledText(NamedTuple):
    """The text of a field, with the label of the field."""

    label: str
    text: str


@dataclass(frozen=True)
class Content:
    """The content that `_content.html` shows, with labels in place of codes.

    `budget_fen` is in 分, None while it is blank; `budget` is empty in format 1, which asked only
    for the sum. `partner` is None unless a confirmation by the partner unit is valid. `texts` maps
    the key of each text field that reviewers read to its text, "" where the form did not have the
    field yet.
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
        """The labels of the form's fields, by key."""
        return LABELS

    @property
    def step_labels(self) -> Mapping[str, str]:
        """The labels of the form's steps, by slug."""
        return {slug: step.label for slug, step in BY_SLUG.items()}

    @property
    def parts(self) -> Sequence[tuple[str, str]]:
        """The anchors of the document's parts with their words, in order."""
        return PARTS

    @property
    def columns(self) -> Mapping[str, Sequence[Column]]:
        """The columns of the form's tables, by the key of the field."""
        return COLUMNS

    @property
    def budget_rows(self) -> tuple[BudgetRow, ...]:
        """The items of the budget, and their total."""
        count = f"共{len(self.budget)}项"
        return (*self.budget, BudgetTotal(TOTAL_LABEL, self.budget_fen or 0, count))

    def in_order(self, step: str) -> tuple[LabelledText, ...]:
        """Return the texts of a step that are shown under their labels, in the order of the form.

        Fields that were added to the form later are left out while blank, so that earlier versions
        look as they did.
        """
        return tuple(
            LabelledText(field.label, self.texts[field.key])
            for field in SHOWN_TEXTS
            if field.step == step and field.printed is Print.IN_ORDER
            if field.frozen_blank or self.texts[field.key]
        )


@dataclass(frozen=True)
class AvoidedReviewer:
    """Whom the applicant asks not to be assigned, with the reason.

    `unit` is "" in versions of the time when a reviewer was chosen.
    """

    name: str
    reason: str
    unit: str = ""

    @property
    def label(self) -> str:
        """Name and unit: 赵六（东城支行）."""
        return f"{self.name}（{self.unit}）" if self.unit else self.name


@dataclass(frozen=True)
class PrivatePart:
    """The content that reviewers never see.

    `owner` is who filled in the form, "" where that was not stored. `texts` are for the office
    alone, in the order of the form; `avoided` are the reviewers to avoid.
    """

    owner: str
    texts: tuple[LabelledText, ...]
    avoided: tuple[AvoidedReviewer, ...]


def read_private(plain: Mapping[str, Any]) -> PrivatePart:
    """Return the private part of a version, or of a proposal as it stands.

    Fields that were added to the form later are left out while blank (see `Content.in_order`).
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
    """Return the read model of the part that reviewers see.

    Raises ValueError for an unknown format or a malformed date, KeyError when a value is missing.
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
        starts_on=day_of(plain["starts_on"]),
        ends_on=day_of(plain["ends_on"]),
        smart_contract=plain["smart_contract"],
        milestones=tuple(
            Milestone(row["name"], date.fromisoformat(row["due_on"])) for row in plain["milestones"]
        ),
        targets=_stages_together(_read_target(row) for row in plain["targets"]),
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


def _stages_together(targets: Iterable[Target]) -> tuple[Target, ...]:
    """Return the stages of an indicator by date, below the place of the first one typed."""
    by_code: dict[str, list[Target]] = {}
    for target in targets:
        by_code.setdefault(target.code, []).append(target)
    stages = (sorted(each, key=lambda target: target.due_on) for each in by_code.values())
    return tuple(target for each in stages for target in each)


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
