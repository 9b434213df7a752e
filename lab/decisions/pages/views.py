"""Pages of decisions: list, one decision, marks, approval, publication."""

from __future__ import annotations

from flask import flash, g, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from lab.calls.models.call import Call
from lab.decisions.access import load_decision, load_reviewed_call
from lab.decisions.blueprint import bp
from lab.decisions.models import Decision
from lab.decisions.pages import columns, queries, service
from lab.decisions.pages.forms import (
    MarksForm,
    NoteForm,
    PublishForm,
    markings_from,
    marks_form,
    show_missing,
    stored_values,
)
from lab.decisions.pages.queries_missing import MissingItem
from lab.decisions.pages.queries_page import publish_page
from lab.decisions.rules.lifecycle import DECISION, PUT_FORWARD
from lab.editing.draft_cycle import DraftSaved, handle_draft
from lab.identity.core.attempts.password_confirmation import require_password
from lab.identity.rules.throttle import THROTTLE_NOTE
from lab.web.pages.conflict import conflict_page
from lab.web.pages.edit_cycle import handle_edit, redirect_with
from lab.web.request.guards import actor, can, guard

WRONG_PASSWORD = f"登录密码不对。{THROTTLE_NOTE}"


def _redirect_to(decision: Decision, message: str) -> Response:
    return redirect_with(message, url_for("decisions.show", key=decision.key))


@bp.get("/decisions")
@guard("decision.list")
def index() -> str:
    office = can("round.view")
    states = DECISION.codes if office else PUT_FORWARD
    return render_template(
        "decisions/pages/index.html",
        columns=columns,
        decisions=queries.list_decisions(states, actor()),
        waiting=queries.undecided_calls(actor()) if office else [],
    )


@bp.post("/decisions/start/<key>")
@guard("decision.start", load_reviewed_call)
def start(call: Call) -> Response:
    decision = service.start(call)
    flash("已按排名预填建议，请逐项核对后提请审定。", "success")
    return redirect(url_for("decisions.edit", key=decision.key), 303)


def _show_page(decision: Decision, form: NoteForm) -> str:
    page = queries.decision_page(decision)
    return render_template("decisions/pages/show.html", columns=columns, decision=page, form=form)


@bp.get("/decisions/<key>")
@guard("decision.view", load_decision)
def show(decision: Decision) -> str:
    return _show_page(decision, NoteForm())


# -- marks -------------------------------------------------------------------------------------


def _edit_page(decision: Decision, form: MarksForm) -> str:
    page = queries.decision_page(decision)
    return render_template("decisions/pages/edit.html", columns=columns, decision=page, form=form)


@bp.get("/decisions/<key>/edit")
@guard("decision.edit", load_decision)
def edit(decision: Decision) -> str:
    data = {**stored_values(decision), "version": decision.version}
    return _edit_page(decision, marks_form(decision, data=data))


def _write(decision: Decision, *, submit: bool) -> Response:
    form, address = marks_form(decision), url_for("decisions.edit", key=decision.key)
    return handle_draft(
        form,
        save=lambda valid: _store(decision, form, valid=valid, submit=submit),
        page=lambda: _edit_page(decision, form),
        conflict=lambda: conflict_page(form, stored_values(decision), decision.version, address),
        done=lambda _: (
            _redirect_to(decision, "已提请领导小组审定。")
            if submit
            else redirect_with("已保存。全部核对后请点击“提请审定”。", address)
        ),
        correctable=False,
        autosaves=False,
    )


def _store(decision: Decision, form: MarksForm, *, valid: bool, submit: bool) -> DraftSaved:
    version, text = form.version.data, form.explanation.data or ""
    marks, missing = markings_from(form, decision), list[MissingItem]()
    if valid and submit:
        missing = service.submit(decision, version, marks, text, g.person)
        show_missing(form, missing)
    else:
        service.save(decision, version, marks, text)
    return DraftSaved(decision.version, complete=valid and not missing)


@bp.post("/decisions/<key>/edit")
@guard("decision.edit", load_decision)
def save(decision: Decision) -> Response:
    return _write(decision, submit=False)


@bp.post("/decisions/<key>/submit")
@guard("decision.submit", load_decision)
def submit(decision: Decision) -> Response:
    # The conflict page posts here again without the button's name: that only saves.
    return _write(decision, submit=request.form.get("act") == "submit")


# -- approval and publication ------------------------------------------------------------------


@bp.post("/decisions/<key>/approve")
@guard("decision.approve", load_decision)
def approve(decision: Decision) -> Response:
    form = NoteForm()
    return handle_edit(
        form,
        save=lambda: service.approve(decision, g.person, form.note.data),
        page=lambda: _show_page(decision, form),
        done=lambda _: _redirect_to(decision, "已审定同意。"),
        correctable=False,
    )


@bp.post("/decisions/<key>/send-back")
@guard("decision.send_back", load_decision)
def send_back(decision: Decision) -> Response:
    form = NoteForm()
    return handle_edit(
        form,
        save=lambda: service.send_back(decision, g.person, form.note.data),
        page=lambda: _show_page(decision, form),
        done=lambda _: redirect_with("已退回重议，并通知实施办公室。", url_for("decisions.index")),
    )


def _publish_page(decision: Decision, form: PublishForm) -> str:
    page = publish_page(decision)
    return render_template("decisions/pages/publish.html", page=page, form=form)


@bp.get("/decisions/<key>/publish")
@guard("decision.publish", load_decision)
def publish(decision: Decision) -> str:
    return _publish_page(decision, PublishForm())


@bp.post("/decisions/<key>/publish")
@guard("decision.publish", load_decision)
def do_publish(decision: Decision) -> Response:
    form = PublishForm()
    return handle_edit(
        form,
        save=lambda: _publish(decision, form),
        page=lambda: _publish_page(decision, form),
        done=lambda _: _redirect_to(decision, "结果已公布，已通知各申报人。"),
    )


def _publish(decision: Decision, form: PublishForm) -> None:
    require_password(g.person.id, form.password.data, WRONG_PASSWORD)
    service.publish(decision, g.person)
