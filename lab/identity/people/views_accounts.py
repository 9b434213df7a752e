"""Account actions by one person: new first password, disable, enable."""

from __future__ import annotations

from flask import g, render_template
from werkzeug.wrappers import Response

from lab.identity.access import load_person
from lab.identity.models.account import Person
from lab.identity.passwords import service_resets
from lab.identity.people import queries, service
from lab.identity.people.forms import ResetPasswordForm
from lab.identity.people.views import bp, to_person
from lab.web.pages.edit_cycle import handle_edit
from lab.web.request.guards import guard


def _page(person: Person, form: ResetPasswordForm) -> str:
    page = queries.person_page(person)
    return render_template("identity/people/person_password.html", person=page, form=form)


@bp.get("/<key>/password")
@guard("people.reset_password", load_person)
def new_password(person: Person) -> str:
    return _page(person, ResetPasswordForm())


@bp.post("/<key>/password")
@guard("people.reset_password", load_person)
def reset_password(person: Person) -> Response:
    form = ResetPasswordForm()
    return handle_edit(
        form,
        save=lambda: service_resets.reset_password(person.id, form.new_password.data, g.person),
        page=lambda: _page(person, form),
        done=lambda _: to_person(person, "已重置密码，请把初始密码告诉本人，首次登录须修改。"),
    )


@bp.post("/<key>/disable")
@guard("people.disable", load_person)
def disable(person: Person) -> Response:
    service.disable(person)
    return to_person(person, "账号已停用，已登录的立即退出。")


@bp.post("/<key>/enable")
@guard("people.enable", load_person)
def enable(person: Person) -> Response:
    service.enable(person)
    return to_person(person, "账号已启用。")
