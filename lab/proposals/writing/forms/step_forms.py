"""A step's form: filled from stored data, parsed from a post, and the tab it comes from."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from flask import abort, current_app, request

from lab.editing import responses
from lab.editing.invalid_input import restore_field
from lab.editing.tabs import EditorTab
from lab.identity.core.people_search import people_for
from lab.identity.core.queries import unit_choices
from lab.proposals.core import editing as core_editing
from lab.proposals.models.proposal import Proposal
from lab.proposals.rules import corrections
from lab.proposals.rules.form import schema
from lab.proposals.rules.form.schema import FormStep
from lab.proposals.rules.members import form_members
from lab.proposals.writing import field_values, presence
from lab.proposals.writing.forms.field_forms import FORMS
from lab.rejected import Rejected
from lab.web.fields.row_numbers import without_row
from lab.web.fields.rows import RowsField
from lab.web.forms import EditForm


def requested_step() -> FormStep:
    """Return the step of the address; 404 for an unknown one."""
    slug = str((request.view_args or {})["slug"])
    if slug not in schema.BY_SLUG:
        abort(404)
    return schema.BY_SLUG[slug]


def fill_choices(form: EditForm, slug: str, named: Collection[int] = ()) -> None:
    """Fill in what comes from the database: choices, and whom the typed names can mean.

    `named` are the ids of people whom the proposal names already: one whose account was closed
    since stays.
    """
    if slug == "basics":
        form["unit_id"].choices = form["joint_unit_id"].choices = unit_choices()
        for name in ("unit_id", "joint_unit_id"):
            if form[name].raw_data is not None:
                form[name].reread()  # the check of one field asks for the others
        _offer_people(form, named)
    if slug == "files":
        form["files"].max_bytes = current_app.config["UPLOAD_LIMIT"]


def _offer_people(form: EditForm, named: Collection[int]) -> None:
    """Read all names of the form with one query."""
    leader, partner, members = form["leader_id"], form["partner_id"], form["people"]
    cells = [leader, partner, *members.person_cells()]
    names = [name for cell in cells for name in cell.names()]
    ids = [*named, *(number for cell in cells for number in cell.ids())]
    people = people_for(names, ids, [number for cell in cells for number in cell.sent_ids()])
    leader.offer(people)
    joint_unit = form["joint_unit_id"]
    partner.offer(people, joint_unit.display_text(joint_unit.data).rpartition(" · ")[2])
    members.offer(people)


def named_in(values: Mapping[str, Any]) -> list[int]:
    """Return the ids of the people whom values of the first step name."""
    members = [row["person_id"] for row in values.get("people", ())]
    ids = [values.get("leader_id"), values.get("partner_id"), *members]
    return [number for number in ids if isinstance(number, int)]


def _named_by(proposal: Proposal, step: FormStep) -> list[int]:
    """Return the ids of the people whom the step of the stored proposal names."""
    if step.slug != "basics":
        return []
    members = [{"person_id": row.person_id} for row in proposal.people]
    return named_in(
        {"people": members, "leader_id": proposal.leader_id, "partner_id": proposal.partner_id}
    )


def stored_values(proposal: Proposal, step: FormStep) -> dict[str, Any]:
    """Return a step's stored content as its form takes it."""
    stored = (name for name in step.fields if name in schema.STORED_FIELDS)
    values = {name: field_values.plain_value(proposal, name) for name in stored}
    if "people" in values:
        values["people"] = form_members(values["people"])
    return values


def filled_form(proposal: Proposal, step: FormStep) -> EditForm:
    """Return the form with the stored content, overlaid with invalid input."""
    stored = stored_values(proposal, step)
    form = FORMS[step.slug](formdata=None, data={**stored, "version": proposal.version})
    unfinished = core_editing.invalid_input_of(proposal)
    restored = [name for name in step.fields if name in unfinished]
    for name in restored:
        restore_field(form, name, unfinished[name])
    fill_choices(form, step.slug, _named_by(proposal, step))
    for name in restored:
        form[name].validate(form)
    if (field := form._fields.get(request.args.get("more", ""))) and isinstance(field, RowsField):
        field.add_rows(request.args.get("rows", 0, type=int))
    return form


def posted_form(proposal: Proposal, step: FormStep) -> EditForm:
    """Return a step's submitted form, with read-only fields as stored; not validated yet.

    Raises Rejected when it contains values for a read-only field.
    """
    posted, editable = posted_values(), core_editing.editable_fields(proposal)
    if read_only_sent := corrections.read_only_fields_in_request(posted, step, editable):
        raise Rejected(corrections.rejection_message(read_only_sent))
    form = FORMS[step.slug](formdata=posted)
    fill_choices(form, step.slug, _named_by(proposal, step))
    fill_read_only_fields(form, proposal, step)
    return form


def fill_read_only_fields(form: EditForm, proposal: Proposal, step: FormStep) -> tuple[str, ...]:
    """Fill the read-only fields with the stored content, and return their names."""
    read_only = corrections.read_only_fields(step, core_editing.editable_fields(proposal))
    stored = stored_values(proposal, step) if read_only else {}
    for name in read_only:
        if name in stored:
            form[name].process(None, stored[name])
    if read_only:
        fill_choices(form, step.slug, _named_by(proposal, step))
    return read_only


def without_fields(read_only: Collection[str], values: Mapping[str, Any]) -> dict[str, Any]:
    """Return the values of the editable fields."""
    return {name: value for name, value in values.items() if name not in read_only}


def posted_values() -> Any:
    posted = without_row(request.form, request.form.get("drop", ""))
    for name, uploads in request.files.lists():
        posted.setlist(name, [*uploads])
    return posted


def editor_tab(proposal: Proposal, step: FormStep) -> EditorTab:
    """Return the tab that sends this save of a step."""
    return responses.editor_tab(presence.form_path(proposal, step.slug))
