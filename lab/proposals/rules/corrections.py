"""What a return reopens: the named fields only, until when, and how late the correction came. Pure.

Office rules: a return names the editable fields, everything else stays as submitted; the correction
may come after its due date until the office acts, and is then marked 逾期补正.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType

from lab.proposals.rules.form.schema import LABELS, STEP_OF, STEPS, FormStep

ALL_FIELDS = frozenset(STEP_OF)
LATE_CORRECTION, CORRECTION, FIRST_SUBMISSION = range(3)  # the order of the queue of checks
WHOLE_STEP_PREFIX = "step-"  # "step-basics" stands for every field of the step
# Fields that make one question: one of them alone cannot be answered.
LINKED_FIELDS = (
    frozenset({"smart_contract", "smart_contract_text"}),
    frozenset({"joint_unit_id", "partner_id"}),
)
# Items of the default list whose fault lies plainly in these fields.
SUGGESTED_FIELDS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "eligible": ("unit_id", "joint_unit_id"),
        "evidence": ("files",),
        "opinion": ("unit_opinion",),
        "compliance": ("risks",),
    }
)


@dataclass(frozen=True)
class ReopenedPart:
    """The reopened fields of one step, as text."""

    step: FormStep
    fields: tuple[str, ...]

    @property
    def text(self) -> str:
        """Text: 基本信息（整个步骤）, or 基本信息：项目名称、实施地点."""
        if len(self.fields) == len(self.step.fields):
            return f"{self.step.label}（整个步骤）"
        return f"{self.step.label}：{'、'.join(LABELS[name] for name in self.fields)}"


@dataclass(frozen=True)
class ReturnInfo:
    """A return as the applicant sees it: due date, whole days late, reopened fields."""

    due_on: date | None
    late_days: int
    parts: tuple[ReopenedPart, ...]


def expand_ticked(ticked: Iterable[str]) -> tuple[str, ...]:
    """Expand names of steps and fields into field names, in form order.

    Unknown names are ignored.
    """
    names = set(ticked)
    for step in STEPS:
        if WHOLE_STEP_PREFIX + step.slug in names:
            names |= set(step.fields)
    for group in LINKED_FIELDS:
        if names & group:
            names |= group
    return tuple(name for name in STEP_OF if name in names)


def parts_of(fields: Collection[str]) -> tuple[ReopenedPart, ...]:
    """Group the named fields by step; steps without any are left out."""
    candidates = [
        ReopenedPart(step, tuple(f for f in step.fields if f in fields)) for step in STEPS
    ]
    return tuple(part for part in candidates if part.fields)


def read_only_fields(step: FormStep, editable: Collection[str]) -> tuple[str, ...]:
    """Return the read-only fields of a step."""
    return tuple(name for name in step.fields if name not in editable)


def first_editable_step(editable: Collection[str]) -> FormStep:
    """Return the first step with an editable field, where writing goes on; step one for none."""
    return next((part for part in STEPS if set(part.fields) & set(editable)), STEPS[0])


def next_editable_step(step: FormStep, editable: Collection[str]) -> FormStep | None:
    """Return the next step with an editable field, None after the last."""
    later = STEPS[STEPS.index(step) + 1 :]
    return next((part for part in later if set(part.fields) & set(editable)), None)


def read_only_fields_in_request(
    sent: Iterable[str], step: FormStep, editable: Collection[str]
) -> tuple[str, ...]:
    """Return the read-only fields of the step for which a submitted form has values."""
    roots = {name.partition("-")[0] for name in sent}
    return tuple(name for name in read_only_fields(step, editable) if name in roots)


def rejection_message(names: Iterable[str]) -> str:
    """Return why these fields cannot be changed."""
    labels_text = "、".join(f"“{LABELS[name]}”" for name in names)
    return f"{labels_text}没有退回，不能修改。如需修改，请与实施办公室联系。"


def days_late(due_on: date | None, day: date) -> int:
    """Return whole days between the due date and a later day; 0 in time and without a due date."""
    return max((day - due_on).days, 0) if due_on else 0


def queue_rank(version: int, late_days: int) -> int:
    """Return a submitted version's rank in the check queue.

    Late corrections before timely corrections before first submissions.
    """
    if late_days:
        return LATE_CORRECTION
    return CORRECTION if version > 1 else FIRST_SUBMISSION
