"""Autosave a step: the page sends its form in the background and gets JSON."""

from __future__ import annotations

from flask import Response, g

from lab.editing.draft_cycle import DraftSaved, answer_script
from lab.proposals.access import load_proposal
from lab.proposals.blueprint import bp
from lab.proposals.core import editing as core_editing
from lab.proposals.models.proposal import Proposal
from lab.proposals.rules import corrections
from lab.proposals.rules.form.schema import FormStep
from lab.proposals.writing import presence, service
from lab.proposals.writing.forms.raw_input import clean_values, invalid_input
from lab.proposals.writing.forms.step_forms import (
    editor_tab,
    posted_form,
    requested_step,
    without_fields,
)
from lab.proposals.writing.service import SaveDraft
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
    read_only = corrections.read_only_fields(step, core_editing.editable_fields(proposal))
    service.save_draft(
        SaveDraft(
            proposal,
            form.version.data,
            without_fields(read_only, clean_values(form)),
            invalid_input=without_fields(read_only, invalid_input(form)),
            person_id=g.person.id,
            step=step.slug,
            tab=editor_tab(proposal, step),
            action="proposal.autosave",
        )
    )
    return DraftSaved(proposal.version, complete=True)
