"""The formality check's form, built for the call's list."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from werkzeug.datastructures import MultiDict
from wtforms import ValidationError

from lab import clock
from lab.calls.rules.check_items import Item
from lab.proposals.rules.corrections import WHOLE_STEP_PREFIX
from lab.proposals.rules.form.schema import LABELS, STEPS
from lab.proposals.rules.screening import checklist
from lab.proposals.rules.screening.avoidance import AvoidedEntry
from lab.proposals.rules.screening.checklist import NOTE_SUFFIX, Mark
from lab.proposals.screening.avoided.forms import AvoidedFields, avoided_fields
from lab.proposals.screening.drafts.queries import ShownState, TypedContent
from lab.web.fields import (
    CheckboxField,
    CheckboxListField,
    RadioField,
    SelectField,
    TextAreaField,
    TextField,
)
from lab.web.forms import EditForm, ReasonForm, VersionField
from lab.workdays import queries as workdays
from lab.workdays.rules import cn_working_day

_CHOICES = [(code, label) for code, label in checklist.RESULTS.items() if code]
OPEN_PREFIX = "open_"  # the ticks of a step are called by its slug and this
# Troubles of the rule that the page names otherwise.
FIELD_OF = {"reopened": OPEN_PREFIX + STEPS[0].slug}
_NOT_KEPT = frozenset({"csrf_token", "version", "submission"})


class CheckForm(AvoidedFields, EditForm):
    """A radio group and a note per item, then the outcome and its details.

    An item's fields are named by its code, and by its code with "_note". `version` is the draft's,
    0 while there is none; `submission` the number of the checked submission.
    """

    once = True

    submission = VersionField()
    items: Sequence[Item] = ()

    def validate_confirmed(self, field: CheckboxField) -> None:
        """Require confirmation of a refusal, which is final.

        Number and title are checked once more.
        """
        if self["outcome"].data == checklist.REFUSED and not field.data:
            raise ValidationError("不予受理前，请核对编号和名称并勾选。")

    def field_of(self, name: str) -> str:
        """Return the field of the page for one that the rule names otherwise."""
        return FIELD_OF.get(name, name)

    def is_incomplete(self) -> bool:
        """Return whether the page lacks the version of the draft or the submission's number."""
        return super().is_incomplete() or bool(self.submission.errors)

    def marks(self) -> list[Mark]:
        """Return every item's mark; result "" when nothing was chosen."""
        return [
            Mark(item.code, self[item.code].data or "", self[item.code + NOTE_SUFFIX].data)
            for item in self.items
        ]

    def rows(self) -> Iterator[tuple[Item, Any, Any]]:
        """Iterate over (item, radio group, note) for the page."""
        for item in self.items:
            yield item, self[item.code], self[item.code + NOTE_SUFFIX]

    def openings(self) -> list[Any]:
        """Return the checkboxes of each step for the page."""
        return [self[OPEN_PREFIX + step.slug] for step in STEPS]

    def reopened_names(self) -> list[str]:
        """Return everything ticked: fields, and whole steps as step-…"""
        return [name for field in self.openings() for name in field.data or ()]

    def reason_given(self) -> str:
        """Return the reason.

        "" when the outcome needs none, whatever the hidden control contains.
        """
        passed = self["outcome"].data == checklist.PASSED
        return "" if passed else str(self["reason"].data)

    def shown(self) -> ShownState:
        """Return the state the page was rendered from."""
        return ShownState(self.submission.data, self.version.data)

    def rebase_on(self, submission: int, draft: int) -> None:
        """Rebase the next save on these versions."""
        self.rebase(draft)
        self.submission.raw_data, self.submission.data = None, submission
        self.submission.process_errors, self.submission.errors = [], []

    def typed(self, posted: Any) -> dict[str, list[str]]:
        """Return the raw input of the submitted form."""
        names_sent = (name for name in self._fields if name in posted and name not in _NOT_KEPT)
        return {name: posted.getlist(name) for name in names_sent}

    def first_errors(self) -> dict[str, str]:
        """Return field -> message for every input that cannot be recorded."""
        return {
            field.short_name: f"{field.label.text}：{field.process_errors[0]}"
            for field in self
            if isinstance(field, TextField) and field.process_errors
        }


class OverdueForm(ReasonForm):
    """Refuse an overdue return."""

    reason = TextAreaField("理由", required=True, limit=800, rows=5, hint="申报人会看到。")
    confirmed = CheckboxField("我已核对", required=True)

    def of(self, name: str) -> OverdueForm:
        """Return the form with the proposal named in the confirmation."""
        self.confirmed.label.text = f"我已核对：对{name}不予受理"
        return self


def _item_fields(items: Sequence[Item]) -> dict[str, Any]:
    fields: dict[str, Any] = {}
    for item in items:
        fields[item.code] = RadioField(item.label, choices=_CHOICES)
        fields[item.code + NOTE_SUFFIX] = TextField(f"“{item.label}”的说明", limit=200)
    return fields


def _outcome_fields(name: str) -> dict[str, Any]:
    outcomes = list(checklist.OUTCOMES.items())
    return {
        "outcome": RadioField("审查结论", choices=outcomes, required=True),
        **{OPEN_PREFIX + step.slug: _opening(step.slug) for step in STEPS},
        "due_days": SelectField(
            "补正期限",
            coerce=int,
            choices=_days(),
            blank="",
            default=checklist.RETURN_WORKING_DAYS,
            hint="从发函当天起算，至到期日24时止。",
        ),
        "reason": TextAreaField(
            "理由", limit=800, rows=3, hint="退回补正和不予受理必填，申报人会看到。"
        ),
        "confirmed": CheckboxField(f"我已核对：对{name}不予受理"),
    }


def _opening(slug: str) -> CheckboxListField:
    step = next(step for step in STEPS if step.slug == slug)
    fields = [(name, LABELS[name]) for name in step.fields]
    return CheckboxListField(step.label, choices=[(WHOLE_STEP_PREFIX + slug, "整个步骤"), *fields])


def _days() -> list[tuple[int, str]]:
    """Return selectable working days, each with the date it leads to if the letter goes today."""
    most = range(1, checklist.MOST_RETURN_DAYS + 1)
    last = [(days, workdays.count_working_days(clock.today(), days)) for days in most]
    return [(days, f"{days}个工作日，今天发函则至{cn_working_day(day)}") for days, day in last]


def check_form(
    items: Sequence[Item], name: str, avoided: Sequence[AvoidedEntry] = (), **kwargs: Any
) -> CheckForm:
    """Return the form for these items and entries of whom to avoid.

    `name` is the proposal as text. `kwargs` go to the form.
    """
    fields = {"items": items, **_item_fields(items), **_outcome_fields(name)}
    fields |= {"avoided": avoided, **avoided_fields(avoided)}
    form: CheckForm = type("CallCheckForm", (CheckForm,), fields)(**kwargs)
    form.offer_people()
    return form


def form_from_draft(
    items: Sequence[Item], name: str, content: TypedContent, avoided: Sequence[AvoidedEntry] = ()
) -> CheckForm:
    """Return the form filled with a draft's raw input."""
    pairs = [(control, value) for control, values in content.items() for value in values]
    return check_form(items, name, avoided, formdata=MultiDict(pairs))


def form_values(form: CheckForm) -> dict[str, Any]:
    """Return a form's values by name, for the conflict page."""
    return {name: field.data for name, field in form._fields.items() if name not in _NOT_KEPT}
