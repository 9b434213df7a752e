"""The check page before submission, submission, withdrawal and deletion."""

from __future__ import annotations

from flask import flash, g, redirect, render_template, url_for
from werkzeug.wrappers import Response

from lab import clock
from lab.errors import Refused
from lab.proposals import content, drafts, service
from lab.proposals.access import load_proposal
from lab.proposals.completeness import gaps
from lab.proposals.forms import SubmitForm
from lab.proposals.models import Proposal
from lab.proposals.views import bp, file_url
from lab.web.forms import ActForm, show_refusal
from lab.web.guards import guard

Page = str | Response | tuple[str, int]


def _page(proposal: Proposal, form: SubmitForm) -> str:
    found = gaps(proposal, drafts.leftovers_of(proposal))
    return render_template(
        "proposals/submit.html",
        proposal=proposal,
        name=service.title_of(proposal),
        form=form,
        gaps=found,
        late=service.may_submit_at(proposal, clock.now()),
        due_on=service.due_on(proposal) if proposal.status == "returned" else None,
        returned=service.returned_state(proposal),
        opened=drafts.open_fields(proposal),
        content=content.live(proposal),
        file_url=file_url(proposal),
    )


@bp.get("/<key>/submit")
@guard("proposal.submit", load_proposal)
def submit_page(proposal: Proposal) -> str:
    return _page(proposal, SubmitForm(data={"version": proposal.version}))


@bp.post("/<key>/submit")
@guard("proposal.submit", load_proposal)
def submit(proposal: Proposal) -> Page:
    form = SubmitForm()
    if form.validate():
        try:
            number = service.submit(
                proposal, g.person.id, pledged=form.pledge.data, version=form.version.data
            )
        except Refused as error:
            show_refusal(form, error)
        else:
            flash(f"已提交，申报编号{number}。请等待形式审查。", "success")
            return redirect(url_for("proposals.show", key=proposal.key), 303)
    return _page(proposal, form), 422


@bp.post("/<key>/withdraw")
@guard("proposal.withdraw", load_proposal)
def withdraw(proposal: Proposal) -> Response:
    ActForm().validate()
    service.withdraw(proposal)
    flash("申报书已撤回。", "success")
    return redirect(url_for("proposals.show", key=proposal.key), 303)


@bp.post("/<key>/delete")
@guard("proposal.delete", load_proposal)
def delete(proposal: Proposal) -> Response:
    ActForm().validate()
    drafts.delete_draft(proposal)
    flash("草稿已删除。", "success")
    return redirect(url_for("proposals.index"), 303)
