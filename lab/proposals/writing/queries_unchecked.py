"""What was typed into a proposal and did not pass the check, as its own people read it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from lab.proposals.core.editing import invalid_input_of
from lab.proposals.models.proposal import Proposal
from lab.proposals.rules.form.schema import LABELS, STEPS, FormStep
from lab.proposals.writing.forms.step_forms import filled_form


@dataclass(frozen=True)
class UncheckedInput:
    """The content of a field as it was typed, why it was not taken, and its step's slug."""

    text: str
    messages: tuple[str, ...]
    step: str


def unchecked_input(proposal: Proposal) -> Mapping[str, UncheckedInput]:
    """Return label -> what was typed, for every field whose content did not pass the check."""
    typed = invalid_input_of(proposal)
    found: dict[str, UncheckedInput] = {}
    for step in STEPS:
        if not typed.keys().isdisjoint(step.fields):
            found |= _of_step(proposal, step, [name for name in step.fields if name in typed])
    return found


def _of_step(proposal: Proposal, step: FormStep, names: list[str]) -> dict[str, UncheckedInput]:
    form = filled_form(proposal, step)
    return {
        LABELS[name]: UncheckedInput(
            form[name].typed_display_text(), tuple(map(str, form[name].errors)), step.slug
        )
        for name in names
        if form[name].errors
    }
