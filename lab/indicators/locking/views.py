"""Closing a month and opening it again."""

from __future__ import annotations

from flask import g, render_template, url_for
from werkzeug.wrappers import Response

from lab.identity.sign_in.confirming import confirm_password
from lab.indicators.access import Month, load_month
from lab.indicators.blueprint import bp
from lab.indicators.locking import service
from lab.indicators.locking.forms import ReopenForm
from lab.rejected import Rejected
from lab.web.forms import ButtonForm
from lab.web.pages.edit_cycle import handle_edit, redirect_with
from lab.web.request.guards import guard

WRONG_PASSWORD = "登录密码不对，没有办理。"


@bp.post("/projects/<key>/indicators/entry/<period>/lock")
@guard("indicator.lock", load_month)
def lock_month(here: Month) -> Response:
    ButtonForm().validate()
    service.lock_period(here.project, here.end, g.person.id)
    return _back(here, "本期已锁定。")


@bp.get("/projects/<key>/indicators/entry/<period>/reopen")
@guard("indicator.reopen", load_month)
def reopen_page(here: Month) -> str:
    return _page(here, ReopenForm())


@bp.post("/projects/<key>/indicators/entry/<period>/reopen")
@guard("indicator.reopen", load_month)
def reopen_month(here: Month) -> Response:
    form = ReopenForm()
    return handle_edit(
        form,
        save=lambda: _reopen(here, form),
        page=lambda: _page(here, form),
        done=lambda _: _back(here, "本期已重新开放填报。"),
    )


def _reopen(here: Month, form: ReopenForm) -> None:
    if not confirm_password(g.person.id, form.password.data):
        raise Rejected(WRONG_PASSWORD, "password")
    service.reopen_period(here.project, here.end, form.reason.data, g.person.id)


def _page(here: Month, form: ReopenForm) -> str:
    return render_template(
        "indicators/locking/reopen.html", project=here.project, here=here, form=form
    )


def _back(here: Month, message: str) -> Response:
    return redirect_with(message, url_for("indicators.check", key=here.project.key))
