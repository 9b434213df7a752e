"""Refuse an overdue return."""

from __future__ import annotations

from flask import Response, g, render_template, url_for

from lab.proposals.access import load_proposal
from lab.proposals.blueprint import checks_bp as bp
from lab.proposals.core.visibility.contents import numbered_title
from lab.proposals.models.proposal import Proposal
from lab.proposals.rules.lifecycle import ProposalStatus
from lab.proposals.screening import service
from lab.proposals.screening.forms import OverdueForm
from lab.proposals.screening.queries_page import overdue_page
from lab.web.pages.edit_cycle import handle_edit, redirect_with
from lab.web.request.guards import guard


def _page(proposal: Proposal, form: OverdueForm) -> str:
    page = overdue_page(proposal)
    return render_template(
        "proposals/screening/overdue.html", page=page, form=form.of(numbered_title(proposal))
    )


@bp.get("/<key>/overdue")
@guard("proposal.refuse_overdue", load_proposal)
def overdue(proposal: Proposal) -> str:
    return _page(proposal, OverdueForm(formdata=None))


@bp.post("/<key>/overdue")
@guard("proposal.refuse_overdue", load_proposal)
def refuse_overdue(proposal: Proposal) -> Response:
    form = OverdueForm()
    return handle_edit(
        form,
        save=lambda: service.refuse_overdue(
            proposal, checker_id=g.person.id, reason=form.reason.data
        ),
        page=lambda: _page(proposal, form),
        done=lambda _: redirect_with(
            f"{proposal.number}已办理：不予受理。",
            url_for("checks.index", status=ProposalStatus.RETURNED),
        ),
    )
