"""What a proposal still lacks before submission. Pure: facts in, missing items out.

Office rules: every required field is filled; at least two milestones within the planned period; at
least one expected figure, due not before the start; the applicant's unit has given its opinion;
with a joint unit somebody there is chosen to confirm. Drafts may lack all of it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType
from typing import Protocol

from lab.proposals.rules.form.fields import FIELDS
from lab.proposals.rules.form.schema import BY_KEY, LABELS, STEP_OF, STEPS, FormStep

REQUIRED = tuple(field.key for field in FIELDS if field.required)
MIN_ROWS = MappingProxyType({field.key: field.least for field in FIELDS if field.least})
# The plan's dates, its rows and the partner stand in two steps, which are checked together.
_DATED = frozenset(STEP_OF[name].slug for name in ("starts_on", "partner_id", *MIN_ROWS))
NEEDED_FIELDS = frozenset((*REQUIRED, *MIN_ROWS))  # blank in no proposal that was submitted


class Dated(Protocol):
    """Anything with a due date: a milestone or an expected figure."""

    @property
    def due_on(self) -> date: ...


class Draft(Protocol):
    """A proposal as the rules read it."""

    @property
    def starts_on(self) -> date | None: ...
    @property
    def ends_on(self) -> date | None: ...
    @property
    def milestones(self) -> Sequence[Dated]: ...
    @property
    def targets(self) -> Sequence[Dated]: ...
    @property
    def owner_id(self) -> int: ...
    @property
    def leader_id(self) -> int | None: ...
    @property
    def joint_unit_id(self) -> int | None: ...
    @property
    def partner_id(self) -> int | None: ...
    @property
    def smart_contract(self) -> bool: ...
    @property
    def smart_contract_text(self) -> str: ...


@dataclass(frozen=True)
class MissingItem:
    """A missing or invalid item: where it is fixed, and the message.

    `page` "joint" means the page where the partner unit is asked, "" the step's own.
    """

    step: FormStep
    field: str
    message: str
    page: str = ""


def missing_items(draft: Draft, unfinished: Collection[str] = ()) -> tuple[MissingItem, ...]:
    """Return everything that prevents submission, in form order.

    `unfinished` names fields with invalid saved input.
    """
    return missing_in(draft, unfinished, tuple(step.slug for step in STEPS))


def missing_in(
    draft: Draft, unfinished: Collection[str], slugs: Collection[str]
) -> tuple[MissingItem, ...]:
    """Return what these steps lack, in form order; reads no rows of others.

    With one of `affected_steps` the others of them belong.
    """
    invalid = [name for name in unfinished if STEP_OF[name].slug in slugs]
    missing = [
        *_empty(draft, unfinished, slugs),
        *(_missing_item(name, "填写的内容没有通过检查，请改正。") for name in invalid),
    ]
    if _DATED & set(slugs):
        missing += [*_rows(draft, unfinished), *_dates(draft), *_partner(draft, unfinished)]
    if STEP_OF["smart_contract_text"].slug in slugs:
        missing += _contract(draft)
    return tuple(sorted(missing, key=_form_order))


def affected_steps(slug: str) -> frozenset[str]:
    """Return the slugs of the steps whose missing items a save of this step can change."""
    return _DATED if slug in _DATED else frozenset((slug,))


def _missing_item(field: str, message: str) -> MissingItem:
    return MissingItem(STEP_OF[field], field, f"{LABELS[field]}：{message}")


def _form_order(item: MissingItem) -> tuple[int, int]:
    return STEPS.index(item.step), item.step.fields.index(item.field)


def _empty(
    draft: Draft, unfinished: Collection[str], slugs: Collection[str]
) -> Iterable[MissingItem]:
    for name in REQUIRED:
        if (
            STEP_OF[name].slug in slugs
            and getattr(draft, name) in (None, "")
            and name not in unfinished
        ):
            yield _missing_item(name, "尚未选择。" if BY_KEY[name].is_choice else "尚未填写。")


def _rows(draft: Draft, unfinished: Collection[str]) -> Iterable[MissingItem]:
    for name, number in MIN_ROWS.items():
        have = len(getattr(draft, name))
        if have < number and name not in unfinished:
            yield _missing_item(name, f"至少填写{number}项，现有{have}项。")


def _dates(draft: Draft) -> Iterable[MissingItem]:
    start, end = draft.starts_on, draft.ends_on
    if start is None or end is None:
        return
    if end < start:
        yield _missing_item("ends_on", "应不早于计划开始日期。")
        return
    for position, row in enumerate(draft.milestones, start=1):
        if not start <= row.due_on <= end:
            yield _missing_item("milestones", f"第{position}项的完成日期应在计划起止日期之内。")
    for position, row in enumerate(draft.targets, start=1):
        if row.due_on < start:
            yield _missing_item("targets", f"第{position}项的完成期限应不早于计划开始日期。")


def _contract(draft: Draft) -> Iterable[MissingItem]:
    if draft.smart_contract and not draft.smart_contract_text:
        yield _missing_item("smart_contract_text", "已选择使用智能合约，请说明用途。")


def _partner(draft: Draft, unfinished: Collection[str]) -> Iterable[MissingItem]:
    if not draft.joint_unit_id or "partner_id" in unfinished:
        return
    if draft.partner_id is None:
        yield _missing_item("partner_id", "联合申报须由联合单位的一位人员确认，尚未选择。")
    elif draft.partner_id in (draft.owner_id, draft.leader_id):
        yield _missing_item("partner_id", "不能是填报人或负责人，请选联合单位的其他人员。")


def step_states(
    missing: Iterable[MissingItem], touched: Collection[str], current: str = ""
) -> list[tuple[FormStep, str]]:
    """Return each step with its mark: done, current, warn (something is missing) or todo.

    `touched` are the slugs of the steps in which something was saved: another one lacks everything
    because nobody has come to it yet, and is not blamed. The current one counts as done as soon as
    it is complete.
    """
    steps_missing = {item.step.slug for item in missing}
    marks = {slug: "warn" for slug in touched} | ({current: "current"} if current else {})
    return [
        (step, marks.get(step.slug, "todo") if step.slug in steps_missing else "done")
        for step in STEPS
    ]
