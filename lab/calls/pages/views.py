"""Pages of calls: list, one call, new, edit."""

from __future__ import annotations

from typing import Any

from flask import g, render_template, request, url_for
from werkzeug.wrappers import Response

from lab import clock
from lab.calls.access import load_call
from lab.calls.blueprint import bp
from lab.calls.models.call import Call
from lab.calls.pages import columns, queries, service
from lab.calls.pages.forms import (
    DraftForm,
    FilesForm,
    NewForm,
    PublishedForm,
    form_values,
    particulars_from,
    reusable_settings,
)
from lab.calls.rules.lifecycle import CALL, PUBLIC, CallStatus
from lab.policy import OFFICE
from lab.web.fields.text import asked_preview
from lab.web.forms import EditForm, Form
from lab.web.pages.conflict import conflict_page
from lab.web.pages.edit_cycle import handle_edit, redirect_with
from lab.web.request.guards import actor, can, guard


@bp.get("")
@guard("call.list")
def index() -> str:
    drafts = can("call.create")
    page = queries.list_calls(request.args, drafts=drafts)
    states = [(s.code, s.label) for s in CALL.states if drafts or s.code in PUBLIC]
    return render_template("calls/pages/index.html", columns=columns, page=page, states=states)


def _new_page(form: NewForm, like: Call | None) -> str:
    return render_template(
        "calls/pages/new.html", form=form, like=like, earlier=queries.earlier_calls()
    )


@bp.get("/new")
@guard("call.create")
def new() -> str:
    year, like = clock.today().year, queries.earlier_call(request.args.get("like", ""))
    values: dict[str, Any] = {"year": year, "batch": queries.next_batch(year)}
    if like is not None:
        values |= {"like": like.key, **reusable_settings(like)}
    return _new_page(NewForm(data=values), like)


@bp.post("/new")
@guard("call.create")
def create() -> str | Response:
    form = NewForm()
    like = queries.earlier_call(form.like.data or "")
    if asked_preview():
        return _new_page(form, like)
    return handle_edit(
        form,
        save=lambda: service.create(particulars_from(form), template=like),
        page=lambda: _new_page(form, like),
        done=lambda call: redirect_with(
            "批次已保存为草稿。请接着设置评审指标，再发布。",
            url_for("calls.criteria", key=call.key),
        ),
    )


@bp.get("/<key>")
@guard("call.view", load_call)
def show(call: Call) -> str:
    who = actor()
    page = queries.call_page(call, who.unit_id, office=OFFICE in who.roles)
    return render_template(
        "calls/pages/show.html",
        columns=columns,
        call=page,
        steps=CALL.steps(g.resource.state),
    )


def _edit_form(call: Call, **kwargs: Any) -> EditForm:
    if g.resource.state == CallStatus.DRAFT:
        return DraftForm(**kwargs)
    return PublishedForm(**kwargs)


def edit_page(call: Call, form: Form | None, files: FilesForm) -> str:
    """Render the edit page of a call, with the form of its attachments below.

    Without `form`, the stored particulars are shown.
    """
    form = form or _edit_form(call, obj=call, formdata=None)
    page = queries.call_page(call)
    return render_template("calls/pages/edit.html", page=page, form=form, files=files)


@bp.get("/<key>/edit")
@guard("call.edit", load_call)
def edit(call: Call) -> str:
    form = _edit_form(call, obj=call)
    return edit_page(call, form, FilesForm(formdata=None))


@bp.post("/<key>/edit")
@guard("call.edit", load_call)
def save(call: Call) -> str | Response:
    form, files = _edit_form(call), FilesForm(formdata=None)
    if asked_preview():
        return edit_page(call, form, files)
    return handle_edit(
        form,
        save=lambda: _save(call, form),
        page=lambda: edit_page(call, form, files),
        conflict=lambda: _conflict_page(call, form),
        done=lambda _: redirect_with("已保存。", url_for("calls.show", key=call.key)),
    )


def _conflict_page(call: Call, form: EditForm) -> Response:
    stored = {name: value for name, value in form_values(call).items() if name in form}
    return conflict_page(form, stored, call.version, url_for("calls.edit", key=call.key))


def _save(call: Call, form: EditForm) -> None:
    version = form.version.data
    if isinstance(form, DraftForm):
        service.edit_draft(call, version, particulars_from(form))
    else:
        service.edit_published(
            call, version, notice_text=form.notice_text.data, summary=form.summary.data
        )
