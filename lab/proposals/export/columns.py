"""What may be exported of a list of proposals: the columns of the office's sheet and a few more.

Columns of the sheet hold the same texts as there, so that an export can be imported again.
Who wrote a proposal, telephone numbers and reviewers to avoid are for the office alone.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType

from lab.policy import OFFICE, Actor
from lab.proposals.bulk_import.columns import DAY, EVIDENCE, NUMBER, ROWS, columns
from lab.proposals.rules.field_description import Audience
from lab.proposals.rules.fields import FIELDS

ONLY_OFFICE = frozenset(
    {
        *("owner_id", "received_on"),
        *(field.key for field in FIELDS if field.audience is Audience.OFFICE),
    }
)
USUAL = (
    *("number", "title", "call_id", "unit_id", "joint_unit_id", "side", "project_type"),
    *("scenario_type", "leader_id", "status", "submitted_at"),
)
_WIDTHS = {DAY: 12, NUMBER: 14, ROWS: 40}


@dataclass(frozen=True)
class ExportColumn:
    """A column: field of the proposal, label, width in characters."""

    field: str
    label: str
    width: int = 16


@cache
def every_column() -> Mapping[str, ExportColumn]:
    """All columns by field, in the order of the page and of the file."""
    listed = [
        ExportColumn("number", "申报编号", 16),
        ExportColumn("status", "状态", 10),
        ExportColumn("call_id", "征集批次", 26),
        ExportColumn("side", "所属方", 8),
        *(
            ExportColumn(column.field, column.label, _width(column.kind, column.limit))
            for column in columns()
            if column.form != EVIDENCE or column.field in ONLY_OFFICE
        ),
        ExportColumn("budget_fen", "预算合计（元）", 14),
        ExportColumn("submitted_at", "提交时间", 17),
        ExportColumn("saved_at", "最近保存", 17),
    ]
    return MappingProxyType({column.field: column for column in listed})


def _width(kind: str, limit: int | None) -> int:
    return _WIDTHS.get(kind, 50 if (limit or 0) > 100 else 20)


def offered(actor: Actor) -> tuple[ExportColumn, ...]:
    """The columns that the person may take."""
    hidden = frozenset[str]() if OFFICE in actor.roles else ONLY_OFFICE
    return tuple(column for field, column in every_column().items() if field not in hidden)
