"""What a text of light Markdown shows, line by line, without its signs: for comparing two texts."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from itertools import pairwise

from markdown_it.token import Token

from lab.web.rich import FIRST_HEADING, JOINER, parse_rich_text
from lab.web.typed.text import unify_lines

HEADING, TEXT, ITEM, ROW = "heading", "text", "item", "row"
BULLET = "•"


@dataclass(frozen=True)
class Span:
    """Words that look alike; `href` is "" where they lead nowhere."""

    text: str
    bold: bool = False
    href: str = ""


@dataclass(frozen=True)
class RichLine:
    """One line as people see it; a row of a table has a cell for each column.

    `level`: of a heading from 1, of an item and the text below it from 1 for the outermost list, 0
    elsewhere; of a row 1 in the head of its table. `marker` is what stands before an item; numbers
    do not tell lines apart, because they move with each item before them. `aligns` is how the
    cells of a row are set ("" is left).
    """

    kind: str
    cells: tuple[tuple[Span, ...], ...]
    level: int = 0
    marker: str = field(default="", compare=False)
    aligns: tuple[str, ...] = ()

    @property
    def texts(self) -> tuple[str, ...]:
        """The words of each cell."""
        return tuple("".join(span.text for span in cell) for cell in self.cells)


def rich_lines(text: str) -> tuple[RichLine, ...]:
    """Return the lines of a text in reading order, empty ones left out."""
    unified = unify_lines(text)
    tokens = parse_rich_text(unified)
    if tokens is None:
        return tuple(_plain(line) for line in unified.split("\n") if line.strip())
    return tuple(line for line in _Reader().read(tokens) if any(line.texts) or line.kind == ROW)


def _plain(text: str) -> RichLine:
    return RichLine(TEXT, ((Span(text.strip()),),))


class _Reader:
    """Walks the tokens of a text and knows in which lists it stands."""

    def __init__(self) -> None:
        self.numbers: list[
            int | None
        ] = []  # of each list around: its next number, None for bullets
        self.marker = ""  # of the item whose first words have not come yet

    def read(self, tokens: list[Token]) -> Iterator[RichLine]:
        row: list[tuple[tuple[Span, ...], str]] = []
        for opening, token in pairwise(tokens):
            self._enter(opening)
            if opening.type in ("th_open", "td_open"):
                row.append((tuple(_spans(token)), _align(opening)))
            elif opening.type == "tr_close":
                cells, aligns = zip(*row, strict=True) if row else ((), ())
                yield RichLine(ROW, cells, int(token.type == "thead_close"), aligns=aligns)
                row = []
            elif opening.type == "heading_open" and not opening.hidden:
                level = int(opening.tag[1]) - FIRST_HEADING + 1
                yield RichLine(HEADING, (tuple(_spans(token)),), level)
            elif opening.type == "paragraph_open":
                yield from self._paragraph(token)

    def _enter(self, token: Token) -> None:
        if token.type == "bullet_list_open":
            self.numbers.append(None)
        elif token.type == "ordered_list_open":
            self.numbers.append(int(token.attrs.get("start", 1)))
        elif token.type in ("bullet_list_close", "ordered_list_close"):
            self.numbers.pop()
        elif token.type == "list_item_open":
            number = self.numbers[-1]
            self.marker = BULLET if number is None else f"{number}."
            if number is not None:
                self.numbers[-1] = number + 1

    def _paragraph(self, inline: Token) -> Iterator[RichLine]:
        for cell in _broken(_spans(inline)):
            yield RichLine(
                ITEM if self.marker else TEXT, (cell,), len(self.numbers), marker=self.marker
            )
            self.marker = ""


def _align(cell: Token) -> str:
    return {"num": "right", "text-center": "center"}.get(str(cell.attrs.get("class", "")), "")


def _spans(inline: Token) -> Iterator[Span]:
    """Yield the words of a block; a line break is a span of its own."""
    bold, href = False, ""
    for token in inline.children or []:
        if token.type in ("strong_open", "strong_close"):
            bold = token.nesting > 0
        elif token.type in ("link_open", "link_close"):
            href = str(token.attrs.get("href", "")) if token.nesting > 0 else ""
        elif token.type in ("softbreak", "hardbreak"):
            yield Span("\n")
        elif words := token.content.replace(JOINER, ""):
            yield Span(words, bold, href)


def _broken(spans: Iterable[Span]) -> Iterator[tuple[Span, ...]]:
    """Yield the spans of each line."""
    line: list[Span] = []
    for span in spans:
        if span.text == "\n":
            yield tuple(line)
            line = []
        elif line and replace(line[-1], text="") == replace(span, text=""):
            line[-1] = replace(span, text=line[-1].text + span.text)
        else:
            line.append(span)
    yield tuple(line)
