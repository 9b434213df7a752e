"""Pages of decisions: list, one decision, marks, approval, publication."""

from __future__ import annotations

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from lab import clock
from lab.calls.models.call import Call
from lab.db import EditConflict
from lab.decisions import columns, queries, service
from lab.decisions.access import load_decision, load_judged
from lab.decisions.forms import (
    MarksForm,
    NoteForm,
    PublishForm,
    markings_in,
    marks_form,
    show_missing,
    values_of,
)
from lab.decisions.models import Decision
from lab.decisions.rules.lifecycle import DECISION, PUT_FORWARD
from lab.decisions.rules.selection import NOTICE_DAYS
from lab.editing import presence
from lab.identity.sign_in.confirming import confirm_password
from lab.rejected import Rejected
from lab.web.forms import show_rejection
from lab.web.pages.clash import conflict_page
from lab.web.request.guards import actor, can, commit_on_error, guard
from lab.workdays import queries as workdays

bp = Blueprint("decisions", __name__)
Page = str | Response | tuple[str, int]
presence.shared("decisions.save")
WRONG_PASSWORD = "登录密码不对。连续输错五次，须等一至十五分钟。"


def _to(decision: Decision) -> Response:
    return redirect(url_for("decisions.show", key=decision.key), 303)


@bp.get("/decisions")
@guard("decision.list")
def index() -> str:
    office = can("round.view")
    states = DECISION.codes if office else PUT_FORWARD
    return render_template(
        "decisions/index.html",
        columns=columns,
        decisions=queries.list_decisions(states, actor()),
        waiting=queries.waiting(actor()) if office else [],
    )


@bp.post("/decisions/start/<key>")
@guard("decision.start", load_judged)
def start(call: Call) -> Response:
    decision = service.start(call)
    flash("已按排名预填建议，请逐项核对后提请审定。", "success")
    return redirect(url_for("decisions.edit", key=decision.key), 303)


def _shown(decision: Decision, form: NoteForm, status: int = 200) -> Page:
    page = queries.decision_page(decision)
    body = render_template(
        "decisions/show.html", columns=columns, decision=page, form=form, subject=g.subject
    )
    return body, status


@bp.get("/decisions/<key>")
@guard("decision.view", load_decision)
def show(decision: Decision) -> Page:
    return _shown(decision, NoteForm())


# -- marks -------------------------------------------------------------------------------------


def _editing(decision: Decision, form: MarksForm, status: int = 200) -> Page:
    page = queries.decision_page(decision)
    body = render_template("decisions/edit.html", columns=columns, decision=page, form=form)
    return body, status


@bp.get("/decisions/<key>/edit")
@guard("decision.edit", load_decision)
def edit(decision: Decision) -> Page:
    data = {**values_of(decision), "version": decision.version}
    return _editing(decision, marks_form(decision, data=data))


def _save_invalid(decision: Decision, form: MarksForm) -> Page:
    """Show what is wrong; what was chosen and typed is saved all the same."""
    commit_on_error()
    form.rebase(decision.version)
    return _editing(decision, form, 422)


def _write(decision: Decision, *, submit: bool) -> Page:
    form = marks_form(decision)
    readable = form.validate()
    marks, text = markings_in(form, decision), form.explanation.data or ""
    try:
        if not (readable and submit):
            service.save(decision, form.version.data, marks, text)
        elif missing := service.submit(decision, form.version.data, marks, text, g.person):
            show_missing(form, missing)
            return _save_invalid(decision, form)
    except EditConflict:
        back = url_for("decisions.edit", key=decision.key)
        return conflict_page(form, values_of(decision), decision.version, back)
    if not readable:
        return _save_invalid(decision, form)
    if submit:
        flash("已提请领导小组审定。", "success")
        return _to(decision)
    flash("已保存。全部核对后请点击“提请审定”。", "success")
    return redirect(url_for("decisions.edit", key=decision.key), 303)


@bp.post("/decisions/<key>/edit")
@guard("decision.edit", load_decision)
def save(decision: Decision) -> Page:
    return _write(decision, submit=False)


@bp.post("/decisions/<key>/submit")
@guard("decision.submit", load_decision)
def submit(decision: Decision) -> Page:
    # The page of a clash posts here again without the button's name: that only saves.
    return _write(decision, submit=request.form.get("act") == "submit")


# -- approval and publication ------------------------------------------------------------------


@bp.post("/decisions/<key>/approve")
@guard("decision.approve", load_decision)
def approve(decision: Decision) -> Page:
    form = NoteForm()
    if not form.validate():
        return _shown(decision, form, 422)
    service.approve(decision, g.person, form.note.data)
    flash("已审定同意。", "success")
    return _to(decision)


@bp.post("/decisions/<key>/send-back")
@guard("decision.send_back", load_decision)
def send_back(decision: Decision) -> Page:
    form = NoteForm()
    if form.validate():
        try:
            service.send_back(decision, g.person, form.note.data)
        except Rejected as error:
            show_rejection(form, error)
        else:
            flash("已退回重议，并通知实施办公室。", "success")
            return redirect(url_for("decisions.index"), 303)
    return _shown(decision, form, 422)


def _to_publish(decision: Decision, form: PublishForm, status: int = 200) -> Page:
    today = clock.today()
    body = render_template(
        "decisions/publish.html",
        decision=queries.decision_page(decision),
        form=form,
        starts_on=today,
        ends_on=workdays.count(today, NOTICE_DAYS),
    )
    return body, status


@bp.get("/decisions/<key>/publish")
@guard("decision.publish", load_decision)
def publish(decision: Decision) -> Page:
    return _to_publish(decision, PublishForm())


@bp.post("/decisions/<key>/publish")
@guard("decision.publish", load_decision)
def do_publish(decision: Decision) -> Page:
    form = PublishForm()
    if not form.validate():
        return _to_publish(decision, form, 422)
    try:
        if not confirm_password(g.person.id, form.password.data):
            raise Rejected(WRONG_PASSWORD, "password")
    except Rejected as error:
        show_rejection(form, error)
        return _to_publish(decision, form, 422)
    service.publish(decision, g.person)
    flash("结果已公布，已通知各申报人。", "success")
    return _to(decision)
