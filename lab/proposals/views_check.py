"""The office's formality check: the queue and the page with document and checklist."""

from __future__ import annotations

from flask import Blueprint, flash, g, redirect, render_template, url_for
from werkzeug.wrappers import Response

from lab import clock
from lab.errors import Refused
from lab.inbox import queries_letters
from lab.proposals import changes, checklist, content, queries, service, service_check
from lab.proposals.access import load_proposal
from lab.proposals.checklist import Mark
from lab.proposals.forms_check import CheckForm
from lab.proposals.models import Proposal
from lab.proposals.views import file_url, list_page
from lab.web import nav
from lab.web.forms import show_refusal
from lab.web.guards import guard

bp = Blueprint("checks", __name__, url_prefix="/checks")
Page = str | Response | tuple[str, int]
nav.register(
    section="征集评审",
    label="形式审查",
    endpoint="checks.index",
    action="proposal.queue",
    order=220,
)


@bp.get("")
@guard("proposal.queue")
def index() -> str:
    return list_page("proposals/queue.html", drafts=False, status="submitted")


def _page(proposal: Proposal, form: CheckForm) -> str:
    return render_template(
        "proposals/check.html",
        proposal=proposal,
        name=service.title_of(proposal),
        form=form,
        items=checklist.ITEMS,
        content=content.live(proposal),
        private=content.private(proposal),
        checks=queries.checks(proposal.id),
        changes=changes.of_version(proposal.id, service.latest_version(proposal.id)),
        file_url=file_url(proposal),
    )


@bp.get("/<key>")
@guard("proposal.check", load_proposal)
def show(proposal: Proposal) -> str:
    due_on = clock.add_working_days(clock.today(), checklist.RETURN_WORKING_DAYS)
    return _page(proposal, CheckForm(data={"version": proposal.version, "due_on": due_on}))


@bp.post("/<key>")
@guard("proposal.check", load_proposal)
def record(proposal: Proposal) -> Page:
    form = CheckForm()
    if form.validate():
        try:
            service_check.record_check(
                proposal,
                form.version.data,
                checker_id=g.person.id,
                marks=[Mark(*row) for row in form.marks()],
                outcome=form.outcome.data or "",
                reason=form.reason.data,
                due_on=form.due_on.data,
            )
        except Refused as error:
            show_refusal(form, error)
        else:
            outcome = checklist.OUTCOMES[form.outcome.data]
            flash(f"{proposal.number}已办理：{outcome}。请核对函件后发送。", "success")
            letter = queries_letters.newest_key("Proposal", proposal.key)
            return redirect(url_for("letters.show", key=letter), 303)
    return _page(proposal, form), 422
