"""Saving a step while typing: the page sends its form in the background, answered in JSON."""

from __future__ import annotations

from flask import g

from lab.db import EditConflict
from lab.editing import answers
from lab.editing import presence as pages
from lab.editing.answers import Answer
from lab.proposals.access import load_proposal
from lab.proposals.blueprint import bp
from lab.proposals.core import editing as core_editing
from lab.proposals.models.proposal import Proposal
from lab.proposals.rules import corrections
from lab.proposals.rules.form_schema import Step
from lab.proposals.writing import presence, service
from lab.proposals.writing.raw_input import clean_values, invalid_input
from lab.proposals.writing.step_forms import editor_tab, posted_form, requested_step, without
from lab.web.forms import EditForm
from lab.web.request.guards import guard

pages.shown_by(presence.others, "proposals.save", "proposals.save_files")


@bp.post("/<key>/edit/<slug>/autosave")
@guard("proposal.edit", load_proposal)
def autosave(proposal: Proposal) -> Answer:
    step = requested_step()
    form = posted_form(proposal, step)
    form.validate()
    if form.version.errors:
        return answers.broken()
    return _save(proposal, step, form)


def _save(proposal: Proposal, step: Step, form: EditForm) -> Answer:
    closed = corrections.read_only_fields(step, core_editing.editable_fields(proposal))
    try:
        service.save(
            proposal,
            form.version.data,
            without(closed, clean_values(form)),
            leftovers=without(closed, invalid_input(form)),
            person_id=g.person.id,
            step=step.slug,
            tab=editor_tab(proposal, step),
            act="proposal.autosave",
        )
    except EditConflict:
        return answers.conflict()
    others = presence.others(proposal, g.person.id)
    return answers.saved(proposal.version, answers.faults(form), others)
