"""The page on which the office corrects who the people to avoid are, after the check."""

from __future__ import annotations

from flask import Response, g, render_template, url_for
from werkzeug.wrappers import Response as BaseResponse

from lab.proposals.access import load_proposal
from lab.proposals.blueprint import checks_bp as bp
from lab.proposals.core.visibility.contents import numbered_title
from lab.proposals.models.proposal import Proposal
from lab.proposals.screening.avoided import service
from lab.proposals.screening.avoided.forms import CorrectionForm, correction_form
from lab.proposals.screening.avoided.queries import avoided_entries
from lab.web.pages.conflict import conflict_page
from lab.web.pages.edit_cycle import handle_edit, redirect_with
from lab.web.request.guards import guard

CORRECTED = "拟回避人员的核对结果已更正，指派评委时按新的结果回避。"
ENDED = (
    "其中{}位已是本项目的评委，对其分配已经终止：未提交的打分表撤回，已提交的不计入得分。"
    "请在评审组织中检查评委是否足够。"
)


def _form(proposal: Proposal) -> CorrectionForm:
    return correction_form(avoided_entries(proposal), proposal.version)


def _page(proposal: Proposal, form: CorrectionForm) -> str:
    return render_template(
        "proposals/screening/avoided.html",
        proposal=proposal,
        name=numbered_title(proposal),
        form=form,
    )


def _done(proposal: Proposal, ended: int) -> BaseResponse:
    message = CORRECTED + (ENDED.format(ended) if ended else "")
    address = url_for("proposals.show", key=proposal.key)
    return redirect_with(message, address, "warning" if ended else "success")


@bp.get("/<key>/avoided")
@guard("proposal.correct_avoided", load_proposal)
def show_avoided(proposal: Proposal) -> str:
    return _page(proposal, _form(proposal))


@bp.post("/<key>/avoided")
@guard("proposal.correct_avoided", load_proposal)
def correct_avoided(proposal: Proposal) -> Response:
    form = _form(proposal)
    return handle_edit(
        form,
        save=lambda: service.correct_matches(
            proposal, form.version.data, form.matches(), g.person.id
        ),
        page=lambda: _page(proposal, form),
        conflict=lambda: _conflict_page(proposal, form),
        done=lambda ended: _done(proposal, ended),
    )


def _conflict_page(proposal: Proposal, form: CorrectionForm) -> Response:
    back = url_for("checks.show_avoided", key=proposal.key)
    return conflict_page(form, form.stored_values(), proposal.version, back)
