"""Pages of people: list, one person, new account, details."""

from __future__ import annotations

from flask import Blueprint, render_template, request, url_for
from werkzeug.wrappers import Response

from lab.identity.access import load_person
from lab.identity.activation import queries as activation_queries
from lab.identity.core import queries as identity_queries
from lab.identity.models.account import Person
from lab.identity.passwords import queries as passwords_queries
from lab.identity.people import columns, service, unit_guard
from lab.identity.people import queries as people_queries
from lab.identity.people.forms import NewPersonForm, PersonForm
from lab.identity.people.queries_page import people_page
from lab.identity.units import queries as units_queries
from lab.policy import APPLICANT, STAFF
from lab.rejected import Rejected
from lab.web.pages.conflict import conflict_page
from lab.web.pages.edit_cycle import handle_edit, redirect_with
from lab.web.request.guards import can, guard

bp = Blueprint("people", __name__, url_prefix="/people")
FORM_FIELDS = ("name", "duty", "phone", "email", "mail_wanted")


@bp.get("")
@guard("people.list")
def index() -> str:
    page = people_page(request.args, admins=can("people.create_admin"))
    return render_template("identity/people/people.html", columns=columns, page=page)


@bp.get("/<key>")
@guard("people.view", load_person)
def show(person: Person) -> str:
    return render_template(
        "identity/people/person.html",
        person=people_queries.person_page(person),
        last_reset=passwords_queries.last_reset(person.id),
        slip=activation_queries.newest_slip(person.id),
    )


def _new_form() -> NewPersonForm:
    form = NewPersonForm()
    form.unit.choices = identity_queries.unit_choices()
    return form


def _new_page(form: NewPersonForm) -> str:
    return render_template("identity/people/person_new.html", form=form)


def to_person(person: Person, message: str) -> Response:
    """Go to the person's page, where `message` is shown once."""
    return redirect_with(message, url_for("people.show", key=person.key))


@bp.get("/new")
@guard("people.create")
def new() -> str:
    return _new_page(_new_form())


@bp.post("/new")
@guard("people.create")
def create() -> Response:
    form = _new_form()
    return handle_edit(
        form,
        save=lambda: _create(form),
        page=lambda: _new_page(form),
        done=lambda person: to_person(
            person, f"已建立{person.name}的账号，还没有密码。请打印启用单交给本人。"
        ),
    )


def _create(form: NewPersonForm) -> Person:
    """Apply the office rule: the office creates applicants.

    The system administrator grants no business role.
    """
    return service.create_person(
        sign_in_name=form.sign_in_name.data,
        name=form.name.data,
        unit_id=int(form.unit.data),
        hashed="",
        duty=form.duty.data,
        phone=form.phone.data,
        email=form.email.data,
        roles=() if can("people.create_admin") else (APPLICANT,),
    )


def _edit_form(person: Person, *, stored: bool) -> PersonForm:
    form = PersonForm(obj=person) if stored else PersonForm()
    if unit_guard.requires_release(person):
        del form.unit  # by release, on a page of its own
        return form
    form.unit.choices = units_queries.unit_choices_with(person.unit_id)
    if stored:
        form.unit.data = str(person.unit_id or "")
    return form


@bp.get("/<key>/edit")
@guard("people.edit", load_person)
def edit(person: Person) -> str:
    return _edit_page(person, _edit_form(person, stored=True))


def _edit_page(person: Person, form: PersonForm) -> str:
    page = people_queries.person_page(person)
    return render_template("identity/people/person_edit.html", person=page, form=form)


@bp.post("/<key>/edit")
@guard("people.edit", load_person)
def save(person: Person) -> Response:
    form = _edit_form(person, stored=False)
    return handle_edit(
        form,
        save=lambda: _save(person, form),
        page=lambda: _edit_page(person, form),
        conflict=lambda: _conflict_page(person, form),
        done=lambda _: to_person(person, "已保存。"),
    )


def _conflict_page(person: Person, form: PersonForm) -> Response:
    stored = {name: getattr(person, name) for name in FORM_FIELDS}
    return conflict_page(form, stored, person.version, url_for("people.edit", key=person.key))


def _save(person: Person, form: PersonForm) -> None:
    unit = form.unit.data if form.unit else str(person.unit_id or "")
    if person.kind == STAFF and not unit:
        raise Rejected("请选择所在单位。", "unit")
    service.edit_person(
        person,
        form.version.data,
        name=form.name.data,
        unit_id=int(unit) if unit else None,
        duty=form.duty.data,
        phone=form.phone.data,
        email=form.email.data,
        mail_wanted=form.mail_wanted.data,
    )
