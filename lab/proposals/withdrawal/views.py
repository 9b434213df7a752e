"""Withdrawal: withdraw, request, answer, withdraw for the applicants, reuse."""

from __future__ import annotations

from collections.abc import Callable

from flask import flash, g, redirect, render_template, url_for
from werkzeug.wrappers import Response

from lab.extensions import db
from lab.proposals.access import load_proposal
from lab.proposals.blueprint import bp
from lab.proposals.models.proposal import Proposal
from lab.proposals.rules import withdrawal
from lab.proposals.rules.form import schema
from lab.proposals.withdrawal import queries, service
from lab.proposals.withdrawal.forms import (
    AGREE,
    OfficeWithdrawalForm,
    WithdrawalDecisionForm,
    WithdrawalRequestForm,
)
from lab.proposals.withdrawal.queries_page import WithdrawalPage, answer_page, withdrawal_page
from lab.rejected import Rejected
from lab.web.forms import ButtonForm, EditForm, Form, show_rejection
from lab.web.pages.edit_cycle import handle_edit, invalid
from lab.web.request.guards import guard


def _redirect_to(proposal: Proposal, message: str = "", tone: str = "success") -> Response:
    if message:
        flash(message, tone)
    return redirect(url_for("proposals.show", key=proposal.key), 303)


def _page(template: str, page: WithdrawalPage, form: Form) -> str:
    return render_template(f"proposals/withdrawal/{template}.html", page=page, form=form)


def _send_again(proposal: Proposal, form: Form, page: Callable[[], str]) -> Response:
    """The proposal changed since the page was opened: what was typed stays, to be sent again."""
    db.session.rollback()
    if isinstance(form, EditForm):
        form.rebase(proposal.version)
    show_rejection(form, Rejected("申报书在您打开页面之后有变化，请核对后再提交一次。"))
    return invalid(page())


@bp.post("/<key>/withdraw")
@guard("proposal.withdraw", load_proposal)
def withdraw(proposal: Proposal) -> Response:
    ButtonForm().validate()
    service.withdraw_own(proposal, g.person.id)
    return _redirect_to(proposal, "申报书已撤回。")


# -- asking the office -------------------------------------------------------------------------


@bp.get("/<key>/withdrawal/ask")
@guard("proposal.ask_withdrawal", load_proposal)
def ask_page(proposal: Proposal) -> str | Response:
    if service.withdrawal_way(proposal) == withdrawal.OWN:
        return _redirect_to(proposal, service.NOT_NEEDED, "info")
    if queries.pending_request(proposal.id) is not None:
        return _redirect_to(proposal, service.ALREADY_REQUESTED, "info")
    return _page("ask", withdrawal_page(proposal), WithdrawalRequestForm(formdata=None))


@bp.post("/<key>/withdrawal/ask")
@guard("proposal.ask_withdrawal", load_proposal)
def ask(proposal: Proposal) -> Response:
    form = WithdrawalRequestForm()

    def page() -> str:
        return _page("ask", withdrawal_page(proposal), form)

    return handle_edit(
        form,
        save=lambda: service.request_withdrawal(proposal, g.person.id, form.reason.data),
        page=page,
        conflict=lambda: _send_again(proposal, form, page),
        done=lambda _: _redirect_to(proposal, "已申请撤回，请等待实施办公室答复。"),
    )


@bp.post("/<key>/withdrawal/drop")
@guard("proposal.drop_withdrawal", load_proposal)
def drop(proposal: Proposal) -> Response:
    ButtonForm().validate()
    service.cancel_request(proposal, g.person.id)
    return _redirect_to(proposal, "撤回申请已取消，申报书继续办理。")


# -- the office --------------------------------------------------------------------------------


def _decide_page(proposal: Proposal, form: WithdrawalDecisionForm) -> str:
    return _page("decide", answer_page(proposal), form)


@bp.get("/<key>/withdrawal/decide")
@guard("proposal.decide_withdrawal", load_proposal)
def decide_page(proposal: Proposal) -> str | Response:
    if queries.pending_request(proposal.id) is None:
        return _redirect_to(proposal, service.NO_REQUEST, "info")
    return _decide_page(
        proposal, WithdrawalDecisionForm(formdata=None, data={"version": proposal.version})
    )


@bp.post("/<key>/withdrawal/decide")
@guard("proposal.decide_withdrawal", load_proposal)
def decide(proposal: Proposal) -> Response:
    form = WithdrawalDecisionForm()
    agree = form.outcome.data == AGREE
    return handle_edit(
        form,
        save=lambda: service.decide_request(
            proposal, form.version.data, g.person.id, agree=agree, answer=form.answer.data
        ),
        page=lambda: _decide_page(proposal, form),
        conflict=lambda: _send_again(proposal, form, lambda: _decide_page(proposal, form)),
        done=lambda _: _redirect_to(proposal, f"已答复：{'同意' if agree else '不同意'}撤回。"),
    )


@bp.get("/<key>/withdrawal/for")
@guard("proposal.withdraw_for", load_proposal)
def for_page(proposal: Proposal) -> str:
    form = OfficeWithdrawalForm(formdata=None, data={"version": proposal.version})
    return _page("for_applicant", withdrawal_page(proposal), form)


@bp.post("/<key>/withdrawal/for")
@guard("proposal.withdraw_for", load_proposal)
def withdraw_for(proposal: Proposal) -> Response:
    form = OfficeWithdrawalForm()

    def page() -> str:
        return _page("for_applicant", withdrawal_page(proposal), form)

    return handle_edit(
        form,
        save=lambda: service.withdraw_for(
            proposal, form.version.data, g.person.id, form.reason.data
        ),
        page=page,
        conflict=lambda: _send_again(proposal, form, page),
        done=lambda _: _redirect_to(proposal, "已代为撤回，并通知申报人。"),
    )


# -- beginning anew ----------------------------------------------------------------------------


@bp.post("/<key>/reuse")
@guard("proposal.reuse", load_proposal)
def reuse(proposal: Proposal) -> Response:
    ButtonForm().validate()
    draft, messages = service.reuse_as_draft(proposal, g.person.id)
    for message in messages:
        flash(message, "warning")
    flash("已生成新的草稿，内容与撤回的申报书相同，请核对修改后提交。", "success")
    address = url_for("proposals.step", key=draft.key, slug=schema.STEPS[0].slug)
    return redirect(address, 303)
