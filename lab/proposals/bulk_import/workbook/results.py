"""The stored result of a check: every row of the workbook with its findings."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from lab.files.rules.sheet import Place
from lab.importing.rules.findings import CellFinding, RowFindings, findings_of
from lab.importing.rules.plan import plan_from
from lab.importing.rules.worksheets import ParsedTable, TableNote
from lab.proposals.bulk_import.workbook.columns import ROWS, by_field, template_columns
from lab.proposals.models.imports import ProposalImport
from lab.proposals.rules.bulk_import.own_columns import BUDGET, BUDGET_TOTAL, TOTAL_LABEL
from lab.proposals.rules.bulk_import.parsing import split_rows
from lab.web.typed.text import displayable

_ROW_OF_SUM = re.compile("^第1行“[^”]*”：")


@dataclass(frozen=True)
class ReadCell:
    """A filled cell as it was read: what it is, where it stands, its content in words."""

    label: str
    place: str
    text: str


@dataclass(frozen=True)
class RowResult(RowFindings):
    """A row of the workbook: its number, content, and findings.

    `owner` is the name of who writes it; `barred`: nothing can be made of it, `cells` what was
    read of it.
    """

    row: int
    title: str
    unit: str
    owner: str = ""
    barred: bool = False
    cells: tuple[ReadCell, ...] = ()


def row_results(
    batch: ProposalImport, *, only_with_findings: bool = False
) -> tuple[RowResult, ...]:
    """Return every row with its findings; `only_with_findings`: only rows that have any."""
    labels = _labels(batch)
    every = (_result(plain, labels) for plain in batch.result)
    return tuple(row for row in every if row.findings or not only_with_findings)


def with_cells(
    batch: ProposalImport, table: ParsedTable, rows: Sequence[RowResult]
) -> list[RowResult]:
    """Return the rows with what was read of them."""
    labels, texts = _labels(batch), dict(table.rows)
    return [replace(row, cells=_cells(table, row.row, texts[row.row], labels)) for row in rows]


def _cells(
    table: ParsedTable, number: int, texts: Sequence[str], labels: Mapping[str, str]
) -> tuple[ReadCell, ...]:
    places = table.columns or range(1, len(table.fields) + 1)
    return tuple(
        ReadCell(labels[name], str(Place(number, column)), readable_text(name, text))
        for name, column, text in zip(table.fields, places, texts, strict=False)
        if name in labels and text.strip()
    )


def readable_text(field: str, text: str) -> str:
    """Return the content of a cell without the signs that part what it holds."""
    if by_field()[field].kind != ROWS:
        return displayable(text)
    lines = ("，".join(filter(None, parts)) for parts in split_rows(text))
    return displayable("；".join(lines))


def _labels(batch: ProposalImport) -> dict[str, str]:
    labels = {column.field: column.label for column in template_columns()}
    planned = plan_from(batch.plan).columns.values() if batch.plan else ()
    return labels | ({BUDGET: TOTAL_LABEL} if BUDGET_TOTAL in planned else {})


def _of_the_sum(findings: Sequence[CellFinding]) -> tuple[CellFinding, ...]:
    """Leave out of the findings about a sum in which row of the form's table it would stand."""
    return tuple(
        replace(each, message=_ROW_OF_SUM.sub("", each.message))
        if each.label == TOTAL_LABEL
        else each
        for each in findings
    )


def _result(plain: Mapping[str, Any], labels: Mapping[str, str]) -> RowResult:
    return RowResult(
        row=int(str(plain["row"])),
        title=str(plain["title"]),
        unit=str(plain["unit"]),
        errors=_of_the_sum(findings_of(plain, "errors", labels)),
        warnings=_of_the_sum(findings_of(plain, "warnings", labels)),
        owner=plain.get("owner", ""),  # not stored by earlier releases, as the next
        barred=plain.get("barred", False),
    )


def stored_table(batch: ProposalImport) -> ParsedTable:
    """Return the cells as they were read."""
    cells, reading = batch.cells or {"columns": (), "rows": ()}, batch.reading or {}
    return ParsedTable(
        tuple(cells["columns"]),
        tuple((number, tuple(texts)) for number, texts in cells["rows"]),
        # Imports checked by an earlier release have none of these.
        columns=tuple(cells.get("places", ())),
        notes=tuple(TableNote(*note) for note in cells.get("notes", ())),
        hidden=frozenset(reading.get("hidden", ())),
        remarks=tuple(reading.get("remarks", ())),
        originals={(row, column): text for row, column, text in cells.get("originals", ())},
    )
