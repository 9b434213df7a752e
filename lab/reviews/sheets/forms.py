"""Forms of a reviewer: the score sheet of a call, recusal, abstention."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from lab.calls.models.call import Criterion as CriterionRow
from lab.editing.invalid_input import failed_values
from lab.reviews.core.frozen_rules import criterion_of
from lab.reviews.models import ScoreSheet
from lab.reviews.rules.declared_conflicts import DeclaredKind
from lab.reviews.rules.recommendations import Recommendation
from lab.reviews.scoring.completeness import Answers, MissingItem
from lab.reviews.scoring.inputs import Criterion, ScoreError
from lab.reviews.sheets.queries import answers_of
from lab.web.fields import CheckboxField, DecimalField, RadioField, TextAreaField
from lab.web.forms import EditForm, Form
from lab.web.typed.text import TextError


class ScoreField(DecimalField):
    """A score on the criterion's own scale and step."""

    def __init__(self, criterion: Criterion, **kwargs: Any) -> None:
        super().__init__(f"{criterion.name}得分", **kwargs)
        self.criterion = criterion

    def parse(self, text: str) -> Any:
        number: Decimal = super().parse(text)
        try:
            self.criterion.position_of(number)
        except ScoreError as error:
            raise TextError(error.message) from None
        return number


class SheetForm(EditForm):
    """Edits one sheet; `sheet_form` builds it, criteria first."""

    recommendation: RadioField
    strengths: TextAreaField
    problems: TextAreaField
    comment: TextAreaField
    same_confirmed: CheckboxField


def _overall() -> dict[str, Any]:
    """Return the fields of every sheet besides its criteria; blank ones are reported when the sheet
    is submitted.
    """
    return {
        "recommendation": RadioField(
            "总体意见",
            choices=[(choice, choice.label) for choice in Recommendation],
            coerce=Recommendation,
        ),
        "strengths": TextAreaField("主要优点", limit=1000, rows=3),
        "problems": TextAreaField("问题与建议", limit=1000, rows=3),
        "comment": TextAreaField(
            "综合评语", limit=1000, rows=4, hint="必填。结果公布后以匿名方式转给申报人。"
        ),
        "same_confirmed": CheckboxField("各项得分完全相同，已逐项核对，确认无误"),
    }


def sheet_form(rows: Iterable[CriterionRow], **kwargs: Any) -> SheetForm:
    """Build the form for these criteria; fields score_<key> and note_<key> in order."""
    fields: dict[str, Any] = {}
    for row in rows:
        criterion = criterion_of(row)
        fields[f"score_{row.key}"] = ScoreField(criterion)
        fields[f"note_{row.key}"] = TextAreaField(f"{row.name}评语", limit=500, rows=2)
    form_object: SheetForm = type("CriteriaForm", (SheetForm,), {**fields, **_overall()})(**kwargs)
    return form_object


def stored_values(sheet: ScoreSheet) -> dict[str, Any]:
    """Return the stored values by form field name, without the version."""
    stored = answers_of(sheet)
    keys = [row.key for row in sheet.proposal.call.criteria]
    return {
        **{f"score_{key}": stored.scores.get(key) for key in keys},
        **{f"note_{key}": stored.notes.get(key, "") for key in keys},
        "recommendation": Recommendation(stored.recommendation) if stored.recommendation else None,
        "strengths": stored.strengths,
        "problems": stored.problems,
        "comment": stored.comment,
    }


def answers_from(
    form: SheetForm, rows: Iterable[CriterionRow], stored: Mapping[str, Any]
) -> Answers:
    """Return the input; unreadable values stay as stored."""
    keys = [row.key for row in rows]
    return Answers(
        scores={key: _read(form, f"score_{key}", stored) for key in keys},
        notes={key: _read(form, f"note_{key}", stored) or "" for key in keys},
        recommendation=_read(form, "recommendation", stored),
        strengths=_read(form, "strengths", stored) or "",
        problems=_read(form, "problems", stored) or "",
        comment=_read(form, "comment", stored) or "",
        same_confirmed=bool(form.same_confirmed.data),
    )


def _read(form: SheetForm, name: str, stored: Mapping[str, Any]) -> Any:
    return stored[name] if form[name].errors else form[name].data


def unparsed_fields(form: SheetForm, stored: Mapping[str, Any]) -> dict[str, Any]:
    """Return field -> raw input for everything unreadable."""
    return failed_values(form, list(stored))


def show_missing(form: SheetForm, missing: Iterable[MissingItem]) -> None:
    """Show each missing item at its field."""
    for item in missing:
        form[item.field].errors = [*form[item.field].errors, item.message]


class RecuseForm(Form):
    """Declare a conflict of interest."""

    kind = RadioField(
        "回避情形", required=True, choices=[(kind.value, kind.label) for kind in DeclaredKind]
    )
    reason = TextAreaField(
        "具体说明",
        required=True,
        limit=300,
        rows=4,
        hint="仅实施办公室可见，供核对回避情况。",
    )


class AbstainForm(Form):
    """Abstain from reviewing a proposal."""

    reason = TextAreaField(
        "弃评理由", required=True, limit=300, rows=4, hint="如：不熟悉该业务领域，难以作出判断。"
    )
