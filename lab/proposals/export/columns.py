"""The columns that may be exported of a list of proposals: its page's and the office workbook's.

Columns of the workbook hold the same texts as there, so that an export can be imported again.
Who wrote a proposal, telephone numbers and reviewers to avoid are for the office alone.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from types import MappingProxyType

from lab.policy import OFFICE, Actor
from lab.proposals.bulk_import.workbook.columns import DAY, EVIDENCE, NUMBER, ROWS, template_columns
from lab.proposals.pages.columns import PROPOSALS
from lab.proposals.rules.form.description import Audience
from lab.proposals.rules.form.fields import FIELDS
from lab.web.columns import Column

OFFICE_COLUMNS = frozenset(
    {
        *("owner_id", "received_on"),
        *(field.key for field in FIELDS if field.audience is Audience.OFFICE),
    }
)
DEFAULT_COLUMNS = (
    *("number", "title", "call_id", "unit_id", "joint_unit_id", "side", "project_type"),
    *("scenario_type", "leader_id", "status", "submitted_at"),
)
_WIDTHS = {DAY: 12, NUMBER: 14, ROWS: 40}


_ON_PAGE = {column.key: column for column in PROPOSALS}


@cache
def all_columns() -> Mapping[str, Column]:
    """Return all columns by field, in the order of the page and of the file."""
    all_in_order = [
        *(_ON_PAGE["number"], _ON_PAGE["status"]),
        Column("call_id", "征集批次", width=26),
        Column("side", "所属方", width=8),
        *(
            _ON_PAGE.get(column.field)
            or Column(column.field, column.label, width=_width(column.kind, column.limit))
            for column in template_columns()
            if column.form != EVIDENCE or column.field in OFFICE_COLUMNS
        ),
        Column("budget_fen", "预算合计（元）", width=14),
        Column("submitted_at", "提交时间", width=17),
        _ON_PAGE["saved_at"],
    ]
    return MappingProxyType({column.key: column for column in all_in_order})


def _width(kind: str, limit: int | None) -> int:
    return _WIDTHS.get(kind, 50 if (limit or 0) > 100 else 20)


def columns_for(actor: Actor) -> tuple[Column, ...]:
    """Return the columns that the person may export."""
    hidden = frozenset[str]() if OFFICE in actor.roles else OFFICE_COLUMNS
    return tuple(column for field, column in all_columns().items() if field not in hidden)
