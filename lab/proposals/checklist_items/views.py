"""The editor of a call's formality-check list."""

from __future__ import annotations

from typing import Any

from flask import render_template, request, url_for
from werkzeug.wrappers import Response

from lab.calls.access import load_call
from lab.calls.core.queries import find_call
from lab.calls.models.call import Call
from lab.calls.rules import check_items
from lab.calls.rules.check_items import MAX_ITEMS
from lab.proposals.blueprint import checks_bp as bp
from lab.proposals.checklist_items import forms, service
from lab.proposals.checklist_items.forms import CopyForm, ItemsForm
from lab.proposals.checklist_items.queries import calls_with_lists
from lab.proposals.checklist_items.queries_page import items_page
from lab.web.pages.conflict import conflict_page
from lab.web.pages.edit_cycle import handle_edit, redirect_with
from lab.web.request.guards import guard


def _address(call: Call) -> str:
    return url_for("checks.items", key=call.key)


def _copy_form(call: Call, *, sent: bool) -> CopyForm:
    form = CopyForm() if sent else CopyForm(formdata=None, data={"version": call.version})
    form.source.choices = [(forms.DEFAULT, "默认清单"), *calls_with_lists(call)]
    return form


def _page(call: Call, form: ItemsForm, copy: CopyForm | None = None) -> str:
    return render_template(
        "proposals/checklist_items/edit.html",
        page=items_page(call),
        form=form,
        copy=copy or _copy_form(call, sent=False),
    )


@bp.get("/lists/<key>")
@guard("check.checklist", load_call)
def items(call: Call) -> str:
    stored = check_items.from_plain(call.check_items)
    rows = min(len(stored) + 1, MAX_ITEMS)
    values = {**forms.row_values(stored), "version": call.version}
    return _page(call, forms.items_form(rows, values))


@bp.post("/lists/<key>")
@guard("check.checklist", load_call)
def save_items(call: Call) -> str | Response:
    posted = forms.in_page_order(request.form)
    rows = forms.rows_sent(posted)
    if "add" in request.form:
        return _with_one_more(call, posted, rows)
    codes = [item.code for item in check_items.from_plain(call.check_items)]
    form = forms.items_form(rows, codes=codes, formdata=posted)
    return handle_edit(
        form,
        save=lambda: service.set_items(call, form.version.data, [item for _, item in form.filled]),
        page=lambda: _page(call, form),
        conflict=lambda: _conflict_page(call, form),
        done=lambda _: redirect_with(f"审查清单已保存，共{len(form.filled)}项。", _address(call)),
    )


def _with_one_more(call: Call, posted: Any, rows: int) -> str:
    """Render the same page with all input and one more empty row, the caret in it."""
    form = forms.items_form(min(rows + 1, MAX_ITEMS), formdata=posted)
    if form.rows > rows:
        form.cells()[-1]["label"].autofocus()
    return _page(call, form)


def _conflict_page(call: Call, form: ItemsForm) -> Response:
    values = forms.row_values(check_items.from_plain(call.check_items))
    stored = {name: value for name, value in values.items() if name in form}
    return conflict_page(form, stored, call.version, _address(call))


@bp.post("/lists/<key>/copy")
@guard("check.checklist", load_call)
def copy_items(call: Call) -> Response:
    form = _copy_form(call, sent=True)
    return handle_edit(
        form,
        save=lambda: _copy(call, form),
        page=lambda: _copy_page(call, form),
        done=lambda _: redirect_with("已复制清单，可继续修改。", _address(call)),
        correctable=False,
    )


def _copy(call: Call, form: CopyForm) -> None:
    source = find_call(form.source.data)
    items = check_items.from_plain(source.check_items) if source else check_items.DEFAULT
    service.set_items(call, form.version.data, items)


def _copy_page(call: Call, form: CopyForm) -> str:
    stored = check_items.from_plain(call.check_items)
    values = {**forms.row_values(stored), "version": call.version}
    shown = forms.items_form(len(stored), values, formdata=None)
    return _page(call, shown, form)
