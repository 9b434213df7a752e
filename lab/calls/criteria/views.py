"""The editor of a draft's criteria."""

from __future__ import annotations

from typing import Any

from flask import render_template, request, url_for
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response

from lab.calls.access import load_call
from lab.calls.blueprint import bp
from lab.calls.criteria import forms as editor
from lab.calls.criteria import service
from lab.calls.criteria.forms import CriteriaForm, PresetForm
from lab.calls.criteria.queries_page import criteria_page
from lab.calls.models.call import Call
from lab.calls.rules.round_rules import MAX_CRITERIA, weight_sum
from lab.calls.rules.rubric import default_criteria
from lab.web.pages.conflict import conflict_page
from lab.web.pages.edit_cycle import handle_edit, redirect_with
from lab.web.request.guards import guard


def _stored(call: Call) -> dict[str, Any]:
    levels = [[row["text"] for row in c.rubric] for c in call.criteria]
    return editor.row_values(call.criteria, [texts or [""] * 5 for texts in levels])


def _page(call: Call, form: CriteriaForm, preset: PresetForm | None = None) -> str:
    return render_template(
        "calls/criteria/criteria.html",
        page=criteria_page(call),
        form=form,
        preset=preset or PresetForm(obj=call, formdata=None),
    )


@bp.get("/<key>/criteria")
@guard("call.criteria", load_call)
def criteria(call: Call) -> str:
    return _page(call, _stored_form(call))


def _stored_form(call: Call) -> CriteriaForm:
    """Return the form with the stored criteria and an empty row."""
    rows = min(len(call.criteria) + 1, MAX_CRITERIA)
    values = {**editor.blank_values(rows - 1), **_stored(call), "version": call.version}
    return editor.criteria_form(rows, values, formdata=None)


@bp.post("/<key>/criteria")
@guard("call.criteria", load_call)
def save_criteria(call: Call) -> str | Response:
    posted = editor.in_page_order(request.form)
    rows = editor.rows_sent(posted)
    if "add" in request.form:
        return _with_one_more(call, posted, rows)
    keys = [criterion.key for criterion in call.criteria]
    form = editor.criteria_form(rows, keys=keys, formdata=posted)
    return handle_edit(
        form,
        save=lambda: service.set_criteria(call, form.version.data, list(form.drafts.values())),
        page=lambda: _page(call, form),
        conflict=lambda: _conflict_page(call, form),
        done=lambda _: _saved(call),
    )


def _conflict_page(call: Call, form: CriteriaForm) -> Response:
    stored = {name: value for name, value in _stored(call).items() if name in form}
    return conflict_page(form, stored, call.version, _address(call))


def _address(call: Call) -> str:
    return url_for("calls.criteria", key=call.key)


def _saved(call: Call) -> Response:
    total = weight_sum(call.criteria)
    if total == 100:
        return redirect_with("评审指标已保存，权重合计100。", _address(call))
    message = f"评审指标已保存。权重现合计{total}，发布前须调整为100。"
    return redirect_with(message, _address(call), "warning")


def _with_one_more(call: Call, sent: Any, rows: int) -> str:
    """Render the same page with all input and one more empty row, the caret in it."""
    row_count = min(rows + 1, MAX_CRITERIA)
    posted = MultiDict(sent)
    if row_count > rows:
        for name, value in editor.blank_values(rows).items():
            posted[name] = "1" if value is True else str(value)
    form = editor.criteria_form(row_count, formdata=posted)
    if row_count > rows:
        form.cells()[-1]["name"].autofocus()
    return _page(call, form)


@bp.post("/<key>/preset")
@guard("call.criteria", load_call)
def apply_preset(call: Call) -> Response:
    form, message = PresetForm(), "已套用预设的四项指标和五级标准，可继续修改。"
    return handle_edit(
        form,
        save=lambda: service.apply_preset(
            call, form.version.data, default_criteria(form.weights.data, form.scale.data)
        ),
        page=lambda: _page(call, _stored_form(call), form),
        done=lambda _: redirect_with(message, _address(call)),
        correctable=False,
    )
