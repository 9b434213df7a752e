"""Forgotten passwords: request a link, and the page that the link opens."""

from __future__ import annotations

from flask import make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from lab.identity.blueprint import bp
from lab.identity.core import links
from lab.identity.core.link_pages import expired_page, link_token
from lab.identity.models.addresses import PASSWORD
from lab.identity.passwords import service_forgotten as passwords_forgotten
from lab.identity.passwords.forms import ForgottenForm, NewPasswordForm
from lab.identity.passwords.queries_page import forgotten_page
from lab.web.pages.edit_cycle import handle_edit, redirect_with
from lab.web.request.guards import guard
from lab.web.request.headers import without_referrer

ECHO = 120


@bp.get("/forgotten-password")
@guard("identity.forgotten")
def forgotten() -> str:
    return _forgotten_page(ForgottenForm())


def _forgotten_page(form: ForgottenForm) -> str:
    if len(form.typed.shown()) > ECHO:
        form.typed.raw_data, form.typed.data = [], ""
    page = forgotten_page(asked="asked" in request.args)
    return render_template("identity/passwords/forgotten.html", page=page, form=form)


@bp.post("/forgotten-password")
@guard("identity.forgotten")
def ask_link() -> Response:
    form = ForgottenForm()
    return handle_edit(
        form,
        save=lambda: passwords_forgotten.request_link(form.typed.data),
        page=lambda: _forgotten_page(form),
        done=lambda _: redirect(url_for("identity.forgotten", asked=1), 303),
        correctable=False,
    )


@bp.get("/forgotten-password/new")
@guard("identity.new_password")
def new_password() -> Response:
    if links.find_valid_link(link_token(), PASSWORD) is None:
        return expired_page(200)
    return _new_password_page(NewPasswordForm())


def _new_password_page(form: NewPasswordForm) -> Response:
    page = render_template("identity/passwords/new_password.html", form=form)
    return without_referrer(make_response(page))


@bp.post("/forgotten-password/new")
@guard("identity.new_password")
def choose_password() -> Response:
    form, token = NewPasswordForm(), link_token()
    if links.find_valid_link(token, PASSWORD) is None:
        return expired_page()
    return handle_edit(
        form,
        save=lambda: passwords_forgotten.choose_password(token, form.new_password.data),
        # What is wrong with no field is wrong with the link.
        page=lambda: expired_page() if form.form_errors else _new_password_page(form),
        done=lambda _: redirect_with("密码已修改，请用新密码登录。", url_for("identity.sign_in")),
    )
