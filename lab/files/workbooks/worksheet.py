"""The cells of one worksheet of an XLSX: only those with content, wherever they stand."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import NamedTuple

from lab.files.rules.sheet import Place, parse_reference
from lab.files.workbooks.parts import UnreadableWorkbook, Workbook, is_on, parse, unescape

MAX_ROWS, MAX_COLUMNS, MAX_MERGED = 20_000, 256, 20_000
UNREADABLE = "unreadable"  # the kind of a cell that refers to a text that is not there


class FarCell(Exception):
    """A cell with content stands so far away that its worksheet, `sheet`, cannot be a table."""

    def __init__(self, place: Place) -> None:
        super().__init__(str(place))
        self.place, self.sheet = place, ""


@contextmanager
def far_cells_of(sheet: str) -> Iterator[None]:
    """Name the worksheet in a FarCell that is raised inside."""
    try:
        yield
    except FarCell as error:
        error.sheet = sheet
        raise


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


def whole_number(text: str | None, otherwise: int) -> int:
    """Return the number that an attribute holds, `otherwise` where it holds none."""
    return int(text) if text is not None and text.isascii() and text.isdecimal() else otherwise


def is_zero(text: str | None) -> bool:
    """Return whether a height or width is 0."""
    try:
        return text is not None and float(text) == 0
    except ValueError:
        return False


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
        self.row, self.column = whole_number(attributes.get("r"), self.row + 1), 0
        if is_on(attributes.get("hidden")) or is_zero(attributes.get("ht")):
            self.sheet.hidden_rows.add(self.row)

    def _begin_cell(self, attributes: dict[str, str]) -> None:
        try:
            self.row, self.column = parse_reference(attributes["r"])
        except (KeyError, ValueError):  # none, or one that says nothing: beside the one before
            self.column += 1
        self.kind, self.style = attributes.get("t", "n"), whole_number(attributes.get("s"), 0)
        self.value = self.formula = None

    def _begin_other(self, name: str, attributes: dict[str, str]) -> None:
        if name == "col" and (is_on(attributes.get("hidden")) or is_zero(attributes.get("width"))):
            first = whole_number(attributes.get("min"), 1)
            last = min(whole_number(attributes.get("max"), 0), MAX_COLUMNS)
            self.sheet.hidden_columns.update(range(first, last + 1))
        elif name == "mergeCell" and len(self.sheet.blocks) < MAX_MERGED:
            self._add_block(attributes.get("ref", ""))
        elif name == "filterColumn":
            self.sheet.filtered = True

    def _add_block(self, reference: str) -> None:
        first, _, last = reference.partition(":")
        with suppress(ValueError):  # names no cells: nothing is merged
            self.sheet.blocks.append(Block(parse_reference(first), parse_reference(last or first)))

    def end(self, name: str) -> None:
        self.into = None
        if name == "rPh":
            self.reading -= 1
        elif name == "c":
            self._end_cell()

    def text(self, data: str) -> None:
        if self.into is not None:
            self.into.append(data)

    def _shared(self, index: str) -> tuple[str, str]:
        """Return kind and value of a cell whose text is the shared one of this number."""
        number = whole_number(index, len(self.texts))
        return ("str", self.texts[number]) if number < len(self.texts) else (UNREADABLE, index)

    def _end_cell(self) -> None:
        value = None if self.value is None else "".join(self.value)
        kind = self.kind
        if kind == "s" and value:
            kind, value = self._shared(value)
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
