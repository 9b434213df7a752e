"""Pages of requests that wait for a second person: list, one request, decision."""

from __future__ import annotations

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from lab.extensions import db
from lab.identity.sign_in.confirming import confirm_password
from lab.rejected import Rejected
from lab.releases import access, columns, queries, service
from lab.releases.access import load_release
from lab.releases.forms import AgreeForm, RejectionForm, WithdrawForm
from lab.releases.models import Release
from lab.releases.rules.lifecycle import RELEASE, WORKING_DAYS
from lab.web.forms import show_rejection
from lab.web.request.guards import actor, guard

bp = Blueprint("releases", __name__, url_prefix="/releases")
Page = str | Response | tuple[str, int]
WRONG_PASSWORD = "登录密码不对，没有办理。"


@bp.get("")
@guard("release.list")
def index() -> str:
    return render_template(
        "releases/index.html",
        columns=columns,
        page=queries.list_releases(actor(), request.args),
        waiting=queries.waiting_for(actor()),
        working_days=WORKING_DAYS,
        states=RELEASE.states,
    )


def _shown(
    release: Release,
    agree: AgreeForm | None = None,
    refuse: RejectionForm | None = None,
    status: int = 200,
) -> tuple[str, int]:
    data = {"version": release.version}
    body = render_template(
        "releases/show.html",
        columns=columns,
        page=queries.release_page(release, actor()),
        subject=g.subject,
        agree=agree or AgreeForm(formdata=None, data=data),
        refuse=refuse or RejectionForm(formdata=None, data=data),
        withdraw=WithdrawForm(formdata=None, data=data),
    )
    return body, status


@bp.get("/<key>")
@guard(access.VIEW, load_release)
def show(release: Release) -> Page:
    return _shown(release)


def _back(release: Release, done: str) -> Response:
    flash(done, "success")
    return redirect(url_for("releases.show", key=release.key), 303)


@bp.post("/<key>/agree")
@guard("release.decide", load_release)
def agree(release: Release) -> Page:
    form = AgreeForm()
    if not form.validate():
        return _shown(release, agree=form, status=422)
    try:
        if not confirm_password(g.person.id, form.password.data):
            raise Rejected(WRONG_PASSWORD, "password")
        service.agree(release, form.version.data, g.person)
    except Rejected as error:
        db.session.rollback()  # the page shows the request as it stands
        show_rejection(form, error)
        return _shown(release, agree=form, status=422)
    return _back(release, "已同意并办理。")


@bp.post("/<key>/refuse")
@guard("release.decide", load_release)
def refuse(release: Release) -> Page:
    form = RejectionForm()
    if not form.validate():
        return _shown(release, refuse=form, status=422)
    service.reject_release(release, form.version.data, g.person, form.answer.data)
    return _back(release, "已记为不同意，并通知申请人。")


@bp.post("/<key>/withdraw")
@guard("release.withdraw", load_release)
def withdraw(release: Release) -> Page:
    form = WithdrawForm()
    if not form.validate():
        return _shown(release, status=422)
    service.withdraw(release, form.version.data, g.person)
    return _back(release, "已撤回申请。")
