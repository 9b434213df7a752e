"""The inbox."""

from __future__ import annotations

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from lab.extensions import db
from lab.identity.models.account import Person
from lab.inbox.letters import queries as letters_queries
from lab.inbox.notices import queries, service
from lab.policy import Actor, Resource
from lab.web.request.guards import LoadedResource, guard

bp = Blueprint("inbox", __name__, url_prefix="/inbox")


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


@bp.get("/letters")
@guard("inbox.letters")
def received() -> str:
    page = letters_queries.list_received(g.person.id, request.args)
    return render_template("inbox/letters/received.html", page=page)
