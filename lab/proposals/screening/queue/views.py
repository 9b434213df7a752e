"""The queue of formality checks, and the way to the next one."""

from __future__ import annotations

from flask import redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from lab.proposals.access import find_proposal
from lab.proposals.blueprint import checks_bp as bp
from lab.proposals.screening.queue import columns, queries_next, queries_page
from lab.web.request.guards import actor, guard


@bp.get("")
@guard("proposal.queue")
def index() -> str:
    page = queries_page.queue_page(actor(), request.args)
    return render_template("proposals/screening/queue/queue.html", columns=columns, page=page)


@bp.get("/next")
@guard("proposal.queue")
def next_proposal() -> Response:
    """Redirect to the proposal after `past`, in the queue of one call or of all."""
    call_key = request.args.get("call", "")
    key = queries_next.next_key(actor(), find_proposal(request.args.get("past", "")), call_key)
    if key is None:
        return redirect(url_for("checks.index", call=call_key or None), 303)
    return redirect(url_for("checks.show", key=key, call=call_key or None), 303)
