"""The cells of one worksheet of an XLSX: only those with content, wherever they stand."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import NamedTuple

from lab.files.rules.sheet import Place, parse_reference
from lab.files.workbooks.parts import UnreadableWorkbook, Workbook, is_on, parse, unescape

MAX_ROWS, MAX_COLUMNS, MAX_MERGED = 20_000, 256, 20_000


class FarCell(Exception):
    """A cell with content stands so far away that the worksheet cannot be a table."""

    def __init__(self, place: Place) -> None:
        super().__init__(str(place))
        self.place = place


class RawCell(NamedTuple):
    """A cell as it is stored: type, style, value, and the formula it comes from."""

    kind: str
    style: int
    value: str | None
    formula: str | None


class Block(NamedTuple):
    """Merged cells: the first and the last."""

    first: Place
    last: Place


@dataclass
class RawSheet:
    """What a worksheet holds; `filtered`: a filter is set."""

    cells: dict[Place, RawCell] = field(default_factory=dict)
    hidden_rows: set[int] = field(default_factory=set)
    hidden_columns: set[int] = field(default_factory=set)
    blocks: list[Block] = field(default_factory=list)
    filtered: bool = False


def raw_sheet(book: Workbook, member: str) -> RawSheet:
    """Return the cells of a worksheet.

    Raises FarCell for a cell with content beyond MAX_ROWS and MAX_COLUMNS, UnreadableWorkbook when
    the part is missing or damaged.
    """
    try:
        data = book.archive.read(member)
    except KeyError as error:
        raise UnreadableWorkbook(member) from error
    reader = _Reader(book.texts)
    parse(data, reader.start, reader.end, reader.text)
    return reader.sheet


class _Reader:
    """Handlers of the parser: state between them is the place and the cell that is open."""

    def __init__(self, texts: tuple[str, ...]) -> None:
        self.texts, self.sheet = texts, RawSheet()
        self.row = self.column = 0
        self.kind, self.style = "n", 0
        self.value: list[str] | None = None
        self.formula: list[str] | None = None
        self.into: list[str] | None = None
        self.reading = 0  # inside the reading written above characters

    def start(self, name: str, attributes: dict[str, str]) -> None:
        if name == "c":
            self._begin_cell(attributes)
        elif name == "v" or (name == "t" and not self.reading and self.kind == "inlineStr"):
            self.value = self.into = [] if self.value is None else self.value
        elif name == "f":
            self.formula = self.into = []
        elif name == "row":
            self._begin_row(attributes)
        elif name == "rPh":
            self.reading += 1
        else:
            self._begin_other(name, attributes)

    def _begin_row(self, attributes: dict[str, str]) -> None:
        self.row, self.column = int(attributes.get("r", self.row + 1)), 0
        if is_on(attributes.get("hidden")) or float(attributes.get("ht", 1)) == 0:
            self.sheet.hidden_rows.add(self.row)

    def _begin_cell(self, attributes: dict[str, str]) -> None:
        if reference := attributes.get("r"):
            place = parse_reference(reference)
            self.row, self.column = place.row, place.column
        else:
            self.column += 1
        self.kind, self.style = attributes.get("t", "n"), int(attributes.get("s", 0))
        self.value = self.formula = None

    def _begin_other(self, name: str, attributes: dict[str, str]) -> None:
        if name == "col" and (
            is_on(attributes.get("hidden")) or float(attributes.get("width", 1)) == 0
        ):
            end = min(int(attributes["max"]), MAX_COLUMNS) + 1
            self.sheet.hidden_columns.update(range(int(attributes["min"]), end))
        elif name == "mergeCell" and len(self.sheet.blocks) < MAX_MERGED:
            first, _, last = attributes.get("ref", "").partition(":")
            self.sheet.blocks.append(Block(parse_reference(first), parse_reference(last or first)))
        elif name == "filterColumn":
            self.sheet.filtered = True

    def end(self, name: str) -> None:
        self.into = None
        if name == "rPh":
            self.reading -= 1
        elif name == "c":
            self._end_cell()

    def text(self, data: str) -> None:
        if self.into is not None:
            self.into.append(data)

    def _end_cell(self) -> None:
        value = None if self.value is None else "".join(self.value)
        kind = self.kind
        if kind == "s" and value:
            kind, value = "str", self.texts[int(value)]
        elif kind in ("inlineStr", "str") and value:
            kind, value = "str", unescape(value)
        # A blank that only has a format, or blanks typed into it, is no content.
        if (value is None or not value.strip()) and self.formula is None:
            return
        place = Place(self.row, self.column)
        if place.row > MAX_ROWS or place.column > MAX_COLUMNS:
            raise FarCell(place)
        formula = None if self.formula is None else "".join(self.formula)
        self.sheet.cells[place] = RawCell(kind, self.style, value, formula)
