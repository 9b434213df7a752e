"""The editor of a draft's criteria."""

from __future__ import annotations

import json
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from lab.calls.access import load_call
from lab.calls.blueprint import Page, bp
from lab.calls.criteria import forms as editor
from lab.calls.criteria import service
from lab.calls.criteria.forms import PresetForm
from lab.calls.models.call import Call
from lab.calls.rules.round_rules import MOST_CRITERIA, CriterionDraft, weight_sum
from lab.calls.rules.rubric import default_criteria
from lab.db import EditConflict
from lab.editing import presence
from lab.rejected import Rejected
from lab.web.forms import EditForm, show_rejection
from lab.web.pages.clash import conflict_page
from lab.web.request.guards import guard

presence.shared("calls.save_criteria")


def _stored(call: Call) -> dict[str, Any]:
    levels = [[row["text"] for row in json.loads(c.rubric)] for c in call.criteria]
    return editor.row_values(call.criteria, [texts or [""] * 5 for texts in levels])


def _page(call: Call, form: EditForm, rows: int) -> str:
    return render_template(
        "calls/criteria/criteria.html",
        call=call,
        form=form,
        rows=[editor.cells(form, row) for row in range(rows)],
        levels=editor.LEVELS,
        total=weight_sum(call.criteria),
        most=MOST_CRITERIA,
        preset=PresetForm(obj=call, formdata=None),
    )


@bp.get("/<key>/criteria")
@guard("call.criteria", load_call)
def criteria(call: Call) -> str:
    rows = min(len(call.criteria) + 1, MOST_CRITERIA)
    values = {**editor.blank_values(rows - 1), **_stored(call), "version": call.version}
    return _page(call, editor.criteria_form(rows, values), rows)


@bp.post("/<key>/criteria")
@guard("call.criteria", load_call)
def save_criteria(call: Call) -> Page:
    rows = editor.rows_sent(request.form)
    form = editor.criteria_form(rows)
    if "add" in request.form:
        return _with_one_more(call, rows)
    if form.validate() and (drafts := _rows(call, form, rows)) is not None:
        numbers = list(drafts)
        try:
            service.set_criteria(call, form.version.data, list(drafts.values()))
        except EditConflict:
            back = url_for("calls.criteria", key=call.key)
            stored = {k: v for k, v in _stored(call).items() if k in form}
            return conflict_page(form, stored, call.version, back)
        except Rejected as error:
            show_rejection(form, _at_row(error, numbers))
        else:
            return _saved(call)
    return _page(call, form, rows), 422


def _rows(call: Call, form: EditForm, rows: int) -> dict[int, CriterionDraft] | None:
    return editor.read_rows(form, rows, [criterion.key for criterion in call.criteria])


def _at_row(error: Rejected, numbers: list[int]) -> Rejected:
    """The same refusal, its field counted in the rows of the page instead of the filled ones."""
    if error.field is None:
        return error
    name, _, place = error.field.rpartition("_")
    return Rejected(error.sentence, f"{name}_{numbers[int(place)]}")


def _saved(call: Call) -> Response:
    total = weight_sum(call.criteria)
    if total == 100:
        flash("评审指标已保存，权重合计100。", "success")
    else:
        flash(f"评审指标已保存。权重现合计{total}，发布前须调整为100。", "warning")
    return redirect(url_for("calls.criteria", key=call.key), 303)


def _with_one_more(call: Call, rows: int) -> str:
    """The same page with everything that was typed, and one empty row more."""
    more = min(rows + 1, MOST_CRITERIA)
    posted = request.form.copy()
    if more > rows:
        for name, value in editor.blank_values(rows).items():
            posted[name] = "1" if value is True else str(value)
    return _page(call, editor.criteria_form(more, formdata=posted), more)


@bp.post("/<key>/preset")
@guard("call.criteria", load_call)
def apply_preset(call: Call) -> Page:
    form = PresetForm()
    if not form.validate():
        return redirect(url_for("calls.criteria", key=call.key), 303)
    presets = default_criteria(form.weights.data, form.scale.data)
    service.apply_preset(call, form.version.data, presets)
    flash("已套用预设的四项指标和五级标准，可继续修改。", "success")
    return redirect(url_for("calls.criteria", key=call.key), 303)
