"""What a return opens: the named fields and no others, until when, and how late it came. Pure.

Office rules: a return names the fields that may be changed, everything else stays as submitted;
it may come back after its due day until the office acts, and is then marked 逾期补正.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType

from lab.proposals.rules.form_schema import LABELS, STEP_OF, STEPS, FormStep

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
    """What is open of one step, in words."""

    step: FormStep
    fields: tuple[str, ...]

    @property
    def words(self) -> str:
        """基本信息（整个步骤）, or 基本信息：项目名称、实施地点."""
        if len(self.fields) == len(self.step.fields):
            return f"{self.step.label}（整个步骤）"
        return f"{self.step.label}：{'、'.join(LABELS[name] for name in self.fields)}"


@dataclass(frozen=True)
class ReturnInfo:
    """A return as the applicant meets it: the last day, whole days late, what is open."""

    due_on: date | None
    late_days: int
    parts: tuple[ReopenedPart, ...]


def expand_ticked(ticked: Iterable[str]) -> tuple[str, ...]:
    """Names of steps and fields as the names of fields, in the order of the form.

    Names that the form does not have are left out.
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
    """The named fields by step, steps without any left out."""
    candidates = [
        ReopenedPart(step, tuple(f for f in step.fields if f in fields)) for step in STEPS
    ]
    return tuple(part for part in candidates if part.fields)


def read_only_fields(step: FormStep, editable: Collection[str]) -> tuple[str, ...]:
    """The fields of a step that may not be changed."""
    return tuple(name for name in step.fields if name not in editable)


def next_editable_step(step: FormStep, editable: Collection[str]) -> FormStep | None:
    """The next step that holds something open, None behind the last."""
    later = STEPS[STEPS.index(step) + 1 :]
    return next((part for part in later if set(part.fields) & set(editable)), None)


def read_only_fields_in_request(
    sent: Iterable[str], step: FormStep, editable: Collection[str]
) -> tuple[str, ...]:
    """Shut fields of the step for which the names of a sent form hold something."""
    roots = {name.partition("-")[0] for name in sent}
    return tuple(name for name in read_only_fields(step, editable) if name in roots)


def rejection_message(names: Iterable[str]) -> str:
    """Why these fields cannot be changed."""
    labels_text = "、".join(f"“{LABELS[name]}”" for name in names)
    return f"{labels_text}没有退回，不能修改。如需修改，请与实施办公室联系。"


def days_late(due_on: date | None, day: date) -> int:
    """Whole days between the due day and a later day; 0 in time and without a due day."""
    return max((day - due_on).days, 0) if due_on else 0


def queue_rank(version: int, late_days: int) -> int:
    """Where a submitted version stands in the queue of formality checks: what came back late
    before what came back in time before what is there for the first time."""
    if late_days:
        return LATE_CORRECTION
    return CORRECTION if version > 1 else FIRST_SUBMISSION
