"""Reads for the editor of a call's list."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from lab.calls.models.call import Call
from lab.calls.rules import check_items
from lab.calls.rules.check_items import MAX_ITEMS, Item
from lab.proposals.checklist_items.queries import reason_list_fixed


@dataclass(frozen=True)
class ItemsPage:
    """A call's list for the formality check as stored; `fixed` says why it can no longer be
    changed, "" if it can; `most` is how many items it may have."""

    call: Call
    items: Sequence[Item]
    fixed: str
    most: int


def items_page(call: Call) -> ItemsPage:
    """Build what stands beside the editor of the call's list."""
    items = check_items.from_plain(call.check_items)
    return ItemsPage(call, items, reason_list_fixed(call.id), MAX_ITEMS)
