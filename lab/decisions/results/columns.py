"""The columns of the mean scores of a published result."""

from __future__ import annotations

from lab.web.columns import Column

MEANS = (
    Column("name", "指标", row_header=True),
    Column("weight", "权重", "figure", unit="%"),
    Column("value", "均分", "figure"),
)
