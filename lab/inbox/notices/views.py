"""The notices in the inbox."""

from __future__ import annotations

from flask import flash, g, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from lab.extensions import db
from lab.identity.models.account import Person
from lab.inbox.blueprint import bp
from lab.inbox.notices import queries, service
from lab.policy import Actor, Resource
from lab.web.request.guards import LoadedResource, guard


def load_own(actor: Actor) -> LoadedResource:
    """Load the inbox of the current person: nobody else's has an address."""
    return LoadedResource(
        g.get("person"), Resource("inbox", "", frozenset({"receiver"})), "inbox.view"
    )


@bp.get("")
@guard("inbox.view")
def index() -> str:
    page = queries.list_notices(g.person.id, request.args)
    count = queries.unread(g.person.id, db.session())
    return render_template("inbox/notices/index.html", page=page, unread=count)


@bp.post("/read")
@guard("inbox.read", load_own)
def read_all(person: Person) -> Response:
    service.mark_all_read(person.id)
    flash("已全部标为已读。", "success")
    return redirect(url_for("inbox.index"), 303)
