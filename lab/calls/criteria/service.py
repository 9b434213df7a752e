"""Writes of a call's criteria."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from lab import audit
from lab.calls.core.editing import require_state
from lab.calls.models.call import Call, Criterion
from lab.calls.rules import round_rules
from lab.calls.rules.lifecycle import CallStatus
from lab.calls.rules.round_rules import CriterionDraft
from lab.calls.rules.rubric import Preset, Scale, describe_levels
from lab.db import bump_version, expect_version
from lab.extensions import db
from lab.rejected import Rejected


def set_criteria(call: Call, version: int | None, drafts: Sequence[CriterionDraft]) -> None:
    """Replace the criteria of a draft by these, in this order; known keys keep their row.

    Raises EditConflict when the form is stale, Rejected for unsound rows or more than 12.
    """
    expect_version(call, version)
    _replace(call, drafts)
    audit.record("call.criteria", call, detail={"count": len(drafts)})


def apply_preset(call: Call, version: int | None, presets: Sequence[Preset]) -> None:
    """Replace the criteria of a draft by a preset. Raises EditConflict, Rejected."""
    expect_version(call, version)
    _replace(call, [draft_of(preset) for preset in presets])
    weights = [preset.weight for preset in presets]
    audit.record("call.criteria", call, detail={"preset": weights})


def draft_of(preset: Preset) -> CriterionDraft:
    """Return a preset criterion as a row of the editor."""
    return CriterionDraft(
        key=preset.key,
        name=preset.name,
        weight=preset.weight,
        lo=Decimal(preset.scale.lo),
        hi=Decimal(preset.scale.hi),
        step=Decimal(preset.scale.step),
        direction="benefit",
        required=True,
        levels=preset.levels,
    )


def _replace(call: Call, drafts: Sequence[CriterionDraft]) -> None:
    require_state(call, CallStatus.DRAFT)
    if len(drafts) > round_rules.MAX_CRITERIA:
        raise Rejected(f"指标最多{round_rules.MAX_CRITERIA}项，现有{len(drafts)}项。")
    for problem in round_rules.problems(drafts):
        raise Rejected(problem.message, f"{problem.field}_{problem.row}")
    criteria_by_key = {criterion.key: criterion for criterion in call.criteria}
    stored: list[Criterion] = []
    for position, draft in enumerate(drafts):
        used_keys = {*criteria_by_key, *(c.key for c in stored)}
        row = criteria_by_key.get(draft.key)
        if row is None or row in stored:
            row = Criterion(
                key=draft.key if _is_free(draft, used_keys) else round_rules.next_key(used_keys)
            )
        _fill(row, draft, position)
        stored.append(row)
    call.criteria[:] = stored
    bump_version(call)
    db.session.flush()


def _is_free(draft: CriterionDraft, used_keys: set[str]) -> bool:
    return bool(draft.key) and draft.key not in used_keys


def _fill(row: Criterion, draft: CriterionDraft, position: int) -> None:
    row.position, row.name, row.weight = position, draft.name, draft.weight
    row.lo, row.hi, row.step = draft.lo, draft.hi, draft.step
    row.direction, row.required = draft.direction, draft.required
    row.rubric = describe_levels(draft.levels, Scale(draft.lo, draft.hi, draft.step))
