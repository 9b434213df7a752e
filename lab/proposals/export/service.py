"""The audit line of each export."""

from __future__ import annotations

from collections.abc import Sequence

from lab import audit
from lab.proposals.export.columns import all_columns


def record_export(kind: str, columns: Sequence[str], count: int) -> None:
    """Record an export of `count` proposals as a file of this kind with these columns."""
    labels = [all_columns()[key].label for key in columns]
    audit.record(
        "proposal.export_list",
        object_type="Proposal",
        detail={"count": count, "kind": kind, "columns": labels},
    )
