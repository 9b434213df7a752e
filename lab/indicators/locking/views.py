"""Lock a period and reopen it."""

from __future__ import annotations

from flask import g, render_template, url_for
from werkzeug.wrappers import Response

from lab.identity.core.attempts.password_confirmation import require_password
from lab.indicators.access import Month, load_month
from lab.indicators.blueprint import bp
from lab.indicators.locking import service
from lab.indicators.locking.forms import ReopenForm
from lab.web.forms import ButtonForm
from lab.web.pages.edit_cycle import handle_edit, redirect_with
from lab.web.request.guards import guard


@bp.post("/projects/<key>/indicators/entry/<period>/lock")
@guard("indicator.lock", load_month)
def lock_month(project_month: Month) -> Response:
    ButtonForm().validate()
    service.lock_period(project_month.project, project_month.end, g.person.id)
    return _back(project_month, "本期已锁定。")


@bp.get("/projects/<key>/indicators/entry/<period>/reopen")
@guard("indicator.reopen", load_month)
def reopen_page(project_month: Month) -> str:
    return _page(project_month, ReopenForm())


@bp.post("/projects/<key>/indicators/entry/<period>/reopen")
@guard("indicator.reopen", load_month)
def reopen_month(project_month: Month) -> Response:
    form = ReopenForm()
    return handle_edit(
        form,
        save=lambda: _reopen(project_month, form),
        page=lambda: _page(project_month, form),
        done=lambda _: _back(project_month, "本期已重新开放填报。"),
    )


def _reopen(here: Month, form: ReopenForm) -> None:
    require_password(g.person.id, form.password.data)
    service.reopen_period(here.project, here.end, form.reason.data, g.person.id)


def _page(project_month: Month, form: ReopenForm) -> str:
    return render_template(
        "indicators/locking/reopen.html",
        project=project_month.project,
        here=project_month,
        form=form,
    )


def _back(project_month: Month, message: str) -> Response:
    return redirect_with(message, url_for("indicators.check", key=project_month.project.key))
