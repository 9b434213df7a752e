"""The save of a draft that a form or a snapshot asks for."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import g

from lab.proposals.core import editing as core_editing
from lab.proposals.models.proposal import Proposal
from lab.proposals.rules import corrections
from lab.proposals.rules.form.schema import FormStep
from lab.proposals.writing.forms.raw_input import clean_values, invalid_input
from lab.proposals.writing.forms.step_forms import editor_tab, without_fields
from lab.proposals.writing.service import SaveDraft
from lab.web.forms import EditForm


def save_command(
    proposal: Proposal,
    version: int,
    values: Mapping[str, Any],
    unfinished: Mapping[str, Any],
    **extra: Any,
) -> SaveDraft:
    """Return the save of those values and that raw input whose fields are editable now."""
    read_only = corrections.ALL_FIELDS - core_editing.editable_fields(proposal)
    return SaveDraft(
        proposal,
        version,
        without_fields(read_only, values),
        invalid_input=without_fields(read_only, unfinished),
        person_id=g.person.id,
        **extra,
    )


def step_command(proposal: Proposal, step: FormStep, form: EditForm, **extra: Any) -> SaveDraft:
    """Return the save of a step's submitted form."""
    return save_command(
        proposal,
        form.version.data,
        clean_values(form),
        invalid_input(form),
        step=step.slug,
        tab=editor_tab(proposal, step),
        **extra,
    )
