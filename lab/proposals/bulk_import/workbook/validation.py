"""Validate workbook rows with the proposal forms and the submission rules."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from types import SimpleNamespace
from typing import Any

from werkzeug.datastructures import MultiDict

from lab.importing.rules.findings import CellMessage
from lab.importing.rules.names import NameIndex
from lab.importing.rules.worksheets import ParsedTable, TableNote
from lab.proposals.bulk_import.forms import EvidenceForm
from lab.proposals.bulk_import.workbook.columns import (
    CHOICE,
    EVIDENCE,
    MEMBER,
    OMITTED_FIELDS,
    PEOPLE,
    ROWS,
    TICK,
    WorkbookColumn,
    by_field,
    make_forms,
    template_columns,
)
from lab.proposals.bulk_import.workbook.lookups import person_label
from lab.proposals.rules.bulk_import.parsing import split_rows
from lab.proposals.rules.completeness import missing_items
from lab.proposals.rules.form.schema import ROW_FIELDS, STEP_OF
from lab.proposals.writing.forms.raw_input import clean_values, invalid_input
from lab.web.fields import PersonField
from lab.web.fields.rows import RowsField
from lab.web.forms import EditForm
from lab.web.typed.people import KnownPerson
from lab.web.typed.text import displayable, normalise

_UNIT_PART = 2  # of a line of members: name, duty, unit
PARTNER = "partner_id"
OWN_PARTNER_MESSAGE = "确认人不能是填报人，请写联合单位的其他人员，或留空由联合单位任一人员确认。"


@dataclass
class CheckedRow:
    """A row: its number in the workbook, content, errors and warnings.

    `values` are what `writing.service.save_draft` takes; `evidence` holds owner_id and received_on,
    `owner` that person's name. `invalid_input` is what of a draft is kept as typed beside `values`;
    `barred`: not even a draft can be made of the row.
    """

    row: int
    title: str
    unit: str
    errors: list[CellMessage] = field(default_factory=list)
    warnings: list[CellMessage] = field(default_factory=list)
    values: dict[str, Any] = field(default_factory=dict)
    evidence: dict[str, Any] = field(default_factory=dict)
    owner: str = ""
    invalid_input: dict[str, Any] = field(default_factory=dict)
    barred: bool = False


class RowChecker:
    """Validate row after row with the same forms: rebuilding them takes far longer."""

    def __init__(
        self,
        names_by_field: Mapping[str, NameIndex],
        first: date,
        last: date,
        *,
        units_by_person: Mapping[int, int | None],
        drafts: bool = False,
    ) -> None:
        """`names_by_field`: names by field; mail counts when it arrived from `first` to `last`.

        `units_by_person`: the unit of each person who may be named (ids).

        `drafts`: only who owns it and its name must be there.
        """
        self.names_by_field, self.forms, self.drafts = names_by_field, make_forms(), drafts
        self.forms["basics"].units_by_person = units_by_person
        received = self.forms[EVIDENCE]["received_on"]
        received.min, received.max = first, last
        for form in self.forms.values():
            for each in form:
                if isinstance(each, RowsField):
                    each.shown_rows = 0

    def check_table(self, table: ParsedTable) -> list[CheckedRow]:
        """Validate every row of the workbook."""
        notes: dict[int, list[TableNote]] = {}
        for note in table.notes:
            notes.setdefault(note.row, []).append(note)
        return [
            self.check_row(
                number, dict(zip(table.fields, texts, strict=True)), notes.get(number, ())
            )
            for number, texts in table.rows
        ]

    def check_row(
        self, number: int, cells: Mapping[str, str], notes: Sequence[TableNote] = ()
    ) -> CheckedRow:
        """Validate one row: field -> cell text; `notes`: what was said while it was read.

        A cell that could not be read is not blamed for being blank as well.
        """
        result = CheckedRow(number, _short_text(cells, "title"), _short_text(cells, "unit_id"))
        for slug in self.forms:
            self._validate_form(slug, cells, result)
        if self.drafts:
            result.errors = _errors_of_draft(result, cells)
        else:
            result.errors += _missing_messages(result)
        unread = {note.field for note in notes if note.error}
        result.errors = [error for error in result.errors if error.field not in unread]
        partner = result.values.get(PARTNER)
        if partner is not None and partner == result.evidence.get("owner_id"):
            result.errors.append(CellMessage(PARTNER, OWN_PARTNER_MESSAGE))
        for note in notes:
            kind = result.errors if note.error else result.warnings
            kind.append(CellMessage(note.field, note.message))
        order = [column.field for column in template_columns()]
        result.errors.sort(key=lambda error: order.index(error.field))
        return result

    def _validate_form(self, slug: str, cells: Mapping[str, str], result: CheckedRow) -> None:
        form, posted = self.forms[slug], MultiDict[str, str]()
        entry_errors: list[CellMessage] = []
        offered: dict[str, list[tuple[str, str]]] = {}
        for column in template_columns():
            if column.form == slug:
                text = cells.get(column.field, "")
                entry_errors += self._enter_cell(
                    column, self._full_name(column, text, cells), posted, offered
                )
        _offer_choices(form, offered)
        form.process(posted)
        _offer_people(form, offered)
        form.validate()
        result.errors += entry_errors
        result.errors += [
            CellMessage(each.short_name, str(error))
            for each in form
            if each.short_name in by_field()
            for error in each.errors
            if not _repeats_entry_error(each.short_name, str(error), entry_errors)
        ]
        result.warnings += _conversions(form)
        self._store_values(slug, form, result)

    def _store_values(self, slug: str, form: EditForm, result: CheckedRow) -> None:
        if slug == EVIDENCE:
            result.evidence = {name: form[name].data for name in EvidenceForm.FIELDS}
            return
        result.values |= clean_values(form)
        if self.drafts:
            result.invalid_input |= _kept_as_typed(form)

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

    # -- one cell --------------------------------------------------------------------------

    def _enter_cell(
        self,
        column: WorkbookColumn,
        text: str,
        posted: MultiDict[str, str],
        offered: dict[str, list[tuple[str, str]]],
    ) -> list[CellMessage]:
        """Enter a cell into the form's input; return what cannot be entered."""
        if column.kind == ROWS:
            return self._enter_rows(column, text, posted, offered)
        if column.kind not in (CHOICE, TICK) or not normalise(text):
            if text:
                posted[column.field] = text
            return []
        value, problem = self._resolve_and_offer(column.field, text, offered)
        # A tick box takes any text for yes; a choice that was not found is asked for again.
        if value or (problem and column.kind == CHOICE):
            posted[column.field] = value or text
        return [CellMessage(column.field, problem)] if problem else []

    def _enter_rows(
        self,
        column: WorkbookColumn,
        text: str,
        posted: MultiDict[str, str],
        offered: dict[str, list[tuple[str, str]]],
    ) -> list[CellMessage]:
        lines = split_rows(text)
        posted[f"{column.field}-rows"] = str(len(lines))
        if column.most is not None and len(lines) > column.most:
            return [CellMessage(column.field, f"最多{column.most}行，现有{len(lines)}行。")]
        problems = []
        for index, line in enumerate(lines):
            if len(line) > len(column.parts):
                message = f"第{index + 1}行有{len(line)}段，应为{len(column.parts)}段。"
                problems.append(CellMessage(column.field, message))
            for part, typed in zip(column.parts, line, strict=False):
                name = f"{column.field}-{index}-{part.name}"
                posted[name] = typed
                path = f"{column.field}.{part.name}"
                if part.kind == CHOICE and typed and not self._is_named_only(path, line):
                    value, problem = self._resolve_and_offer(path, typed, offered)
                    posted[name] = value or typed
                    if problem:
                        message = f"第{index + 1}行“{part.label}”：{problem}"
                        problems.append(CellMessage(column.field, message))
        return problems

    def _is_named_only(self, path: str, line: Sequence[str]) -> bool:
        """Return whether a line names a member without an account, by name and unit."""
        if path != MEMBER or len(line) <= _UNIT_PART or not line[_UNIT_PART]:
            return False
        return not self.names_by_field[path].has(line[0])

    def _resolve_and_offer(
        self, path: str, text: str, offered: dict[str, list[tuple[str, str]]]
    ) -> tuple[str, str]:
        """Return the value that a name stands for, "" when none, and what is wrong with the name.

        Only resolved values are offered to the form, because parsing a list of everybody for every
        cell takes far too long.
        """
        value, problem = self.names_by_field[path].find(text)
        if value:
            offered.setdefault(path, []).append((value, text))
        return value, displayable(problem)


