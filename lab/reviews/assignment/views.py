"""The office's pages on assignments and single sheets."""

from __future__ import annotations

from flask import g, render_template, request, url_for
from werkzeug.wrappers import Response

from lab.calls.models.call import Call
from lab.proposals.models.proposal import Proposal
from lab.reviews.access import load_entry, load_office_sheet, load_round
from lab.reviews.assignment import columns
from lab.reviews.assignment import service as assignment_service
from lab.reviews.assignment.forms import read_pairs
from lab.reviews.assignment.queries_page import assignment_page
from lab.reviews.blueprint import bp
from lab.reviews.models import ScoreSheet
from lab.reviews.rounds import columns as rounds_columns
from lab.reviews.rounds import service as rounds_service
from lab.reviews.rounds.forms import ReturnForm
from lab.reviews.rounds.queries_entry import entry_page
from lab.web.forms import Form
from lab.web.pages.edit_cycle import handle_edit, redirect_with
from lab.web.request.guards import actor, guard


def _matrix_page(call: Call, form: Form) -> str:
    page = assignment_page(call, actor(), request.args)
    return render_template("reviews/assignment/assign.html", columns=columns, page=page, form=form)


@bp.get("/rounds/<key>/assign")
@guard("round.assign", load_round)
def assign(call: Call) -> str:
    return _matrix_page(call, Form())


@bp.post("/rounds/<key>/assign")
@guard("round.assign", load_round)
def do_assign(call: Call) -> Response:
    form = Form()
    return handle_edit(
        form,
        save=lambda: _assign(call),
        page=lambda: _matrix_page(call, form),
        done=lambda change: redirect_with(
            f"已保存：新分配{change.added}人次，取消{change.removed}人次。",
            request.full_path.rstrip("?"),
        ),
    )


def _assign(call: Call) -> assignment_service.AssignmentChange:
    ticked = read_pairs(request.form.getlist("pair"))
    shown = read_pairs(request.form.getlist("had"))
    return assignment_service.assign(call, ticked, shown, g.person)


@bp.get("/rounds/<key>/proposals/<proposal_key>")
@guard("round.sheets", load_entry)
def entry(proposal: Proposal) -> str:
    return render_template(
        "reviews/rounds/entry.html", columns=rounds_columns, entry=entry_page(proposal)
    )


def _return_page(sheet: ScoreSheet, form: ReturnForm) -> str:
    return render_template(
        "reviews/rounds/return.html", sheet=sheet, form=form, back=_entry_address(sheet)
    )


def _entry_address(sheet: ScoreSheet) -> str:
    proposal = sheet.proposal
    return url_for("reviews.entry", key=proposal.call.key, proposal_key=proposal.key)


@bp.get("/sheets/<key>/return")
@guard("round.return_sheet", load_office_sheet)
def return_sheet(sheet: ScoreSheet) -> str:
    return _return_page(sheet, ReturnForm())


@bp.post("/sheets/<key>/return")
@guard("round.return_sheet", load_office_sheet)
def do_return_sheet(sheet: ScoreSheet) -> Response:
    form = ReturnForm()
    return handle_edit(
        form,
        save=lambda: rounds_service.return_sheet(sheet, form.reason.data),
        page=lambda: _return_page(sheet, form),
        done=lambda _: redirect_with(
            "已退回重评，并已通知评委。原评审内容已留存。", _entry_address(sheet)
        ),
        correctable=False,
    )
