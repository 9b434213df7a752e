"""The stored result of a check: every row of the workbook with its findings."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from lab.proposals.bulk_import.workbook.columns import by_field
from lab.proposals.models.imports import ProposalImport


@dataclass(frozen=True)
class CellFinding:
    """A message about one cell: where it stands (J3, "" where unknown) and what it holds."""

    field: str
    label: str
    message: str
    error: bool
    place: str = ""
    text: str = ""


@dataclass(frozen=True)
class RowResult:
    """A row of the workbook: its number, content, and findings."""

    row: int
    title: str
    unit: str
    errors: tuple[CellFinding, ...]
    warnings: tuple[CellFinding, ...]

    @property
    def findings(self) -> tuple[CellFinding, ...]:
        """The errors, then the warnings."""
        return (*self.errors, *self.warnings)


def row_results(
    batch: ProposalImport, *, only_with_findings: bool = False
) -> tuple[RowResult, ...]:
    """Return every row with its findings; `only_with_findings`: only rows that have any."""
    every = (_result(plain) for plain in batch.result)
    return tuple(row for row in every if row.findings or not only_with_findings)


def _result(plain: Mapping[str, Any]) -> RowResult:
    cells = plain.get("cells", {})  # not stored by earlier releases

    def findings(kind: str) -> tuple[CellFinding, ...]:
        pairs: Sequence[tuple[str, str]] = plain[kind]
        return tuple(
            CellFinding(
                name, by_field()[name].label, message, kind == "errors", *cells.get(name, ())
            )
            for name, message in pairs
        )

    return RowResult(
        row=int(str(plain["row"])),
        title=str(plain["title"]),
        unit=str(plain["unit"]),
        errors=findings("errors"),
        warnings=findings("warnings"),
    )
