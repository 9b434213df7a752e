"""Closing a month and opening it again."""

from __future__ import annotations

from flask import flash, g, redirect, render_template, url_for
from werkzeug.wrappers import Response

from lab.identity.sign_in.confirming import confirm_password
from lab.indicators.access import Month, load_month
from lab.indicators.blueprint import bp
from lab.indicators.locking import service
from lab.indicators.locking.forms import ReopenForm
from lab.rejected import Rejected
from lab.web.forms import ButtonForm, show_rejection
from lab.web.request.guards import guard

Answer = Response | tuple[str, int]
WRONG_PASSWORD = "登录密码不对，没有办理。"


@bp.post("/projects/<key>/indicators/entry/<period>/lock")
@guard("indicator.lock", load_month)
def lock_month(here: Month) -> Response:
    ButtonForm().validate()
    service.lock_period(here.project, here.end, g.person.id)
    flash("本期已锁定。", "success")
    return _back(here)


@bp.get("/projects/<key>/indicators/entry/<period>/reopen")
@guard("indicator.reopen", load_month)
def reopen_page(here: Month) -> str:
    return _page(here, ReopenForm())


@bp.post("/projects/<key>/indicators/entry/<period>/reopen")
@guard("indicator.reopen", load_month)
def reopen_month(here: Month) -> Answer:
    form = ReopenForm()
    if not form.validate():
        return _page(here, form), 422
    try:
        if not confirm_password(g.person.id, form.password.data):
            raise Rejected(WRONG_PASSWORD, "password")
        service.reopen_period(here.project, here.end, form.reason.data, g.person.id)
    except Rejected as error:
        show_rejection(form, error)
        return _page(here, form), 422
    flash("本期已重新开放填报。", "success")
    return _back(here)


def _page(here: Month, form: ReopenForm) -> str:
    return render_template(
        "indicators/locking/reopen.html", project=here.project, here=here, form=form
    )


def _back(here: Month) -> Response:
    return redirect(url_for("indicators.check", key=here.project.key), 303)
