"""Cells of a workbook's row as the post that one of the proposal's forms takes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from werkzeug.datastructures import MultiDict

from lab.importing.rules.findings import CellMessage
from lab.importing.rules.names import NameIndex
from lab.proposals.bulk_import.workbook.columns import (
    CHOICE,
    MEMBER,
    PARTNER,
    PEOPLE,
    ROWS,
    TICK,
    WorkbookColumn,
)
from lab.proposals.bulk_import.workbook.lookups import person_label
from lab.proposals.rules.bulk_import.parsing import split_rows
from lab.web.fields import PersonField
from lab.web.forms import EditForm
from lab.web.typed.people import KnownPerson
from lab.web.typed.text import displayable, normalise

_UNIT_PART = 2  # of a line of members: name, duty, unit


class FormInput:
    """What a row says to one form.

    `posted`: name of a control -> text. `offered`: path (field, or field.column inside rows) ->
    [(value, text)], what its texts were found to mean. `errors`: what cannot be entered.
    """

    def __init__(self, names_by_field: Mapping[str, NameIndex]) -> None:
        self.names_by_field = names_by_field
        self.posted = MultiDict[str, str]()
        self.offered: dict[str, list[tuple[str, str]]] = {}
        self.errors: list[CellMessage] = []

    def enter(self, column: WorkbookColumn, cells: Mapping[str, str]) -> None:
        """Enter the cell of a column; `cells` are all of the row, field -> text."""
        text = self._full_name(column, cells.get(column.field, ""), cells)
        if column.kind == ROWS:
            self._enter_rows(column, text)
        elif column.kind in (CHOICE, TICK) and normalise(text):
            self._enter_choice(column, text)
        elif text:
            self.posted[column.field] = text

    def _enter_choice(self, column: WorkbookColumn, text: str) -> None:
        value, problem = self._resolve_and_offer(column.field, text)
        # A tick box takes any text for yes; a choice that was not found is asked for again.
        if value or (problem and column.kind == CHOICE):
            self.posted[column.field] = value or text
        if problem:
            self._blame(column, problem)

    def _blame(self, column: WorkbookColumn, message: str) -> None:
        self.errors.append(CellMessage(column.field, message))

    def _enter_rows(self, column: WorkbookColumn, text: str) -> None:
        lines = split_rows(text)
        self.posted[f"{column.field}-rows"] = str(len(lines))
        if column.most is not None and len(lines) > column.most:
            self._blame(column, f"最多{column.most}行，现有{len(lines)}行。")
            return
        for index, line in enumerate(lines):
            if len(line) > len(column.parts):
                many = f"第{index + 1}行有{len(line)}段，应为{len(column.parts)}段。"
                self._blame(column, many)
            self._enter_line(column, index, line)

    def _enter_line(self, column: WorkbookColumn, index: int, line: Sequence[str]) -> None:
        """Enter one line of a cell that holds rows; `index` counts them from 0."""
        for part, typed in zip(column.parts, line, strict=False):
            path, value, problem = f"{column.field}.{part.name}", "", ""
            if part.kind == CHOICE and typed and not self._is_named_only(path, line):
                value, problem = self._resolve_and_offer(path, typed)
            self.posted[f"{column.field}-{index}-{part.name}"] = value or typed
            if problem:
                self._blame(column, f"第{index + 1}行“{part.label}”：{problem}")

    def _full_name(self, column: WorkbookColumn, text: str, cells: Mapping[str, str]) -> str:
        """Return a person's name with the row's unit where only both together name one person.

        Whoever confirms is of the partner unit.
        """
        source = "joint_unit_id" if column.field == PARTNER else "unit_id"
        unit = normalise(cells.get(source, "")).rpartition(" · ")[2]
        if column.field not in PEOPLE or not unit or not text.strip():
            return text
        names, full = self.names_by_field[column.field], person_label(normalise(text), unit)
        return full if names.find(text)[1] and not names.find(full)[1] else text

    def _is_named_only(self, path: str, line: Sequence[str]) -> bool:
        """Return whether a line names a member without an account, by name and unit."""
        if path != MEMBER or len(line) <= _UNIT_PART or not line[_UNIT_PART]:
            return False
        return not self.names_by_field[path].has(line[0])

    def _resolve_and_offer(self, path: str, text: str) -> tuple[str, str]:
        """Return the value that a name stands for, "" when none, and what is wrong with the name.

        Only resolved values are offered to the form, because parsing a list of everybody for every
        cell takes far too long.
        """
        value, problem = self.names_by_field[path].find(text)
        if value:
            self.offered.setdefault(path, []).append((value, text))
        return value, displayable(problem)

    # -- the form ---------------------------------------------------------------------------

    def offer_choices(self, form: EditForm) -> None:
        """Set what the choices of single fields were found to mean, before the row is read."""
        for path, choices in self.offered.items():
            if "." not in path and not isinstance(form[path], PersonField):
                form[path].choices = choices

    def offer_people(self, form: EditForm) -> None:
        """Set what names, and choices inside rows, were found to mean, and read them again.

        A name that means nobody is an error of its field.
        """
        for each in form:
            if isinstance(each, PersonField) and each.short_name not in self.offered:
                each.offer([])
        for path, choices in self.offered.items():
            name, _, part = path.partition(".")
            if path == MEMBER or isinstance(form[name], PersonField):
                form[name].offer([KnownPerson(int(value), text, "") for value, text in choices])
            elif part:
                form[name].set_choices(part, choices)
