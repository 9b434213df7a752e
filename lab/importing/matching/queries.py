"""Reads for the pages of an upload: its worksheets and the row of headings."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from lab.importing.models import ImportUpload
from lab.importing.rules.headings import likely_heading_row, suggest
from lab.importing.targets import ImportTarget, target_of

SHOWN_COLUMNS = 30


@dataclass(frozen=True)
class SheetHead:
    """The first rows of a worksheet as they were read; `height` is the number of all its rows."""

    name: str
    height: int
    rows: Sequence[Sequence[str]]

    @property
    def width(self) -> int:
        """The number of columns in the rows shown."""
        return max(map(len, self.rows), default=0)


@dataclass(frozen=True)
class UploadPage:
    """An upload and the import it is for."""

    upload: ImportUpload
    target: ImportTarget

    @property
    def origin(self) -> tuple[str, str]:
        """(label, address) of the page to which the upload belongs."""
        return self.target.origin(self.upload.subject_key)


def upload_page(upload: ImportUpload) -> UploadPage:
    """Return what every page of an upload shows."""
    return UploadPage(upload, target_of(upload.target))


# -- the row of headings -----------------------------------------------------------------------


@dataclass(frozen=True)
class HeadRow:
    """A row that may be the one of headings."""

    number: int
    texts: Sequence[str]

    def text(self, column: int) -> str:
        """Return the text of a column, from 1."""
        return self.texts[column - 1] if column <= len(self.texts) else ""


@dataclass(frozen=True)
class HeadingPage:
    """The worksheets of an upload, and the first rows of the one at `index`."""

    base: UploadPage
    sheets: tuple[SheetHead, ...]
    index: int
    likely: int
    """The row that looks most like headings, or the one chosen before."""
    last: int | None

    @property
    def sheet(self) -> SheetHead:
        """The worksheet shown."""
        return self.sheets[self.index]

    @property
    def rows(self) -> tuple[HeadRow, ...]:
        """The first rows of the worksheet."""
        return tuple(HeadRow(n, texts) for n, texts in enumerate(self.sheet.rows, start=1))

    @property
    def columns(self) -> range:
        """The columns shown, from 1."""
        return range(1, min(self.sheet.width, SHOWN_COLUMNS) + 1)


def heading_page(upload: ImportUpload, wanted: str) -> HeadingPage:
    """Return the page of the worksheet with the number `wanted` (from 0).

    Any other text means the one chosen before, or else the one that looks most like a table.
    """
    base, sheets = upload_page(upload), sheet_heads(upload)
    plan = upload.plan or {}
    likely = [likely_heading_row(sheet.rows, base.target.fields) for sheet in sheets]
    names = [sheet.name for sheet in sheets]
    index = names.index(plan["sheet"]) if plan else _likely_sheet(sheets, likely, base.target)
    if wanted.isdecimal() and int(wanted) < len(sheets):
        index = int(wanted)
    same = bool(plan) and plan["sheet"] == names[index]
    head = plan["head"] if same else likely[index]
    return HeadingPage(base, sheets, index, head, plan["last"] if same else None)


def sheet_heads(upload: ImportUpload) -> tuple[SheetHead, ...]:
    """Return the first rows of each worksheet that was read."""
    layout = upload.layout or {"sheets": ()}
    return tuple(SheetHead(each["name"], each["height"], each["rows"]) for each in layout["sheets"])


def _likely_sheet(sheets: Sequence[SheetHead], likely: Sequence[int], target: ImportTarget) -> int:
    """Return the worksheet whose likely headings match most fields; the first of several."""

    def matches(index: int) -> int:
        row = sheets[index].rows[likely[index] - 1] if likely[index] else ()
        found = suggest(dict(enumerate(row, start=1)), target.fields, {})
        return sum(bool(suggestion.field) for suggestion in found.values())

    return max(range(len(sheets)), key=matches)
