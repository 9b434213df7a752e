"""What an import says of single cells, stored with the cell's place and content. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from lab.files.rules.sheet import Place
from lab.importing.rules.worksheets import ParsedTable
from lab.web.typed.text import displayable

SHOWN = 40  # characters of a cell beside what was found


class CellMessage(NamedTuple):
    """What is wrong with the cell of a field; stored as a pair."""

    field: str
    message: str


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
class RowFindings:
    """What was found in a row."""

    errors: tuple[CellFinding, ...]
    warnings: tuple[CellFinding, ...]

    @property
    def findings(self) -> tuple[CellFinding, ...]:
        """The errors, then the warnings."""
        return (*self.errors, *self.warnings)


def findings_json(
    table: ParsedTable,
    row: int,
    texts: Sequence[str],
    errors: Sequence[CellMessage],
    warnings: Sequence[CellMessage],
) -> dict[str, Any]:
    """Return the findings of a row for JSON, with place and content of the cells they name."""
    named = {message.field for message in (*errors, *warnings)}
    cells = {
        field: [
            str(Place(row, column)),
            displayable(table.originals.get((row, column), text))[:SHOWN],
        ]
        for field, column, text in zip(table.fields, table.columns, texts, strict=False)
        if field in named
    }
    return {"cells": cells, "errors": errors, "warnings": warnings}


def findings_of(
    plain: Mapping[str, Any], kind: str, labels: Mapping[str, str]
) -> tuple[CellFinding, ...]:
    """Return the findings of a `kind` ("errors" or "warnings") that `findings_json` wrote."""
    cells = plain.get("cells", {})  # not stored by earlier releases
    pairs: Iterable[tuple[str, str]] = plain[kind]
    return tuple(
        CellFinding(name, labels[name], message, kind == "errors", *cells.get(name, ()))
        for name, message in pairs
    )
