"""What can be said of a field of a proposal. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum, auto
from functools import partial


class Kind(Enum):
    """What a field holds: a line or a text that is typed, one of a few values, a date, yes or no,
    a unit, a person, rows of other values, files."""

    LINE, TEXT, CHOICE, DATE, FLAG, UNIT, PERSON, ROWS, FILES = (auto() for _ in range(9))


class Audience(Enum):
    """Who reads it: everybody who may open the proposal, or its own people and the office."""

    REVIEWERS, OFFICE = auto(), auto()


class Search(Enum):
    """Where its words are found: nowhere, in the title, in the abstract, in the rest of the text.

    The abstract is compared with those of earlier proposals as well.
    """

    NO, TITLE, ABSTRACT, BODY = (auto() for _ in range(4))


class Print(Enum):
    """How pages and printouts draw a line or text: in the order of its step, under its label; or
    at a place of its own, which they name themselves (smart contract, source of the budget)."""

    IN_ORDER, BY_HAND = auto(), auto()


@dataclass(frozen=True)
class RowColumn:
    """One value of a row: `key` names it in the table, in forms and in the content.

    `unit` is what a page that only shows the value says beside the label.
    """

    key: str
    label: str
    unit: str = ""

    @property
    def heading(self) -> str:
        """What heads the values in a table: 金额（元）."""
        return f"{self.label}（{self.unit}）" if self.unit else self.label


@dataclass(frozen=True)
class Field:
    """A field. `key` names it in the table, in forms, in the content and in sheets.

    `limit` counts characters of the stored text, punctuation included; `least` and `most` count
    rows or files. `columns` are the values of a row. `lines` is the height of a text's control.
    `part_of` is the field in whose entry of the content it stands, "" where it has its own.
    `frozen_blank`: the content holds the key also while the field is blank, as formats 1 and 2
    did from the start. A field added since leaves no trace while it is blank, so that what was
    submitted or confirmed before there was the field keeps its fingerprint and its documents.

    Raises ValueError for a line or text without a limit, and for one that reviewers would find by
    words they must not read.
    """

    key: str
    label: str
    step: str
    kind: Kind
    required: bool = False
    limit: int | None = None
    hint: str = ""
    lines: int = 7
    choices: Mapping[str, str] | None = None
    columns: tuple[RowColumn, ...] = ()
    least: int = 0
    most: int = 0
    audience: Audience = Audience.REVIEWERS
    search: Search = Search.NO
    printed: Print = Print.IN_ORDER
    part_of: str = ""
    importable: bool = True
    frozen_blank: bool = False

    def __post_init__(self) -> None:
        if self.is_text and self.limit is None:
            raise ValueError(f"{self.key} needs a limit")
        if self.audience is Audience.OFFICE and self.search is not Search.NO:
            raise ValueError(f"{self.key} must not be found by those who may not read it")

    @property
    def is_text(self) -> bool:
        """Whether it holds what was typed, in one line or several."""
        return self.kind in (Kind.LINE, Kind.TEXT)

    @property
    def is_choice(self) -> bool:
        """Whether it is chosen from a list."""
        return self.kind in (Kind.CHOICE, Kind.UNIT, Kind.PERSON)


# A field of each kind, written as key, label, step and what else there is to say of it.
line, text = partial(Field, kind=Kind.LINE), partial(Field, kind=Kind.TEXT)
choice, date = partial(Field, kind=Kind.CHOICE), partial(Field, kind=Kind.DATE)
flag, unit = partial(Field, kind=Kind.FLAG), partial(Field, kind=Kind.UNIT)
person, rows = partial(Field, kind=Kind.PERSON), partial(Field, kind=Kind.ROWS)
files = partial(Field, kind=Kind.FILES)
