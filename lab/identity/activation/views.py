"""The page on which a new account is activated."""

from __future__ import annotations

from flask import render_template
from werkzeug.wrappers import Response

from lab.identity.activation import service
from lab.identity.activation.forms import ActivationForm
from lab.identity.blueprint import bp
from lab.web.pages.edit_cycle import handle_edit, redirect_with
from lab.web.request.guards import guard

ACTIVATED = "账号已启用，以后用登录名和刚才设置的密码登录。"


def _page(form: ActivationForm) -> str:
    return render_template("identity/activation/activate.html", form=form)


@bp.get("/activate")
@guard("identity.activate")
def activate() -> str:
    return _page(ActivationForm())


@bp.post("/activate")
@guard("identity.activate")
def do_activate() -> Response:
    form = ActivationForm()
    return handle_edit(
        form,
        save=lambda: service.activate(form.name.data, form.code.data, form.new_password.data),
        page=lambda: _page(form),
        done=lambda _: redirect_with(ACTIVATED, "/"),
    )
