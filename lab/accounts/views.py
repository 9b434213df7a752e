"""Pages that request account actions: password, unit, closed account, administrator."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Blueprint, flash, g, redirect, render_template, url_for
from werkzeug.wrappers import Response

from lab.accounts import actions, handlers, queries_page, service, targets
from lab.accounts.forms import AdminForm, UnitForm
from lab.identity.access import load_person
from lab.identity.core import queries as identity_queries
from lab.identity.models.account import Person
from lab.identity.passwords.service_resets import reveal_slip as make_slip
from lab.identity.people import queries as people_queries
from lab.posts.redirects import show_once
from lab.rejected import Rejected
from lab.releases.access import load_release
from lab.releases.models import Release
from lab.releases.requests.forms import RequestForm
from lab.releases.requests.obstacles import ASKER_NOT_ENTITLED, asker_still_entitled
from lab.web.forms import ButtonForm
from lab.web.pages.edit_cycle import handle_edit
from lab.web.request.guards import actor, guard

bp = Blueprint("accounts", __name__)
SLIP_SHOWN = "初始密码只显示一次，已显示过。没有记下的，请重新申请重置密码。"


def redirect_to_release(release: Release) -> Response:
    """Redirect to the page of the new request."""
    flash("已提交申请，等待第二人复核。", "success")
    return redirect(url_for("releases.show", key=release.key), 303)


def _ask_page(code: str, form: RequestForm, person: Person | None) -> str:
    page = queries_page.request_page(code, person, actor())
    return render_template("accounts/ask.html", page=page, form=form)


def _submit_request(
    code: str, form: RequestForm, person: Person | None, ask: Callable[[], Release]
) -> Response:
    return handle_edit(
        form, save=ask, page=lambda: _ask_page(code, form, person), done=redirect_to_release
    )


@bp.get("/people/<key>/reset")
@guard("people.ask_reset", load_person)
def ask_reset(person: Person) -> str:
    return _ask_page(actions.RESET, RequestForm(), person)


@bp.post("/people/<key>/reset")
@guard("people.ask_reset", load_person)
def send_reset(person: Person) -> Response:
    form = RequestForm()
    return _submit_request(
        actions.RESET,
        form,
        person,
        lambda: service.request_reset(person, g.person, form.reason.data),
    )


@bp.get("/people/<key>/ask-enable")
@guard("people.ask_enable", load_person)
def ask_enable(person: Person) -> str:
    return _ask_page(actions.ENABLE, RequestForm(), person)


@bp.post("/people/<key>/ask-enable")
@guard("people.ask_enable", load_person)
def send_enable(person: Person) -> Response:
    form = RequestForm()
    return _submit_request(
        actions.ENABLE,
        form,
        person,
        lambda: service.request_enabling(person, g.person, form.reason.data),
    )


def _unit_form(person: Person) -> UnitForm:
    form = UnitForm()
    form.unit.choices = [
        row for row in identity_queries.unit_choices() if row[0] != str(person.unit_id)
    ]
    return form


@bp.get("/people/<key>/unit")
@guard("people.ask_unit", load_person)
def ask_unit(person: Person) -> str:
    return _ask_page(actions.UNIT, _unit_form(person), person)


@bp.post("/people/<key>/unit")
@guard("people.ask_unit", load_person)
def send_unit(person: Person) -> Response:
    form = _unit_form(person)

    def ask() -> Release:
        unit: Any = targets.find_unit(int(form.unit.data))
        return service.request_unit_change(person, unit, g.person, form.reason.data)

    return _submit_request(actions.UNIT, form, person, ask)


@bp.get("/people/new-admin")
@guard("people.create_admin")
def new_admin() -> str:
    return _ask_page(actions.CREATE_ADMIN, AdminForm(), None)


@bp.post("/people/new-admin")
@guard("people.create_admin")
def send_admin() -> Response:
    form = AdminForm()

    def ask() -> Release:
        name, kind = form.name.data, form.kind.data
        return service.request_admin(form.sign_in_name.data, name, kind, g.person, form.reason.data)

    return _submit_request(actions.CREATE_ADMIN, form, None, ask)


@bp.post("/releases/<key>/slip")
@guard("release.slip", load_release)
def take_slip(release: Release) -> Response:
    """Show the first password a single time."""
    ButtonForm().validate()
    if not asker_still_entitled(release):
        raise Rejected(ASKER_NOT_ENTITLED)
    person, word = make_slip(release.key, g.person.id)
    shown, note = people_queries.person_page(person), handlers.slip_read_note(release)
    page = render_template("accounts/slip.html", person=shown, word=word, note=note)
    back = url_for("releases.show", key=release.key)
    return show_once(page, again=SLIP_SHOWN, back=back)
