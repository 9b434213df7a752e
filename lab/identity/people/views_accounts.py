"""Acts on an account by one person: first password again, closing and opening it."""

from __future__ import annotations

from collections.abc import Callable

from flask import flash, g, redirect, render_template, url_for
from werkzeug.wrappers import Response

from lab.identity.access import load_person
from lab.identity.models.account import Person
from lab.identity.passwords import resets
from lab.identity.people import queries, service
from lab.identity.people.forms import ResetPasswordForm
from lab.identity.people.views import DIFFERENT, Page, bp
from lab.rejected import Rejected
from lab.web.forms import Form, show_rejection
from lab.web.request.guards import guard


def _page(template: str, person: Person, form: Form) -> str:
    return render_template(template, person=queries.person_page(person), form=form)


def _back(person: Person, done: str) -> Response:
    flash(done, "success")
    return redirect(url_for("people.show", key=person.key), 303)


@bp.get("/<key>/password")
@guard("people.reset_password", load_person)
def new_password(person: Person) -> str:
    return _page("identity/people/person_password.html", person, ResetPasswordForm())


@bp.post("/<key>/password")
@guard("people.reset_password", load_person)
def reset_password(person: Person) -> Page:
    form = ResetPasswordForm()
    valid = form.validate()
    if valid and form.new_password.data != form.repeat_password.data:
        form.repeat_password.errors = [DIFFERENT]
        valid = False
    if valid:
        try:
            resets.reset_password(person.id, form.new_password.data, g.person)
        except Rejected as error:
            show_rejection(form, error)
        else:
            return _back(person, "已重置密码，请把初始密码告诉本人，首次登录须修改。")
    return _page("identity/people/person_password.html", person, form), 422


def _run_action(person: Person, verb: Callable[[Person], None], done: str) -> Response:
    verb(person)
    return _back(person, done)


@bp.post("/<key>/disable")
@guard("people.disable", load_person)
def disable(person: Person) -> Response:
    return _run_action(person, service.disable, "账号已停用，已登录的立即退出。")


@bp.post("/<key>/enable")
@guard("people.enable", load_person)
def enable(person: Person) -> Response:
    return _run_action(person, service.enable, "账号已启用。")
