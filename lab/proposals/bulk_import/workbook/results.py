"""The stored result of a check: every row of the workbook with its findings."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from lab.importing.rules.findings import CellFinding, findings_of
from lab.proposals.bulk_import.workbook.columns import template_columns
from lab.proposals.models.imports import ProposalImport


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
    labels = {column.field: column.label for column in template_columns()}
    every = (_result(plain, labels) for plain in batch.result)
    return tuple(row for row in every if row.findings or not only_with_findings)


def _result(plain: Mapping[str, Any], labels: Mapping[str, str]) -> RowResult:
    return RowResult(
        row=int(str(plain["row"])),
        title=str(plain["title"]),
        unit=str(plain["unit"]),
        errors=findings_of(plain, "errors", labels),
        warnings=findings_of(plain, "warnings", labels),
    )
