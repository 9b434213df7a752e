"""The page of a person's business roles."""

from __future__ import annotations

from flask import flash, g, redirect, render_template, url_for

from lab.accounts import acts, service
from lab.accounts.forms import RolesForm
from lab.accounts.views import Page, bp, sent
from lab.db import EditConflict
from lab.identity.access import load_person
from lab.identity.models.account import Person
from lab.identity.passwords import queries as passwords_queries
from lab.identity.people import queries as people_queries
from lab.rejected import Rejected
from lab.releases.queries import outlook
from lab.web.forms import show_rejection
from lab.web.pages.clash import conflict_page
from lab.web.request.guards import actor, guard


def _page(person: Person, form: RolesForm, status: int = 200) -> Page:
    body = render_template(
        "accounts/roles.html",
        person=people_queries.person_page(person),
        last_reset=passwords_queries.last_reset(person.id),
        outlook=outlook(acts.GRANT, person.key, {}, actor()),
        form=form,
    )
    return body, status


@bp.get("/people/<key>/roles")
@guard("people.grant", load_person)
def roles(person: Person) -> Page:
    return _page(person, RolesForm(data={"version": person.version, "roles": sorted(person.roles)}))


@bp.post("/people/<key>/roles")
@guard("people.grant", load_person)
def save_roles(person: Person) -> Page:
    form = RolesForm()
    if not form.validate():
        return _page(person, form, 422)
    try:
        release = service.change_roles(
            person, form.version.data, form.roles.data, g.person, form.reason.data or ""
        )
    except EditConflict:
        stored = {"roles": sorted(person.roles)}
        back = url_for("accounts.roles", key=person.key)
        return conflict_page(form, stored, person.version, back)
    except Rejected as error:
        show_rejection(form, error)
        return _page(person, form, 422)
    if release is not None:
        return sent(release)
    flash("角色已调整，本人需重新登录。", "success")
    return redirect(url_for("people.show", key=person.key), 303)
