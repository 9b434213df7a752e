"""The workbook as read, with every faulty cell coloured and its message as a comment."""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import Any

import xlsxwriter

from lab.importing.rules.worksheets import RESULT_HEADING, ParsedTable
from lab.proposals.bulk_import.workbook.columns import FORM_WORKSHEET, by_field
from lab.proposals.bulk_import.workbook.results import RowResult
from lab.web.spreadsheets.writing import PLAIN_TEXT_OPTIONS
from lab.web.typed.text import displayable

_LONGEST = 32_000  # below what a cell holds


def annotated_workbook(table: ParsedTable, results: Sequence[RowResult]) -> bytes:
    """Return a workbook that can be corrected and uploaded again; its last column is ignored."""
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {**PLAIN_TEXT_OPTIONS, "in_memory": True})
    formats = {
        "head": book.add_format({"bold": True, "bg_color": "#DCE6F1", "text_wrap": True}),
        "text": book.add_format({"text_wrap": True, "valign": "top", "num_format": "@"}),
        "error": book.add_format({"text_wrap": True, "valign": "top", "bg_color": "#FFC7CE"}),
        "warning": book.add_format({"text_wrap": True, "valign": "top", "bg_color": "#FFEB9C"}),
    }
    worksheet = book.add_worksheet(FORM_WORKSHEET)
    _head(worksheet, table, formats)
    by_row = {result.row: result for result in results}
    for line, (number, texts) in enumerate(table.rows, start=1):
        _row(worksheet, line, table.fields, texts, by_row.get(number), formats)
        if number in table.hidden:
            worksheet.set_row(line, None, None, {"hidden": True})
    book.close()
    return out.getvalue()


def _head(worksheet: Any, table: ParsedTable, formats: dict[str, Any]) -> None:
    for column, name in enumerate(table.fields):
        worksheet.write_string(0, column, by_field()[name].heading, formats["head"])
        worksheet.set_column(column, column, 24)
    worksheet.write_string(0, len(table.fields), RESULT_HEADING, formats["head"])
    worksheet.set_column(len(table.fields), len(table.fields), 60)
    worksheet.freeze_panes(1, 0)


def _row(
    worksheet: Any,
    line: int,
    fields: Sequence[str],
    texts: Sequence[str],
    result: RowResult | None,
    formats: dict[str, Any],
) -> None:
    errors = _by_field(result.errors if result else ())
    warnings = _by_field(result.warnings if result else ())
    for column, (name, text) in enumerate(zip(fields, texts, strict=True)):
        kind = "error" if name in errors else "warning" if name in warnings else "text"
        worksheet.write_string(line, column, displayable(text)[:_LONGEST], formats[kind])
        if messages := [*errors.get(name, ()), *warnings.get(name, ())]:
            worksheet.write_comment(
                line, column, "\n".join(messages)[:_LONGEST], {"author": RESULT_HEADING}
            )
    if result is not None:
        every = [f"{finding.label}：{finding.message}" for finding in result.findings]
        worksheet.write_string(line, len(fields), "\n".join(every)[:_LONGEST], formats["text"])


def _by_field(findings: Sequence[Any]) -> dict[str, list[str]]:
    grouped: dict[str, list[str]] = {}
    for finding in findings:
        grouped.setdefault(finding.field, []).append(finding.message)
    return grouped
