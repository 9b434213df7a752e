"""Values of a proposal's fields, as forms and `service.save_draft` take them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from lab.proposals.models.proposal import Proposal
from lab.proposals.rules.form.schema import ROW_FIELDS, ROW_LABELS, STORED_FIELDS, TOTAL_LABEL


def plain_value(proposal: Proposal, name: str) -> Any:
    """Return what is stored of a field; rows come as mappings."""
    value = getattr(proposal, name)
    if name not in ROW_FIELDS:
        return value
    columns = [*ROW_LABELS[name], *(["name"] if name == "people" else [])]
    return [{column: getattr(row, column) for column in columns} for row in value]


def current_values(proposal: Proposal) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return values and invalid input of the text as stored."""
    values = {name: plain_value(proposal, name) for name in STORED_FIELDS}
    return values, dict(proposal.invalid_input)


def with_budget_rows(values: Mapping[str, Any]) -> dict[str, Any]:
    """Return the values with a budget given as a sum turned into one row (None: no rows)."""
    result = dict(values)
    if "budget_fen" in result:
        total = result.pop("budget_fen")
        rows = [] if total is None else [{"item": TOTAL_LABEL, "amount_fen": total, "note": ""}]
        result.setdefault("budget", rows)
    return result
