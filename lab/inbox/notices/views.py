"""The notices in the inbox."""

from __future__ import annotations

from flask import flash, g, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from lab.extensions import db
from lab.identity.models.account import Person
from lab.inbox.blueprint import bp
from lab.inbox.notices import queries, service
from lab.inbox.notices.access import load_own
from lab.web.request.guards import guard


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
