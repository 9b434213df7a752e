"""Autosave a step: the page sends its form in the background and gets JSON."""

from __future__ import annotations

from flask import Response, g

from lab.editing.draft_cycle import DraftSaved, answer_script
from lab.proposals.access import load_proposal
from lab.proposals.blueprint import bp
from lab.proposals.models.proposal import Proposal
from lab.proposals.rules.form.schema import FormStep
from lab.proposals.writing import presence, queries_page, service
from lab.proposals.writing.forms.commands import step_command
from lab.proposals.writing.forms.step_forms import (
    posted_form,
    requested_step,
)
from lab.web.forms import EditForm
from lab.web.request.guards import guard


@bp.post("/<key>/edit/<slug>/autosave")
@guard("proposal.edit", load_proposal)
def autosave(proposal: Proposal) -> Response:
    step = requested_step()
    form = posted_form(proposal, step)
    form.validate()
    return answer_script(
        form,
        lambda: _save(proposal, step, form),
        lambda: presence.other_editors(proposal, g.person.id),
    )


def _save(proposal: Proposal, step: FormStep, form: EditForm) -> DraftSaved:
    service.save_draft(step_command(proposal, step, form, action=service.AUTOSAVE))
    marks = queries_page.step_marks(proposal, step)
    return DraftSaved(proposal.version, complete=True, steps=marks)
