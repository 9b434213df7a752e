"""The office's round pages: list, overview, opening, closing, reminding."""

from __future__ import annotations

from flask import flash, g, redirect, render_template, url_for
from werkzeug.wrappers import Response

from lab.calls.access import load_call
from lab.calls.models.call import Call
from lab.reviews.access import Reminder, load_reminder, load_round
from lab.reviews.blueprint import bp
from lab.reviews.rounds import columns, service, service_closing
from lab.reviews.rounds.forms import CloseForm
from lab.reviews.rounds.queries import round_page
from lab.reviews.rounds.queries_list import list_rounds
from lab.web.pages.edit_cycle import handle_edit, redirect_with
from lab.web.request.guards import actor, guard


def to_round(call: Call) -> Response:
    """Redirect to the overview of the round."""
    return redirect(url_for("reviews.show_round", key=call.key), 303)


@bp.get("/rounds")
@guard("round.view")
def rounds() -> str:
    return render_template(
        "reviews/rounds/rounds.html", columns=columns, rounds=list_rounds(actor())
    )


@bp.get("/rounds/<key>")
@guard("round.view", load_round)
def show_round(call: Call) -> str:
    page = round_page(call, actor())
    return render_template(
        "reviews/rounds/round.html", columns=columns, round=page, resource=g.resource
    )


@bp.post("/rounds/<key>/open")
@guard("call.open_review", load_call)
def open_review(call: Call) -> Response:
    service.open_review(call)
    flash("评审已开启，评审规则已锁定，已通知分配了任务的评委。", "success")
    return to_round(call)


@bp.post("/rounds/<key>/remind/<person_key>")
@guard("round.remind", load_reminder)
def remind(reviewer_of_round: Reminder) -> Response:
    count = service.remind(reviewer_of_round.call, reviewer_of_round.reviewer, actor())
    flash(f"已催办{reviewer_of_round.reviewer.name}，还有{count}份未提交。", "success")
    return to_round(reviewer_of_round.call)


def _closing(call: Call, form: CloseForm) -> str:
    page = round_page(call, actor())
    return render_template("reviews/rounds/close.html", columns=columns, round=page, form=form)


@bp.get("/rounds/<key>/close")
@guard("round.close", load_round)
def close(call: Call) -> str:
    return _closing(call, CloseForm())


@bp.post("/rounds/<key>/close")
@guard("round.close", load_round)
def do_close(call: Call) -> Response:
    form = CloseForm()
    return handle_edit(
        form,
        save=lambda: service_closing.close_round(call, cancel_owed=bool(form.cancel_owed.data)),
        page=lambda: _closing(call, form),
        done=lambda _: redirect_with(
            "评审已结束，排名已定稿。", url_for("decisions.ranking", key=call.key)
        ),
    )
