"""Writes of a call's formality-check list."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select

from lab import audit
from lab.calls.core.editing import require_state
from lab.calls.models.call import Call
from lab.calls.rules import check_items
from lab.calls.rules.check_items import Item
from lab.calls.rules.lifecycle import CHECKLIST_EDITABLE
from lab.db import bump_version, expect_version
from lab.extensions import db
from lab.proposals.checklist_items.queries import reason_list_fixed
from lab.rejected import Rejected


def set_items(call: Call, version: int | None, items: Sequence[Item]) -> None:
    """Make this the list of the call; items without a code are new and get one.

    Raises EditConflict when the form is stale; Rejected for an unsound list (the field names the
    row, as label_2) and once a check of the call was recorded.
    """
    expect_version(call, version)
    require_state(call, *CHECKLIST_EDITABLE)
    db.session.execute(select(Call.id).where(Call.id == call.id).with_for_update())
    if fixed := reason_list_fixed(call.id):
        raise Rejected(fixed)
    if problem := check_items.find_problem(items):
        row_text = "" if problem.row is None else f"label_{problem.row}"
        raise Rejected(problem.message, row_text or None)
    call.check_items = check_items.to_plain(_with_codes(items))
    bump_version(call)
    audit.record("check.checklist", call, detail={"items": len(items)})
    db.session.flush()


def _with_codes(items: Sequence[Item]) -> list[Item]:
    coded: list[Item] = []
    for item in items:
        used_codes = {other.code for other in (*items, *coded) if other.code}
        code = item.code or check_items.next_code(used_codes)
        coded.append(Item(code, item.label, item.hint))
    return coded
