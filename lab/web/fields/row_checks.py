"""What is wrong between rows, and how the errors of their cells are summed up."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, Protocol

from lab.web.fields.row_form import RowForm, mark

NumberedRows = Sequence[tuple[int, RowForm]]


class RowProblem(Protocol):
    """What is wrong with the cell of a row; `number` counts rows from 1."""

    @property
    def number(self) -> int: ...
    @property
    def column(self) -> str: ...
    @property
    def message(self) -> str: ...


RowCheck = Callable[[Sequence[tuple[int, Mapping[str, Any]]]], Iterable[RowProblem]]


def check_same(complete: NumberedRows, columns: Sequence[str]) -> None:
    """Mark rows that repeat an earlier one in all these columns; none: nothing is compared."""
    seen: dict[tuple[Any, ...], int] = {}
    for number, row in complete if columns else ():
        key = tuple(row.data[name] for name in columns)
        if key in seen:
            mark(row, columns[0], f"与第{seen[key]}行相同，请删去一行。")
        seen.setdefault(key, number)


def check_between(complete: NumberedRows, check: RowCheck) -> None:
    """Mark the cells in which `check` finds something wrong between the rows."""
    by_number = dict(complete)
    for problem in check([(number, row.data) for number, row in complete]):
        mark(by_number[problem.number], problem.column, problem.message)


def rows_of_errors(filled: NumberedRows) -> dict[tuple[str, str], list[int]]:
    """Return (label of the column, message) -> the numbers of the rows where it stands."""
    rows: dict[tuple[str, str], list[int]] = {}
    for number, row in filled:
        for cell in row.cells():
            for error in cell.errors:
                rows.setdefault((cell.label.text, str(error)), []).append(number)
    return rows


def spans(numbers: Sequence[int]) -> str:
    """Return ascending numbers with runs of three or more shortened: 1至3、5."""
    runs: list[list[int]] = []
    for number in numbers:
        if runs and number == runs[-1][-1] + 1:
            runs[-1].append(number)
        else:
            runs.append([number])
    return "、".join(
        f"{run[0]}至{run[-1]}" if len(run) > 2 else "、".join(map(str, run)) for run in runs
    )
