"""The joint application page: ask the partner unit, read, confirm or send back."""

from __future__ import annotations

from flask import g, render_template, url_for
from werkzeug.wrappers import Response

from lab.proposals.access import load_proposal
from lab.proposals.blueprint import bp
from lab.proposals.joint import columns, queries_page, service
from lab.proposals.joint.forms import AnswerForms, ConfirmForm, SendBackForm
from lab.proposals.models.proposal import Proposal
from lab.web.forms import ButtonForm
from lab.web.pages.edit_cycle import handle_edit, redirect_with
from lab.web.request.guards import actor, guard

CHANGED_MESSAGE = "内容或附件刚刚有修改。您填写的意见还在，请重新阅读后再确认。"


def _page(
    proposal: Proposal,
    confirm: ConfirmForm | None = None,
    send_back: SendBackForm | None = None,
    changed: str = "",
) -> str:
    return render_template(
        "proposals/joint/joint.html",
        columns=columns,
        page=queries_page.joint_page(proposal, actor(), changed),
        forms=AnswerForms(
            confirm or ConfirmForm(formdata=None, data={"version": proposal.version}),
            send_back or SendBackForm(formdata=None),
        ),
    )


def _address(proposal: Proposal) -> str:
    return url_for("proposals.joint", key=proposal.key)


@bp.get("/<key>/joint")
@guard("proposal.joint", load_proposal)
def joint(proposal: Proposal) -> str:
    return _page(proposal)


@bp.post("/<key>/joint")
@guard("proposal.ask", load_proposal)
def ask_partner(proposal: Proposal) -> Response:
    ButtonForm().validate()
    service.request_confirmation(proposal, g.person.id)
    return redirect_with("已提请联合单位确认，对方会收到通知。", _address(proposal))


@bp.post("/<key>/joint/remind")
@guard("proposal.remind_partner", load_proposal)
def remind_partner(proposal: Proposal) -> Response:
    ButtonForm().validate()
    request = service.remind_partner(proposal)
    whom = request.person.name if request.person else request.unit.name
    return redirect_with(f"已催办{whom}。", _address(proposal))


@bp.post("/<key>/joint/call-back")
@guard("proposal.call_back", load_proposal)
def call_back(proposal: Proposal) -> Response:
    ButtonForm().validate()
    service.call_back(proposal)
    return redirect_with("已撤回提请，对方会收到通知。", _address(proposal))


@bp.post("/<key>/joint/confirm")
@guard("proposal.confirm", load_proposal)
def confirm(proposal: Proposal) -> Response:
    form = ConfirmForm()
    return handle_edit(
        form,
        save=lambda: service.confirm_joint(
            proposal, g.person.id, form.version.data, form.opinion.data
        ),
        page=lambda: _page(proposal, confirm=form),
        conflict=lambda: _read_again(proposal, form),
        done=lambda _: redirect_with("已确认，牵头单位会收到通知。", _address(proposal)),
    )


def _read_again(proposal: Proposal, form: ConfirmForm) -> tuple[str, int]:
    """The newest content with the opinion that was typed on an older one."""
    form.rebase(proposal.version)
    return _page(proposal, confirm=form, changed=CHANGED_MESSAGE), 409


@bp.post("/<key>/joint/return")
@guard("proposal.confirm", load_proposal)
def send_back(proposal: Proposal) -> Response:
    form = SendBackForm()
    return handle_edit(
        form,
        save=lambda: service.send_back(proposal, g.person.id, form.reason.data),
        page=lambda: _page(proposal, send_back=form),
        done=lambda _: redirect_with("已退回修改，牵头单位会收到通知。", _address(proposal)),
    )
