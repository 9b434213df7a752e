"""Validate workbook rows with the proposal forms and the submission rules."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from types import SimpleNamespace
from typing import Any

from lab.importing.rules.findings import CellMessage
from lab.importing.rules.names import NameIndex
from lab.importing.rules.worksheets import ParsedTable, TableNote
from lab.proposals.bulk_import.forms import EvidenceForm
from lab.proposals.bulk_import.workbook.columns import (
    CHOICE,
    EVIDENCE,
    OMITTED_FIELDS,
    PARTNER,
    TICK,
    by_field,
    make_forms,
    template_columns,
)
from lab.proposals.bulk_import.workbook.form_input import FormInput
from lab.proposals.rules.completeness import missing_items
from lab.proposals.rules.form.schema import ROW_FIELDS, STEP_OF
from lab.proposals.writing.forms.raw_input import clean_values, invalid_input
from lab.web.fields import PersonField
from lab.web.fields.rows import RowsField
from lab.web.forms import EditForm
from lab.web.typed.text import displayable, normalise

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
            if not note.message:
                continue  # said with the other field of the cell
            kind = result.errors if note.error else result.warnings
            kind.append(CellMessage(note.field, note.message))
        order = [column.field for column in template_columns()]
        result.errors.sort(key=lambda error: order.index(error.field))
        return result

    def _validate_form(self, slug: str, cells: Mapping[str, str], result: CheckedRow) -> None:
        form, entered = self.forms[slug], FormInput(self.names_by_field)
        for column in template_columns():
            if column.form == slug:
                entered.enter(column, cells)
        entered.offer_choices(form)
        form.process(entered.posted)
        entered.offer_people(form)
        form.validate()
        result.errors += entered.errors
        result.errors += [
            CellMessage(each.short_name, str(error))
            for each in form
            if each.short_name in by_field()
            for error in each.errors
            if not _repeats_entry_error(each.short_name, str(error), entered.errors)
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
