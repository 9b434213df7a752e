"""The page of a person's business roles."""

from __future__ import annotations

from flask import g, render_template, url_for
from werkzeug.wrappers import Response

from lab.accounts import queries_page, service
from lab.accounts.forms import RolesForm
from lab.accounts.views import bp, redirect_to_release
from lab.identity.access import load_person
from lab.identity.models.account import Person
from lab.web.pages.conflict import conflict_page
from lab.web.pages.edit_cycle import handle_edit, redirect_with
from lab.web.request.guards import actor, guard


def _page(person: Person, form: RolesForm) -> str:
    page = queries_page.roles_page(person, actor())
    return render_template("accounts/roles.html", page=page, form=form)


@bp.get("/people/<key>/roles")
@guard("people.grant", load_person)
def roles(person: Person) -> str:
    return _page(person, RolesForm(data={"version": person.version, "roles": sorted(person.roles)}))


@bp.post("/people/<key>/roles")
@guard("people.grant", load_person)
def save_roles(person: Person) -> Response:
    form = RolesForm()
    return handle_edit(
        form,
        save=lambda: service.change_roles(
            person, form.version.data, form.roles.data, g.person, form.reason.data or ""
        ),
        page=lambda: _page(person, form),
        conflict=lambda: _conflict_page(person, form),
        done=lambda release: redirect_to_release(release) if release else _changed(person),
    )


def _conflict_page(person: Person, form: RolesForm) -> Response:
    stored = {"roles": sorted(person.roles)}
    return conflict_page(form, stored, person.version, url_for("accounts.roles", key=person.key))


def _changed(person: Person) -> Response:
    return redirect_with("角色已调整，本人需重新登录。", url_for("people.show", key=person.key))
