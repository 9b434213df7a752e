"""The page on which security administrators grant and refuse requested roles."""

from __future__ import annotations

from flask import Blueprint, g, render_template, request, url_for
from werkzeug.wrappers import Response

from lab.enrolment.role_requests import columns, queries, service
from lab.enrolment.role_requests.forms import GRANT, REFUSE, DecisionForm
from lab.identity.core.attempts.password_confirmation import require_password
from lab.web.pages.edit_cycle import handle_edit, redirect_with
from lab.web.request.guards import actor, guard

bp = Blueprint("role_requests", __name__, url_prefix="/role-requests")


def _form(keys: list[str], decision: str = "") -> DecisionForm:
    form = DecisionForm()
    form.requests.choices = [(key, key) for key in keys]
    form.decision = decision
    return form


def _page(form: DecisionForm, ticked: list[str] | None = None) -> str:
    page = queries.requests_page(actor(), request.args, ticked)
    return render_template(
        "enrolment/role_requests/requests.html", columns=columns, page=page, form=form
    )


@bp.get("")
@guard("role_request.list")
def index() -> str:
    return _page(_form([]))


@bp.post("")
@guard("role_request.decide_many")
def decide() -> Response:
    """Grant or refuse (`decision`) the requests that are ticked."""
    keys = request.form.getlist("requests")
    decision = REFUSE if request.form.get("decision") == REFUSE else GRANT
    form = _form(keys, decision)
    return handle_edit(
        form,
        save=lambda: _decide(form, keys),
        page=lambda: _page(form, keys),
        done=lambda message: redirect_with(message, url_for("role_requests.index")),
    )


def _decide(form: DecisionForm, keys: list[str]) -> str:
    if form.decision == REFUSE:
        count = service.refuse(keys, form.answer.data, g.person)
        return f"已记为不同意{count}项，并通知申请人。"
    require_password(g.person.id, form.password.data)
    return f"已授予{service.grant(keys, g.person)}项角色，本人需重新登录。"
