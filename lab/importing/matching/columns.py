"""The columns of the lists of headings and of columns."""

from __future__ import annotations

from collections.abc import Iterable

from lab.files.rules.sheet import column_letters
from lab.web.columns import Column


def head_rows(columns: Iterable[int]) -> tuple[Column, ...]:
    """Return the columns of the first rows of a worksheet: the choice, then A, B, C …"""
    return (
        Column("pick", "标题行", "actions", css="head-pick"),
        *(_cell_column(column) for column in columns),
    )


def _cell_column(number: int) -> Column:
    return Column(
        f"column{number}",
        column_letters(number),
        value=lambda row: row.text(number),
        missing="",
        css="head-cell",
    )


MATCHES = (
    Column("letters", "列", row_header=True, css="text-nowrap"),
    Column("heading", "表中的标题", missing="（无标题）"),
    Column("samples", "内容举例"),
    Column("field", "对应到"),
)
MATCHED = (
    Column("letters", "列", row_header=True, css="text-nowrap"),
    Column("heading", "表中的标题"),
    Column("field", "对应到"),
)
