"""Random figures and targets that the portal's rules mostly let pass."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from random import Random
from typing import Any

from lab.catalogue.indicators import INDICATORS
from lab.indicators.entry.service import Cell


class Figures:
    """Remembers the cumulative figures of each project, so that they rise."""

    def __init__(self, random: Random) -> None:
        self._random = random

    def cell(self, project_id: int, code: str, end: date) -> Cell:
        """What is typed for one indicator and month."""
        if self._random.random() < 0.08:
            return Cell(code, unavailable_reason="系统故障", note="已说明")
        value = self._value(project_id, code, end)
        forecast = code == "K15" and self._random.random() < 0.4
        return Cell(code, value, forecast=forecast, note="已核对")

    def _value(self, project_id: int, code: str, end: date) -> Decimal:
        month = (end.year - 2022) * 12 + end.month
        spec = INDICATORS[code]
        if spec.kind == "C":
            return Decimal(10 * project_id + 7 * month + self._random.randint(0, 9))
        if code == "K06":
            return Decimal(self._random.randint(2, 6))
        if spec.decimals:
            top = 10_000 if spec.unit == "%" else 900_000
            return Decimal(self._random.randint(1, top)) / 100
        return Decimal(self._random.randint(1, 60))

    def target(self, code: str, start: date) -> list[dict[str, Any]]:
        """The stages of a target: rising, falling, to be held, or of a flow."""
        base = Decimal(self._random.choice((0, 0, 5, 40, 100)))
        step = self._random.choice((-20, -7, 0, 15, 60, 200, 3000))
        begins = start if self._random.random() < 0.7 else None
        due = start + timedelta(days=self._random.randint(20, 200))
        if due < date(2022, 7, 2):
            due = date(2022, 7, 2)
        rows = []
        for number in range(1, self._random.choice((1, 1, 1, 2, 3)) + 1):
            wanted = max(base + step * number, Decimal(0))
            rows.append(
                {
                    "indicator": code,
                    "base": base,
                    "target": wanted,
                    "starts_on": begins,
                    "due_on": due,
                }
            )
            due += timedelta(days=self._random.randint(10, 90))
        return rows