def _offer_choices(form: EditForm, offered: Mapping[str, list[tuple[str, str]]]) -> None:
    """Set what the choices of single fields were found to mean, before the row is read."""
    for path, choices in offered.items():
        if "." not in path and not isinstance(form[path], PersonField):
            form[path].choices = choices


def _offer_people(form: EditForm, offered: Mapping[str, list[tuple[str, str]]]) -> None:
    """Set what names, and choices inside rows, were found to mean, and read them again.

    A name that means nobody is an error of its field.
    """
    for each in form:
        if isinstance(each, PersonField) and each.short_name not in offered:
            each.offer([])
    for path, choices in offered.items():
        name, _, part = path.partition(".")
        if path == MEMBER or isinstance(form[name], PersonField):
            form[name].offer([KnownPerson(int(value), text, "") for value, text in choices])
        elif part:
            form[name].set_choices(part, choices)


def _conversions(form: EditForm) -> list[CellMessage]:
    return [
        CellMessage(each.short_name, message)
        for each in form
        if each.short_name in by_field()
        for message in each.conversions
    ]


def _kept_as_typed(form: Any) -> dict[str, Any]:
    """Return what did not pass and its owner will find in the form, with the reason.

    A choice that names nothing is no input of its control: the field stays blank. The name of a
    person is typed, so it stays.
    """
    return {
        name: typed
        for name, typed in invalid_input(form).items()
        if name in by_field()
        and (by_field()[name].kind not in (CHOICE, TICK) or isinstance(form[name], PersonField))
    }


