"""Forms of decisions."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from lab.decisions.models import Decision
from lab.decisions.pages.queries_missing import MissingItem
from lab.decisions.pages.service import Marking
from lab.decisions.rules.office_marks import Mark
from lab.web.fields import PasswordField, SelectField, TextAreaField, TextField
from lab.web.forms import EditForm, Form


class MarksForm(EditForm):
    """Edits the marks of a decision; `marks_form` adds a mark and a reason field per proposal."""

    explanation: TextAreaField


class NoteForm(Form):
    """Takes the leading group's opinion."""

    note = TextAreaField("审定意见", limit=500, rows=3, hint="退回重议时必填，同意时可不填。")


class PublishForm(Form):
    """Takes the office clerk's own password as confirmation."""

    password = PasswordField(
        "登录密码", required=True, hint="公布后不能撤回，请再次输入本人登录密码。"
    )


def marks_form(decision: Decision, **kwargs: Any) -> MarksForm:
    """Build the form: mark_<key> and reason_<key> in ranking order, then the explanation."""
    fields: dict[str, Any] = {}
    for item in decision.items:
        name = f"第{item.position}项“{item.proposal.title}”"
        fields[f"mark_{item.proposal.key}"] = SelectField(
            f"{name}建议",
            choices=[(mark, mark.label) for mark in Mark],
            coerce=Mark,
            blank="未定",
        )
        fields[f"reason_{item.proposal.key}"] = TextField(f"{name}理由", limit=300)
    fields["explanation"] = TextAreaField(
        "总体说明", limit=1000, rows=3, hint="拟立项超过批准名额时，须在此说明理由。"
    )
    form_object: MarksForm = type("MarksForm", (MarksForm,), fields)(**kwargs)
    return form_object


def stored_values(decision: Decision) -> dict[str, Any]:
    """Return the stored values by form field name, without the version."""
    values: dict[str, Any] = {"explanation": decision.explanation}
    for item in decision.items:
        values[f"mark_{item.proposal.key}"] = Mark(item.mark) if item.mark else None
        values[f"reason_{item.proposal.key}"] = item.reason
    return values


def markings_from(form: MarksForm, decision: Decision) -> Mapping[str, Marking]:
    """Return the chosen marks and reasons by proposal key."""
    markings = {}
    for item in decision.items:
        key = item.proposal.key
        markings[key] = Marking(form[f"mark_{key}"].data, form[f"reason_{key}"].data or "")
    return markings


def show_missing(form: MarksForm, missing_items: Iterable[MissingItem]) -> None:
    """Show each missing item at its field."""
    for item in missing_items:
        field = form["explanation" if item.key is None else f"{item.part}_{item.key}"]
        field.errors = [*field.errors, item.message]
