"""What bringing back a text of the last hour would change, in the words of the form."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from lab.proposals.core import editing
from lab.proposals.core.content.comparison import FieldChange
from lab.proposals.models.proposal import Proposal
from lab.proposals.rules.form.schema import LABELS, STEPS
from lab.proposals.rules.members import form_members
from lab.proposals.writing.forms.field_forms import FORMS
from lab.proposals.writing.forms.step_forms import fill_choices, named_in, stored_values
from lab.text_diff import diff_text
from lab.web.forms import EditForm


def changes_against_current(
    proposal: Proposal, values: Mapping[str, Any], unfinished: Mapping[str, Any]
) -> tuple[FieldChange, ...]:
    """Return what these values and this invalid input would change in the editable fields."""
    open_now, changes = editing.invalid_input_of(proposal), []
    editable = editing.editable_fields(proposal)
    for step in STEPS:
        form, stored = FORMS[step.slug](formdata=None), stored_values(proposal, step)
        fill_choices(form, step.slug, [*named_in(stored), *named_in(values)])
        for name in (name for name in stored if name in editable):
            now, snapshot_text = (
                _display_text(form, name, *side)
                for side in ((stored, open_now), (values, unfinished))
            )
            if now != snapshot_text:
                changes.append(FieldChange(LABELS[name], diff_text(now, snapshot_text)))
    return tuple(changes)


def _as_in_form(name: str, value: Any) -> Any:
    return form_members(value) if name == "people" else value


def _display_text(
    form: EditForm, name: str, values: Mapping[str, Any], unfinished: Mapping[str, Any]
) -> str:
    if name not in unfinished:
        return str(form[name].display_text(_as_in_form(name, values[name])))
    typed = unfinished[name]
    if isinstance(typed, str):
        return typed
    return "\n".join("，".join(filter(None, row.values())) for row in typed)