def _repeats_entry_error(name: str, error_text: str, entry_errors: list[CellMessage]) -> bool:
    """Return whether the error only repeats that a name was not found."""
    head = error_text.partition("：")[0] if error_text.startswith("第") else ""
    return any(each.field == name and each.message.startswith(head) for each in entry_errors)


def _short_text(cells: Mapping[str, str], name: str) -> str:
    return displayable(normalise(cells.get(name, "")))[:80]


def _errors_of_draft(result: CheckedRow, cells: Mapping[str, str]) -> list[CellMessage]:
    """Return the errors without those about what a draft may lack."""
    may_lack = {"pledge", *(["received_on"] if not cells.get("received_on", "").strip() else [])}
    errors = [error for error in result.errors if error.field not in may_lack]
    if not result.title and not any(error.field == "title" for error in errors):
        errors.append(CellMessage("title", "尚未填写。"))
    return errors


def _missing_messages(result: CheckedRow) -> list[CellMessage]:
    """Return what submission would still require, in cells without another error."""
    faulty = {error.field for error in result.errors}
    unfinished = [name for name in faulty if name in STEP_OF]
    # Where the row names nobody who confirms, the whole partner unit is asked.
    omitted = (*OMITTED_FIELDS, PARTNER)
    missing = missing_items(_as_draft(result.values), [*unfinished, *omitted])
    already_reported = faulty | {*omitted}
    return [
        CellMessage(item.field, item.message.partition("：")[2])
        for item in missing
        if item.field not in already_reported
    ]


def _as_draft(values: Mapping[str, Any]) -> Any:
    """Return the values with the attributes that the rules read of a proposal."""
    blank = dict.fromkeys(STEP_OF)
    rows = {name: [SimpleNamespace(**row) for row in values.get(name, [])] for name in ROW_FIELDS}
    return SimpleNamespace(**{**blank, **values, **rows})
