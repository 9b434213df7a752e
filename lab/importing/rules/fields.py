"""What an import wants to know: its fields and the ways in which rows may be taken. Pure."""

from __future__ import annotations

from dataclasses import dataclass

PERIOD = "period"  # a kind of field: a cell with two days, which fill two fields


@dataclass(frozen=True)
class TargetField:
    """A field that a column may be matched with.

    `synonyms` are other headings that people write for it. `unit` is the unit of its numbers, ""
    where it holds none: columns in another unit are converted, or refused. `into` are the fields in
    which its content ends up, none for its own; two fields of one content cannot both have a
    column. A field of the kind PERIOD goes into two, the first and the last day.
    """

    key: str
    label: str
    synonyms: tuple[str, ...] = ()
    unit: str = ""
    into: tuple[str, ...] = ()
    kind: str = ""

    @property
    def contents(self) -> tuple[str, ...]:
        """The fields that hold the content."""
        return self.into or (self.key,)

    @property
    def names(self) -> tuple[str, ...]:
        """The headings by which the field is known."""
        return (self.label, *self.synonyms)


@dataclass(frozen=True)
class ImportMode:
    """A way of taking rows: its label, what it means, and the fields that must have a column."""

    code: str
    label: str
    hint: str
    needed: tuple[str, ...]
